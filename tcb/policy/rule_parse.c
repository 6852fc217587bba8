#include "policy/mission_form.h"

#include <string.h>

#include "codec/cbor.h"

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
    ZC_TRY(zc_mission_read_scope(reader, mission, &rule->scope));
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
