#include "policy/mission.h"

#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

static zc_result put_key(zc_writer *writer, uint64_t key)
{
    return zc_cbor_put_uint(writer, key);
}

static zc_result put_name(zc_writer *writer, uint64_t key, const char *name, size_t size)
{
    ZC_TRY(put_key(writer, key));
    return zc_cbor_put_text(writer, zc_slice_of(name, strnlen(name, size)));
}

static zc_result put_number(zc_writer *writer, uint64_t key, uint64_t value)
{
    ZC_TRY(put_key(writer, key));
    return zc_cbor_put_uint(writer, value);
}

/* The key, and the head of a list or its null. The list lies in a pool of `used` items. */
static zc_result put_list(zc_writer *writer, uint64_t key, const zc_list *list, size_t used)
{
    ZC_TRY(put_key(writer, key));
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
static zc_result put_bits(zc_writer *writer, uint64_t key, bool listed, const uint64_t *bits,
                          size_t capacity, size_t bound)
{
    size_t count = 0;
    ZC_TRY(put_key(writer, key));
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

static zc_result put_addresses(zc_writer *writer, uint64_t key, const zc_mission *mission,
                               const zc_list *list)
{
    ZC_TRY(put_list(writer, key, list, mission->address_count));
    for (size_t i = 0; list->listed && i < list->count; i++) {
        ZC_TRY(zc_cbor_put_bytes(writer, zc_address_slice(&mission->addresses[list->first + i])));
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

static zc_result put_scope(zc_writer *writer, const zc_mission *mission, const zc_scope *scope)
{
    ZC_TRY(put_key(writer, 3));
    ZC_TRY(zc_cbor_put_map(writer, 10));
    ZC_TRY(put_bits(writer, 1, scope->principals_listed, &scope->principals,
                    ZC_MISSION_MAX_PRINCIPALS, mission->principal_count));
    ZC_TRY(put_keys(writer, mission, &scope->keys));
    ZC_TRY(put_chains(writer, mission, &scope->chains));
    if (scope->operations_listed) {
        ZC_TRY(put_number(writer, 4, scope->operations));
    } else {
        ZC_TRY(put_key(writer, 4));
        ZC_TRY(zc_cbor_put_null(writer));
    }
    ZC_TRY(put_addresses(writer, 5, mission, &scope->contracts));
    ZC_TRY(put_methods(writer, 6, mission, &scope->methods));
    ZC_TRY(put_bits(writer, 7, scope->assets_listed, scope->assets, ZC_MISSION_MAX_ASSETS,
                    mission->asset_count));
    ZC_TRY(put_addresses(writer, 8, mission, &scope->counterparties));
    ZC_TRY(put_number(writer, 9, scope->accepted_flags));
    return put_number(writer, 10, scope->uses);
}

static zc_result put_rule(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_rule *rule = &mission->rules[index];
    ZC_TRY(zc_cbor_put_map(writer, 7));
    ZC_TRY(put_name(writer, 1, rule->name, sizeof rule->name));
    ZC_TRY(put_number(writer, 2, (uint64_t)rule->kind));
    ZC_TRY(put_scope(writer, mission, &rule->scope));
    ZC_TRY(put_key(writer, 4));
    ZC_TRY(rule->has_asset ? zc_cbor_put_uint(writer, rule->asset) : zc_cbor_put_null(writer));
    ZC_TRY(put_key(writer, 5));
    ZC_TRY(rule->has_amount ? zc_cbor_put_u256(writer, &rule->amount) : zc_cbor_put_null(writer));
    ZC_TRY(put_number(writer, 6, rule->window_s));
    return put_number(writer, 7, rule->count);
}

static zc_result put_principal(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_principal *principal = &mission->principals[index];
    ZC_TRY(zc_cbor_put_map(writer, 4));
    ZC_TRY(put_name(writer, 1, principal->name, sizeof principal->name));
    ZC_TRY(put_name(writer, 2, principal->organisation, sizeof principal->organisation));
    ZC_TRY(put_key(writer, 3));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(principal->pubkey)));
    return put_number(writer, 4, principal->roles);
}

static zc_result put_asset(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_asset *asset = &mission->assets[index];
    ZC_TRY(zc_cbor_put_map(writer, 4));
    ZC_TRY(put_name(writer, 1, asset->name, sizeof asset->name));
    ZC_TRY(put_number(writer, 2, asset->id.chain_id));
    ZC_TRY(put_key(writer, 3));
    ZC_TRY(asset->id.kind == ZC_ASSET_NATIVE
               ? zc_cbor_put_null(writer)
               : zc_cbor_put_bytes(writer, zc_asset_id_slice(&asset->id)));
    return put_number(writer, 4, asset->decimals);
}

static zc_result put_contract(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_contract *contract = &mission->contracts[index];
    ZC_TRY(zc_cbor_put_map(writer, 3));
    ZC_TRY(put_name(writer, 1, contract->name, sizeof contract->name));
    ZC_TRY(put_number(writer, 2, contract->chain_id));
    ZC_TRY(put_key(writer, 3));
    return zc_cbor_put_bytes(writer, zc_address_slice(&contract->address));
}

static zc_result put_descriptor(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return zc_descriptor_write(&mission->descriptors[index], writer);
}

static zc_result put_items(zc_writer *writer, uint64_t key, const zc_mission *mission, size_t count,
                           zc_result (*put)(zc_writer *, const zc_mission *, size_t))
{
    ZC_TRY(put_key(writer, key));
    ZC_TRY(zc_cbor_put_array(writer, count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(put(writer, mission, i));
    }
    return ZC_OK;
}

static zc_result put_pair(zc_writer *writer, uint64_t key, uint32_t first, uint32_t second)
{
    ZC_TRY(put_key(writer, key));
    ZC_TRY(zc_cbor_put_map(writer, 2));
    ZC_TRY(put_number(writer, 1, first));
    return put_number(writer, 2, second);
}

static bool counts_in_bounds(const zc_mission *mission)
{
    return mission->principal_count <= ZC_MISSION_MAX_PRINCIPALS &&
           mission->asset_count <= ZC_MISSION_MAX_ASSETS &&
           mission->contract_count <= ZC_MISSION_MAX_CONTRACTS &&
           mission->rule_count <= ZC_MISSION_MAX_RULES &&
           mission->chain_count <= ZC_MISSION_MAX_CHAINS &&
           mission->address_count <= ZC_MISSION_MAX_ADDRESSES &&
           mission->method_count <= ZC_MISSION_MAX_METHODS &&
           mission->key_pattern_count <= ZC_MISSION_MAX_KEY_PATTERNS &&
           mission->descriptor_count <= ZC_MISSION_MAX_DESCRIPTORS;
}

static zc_result put_mission(zc_writer *writer, const zc_mission *mission)
{
    ZC_TRY(zc_cbor_put_map(writer, 10));
    ZC_TRY(put_name(writer, 1, ZC_MISSION_VERSION, sizeof ZC_MISSION_VERSION));
    ZC_TRY(put_name(writer, 2, mission->name, sizeof mission->name));
    ZC_TRY(put_items(writer, 3, mission, mission->principal_count, put_principal));
    ZC_TRY(put_pair(writer, 4, mission->founders_needed, mission->resume_needed));
    ZC_TRY(put_items(writer, 5, mission, mission->asset_count, put_asset));
    ZC_TRY(put_items(writer, 6, mission, mission->contract_count, put_contract));
    ZC_TRY(put_items(writer, 7, mission, mission->rule_count, put_rule));
    ZC_TRY(put_pair(writer, 8, mission->max_unacked, mission->denial_quota));
    ZC_TRY(put_key(writer, 9));
    ZC_TRY(zc_cbor_put_bool(writer, mission->open));
    return put_items(writer, 10, mission, mission->descriptor_count, put_descriptor);
}

zc_result zc_mission_write(const zc_mission *mission, zc_writer *writer)
{
    if (!counts_in_bounds(mission)) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    zc_writer at = *writer;
    ZC_TRY(put_mission(&at, mission));
    *writer = at;
    return ZC_OK;
}
