#include <stdlib.h>
#include <string.h>

#include "mission/model_lightgbm.h"

/* decision_type: bit 0 categories, bit 1 missing goes left, bits 2 and 3 what is missing. */
#define IS_CATEGORICAL 1U
#define IS_DEFAULT_LEFT 2U
#define KNOWN_BITS 15U

enum { MISSING_NONE = 0, MISSING_ZERO = 1, MISSING_NAN = 2 };

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

static zc_result read_tree_line(zc_lightgbm_run *run, zc_tree_text *text, char *line)
{
    static const char *const passed[] = {"split_gain",     "leaf_weight",     "leaf_count",
                                         "internal_value", "internal_weight", "internal_count",
                                         "shrinkage"};
    char *value = zc_lightgbm_split_line(line);
    for (size_t i = 0; i < TREE_KEYS; i++) {
        if (strcmp(line, tree_keys[i]) == 0) {
            if (text->value[i] != NULL) {
                return zc_lightgbm_fault_key(run, "stands twice", line);
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
    return zc_lightgbm_fault_key(run, "is not supported", line);
}

static zc_result read_tree_counts(zc_lightgbm_run *run, zc_tree_text *text)
{
    long leaves = 0;
    long sets = 0;
    char *linear = text->value[IS_LINEAR];
    if (text->value[NUM_LEAVES] == NULL ||
        !zc_lightgbm_read_long(text->value[NUM_LEAVES], 1, ZC_RISK_MAX_NODES / 2, &leaves)) {
        return zc_lightgbm_fault(run, text->first_line, "the tree has no num_leaves of 1 to 32768");
    }
    if (text->value[NUM_CAT] != NULL &&
        !zc_lightgbm_read_long(text->value[NUM_CAT], 0, ZC_RISK_MAX_SETS, &sets)) {
        return zc_lightgbm_fault(run, text->line[NUM_CAT], "num_cat is not 0 to 2048");
    }
    if (linear != NULL && strcmp(linear, "0") != 0) {
        return zc_lightgbm_fault(run, text->line[IS_LINEAR], "linear trees are not supported");
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

static zc_result read_leaves(zc_lightgbm_run *run, zc_tree_text *text)
{
    char *at = text->value[LEAF_VALUE];
    for (uint32_t i = 0; i <= text->splits; i++) {
        zc_draft_node *node = &text->nodes[text->splits + i];
        node->is_leaf = true;
        if (!zc_lightgbm_next_double(&at, &node->leaf)) {
            return zc_lightgbm_fault(run, text->line[LEAF_VALUE], "leaf_value lacks a number");
        }
    }
    return zc_lightgbm_at_end(at)
               ? ZC_OK
               : zc_lightgbm_fault(run, text->line[LEAF_VALUE], "leaf_value has too many");
}

/* Sets of categories: words of 32 bits, bit n % 32 of word n / 32. */
static zc_result read_sets(zc_lightgbm_run *run, zc_tree_text *text)
{
    char *at = text->value[CAT_BOUNDARIES];
    char *word = text->value[CAT_THRESHOLD];
    long previous = 0;
    if (text->sets == 0) {
        return ZC_OK;
    }
    if (at == NULL || word == NULL) {
        return zc_lightgbm_fault(run, text->line[NUM_CAT],
                                 "cat_boundaries or cat_threshold is missing");
    }
    for (uint32_t i = 0; i <= text->sets; i++) {
        long next = 0;
        if (!zc_lightgbm_next_long(&at, previous, ZC_RISK_MAX_SET_BYTES / 4, &next) ||
            (i == 0 && next != 0)) {
            return zc_lightgbm_fault(run, text->line[CAT_BOUNDARIES],
                                     "the boundaries do not ascend from 0, "
                                     "or lead too far");
        }
        text->boundary[i] = (uint32_t)next;
        previous = next;
    }
    for (long i = 0; i < previous; i++) {
        long bits = 0;
        if (!zc_lightgbm_next_long(&word, 0, (long)UINT32_MAX, &bits)) {
            return zc_lightgbm_fault(run, text->line[CAT_THRESHOLD],
                                     "cat_threshold lacks a number");
        }
        for (unsigned byte = 0; byte < 4; byte++) {
            text->set_bytes[4 * i + byte] = (uint8_t)((unsigned long)bits >> (8 * byte));
        }
    }
    return zc_lightgbm_at_end(at) && zc_lightgbm_at_end(word)
               ? ZC_OK
               : zc_lightgbm_fault(run, text->line[CAT_THRESHOLD],
                                   "there are more numbers than sets");
}

static zc_result take_set(zc_lightgbm_run *run, const zc_tree_text *text, double threshold,
                          zc_draft_node *node)
{
    if (!(threshold >= 0 && threshold < text->sets)) {
        return zc_lightgbm_fault(run, text->line[THRESHOLD],
                                 "a split names a set that is not there");
    }
    uint32_t set = (uint32_t)threshold;
    node->has_set = true;
    node->missing = ZC_RISK_MISSING_RIGHT;
    node->set_first = 4 * text->boundary[set];
    node->set_len = 4 * (text->boundary[set + 1] - text->boundary[set]);
    while (node->set_len > 0 && text->set_bytes[node->set_first + node->set_len - 1] == 0) {
        node->set_len--;
    }
    return node->set_len > 0
               ? ZC_OK
               : zc_lightgbm_fault(run, text->line[CAT_THRESHOLD], "a set has no categories");
}

static zc_result take_threshold(zc_lightgbm_run *run, const zc_tree_text *text, long type,
                                double threshold, zc_draft_node *node)
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
        return zc_lightgbm_fault(run, text->line[DECISION_TYPE], "a decision_type is not known");
    }
}

/* A child is the number of a split, or −1 − the number of a leaf. */
static bool next_child(char **at, uint32_t splits, uint32_t *ret_child)
{
    long child;
    if (!zc_lightgbm_next_long(at, -(long)splits - 1, (long)splits - 1, &child)) {
        return false;
    }
    *ret_child = child >= 0 ? (uint32_t)child : splits + (uint32_t)(-1 - child);
    return true;
}

static zc_result read_splits(zc_lightgbm_run *run, zc_tree_text *text)
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
        if (!zc_lightgbm_next_long(&feature_at, 0, (long)run->draft.feature_count - 1, &feature)) {
            return zc_lightgbm_fault(run, text->line[SPLIT_FEATURE],
                                     "a split is on no feature of the model");
        }
        if (!zc_lightgbm_next_double(&threshold_at, &threshold)) {
            return zc_lightgbm_fault(run, text->line[THRESHOLD], "threshold lacks a number");
        }
        if (!zc_lightgbm_next_long(&type_at, 0, KNOWN_BITS, &type)) {
            return zc_lightgbm_fault(run, text->line[DECISION_TYPE],
                                     "a decision_type is not known");
        }
        if (!next_child(&left_at, text->splits, &node->left)) {
            return zc_lightgbm_fault(run, text->line[LEFT_CHILD],
                                     "a split leads to a node that is not there");
        }
        if (!next_child(&right_at, text->splits, &node->right)) {
            return zc_lightgbm_fault(run, text->line[RIGHT_CHILD],
                                     "a split leads to a node that is not there");
        }
        node->feature = (uint32_t)feature;
        ZC_TRY(((unsigned long)type & IS_CATEGORICAL) != 0
                   ? take_set(run, text, threshold, node)
                   : take_threshold(run, text, type, threshold, node));
    }
    return text->splits == 0 || (zc_lightgbm_at_end(feature_at) &&
                                 zc_lightgbm_at_end(threshold_at) && zc_lightgbm_at_end(type_at) &&
                                 zc_lightgbm_at_end(left_at) && zc_lightgbm_at_end(right_at))
               ? ZC_OK
               : zc_lightgbm_fault(run, text->first_line,
                                   "the tree has lists of different lengths");
}

static zc_result read_tree_parts(zc_lightgbm_run *run, zc_tree_text *text)
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
zc_result zc_lightgbm_read_tree(zc_lightgbm_run *run)
{
    zc_tree_text text = {.first_line = run->line};
    char *line = zc_lightgbm_next_line(run);
    while (line != NULL && line[0] != '\0') {
        ZC_TRY(read_tree_line(run, &text, line));
        line = zc_lightgbm_next_line(run);
    }
    ZC_TRY(read_tree_counts(run, &text));
    if (run->draft.tree_count == ZC_RISK_MAX_TREES) {
        return zc_lightgbm_fault(run, text.first_line, "there are more than 512 trees");
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
