#include "naive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

zc_risk_model naive_model;
zc_error naive_error;

static char text[(size_t)1 << 20];
static size_t used;

uint64_t naive_random(void)
{
    static uint64_t seed = UINT64_C(0x2545f4914f6cdd1d);
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

void naive_grow(zc_naive_tree *tree, int splits)
{
    memset(tree, 0, sizeof *tree);
    tree->count = 1;
    tree->node[0].is_leaf = true;
    for (int i = 0; i < splits; i++) {
        int at = (int)(naive_random() % (uint64_t)tree->count);
        while (!tree->node[at].is_leaf) {
            at = (at + 1) % tree->count;
        }
        tree->node[at].is_leaf = false;
        tree->node[at].left = tree->count;
        tree->node[at].right = tree->count + 1;
        tree->node[tree->count++].is_leaf = true;
        tree->node[tree->count++].is_leaf = true;
    }
}

static bool has_category(uint32_t set, double value)
{
    return value < 32 && ((set >> (unsigned)value) & 1) != 0;
}

static bool lightgbm_left(const zc_naive_node *node, double value)
{
    if (node->has_set) {
        return !isnan(value) && value > -1 && has_category(node->set, trunc(fabs(value)));
    }
    if (isnan(value) && node->missing != 2) {
        value = 0;
    }
    bool zero = value >= -(double)1e-35f && value <= (double)1e-35f;
    if ((node->missing == 1 && zero) || (node->missing == 2 && isnan(value))) {
        return node->default_left;
    }
    return value <= node->threshold;
}

double naive_lightgbm(const zc_naive_tree *tree, const double *row)
{
    int at = 0;
    while (!tree->node[at].is_leaf) {
        const zc_naive_node *node = &tree->node[at];
        at = lightgbm_left(node, row[node->feature]) ? node->left : node->right;
    }
    return tree->node[at].leaf;
}

static bool xgboost_left(const zc_naive_node *node, float value)
{
    if (isnan(value)) {
        return node->default_left;
    }
    if (node->has_set) {
        return value < 0 || !has_category(node->set, (double)truncf(value));
    }
    return value < (float)node->threshold;
}

float naive_xgboost(const zc_naive_tree *tree, const float *row)
{
    int at = 0;
    while (!tree->node[at].is_leaf) {
        const zc_naive_node *node = &tree->node[at];
        at = xgboost_left(node, row[node->feature]) ? node->left : node->right;
    }
    return (float)tree->node[at].leaf;
}

static void put(const char *format, ...) ZC_PRINTF(1, 2);
static void put(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    used += (size_t)vsnprintf(text + used, sizeof text - used, format, arguments);
    va_end(arguments);
    assert_true(used < sizeof text);
}

/* LightGBM numbers splits and leaves each for themselves. */
static int number_of(const zc_naive_tree *tree, int at)
{
    int number = 0;
    for (int i = 0; i < at; i++) {
        number += tree->node[i].is_leaf == tree->node[at].is_leaf;
    }
    return tree->node[at].is_leaf ? -1 - number : number;
}

typedef void zc_put_node(const zc_naive_tree *tree, const zc_naive_node *node);

static void put_list(const zc_naive_tree *tree, const char *key, bool leaves, zc_put_node *put_node)
{
    put("%s=", key);
    bool first = true;
    for (int i = 0; i < tree->count; i++) {
        if (tree->node[i].is_leaf == leaves) {
            put("%s", first ? "" : " ");
            put_node(tree, &tree->node[i]);
            first = false;
        }
    }
    put("\n");
}

static void put_feature(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", node->feature);
}

static void put_threshold(const zc_naive_tree *tree, const zc_naive_node *node)
{
    int sets = 0;
    for (const zc_naive_node *at = tree->node; at < node; at++) {
        sets += !at->is_leaf && at->has_set;
    }
    node->has_set ? put("%d", sets) : put("%.17g", node->threshold);
}

static void put_type(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", (int)node->has_set + 2 * (int)node->default_left + 4 * node->missing);
}

static void put_left(const zc_naive_tree *tree, const zc_naive_node *node)
{
    put("%d", number_of(tree, node->left));
}

static void put_right(const zc_naive_tree *tree, const zc_naive_node *node)
{
    put("%d", number_of(tree, node->right));
}

static void put_leaf(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%.17g", node->leaf);
}

static void put_lightgbm_sets(const zc_naive_tree *tree, int count)
{
    put("cat_boundaries=0");
    for (int i = 1; i <= count; i++) {
        put(" %d", i);
    }
    bool first = true;
    put("\ncat_threshold=");
    for (int i = 0; i < tree->count; i++) {
        if (!tree->node[i].is_leaf && tree->node[i].has_set) {
            put("%s%u", first ? "" : " ", tree->node[i].set);
            first = false;
        }
    }
    put("\n");
}

static void put_lightgbm_tree(const zc_naive_tree *tree, int index)
{
    int sets = 0;
    for (int i = 0; i < tree->count; i++) {
        sets += !tree->node[i].is_leaf && tree->node[i].has_set;
    }
    put("Tree=%d\nnum_leaves=%d\nnum_cat=%d\n", index, (tree->count + 1) / 2, sets);
    if (tree->count > 1) {
        put_list(tree, "split_feature", false, put_feature);
        put_list(tree, "threshold", false, put_threshold);
        put_list(tree, "decision_type", false, put_type);
        put_list(tree, "left_child", false, put_left);
        put_list(tree, "right_child", false, put_right);
    }
    if (sets > 0) {
        put_lightgbm_sets(tree, sets);
    }
    put_list(tree, "leaf_value", true, put_leaf);
    put("shrinkage=1\n\n\n");
}

const char *naive_lightgbm_text(const zc_naive_tree *trees, int count, const char *head)
{
    used = 0;
    put("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
        "max_feature_idx=%d\n%sfeature_names=a b c d\nfeature_infos=none none none none\n\n",
        NAIVE_FEATURES - 1, head);
    for (int i = 0; i < count; i++) {
        put_lightgbm_tree(&trees[i], i);
    }
    put("end of trees\n\nfeature_importances:\na=1\n\nparameters:\n[boosting: gbdt]\n"
        "end of parameters\n\npandas_categorical:null\n");
    return text;
}

static void put_json(const zc_naive_tree *tree, const char *key, zc_put_node *put_node)
{
    put("\"%s\":[", key);
    for (int i = 0; i < tree->count; i++) {
        put("%s", i == 0 ? "" : ",");
        put_node(tree, &tree->node[i]);
    }
    put("],");
}

static void put_json_left(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", node->is_leaf ? -1 : node->left);
}

static void put_json_right(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", node->is_leaf ? -1 : node->right);
}

static void put_json_condition(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    if (!node->is_leaf && node->has_set) {
        put("NaN"); /* as XGBoost itself writes it */
        return;
    }
    put("%.9g", node->is_leaf ? node->leaf : node->threshold);
}

static void put_json_default(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", node->default_left);
}

static void put_json_type(const zc_naive_tree *tree, const zc_naive_node *node)
{
    (void)tree;
    put("%d", !node->is_leaf && node->has_set);
}

/* What a tree says of its sets, one list at a time. */
static void put_json_sets(const zc_naive_tree *tree, const char *key, int what)
{
    int first = 0;
    bool any = false;
    put("\"%s\":[", key);
    for (int i = 0; i < tree->count; i++) {
        const zc_naive_node *node = &tree->node[i];
        if (node->is_leaf || !node->has_set) {
            continue;
        }
        int size = __builtin_popcount(node->set);
        for (int bit = 0; what == 0 && bit < 32; bit++) {
            if (((node->set >> bit) & 1) != 0) {
                put("%s%d", any ? "," : "", bit);
                any = true;
            }
        }
        if (what != 0) {
            put("%s%d", any ? "," : "", what == 1 ? i : what == 2 ? first : size);
            any = true;
        }
        first += size;
    }
    put("],");
}

static void put_xgboost_tree(const zc_naive_tree *tree, int index)
{
    put("%s{", index == 0 ? "" : ",");
    put_json(tree, "left_children", put_json_left);
    put_json(tree, "right_children", put_json_right);
    put_json(tree, "split_conditions", put_json_condition);
    put_json(tree, "split_indices", put_feature);
    put_json(tree, "default_left", put_json_default);
    put_json(tree, "split_type", put_json_type);
    put_json_sets(tree, "categories", 0);
    put_json_sets(tree, "categories_nodes", 1);
    put_json_sets(tree, "categories_segments", 2);
    put_json_sets(tree, "categories_sizes", 3);
    put("\"id\":%d}", index);
}

const char *naive_xgboost_text(const zc_naive_tree *trees, int count, const char *objective,
                               const char *base_score)
{
    used = 0;
    put("{\"learner\":{\"attributes\":{},\"gradient_booster\":{\"model\":{\"tree_info\":[");
    for (int i = 0; i < count; i++) {
        put("%s0", i == 0 ? "" : ",");
    }
    put("],\"trees\":[");
    for (int i = 0; i < count; i++) {
        put_xgboost_tree(&trees[i], i);
    }
    put("]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"%s\",\"num_class\":"
        "\"0\","
        "\"num_feature\":\"%d\",\"num_target\":\"1\"},\"objective\":{\"name\":\"%s\"}},"
        "\"version\":[2,1,0]}",
        base_score, NAIVE_FEATURES, objective);
    return text;
}

bool naive_compile(const char *source_text)
{
    zc_bytes form = {0};
    zc_model_source source = {.file = "model", .text = zc_slice_of_text(source_text)};
    if (!zc_ok(zc_model_compile(&source, &form, &naive_error))) {
        return false;
    }
    zc_reader reader = zc_reader_of(zc_bytes_slice(&form));
    assert_int_equal(zc_risk_model_read(&reader, &naive_model).code, 0);
    assert_int_equal(zc_reader_end(&reader).code, 0);
    zc_bytes_clear(&form);
    return true;
}

double naive_evaluate(const double *row)
{
    int64_t keys[ZC_RISK_MAX_FEATURES] = {0};
    zc_risk_fixed outputs[ZC_RISK_MAX_GROUPS];
    for (size_t i = 0; i < NAIVE_FEATURES; i++) {
        float narrow = (float)row[i];
        uint32_t narrow_bits;
        uint64_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
        keys[i] = zc_risk_key_of_bits(naive_model.number,
                                      naive_model.number == ZC_RISK_BINARY32 ? narrow_bits : bits);
    }
    zc_risk_evaluate(&naive_model, keys, outputs);
    return ldexp((double)outputs[0], -ZC_RISK_FIXED_BITS);
}
