#include "codec/cbor.h"
#include "intent/intent_cbor.h"
#include "intent/order_cbor.h"

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

static zc_result put_key_address(zc_writer *writer, uint64_t key, const zc_address *address)
{
    return put_key_bytes(writer, key, address->byte, address->len);
}

static zc_result put_address(zc_writer *writer, const zc_address *address)
{
    return zc_cbor_put_bytes(writer, zc_address_slice(address));
}

static zc_result put_call_index(zc_writer *writer, uint16_t call)
{
    return call == ZC_CALL_NONE ? zc_cbor_put_null(writer) : zc_cbor_put_uint(writer, call);
}

static zc_result put_movement(zc_writer *writer, const zc_movement *movement)
{
    ZC_TRY(zc_cbor_put_array(writer, 8));
    ZC_TRY(zc_cbor_put_uint(writer, movement->kind));
    ZC_TRY(zc_cbor_put_uint(writer, movement->asset.chain_id));
    ZC_TRY(movement->asset.kind == ZC_ASSET_NATIVE
               ? zc_cbor_put_null(writer)
               : zc_cbor_put_bytes(writer, zc_asset_id_slice(&movement->asset)));
    ZC_TRY(put_address(writer, &movement->from));
    ZC_TRY(put_address(writer, &movement->to));
    ZC_TRY(zc_cbor_put_u256(writer, &movement->amount));
    ZC_TRY(put_call_index(writer, movement->call));
    return movement->has_item ? zc_cbor_put_u256(writer, &movement->item)
                              : zc_cbor_put_null(writer);
}

static zc_result put_call(zc_writer *writer, const zc_call *call)
{
    ZC_TRY(zc_cbor_put_array(writer, 7));
    ZC_TRY(put_address(writer, &call->target));
    ZC_TRY(put_call_index(writer, call->parent));
    ZC_TRY(zc_cbor_put_bool(writer, call->is_delegate));
    ZC_TRY(zc_cbor_put_bool(writer, call->is_read));
    ZC_TRY(zc_cbor_put_bytes(writer, zc_slice_of(call->method, call->method_len)));
    ZC_TRY(zc_cbor_put_uint(writer, call->data_len));
    return zc_cbor_put_u256(writer, &call->value);
}

static zc_result put_argument(zc_writer *writer, const zc_argument *argument)
{
    ZC_TRY(zc_cbor_put_array(writer, argument->is_said ? 6 : 5));
    ZC_TRY(zc_cbor_put_uint(writer, argument->kind));
    ZC_TRY(put_call_index(writer, argument->call));
    ZC_TRY(zc_cbor_put_text(
        writer, zc_slice_of(argument->label, strnlen(argument->label, ZC_ARGUMENT_LABEL_SIZE))));
    ZC_TRY(zc_argument_is_number(argument->kind)
               ? zc_cbor_put_u256(writer, &argument->number)
               : zc_cbor_put_bytes(writer, zc_slice_of(argument->byte, argument->len)));
    ZC_TRY(zc_cbor_put_bool(writer, argument->is_hash));
    return argument->is_said ? zc_cbor_put_bool(writer, true) : ZC_OK;
}

static zc_result put_tx(zc_writer *writer, const zc_intent *intent)
{
    size_t name_len = strnlen(intent->chain_name, ZC_CHAIN_ID_SIZE);
    size_t optional = (size_t)intent->has_chain_id + (intent->to.len != 0) +
                      (size_t)intent->has_expiry + (name_len != 0);
    ZC_TRY(zc_cbor_put_map(writer, 11 + optional));
    ZC_TRY(put_key_uint(writer, 1, intent->tx_type));
    if (intent->has_chain_id) {
        ZC_TRY(put_key_uint(writer, 2, intent->chain_id));
    }
    if (intent->to.len != 0) {
        ZC_TRY(put_key_address(writer, 3, &intent->to));
    }
    ZC_TRY(put_key_uint(writer, 4, intent->nonce));
    ZC_TRY(put_key_u256(writer, 5, &intent->gas_limit));
    ZC_TRY(put_key_u256(writer, 6, &intent->gas_price));
    ZC_TRY(put_key_u256(writer, 7, &intent->gas_tip));
    ZC_TRY(put_key_u256(writer, 8, &intent->max_fee));
    ZC_TRY(put_key_u256(writer, 9, &intent->value));
    ZC_TRY(put_key_uint(writer, 10, intent->data_len));
    ZC_TRY(put_key_uint(writer, 11, intent->access_addresses));
    ZC_TRY(put_key_uint(writer, 12, intent->access_keys));
    if (intent->has_expiry) {
        ZC_TRY(put_key_uint(writer, 13, intent->expiry_ms));
    }
    if (name_len != 0) {
        ZC_TRY(zc_cbor_put_uint(writer, 14));
        ZC_TRY(zc_cbor_put_text(writer, zc_slice_of(intent->chain_name, name_len)));
    }
    return put_key_uint(writer, 15, intent->signatures);
}

static zc_result put_lists(zc_writer *writer, const zc_intent *intent)
{
    ZC_TRY(zc_cbor_put_uint(writer, 6));
    ZC_TRY(zc_cbor_put_array(writer, intent->movement_count));
    for (size_t i = 0; i < intent->movement_count; i++) {
        ZC_TRY(put_movement(writer, &intent->movements[i]));
    }
    ZC_TRY(zc_cbor_put_uint(writer, 7));
    ZC_TRY(zc_cbor_put_array(writer, intent->call_count));
    for (size_t i = 0; i < intent->call_count; i++) {
        ZC_TRY(put_call(writer, &intent->calls[i]));
    }
    ZC_TRY(zc_cbor_put_uint(writer, 8));
    ZC_TRY(zc_cbor_put_array(writer, intent->argument_count));
    for (size_t i = 0; i < intent->argument_count; i++) {
        ZC_TRY(put_argument(writer, &intent->arguments[i]));
    }
    return ZC_OK;
}

static zc_result put_order(zc_writer *writer, const zc_order *order)
{
    uint8_t bytes[ZC_ORDER_MAX_ENCODED];
    zc_writer inner = ZC_WRITER_OF_ARRAY(bytes);
    ZC_TRY(zc_order_write(order, &inner));
    ZC_TRY(zc_cbor_put_uint(writer, 11));
    return zc_cbor_put_bytes(writer, zc_writer_written(&inner));
}

static zc_result put_intent(zc_writer *writer, const zc_intent *intent)
{
    bool has_tx = zc_intent_is_tx(intent);
    bool has_message =
        intent->operation == ZC_OPERATION_MESSAGE || (has_tx && intent->message.len != 0);
    ZC_TRY(zc_cbor_put_map(writer,
                           8 + (size_t)has_tx + (size_t)has_message + (size_t)intent->has_order));
    ZC_TRY(put_key_uint(writer, 1, intent->family));
    ZC_TRY(put_key_uint(writer, 2, intent->operation));
    ZC_TRY(put_key_uint(writer, 3, intent->flags));
    ZC_TRY(put_key_address(writer, 4, &intent->account));
    ZC_TRY(put_key_bytes(writer, 5, intent->digest, sizeof(intent->digest)));
    ZC_TRY(put_lists(writer, intent));
    if (has_tx) {
        ZC_TRY(zc_cbor_put_uint(writer, 9));
        ZC_TRY(put_tx(writer, intent));
    }
    if (has_message) {
        ZC_TRY(put_key_bytes(writer, 10, intent->message.data, intent->message.len));
    }
    return intent->has_order ? put_order(writer, &intent->order) : ZC_OK;
}

zc_result zc_intent_write(const zc_intent *intent, zc_writer *writer)
{
    zc_writer trial = *writer;
    ZC_TRY(put_intent(&trial, intent));
    *writer = trial;
    return ZC_OK;
}
