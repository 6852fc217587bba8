#include "intent/decode.h"

#include "crypto/hash.h"
#include "crypto/verify.h"
#include "intent/evm_fields.h"
#include "intent/evm_methods.h"
#include "intent/evm_signature.h"

static zc_movement native_movement(const zc_intent *intent, zc_movement_kind kind)
{
    zc_movement movement = {
        .kind = kind,
        .asset = {.kind = ZC_ASSET_NATIVE, .chain_id = intent->chain_id},
    };
    memcpy(movement.from, intent->account, ZC_ADDRESS_SIZE);
    return movement;
}

/* The value goes to whoever is called, or to the contract that comes to be. A plain transfer of
 * nothing is a movement too, so that its recipient is judged. */
static zc_result add_value(zc_intent *intent)
{
    if (zc_u256_is_zero(&intent->value) && intent->operation != ZC_OPERATION_TRANSFER) {
        return ZC_OK;
    }
    zc_movement out = native_movement(intent, ZC_MOVEMENT_OUT);
    out.amount = intent->value;
    if (intent->has_to) {
        memcpy(out.to, intent->to, ZC_ADDRESS_SIZE);
    } else {
        zc_evm_create_address(intent->account, intent->nonce, out.to);
    }
    return zc_intent_add_movement(intent, &out);
}

static zc_result add_fee(zc_intent *intent)
{
    zc_movement fee = native_movement(intent, ZC_MOVEMENT_FEE);
    fee.amount = intent->max_fee;
    return zc_intent_add_movement(intent, &fee);
}

static zc_result add_effects(const zc_evm_tx *tx, zc_intent *intent)
{
    if (!tx->has_to) {
        intent->operation = ZC_OPERATION_CONTRACT_CREATE;
        intent->flags |= ZC_FLAG_CONTRACT_CREATION;
    } else if (tx->data.len == 0) {
        intent->operation = ZC_OPERATION_TRANSFER;
    } else {
        ZC_TRY(zc_evm_decode_call(tx->data, intent));
    }
    ZC_TRY(add_value(intent));
    return add_fee(intent);
}

static void copy_fields(const zc_evm_tx *tx, zc_intent *intent)
{
    intent->family = ZC_FAMILY_EVM;
    intent->tx_type = tx->type;
    intent->has_chain_id = tx->has_chain_id;
    intent->chain_id = tx->chain_id;
    intent->has_to = tx->has_to;
    memcpy(intent->to, tx->to, ZC_ADDRESS_SIZE);
    intent->nonce = tx->nonce;
    intent->gas_limit = tx->gas_limit;
    intent->gas_price = tx->gas_price;
    intent->gas_tip = tx->gas_tip;
    intent->value = tx->value;
    intent->data_len = (uint32_t)tx->data.len;
    intent->access_addresses = tx->access_addresses;
    intent->access_keys = tx->access_keys;
    if (!tx->has_chain_id) {
        intent->flags |= ZC_FLAG_NO_REPLAY_PROTECTION;
    }
}

static zc_result make_intent(const zc_evm_tx *tx, const zc_u256 *max_fee,
                             const uint8_t account[static ZC_ADDRESS_SIZE],
                             const uint8_t digest[static 32], zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    memcpy(ret_intent->account, account, ZC_ADDRESS_SIZE);
    memcpy(ret_intent->digest, digest, 32);
    copy_fields(tx, ret_intent);
    ret_intent->max_fee = *max_fee;
    zc_result result = add_effects(tx, ret_intent);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}

zc_result zc_intent_decode_evm_tx(zc_slice unsigned_tx,
                                  const uint8_t account[static ZC_ADDRESS_SIZE],
                                  zc_intent *ret_intent, size_t *ret_offset)
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
    return make_intent(&tx, &max_fee, account, digest, ret_intent);
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
                         zc_signature *ret_signature, uint8_t ret_sender[static ZC_ADDRESS_SIZE])
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

zc_result zc_intent_decode_evm_signed_tx(zc_slice signed_tx, zc_intent *ret_intent,
                                         zc_signature *ret_signature, size_t *ret_offset)
{
    zc_evm_tx tx;
    zc_evm_field at;
    zc_u256 max_fee;
    zc_signature signature;
    uint8_t parity;
    uint8_t digest[32];
    uint8_t sender[ZC_ADDRESS_SIZE];
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
    ZC_TRY(make_intent(&tx, &max_fee, sender, digest, ret_intent));
    *ret_signature = signature;
    return ZC_OK;
}

zc_result zc_evm_intrinsic_gas(zc_slice bytes, uint64_t *ret_gas)
{
    zc_evm_tx tx;
    size_t offset;
    ZC_TRY(zc_evm_parse(bytes, &tx, &offset));
    uint64_t gas = 21000 + 2400 * (uint64_t)tx.access_addresses + 1900 * (uint64_t)tx.access_keys;
    for (size_t i = 0; i < tx.data.len; i++) {
        gas += tx.data.data[i] == 0 ? 4 : 16;
    }
    if (!tx.has_to) {
        gas += 32000 + 2 * ((tx.data.len + 31) / 32);
    }
    *ret_gas = gas;
    return ZC_OK;
}
