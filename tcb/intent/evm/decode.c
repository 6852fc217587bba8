#include "intent/decode.h"

#include "codec/rlp.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "intent/evm/calldata.h"
#include "intent/evm/fields.h"
#include "intent/evm/signature.h"

/* Nobody pays a fee but the account, and nobody is paid it but the network. */
static zc_result add_fee(zc_intent *intent)
{
    zc_movement fee = {.kind = ZC_MOVEMENT_FEE, .call = ZC_CALL_NONE};
    fee.asset = zc_asset_id_native(intent->chain_id);
    fee.from = intent->account;
    fee.amount = intent->max_fee;
    return zc_intent_add_movement(intent, &fee);
}

/* The value goes to the contract that comes to be. */
static zc_result add_creation(zc_intent *intent)
{
    intent->operation = ZC_OPERATION_CONTRACT_CREATE;
    intent->flags |= ZC_FLAG_CONTRACT_CREATION;
    if (zc_u256_is_zero(&intent->value)) {
        return ZC_OK;
    }
    uint8_t created[ZC_EVM_ADDRESS_SIZE];
    zc_movement out = {.kind = ZC_MOVEMENT_OUT, .call = ZC_CALL_NONE};
    out.asset = zc_asset_id_native(intent->chain_id);
    out.from = intent->account;
    zc_evm_create_address(intent->account.byte, intent->nonce, created);
    out.to = zc_address_of_evm(created);
    out.amount = intent->value;
    return zc_intent_add_movement(intent, &out);
}

static zc_result add_bytes_argument(zc_intent *intent, const char *label, zc_slice bytes)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_BYTES, label, &argument));
    argument->len = (uint8_t)bytes.len;
    memcpy(argument->byte, bytes.data, bytes.len);
    return ZC_OK;
}

static zc_result add_blobs(const zc_evm_tx *tx, zc_intent *intent)
{
    zc_argument *fee;
    zc_reader hashes = zc_reader_of(tx->blob_hashes);
    if (tx->type != ZC_EVM_BLOB) {
        return ZC_OK;
    }
    ZC_TRY(
        zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_NUMBER, "maxFeePerBlobGas", &fee));
    fee->number = tx->blob_fee;
    for (uint32_t i = 0; i < tx->blob_count; i++) {
        zc_slice hash;
        ZC_TRY(zc_rlp_get_string(&hashes, &hash));
        ZC_TRY(add_bytes_argument(intent, "blobVersionedHash", hash));
    }
    return ZC_OK;
}

/* Whose account the code is put in: whoever signed. Nodes pass over a tuple that nobody can have
 * signed; it is shown all the same, without an authority. */
static zc_address authority_of(const zc_evm_authorization *tuple)
{
    zc_address nobody = {0};
    zc_signature signature = {.recovery = tuple->parity};
    zc_pubkey key;
    uint8_t digest[32];
    uint8_t address[ZC_EVM_ADDRESS_SIZE];
    if (tuple->parity > 1 || !zc_ok(zc_evm_check_rs(&tuple->r, &tuple->s)) ||
        !zc_ok(zc_evm_authorization_digest(tuple, digest))) {
        return nobody;
    }
    zc_u256_to_be(&tuple->r, signature.byte);
    zc_u256_to_be(&tuple->s, signature.byte + 32);
    if (!zc_ok(zc_recover_secp256k1(digest, &signature, &key)) ||
        !zc_ok(zc_evm_address(&key, address))) {
        return nobody;
    }
    return zc_address_of_evm(address);
}

/* The code at `address` becomes the authority's own. */
static zc_result add_delegation(const zc_evm_authorization *tuple, const zc_address *authority,
                                zc_intent *intent)
{
    zc_movement control = {.kind = ZC_MOVEMENT_CONTROL, .call = ZC_CALL_NONE};
    zc_argument *nonce;
    control.asset = zc_asset_id_native(tuple->chain_id);
    control.from = *authority;
    control.to = zc_address_of_evm(tuple->address);
    intent->operation = ZC_OPERATION_CODE_DELEGATION;
    intent->flags |= ZC_FLAG_CODE_DELEGATION;
    if (tuple->chain_id == 0) {
        intent->flags |= ZC_FLAG_NO_REPLAY_PROTECTION;
    }
    ZC_TRY(zc_intent_add_argument(intent, ZC_CALL_NONE, ZC_ARGUMENT_NUMBER, "authorization nonce",
                                  &nonce));
    nonce->number = zc_u256_of(tuple->nonce);
    return zc_intent_add_movement(intent, &control);
}

static zc_result add_delegations(const zc_evm_tx *tx, zc_intent *intent)
{
    zc_reader tuples = zc_reader_of(tx->authorizations);
    zc_evm_authorization tuple;
    for (uint32_t i = 0; i < tx->authorization_count; i++) {
        ZC_TRY(zc_evm_get_authorization(&tuples, &tuple));
        const zc_address authority = authority_of(&tuple);
        ZC_TRY(add_delegation(&tuple, &authority, intent));
    }
    return ZC_OK;
}

static zc_result add_effects(const zc_evm_tx *tx, const zc_descriptor_set *descriptors,
                             zc_intent *intent)
{
    if (tx->has_to) {
        const zc_evm_call call = {.actor = intent->account,
                                  .target = intent->to,
                                  .data = tx->data,
                                  .value = tx->value,
                                  .parent = ZC_CALL_NONE};
        ZC_TRY(zc_evm_read_calls(&call, descriptors, intent));
    } else {
        ZC_TRY(add_creation(intent));
    }
    ZC_TRY(add_blobs(tx, intent));
    ZC_TRY(add_delegations(tx, intent));
    return add_fee(intent);
}

static void copy_fields(const zc_evm_tx *tx, zc_intent *intent)
{
    intent->family = ZC_FAMILY_EVM;
    intent->tx_type = tx->type;
    intent->has_chain_id = tx->has_chain_id;
    intent->chain_id = tx->chain_id;
    if (tx->has_to) {
        intent->to = zc_address_of_evm(tx->to);
    }
    intent->nonce = tx->nonce;
    intent->gas_limit = tx->gas_limit;
    intent->gas_price = tx->gas_price;
    intent->gas_tip = tx->gas_tip;
    intent->value = tx->value;
    intent->data_len = (uint32_t)tx->data.len;
    intent->access_addresses = tx->access_addresses;
    intent->access_keys = tx->access_keys;
    intent->signatures = 1;
    if (!tx->has_chain_id) {
        intent->flags |= ZC_FLAG_NO_REPLAY_PROTECTION;
    }
}

static zc_result make_intent(const zc_evm_tx *tx, const zc_u256 *max_fee, const zc_address *account,
                             const uint8_t digest[static 32], const zc_descriptor_set *descriptors,
                             zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    ret_intent->account = *account;
    memcpy(ret_intent->digest, digest, 32);
    copy_fields(tx, ret_intent);
    ret_intent->max_fee = *max_fee;
    zc_result result = add_effects(tx, descriptors, ret_intent);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}

zc_result zc_intent_decode_evm_tx(zc_slice unsigned_tx, const zc_address *account,
                                  const zc_descriptor_set *descriptors, zc_intent *ret_intent,
                                  size_t *ret_offset)
{
    zc_evm_tx tx;
    zc_u256 max_fee;
    uint8_t digest[32];
    size_t ignored;
    size_t *fault = ret_offset != NULL ? ret_offset : &ignored;
    ZC_TRY(zc_evm_parse(unsigned_tx, &tx, fault));
    if (tx.is_signed) {
        *fault = tx.offset[ZC_EVM_V];
        return zc_fail(ZC_INTENT_ALREADY_SIGNED);
    }
    ZC_TRY(zc_evm_check(&tx, &max_fee, fault));
    zc_keccak256(unsigned_tx, digest);
    *fault = tx.offset[ZC_EVM_DATA];
    return make_intent(&tx, &max_fee, account, digest, descriptors, ret_intent);
}

/* The digest that was signed, over the transaction without its signature. */
static zc_result signed_digest(const zc_evm_tx *tx, uint8_t ret_digest[static 32])
{
    /* A signature is longer than what EIP-155 puts in its place. */
    uint8_t payload[ZC_EVM_MAX_TX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(payload);
    ZC_TRY(zc_evm_write_signing_payload(tx, &writer));
    zc_keccak256(zc_writer_written(&writer), ret_digest);
    return ZC_OK;
}

static zc_result recover(const zc_evm_tx *tx, uint8_t parity, const uint8_t digest[static 32],
                         zc_signature *ret_signature,
                         uint8_t ret_sender[static ZC_EVM_ADDRESS_SIZE])
{
    zc_signature signature = {.recovery = parity};
    zc_pubkey key;
    zc_u256_to_be(&tx->r, signature.byte);
    zc_u256_to_be(&tx->s, signature.byte + 32);
    if (!zc_ok(zc_recover_secp256k1(digest, &signature, &key))) {
        return zc_fail(ZC_INTENT_SIGNATURE_KEY);
    }
    ZC_TRY(zc_evm_address(&key, ret_sender));
    *ret_signature = signature;
    return ZC_OK;
}

/* What a node checks of a signed transaction beyond what signing one asks for. `*ret_at` becomes
 * the field at fault. */
static zc_result check_signed(zc_evm_tx *tx, uint8_t *ret_parity, zc_evm_field *ret_at)
{
    uint64_t gas_limit;
    *ret_at = ZC_EVM_GAS_LIMIT;
    if (!zc_ok(zc_u256_to_u64(&tx->gas_limit, &gas_limit))) {
        return zc_fail(ZC_INTENT_GAS_LIMIT);
    }
    *ret_at = ZC_EVM_V;
    ZC_TRY(zc_evm_read_v(tx, ret_parity));
    *ret_at = ZC_EVM_R;
    return zc_evm_check_rs(&tx->r, &tx->s);
}

zc_result zc_intent_decode_evm_signed_tx(zc_slice signed_tx, const zc_descriptor_set *descriptors,
                                         zc_intent *ret_intent, zc_signature *ret_signature,
                                         size_t *ret_offset)
{
    zc_evm_tx tx;
    zc_evm_field at;
    zc_u256 max_fee;
    zc_signature signature;
    uint8_t parity;
    uint8_t digest[32];
    uint8_t sender[ZC_EVM_ADDRESS_SIZE];
    size_t ignored;
    size_t *fault = ret_offset != NULL ? ret_offset : &ignored;
    ZC_TRY(zc_evm_parse(signed_tx, &tx, fault));
    if (!tx.is_signed) {
        *fault = signed_tx.len;
        return zc_fail(ZC_INTENT_NOT_SIGNED);
    }
    ZC_TRY(zc_evm_check(&tx, &max_fee, fault));
    zc_result result = check_signed(&tx, &parity, &at);
    if (!zc_ok(result)) {
        *fault = tx.offset[at];
        return result;
    }
    ZC_TRY(signed_digest(&tx, digest));
    *fault = tx.offset[ZC_EVM_R];
    ZC_TRY(recover(&tx, parity, digest, &signature, sender));
    const zc_address account = zc_address_of_evm(sender);
    *fault = tx.offset[ZC_EVM_DATA];
    ZC_TRY(make_intent(&tx, &max_fee, &account, digest, descriptors, ret_intent));
    *ret_signature = signature;
    return ZC_OK;
}

zc_result zc_intent_decode_evm_authorization(zc_slice authorization, const zc_address *account,
                                             zc_intent *ret_intent, size_t *ret_offset)
{
    zc_evm_authorization tuple;
    size_t ignored;
    ZC_TRY(zc_evm_parse_authorization(authorization, &tuple,
                                      ret_offset != NULL ? ret_offset : &ignored));
    zc_intent_reset(ret_intent);
    ret_intent->family = ZC_FAMILY_EVM;
    ret_intent->account = *account;
    zc_keccak256(authorization, ret_intent->digest);
    ret_intent->has_chain_id = tuple.chain_id != 0;
    ret_intent->chain_id = tuple.chain_id;
    ret_intent->nonce = tuple.nonce;
    ret_intent->to = zc_address_of_evm(tuple.address);
    ret_intent->signatures = 1;
    return add_delegation(&tuple, account, ret_intent);
}

/* EIP-2, EIP-2028, EIP-2930, EIP-3860, EIP-7623, EIP-7702. */
zc_result zc_evm_intrinsic_gas(zc_slice bytes, uint64_t *ret_gas, uint64_t *ret_floor)
{
    zc_evm_tx tx;
    size_t offset;
    ZC_TRY(zc_evm_parse(bytes, &tx, &offset));
    uint64_t tokens = 0;
    for (size_t i = 0; i < tx.data.len; i++) {
        tokens += tx.data.data[i] == 0 ? 1 : 4;
    }
    uint64_t gas = 21000 + 4 * tokens + 2400 * (uint64_t)tx.access_addresses +
                   1900 * (uint64_t)tx.access_keys + 25000 * (uint64_t)tx.authorization_count;
    if (!tx.has_to) {
        gas += 32000 + 2 * ((tx.data.len + 31) / 32);
    }
    *ret_gas = gas;
    *ret_floor = 21000 + 10 * tokens;
    return ZC_OK;
}
