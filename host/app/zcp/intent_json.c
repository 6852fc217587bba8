#include "intent_json.h"

#include "intent/decode.h"
#include "support/json.h"

static bool set_address(json_t *object, const char *key, const uint8_t address[static 20])
{
    char text[ZC_EVM_ADDRESS_TEXT_SIZE];
    zc_evm_address_text(address, text);
    return zc_json_set_text(object, key, text);
}

json_t *zc_intent_flags_json(const zc_intent *intent)
{
    json_t *flags = json_array();
    for (unsigned bit = 0; flags != NULL && bit < 64; bit++) {
        if ((intent->flags >> bit & 1) != 0 && zc_flag_name(bit) != NULL) {
            (void)json_array_append_new(flags, json_string(zc_flag_name(bit)));
        }
    }
    return flags;
}

static json_t *movement_json(const zc_movement *movement, const zc_catalog *catalog)
{
    static const char *const kinds[] = {[ZC_MOVEMENT_OUT] = "out",
                                        [ZC_MOVEMENT_FEE] = "fee",
                                        [ZC_MOVEMENT_ALLOWANCE] = "allowance",
                                        [ZC_MOVEMENT_PULL] = "pull"};
    const zc_asset *asset = zc_catalog_asset(catalog, &movement->asset);
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "kind", kinds[movement->kind]) &&
                zc_json_set_u256(out, "amount", &movement->amount) &&
                zc_json_set_bool(out, "native", movement->asset.kind == ZC_ASSET_NATIVE) &&
                (movement->asset.kind == ZC_ASSET_NATIVE ||
                 set_address(out, "contract", movement->asset.contract)) &&
                (asset == NULL || (zc_json_set_text(out, "asset", asset->name) &&
                                   zc_json_set_u64(out, "decimals", asset->decimals))) &&
                set_address(out, "from", movement->from) && set_address(out, "to", movement->to);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool add_transaction(json_t *out, const zc_intent *intent)
{
    return zc_json_set_u64(out, "tx_type", intent->tx_type) &&
           zc_json_set_u64(out, "nonce", intent->nonce) &&
           zc_json_set_u256(out, "gas_limit", &intent->gas_limit) &&
           zc_json_set_u256(out, "gas_price", &intent->gas_price) &&
           zc_json_set_u256(out, "gas_tip", &intent->gas_tip) &&
           zc_json_set_u256(out, "max_fee", &intent->max_fee) &&
           zc_json_set_u256(out, "value", &intent->value) &&
           zc_json_set_u64(out, "data_len", intent->data_len) &&
           (!intent->has_chain_id || zc_json_set_u64(out, "chain_id", intent->chain_id)) &&
           (!intent->has_to || set_address(out, "to", intent->to)) &&
           (!intent->has_selector ||
            zc_json_set_hex0x(out, "selector", ZC_SLICE_OF_ARRAY(intent->selector)));
}

json_t *zc_intent_json(const zc_intent *intent, const zc_catalog *catalog)
{
    json_t *out = json_object();
    json_t *movements = json_array();
    bool is_transaction =
        intent->operation != ZC_OPERATION_MESSAGE && intent->operation != ZC_OPERATION_DIGEST;
    bool made = out != NULL && movements != NULL &&
                zc_json_set_text(out, "family", zc_family_name(intent->family)) &&
                zc_json_set_text(out, "operation", zc_operation_name(intent->operation)) &&
                zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(intent->digest)) &&
                set_address(out, "account", intent->account) &&
                (!is_transaction || add_transaction(out, intent));
    for (uint32_t i = 0; made && i < intent->movement_count; i++) {
        json_t *movement = movement_json(&intent->movements[i], catalog);
        made = movement != NULL && json_array_append_new(movements, movement) == 0;
    }
    made = zc_json_set(out, "movements", movements) && made;
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}
