#include "codec/cbor.h"
#include "intent/intent_cbor.h"

static zc_result put_key_uint(zc_writer *writer, uint64_t key, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_uint(writer, value);
}

static zc_result put_key_bytes(zc_writer *writer, uint64_t key, const uint8_t *bytes, size_t len)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_bytes(writer, zc_slice_of(bytes, len));
}

static zc_result put_key_u256(zc_writer *writer, uint64_t key, const zc_u256 *value)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_u256(writer, value);
}

static zc_result put_movement(zc_writer *writer, const zc_movement *movement)
{
    ZC_TRY(zc_cbor_put_array(writer, 6));
    ZC_TRY(zc_cbor_put_uint(writer, movement->kind));
    ZC_TRY(zc_cbor_put_uint(writer, movement->asset.chain_id));
    if (movement->asset.kind == ZC_ASSET_NATIVE) {
        ZC_TRY(zc_cbor_put_null(writer));
    } else {
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(movement->asset.contract)));
    }
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(movement->from)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(movement->to)));
    return zc_cbor_put_u256(writer, &movement->amount);
}

static zc_result put_tx(zc_writer *writer, const zc_intent *intent)
{
    size_t optional = (size_t)intent->has_chain_id + (size_t)intent->has_to +
                      (size_t)intent->has_selector + (size_t)intent->has_expiry;
    ZC_TRY(zc_cbor_put_map(writer, 10 + optional));
    ZC_TRY(put_key_uint(writer, 1, intent->tx_type));
    if (intent->has_chain_id) {
        ZC_TRY(put_key_uint(writer, 2, intent->chain_id));
    }
    if (intent->has_to) {
        ZC_TRY(put_key_bytes(writer, 3, intent->to, sizeof(intent->to)));
    }
    if (intent->has_selector) {
        ZC_TRY(put_key_bytes(writer, 4, intent->selector, sizeof(intent->selector)));
    }
    ZC_TRY(put_key_uint(writer, 5, intent->nonce));
    ZC_TRY(put_key_u256(writer, 6, &intent->gas_limit));
    ZC_TRY(put_key_u256(writer, 7, &intent->gas_price));
    ZC_TRY(put_key_u256(writer, 8, &intent->gas_tip));
    ZC_TRY(put_key_u256(writer, 9, &intent->max_fee));
    ZC_TRY(put_key_u256(writer, 10, &intent->value));
    ZC_TRY(put_key_uint(writer, 11, intent->data_len));
    ZC_TRY(put_key_uint(writer, 12, intent->access_addresses));
    ZC_TRY(put_key_uint(writer, 13, intent->access_keys));
    return intent->has_expiry ? put_key_uint(writer, 14, intent->expiry_ms) : ZC_OK;
}

static zc_result put_body(zc_writer *writer, const zc_intent *intent)
{
    switch (intent->operation) {
    case ZC_OPERATION_MESSAGE:
        return put_key_bytes(writer, 8, intent->message.data, intent->message.len);
    case ZC_OPERATION_DIGEST:
        return ZC_OK;
    default:
        ZC_TRY(zc_cbor_put_uint(writer, 7));
        return put_tx(writer, intent);
    }
}

static zc_result put_intent(zc_writer *writer, const zc_intent *intent)
{
    ZC_TRY(zc_cbor_put_map(writer, intent->operation == ZC_OPERATION_DIGEST ? 6 : 7));
    ZC_TRY(put_key_uint(writer, 1, intent->family));
    ZC_TRY(put_key_uint(writer, 2, intent->operation));
    ZC_TRY(put_key_uint(writer, 3, intent->flags));
    ZC_TRY(put_key_bytes(writer, 4, intent->account, sizeof(intent->account)));
    ZC_TRY(put_key_bytes(writer, 5, intent->digest, sizeof(intent->digest)));
    ZC_TRY(zc_cbor_put_uint(writer, 6));
    ZC_TRY(zc_cbor_put_array(writer, intent->movement_count));
    for (size_t i = 0; i < intent->movement_count; i++) {
        ZC_TRY(put_movement(writer, &intent->movements[i]));
    }
    return put_body(writer, intent);
}

zc_result zc_intent_write(const zc_intent *intent, zc_writer *writer)
{
    zc_writer trial = *writer;
    ZC_TRY(put_intent(&trial, intent));
    *writer = trial;
    return ZC_OK;
}
