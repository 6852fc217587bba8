#include "policy/score.h"

#include "codec/cbor.h"
#include "policy/calendar.h"

/* Offsets of the zones that the model's features name; other zones are not looked up. */
static zc_risk_context context_of(const zc_policy_state *state, const zc_question *question,
                                  const zc_risk_model *model)
{
    zc_risk_context context = {.principal = question->context->principal,
                               .now_ms = state->now_ms,
                               .zone_count = (uint32_t)question->mission->zone_count};
    for (size_t i = 0; i < model->feature_count; i++) {
        const zc_risk_feature *feature = &model->features[i];
        if (zc_risk_feature_parameter(feature->kind) == ZC_RISK_PARAMETER_ZONE) {
            context.zone_offset_s[feature->parameter] = zc_calendar_offset_s(
                question->mission, (uint16_t)feature->parameter, state->now_ms);
        }
    }
    return context;
}

int64_t zc_score_of(zc_policy_state *state, const zc_question *question, uint16_t at)
{
    zc_scored *scored = &state->scored[at];
    uint8_t bit = (uint8_t)(1u << at);
    if ((state->scored_models & bit) != 0) {
        return scored->score;
    }
    const zc_risk_model *model = &question->mission->risk_models[at].model;
    const zc_risk_context context = context_of(state, question, model);
    if (!zc_ok(zc_risk_score(model, &state->history, &context, question->intent, &scored->score,
                             &scored->features))) {
        scored->score = INT64_MAX; /* never of a mission that parsed: it has the model */
    }
    state->scored_models |= bit;
    return scored->score;
}

bool zc_score_wants_review(const zc_policy_state *state, const zc_rule *rule)
{
    if (rule->kind != ZC_RULE_RISK) {
        return true;
    }
    const zc_thresholds *thresholds = &rule->thresholds;
    bool asked = ((state->scored_models >> thresholds->model) & 1) != 0;
    return asked && thresholds->has_review &&
           state->scored[thresholds->model].score >= thresholds->review_at;
}

void zc_score_observe(zc_policy_state *state, const zc_question *question)
{
    if (question->mission->risk_model_count == 0) {
        return;
    }
    const zc_risk_context context = {.principal = question->context->principal,
                                     .now_ms = state->now_ms};
    zc_risk_observe(&state->history, &context, question->intent);
}

const zc_scored *zc_policy_scored(const zc_policy_state *state, const zc_decision *decision,
                                  uint16_t model)
{
    bool asked = model < ZC_MISSION_MAX_RISK_MODELS &&
                 ((decision->scored & state->scored_models) >> model & 1) != 0;
    return asked ? &state->scored[model] : NULL;
}

static zc_result put_scored(zc_writer *writer, const char *name, const zc_scored *scored)
{
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(name)));
    ZC_TRY(zc_cbor_put_int(writer, scored->score));
    ZC_TRY(zc_cbor_put_array(writer, scored->features.count));
    for (size_t i = 0; i < scored->features.count; i++) {
        int64_t value = scored->features.value[i];
        ZC_TRY(value == ZC_RISK_FEATURE_MISSING ? zc_cbor_put_null(writer)
                                                : zc_cbor_put_int(writer, value));
    }
    return ZC_OK;
}

zc_result zc_scores_write(const zc_policy_state *state, const zc_mission *mission,
                          const zc_decision *decision, zc_writer *writer)
{
    zc_writer at = *writer;
    ZC_TRY(zc_cbor_put_array(&at, (size_t)__builtin_popcount(decision->scored)));
    for (uint16_t i = 0; i < mission->risk_model_count; i++) {
        const zc_scored *scored = zc_policy_scored(state, decision, i);
        if (scored != NULL) {
            ZC_TRY(put_scored(&at, mission->risk_models[i].name, scored));
        }
    }
    *writer = at;
    return ZC_OK;
}
