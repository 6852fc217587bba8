#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mission/model_draft.h"
#include "mission/reasons.h"

/* decision_type: bit 0 categories, bit 1 missing goes left, bits 2 and 3 what is missing. */
#define IS_CATEGORICAL 1U
#define IS_DEFAULT_LEFT 2U
#define KNOWN_BITS 15U

enum { MISSING_NONE = 0, MISSING_ZERO = 1, MISSING_NAN = 2 };

typedef struct zc_run {
    zc_model_draft draft;
    char *at; /* the rest of the text, terminated */
    unsigned line;
    char place[24]; /* "line 12" */
    unsigned version;
    uint32_t tree_sizes; /* how many the header announces; 0 when it does not */
    char objective[128];
} zc_run;

static zc_result fault(zc_run *run, unsigned line, const char *why)
{
    (void)snprintf(run->place, sizeof run->place, "line %u", line);
    return zc_model_fault(&run->draft, run->place, "%s", why);
}

static zc_result fault_key(zc_run *run, const char *why, const char *key)
{
    (void)snprintf(run->place, sizeof run->place, "line %u", run->line);
    return zc_model_fault(&run->draft, run->place, "'%.60s' %s", key, why);
}

/* Cuts the next line off and terminates it; NULL at the end. */
static char *next_line(zc_run *run)
{
    if (*run->at == '\0') {
        return NULL;
    }
    char *line = run->at;
    size_t len = strcspn(line, "\n");
    run->at += len + (line[len] == '\n');
    run->line++;
    line[len] = '\0';
    if (len > 0 && line[len - 1] == '\r') {
        line[len - 1] = '\0';
    }
    return line;
}

/* Cuts "key=value" in two; a line without = has the value "". */
static char *split_line(char *line)
{
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        return line + strlen(line);
    }
    *equals = '\0';
    return equals + 1;
}

/* Lists of numbers parted by single spaces. */

static bool next_double(char **at, double *ret_value)
{
    char *end = NULL;
    *at += strspn(*at, " ");
    if (**at == '\0' || strchr("+-.0123456789", **at) == NULL) {
        return false;
    }
    double value = strtod(*at, &end);
    if (!isfinite(value) || (*end != ' ' && *end != '\0')) {
        return false;
    }
    *at = end;
    *ret_value = value;
    return true;
}

static bool next_long(char **at, long least, long most, long *ret_value)
{
    char *end = NULL;
    *at += strspn(*at, " ");
    if (**at == '\0' || strchr("-0123456789", **at) == NULL) {
        return false;
    }
    long value = strtol(*at, &end, 10);
    if (value < least || value > most || (*end != ' ' && *end != '\0')) {
        return false;
    }
    *at = end;
    *ret_value = value;
    return true;
}

static bool at_end(const char *at)
{
    return at[strspn(at, " ")] == '\0';
}

static bool read_long(char *text, long least, long most, long *ret_value)
{
    long value;
    if (!next_long(&text, least, most, &value) || !at_end(text)) {
        return false;
    }
    *ret_value = value;
    return true;
}

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

static zc_result read_version(zc_run *run, const char *value)
{
    if (value[0] != 'v' || value[1] < '2' || value[1] > '4' || value[2] != '\0') {
        return fault_key(run, "is not supported; v2, v3 and v4 are", value);
    }
    run->version = (unsigned)(value[1] - '0');
    return ZC_OK;
}

static zc_result read_header_line(zc_run *run, char *key, char *value)
{
    static const char *const passed[] = {"num_class",     "label_index",          "feature_names",
                                         "feature_infos", "monotone_constraints", "tree"};
    long number = 0;
    if (strcmp(key, "version") == 0) {
        return read_version(run, value);
    }
    if (strcmp(key, "num_tree_per_iteration") == 0) {
        if (!read_long(value, 1, ZC_RISK_MAX_GROUPS, &number)) {
            return fault_key(run, "is not 1 to 32", key);
        }
        run->draft.group_count = (uint32_t)number;
        return ZC_OK;
    }
    if (strcmp(key, "max_feature_idx") == 0) {
        if (!read_long(value, 0, ZC_RISK_MAX_FEATURES - 1, &number)) {
            return fault_key(run, "is not 0 to 255", key);
        }
        run->draft.feature_count = (uint32_t)number + 1;
        return ZC_OK;
    }
    if (strcmp(key, "objective") == 0) {
        (void)snprintf(run->objective, sizeof run->objective, "%s", value);
        return strlen(value) < sizeof run->objective ? ZC_OK : fault_key(run, "is too long", key);
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
    return fault_key(run, "is not supported", key);
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
static zc_result read_option(zc_run *run, char *option)
{
    char *value = strchr(option, ':');
    double slope = 0;
    long classes = 0;
    if (value != NULL && strncmp(option, "sigmoid:", 8) == 0) {
        value++;
        if (!next_double(&value, &slope) || !at_end(value) || slope < 0.001 || slope > 1000) {
            return zc_model_fault(&run->draft, "objective", "sigmoid is not 0.001 to 1000");
        }
        run->draft.slope = slope;
        return ZC_OK;
    }
    if (value != NULL && strncmp(option, "num_class:", 10) == 0 &&
        read_long(value + 1, 1, ZC_RISK_MAX_GROUPS, &classes) &&
        (uint32_t)classes == run->draft.group_count) {
        return ZC_OK;
    }
    return zc_model_fault(&run->draft, "objective", "'%.60s' is not supported", option);
}

static zc_result read_objective(zc_run *run)
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

/* A tree. */

/* The lines that count, in the order of this list. */
enum {
    SPLIT_FEATURE,
    THRESHOLD,
    DECISION_TYPE,
    LEFT_CHILD,
    RIGHT_CHILD,
    LEAF_VALUE,
    CAT_BOUNDARIES,
    CAT_THRESHOLD,
    NUM_LEAVES,
    NUM_CAT,
    IS_LINEAR,
    TREE_KEYS
};

static const char *const tree_keys[TREE_KEYS] = {
    "split_feature",  "threshold",     "decision_type", "left_child", "right_child", "leaf_value",
    "cat_boundaries", "cat_threshold", "num_leaves",    "num_cat",    "is_linear"};

typedef struct zc_tree_text {
    char *value[TREE_KEYS]; /* NULL where the line is absent */
    unsigned line[TREE_KEYS];
    unsigned first_line;
    uint32_t splits;
    uint32_t sets;
    uint32_t *boundary;
    zc_draft_node *nodes; /* splits, then leaves */
    uint8_t *set_bytes;
} zc_tree_text;

static zc_result read_tree_line(zc_run *run, zc_tree_text *text, char *line)
{
    static const char *const passed[] = {"split_gain",     "leaf_weight",     "leaf_count",
                                         "internal_value", "internal_weight", "internal_count",
                                         "shrinkage"};
    char *value = split_line(line);
    for (size_t i = 0; i < TREE_KEYS; i++) {
        if (strcmp(line, tree_keys[i]) == 0) {
            if (text->value[i] != NULL) {
                return fault_key(run, "stands twice", line);
            }
            text->value[i] = value;
            text->line[i] = run->line;
            return ZC_OK;
        }
    }
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
        if (strcmp(line, passed[i]) == 0) {
            return ZC_OK;
        }
    }
    return fault_key(run, "is not supported", line);
}

static zc_result read_tree_counts(zc_run *run, zc_tree_text *text)
{
    long leaves = 0;
    long sets = 0;
    char *linear = text->value[IS_LINEAR];
    if (text->value[NUM_LEAVES] == NULL ||
        !read_long(text->value[NUM_LEAVES], 1, ZC_RISK_MAX_NODES / 2, &leaves)) {
        return fault(run, text->first_line, "the tree has no num_leaves of 1 to 32768");
    }
    if (text->value[NUM_CAT] != NULL &&
        !read_long(text->value[NUM_CAT], 0, ZC_RISK_MAX_SETS, &sets)) {
        return fault(run, text->line[NUM_CAT], "num_cat is not 0 to 2048");
    }
    if (linear != NULL && strcmp(linear, "0") != 0) {
        return fault(run, text->line[IS_LINEAR], "linear trees are not supported");
    }
    text->splits = (uint32_t)leaves - 1;
    text->sets = (uint32_t)sets;
    size_t last = text->splits == 0 ? LEAF_VALUE : SPLIT_FEATURE;
    for (size_t i = last; i <= LEAF_VALUE; i++) {
        if (text->value[i] == NULL) {
            (void)snprintf(run->place, sizeof run->place, "line %u", text->first_line);
            return zc_model_fault(&run->draft, run->place, "the tree has no %s", tree_keys[i]);
        }
    }
    return ZC_OK;
}

static zc_result read_leaves(zc_run *run, zc_tree_text *text)
{
    char *at = text->value[LEAF_VALUE];
    for (uint32_t i = 0; i <= text->splits; i++) {
        zc_draft_node *node = &text->nodes[text->splits + i];
        node->is_leaf = true;
        if (!next_double(&at, &node->leaf)) {
            return fault(run, text->line[LEAF_VALUE], "leaf_value lacks a number");
        }
    }
    return at_end(at) ? ZC_OK : fault(run, text->line[LEAF_VALUE], "leaf_value has too many");
}

/* Sets of categories: words of 32 bits, bit n % 32 of word n / 32. */
static zc_result read_sets(zc_run *run, zc_tree_text *text)
{
    char *at = text->value[CAT_BOUNDARIES];
    char *word = text->value[CAT_THRESHOLD];
    long previous = 0;
    if (text->sets == 0) {
        return ZC_OK;
    }
    if (at == NULL || word == NULL) {
        return fault(run, text->line[NUM_CAT], "cat_boundaries or cat_threshold is missing");
    }
    for (uint32_t i = 0; i <= text->sets; i++) {
        long next = 0;
        if (!next_long(&at, previous, ZC_RISK_MAX_SET_BYTES / 4, &next) || (i == 0 && next != 0)) {
            return fault(run, text->line[CAT_BOUNDARIES],
                         "the boundaries do not ascend from 0, "
                         "or lead too far");
        }
        text->boundary[i] = (uint32_t)next;
        previous = next;
    }
    for (long i = 0; i < previous; i++) {
        long bits = 0;
        if (!next_long(&word, 0, (long)UINT32_MAX, &bits)) {
            return fault(run, text->line[CAT_THRESHOLD], "cat_threshold lacks a number");
        }
        for (unsigned byte = 0; byte < 4; byte++) {
            text->set_bytes[4 * i + byte] = (uint8_t)((unsigned long)bits >> (8 * byte));
        }
    }
    return at_end(at) && at_end(word)
               ? ZC_OK
               : fault(run, text->line[CAT_THRESHOLD], "there are more numbers than sets");
}

static zc_result take_set(zc_run *run, const zc_tree_text *text, double threshold,
                          zc_draft_node *node)
{
    if (!(threshold >= 0 && threshold < text->sets)) {
        return fault(run, text->line[THRESHOLD], "a split names a set that is not there");
    }
    uint32_t set = (uint32_t)threshold;
    node->has_set = true;
    node->missing = ZC_RISK_MISSING_RIGHT;
    node->set_first = 4 * text->boundary[set];
    node->set_len = 4 * (text->boundary[set + 1] - text->boundary[set]);
    while (node->set_len > 0 && text->set_bytes[node->set_first + node->set_len - 1] == 0) {
        node->set_len--;
    }
    return node->set_len > 0 ? ZC_OK
                             : fault(run, text->line[CAT_THRESHOLD], "a set has no categories");
}

static zc_result take_threshold(zc_run *run, const zc_tree_text *text, long type, double threshold,
                                zc_draft_node *node)
{
    bool left = ((unsigned long)type & IS_DEFAULT_LEFT) != 0;
    /* `value ≤ threshold` is `value < the next number`. */
    node->threshold = zc_model_key(ZC_RISK_BINARY64, threshold) + 1;
    switch (type >> 2) {
    case MISSING_NONE:
        node->missing = ZC_RISK_MISSING_ZERO;
        return ZC_OK;
    case MISSING_ZERO:
        node->missing = left ? ZC_RISK_MISSING_ZERO_LEFT : ZC_RISK_MISSING_ZERO_RIGHT;
        return ZC_OK;
    case MISSING_NAN:
        node->missing = left ? ZC_RISK_MISSING_LEFT : ZC_RISK_MISSING_RIGHT;
        return ZC_OK;
    default:
        return fault(run, text->line[DECISION_TYPE], "a decision_type is not known");
    }
}

/* A child is the number of a split, or −1 − the number of a leaf. */
static bool next_child(char **at, uint32_t splits, uint32_t *ret_child)
{
    long child;
    if (!next_long(at, -(long)splits - 1, (long)splits - 1, &child)) {
        return false;
    }
    *ret_child = child >= 0 ? (uint32_t)child : splits + (uint32_t)(-1 - child);
    return true;
}

static zc_result read_splits(zc_run *run, zc_tree_text *text)
{
    char *feature_at = text->value[SPLIT_FEATURE];
    char *threshold_at = text->value[THRESHOLD];
    char *type_at = text->value[DECISION_TYPE];
    char *left_at = text->value[LEFT_CHILD];
    char *right_at = text->value[RIGHT_CHILD];
    for (uint32_t i = 0; i < text->splits; i++) {
        zc_draft_node *node = &text->nodes[i];
        long feature = 0;
        long type = 0;
        double threshold = 0;
        if (!next_long(&feature_at, 0, (long)run->draft.feature_count - 1, &feature)) {
            return fault(run, text->line[SPLIT_FEATURE], "a split is on no feature of the model");
        }
        if (!next_double(&threshold_at, &threshold)) {
            return fault(run, text->line[THRESHOLD], "threshold lacks a number");
        }
        if (!next_long(&type_at, 0, KNOWN_BITS, &type)) {
            return fault(run, text->line[DECISION_TYPE], "a decision_type is not known");
        }
        if (!next_child(&left_at, text->splits, &node->left)) {
            return fault(run, text->line[LEFT_CHILD], "a split leads to a node that is not there");
        }
        if (!next_child(&right_at, text->splits, &node->right)) {
            return fault(run, text->line[RIGHT_CHILD], "a split leads to a node that is not there");
        }
        node->feature = (uint32_t)feature;
        ZC_TRY(((unsigned long)type & IS_CATEGORICAL) != 0
                   ? take_set(run, text, threshold, node)
                   : take_threshold(run, text, type, threshold, node));
    }
    return text->splits == 0 || (at_end(feature_at) && at_end(threshold_at) && at_end(type_at) &&
                                 at_end(left_at) && at_end(right_at))
               ? ZC_OK
               : fault(run, text->first_line, "the tree has lists of different lengths");
}

static zc_result read_tree_parts(zc_run *run, zc_tree_text *text)
{
    zc_draft_tree tree = {.group = run->draft.tree_count % run->draft.group_count,
                          .node_count = 2 * text->splits + 1,
                          .nodes = text->nodes,
                          .sets = text->set_bytes};
    ZC_TRY(read_leaves(run, text));
    ZC_TRY(read_sets(run, text));
    ZC_TRY(read_splits(run, text));
    (void)snprintf(run->place, sizeof run->place, "line %u", text->first_line);
    return zc_model_add_tree(&run->draft, &tree, run->place);
}

/* After "Tree=N", up to the empty line. */
static zc_result read_tree(zc_run *run)
{
    zc_tree_text text = {.first_line = run->line};
    char *line = next_line(run);
    while (line != NULL && line[0] != '\0') {
        ZC_TRY(read_tree_line(run, &text, line));
        line = next_line(run);
    }
    ZC_TRY(read_tree_counts(run, &text));
    if (run->draft.tree_count == ZC_RISK_MAX_TREES) {
        return fault(run, text.first_line, "there are more than 512 trees");
    }
    text.nodes = calloc(2 * (size_t)text.splits + 1, sizeof *text.nodes);
    text.boundary = calloc((size_t)text.sets + 1, sizeof *text.boundary);
    text.set_bytes = calloc(ZC_RISK_MAX_SET_BYTES, 1);
    zc_result result = text.nodes == NULL || text.boundary == NULL || text.set_bytes == NULL
                           ? zc_model_no_memory(&run->draft)
                           : read_tree_parts(run, &text);
    free(text.nodes);
    free(text.boundary);
    free(text.set_bytes);
    return result;
}

/* The trees end where their importances or the training's parameters begin: those predict nothing.
 */
static bool is_end(const char *line)
{
    return strcmp(line, "end of trees") == 0 || strcmp(line, "feature importances:") == 0 ||
           strcmp(line, "feature_importances:") == 0 || strcmp(line, "parameters:") == 0;
}

static zc_result read_header(zc_run *run, char **ret_line)
{
    char *line = next_line(run);
    if (line == NULL || strcmp(line, "tree") != 0) {
        return fault(run, 1, "not a model: XGBoost's JSON or LightGBM's text is wanted");
    }
    for (line = next_line(run); line != NULL && strncmp(line, "Tree=", 5) != 0 && !is_end(line);
         line = next_line(run)) {
        if (line[0] != '\0') {
            char *value = split_line(line);
            ZC_TRY(read_header_line(run, line, value));
        }
    }
    if (run->version == 0 || run->draft.feature_count == 0 || run->draft.group_count == 0) {
        return fault(run, 1, "version, max_feature_idx or num_tree_per_iteration is missing");
    }
    *ret_line = line;
    return read_objective(run);
}

static zc_result read_text(zc_run *run)
{
    char *line = NULL;
    ZC_TRY(read_header(run, &line));
    for (; line != NULL && !is_end(line); line = next_line(run)) {
        if (strncmp(line, "Tree=", 5) == 0) {
            long number = 0;
            if (!read_long(line + 5, 0, ZC_RISK_MAX_TREES, &number) ||
                (uint32_t)number != run->draft.tree_count) {
                return fault(run, run->line, "trees are not numbered one by one from 0");
            }
            ZC_TRY(read_tree(run));
        } else if (line[0] != '\0') {
            return fault_key(run, "is not supported", line);
        }
    }
    if (run->tree_sizes != 0 && run->tree_sizes != run->draft.tree_count) {
        return fault(run, run->line, "there are not as many trees as tree_sizes announces");
    }
    if (run->draft.tree_count == 0 || run->draft.tree_count % run->draft.group_count != 0) {
        return fault(run, run->line, "there is not a tree for each class and iteration");
    }
    return ZC_OK;
}

zc_result zc_model_compile_lightgbm(const zc_model_source *source, zc_bytes *ret_form,
                                    zc_error *error)
{
    zc_run run = {
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
