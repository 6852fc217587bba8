#include "codec/cbor.h"
#include "crypto/hash.h"
#include "intent/eip712/known.h"
#include "intent/eip712/values.h"
#include "intent/text.h"

/* The form's five parts and its version. */
enum { FORM_VERSION = 1, FORM_PARTS = 6 };

/* The members of EIP712Domain in the order that EIP-712 gives them. */
static const struct {
    const char *name;
    const char *type;
} domain_members[] = {{"name", "string"},
                      {"version", "string"},
                      {"chainId", "uint256"},
                      {"verifyingContract", "address"},
                      {"salt", "bytes32"}};

enum { DOMAIN_MEMBERS = sizeof(domain_members) / sizeof(*domain_members) };

/* Whether the type is a part of EIP-712's own, in its order. */
static bool is_usual_domain(const zc_eip712_types *types)
{
    const zc_eip712_type *type = &types->type[types->domain];
    size_t next = 0;
    for (size_t i = 0; i < type->count; i++) {
        const zc_eip712_member *member = &types->member[type->first + i];
        while (next < DOMAIN_MEMBERS &&
               !zc_slice_eq_text(member->name, domain_members[next].name)) {
            next++;
        }
        if (next == DOMAIN_MEMBERS || !zc_slice_eq_text(member->type, domain_members[next].type)) {
            return false;
        }
        next++;
    }
    return true;
}

static zc_result take_member(const zc_eip712_member *member, const zc_eip712_leaf *leaf,
                             zc_eip712_meaning *ret_meaning)
{
    if (zc_slice_eq_text(member->name, "name") && member->kind == ZC_EIP712_STRING) {
        ret_meaning->domain_name = leaf->bytes;
    } else if (zc_slice_eq_text(member->name, "chainId") && member->kind == ZC_EIP712_UINT) {
        uint64_t chain;
        if (!zc_ok(zc_u256_to_u64(&leaf->number, &chain)) || (chain & ZC_CHAIN_TAG) != 0) {
            return zc_fail(ZC_INTENT_TYPED_CHAIN_ID);
        }
        ret_meaning->chain = chain;
    } else if (zc_slice_eq_text(member->name, "verifyingContract") &&
               member->kind == ZC_EIP712_ADDRESS) {
        ret_meaning->contract = zc_address_of(leaf->bytes);
        ret_meaning->has_contract = !zc_eip712_is_zero_address(&ret_meaning->contract);
    }
    return ZC_OK;
}

/* Reads again what the domain names; its values have been checked against their types. */
static zc_result read_domain(zc_eip712 *run, zc_reader domain, zc_eip712_meaning *ret_meaning)
{
    const zc_eip712_type *type = &run->types.type[run->types.domain];
    size_t count;
    ZC_TRY(zc_cbor_get_array(&domain, ZC_TYPED_DATA_MAX_MEMBERS, &count));
    for (size_t i = 0; i < type->count; i++) {
        const zc_eip712_member *member = &run->types.member[type->first + i];
        zc_eip712_leaf leaf = {0};
        bool is_null;
        run->fault = domain.at;
        ZC_TRY(zc_cbor_take_null(&domain, &is_null));
        if (is_null) {
            continue;
        }
        if (member->dims > 0 || member->kind == ZC_EIP712_STRUCT) {
            ZC_TRY(zc_cbor_skip(&domain));
            continue;
        }
        ZC_TRY(zc_eip712_leaf_read(&domain, member, &leaf));
        ZC_TRY(take_member(member, &leaf, ret_meaning));
    }
    return ZC_OK;
}

static void judge_domain(const zc_eip712_meaning *domain, const zc_typed_data_expectation *expected,
                         zc_intent *intent)
{
    const zc_address wanted =
        expected != NULL ? zc_address_of_evm(expected->contract) : (zc_address){0};
    intent->has_chain_id = domain->chain != 0;
    intent->chain_id = domain->chain;
    if (domain->has_contract) {
        intent->to = domain->contract;
    }
    if (domain->chain == 0 || !domain->has_contract) {
        intent->flags |= ZC_FLAG_OPEN_DOMAIN;
    }
    if (expected != NULL &&
        ((expected->has_chain && expected->chain != domain->chain) ||
         (expected->has_contract &&
          !(domain->has_contract && zc_address_eq(&domain->contract, &wanted))))) {
        intent->flags |= ZC_FLAG_WRONG_DOMAIN;
    }
}

/* Everything up to the domain. */
static zc_result read_head(zc_eip712 *run, zc_reader *reader)
{
    size_t parts;
    uint64_t number;
    ZC_TRY(zc_cbor_get_array(reader, FORM_PARTS, &parts));
    ZC_TRY(zc_cbor_get_uint(reader, &number));
    if (parts != FORM_PARTS || number != FORM_VERSION) {
        return zc_fail(ZC_INTENT_TYPED_VERSION);
    }
    run->fault = reader->at;
    ZC_TRY(zc_cbor_get_uint(reader, &number));
    if (number != 3 && number != 4) {
        return zc_fail(ZC_INTENT_TYPED_SEMANTICS);
    }
    run->semantics = (unsigned)number;
    ZC_TRY(zc_eip712_types_read(reader, &run->types, &run->fault));
    if (run->semantics == 3 && run->types.dim_count > 0) {
        return zc_fail(ZC_INTENT_TYPED_ARRAY);
    }
    return zc_eip712_hash_types(run);
}

static void show_type(const zc_eip712 *run, zc_intent *intent)
{
    const zc_eip712_type *primary = &run->types.type[run->types.primary];
    zc_eip712_show_bytes("type:name", ZC_ARGUMENT_TEXT, primary->name, intent);
    zc_eip712_show_bytes("type:hash", ZC_ARGUMENT_BYTES, ZC_SLICE_OF_ARRAY(primary->hash), intent);
}

/* hashStruct of the message behind that of the domain, unless the domain alone is signed. */
static zc_result hash_message(zc_eip712 *run, zc_reader *reader, zc_intent *intent,
                              zc_writer *preimage)
{
    uint8_t hash[32];
    run->fault = reader->at;
    if (run->types.primary == run->types.domain) {
        return zc_cbor_get_null(reader);
    }
    ZC_TRY(zc_eip712_hash_struct(run, reader, run->types.primary, "", intent, hash));
    return zc_write_slice(preimage, ZC_SLICE_OF_ARRAY(hash));
}

static void understand(zc_eip712 *run, const zc_eip712_meaning *domain, const zc_reader *message)
{
    zc_eip712_meaning meaning = *domain;
    zc_writer text = ZC_WRITER_OF_ARRAY(run->room);
    if (run->types.primary == run->types.domain ||
        !zc_ok(zc_eip712_encode_type(&run->types, run->types.primary, &text))) {
        return;
    }
    meaning.text = zc_writer_written(&text);
    zc_eip712_understand(&meaning, message);
}

static zc_result decode(zc_eip712 *run, zc_slice form, const zc_typed_data_expectation *expected,
                        zc_intent *intent)
{
    uint8_t bytes[2 + 2 * 32];
    uint8_t hash[32];
    zc_writer preimage = ZC_WRITER_OF_ARRAY(bytes);
    zc_reader reader = zc_reader_of(form);
    zc_eip712_meaning meaning = {
        .types = &run->types,
        .descriptors = expected != NULL ? expected->descriptors : NULL,
        .intent = intent,
    };
    ZC_TRY(read_head(run, &reader));
    show_type(run, intent);
    const zc_reader domain = reader;
    ZC_TRY(zc_eip712_hash_struct(run, &reader, run->types.domain, "domain:", intent, hash));
    ZC_TRY(zc_write_u16(&preimage, 0x1901));
    ZC_TRY(zc_write_slice(&preimage, ZC_SLICE_OF_ARRAY(hash)));
    const zc_reader message = reader;
    ZC_TRY(hash_message(run, &reader, intent, &preimage));
    run->fault = reader.at;
    ZC_TRY(zc_reader_end(&reader));
    ZC_TRY(read_domain(run, domain, &meaning));
    zc_keccak256(zc_writer_written(&preimage), intent->digest);
    judge_domain(&meaning, expected, intent);
    if (is_usual_domain(&run->types)) {
        understand(run, &meaning, &message);
    } else {
        intent->flags |= ZC_FLAG_WRONG_DOMAIN;
    }
    return ZC_OK;
}

static void begin(zc_operation operation, const uint8_t account[static ZC_EVM_ADDRESS_SIZE],
                  zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    ret_intent->family = ZC_FAMILY_EVM;
    ret_intent->operation = operation;
    ret_intent->account = zc_address_of_evm(account);
    ret_intent->signatures = 1;
}

zc_result zc_intent_decode_typed_data(zc_slice form,
                                      const uint8_t account[static ZC_EVM_ADDRESS_SIZE],
                                      const zc_typed_data_expectation *expected,
                                      zc_intent *ret_intent, size_t *ret_offset)
{
    zc_eip712 run;
    run.fault = form.data;
    run.values_left = ZC_TYPED_DATA_MAX_VALUES;
    run.blocks_left = ZC_TYPED_DATA_MAX_BLOCKS;
    begin(ZC_OPERATION_TYPED_DATA, account, ret_intent);
    const zc_result result = form.len > ZC_TYPED_DATA_MAX_SIZE
                                 ? zc_fail(ZC_INTENT_TOO_LONG)
                                 : decode(&run, form, expected, ret_intent);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
        if (ret_offset != NULL) {
            *ret_offset = form.len == 0 ? 0 : (size_t)(run.fault - form.data);
        }
    }
    return result;
}

zc_result zc_intent_decode_validator_data(zc_slice data,
                                          const uint8_t validator[static ZC_EVM_ADDRESS_SIZE],
                                          const uint8_t account[static ZC_EVM_ADDRESS_SIZE],
                                          zc_intent *ret_intent)
{
    uint8_t bytes[2 + ZC_EVM_ADDRESS_SIZE + ZC_INTENT_MAX_MESSAGE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    if (data.len > ZC_INTENT_MAX_MESSAGE) {
        return zc_fail(ZC_INTENT_TOO_LONG);
    }
    ZC_TRY(zc_write_u16(&writer, 0x1900));
    ZC_TRY(zc_write_slice(&writer, zc_slice_of(validator, ZC_EVM_ADDRESS_SIZE)));
    ZC_TRY(zc_write_slice(&writer, data));
    begin(ZC_OPERATION_MESSAGE, account, ret_intent);
    zc_keccak256(zc_writer_written(&writer), ret_intent->digest);
    ret_intent->to = zc_address_of_evm(validator);
    ret_intent->message = data;
    ret_intent->flags |= ZC_FLAG_OPEN_DOMAIN;
    if (!zc_text_is_plain(data)) {
        ret_intent->flags |= ZC_FLAG_UNREADABLE_MESSAGE;
    }
    return ZC_OK;
}
