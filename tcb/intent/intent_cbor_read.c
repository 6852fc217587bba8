#include "codec/cbor.h"
#include "intent/intent_cbor.h"

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

static zc_result get_asset(zc_reader *reader, zc_asset_id *ret_asset)
{
    bool native;
    zc_asset_id asset = {.kind = ZC_ASSET_TOKEN};
    ZC_TRY(zc_cbor_get_uint(reader, &asset.chain_id));
    ZC_TRY(zc_cbor_take_null(reader, &native));
    if (native) {
        asset.kind = ZC_ASSET_NATIVE;
    } else {
        ZC_TRY(zc_cbor_get_fixed_bytes(reader, asset.contract, sizeof(asset.contract)));
    }
    *ret_asset = asset;
    return ZC_OK;
}

static zc_result get_movement(zc_reader *reader, zc_movement *ret_movement)
{
    size_t count;
    uint64_t kind;
    ZC_TRY(zc_cbor_get_array(reader, 6, &count));
    ZC_TRY(zc_cbor_get_uint_max(reader, ZC_MOVEMENT_PULL, &kind));
    if (count != 6 || kind == 0) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ret_movement->kind = (zc_movement_kind)kind;
    ZC_TRY(get_asset(reader, &ret_movement->asset));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, ret_movement->from, sizeof(ret_movement->from)));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, ret_movement->to, sizeof(ret_movement->to)));
    return zc_cbor_get_u256(reader, &ret_movement->amount);
}

static zc_result get_movements(key_cursor *keys, zc_intent *intent)
{
    size_t count;
    ZC_TRY(get_key(keys, 6));
    ZC_TRY(zc_cbor_get_array(keys->reader, ZC_INTENT_MAX_MOVEMENTS, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(get_movement(keys->reader, &intent->movements[i]));
    }
    intent->movement_count = (uint32_t)count;
    return ZC_OK;
}

static zc_result get_destination(key_cursor *keys, zc_intent *intent)
{
    intent->has_chain_id = take_key(keys, 2);
    if (intent->has_chain_id) {
        ZC_TRY(zc_cbor_get_uint(keys->reader, &intent->chain_id));
    }
    intent->has_to = take_key(keys, 3);
    if (intent->has_to) {
        ZC_TRY(zc_cbor_get_fixed_bytes(keys->reader, intent->to, sizeof(intent->to)));
    }
    intent->has_selector = take_key(keys, 4);
    if (intent->has_selector) {
        ZC_TRY(zc_cbor_get_fixed_bytes(keys->reader, intent->selector, sizeof(intent->selector)));
    }
    return ZC_OK;
}

static zc_result get_tx(zc_reader *reader, zc_intent *intent)
{
    key_cursor keys = {.reader = reader};
    uint64_t type;
    ZC_TRY(zc_cbor_get_map(reader, 14, &keys.left));
    ZC_TRY(get_key_max(&keys, 1, UINT8_MAX, &type));
    intent->tx_type = (uint8_t)type;
    ZC_TRY(get_destination(&keys, intent));
    ZC_TRY(get_key_max(&keys, 5, UINT64_MAX, &intent->nonce));
    ZC_TRY(get_key_u256(&keys, 6, &intent->gas_limit));
    ZC_TRY(get_key_u256(&keys, 7, &intent->gas_price));
    ZC_TRY(get_key_u256(&keys, 8, &intent->gas_tip));
    ZC_TRY(get_key_u256(&keys, 9, &intent->max_fee));
    ZC_TRY(get_key_u256(&keys, 10, &intent->value));
    ZC_TRY(get_key_u32(&keys, 11, &intent->data_len));
    ZC_TRY(get_key_u32(&keys, 12, &intent->access_addresses));
    ZC_TRY(get_key_u32(&keys, 13, &intent->access_keys));
    intent->has_expiry = take_key(&keys, 14);
    if (intent->has_expiry) {
        ZC_TRY(zc_cbor_get_uint(reader, &intent->expiry_ms));
    }
    return keys.left == 0 ? ZC_OK : zc_fail(ZC_INTENT_BAD_ENCODING);
}

static zc_result get_body(key_cursor *keys, zc_intent *intent)
{
    switch (intent->operation) {
    case ZC_OPERATION_MESSAGE:
        ZC_TRY(get_key(keys, 8));
        ZC_TRY(zc_cbor_get_bytes(keys->reader, &intent->message));
        return intent->message.len <= ZC_INTENT_MAX_MESSAGE ? ZC_OK
                                                            : zc_fail(ZC_INTENT_BAD_ENCODING);
    case ZC_OPERATION_DIGEST:
        return ZC_OK;
    default:
        ZC_TRY(get_key(keys, 7));
        return get_tx(keys->reader, intent);
    }
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
    ZC_TRY(get_key_fixed(keys, 4, intent->account, sizeof(intent->account)));
    return get_key_fixed(keys, 5, intent->digest, sizeof(intent->digest));
}

zc_result zc_intent_read(zc_slice encoded, zc_intent *ret_intent)
{
    zc_intent intent;
    zc_reader reader = zc_reader_of(encoded);
    key_cursor keys = {.reader = &reader};
    zc_intent_reset(&intent);
    ZC_TRY(zc_cbor_get_map(&reader, 7, &keys.left));
    ZC_TRY(get_head(&keys, &intent));
    ZC_TRY(get_movements(&keys, &intent));
    ZC_TRY(get_body(&keys, &intent));
    if (keys.left != 0) {
        return zc_fail(ZC_INTENT_BAD_ENCODING);
    }
    ZC_TRY(zc_reader_end(&reader));
    memcpy(ret_intent, &intent,
           offsetof(zc_intent, movements) + intent.movement_count * sizeof(intent.movements[0]));
    return ZC_OK;
}
