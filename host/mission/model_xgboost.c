#include "mission/model_xgboost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct zc_objective {
    const char *name;
    zc_risk_output output;
    zc_risk_output base; /* how the base score is given: as this output would give it */
} zc_objective;

static const zc_objective objectives[] = {
    {"binary:logistic", ZC_RISK_LOGISTIC, ZC_RISK_LOGISTIC},
    {"binary:logitraw", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:logistic", ZC_RISK_LOGISTIC, ZC_RISK_LOGISTIC},
    {"reg:squarederror", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:linear", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:squaredlogerror", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:pseudohubererror", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:absoluteerror", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:quantileerror", ZC_RISK_RAW, ZC_RISK_RAW},
    {"reg:gamma", ZC_RISK_EXPONENTIAL, ZC_RISK_EXPONENTIAL},
    {"reg:tweedie", ZC_RISK_EXPONENTIAL, ZC_RISK_EXPONENTIAL},
    {"count:poisson", ZC_RISK_EXPONENTIAL, ZC_RISK_EXPONENTIAL},
    {"multi:softprob", ZC_RISK_RAW, ZC_RISK_RAW},
    {"multi:softmax", ZC_RISK_RAW, ZC_RISK_RAW},
};

static bool is_any_of(const char *key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

zc_result zc_xgboost_check_object(zc_xgboost_run *run, const char *path, const json_t *object,
                                  const char *const *known, size_t count)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        return zc_model_fault(&run->draft, path, "is not an object");
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!is_any_of(key, known, count)) {
            return zc_model_fault(&run->draft, path, "has '%.60s', which is not supported", key);
        }
    }
    return ZC_OK;
}

bool zc_xgboost_read_count(const json_t *object, const char *key, uint32_t missing,
                           uint32_t *ret_value)
{
    const json_t *member = json_object_get(object, key);
    const char *text = json_string_value(member);
    char *end = NULL;
    if (member == NULL) {
        *ret_value = missing;
        return true;
    }
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value > 1000000) {
        return false;
    }
    *ret_value = (uint32_t)value;
    return true;
}

bool zc_xgboost_number_at(const json_t *list, size_t at, double *ret_value)
{
    const json_t *item = json_array_get(list, at);
    *ret_value = (double)(float)json_number_value(item);
    return json_is_number(item) && isfinite(*ret_value);
}

bool zc_xgboost_index_at(const json_t *list, size_t at, uint32_t bound, uint32_t *ret_index)
{
    const json_t *item = json_array_get(list, at);
    json_int_t value = json_integer_value(item);
    if (!json_is_integer(item) || value < 0 || value >= (json_int_t)bound) {
        return false;
    }
    *ret_index = (uint32_t)value;
    return true;
}

/* The next number of "5E-1" or "[5E-1,2E-1]"; false for what is none. */
static bool next_number(const char **at, double *ret_value)
{
    char *end = NULL;
    *at += strspn(*at, " ");
    if (strchr("+-.0123456789", **at) == NULL || **at == '\0') {
        return false;
    }
    double value = strtod(*at, &end);
    /* In the end XGBoost holds a binary32 number. */
    *ret_value = (double)(float)value;
    *at = end + strspn(end, " ");
    return isfinite(*ret_value);
}

/* One number for all groups, or one each. False for anything else. */
static bool read_scores(const char *text, uint32_t groups, double *ret_scores)
{
    uint32_t count = 0;
    bool listed = text[0] == '[';
    const char *at = text + listed;
    do {
        if (count >= groups || !next_number(&at, &ret_scores[count])) {
            return false;
        }
        count++;
    } while (listed && *at == ',' && at++ != NULL);
    if (listed ? strcmp(at, "]") != 0 : *at != '\0') {
        return false;
    }
    for (uint32_t i = count; count == 1 && i < groups; i++) {
        ret_scores[i] = ret_scores[0];
    }
    return count == 1 || count == groups;
}

static zc_result read_base(zc_xgboost_run *run, const json_t *param, const zc_objective *objective)
{
    static const char path[] = "learner.learner_model_param.base_score";
    double scores[ZC_RISK_MAX_GROUPS];
    const char *text = json_string_value(json_object_get(param, "base_score"));
    if (text == NULL || !read_scores(text, run->draft.group_count, scores)) {
        return zc_model_fault(&run->draft, path, "is not a number, or one for each class");
    }
    for (uint32_t i = 0; i < run->draft.group_count; i++) {
        bool known = objective->base == ZC_RISK_RAW
                         ? zc_model_fixed(scores[i], &run->draft.base[i])
                         : zc_model_inverse(objective->base, scores[i], &run->draft.base[i]);
        if (!known) {
            return zc_model_fault(&run->draft, path, "%g is out of range for %s", scores[i],
                                  objective->name);
        }
    }
    return ZC_OK;
}

static zc_result read_objective(zc_xgboost_run *run, const json_t *objective,
                                const zc_objective **ret_objective)
{
    static const char path[] = "learner.objective";
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, path, objective, "name", "reg_loss_param",
                                   "softmax_multiclass_param", "poisson_regression_param",
                                   "tweedie_regression_param", "pseudo_huber_param",
                                   "quantile_loss_param"));
    const char *name = json_string_value(json_object_get(objective, "name"));
    for (size_t i = 0; name != NULL && i < sizeof objectives / sizeof objectives[0]; i++) {
        if (strcmp(name, objectives[i].name) == 0) {
            *ret_objective = &objectives[i];
            run->draft.output = objectives[i].output;
            return ZC_OK;
        }
    }
    return zc_model_fault(&run->draft, "learner.objective.name", "'%.60s' is not supported",
                          name == NULL ? "" : name);
}

static zc_result read_param(zc_xgboost_run *run, const json_t *param, const zc_objective *objective)
{
    static const char path[] = "learner.learner_model_param";
    uint32_t classes = 0;
    uint32_t targets = 0;
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, path, param, "base_score", "boost_from_average",
                                   "num_class", "num_feature", "num_target"));
    if (!zc_xgboost_read_count(param, "num_class", 0, &classes) ||
        !zc_xgboost_read_count(param, "num_target", 1, &targets) ||
        !zc_xgboost_read_count(param, "num_feature", 0, &run->draft.feature_count)) {
        return zc_model_fault(&run->draft, path, "has a count that is no number");
    }
    if (classes > 1 && targets > 1) {
        return zc_model_fault(&run->draft, path, "has several targets of several classes");
    }
    run->draft.group_count = classes > targets ? classes : targets;
    run->draft.group_count = run->draft.group_count == 0 ? 1 : run->draft.group_count;
    if (run->draft.group_count > ZC_RISK_MAX_GROUPS) {
        return zc_model_fault(&run->draft, path, "has %u classes or targets, more than %u",
                              run->draft.group_count, ZC_RISK_MAX_GROUPS);
    }
    return read_base(run, param, objective);
}

/* Categories that a data frame named are encoded anew at prediction: the mission has no names. */
static zc_result check_cats(zc_xgboost_run *run, const json_t *cats)
{
    if (json_array_size(json_object_get(cats, "enc")) != 0) {
        return zc_model_fault(&run->draft, "learner.gradient_booster.model.cats.enc",
                              "categories by name are not supported; train on numbers");
    }
    return ZC_OK;
}

static zc_result read_trees(zc_xgboost_run *run, const json_t *model)
{
    static const char path[] = "learner.gradient_booster.model";
    const json_t *trees = json_object_get(model, "trees");
    const json_t *groups = json_object_get(model, "tree_info");
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, path, model, "gbtree_model_param", "tree_info", "trees",
                                   "iteration_indptr", "cats"));
    ZC_TRY(check_cats(run, json_object_get(model, "cats")));
    size_t count = json_array_size(trees);
    if (count == 0 || count > ZC_RISK_MAX_TREES || json_array_size(groups) != count) {
        return zc_model_fault(&run->draft, path,
                              "has %zu trees; 1 to %u can be had, and each "
                              "wants its tree_info",
                              count, ZC_RISK_MAX_TREES);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t group = 0;
        if (!zc_xgboost_index_at(groups, i, run->draft.group_count, &group)) {
            return zc_model_fault(&run->draft, path, "tree_info[%zu] is no class", i);
        }
        ZC_TRY(zc_xgboost_read_tree(run, i, json_array_get(trees, i), group));
    }
    return ZC_OK;
}

static zc_result read_booster(zc_xgboost_run *run, const json_t *booster)
{
    static const char path[] = "learner.gradient_booster";
    const char *name = json_string_value(json_object_get(booster, "name"));
    if (name != NULL && strcmp(name, "dart") == 0) {
        ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, path, booster, "name", "gbtree", "weight_drop"));
        run->weights = json_object_get(booster, "weight_drop");
        booster = json_object_get(booster, "gbtree");
        ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, "learner.gradient_booster.gbtree", booster, "name",
                                       "model"));
        if (run->weights == NULL) {
            return zc_model_fault(&run->draft, path, "has no weight_drop");
        }
    } else if (name != NULL && strcmp(name, "gbtree") == 0) {
        ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, path, booster, "name", "model"));
    } else {
        return zc_model_fault(&run->draft, "learner.gradient_booster.name",
                              "'%.60s' is not supported; gbtree and dart are",
                              name == NULL ? "" : name);
    }
    return read_trees(run, json_object_get(booster, "model"));
}

/* Up to 1.2, the base score of binary:logitraw was a probability; since then it is a margin. */
static zc_result check_version(zc_xgboost_run *run, const zc_objective *objective)
{
    const json_t *version = json_object_get(run->root, "version");
    json_int_t major = json_integer_value(json_array_get(version, 0));
    json_int_t minor = json_integer_value(json_array_get(version, 1));
    if (major < 1) {
        return zc_model_fault(&run->draft, "version", "is not that of XGBoost 1.0 or later");
    }
    if (strcmp(objective->name, "binary:logitraw") == 0 && major == 1 && minor < 3) {
        return zc_model_fault(&run->draft, "version", "binary:logitraw wants XGBoost 1.3 or later");
    }
    return ZC_OK;
}

static zc_result read_learner(zc_xgboost_run *run)
{
    const zc_objective *objective = &objectives[0];
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, "the file", run->root, "learner", "version"));
    const json_t *learner = json_object_get(run->root, "learner");
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, "learner", learner, "attributes", "feature_names",
                                   "feature_types", "gradient_booster", "learner_model_param",
                                   "objective"));
    ZC_TRY(read_objective(run, json_object_get(learner, "objective"), &objective));
    ZC_TRY(check_version(run, objective));
    ZC_TRY(read_param(run, json_object_get(learner, "learner_model_param"), objective));
    return read_booster(run, json_object_get(learner, "gradient_booster"));
}

/* XGBoost writes NaN and Infinity, which are no JSON: for splits on categories, which need no
 * condition. They become texts of the same length, so that nothing takes them for a number. */
static void quote_odd_numbers(char *text, size_t len)
{
    static const char *const odd[] = {"NaN", "Infinity", "-Infinity"};
    bool in_text = false;
    for (size_t at = 0; at < len; at++) {
        if (text[at] == '"') {
            in_text = !in_text;
        } else if (in_text) {
            at += text[at] == '\\';
            continue;
        }
        for (size_t i = 0; !in_text && i < sizeof odd / sizeof odd[0]; i++) {
            size_t odd_len = strlen(odd[i]);
            if (len - at >= odd_len && memcmp(text + at, odd[i], odd_len) == 0) {
                text[at] = '"';
                text[at + odd_len - 1] = '"';
                at += odd_len - 1;
                break;
            }
        }
    }
}

static json_t *load_json(const zc_model_source *source, json_error_t *ret_where)
{
    char *text = malloc(source->text.len + 1);
    if (text == NULL) {
        (void)snprintf(ret_where->text, sizeof ret_where->text, "the machine gave no memory");
        ret_where->line = 1;
        return NULL;
    }
    if (source->text.len > 0) {
        memcpy(text, source->text.data, source->text.len);
    }
    quote_odd_numbers(text, source->text.len);
    json_t *root = json_loadb(text, source->text.len, JSON_REJECT_DUPLICATES, ret_where);
    free(text);
    return root;
}

zc_result zc_model_compile_xgboost(const zc_model_source *source, zc_bytes *ret_form,
                                   zc_error *error)
{
    json_error_t where;
    zc_xgboost_run run = {
        .draft = {.source = source, .error = error, .number = ZC_RISK_BINARY32, .slope = 1}};
    run.root = load_json(source, &where);
    if (run.root == NULL) {
        char place[32];
        (void)snprintf(place, sizeof place, "line %d", where.line);
        return zc_model_fault(&run.draft, place, "not JSON: %s", where.text);
    }
    zc_result result = read_learner(&run);
    if (zc_ok(result)) {
        result = zc_model_finish(&run.draft, ret_form);
    }
    zc_model_draft_clear(&run.draft);
    json_decref(run.root);
    return result;
}
