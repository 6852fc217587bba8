/* Risk models, and what rules make of their scores, in words. */
#include <inttypes.h>
#include <string.h>

#include "mission/page.h"

#define MILLION 1000000

void zc_page_put_score(zc_page *page, int64_t score)
{
    uint64_t magnitude = score < 0 ? -(uint64_t)score : (uint64_t)score;
    uint64_t rest = magnitude % MILLION;
    int digits = 6;
    while (digits > 0 && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    zc_page_put(page, "%s%" PRIu64, score < 0 ? "-" : "", magnitude / MILLION);
    if (digits > 0) {
        zc_page_put(page, ".%0*" PRIu64, digits, rest);
    }
}

void zc_page_put_thresholds(zc_page *page, const zc_mission *mission, const zc_rule *rule,
                            const char *separator)
{
    const zc_thresholds *thresholds = &rule->thresholds;
    zc_page_put(page, "%sby the risk model %s:", separator,
                mission->risk_models[thresholds->model].name);
    if (thresholds->has_deny) {
        zc_page_put(page, " denied from a score of ");
        zc_page_put_score(page, thresholds->deny_at);
    }
    if (thresholds->has_review) {
        zc_page_put(page, "%s from a score of ",
                    thresholds->has_deny ? ", held back" : " held back");
        zc_page_put_score(page, thresholds->review_at);
    }
}

void zc_page_put_feature(zc_page *page, const zc_mission *mission, const zc_risk_feature *feature)
{
    char text[128];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    if (zc_risk_feature_parameter(feature->kind) == ZC_RISK_PARAMETER_ZONE) {
        zc_page_put(page, "%s:%s", zc_risk_feature_name(feature->kind),
                    mission->zones[feature->parameter].name);
        return;
    }
    bool written = zc_ok(zc_risk_feature_write(feature, &writer));
    zc_page_put(page, "%.*s", written ? (int)zc_writer_len(&writer) : 0, text);
}

static void put_model(zc_page *page, const zc_mission *mission, const zc_named_model *named)
{
    static const char *const outputs[] = {
        [ZC_RISK_RAW] = "the sum of its leaves",
        [ZC_RISK_LOGISTIC] = "a probability",
        [ZC_RISK_EXPONENTIAL] = "the exponential of their sum",
    };
    const zc_risk_model *model = &named->model;
    uint32_t splits = model->node_count - model->leaf_count;
    zc_page_put(page, "  %s: %u trees, %u splits; the score is %s", named->name, model->tree_count,
                splits, outputs[model->output]);
    if (model->group_count > 1) {
        zc_page_put(page, " for class %u of %u", model->group, model->group_count);
    }
    zc_page_put(page, ", from\n");
    for (size_t i = 0; i < model->feature_count; i++) {
        zc_page_put(page, "      ");
        zc_page_put_feature(page, mission, &model->features[i]);
        zc_page_put(page, ": %s\n", zc_risk_feature_text(model->features[i].kind));
    }
}

void zc_page_put_models(zc_page *page, const zc_mission *mission)
{
    if (mission->risk_model_count > 0) {
        zc_page_put(page, "\nRisk models: a score never allows what no rule allows\n");
    }
    for (size_t i = 0; i < mission->risk_model_count; i++) {
        put_model(page, mission, &mission->risk_models[i]);
    }
}
