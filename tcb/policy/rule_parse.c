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

zc_result zc_mission_read_bits(zc_reader *reader, size_t bound, bool *ret_listed,
                               uint64_t *ret_bits)
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

static zc_result keep_address(zc_mission *mission, const zc_address *address, zc_address_list *list)
{
    if (address->len == ZC_EVM_ADDRESS_SIZE) {
        if (mission->evm_count == ZC_MISSION_MAX_EVM) {
            return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
        }
        memcpy(mission->evm[mission->evm_count++].byte, address->byte, ZC_EVM_ADDRESS_SIZE);
        list->evm_count++;
        return ZC_OK;
    }
    if (mission->other_count == ZC_MISSION_MAX_OTHERS) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    mission->others[mission->other_count++] = *address;
    list->other_count++;
    return ZC_OK;
}

zc_result zc_mission_read_addresses(zc_reader *reader, zc_mission *mission,
                                    zc_address_list *ret_list)
{
    bool any = false;
    size_t count = 0;
    zc_address_list list = {.listed = true,
                            .evm_first = (uint32_t)mission->evm_count,
                            .other_first = (uint32_t)mission->other_count};
    zc_address before = {0};
    ZC_TRY(zc_cbor_take_null(reader, &any));
    if (any) {
        *ret_list = (zc_address_list){0};
        return ZC_OK;
    }
    ZC_TRY(zc_cbor_get_array(reader, ZC_MISSION_MAX_EVM + ZC_MISSION_MAX_OTHERS, &count));
    for (size_t i = 0; i < count; i++) {
        zc_address address = {0};
        ZC_TRY(zc_mission_read_address(reader, &address));
        if (i > 0 && zc_address_compare(&before, &address) >= 0) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        ZC_TRY(keep_address(mission, &address, &list));
        before = address;
    }
    *ret_list = list;
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
    ZC_TRY(zc_mission_enter(reader, 11));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_bits(reader, mission->principal_count, &scope->principals_listed,
                                &scope->principals));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(read_keys(reader, mission, &scope->keys));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(read_chains(reader, mission, &scope->chains));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(read_operations(reader, scope));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_mission_read_addresses(reader, mission, &scope->contracts));
    ZC_TRY(zc_cbor_get_key_uint(reader, 6));
    ZC_TRY(read_methods(reader, mission, &scope->methods));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(
        zc_mission_read_bits(reader, mission->asset_count, &scope->assets_listed, scope->assets));
    ZC_TRY(zc_cbor_get_key_uint(reader, 8));
    ZC_TRY(zc_mission_read_addresses(reader, mission, &scope->counterparties));
    ZC_TRY(read_flags_and_uses(reader, scope));
    ZC_TRY(zc_cbor_get_key_uint(reader, 11));
    return zc_mission_read_bits(reader, ZC_MISSION_MAX_MARKETS, &scope->markets_listed,
                                scope->markets);
}

zc_result zc_mission_read_amount(zc_reader *reader, bool *ret_has, zc_u256 *ret_amount)
{
    bool none = false;
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (!none) {
        ZC_TRY(zc_cbor_get_u256(reader, ret_amount));
    }
    *ret_has = !none;
    return ZC_OK;
}

zc_result zc_mission_read_index(zc_reader *reader, size_t bound, bool *ret_has, uint16_t *ret_index)
{
    bool none = false;
    uint64_t index = 0;
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (!none) {
        ZC_TRY(zc_cbor_get_uint(reader, &index));
        if (index >= bound) {
            return zc_fail(ZC_POLICY_MISSION_INDEX);
        }
    }
    *ret_has = !none;
    *ret_index = (uint16_t)index;
    return ZC_OK;
}

zc_result zc_mission_read_number(zc_reader *reader, uint64_t key, uint64_t max,
                                 uint64_t *ret_number)
{
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    return zc_cbor_get_uint_max(reader, max, ret_number);
}

zc_result zc_mission_read_rule(zc_reader *reader, zc_mission *mission)
{
    zc_rule *rule = &mission->rules[mission->rule_count];
    uint64_t kind = 0;
    uint64_t measure = 0;
    ZC_TRY(zc_mission_enter(reader, 20));
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
    ZC_TRY(zc_mission_read_number(reader, 4, ZC_MEASURE_KINDS - 1, &measure));
    rule->measure = (zc_measure_kind)measure;
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_mission_read_index(reader, mission->asset_count, &rule->has_asset, &rule->asset));
    ZC_TRY(zc_cbor_get_key_uint(reader, 6));
    ZC_TRY(zc_mission_read_amount(reader, &rule->has_amount, &rule->amount));
    ZC_TRY(zc_mission_read_terms(reader, mission, rule));
    mission->rule_count++;
    return zc_rule_validate(rule);
}
