#include "codec/cbor.h"
#include "intent/intent_cbor.h"
#include "intent/order_cbor.h"

/* A map read key by key, in ascending order, some of its keys optional. */
typedef struct key_cursor {
    zc_reader *reader;
    size_t left;
} key_cursor;

static zc_result get_key(key_cursor *keys, uint64_t key)
{
    if (keys->left == 0) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ZC_TRY(zc_cbor_get_key_uint(keys->reader, key));
    keys->left--;
    return ZC_OK;
}

/* Whether the next key is this optional one; takes it if so. */
static bool take_key(key_cursor *keys, uint64_t key)
{
    return zc_ok(get_key(keys, key));
}

static zc_result get_key_max(key_cursor *keys, uint64_t key, uint64_t max, uint64_t *ret_value)
{
    ZC_TRY(get_key(keys, key));
    return zc_cbor_get_uint_max(keys->reader, max, ret_value);
}

static zc_result get_key_u32(key_cursor *keys, uint64_t key, uint32_t *ret_value)
{
    uint64_t value;
    ZC_TRY(get_key_max(keys, key, UINT32_MAX, &value));
    *ret_value = (uint32_t)value;
    return ZC_OK;
}

static zc_result get_key_u256(key_cursor *keys, uint64_t key, zc_u256 *ret_value)
{
    ZC_TRY(get_key(keys, key));
    return zc_cbor_get_u256(keys->reader, ret_value);
}

static zc_result get_key_fixed(key_cursor *keys, uint64_t key, uint8_t *ret_bytes, size_t len)
{
    ZC_TRY(get_key(keys, key));
    return zc_cbor_get_fixed_bytes(keys->reader, ret_bytes, len);
}

static zc_result get_address(zc_reader *reader, zc_address *ret_address)
{
    zc_slice bytes;
    ZC_TRY(zc_cbor_get_bytes(reader, &bytes));
    if (bytes.len > ZC_ADDRESS_MAX) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    *ret_address = zc_address_of(bytes);
    return ZC_OK;
}

static zc_result get_key_address(key_cursor *keys, uint64_t key, zc_address *ret_address)
{
    ZC_TRY(get_key(keys, key));
    return get_address(keys->reader, ret_address);
}

/* The index of one of `count` calls, or none. */
static zc_result get_call_index(zc_reader *reader, size_t count, uint16_t *ret_call)
{
    bool none;
    uint64_t call;
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (none) {
        *ret_call = ZC_CALL_NONE;
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_uint(reader, &call));
    if (call >= count) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    *ret_call = (uint16_t)call;
    return ZC_OK;
}

static zc_result get_array_of(zc_reader *reader, size_t size)
{
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, size, &count));
    return count == size ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
}

static zc_result get_asset(zc_reader *reader, zc_asset_id *ret_asset)
{
    bool native;
    zc_slice token;
    uint64_t chain_id;
    ZC_TRY(zc_cbor_get_uint(reader, &chain_id));
    ZC_TRY(zc_cbor_take_null(reader, &native));
    if (native) {
        *ret_asset = zc_asset_id_native(chain_id);
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_bytes(reader, &token));
    if (token.len > ZC_TOKEN_MAX) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    *ret_asset = zc_asset_id_token(chain_id, token);
    return ZC_OK;
}

static zc_result get_movement(zc_reader *reader, zc_intent *intent)
{
    bool none;
    uint64_t kind;
    zc_movement *movement = &intent->movements[intent->movement_count];
    ZC_TRY(get_array_of(reader, 8));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT8_MAX, &kind));
    movement->kind = (zc_movement_kind)kind;
    if (zc_movement_kind_name(movement->kind) == NULL) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ZC_TRY(get_asset(reader, &movement->asset));
    ZC_TRY(get_address(reader, &movement->from));
    ZC_TRY(get_address(reader, &movement->to));
    ZC_TRY(zc_cbor_get_u256(reader, &movement->amount));
    ZC_TRY(get_call_index(reader, ZC_INTENT_MAX_CALLS, &movement->call));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    movement->has_item = !none;
    movement->item = ZC_U256_ZERO;
    if (movement->has_item) {
        ZC_TRY(zc_cbor_get_u256(reader, &movement->item));
    }
    intent->movement_count++;
    return ZC_OK;
}

static zc_result get_call(zc_reader *reader, zc_intent *intent)
{
    uint16_t parent;
    uint64_t data_len;
    zc_slice method;
    zc_address target;
    zc_call *call;
    ZC_TRY(get_array_of(reader, 7));
    ZC_TRY(get_address(reader, &target));
    ZC_TRY(get_call_index(reader, intent->call_count, &parent));
    ZC_TRY(zc_intent_add_call(intent, &target, parent, &call));
    ZC_TRY(zc_cbor_get_bool(reader, &call->is_delegate));
    ZC_TRY(zc_cbor_get_bool(reader, &call->is_read));
    ZC_TRY(zc_cbor_get_bytes(reader, &method));
    if (method.len > ZC_METHOD_MAX) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    call->method_len = (uint8_t)method.len;
    if (method.len != 0) {
        memcpy(call->method, method.data, method.len);
    }
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &data_len));
    call->data_len = (uint32_t)data_len;
    return zc_cbor_get_u256(reader, &call->value);
}

static zc_result get_argument_value(zc_reader *reader, zc_argument *argument)
{
    zc_slice bytes;
    if (zc_argument_is_number(argument->kind)) {
        ZC_TRY(zc_cbor_get_u256(reader, &argument->number));
    } else {
        ZC_TRY(zc_cbor_get_bytes(reader, &bytes));
        if (bytes.len > ZC_ARGUMENT_BYTES_MAX) {
            return zc_fail(ZC_INTENT_BAD_ENCODING);
        }
        argument->len = (uint8_t)bytes.len;
        if (bytes.len != 0) {
            memcpy(argument->byte, bytes.data, bytes.len);
        }
    }
    return zc_cbor_get_bool(reader, &argument->is_hash);
}

/* The last of six items, where there are six: there is no other reason for it. */
static zc_result get_is_said(zc_reader *reader, size_t items, zc_argument *argument)
{
    if (items == 5) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_bool(reader, &argument->is_said));
    return argument->is_said ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
}

static zc_result get_argument(zc_reader *reader, zc_intent *intent)
{
    uint64_t kind;
    uint16_t call;
    zc_slice label;
    char text[ZC_ARGUMENT_LABEL_SIZE] = {0};
    zc_argument *argument;
    size_t items;
    ZC_TRY(zc_cbor_get_array(reader, 6, &items));
    if (items < 5) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ZC_TRY(zc_cbor_get_uint_max(reader, ZC_ARGUMENT_TEXT, &kind));
    ZC_TRY(get_call_index(reader, intent->call_count, &call));
    ZC_TRY(zc_cbor_get_text(reader, &label));
    if (kind == 0 || label.len >= sizeof text ||
        (label.len != 0 && memchr(label.data, 0, label.len) != NULL)) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    if (label.len != 0) {
        memcpy(text, label.data, label.len);
    }
    ZC_TRY(zc_intent_add_argument(intent, call, (zc_argument_kind)kind, text, &argument));
    ZC_TRY(get_argument_value(reader, argument));
    return get_is_said(reader, items, argument);
}

/* Key `key`, and under it an array of which `get` takes the items one by one. */
static zc_result get_list(key_cursor *keys, uint64_t key, size_t max, zc_intent *intent,
                          zc_result (*get)(zc_reader *, zc_intent *))
{
    size_t count;
    ZC_TRY(get_key(keys, key));
    ZC_TRY(zc_cbor_get_array(keys->reader, max, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(get(keys->reader, intent));
    }
    return ZC_OK;
}

/* Movements come before the calls that they name. */
static zc_result check_movement_calls(const zc_intent *intent)
{
    for (size_t i = 0; i < intent->movement_count; i++) {
        uint16_t call = intent->movements[i].call;
        if (call != ZC_CALL_NONE && call >= intent->call_count) {
            return zc_fail(ZC_INTENT_BAD_ENCODING);
        }
    }
    return ZC_OK;
}

static zc_result get_lists(key_cursor *keys, zc_intent *intent)
{
    ZC_TRY(get_list(keys, 6, ZC_INTENT_MAX_MOVEMENTS, intent, get_movement));
    ZC_TRY(get_list(keys, 7, ZC_INTENT_MAX_CALLS, intent, get_call));
    ZC_TRY(get_list(keys, 8, ZC_INTENT_MAX_ARGUMENTS, intent, get_argument));
    return check_movement_calls(intent);
}

static zc_result get_destination(key_cursor *keys, zc_intent *intent)
{
    intent->has_chain_id = take_key(keys, 2);
    if (intent->has_chain_id) {
        ZC_TRY(zc_cbor_get_uint(keys->reader, &intent->chain_id));
    }
    if (take_key(keys, 3)) {
        ZC_TRY(get_address(keys->reader, &intent->to));
        return intent->to.len != 0 ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    return ZC_OK;
}

static zc_result get_tx_end(key_cursor *keys, zc_intent *intent)
{
    zc_slice name;
    intent->has_expiry = take_key(keys, 13);
    if (intent->has_expiry) {
        ZC_TRY(zc_cbor_get_uint(keys->reader, &intent->expiry_ms));
    }
    if (take_key(keys, 14)) {
        ZC_TRY(zc_cbor_get_text(keys->reader, &name));
        if (name.len == 0 || name.len >= ZC_CHAIN_ID_SIZE ||
            memchr(name.data, 0, name.len) != NULL) {
            return zc_fail(ZC_INTENT_BAD_ENCODING);
        }
        memcpy(intent->chain_name, name.data, name.len);
    }
    ZC_TRY(get_key_u32(keys, 15, &intent->signatures));
    return keys->left == 0 ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
}

static zc_result get_tx(zc_reader *reader, zc_intent *intent)
{
    key_cursor keys = {.reader = reader};
    uint64_t type;
    ZC_TRY(zc_cbor_get_map(reader, 15, &keys.left));
    ZC_TRY(get_key_max(&keys, 1, UINT8_MAX, &type));
    intent->tx_type = (uint8_t)type;
    ZC_TRY(get_destination(&keys, intent));
    ZC_TRY(get_key_max(&keys, 4, UINT64_MAX, &intent->nonce));
    ZC_TRY(get_key_u256(&keys, 5, &intent->gas_limit));
    ZC_TRY(get_key_u256(&keys, 6, &intent->gas_price));
    ZC_TRY(get_key_u256(&keys, 7, &intent->gas_tip));
    ZC_TRY(get_key_u256(&keys, 8, &intent->max_fee));
    ZC_TRY(get_key_u256(&keys, 9, &intent->value));
    ZC_TRY(get_key_u32(&keys, 10, &intent->data_len));
    ZC_TRY(get_key_u32(&keys, 11, &intent->access_addresses));
    ZC_TRY(get_key_u32(&keys, 12, &intent->access_keys));
    return get_tx_end(&keys, intent);
}

static zc_result get_message(key_cursor *keys, zc_intent *intent)
{
    bool needed = intent->operation == ZC_OPERATION_MESSAGE;
    if (!take_key(keys, 10)) {
        return needed ? zc_fail(ZC_INTENT_BAD_ENCODING) : ZC_OK;
    }
    ZC_TRY(zc_cbor_get_bytes(keys->reader, &intent->message));
    bool fits = intent->message.len <= ZC_INTENT_MAX_MESSAGE &&
                intent->operation != ZC_OPERATION_DIGEST && (needed || intent->message.len != 0);
    return fits ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
}

static zc_result get_body(key_cursor *keys, zc_intent *intent)
{
    zc_slice order;
    if (zc_intent_is_tx(intent)) {
        ZC_TRY(get_key(keys, 9));
        ZC_TRY(get_tx(keys->reader, intent));
    }
    ZC_TRY(get_message(keys, intent));
    intent->has_order = take_key(keys, 11);
    if (intent->has_order) {
        ZC_TRY(zc_cbor_get_bytes(keys->reader, &order));
        ZC_TRY(zc_order_read(order, &intent->order));
    }
    return ZC_OK;
}

static zc_result get_head(key_cursor *keys, zc_intent *intent)
{
    uint64_t family;
    uint64_t operation;
    ZC_TRY(get_key_max(keys, 1, UINT8_MAX, &family));
    ZC_TRY(get_key_max(keys, 2, UINT8_MAX, &operation));
    intent->family = (zc_family)family;
    intent->operation = (zc_operation)operation;
    ZC_TRY(get_key_max(keys, 3, UINT64_MAX, &intent->flags));
    if (zc_family_name(intent->family) == NULL || zc_operation_name(intent->operation) == NULL ||
        (intent->flags & ~ZC_FLAGS_KNOWN) != 0) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ZC_TRY(get_key_address(keys, 4, &intent->account));
    return get_key_fixed(keys, 5, intent->digest, sizeof(intent->digest));
}

static zc_result read_intent(zc_slice encoded, zc_intent *intent)
{
    zc_reader reader = zc_reader_of(encoded);
    key_cursor keys = {.reader = &reader};
    ZC_TRY(zc_cbor_get_map(&reader, 11, &keys.left));
    ZC_TRY(get_head(&keys, intent));
    ZC_TRY(get_lists(&keys, intent));
    ZC_TRY(get_body(&keys, intent));
    return keys.left == 0 ? zc_reader_end(&reader) : zc_fail(ZC_INTENT_BAD_ENCODING);
}

zc_result zc_intent_read(zc_slice encoded, zc_intent *ret_intent)
{
    zc_intent_reset(ret_intent);
    zc_result result = read_intent(encoded, ret_intent);
    if (!zc_ok(result)) {
        zc_intent_reset(ret_intent);
    }
    return result;
}
