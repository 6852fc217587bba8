#include <stdlib.h>

#include "mission/model_xgboost.h"

/* One tree, at the JSON that it is read from. */
typedef struct zc_tree_json {
    char path[96];
    const json_t *left;
    const json_t *right;
    const json_t *condition;
    const json_t *index;
    const json_t *default_left;
    const json_t *type;
    const json_t *categories;
    const json_t *category_nodes;
    const json_t *category_segments;
    const json_t *category_sizes;
    size_t count;
    float weight;
    uint8_t *sets;
    size_t set_len;  /* used so far */
    size_t set_next; /* the next of category_nodes */
} zc_tree_json;

#define MAX_CATEGORY ((json_int_t)8 * ZC_RISK_MAX_SET_BYTES)

static bool flag_at(const json_t *list, size_t at)
{
    const json_t *item = json_array_get(list, at);
    return json_is_true(item) || json_integer_value(item) != 0;
}

/* The categories of the next node that splits on some; nodes come in ascending order. */
static bool read_set(zc_tree_json *json, size_t at, zc_draft_node *node)
{
    json_int_t first = json_integer_value(json_array_get(json->category_segments, json->set_next));
    json_int_t count = json_integer_value(json_array_get(json->category_sizes, json->set_next));
    json_int_t most = 0;
    uint8_t *set = json->sets + json->set_len;
    json_int_t known = (json_int_t)json_array_size(json->categories);
    if (json_integer_value(json_array_get(json->category_nodes, json->set_next)) !=
            (json_int_t)at ||
        json->set_next >= json_array_size(json->category_nodes) || first < 0 || count <= 0 ||
        count > known || first > known - count) {
        return false;
    }
    for (json_int_t i = first; i < first + count; i++) {
        const json_t *item = json_array_get(json->categories, (size_t)i);
        json_int_t category = json_integer_value(item);
        if (!json_is_integer(item) || category < 0 || category >= MAX_CATEGORY ||
            json->set_len + (size_t)category / 8 >= ZC_RISK_MAX_SET_BYTES) {
            return false;
        }
        set[category / 8] |= (uint8_t)(1U << (category % 8));
        most = category > most ? category : most;
    }
    node->set_first = (uint32_t)json->set_len;
    node->set_len = (uint32_t)(most / 8 + 1);
    json->set_len += node->set_len;
    json->set_next++;
    return true;
}

/* XGBoost goes right when the category is in the set; ours goes left. */
static void swap_sides(zc_draft_node *node)
{
    uint32_t left = node->left;
    node->left = node->right;
    node->right = left;
    node->missing =
        node->missing == ZC_RISK_MISSING_LEFT ? ZC_RISK_MISSING_RIGHT : ZC_RISK_MISSING_LEFT;
}

static zc_result fault_condition(zc_xgboost_run *run, const zc_tree_json *json, size_t at)
{
    return zc_model_fault(&run->draft, json->path, "split_conditions[%zu] is no number", at);
}

static zc_result read_split(zc_xgboost_run *run, zc_tree_json *json, size_t at, zc_draft_node *node)
{
    double condition = 0;
    uint32_t count = (uint32_t)json->count;
    if (!zc_xgboost_index_at(json->left, at, count, &node->left) ||
        !zc_xgboost_index_at(json->right, at, count, &node->right)) {
        return zc_model_fault(&run->draft, json->path, "node %zu leads to no node", at);
    }
    if (!zc_xgboost_index_at(json->index, at, run->draft.feature_count, &node->feature)) {
        return zc_model_fault(&run->draft, json->path, "node %zu splits on no feature", at);
    }
    node->missing = flag_at(json->default_left, at) ? ZC_RISK_MISSING_LEFT : ZC_RISK_MISSING_RIGHT;
    if (!flag_at(json->type, at)) {
        if (!zc_xgboost_number_at(json->condition, at, &condition)) {
            return fault_condition(run, json, at);
        }
        node->threshold = zc_model_key(ZC_RISK_BINARY32, condition);
        return ZC_OK;
    }
    node->has_set = true;
    if (!read_set(json, at, node)) {
        return zc_model_fault(&run->draft, json->path,
                              "node %zu splits on categories that are not there, or too many", at);
    }
    swap_sides(node);
    return ZC_OK;
}

static zc_result read_node(zc_xgboost_run *run, zc_tree_json *json, size_t at, zc_draft_node *node)
{
    double leaf = 0;
    if (json_integer_value(json_array_get(json->left, at)) != -1) {
        return read_split(run, json, at, node);
    }
    if (!zc_xgboost_number_at(json->condition, at, &leaf)) {
        return fault_condition(run, json, at);
    }
    /* XGBoost multiplies in binary32. */
    node->is_leaf = true;
    node->leaf = (double)(json->weight * (float)leaf);
    return ZC_OK;
}

static zc_result read_into(zc_xgboost_run *run, zc_tree_json *json, zc_draft_tree *tree)
{
    for (size_t i = 0; i < json->count; i++) {
        ZC_TRY(read_node(run, json, i, &tree->nodes[i]));
    }
    tree->sets = json->sets;
    return zc_model_add_tree(&run->draft, tree, json->path);
}

static zc_result read_nodes(zc_xgboost_run *run, zc_tree_json *json, uint32_t group)
{
    zc_draft_tree tree = {.group = group, .node_count = (uint32_t)json->count};
    tree.nodes = calloc(json->count, sizeof *tree.nodes);
    json->sets = calloc(ZC_RISK_MAX_SET_BYTES, 1);
    zc_result result = tree.nodes == NULL || json->sets == NULL ? zc_model_no_memory(&run->draft)
                                                                : read_into(run, json, &tree);
    free(tree.nodes);
    free(json->sets);
    return result;
}

static zc_result check_lists(zc_xgboost_run *run, const zc_tree_json *json)
{
    const json_t *lists[] = {json->left, json->right, json->condition, json->index,
                             json->default_left};
    if (json->count == 0 || json->count > ZC_RISK_MAX_NODES) {
        return zc_model_fault(&run->draft, json->path, "has no nodes, or more than %u",
                              ZC_RISK_MAX_NODES);
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (!json_is_array(lists[i]) || json_array_size(lists[i]) != json->count) {
            return zc_model_fault(&run->draft, json->path, "has lists of different lengths");
        }
    }
    if (json->type != NULL && json_array_size(json->type) != json->count) {
        return zc_model_fault(&run->draft, json->path, "has lists of different lengths");
    }
    return ZC_OK;
}

zc_result zc_xgboost_read_tree(zc_xgboost_run *run, size_t index, const json_t *tree,
                               uint32_t group)
{
    uint32_t leaf_size = 0;
    double weight = 1;
    zc_tree_json json = {.left = json_object_get(tree, "left_children"),
                         .right = json_object_get(tree, "right_children"),
                         .condition = json_object_get(tree, "split_conditions"),
                         .index = json_object_get(tree, "split_indices"),
                         .default_left = json_object_get(tree, "default_left"),
                         .type = json_object_get(tree, "split_type"),
                         .categories = json_object_get(tree, "categories"),
                         .category_nodes = json_object_get(tree, "categories_nodes"),
                         .category_segments = json_object_get(tree, "categories_segments"),
                         .category_sizes = json_object_get(tree, "categories_sizes"),
                         .count = json_array_size(json_object_get(tree, "left_children"))};
    (void)snprintf(json.path, sizeof json.path, "learner.gradient_booster.model.trees[%zu]", index);
    ZC_TRY(ZC_XGBOOST_CHECK_OBJECT(run, json.path, tree, "base_weights", "categories",
                                   "categories_nodes", "categories_segments", "categories_sizes",
                                   "default_left", "id", "left_children", "loss_changes", "parents",
                                   "right_children", "split_conditions", "split_indices",
                                   "split_type", "sum_hessian", "tree_param"));
    if (!zc_xgboost_read_count(json_object_get(tree, "tree_param"), "size_leaf_vector", 0,
                               &leaf_size) ||
        leaf_size > 1) {
        return zc_model_fault(&run->draft, json.path, "has leaves of several numbers");
    }
    if (run->weights != NULL && !zc_xgboost_number_at(run->weights, index, &weight)) {
        return zc_model_fault(&run->draft, "learner.gradient_booster.weight_drop",
                              "has no number for tree %zu", index);
    }
    json.weight = (float)weight;
    ZC_TRY(check_lists(run, &json));
    return read_nodes(run, &json, group);
}
