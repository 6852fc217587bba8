#include "policy/mission_form.h"

#include <string.h>

#include "codec/cbor.h"

/* Enters a list, or passes over its null. `used` of `capacity` items of its pool are taken. */
static zc_result enter_list(zc_reader *reader, size_t used, size_t capacity, zc_list *ret_list)
{
    bool any = false;
    size_t count = 0;
    ZC_TRY(zc_cbor_take_null(reader, &any));
    if (any) {
        *ret_list = (zc_list){0};
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_array(reader, capacity, &count));
    if (count > capacity - used) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    *ret_list = (zc_list){.listed = true, .count = (uint16_t)count, .first = (uint16_t)used};
    return ZC_OK;
}

/* A list of indices below `bound`, as bits. */
static zc_result read_bits(zc_reader *reader, size_t bound, bool *ret_listed, uint64_t *ret_bits)
{
    bool any = false;
    size_t count = 0;
    uint64_t least = 0;
    ZC_TRY(zc_cbor_take_null(reader, &any));
    *ret_listed = !any;
    if (any) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_array(reader, bound, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t index = 0;
        ZC_TRY(zc_cbor_get_uint(reader, &index));
        if (index >= bound) {
            return zc_fail(ZC_POLICY_MISSION_INDEX);
        }
        if (index < least) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        ret_bits[index / 64] |= UINT64_C(1) << (index % 64);
        least = index + 1;
    }
    return ZC_OK;
}

bool zc_key_pattern_valid(zc_slice text)
{
    if (text.len == 0 || text.len >= ZC_MISSION_NAME_SIZE) {
        return false;
    }
    size_t name = text.data[text.len - 1] == '*' ? text.len - 1 : text.len;
    for (size_t i = 0; i < name; i++) {
        uint8_t c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
            return false;
        }
    }
    return true;
}

static zc_result read_keys(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_list(reader, mission->key_pattern_count, ZC_MISSION_MAX_KEY_PATTERNS, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        zc_key_pattern *pattern = &mission->key_patterns[mission->key_pattern_count];
        zc_slice text = {0};
        ZC_TRY(zc_cbor_get_text(reader, &text));
        if (!zc_key_pattern_valid(text)) {
            return zc_fail(ZC_POLICY_MISSION_KEY_PATTERN);
        }
        memcpy(pattern->text, text.data, text.len);
        if (i > 0 && strcmp(pattern[-1].text, pattern->text) >= 0) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        mission->key_pattern_count++;
    }
    return ZC_OK;
}

static zc_result read_chains(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_list(reader, mission->chain_count, ZC_MISSION_MAX_CHAINS, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        uint64_t *chain = &mission->chains[mission->chain_count];
        ZC_TRY(zc_cbor_get_uint(reader, chain));
        if (i > 0 && chain[-1] >= *chain) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        mission->chain_count++;
    }
    return ZC_OK;
}

static zc_result read_addresses(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_list(reader, mission->address_count, ZC_MISSION_MAX_ADDRESSES, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        zc_address *address = &mission->addresses[mission->address_count];
        ZC_TRY(zc_mission_read_address(reader, address));
        if (i > 0 && zc_address_compare(&address[-1], address) >= 0) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        mission->address_count++;
    }
    return ZC_OK;
}

static zc_result read_methods(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_list(reader, mission->method_count, ZC_MISSION_MAX_METHODS, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        zc_method *method = &mission->methods[mission->method_count];
        zc_slice bytes = {0};
        ZC_TRY(zc_cbor_get_bytes(reader, &bytes));
        if (bytes.len == 0 || bytes.len > ZC_METHOD_MAX) {
            return zc_fail(ZC_POLICY_MISSION_RULE_SHAPE);
        }
        method->len = (uint8_t)bytes.len;
        memcpy(method->byte, bytes.data, bytes.len);
        /* Zeros follow the bytes, and the length comes first: one comparison orders both. */
        if (i > 0 && memcmp(&method[-1], method, sizeof *method) >= 0) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        mission->method_count++;
    }
    return ZC_OK;
}

static zc_result read_operations(zc_reader *reader, zc_scope *scope)
{
    bool any = false;
    ZC_TRY(zc_cbor_take_null(reader, &any));
    scope->operations_listed = !any;
    if (any) {
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_uint(reader, &scope->operations));
#define ZC_OPERATION_MASK(name, number, text, title) | zc_operation_bit(ZC_OPERATION_##name)
    const uint64_t known = 0 ZC_OPERATIONS(ZC_OPERATION_MASK);
#undef ZC_OPERATION_MASK
    return (scope->operations & ~known) == 0 ? ZC_OK : zc_fail(ZC_POLICY_MISSION_UNKNOWN_BIT);
}

static zc_result read_flags_and_uses(zc_reader *reader, zc_scope *scope)
{
    uint64_t uses = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 9));
    ZC_TRY(zc_cbor_get_uint(reader, &scope->accepted_flags));
    ZC_TRY(zc_cbor_get_key_uint(reader, 10));
    ZC_TRY(zc_cbor_get_uint(reader, &uses));
    if ((scope->accepted_flags & ~ZC_FLAGS_KNOWN) != 0 || (uses & ~(uint64_t)ZC_USES_KNOWN) != 0) {
        return zc_fail(ZC_POLICY_MISSION_UNKNOWN_BIT);
    }
    scope->uses = (uint32_t)uses;
    return ZC_OK;
}

static zc_result read_scope(zc_reader *reader, zc_mission *mission, zc_scope *scope)
{
    ZC_TRY(zc_mission_enter(reader, 10));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(
        read_bits(reader, mission->principal_count, &scope->principals_listed, &scope->principals));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(read_keys(reader, mission, &scope->keys));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(read_chains(reader, mission, &scope->chains));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(read_operations(reader, scope));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(read_addresses(reader, mission, &scope->contracts));
    ZC_TRY(zc_cbor_get_key_uint(reader, 6));
    ZC_TRY(read_methods(reader, mission, &scope->methods));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(read_bits(reader, mission->asset_count, &scope->assets_listed, scope->assets));
    ZC_TRY(zc_cbor_get_key_uint(reader, 8));
    ZC_TRY(read_addresses(reader, mission, &scope->counterparties));
    return read_flags_and_uses(reader, scope);
}

/* Asset and amount, keys 4 and 5. */
static zc_result read_amount(zc_reader *reader, const zc_mission *mission, zc_rule *rule)
{
    bool none = false;
    uint64_t asset = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (!none) {
        ZC_TRY(zc_cbor_get_uint(reader, &asset));
        if (asset >= mission->asset_count) {
            return zc_fail(ZC_POLICY_MISSION_INDEX);
        }
        rule->has_asset = true;
        rule->asset = (uint16_t)asset;
    }
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (!none) {
        ZC_TRY(zc_cbor_get_u256(reader, &rule->amount));
        rule->has_amount = true;
    }
    return ZC_OK;
}

zc_result zc_mission_read_rule(zc_reader *reader, zc_mission *mission)
{
    zc_rule *rule = &mission->rules[mission->rule_count];
    uint64_t kind = 0;
    uint64_t window = 0;
    uint64_t count = 0;
    ZC_TRY(zc_mission_enter(reader, 7));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, rule->name, sizeof rule->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_cbor_get_uint(reader, &kind));
    if (kind < ZC_RULE_ALLOW || kind >= ZC_RULE_KINDS) {
        return zc_fail(ZC_POLICY_MISSION_RULE_KIND);
    }
    rule->kind = (zc_rule_kind)kind;
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(read_scope(reader, mission, &rule->scope));
    ZC_TRY(read_amount(reader, mission, rule));
    ZC_TRY(zc_cbor_get_key_uint(reader, 6));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &window));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX, &count));
    rule->window_s = (uint32_t)window;
    rule->count = (uint32_t)count;
    mission->rule_count++;
    return zc_rule_validate(rule);
}
