/* Risk models and what rules make of their scores, in the compiled mission. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

static zc_result read_threshold(zc_reader *reader, uint64_t key, bool *ret_has, int64_t *ret_score)
{
    bool none = false;
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    *ret_has = !none;
    return none ? ZC_OK : zc_cbor_get_int(reader, ret_score);
}

zc_result zc_mission_read_thresholds(zc_reader *reader, zc_rule *rule)
{
    bool none = false;
    uint64_t model = 0;
    zc_thresholds *thresholds = &rule->thresholds;
    ZC_TRY(zc_cbor_get_key_uint(reader, 20));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (none) {
        return ZC_OK;
    }
    ZC_TRY(zc_mission_enter(reader, 3));
    ZC_TRY(zc_mission_read_number(reader, 1, ZC_MISSION_MAX_RISK_MODELS - 1, &model));
    ZC_TRY(read_threshold(reader, 2, &thresholds->has_review, &thresholds->review_at));
    ZC_TRY(read_threshold(reader, 3, &thresholds->has_deny, &thresholds->deny_at));
    rule->has_thresholds = true;
    thresholds->model = (uint16_t)model;
    return ZC_OK;
}

static zc_result put_threshold(zc_writer *writer, uint64_t key, bool has, int64_t score)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return has ? zc_cbor_put_int(writer, score) : zc_cbor_put_null(writer);
}

zc_result zc_mission_write_thresholds(const zc_rule *rule, zc_writer *writer)
{
    const zc_thresholds *thresholds = &rule->thresholds;
    ZC_TRY(zc_cbor_put_uint(writer, 20));
    if (!rule->has_thresholds) {
        return zc_cbor_put_null(writer);
    }
    ZC_TRY(zc_cbor_put_map(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_uint(writer, thresholds->model));
    ZC_TRY(put_threshold(writer, 2, thresholds->has_review, thresholds->review_at));
    return put_threshold(writer, 3, thresholds->has_deny, thresholds->deny_at);
}

zc_result zc_mission_read_model(zc_reader *reader, zc_mission *mission)
{
    zc_named_model *named = &mission->risk_models[mission->risk_model_count];
    ZC_TRY(zc_mission_enter(reader, 2));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, named->name, sizeof named->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_risk_model_read(reader, &named->model));
    mission->risk_model_count++;
    return ZC_OK;
}

zc_result zc_mission_write_model(const zc_mission *mission, zc_writer *writer, size_t index)
{
    const zc_named_model *named = &mission->risk_models[index];
    ZC_TRY(zc_cbor_put_map(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer,
                            zc_slice_of(named->name, strnlen(named->name, sizeof named->name))));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    return zc_risk_model_write(&named->model, writer);
}

bool zc_mission_thresholds_fit(const zc_rule *rule)
{
    const zc_thresholds *thresholds = &rule->thresholds;
    bool both = thresholds->has_review && thresholds->has_deny;
    return (thresholds->has_review || thresholds->has_deny) &&
           thresholds->has_review == rule->has_panel &&
           (!both || thresholds->review_at < thresholds->deny_at);
}

static bool zones_exist(const zc_mission *mission, const zc_risk_model *model)
{
    for (size_t i = 0; i < model->feature_count; i++) {
        const zc_risk_feature *feature = &model->features[i];
        if (zc_risk_feature_parameter(feature->kind) == ZC_RISK_PARAMETER_ZONE &&
            feature->parameter >= mission->zone_count) {
            return false;
        }
    }
    return true;
}

zc_result zc_mission_validate_risk(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->risk_model_count; i++) {
        if (!zones_exist(mission, &mission->risk_models[i].model)) {
            return zc_fail(ZC_POLICY_MISSION_RISK);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(mission->risk_models[i].name, mission->risk_models[j].name) == 0) {
                return zc_fail(ZC_POLICY_MISSION_DUPLICATE);
            }
        }
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        if (rule->has_thresholds && rule->thresholds.model >= mission->risk_model_count) {
            return zc_fail(ZC_POLICY_MISSION_RISK);
        }
    }
    return ZC_OK;
}
