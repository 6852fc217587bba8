/* Whom and what a rule is for, in the compiled mission: lists and bits, read and written. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

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

/* Rules that the compiler makes of one, an allowance and its limits, share their lists of
 * addresses: the first spells its list out, the others name that rule. */
typedef const zc_address_list *(*list_of_rule)(const zc_rule *rule);

static const zc_address_list *contracts_of(const zc_rule *rule)
{
    return &rule->scope.contracts;
}

static const zc_address_list *counterparties_of(const zc_rule *rule)
{
    return &rule->scope.counterparties;
}

/* The first rule before `rule` whose list is the very same run of the pools, or `rule`. Nobody
 * shares a list without items. */
static size_t first_with(const zc_mission *mission, size_t rule, list_of_rule of,
                         const zc_address_list *list)
{
    size_t at = zc_address_list_count(list) > 0 ? 0 : rule;
    while (at < rule && !zc_address_list_same(of(&mission->rules[at]), list)) {
        at++;
    }
    return at;
}

/* A list of addresses, or the number of the first rule that has the same. The rule that is being
 * read is the mission's next. */
static zc_result read_shared(zc_reader *reader, zc_mission *mission, list_of_rule of,
                             zc_address_list *ret_list)
{
    zc_cbor_type type;
    uint64_t rule = 0;
    ZC_TRY(zc_cbor_peek_type(reader, &type));
    if (type != ZC_CBOR_UINT) {
        return zc_mission_read_addresses(reader, mission, ret_list);
    }
    ZC_TRY(zc_cbor_get_uint(reader, &rule));
    if (rule >= mission->rule_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    const zc_address_list *list = of(&mission->rules[rule]);
    if (zc_address_list_count(list) == 0 || first_with(mission, (size_t)rule, of, list) != rule) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    *ret_list = *list;
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

zc_result zc_mission_read_scope(zc_reader *reader, zc_mission *mission, zc_scope *scope)
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
    ZC_TRY(read_shared(reader, mission, contracts_of, &scope->contracts));
    ZC_TRY(zc_cbor_get_key_uint(reader, 6));
    ZC_TRY(read_methods(reader, mission, &scope->methods));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(
        zc_mission_read_bits(reader, mission->asset_count, &scope->assets_listed, scope->assets));
    ZC_TRY(zc_cbor_get_key_uint(reader, 8));
    ZC_TRY(read_shared(reader, mission, counterparties_of, &scope->counterparties));
    ZC_TRY(read_flags_and_uses(reader, scope));
    ZC_TRY(zc_cbor_get_key_uint(reader, 11));
    return zc_mission_read_bits(reader, ZC_MISSION_MAX_MARKETS, &scope->markets_listed,
                                scope->markets);
}

/* The key, and the head of a list or its null. The list lies in a pool of `used` items. */
static zc_result put_list(zc_writer *writer, uint64_t key, const zc_list *list, size_t used)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    if (!list->listed) {
        return zc_cbor_put_null(writer);
    }
    if ((size_t)list->first + list->count > used) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    return zc_cbor_put_array(writer, list->count);
}

static bool bit_set(const uint64_t *bits, size_t at)
{
    return ((bits[at / 64] >> (at % 64)) & 1) != 0;
}

/* The set bits of `capacity`, as indices below `bound`. */
zc_result zc_mission_write_bits(zc_writer *writer, bool listed, const uint64_t *bits,
                                size_t capacity, size_t bound)
{
    size_t count = 0;
    if (!listed) {
        return zc_cbor_put_null(writer);
    }
    for (size_t i = 0; i < capacity; i++) {
        if (bit_set(bits, i) && i >= bound) {
            return zc_fail(ZC_POLICY_MISSION_INDEX);
        }
        count += bit_set(bits, i);
    }
    ZC_TRY(zc_cbor_put_array(writer, count));
    for (size_t i = 0; i < bound; i++) {
        if (bit_set(bits, i)) {
            ZC_TRY(zc_cbor_put_uint(writer, i));
        }
    }
    return ZC_OK;
}

zc_result zc_mission_write_addresses(zc_writer *writer, const zc_mission *mission,
                                     const zc_address_list *list)
{
    if (!list->listed) {
        return zc_cbor_put_null(writer);
    }
    if ((size_t)list->evm_first + list->evm_count > mission->evm_count ||
        (size_t)list->other_first + list->other_count > mission->other_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    size_t count = zc_address_list_count(list);
    ZC_TRY(zc_cbor_put_array(writer, count));
    for (size_t i = 0; i < count; i++) {
        zc_address address = zc_address_list_at(mission, list, i);
        ZC_TRY(zc_cbor_put_bytes(writer, zc_address_slice(&address)));
    }
    return ZC_OK;
}

static zc_result put_keys(zc_writer *writer, const zc_mission *mission, const zc_list *list)
{
    ZC_TRY(put_list(writer, 2, list, mission->key_pattern_count));
    for (size_t i = 0; list->listed && i < list->count; i++) {
        const char *text = mission->key_patterns[list->first + i].text;
        ZC_TRY(zc_cbor_put_text(writer, zc_slice_of(text, strnlen(text, ZC_MISSION_NAME_SIZE))));
    }
    return ZC_OK;
}

static zc_result put_chains(zc_writer *writer, const zc_mission *mission, const zc_list *list)
{
    ZC_TRY(put_list(writer, 3, list, mission->chain_count));
    for (size_t i = 0; list->listed && i < list->count; i++) {
        ZC_TRY(zc_cbor_put_uint(writer, mission->chains[list->first + i]));
    }
    return ZC_OK;
}

static zc_result put_methods(zc_writer *writer, uint64_t key, const zc_mission *mission,
                             const zc_list *list)
{
    ZC_TRY(put_list(writer, key, list, mission->method_count));
    for (size_t i = 0; list->listed && i < list->count; i++) {
        const zc_method *method = &mission->methods[list->first + i];
        ZC_TRY(zc_cbor_put_bytes(writer, zc_slice_of(method->byte, method->len)));
    }
    return ZC_OK;
}

static zc_result put_bits(zc_writer *writer, uint64_t key, bool listed, const uint64_t *bits,
                          size_t capacity, size_t bound)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_mission_write_bits(writer, listed, bits, capacity, bound);
}

static zc_result put_number(zc_writer *writer, uint64_t key, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_uint(writer, value);
}

static zc_result put_shared(zc_writer *writer, uint64_t key, const zc_mission *mission, size_t rule,
                            list_of_rule of)
{
    const zc_address_list *list = of(&mission->rules[rule]);
    size_t first = first_with(mission, rule, of, list);
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return first < rule ? zc_cbor_put_uint(writer, first)
                        : zc_mission_write_addresses(writer, mission, list);
}

zc_result zc_mission_write_scope(zc_writer *writer, const zc_mission *mission, size_t rule)
{
    const zc_scope *scope = &mission->rules[rule].scope;
    ZC_TRY(zc_cbor_put_map(writer, 11));
    ZC_TRY(put_bits(writer, 1, scope->principals_listed, &scope->principals,
                    ZC_MISSION_MAX_PRINCIPALS, mission->principal_count));
    ZC_TRY(put_keys(writer, mission, &scope->keys));
    ZC_TRY(put_chains(writer, mission, &scope->chains));
    if (scope->operations_listed) {
        ZC_TRY(put_number(writer, 4, scope->operations));
    } else {
        ZC_TRY(zc_cbor_put_uint(writer, 4));
        ZC_TRY(zc_cbor_put_null(writer));
    }
    ZC_TRY(put_shared(writer, 5, mission, rule, contracts_of));
    ZC_TRY(put_methods(writer, 6, mission, &scope->methods));
    ZC_TRY(put_bits(writer, 7, scope->assets_listed, scope->assets, ZC_MISSION_MAX_ASSETS,
                    mission->asset_count));
    ZC_TRY(put_shared(writer, 8, mission, rule, counterparties_of));
    ZC_TRY(put_number(writer, 9, scope->accepted_flags));
    ZC_TRY(put_number(writer, 10, scope->uses));
    return put_bits(writer, 11, scope->markets_listed, scope->markets, ZC_MISSION_MAX_MARKETS,
                    ZC_MISSION_MAX_MARKETS);
}
