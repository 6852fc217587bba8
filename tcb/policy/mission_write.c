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

static zc_result put_optional(zc_writer *writer, uint64_t key, bool has, uint64_t value)
{
    ZC_TRY(put_key(writer, key));
    return has ? zc_cbor_put_uint(writer, value) : zc_cbor_put_null(writer);
}

static zc_result put_amount(zc_writer *writer, uint64_t key, bool has, const zc_u256 *amount)
{
    ZC_TRY(put_key(writer, key));
    return has ? zc_cbor_put_u256(writer, amount) : zc_cbor_put_null(writer);
}

/* The head of an array that is never null. */
static zc_result put_pool(zc_writer *writer, uint64_t key, const zc_list *list, size_t used)
{
    if ((size_t)list->first + list->count > used) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    ZC_TRY(put_key(writer, key));
    return zc_cbor_put_array(writer, list->count);
}

static zc_result put_condition(zc_writer *writer, const zc_mission *mission,
                               const zc_condition *condition)
{
    ZC_TRY(zc_cbor_put_map(writer, 5));
    ZC_TRY(put_name(writer, 1, condition->label, sizeof condition->label));
    ZC_TRY(put_optional(writer, 2, condition->label[0] == 0, condition->index));
    ZC_TRY(put_number(writer, 3, (uint64_t)condition->test));
    ZC_TRY(put_amount(writer, 4, true, &condition->number));
    ZC_TRY(put_key(writer, 5));
    return zc_mission_write_addresses(writer, mission, &condition->bytes);
}

static zc_result put_hours(zc_writer *writer, const zc_mission *mission, const zc_rule *rule)
{
    ZC_TRY(put_pool(writer, 12, &rule->hours, mission->hours_count));
    for (size_t i = 0; i < rule->hours.count; i++) {
        const zc_hours *hours = &mission->hours[rule->hours.first + i];
        ZC_TRY(zc_cbor_put_array(writer, 3));
        ZC_TRY(zc_cbor_put_uint(writer, hours->days));
        ZC_TRY(zc_cbor_put_uint(writer, hours->from_minute));
        ZC_TRY(zc_cbor_put_uint(writer, hours->to_minute));
    }
    ZC_TRY(put_pool(writer, 13, &rule->dates, mission->date_count));
    for (size_t i = 0; i < rule->dates.count; i++) {
        ZC_TRY(zc_cbor_put_uint(writer, mission->dates[rule->dates.first + i]));
    }
    return ZC_OK;
}

static zc_result put_panel(zc_writer *writer, const zc_mission *mission, const zc_rule *rule)
{
    ZC_TRY(put_key(writer, 15));
    if (!rule->has_panel) {
        return zc_cbor_put_null(writer);
    }
    ZC_TRY(zc_cbor_put_map(writer, 5));
    ZC_TRY(put_number(writer, 1, rule->panel.needed));
    ZC_TRY(put_number(writer, 2, rule->panel.organisations));
    ZC_TRY(put_number(writer, 3, rule->panel.valid_s));
    ZC_TRY(put_number(writer, 4, rule->panel.range_bps));
    ZC_TRY(put_key(writer, 5));
    return zc_mission_write_bits(writer, true, &rule->panel.principals, ZC_MISSION_MAX_PRINCIPALS,
                                 mission->principal_count);
}

static zc_result put_terms(zc_writer *writer, const zc_mission *mission, const zc_rule *rule)
{
    ZC_TRY(put_number(writer, 7, rule->count));
    ZC_TRY(put_number(writer, 8, rule->window_s));
    ZC_TRY(put_number(writer, 9, (uint64_t)rule->period));
    ZC_TRY(put_number(writer, 10, (uint64_t)rule->per));
    ZC_TRY(put_optional(writer, 11, rule->has_zone, rule->zone));
    ZC_TRY(put_hours(writer, mission, rule));
    ZC_TRY(put_pool(writer, 14, &rule->conditions, mission->condition_count));
    for (size_t i = 0; i < rule->conditions.count; i++) {
        ZC_TRY(put_condition(writer, mission, &mission->conditions[rule->conditions.first + i]));
    }
    ZC_TRY(put_panel(writer, mission, rule));
    ZC_TRY(put_optional(writer, 16, rule->has_feed, rule->feed));
    ZC_TRY(put_amount(writer, 17, rule->has_lease, &rule->lease));
    ZC_TRY(put_number(writer, 18, rule->lease_s));
    ZC_TRY(put_amount(writer, 19, rule->has_release, &rule->release));
    return zc_mission_write_thresholds(rule, writer);
}

static zc_result put_rule(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_rule *rule = &mission->rules[index];
    ZC_TRY(zc_cbor_put_map(writer, 20));
    ZC_TRY(put_name(writer, 1, rule->name, sizeof rule->name));
    ZC_TRY(put_number(writer, 2, (uint64_t)rule->kind));
    ZC_TRY(put_key(writer, 3));
    ZC_TRY(zc_mission_write_scope(writer, mission, index));
    ZC_TRY(put_number(writer, 4, (uint64_t)rule->measure));
    ZC_TRY(put_optional(writer, 5, rule->has_asset, rule->asset));
    ZC_TRY(put_amount(writer, 6, rule->has_amount, &rule->amount));
    return put_terms(writer, mission, rule);
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

static zc_result put_model(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return zc_mission_write_model(mission, writer, index);
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
           mission->evm_count <= ZC_MISSION_MAX_EVM &&
           mission->other_count <= ZC_MISSION_MAX_OTHERS &&
           mission->condition_count <= ZC_MISSION_MAX_CONDITIONS &&
           mission->hours_count <= ZC_MISSION_MAX_HOURS &&
           mission->date_count <= ZC_MISSION_MAX_DATES &&
           mission->feed_count <= ZC_MISSION_MAX_FEEDS &&
           mission->market_count <= ZC_MISSION_MAX_MARKETS &&
           mission->price_count <= ZC_MISSION_MAX_ASSETS &&
           mission->zone_count <= ZC_MISSION_MAX_ZONES &&
           mission->transition_count <= ZC_MISSION_MAX_TRANSITIONS &&
           mission->breaker_count <= ZC_MISSION_MAX_BREAKERS &&
           mission->risk_model_count <= ZC_MISSION_MAX_RISK_MODELS &&
           mission->method_count <= ZC_MISSION_MAX_METHODS &&
           mission->key_pattern_count <= ZC_MISSION_MAX_KEY_PATTERNS &&
           mission->descriptor_count <= ZC_MISSION_MAX_DESCRIPTORS;
}

static zc_result put_mission(zc_writer *writer, const zc_mission *mission)
{
    ZC_TRY(zc_cbor_put_map(writer, mission->has_change ? 19 : 18));
    ZC_TRY(put_name(writer, 1, ZC_MISSION_VERSION, sizeof ZC_MISSION_VERSION));
    ZC_TRY(put_name(writer, 2, mission->name, sizeof mission->name));
    ZC_TRY(put_items(writer, 3, mission, mission->principal_count, put_principal));
    ZC_TRY(put_pair(writer, 4, mission->founders_needed, mission->resume_needed));
    ZC_TRY(put_items(writer, 5, mission, mission->asset_count, put_asset));
    ZC_TRY(put_items(writer, 6, mission, mission->contract_count, put_contract));
    ZC_TRY(put_items(writer, 7, mission, mission->rule_count, put_rule));
    ZC_TRY(put_key(writer, 8));
    ZC_TRY(zc_mission_write_audit(mission, writer));
    ZC_TRY(put_key(writer, 9));
    ZC_TRY(zc_cbor_put_bool(writer, mission->open));
    ZC_TRY(put_items(writer, 10, mission, mission->descriptor_count, put_descriptor));
    ZC_TRY(put_key(writer, 11));
    ZC_TRY(zc_mission_write_reference(mission, writer));
    ZC_TRY(put_items(writer, 12, mission, mission->feed_count, zc_mission_write_feed));
    ZC_TRY(put_items(writer, 13, mission, mission->market_count, zc_mission_write_market));
    ZC_TRY(put_items(writer, 14, mission, mission->price_count, zc_mission_write_price));
    ZC_TRY(put_items(writer, 15, mission, mission->zone_count, zc_mission_write_zone));
    ZC_TRY(put_items(writer, 16, mission, mission->breaker_count, zc_mission_write_breaker));
    ZC_TRY(put_number(writer, 17, mission->halt_passes));
    ZC_TRY(put_items(writer, 18, mission, mission->risk_model_count, put_model));
    return mission->has_change ? zc_mission_write_change(mission, writer) : ZC_OK;
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
