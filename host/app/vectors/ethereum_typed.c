/* Typed data: JSON through the host's conversion and the enclave's decoder to the published digests
 * and signatures. */
#include "ethereum_typed.h"

#include "codec/rlp.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "ethereum.h"
#include "group.h"
#include "intent/decode.h"
#include "intent/message.h"
#include "support/typed_data.h"

static const uint8_t no_entropy[32];
static const uint8_t nobody[ZC_EVM_ADDRESS_SIZE];

bool zc_typed_decode(zc_report *report, const json_t *typed_data,
                     const zc_typed_data_expectation *expected, zc_intent *ret_intent)
{
    ZC_BYTES zc_bytes form = {0};
    zc_error error = {0};
    if (!zc_ok(zc_typed_data_of_json(typed_data, 4, &form, &error))) {
        zc_report_problem(report, "%s", error.why);
        return false;
    }
    return zc_report_ok(
        report, "decoding",
        zc_intent_decode_typed_data(zc_bytes_slice(&form), nobody, expected, ret_intent, NULL));
}

/* Parity of a v of any of the three ways. */
static uint8_t parity_of(uint8_t v)
{
    if (v <= 1) {
        return v;
    }
    return (uint8_t)((v == 27 || v == 28 ? v - 27 : v - 35) & 1);
}

void zc_check_rsv(zc_report *report, const json_t *test, const uint8_t digest[static 32])
{
    const char *key = zc_field_has(test, "private_key") ? "private_key" : "privateKey";
    zc_slice rsv = zc_field_hex(report, test, "signature");
    zc_signer signer = {0};
    zc_signature signature;
    if (rsv.len != 65) {
        zc_report_problem(report, "the case is malformed: not r, s and v");
        return;
    }
    if (zc_field_signer(report, test, key, &signer) &&
        zc_report_ok(
            report, "signing",
            zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, no_entropy, digest, &signature))) {
        zc_report_bytes(report, "signature", ZC_SLICE_OF_ARRAY(signature.byte),
                        zc_slice_of(rsv.data, 64));
        zc_report_u64(report, "parity", signature.recovery, parity_of(rsv.data[64]));
    }
    zc_signer_clear(&signer);
}

bool zc_recover_rsv(zc_report *report, const uint8_t digest[static 32], zc_slice rsv,
                    uint8_t ret_account[static ZC_EVM_ADDRESS_SIZE])
{
    zc_signature signature = {0};
    zc_pubkey key;
    if (rsv.len != 65) {
        zc_report_problem(report, "the case is malformed: not r, s and v");
        return false;
    }
    memcpy(signature.byte, rsv.data, 64);
    signature.recovery = parity_of(rsv.data[64]);
    return zc_report_ok(report, "recovering", zc_recover_secp256k1(digest, &signature, &key)) &&
           zc_report_ok(report, "address", zc_evm_address(&key, ret_account));
}

/* The JSON that wallets take, of a case whose message is under another name. */
static json_t *wallet_form(const json_t *test, const char *message_key)
{
    return json_pack("{s:O, s:O, s:O, s:O}", "types", json_object_get(test, "types"), "primaryType",
                     json_object_get(test, "primaryType"), "domain",
                     json_object_get(test, "domain"), "message",
                     json_object_get(test, message_key));
}

/* encodeData begins with the typeHash, which is the second argument. */
static void check_encoded(zc_report *report, const json_t *test, const zc_intent *intent)
{
    zc_slice encoded = zc_field_hex(report, test, "encoded");
    if (encoded.len < 32 || intent->argument_count < 2) {
        zc_report_problem(report, "no typeHash to compare");
        return;
    }
    zc_report_bytes(report, "typeHash", zc_slice_of(intent->arguments[1].byte, 32),
                    zc_slice_of(encoded.data, 32));
}

static void check_typed(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    json_t *typed_data = wallet_form(test, zc_field_has(test, "message") ? "message" : "data");
    if (typed_data == NULL) {
        zc_report_problem(report, "the case is malformed: not types, primaryType, domain, data");
        return;
    }
    if (zc_typed_decode(report, typed_data, NULL, &intent)) {
        zc_report_bytes(report, "digest", ZC_SLICE_OF_ARRAY(intent.digest),
                        zc_field_hex(report, test, "digest"));
        if (zc_field_has(test, "encoded")) {
            check_encoded(report, test, &intent);
        }
        if (zc_field_has(test, "signature") && zc_field_has(test, "privateKey")) {
            zc_check_rsv(report, test, intent.digest);
        }
    }
    json_decref(typed_data);
}

void zc_run_typed_data(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        check_typed(report, test);
        zc_report_end(report);
    }
}

/* Whether a member anywhere is an array of structs. */
static bool has_struct_array(const json_t *types)
{
    const char *name;
    json_t *members;
    json_object_foreach((json_t *)(uintptr_t)types, name, members)
    {
        size_t i;
        json_t *member;
        json_array_foreach(members, i, member)
        {
            const char *type = zc_field_text(member, "type");
            char base[256];
            (void)snprintf(base, sizeof base, "%.*s", (int)strcspn(type, "["), type);
            if (strchr(type, '[') != NULL && json_object_get(types, base) != NULL) {
                return true;
            }
        }
    }
    return false;
}

const char *zc_trezor_typed_skip(const json_t *parameters)
{
    const json_t *data = json_object_get(parameters, "data");
    if (!json_is_object(data)) {
        return "only the hashes of typed data are given: what is not shown is not signed as typed "
               "data";
    }
    if (json_is_false(json_object_get(parameters, "metamask_v4_compat")) &&
        has_struct_array(json_object_get(data, "types"))) {
        return "arrays of structs are encoded in a way that no wallet or contract uses, "
               "metamask_v4_compat being false";
    }
    return NULL;
}

/* The digest of the two hashes, where both are named. */
static void check_hashes(zc_report *report, const json_t *parameters, const zc_intent *intent)
{
    uint8_t preimage[2 + 32 + 32] = {0x19, 0x01};
    uint8_t digest[32];
    if (!zc_field_has(parameters, "domain_separator_hash") ||
        !zc_field_has(parameters, "message_hash")) {
        return;
    }
    zc_field_copy(report, parameters, "domain_separator_hash", preimage + 2, 32);
    zc_field_copy(report, parameters, "message_hash", preimage + 34, 32);
    zc_keccak256(ZC_SLICE_OF_ARRAY(preimage), digest);
    zc_report_bytes(report, "digest of the hashes", ZC_SLICE_OF_ARRAY(intent->digest),
                    ZC_SLICE_OF_ARRAY(digest));
}

void zc_check_trezor_typed(zc_report *report, const json_t *parameters, const json_t *result)
{
    static zc_intent intent;
    uint8_t account[ZC_EVM_ADDRESS_SIZE];
    if (!zc_typed_decode(report, json_object_get(parameters, "data"), NULL, &intent)) {
        return;
    }
    check_hashes(report, parameters, &intent);
    if (zc_recover_rsv(report, intent.digest, zc_field_hex(report, result, "sig"), account)) {
        zc_report_bytes(report, "signer", ZC_SLICE_OF_ARRAY(account),
                        zc_field_hex(report, result, "address"));
    }
}

static void check_digest_and_signature(zc_report *report, const json_t *test,
                                       const uint8_t digest[static 32])
{
    if (zc_field_has(test, "data_hash")) {
        zc_report_bytes(report, "digest", zc_slice_of(digest, 32),
                        zc_field_hex(report, test, "data_hash"));
    }
    if (zc_field_has(test, "signature")) {
        zc_check_rsv(report, test, digest);
    }
}

/* Where an error is published, it is because the caller expects another chain, which the case does
 * not name: the decoder flags what it is told to expect and does not find. */
static void check_trust_typed(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    const zc_typed_data_expectation other = {.has_chain = true, .chain = UINT64_C(1) << 62};
    const bool must_fail = strncmp(zc_field_text(test, "expect"), "error", 5) == 0;
    if (!zc_typed_decode(report, json_object_get(test, "message"), must_fail ? &other : NULL,
                         &intent)) {
        return;
    }
    if (must_fail) {
        if ((intent.flags & ZC_FLAG_WRONG_DOMAIN) == 0) {
            zc_report_problem(report, "another chain than expected is not flagged");
        }
        return;
    }
    check_digest_and_signature(report, test, intent.digest);
}

static void check_trust_text(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    static const zc_address account = {.len = ZC_EVM_ADDRESS_SIZE};
    const json_t *message = json_object_get(test, "message");
    const zc_slice text = zc_slice_of(json_string_value(message), json_string_length(message));
    if (zc_report_ok(report, "decoding the message",
                     zc_intent_decode_message(ZC_FAMILY_EVM, text, &account, &intent))) {
        check_digest_and_signature(report, test, intent.digest);
    }
}

/* 05 ‖ rlp([chain, address, nonce]) */
static void check_trust_authorization(zc_report *report, const json_t *test)
{
    static zc_intent intent;
    static const zc_address account = {.len = ZC_EVM_ADDRESS_SIZE};
    const json_t *fields = json_object_get(test, "message");
    const zc_u256 chain = zc_field_number(report, fields, "chainId");
    const zc_u256 nonce = zc_field_number(report, fields, "nonce");
    uint8_t bytes[128];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_rlp_list list;
    bool good = zc_report_ok(report, "type", zc_write_u8(&writer, 5));
    zc_rlp_list_begin(&writer, &list);
    good = good && zc_report_ok(report, "chain", zc_rlp_put_u256(&writer, &chain)) &&
           zc_report_ok(report, "address",
                        zc_rlp_put_string(&writer, zc_field_hex(report, fields, "address"))) &&
           zc_report_ok(report, "nonce", zc_rlp_put_u256(&writer, &nonce)) &&
           zc_report_ok(report, "list", zc_rlp_list_end(&writer, &list));
    if (good && zc_report_ok(report, "decoding the authorization",
                             zc_intent_decode_evm_authorization(zc_writer_written(&writer),
                                                                &account, &intent, NULL))) {
        check_digest_and_signature(report, test, intent.digest);
    }
}

static void run_trust_message(zc_report *report, const json_t *test)
{
    const json_t *message = json_object_get(test, "message");
    const char *kind = zc_field_text(test, "message_type");
    if (strcmp(kind, "eip7702_authorization") == 0) {
        check_trust_authorization(report, test);
    } else if (json_is_string(message)) {
        check_trust_text(report, test);
    } else if (json_is_object(message)) {
        check_trust_typed(report, test);
    } else {
        zc_report_skip(report, "no message of a form that is known");
        return;
    }
    zc_report_end(report);
}

void zc_run_trust_messages(zc_report *report, json_t *root)
{
    size_t i;
    json_t *test;
    json_array_foreach(root, i, test)
    {
        zc_report_begin(report, "%s", zc_case_name(test, "name", i));
        run_trust_message(report, test);
    }
}
