#include "intent_json.h"

#include "support/json.h"

#define TEXT_SIZE (ZC_ADDRESS_MAX * 10)

static bool set_address(json_t *object, const char *key, uint64_t chain, const zc_address *address)
{
    char text[TEXT_SIZE];
    zc_writer writer = zc_writer_of(text, sizeof text);
    if (address->len == 0) {
        return zc_json_set(object, key, json_null());
    }
    return zc_ok(zc_address_write(chain, address, &writer)) &&
           zc_json_set_slice_text(object, key, zc_writer_written(&writer));
}

/* The chain whose form an intent's addresses have; one without a chain is for any EVM chain. */
static uint64_t chain_of(const zc_intent *intent)
{
    return intent->has_chain_id || intent->family != ZC_FAMILY_EVM ? intent->chain_id : 1;
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

/* EVM contracts and Solana mints as addresses; what is text stays text. */
static bool set_token(json_t *object, const zc_asset_id *id)
{
    zc_family family = zc_chain_family(id->chain_id);
    const zc_address token = zc_address_of(zc_asset_id_slice(id));
    if (id->kind == ZC_ASSET_NATIVE) {
        return true;
    }
    if (family == ZC_FAMILY_COSMOS || family == ZC_FAMILY_VENUE) {
        return zc_json_set_slice_text(object, "token", zc_asset_id_slice(id));
    }
    return set_address(object, "contract", id->chain_id == 0 ? 1 : id->chain_id, &token);
}

static json_t *movement_json(const zc_intent *intent, const zc_movement *movement,
                             const zc_catalog *catalog)
{
    const zc_asset *asset = zc_catalog_asset(catalog, &movement->asset);
    uint64_t chain = chain_of(intent);
    json_t *out = json_object();
    bool made = out != NULL &&
                zc_json_set_text(out, "kind", zc_movement_kind_name(movement->kind)) &&
                zc_json_set_u256(out, "amount", &movement->amount) &&
                zc_json_set_bool(out, "native", movement->asset.kind == ZC_ASSET_NATIVE) &&
                set_token(out, &movement->asset) &&
                (!movement->has_item || zc_json_set_u256(out, "item", &movement->item)) &&
                (asset == NULL || (zc_json_set_text(out, "asset", asset->name) &&
                                   zc_json_set_u64(out, "decimals", asset->decimals))) &&
                (movement->call == ZC_CALL_NONE || zc_json_set_u64(out, "call", movement->call)) &&
                set_address(out, "from", chain, &movement->from) &&
                set_address(out, "to", chain, &movement->to);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* Methods of EVM and Solana are bytes; those of Cosmos and of venues are text. */
static bool set_method(json_t *object, const zc_intent *intent, const zc_call *call)
{
    const zc_slice method = zc_slice_of(call->method, call->method_len);
    bool text = intent->family != ZC_FAMILY_EVM && intent->family != ZC_FAMILY_SOLANA;
    if (call->method_len == 0) {
        return true;
    }
    return text ? zc_json_set_slice_text(object, "method", method)
                : zc_json_set_hex0x(object, "method", method);
}

static json_t *call_json(const zc_intent *intent, const zc_call *call)
{
    json_t *out = json_object();
    bool made = out != NULL && set_address(out, "target", chain_of(intent), &call->target) &&
                set_method(out, intent, call) &&
                zc_json_set_bool(out, "delegatecall", call->is_delegate) &&
                zc_json_set_bool(out, "read", call->is_read) &&
                zc_json_set_u64(out, "data_len", call->data_len) &&
                zc_json_set_u256(out, "value", &call->value) &&
                (call->parent == ZC_CALL_NONE || zc_json_set_u64(out, "parent", call->parent));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool set_argument_value(json_t *object, const zc_intent *intent, const zc_argument *argument)
{
    const zc_slice bytes = zc_slice_of(argument->byte, argument->len);
    const zc_address address = zc_address_of(bytes);
    if (argument->is_hash) {
        return zc_json_set_hex(object, "sha256", bytes);
    }
    switch (argument->kind) {
    case ZC_ARGUMENT_BOOL:
        return zc_json_set_bool(object, "value", !zc_u256_is_zero(&argument->number));
    case ZC_ARGUMENT_ADDRESS:
        return set_address(object, "value", chain_of(intent), &address);
    case ZC_ARGUMENT_BYTES:
        return zc_json_set_hex0x(object, "value", bytes);
    case ZC_ARGUMENT_TEXT:
        return zc_json_set_slice_text(object, "value", bytes);
    case ZC_ARGUMENT_NUMBER:
    case ZC_ARGUMENT_SIGNED:
        break;
    }
    return zc_json_set_u256(object, "value", &argument->number);
}

static json_t *argument_json(const zc_intent *intent, const zc_argument *argument)
{
    static const char *const kinds[] = {
        [ZC_ARGUMENT_NUMBER] = "number", [ZC_ARGUMENT_SIGNED] = "twos-complement",
        [ZC_ARGUMENT_BOOL] = "bool",     [ZC_ARGUMENT_ADDRESS] = "address",
        [ZC_ARGUMENT_BYTES] = "bytes",   [ZC_ARGUMENT_TEXT] = "text",
    };
    json_t *out = json_object();
    bool made = out != NULL && zc_json_set_text(out, "label", argument->label) &&
                zc_json_set_text(out, "kind", kinds[argument->kind]) &&
                set_argument_value(out, intent, argument) &&
                (!argument->is_said || zc_json_set_bool(out, "in_movement", true)) &&
                (argument->call == ZC_CALL_NONE || zc_json_set_u64(out, "call", argument->call));
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool set_chain(json_t *out, const zc_intent *intent)
{
    char text[ZC_CHAIN_NAME_SIZE];
    zc_writer writer = zc_writer_of(text, sizeof text);
    const zc_slice id = zc_slice_of_text(intent->chain_name);
    if (!intent->has_chain_id) {
        return true;
    }
    /* Chain ids beyond 2^63 are numbers of ours: their names say more. */
    bool evm = zc_chain_family(intent->chain_id) == ZC_FAMILY_EVM;
    return zc_ok(zc_chain_write(intent->chain_id, id, &writer)) &&
           zc_json_set_slice_text(out, "chain", zc_writer_written(&writer)) &&
           (!evm || zc_json_set_u64(out, "chain_id", intent->chain_id));
}

static bool add_evm(json_t *out, const zc_intent *intent)
{
    const zc_slice method = zc_intent_method(intent);
    return zc_json_set_u64(out, "tx_type", intent->tx_type) &&
           zc_json_set_u256(out, "gas_limit", &intent->gas_limit) &&
           zc_json_set_u256(out, "gas_price", &intent->gas_price) &&
           zc_json_set_u256(out, "gas_tip", &intent->gas_tip) &&
           (method.len != 4 || zc_json_set_hex0x(out, "selector", method));
}

static bool add_transaction(json_t *out, const zc_intent *intent)
{
    return set_chain(out, intent) && zc_json_set_u64(out, "nonce", intent->nonce) &&
           (intent->family != ZC_FAMILY_EVM || add_evm(out, intent)) &&
           zc_json_set_u256(out, "max_fee", &intent->max_fee) &&
           zc_json_set_u256(out, "value", &intent->value) &&
           zc_json_set_u64(out, "data_len", intent->data_len) &&
           zc_json_set_u64(out, "signatures", intent->signatures) &&
           (!intent->has_expiry || zc_json_set_u64(out, "expiry_ms", intent->expiry_ms)) &&
           (intent->to.len == 0 || set_address(out, "to", chain_of(intent), &intent->to));
}

/* Appends to a list; takes the item, which may be NULL. */
static bool append(json_t *list, json_t *item)
{
    return item != NULL && json_array_append_new(list, item) == 0;
}

static bool add_lists(json_t *out, const zc_intent *intent, const zc_catalog *catalog)
{
    json_t *movements = json_array();
    json_t *calls = json_array();
    json_t *arguments = json_array();
    bool made = movements != NULL && calls != NULL && arguments != NULL;
    for (uint32_t i = 0; made && i < intent->movement_count; i++) {
        made = append(movements, movement_json(intent, &intent->movements[i], catalog));
    }
    for (uint32_t i = 0; made && i < intent->call_count; i++) {
        made = append(calls, call_json(intent, &intent->calls[i]));
    }
    for (uint32_t i = 0; made && i < intent->argument_count; i++) {
        made = append(arguments, argument_json(intent, &intent->arguments[i]));
    }
    made = zc_json_set(out, "movements", movements) && made;
    made = zc_json_set(out, "calls", calls) && made;
    return zc_json_set(out, "arguments", arguments) && made;
}

json_t *zc_intent_json(const zc_intent *intent, const zc_catalog *catalog)
{
    json_t *out = json_object();
    bool made =
        out != NULL && zc_json_set_text(out, "family", zc_family_name(intent->family)) &&
        zc_json_set_text(out, "operation", zc_operation_name(intent->operation)) &&
        zc_json_set_hex0x(out, "digest", ZC_SLICE_OF_ARRAY(intent->digest)) &&
        set_address(out, "account", chain_of(intent), &intent->account) &&
        (!zc_intent_is_tx(intent) || add_transaction(out, intent)) &&
        (intent->message.len == 0 || zc_json_set_u64(out, "message_len", intent->message.len)) &&
        add_lists(out, intent, catalog);
    if (!made) {
        json_decref(out);
        return NULL;
    }
    return out;
}
