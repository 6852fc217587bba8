/* Thresholds against what a model can say at all: its trees have finitely many leaves. */
#include "mission/lint.h"
#include "mission/page.h"

typedef struct score_range {
    int64_t least;
    int64_t most;
} score_range;

static void leaves_of(const zc_risk_model *model, size_t tree, zc_risk_fixed *ret_least,
                      zc_risk_fixed *ret_most)
{
    uint32_t end = tree + 1 < model->tree_count ? model->trees[tree + 1].root : model->node_count;
    bool any = false;
    for (uint32_t at = model->trees[tree].root; at < end; at++) {
        if (model->nodes[at].right != at) {
            continue; /* a split */
        }
        zc_risk_fixed value = model->values[model->leaf[at]];
        *ret_least = !any || value < *ret_least ? value : *ret_least;
        *ret_most = !any || value > *ret_most ? value : *ret_most;
        any = true;
    }
}

/* Every tree at its least leaf, and at its greatest: no score lies beyond. */
static score_range range_of(const zc_risk_model *model)
{
    zc_risk_fixed least = 0;
    zc_risk_fixed most = 0;
    int trees = 0;
    for (size_t i = 0; i < model->tree_count; i++) {
        zc_risk_fixed low = 0;
        zc_risk_fixed high = 0;
        if (model->trees[i].group == model->group) {
            leaves_of(model, i, &low, &high);
            least += low;
            most += high;
            trees++;
        }
    }
    if (model->averaged && trees > 0) {
        least /= trees;
        most /= trees;
    }
    least += model->base[model->group];
    most += model->base[model->group];
    return (score_range){zc_risk_millionths(zc_risk_output_of(model, least)),
                         zc_risk_millionths(zc_risk_output_of(model, most))};
}

static void warn_score(const zc_build *build, size_t rule, const char *format, int64_t score)
{
    zc_page page = {0};
    zc_page_put_score(&page, score);
    if (!page.failed) {
        zc_place_warn(&build->rule_at[rule], format, (int)page.bytes.len,
                      (const char *)page.bytes.data);
    }
    zc_bytes_clear(&page.bytes);
}

static void lint_thresholds(const zc_build *build, size_t at)
{
    const zc_thresholds *thresholds = &build->mission.rules[at].thresholds;
    score_range range = range_of(&build->mission.risk_models[thresholds->model].model);
    if (thresholds->has_deny && thresholds->deny_at <= range.least) {
        warn_score(build, at, "no score of its model is below %.*s: this rule denies everything",
                   range.least);
    } else if (thresholds->has_review && thresholds->review_at <= range.least) {
        warn_score(build, at,
                   "no score of its model is below %.*s: this rule holds everything back",
                   range.least);
    }
    if (thresholds->has_deny && thresholds->deny_at > range.most) {
        warn_score(build, at, "no score of its model is above %.*s: this rule never denies",
                   range.most);
    }
    if (thresholds->has_review && thresholds->review_at > range.most) {
        warn_score(build, at,
                   "no score of its model is above %.*s: this rule never holds anything back",
                   range.most);
    }
}

void zc_lint_risk(zc_build *build)
{
    const zc_mission *mission = &build->mission;
    bool asked[ZC_MISSION_MAX_RISK_MODELS] = {false};
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (mission->rules[i].has_thresholds) {
            asked[mission->rules[i].thresholds.model] = true;
            lint_thresholds(build, i);
        }
    }
    for (size_t i = 0; i < mission->risk_model_count; i++) {
        if (!asked[i]) {
            zc_place_warn(&build->model_at[i], "no rule of kind 'risk' asks this model");
        }
    }
}
