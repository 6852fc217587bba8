#include <stdlib.h>
#include <string.h>

#include "mission/model_lightgbm.h"

static uint32_t count_words(const char *text)
{
    uint32_t count = 0;
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        text += strcspn(text, " ");
        count++;
    }
    return count;
}

/* The header. */

static zc_result read_version(zc_lightgbm_run *run, const char *value)
{
    if (value[0] != 'v' || value[1] < '2' || value[1] > '4' || value[2] != '\0') {
        return zc_lightgbm_fault_key(run, "is not supported; v2, v3 and v4 are", value);
    }
    run->version = (unsigned)(value[1] - '0');
    return ZC_OK;
}

static zc_result read_header_line(zc_lightgbm_run *run, char *key, char *value)
{
    static const char *const passed[] = {"num_class",     "label_index",          "feature_names",
                                         "feature_infos", "monotone_constraints", "tree"};
    long number = 0;
    if (strcmp(key, "version") == 0) {
        return read_version(run, value);
    }
    if (strcmp(key, "num_tree_per_iteration") == 0) {
        if (!zc_lightgbm_read_long(value, 1, ZC_RISK_MAX_GROUPS, &number)) {
            return zc_lightgbm_fault_key(run, "is not 1 to 32", key);
        }
        run->draft.group_count = (uint32_t)number;
        return ZC_OK;
    }
    if (strcmp(key, "max_feature_idx") == 0) {
        if (!zc_lightgbm_read_long(value, 0, ZC_RISK_MAX_FEATURES - 1, &number)) {
            return zc_lightgbm_fault_key(run, "is not 0 to 255", key);
        }
        run->draft.feature_count = (uint32_t)number + 1;
        return ZC_OK;
    }
    if (strcmp(key, "objective") == 0) {
        (void)snprintf(run->objective, sizeof run->objective, "%s", value);
        return strlen(value) < sizeof run->objective
                   ? ZC_OK
                   : zc_lightgbm_fault_key(run, "is too long", key);
    }
    if (strcmp(key, "average_output") == 0) {
        run->draft.averaged = true;
        return ZC_OK;
    }
    if (strcmp(key, "tree_sizes") == 0) {
        run->tree_sizes = count_words(value);
        return ZC_OK;
    }
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
        if (strcmp(key, passed[i]) == 0) {
            return ZC_OK;
        }
    }
    return zc_lightgbm_fault_key(run, "is not supported", key);
}

typedef struct zc_objective {
    const char *name;
    zc_risk_output output;
} zc_objective;

static const zc_objective objectives[] = {
    {"binary", ZC_RISK_LOGISTIC},   {"cross_entropy", ZC_RISK_LOGISTIC},
    {"xentropy", ZC_RISK_LOGISTIC}, {"multiclassova", ZC_RISK_LOGISTIC},
    {"multiclass", ZC_RISK_RAW},    {"regression", ZC_RISK_RAW},
    {"regression_l1", ZC_RISK_RAW}, {"regression_l2", ZC_RISK_RAW},
    {"huber", ZC_RISK_RAW},         {"fair", ZC_RISK_RAW},
    {"quantile", ZC_RISK_RAW},      {"mape", ZC_RISK_RAW},
    {"custom", ZC_RISK_RAW},        {"poisson", ZC_RISK_EXPONENTIAL},
    {"gamma", ZC_RISK_EXPONENTIAL}, {"tweedie", ZC_RISK_EXPONENTIAL},
};

/* What follows the objective's name: sigmoid:1 num_class:5. */
static zc_result read_option(zc_lightgbm_run *run, char *option)
{
    char *value = strchr(option, ':');
    double slope = 0;
    long classes = 0;
    if (value != NULL && strncmp(option, "sigmoid:", 8) == 0) {
        value++;
        if (!zc_lightgbm_next_double(&value, &slope) || !zc_lightgbm_at_end(value) ||
            slope < 0.001 || slope > 1000) {
            return zc_model_fault(&run->draft, "objective", "sigmoid is not 0.001 to 1000");
        }
        run->draft.slope = slope;
        return ZC_OK;
    }
    if (value != NULL && strncmp(option, "num_class:", 10) == 0 &&
        zc_lightgbm_read_long(value + 1, 1, ZC_RISK_MAX_GROUPS, &classes) &&
        (uint32_t)classes == run->draft.group_count) {
        return ZC_OK;
    }
    return zc_model_fault(&run->draft, "objective", "'%.60s' is not supported", option);
}

static zc_result read_objective(zc_lightgbm_run *run)
{
    char *rest = NULL;
    const char *name = strtok_r(run->objective, " ", &rest);
    run->draft.output = ZC_RISK_RAW;
    if (name == NULL) {
        return ZC_OK; /* trained on a function of the user's own: raw */
    }
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++) {
        if (strcmp(name, objectives[i].name) == 0) {
            run->draft.output = objectives[i].output;
            for (char *option = strtok_r(NULL, " ", &rest); option != NULL;
                 option = strtok_r(NULL, " ", &rest)) {
                ZC_TRY(read_option(run, option));
            }
            /* Forests of version v2 hold what the objective has converted already. */
            if (run->draft.averaged && run->version == 2) {
                run->draft.output = ZC_RISK_RAW;
            }
            run->draft.slope = run->draft.output == ZC_RISK_LOGISTIC ? run->draft.slope : 1;
            return ZC_OK;
        }
    }
    return zc_model_fault(&run->draft, "objective", "'%.60s' is not supported", name);
}

/* The trees end where their importances or the training's parameters begin: those predict nothing.
 */
static bool is_end(const char *line)
{
    return strcmp(line, "end of trees") == 0 || strcmp(line, "feature importances:") == 0 ||
           strcmp(line, "feature_importances:") == 0 || strcmp(line, "parameters:") == 0;
}

static zc_result read_header(zc_lightgbm_run *run, char **ret_line)
{
    char *line = zc_lightgbm_next_line(run);
    if (line == NULL || strcmp(line, "tree") != 0) {
        return zc_lightgbm_fault(run, 1,
                                 "not a model: XGBoost's JSON or LightGBM's text is wanted");
    }
    for (line = zc_lightgbm_next_line(run);
         line != NULL && strncmp(line, "Tree=", 5) != 0 && !is_end(line);
         line = zc_lightgbm_next_line(run)) {
        if (line[0] != '\0') {
            char *value = zc_lightgbm_split_line(line);
            ZC_TRY(read_header_line(run, line, value));
        }
    }
    if (run->version == 0 || run->draft.feature_count == 0 || run->draft.group_count == 0) {
        return zc_lightgbm_fault(run, 1,
                                 "version, max_feature_idx or num_tree_per_iteration is missing");
    }
    *ret_line = line;
    return read_objective(run);
}

static zc_result read_text(zc_lightgbm_run *run)
{
    char *line = NULL;
    ZC_TRY(read_header(run, &line));
    for (; line != NULL && !is_end(line); line = zc_lightgbm_next_line(run)) {
        if (strncmp(line, "Tree=", 5) == 0) {
            long number = 0;
            if (!zc_lightgbm_read_long(line + 5, 0, ZC_RISK_MAX_TREES, &number) ||
                (uint32_t)number != run->draft.tree_count) {
                return zc_lightgbm_fault(run, run->line,
                                         "trees are not numbered one by one from 0");
            }
            ZC_TRY(zc_lightgbm_read_tree(run));
        } else if (line[0] != '\0') {
            return zc_lightgbm_fault_key(run, "is not supported", line);
        }
    }
    if (run->tree_sizes != 0 && run->tree_sizes != run->draft.tree_count) {
        return zc_lightgbm_fault(run, run->line,
                                 "there are not as many trees as tree_sizes announces");
    }
    if (run->draft.tree_count == 0 || run->draft.tree_count % run->draft.group_count != 0) {
        return zc_lightgbm_fault(run, run->line,
                                 "there is not a tree for each class and iteration");
    }
    return ZC_OK;
}

zc_result zc_model_compile_lightgbm(const zc_model_source *source, zc_bytes *ret_form,
                                    zc_error *error)
{
    zc_lightgbm_run run = {
        .draft = {.source = source, .error = error, .number = ZC_RISK_BINARY64, .slope = 1}};
    if (source->text.len == 0 || memchr(source->text.data, '\0', source->text.len) != NULL) {
        return zc_model_fault(&run.draft, "the file", "is empty, or not text");
    }
    char *text = malloc(source->text.len + 1);
    if (text == NULL) {
        return zc_model_no_memory(&run.draft);
    }
    memcpy(text, source->text.data, source->text.len);
    text[source->text.len] = '\0';
    run.at = text;
    zc_result result = read_text(&run);
    if (zc_ok(result)) {
        result = zc_model_finish(&run.draft, ret_form);
    }
    zc_model_draft_clear(&run.draft);
    free(text);
    return result;
}
