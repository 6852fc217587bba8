#include "policy/risk.h"

#include <string.h>

#define SLOTS ((size_t)ZC_RISK_MISSING_KINDS * ZC_RISK_MAX_FEATURES)

/* The key as splits of one kind see it: below every threshold goes left, above every one right. */
static int64_t key_as(zc_risk_missing kind, int64_t key, int64_t tiny)
{
    bool missing = key == ZC_RISK_KEY_MISSING;
    bool zero = missing || (key >= -tiny && key <= tiny);
    switch (kind) {
    case ZC_RISK_MISSING_LEFT:
        return key; /* missing is below every number */
    case ZC_RISK_MISSING_RIGHT:
        return missing ? INT64_MAX : key;
    case ZC_RISK_MISSING_ZERO:
        return missing ? 0 : key;
    case ZC_RISK_MISSING_ZERO_LEFT:
        return zero ? ZC_RISK_KEY_MISSING : key;
    default:
        return zero ? INT64_MAX : key;
    }
}

static void fill_slots(const zc_risk_model *model, const int64_t *keys, int64_t *slots)
{
    int64_t tiny = zc_risk_key_of_tiny(model->number);
    slots[0] = 0; /* leaves look at it */
    for (unsigned kind = 0; kind < ZC_RISK_MISSING_KINDS; kind++) {
        if (((model->used >> kind) & 1) == 0) {
            continue;
        }
        int64_t *row = slots + (size_t)kind * ZC_RISK_MAX_FEATURES;
        for (size_t i = 0; i < model->feature_count; i++) {
            row[i] = key_as((zc_risk_missing)kind, keys[i], tiny);
        }
    }
}

/* Several trees side by side: each step of one waits for memory, but not for the others, and none
 * for a branch to be foretold. A tree that is done stays on its leaf. */
static void walk_lanes(const zc_risk_model *model, const int64_t *slots, uint16_t depth,
                       uint32_t at[static ZC_RISK_LANES])
{
    const zc_risk_node *nodes = model->nodes;
    for (uint16_t step = 0; step < depth; step++) {
#pragma GCC unroll 8
        for (size_t lane = 0; lane < ZC_RISK_LANES; lane++) {
            const zc_risk_node *node = &nodes[at[lane]];
            uint32_t left = 0 - (uint32_t)(slots[node->slot] < node->threshold);
            at[lane] = (left & (at[lane] + 1)) | (~left & node->right);
        }
    }
}

/* Whether the feature's category is in the split's set. */
static bool in_set(const zc_risk_model *model, const int64_t *keys, const zc_risk_node *node)
{
    const zc_risk_set *set = &model->sets[node->threshold];
    uint32_t slot = node->slot & ~ZC_RISK_SET_SLOT;
    int64_t key = keys[slot % ZC_RISK_MAX_FEATURES];
    if (key == ZC_RISK_KEY_MISSING) {
        if (slot / ZC_RISK_MAX_FEATURES != ZC_RISK_MISSING_ZERO) {
            return slot / ZC_RISK_MAX_FEATURES == ZC_RISK_MISSING_LEFT;
        }
        key = 0;
    }
    int32_t category = zc_risk_category(model->number, key);
    if (category < 0 || category >= 8 * (int32_t)set->len) {
        return false;
    }
    return ((model->set_bytes[set->first + category / 8] >> (category % 8)) & 1) != 0;
}

static uint32_t walk_with_sets(const zc_risk_model *model, const int64_t *keys,
                               const int64_t *slots, const zc_risk_tree *tree)
{
    uint32_t at = tree->root;
    for (uint16_t step = 0; step < tree->depth; step++) {
        const zc_risk_node *node = &model->nodes[at];
        bool left = (node->slot & ZC_RISK_SET_SLOT) != 0 ? in_set(model, keys, node)
                                                         : slots[node->slot] < node->threshold;
        at = left ? at + 1 : node->right;
    }
    return at;
}

/* The leaf of each of the next trees, at most ZC_RISK_LANES of them. */
static void walk(const zc_risk_model *model, const int64_t *keys, const int64_t *slots,
                 size_t first, size_t count, uint32_t ret_at[static ZC_RISK_LANES])
{
    uint16_t depth = 0;
    for (size_t lane = 0; lane < ZC_RISK_LANES; lane++) {
        const zc_risk_tree *tree = &model->trees[first + (lane < count ? lane : 0)];
        ret_at[lane] = tree->root;
        depth = tree->depth > depth ? tree->depth : depth;
        if (model->set_count > 0) {
            ret_at[lane] = walk_with_sets(model, keys, slots, tree);
        }
    }
    if (model->set_count == 0) {
        walk_lanes(model, slots, depth, ret_at);
    }
}

zc_risk_fixed zc_risk_output_of(const zc_risk_model *model, zc_risk_fixed sum)
{
    switch (model->output) {
    case ZC_RISK_LOGISTIC:
        return zc_risk_logistic(sum, &model->slope);
    case ZC_RISK_EXPONENTIAL:
        return zc_risk_exponential(sum, &model->slope);
    default:
        return sum;
    }
}

void zc_risk_evaluate(const zc_risk_model *model, const int64_t keys[static ZC_RISK_MAX_FEATURES],
                      zc_risk_fixed ret_outputs[static ZC_RISK_MAX_GROUPS])
{
    int64_t slots[SLOTS];
    zc_risk_fixed sums[ZC_RISK_MAX_GROUPS] = {0};
    uint16_t trees[ZC_RISK_MAX_GROUPS] = {0};
    uint32_t at[ZC_RISK_LANES];
    fill_slots(model, keys, slots);
    for (size_t first = 0; first < model->tree_count; first += ZC_RISK_LANES) {
        size_t left = model->tree_count - first;
        size_t count = left < ZC_RISK_LANES ? left : ZC_RISK_LANES;
        walk(model, keys, slots, first, count, at);
        for (size_t lane = 0; lane < count; lane++) {
            uint16_t group = model->trees[first + lane].group;
            sums[group] += model->values[model->leaf[at[lane]]];
            trees[group]++;
        }
    }
    for (size_t group = 0; group < model->group_count; group++) {
        zc_risk_fixed sum =
            model->averaged && trees[group] > 0 ? sums[group] / trees[group] : sums[group];
        ret_outputs[group] = zc_risk_output_of(model, sum + model->base[group]);
    }
}

zc_result zc_risk_score(const zc_risk_model *model, const zc_risk_history *history,
                        const zc_risk_context *context, const zc_intent *intent, int64_t *ret_score,
                        zc_risk_vector *ret_features)
{
    int64_t keys[ZC_RISK_MAX_FEATURES];
    zc_risk_fixed outputs[ZC_RISK_MAX_GROUPS];
    if (model->group_count == 0) {
        return zc_fail(ZC_POLICY_RISK_NO_MODEL);
    }
    zc_risk_features(model->features, model->feature_count, history, context, intent, ret_features);
    for (size_t i = 0; i < model->feature_count; i++) {
        int64_t value = ret_features->value[i];
        keys[i] = value == ZC_RISK_FEATURE_MISSING ? ZC_RISK_KEY_MISSING
                                                   : zc_risk_key_of_value(model->number, value);
    }
    zc_risk_evaluate(model, keys, outputs);
    *ret_score = zc_risk_millionths(outputs[model->group]);
    return ZC_OK;
}
