/* Risk models, from the files that training tools save, and what rules make of their scores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mission/build.h"
#include "mission/model.h"
#include "mission/value.h"
#include "support/file.h"

/* Thresholds are in millionths. */
#define SCORE_DECIMALS 6
/* Scores are of magnitude below 2^42 (policy/risk_number.h). */
#define SCORE_BITS 62

static const char *model_word(const void *self, size_t index)
{
    return ((const zc_mission *)self)->risk_models[index].name;
}

static const char *feature_word(const void *self, size_t index)
{
    (void)self;
    return zc_risk_feature_name((uint16_t)(index + 1));
}

static zc_words feature_words(void)
{
    size_t count = 0;
    while (zc_risk_feature_name((uint16_t)(count + 1)) != NULL) {
        count++;
    }
    return (zc_words){count, feature_word, NULL};
}

/* "hour:Europe/Berlin": a zone by its name, which the mission then has. */
static bool read_zone_feature(zc_build *build, const zc_place *item, zc_slice text,
                              const uint8_t *colon, zc_risk_feature *feature)
{
    uint16_t zone = 0;
    size_t len = (size_t)(colon - text.data) + 1;
    if (!zc_build_zone(build, item, zc_slice_of(text.data + len, text.len - len), &zone)) {
        return false;
    }
    feature->parameter = zone;
    return true;
}

static const char *wanted_parameter(uint16_t kind)
{
    switch (zc_risk_feature_parameter(kind)) {
    case ZC_RISK_PARAMETER_WINDOW:
        return "':' and hour, day or month";
    case ZC_RISK_PARAMETER_ZONE:
        return "':' and a time zone, such as UTC";
    case ZC_RISK_PARAMETER_CHAIN:
        return "':' and a chain, such as ethereum or venue:binance-usdm";
    case ZC_RISK_PARAMETER_OPERATION:
        return "':' and an operation, such as transfer";
    case ZC_RISK_PARAMETER_FLAG:
        return "':' and a risk, such as delegatecall";
    case ZC_RISK_PARAMETER_FAMILY:
        return "':' and a family of chains, such as evm";
    case ZC_RISK_PARAMETER_NONE:
        break;
    }
    return "nothing behind it";
}

static bool read_feature(zc_build *build, const zc_place *item, zc_risk_feature *ret_feature)
{
    zc_words words = feature_words();
    zc_slice text = zc_place_text(item);
    const uint8_t *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
    zc_slice name = zc_slice_of(text.data, colon == NULL ? text.len : (size_t)(colon - text.data));
    zc_risk_feature feature = {0};
    uint16_t index = 0;
    if (!zc_build_pick(item, name, &words, "a feature", &index)) {
        return false;
    }
    feature.kind = (uint16_t)(index + 1);
    bool zoned = zc_risk_feature_parameter(feature.kind) == ZC_RISK_PARAMETER_ZONE;
    if (zoned && colon != NULL) {
        *ret_feature = feature;
        return read_zone_feature(build, item, text, colon, ret_feature);
    }
    uint64_t chain = 0;
    bool on_chain = zc_risk_feature_parameter(feature.kind) == ZC_RISK_PARAMETER_CHAIN &&
                    colon != NULL &&
                    zc_chain_of_word(zc_slice_of(colon + 1, text.len - name.len - 1), &chain);
    if (on_chain) {
        feature.parameter = chain;
        *ret_feature = feature;
        return true;
    }
    if (zoned || !zc_risk_feature_read(text, ret_feature)) {
        zc_place_error(item, "'%.*s' wants %s", ZC_TEXT(name), wanted_parameter(feature.kind));
        return false;
    }
    return true;
}

static bool compile_model(zc_build *build, const zc_place *place, zc_model_source *source,
                          zc_risk_model *model)
{
    char path[512];
    zc_error error = {0};
    ZC_BYTES zc_bytes text = {0};
    ZC_BYTES zc_bytes form = {0};
    if (!zc_build_file_path(build, place,
                            "a model's file stands beside the mission or in a folder there: "
                            "'fraud.json', 'models/fraud.txt'",
                            path, sizeof path)) {
        return false;
    }
    zc_result result = zc_file_read(path, ZC_MODEL_FILE_MAX, &text, &error);
    if (zc_ok(result)) {
        source->file = path;
        source->text = zc_bytes_slice(&text);
        result = zc_model_compile(source, &form, &error);
        source->file = NULL; /* it lives here alone */
    }
    if (zc_ok(result)) {
        zc_reader reader = zc_reader_of(zc_bytes_slice(&form));
        result = zc_risk_model_read(&reader, model);
    }
    if (!zc_ok(result)) {
        zc_place_error(place, "%s: %s", error.what[0] != 0 ? error.what : "cannot use the model",
                       error.why);
    }
    return zc_ok(result);
}

static bool read_features(zc_build *build, const zc_place *place, zc_risk_feature *features,
                          size_t *ret_count)
{
    size_t count = zc_place_items(place);
    if (count == 0 || count > ZC_RISK_MAX_FEATURES) {
        zc_place_error(place, "a model has 1 to %d features, in the order of its columns",
                       ZC_RISK_MAX_FEATURES);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(place, i);
        good = read_feature(build, &item, &features[i]) && good;
    }
    *ret_count = count;
    return good;
}

static void read_model(zc_build *build, const zc_place *key, const zc_place *value)
{
    static const char *const keys[] = {"file", "features", "class", NULL};
    static zc_risk_feature features[ZC_RISK_MAX_FEATURES];
    zc_named_model *named = &build->mission.risk_models[build->mission.risk_model_count];
    zc_model_source source = {.features = features};
    zc_place file;
    zc_place part;
    uint64_t group = 0;
    if (!zc_value_name(key, "a risk model", true, named->name, sizeof named->name) ||
        !zc_place_want_mapping(value, "file and features")) {
        return;
    }
    zc_place_only_keys(value, keys);
    bool good =
        zc_place_need(value, "file", "what XGBoost or LightGBM saved, beside this file", &file);
    good = zc_place_need(value, "features", "what the enclave feeds to its columns", &part) &&
           read_features(build, &part, features, &source.feature_count) && good;
    if (zc_place_member(value, "class", &part)) {
        good = zc_value_number(&part, "a class", 0, ZC_RISK_MAX_GROUPS - 1, &group) && good;
        source.group = (uint32_t)group;
    }
    if (good && compile_model(build, &file, &source, &named->model)) {
        build->model_at[build->mission.risk_model_count++] = *key;
    }
}

void zc_build_models(zc_build *build, const zc_place *root)
{
    zc_place place;
    if (!zc_place_member(root, "risk-models", &place) ||
        !zc_place_want_mapping(&place, "risk models")) {
        return;
    }
    size_t count = zc_place_pairs(&place);
    if (count > ZC_MISSION_MAX_RISK_MODELS) {
        zc_place_error(&place, "%zu are too many: a mission has at most %d", count,
                       ZC_MISSION_MAX_RISK_MODELS);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        zc_place key;
        zc_place value;
        (void)zc_place_pair(&place, i, &key, &value);
        read_model(build, &key, &value);
    }
}

/* 0.85, or -1.5 of a model whose scores may be below zero. */
static bool read_score(const zc_place *value, const char *key, bool *ret_has, int64_t *ret_score)
{
    zc_place part;
    zc_u256 units = ZC_U256_ZERO;
    uint64_t magnitude = 0;
    if (!zc_place_member(value, key, &part)) {
        return true;
    }
    zc_slice text = zc_place_text(&part);
    bool below = text.len > 0 && text.data[0] == '-';
    const char *fault =
        zc_text_amount(zc_slice_of(text.data + (below ? 1 : 0), text.len - (below ? 1 : 0)),
                       SCORE_DECIMALS, &units);
    bool fits = fault == NULL && zc_ok(zc_u256_to_u64(&units, &magnitude)) &&
                magnitude < UINT64_C(1) << SCORE_BITS;
    if (!fits) {
        zc_place_error(&part, "a score reads 0.85, with at most %d decimals", SCORE_DECIMALS);
        return false;
    }
    *ret_has = true;
    *ret_score = below ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

void zc_build_thresholds(zc_build *build, const zc_place *value, zc_rule *rule)
{
    zc_words models = {build->mission.risk_model_count, model_word, &build->mission};
    zc_thresholds *thresholds = &rule->thresholds;
    zc_place part;
    rule->has_thresholds = true;
    if (zc_place_need(value, "model", "which of the risk models scores it", &part)) {
        (void)zc_build_pick(&part, zc_place_text(&part), &models, "a risk model of this mission",
                            &thresholds->model);
    }
    if (!read_score(value, "review-at", &thresholds->has_review, &thresholds->review_at) ||
        !read_score(value, "deny-at", &thresholds->has_deny, &thresholds->deny_at)) {
        return;
    }
    if (!thresholds->has_review && !thresholds->has_deny) {
        zc_place_error(value, "'risk' needs 'review-at' or 'deny-at', such as 0.85");
    }
    if (thresholds->has_review && thresholds->has_deny &&
        thresholds->review_at >= thresholds->deny_at) {
        zc_place_error(value, "'review-at' must be below 'deny-at': from there on it is denied");
    }
    if (thresholds->has_review) {
        zc_build_panel(build, value, rule);
    } else if (zc_place_member(value, "approvals", &part)) {
        zc_place_error(&part, "without 'review-at' nothing asks for approvals");
    }
}
