#include <string.h>

#include "codec/cbor.h"
#include "policy/risk.h"

/* |leaf| < 2^32 in units of 2^-80. */
#define LEAF_BITS 32

/* The number of bits of |m|; m is not INT64_MIN. */
static int bits_of(int64_t m)
{
    return m == 0 ? 0 : 64 - __builtin_clzll((uint64_t)(m < 0 ? -m : m));
}

/* [m, e]: m odd, or both 0. */
static zc_result read_pair(zc_reader *reader, int64_t *ret_m, int64_t *ret_e)
{
    int64_t m = 0;
    int64_t e = 0;
    ZC_TRY(zc_cbor_get_int(reader, &m));
    ZC_TRY(zc_cbor_get_int(reader, &e));
    if (m == 0 ? e != 0 : (m & 1) == 0) {
        return zc_fail(ZC_POLICY_RISK_NUMBER);
    }
    *ret_m = m;
    *ret_e = e;
    return ZC_OK;
}

static zc_result read_fixed(zc_reader *reader, zc_risk_fixed *ret_value)
{
    int64_t m = 0;
    int64_t e = 0;
    ZC_TRY(read_pair(reader, &m, &e));
    if (e > ZC_RISK_FIXED_BITS || e < -LEAF_BITS || bits_of(m) > LEAF_BITS + (int)e) {
        return zc_fail(ZC_POLICY_RISK_NUMBER);
    }
    *ret_value = (zc_risk_fixed)m * ((zc_risk_fixed)1 << (ZC_RISK_FIXED_BITS - e));
    return ZC_OK;
}

static zc_result read_decimal(zc_reader *reader, zc_risk_fixed *ret_value)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_array(reader, 2, &count));
    return count == 2 ? read_fixed(reader, ret_value) : zc_fail(ZC_POLICY_RISK_SHAPE);
}

static zc_result read_leaf(zc_reader *reader, zc_risk_model *model)
{
    uint32_t at = model->node_count;
    zc_risk_fixed value = 0;
    ZC_TRY(read_fixed(reader, &value));
    if (model->leaf_count >= sizeof model->values / sizeof model->values[0]) {
        return zc_fail(ZC_POLICY_RISK_TREE);
    }
    model->nodes[at] = (zc_risk_node){.threshold = INT64_MIN, .right = at, .slot = 0};
    model->leaf[at] = model->leaf_count;
    model->values[model->leaf_count++] = value;
    return ZC_OK;
}

static zc_result read_set(zc_reader *reader, zc_risk_model *model, zc_risk_node *node)
{
    zc_slice set = {0};
    ZC_TRY(zc_cbor_get_bytes(reader, &set));
    if (set.len == 0 || set.data[set.len - 1] == 0 || model->set_count >= ZC_RISK_MAX_SETS ||
        set.len > (size_t)ZC_RISK_MAX_SET_BYTES - model->set_byte_count) {
        return zc_fail(ZC_POLICY_RISK_SET);
    }
    memcpy(model->set_bytes + model->set_byte_count, set.data, set.len);
    model->sets[model->set_count] =
        (zc_risk_set){.first = model->set_byte_count, .len = (uint16_t)set.len};
    model->set_byte_count = (uint16_t)(model->set_byte_count + set.len);
    node->threshold = model->set_count++;
    node->slot |= ZC_RISK_SET_SLOT;
    return ZC_OK;
}

static zc_result read_threshold(zc_reader *reader, zc_risk_model *model, uint64_t missing,
                                zc_risk_node *node)
{
    ZC_TRY(zc_cbor_get_int(reader, &node->threshold));
    if (!zc_risk_key_valid(model->number, node->threshold)) {
        return zc_fail(ZC_POLICY_RISK_NUMBER);
    }
    model->used |= UINT32_C(1) << missing;
    return ZC_OK;
}

static zc_result read_split(zc_reader *reader, zc_risk_model *model)
{
    uint64_t feature = 0;
    uint64_t missing = 0;
    zc_cbor_type type = ZC_CBOR_NULL;
    zc_risk_node *node = &model->nodes[model->node_count];
    ZC_TRY(zc_cbor_get_uint(reader, &feature));
    ZC_TRY(zc_cbor_get_uint(reader, &missing));
    ZC_TRY(zc_cbor_peek_type(reader, &type));
    if (feature >= model->feature_count) {
        return zc_fail(ZC_POLICY_RISK_FEATURE);
    }
    if (missing > (type == ZC_CBOR_BYTES ? ZC_RISK_MISSING_ZERO : ZC_RISK_MISSING_KINDS - 1)) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    node->right = 0;
    node->slot = (uint32_t)(missing * ZC_RISK_MAX_FEATURES + feature);
    return type == ZC_CBOR_BYTES ? read_set(reader, model, node)
                                 : read_threshold(reader, model, missing, node);
}

/* The splits that the next node hangs on, and which of them are on their right side. */
typedef struct zc_way {
    uint16_t depth;
    uint32_t node[ZC_RISK_MAX_DEPTH];
    bool right[ZC_RISK_MAX_DEPTH];
} zc_way;

/* After a leaf: up to the next split that lacks its right side. False when the tree is whole. */
static bool turn_right(zc_way *way, zc_risk_model *model)
{
    while (way->depth > 0 && way->right[way->depth - 1]) {
        way->depth--;
    }
    if (way->depth == 0) {
        return false;
    }
    way->right[way->depth - 1] = true;
    model->nodes[way->node[way->depth - 1]].right = model->node_count;
    return true;
}

/* One node; *ret_more tells whether the tree still lacks some. */
static zc_result read_node(zc_reader *reader, zc_risk_model *model, zc_way *way, bool *ret_more)
{
    size_t items = 0;
    ZC_TRY(zc_cbor_get_array(reader, 3, &items));
    if (items == 2) {
        ZC_TRY(read_leaf(reader, model));
        model->node_count++;
        *ret_more = turn_right(way, model);
        return ZC_OK;
    }
    if (items != 3) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    if (way->depth == ZC_RISK_MAX_DEPTH) {
        return zc_fail(ZC_POLICY_RISK_TOO_LARGE);
    }
    ZC_TRY(read_split(reader, model));
    way->node[way->depth] = model->node_count++;
    way->right[way->depth++] = false;
    *ret_more = true;
    return ZC_OK;
}

static zc_result read_nodes(zc_reader *reader, zc_risk_model *model, zc_risk_tree *tree)
{
    size_t count = 0;
    zc_way way = {0};
    bool more = true;
    ZC_TRY(zc_cbor_get_array(reader, ZC_RISK_MAX_NODES, &count));
    if (count > (size_t)ZC_RISK_MAX_NODES - model->node_count) {
        return zc_fail(ZC_POLICY_RISK_TOO_LARGE);
    }
    for (size_t i = 0; i < count; i++) {
        if (!more) {
            return zc_fail(ZC_POLICY_RISK_TREE);
        }
        ZC_TRY(read_node(reader, model, &way, &more));
        tree->depth = way.depth > tree->depth ? way.depth : tree->depth;
    }
    return more ? zc_fail(ZC_POLICY_RISK_TREE) : ZC_OK;
}

static zc_result read_tree(zc_reader *reader, zc_risk_model *model)
{
    size_t items = 0;
    uint64_t group = 0;
    ZC_TRY(zc_cbor_get_array(reader, 2, &items));
    if (items != 2) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    ZC_TRY(zc_cbor_get_uint(reader, &group));
    if (group >= model->group_count) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    zc_risk_tree *tree = &model->trees[model->tree_count];
    *tree = (zc_risk_tree){.root = model->node_count, .group = (uint16_t)group};
    ZC_TRY(read_nodes(reader, model, tree));
    model->tree_count++;
    return ZC_OK;
}

/* What an evaluation costs: ZC_RISK_LANES trees take as long as the deepest of them. */
static bool steps_bounded(const zc_risk_model *model)
{
    uint32_t steps = 0;
    for (size_t first = 0; first < model->tree_count; first += ZC_RISK_LANES) {
        uint16_t deepest = 0;
        for (size_t i = first; i < first + ZC_RISK_LANES && i < model->tree_count; i++) {
            deepest = model->trees[i].depth > deepest ? model->trees[i].depth : deepest;
        }
        steps += (uint32_t)deepest * ZC_RISK_LANES;
    }
    return steps <= ZC_RISK_MAX_STEPS;
}

static zc_result read_trees(zc_reader *reader, zc_risk_model *model)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 9));
    ZC_TRY(zc_cbor_get_array(reader, ZC_RISK_MAX_TREES, &count));
    if (count == 0) {
        return zc_fail(ZC_POLICY_RISK_TREE);
    }
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_tree(reader, model));
    }
    return steps_bounded(model) ? ZC_OK : zc_fail(ZC_POLICY_RISK_TOO_LARGE);
}

static zc_result read_features(zc_reader *reader, zc_risk_model *model)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_cbor_get_array(reader, ZC_RISK_MAX_FEATURES, &count));
    if (count == 0) {
        return zc_fail(ZC_POLICY_RISK_FEATURE);
    }
    for (size_t i = 0; i < count; i++) {
        size_t items = 0;
        uint64_t kind = 0;
        zc_risk_feature *feature = &model->features[i];
        ZC_TRY(zc_cbor_get_array(reader, 2, &items));
        if (items != 2) {
            return zc_fail(ZC_POLICY_RISK_SHAPE);
        }
        ZC_TRY(zc_cbor_get_uint_max(reader, UINT16_MAX, &kind));
        ZC_TRY(zc_cbor_get_uint(reader, &feature->parameter));
        feature->kind = (uint16_t)kind;
        if (!zc_risk_feature_valid(feature)) {
            return zc_fail(ZC_POLICY_RISK_FEATURE);
        }
    }
    model->feature_count = (uint16_t)count;
    return ZC_OK;
}

static zc_result read_base(zc_reader *reader, zc_risk_model *model)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_cbor_get_array(reader, ZC_RISK_MAX_GROUPS, &count));
    if (count == 0) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_decimal(reader, &model->base[i]));
    }
    model->group_count = (uint16_t)count;
    return ZC_OK;
}

static zc_result read_choice(zc_reader *reader, uint64_t key, uint64_t least, uint64_t most,
                             uint64_t *ret_value)
{
    uint64_t value = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    ZC_TRY(zc_cbor_get_uint(reader, &value));
    if (value < least || value > most) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    *ret_value = value;
    return ZC_OK;
}

static zc_result read_head(zc_reader *reader, zc_risk_model *model)
{
    size_t keys = 0;
    zc_slice version = {0};
    uint64_t number = 0;
    uint64_t output = 0;
    ZC_TRY(zc_cbor_get_map(reader, ZC_RISK_FORM_KEYS, &keys));
    if (keys != ZC_RISK_FORM_KEYS) {
        return zc_fail(ZC_CODEC_WRONG_KEY);
    }
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_cbor_get_text(reader, &version));
    if (!zc_slice_eq_text(version, ZC_RISK_FORM_VERSION)) {
        return zc_fail(ZC_POLICY_RISK_VERSION);
    }
    ZC_TRY(read_choice(reader, 2, ZC_RISK_BINARY32, ZC_RISK_BINARY64, &number));
    ZC_TRY(read_choice(reader, 3, ZC_RISK_RAW, ZC_RISK_EXPONENTIAL, &output));
    model->number = (zc_risk_number)number;
    model->output = (zc_risk_output)output;
    return ZC_OK;
}

static zc_result read_slope(zc_reader *reader, zc_risk_model *model)
{
    size_t items = 0;
    int64_t m = 0;
    int64_t e = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(zc_cbor_get_array(reader, 2, &items));
    if (items != 2) {
        return zc_fail(ZC_POLICY_RISK_SHAPE);
    }
    ZC_TRY(read_pair(reader, &m, &e));
    return zc_risk_slope_of(m, e, &model->slope) ? ZC_OK : zc_fail(ZC_POLICY_RISK_NUMBER);
}

static zc_result read_model(zc_reader *reader, zc_risk_model *model)
{
    uint64_t group = 0;
    ZC_TRY(read_head(reader, model));
    ZC_TRY(read_base(reader, model));
    ZC_TRY(read_features(reader, model));
    ZC_TRY(read_choice(reader, 6, 0, model->group_count - 1U, &group));
    model->group = (uint16_t)group;
    ZC_TRY(read_slope(reader, model));
    ZC_TRY(zc_cbor_get_key_uint(reader, 8));
    ZC_TRY(zc_cbor_get_bool(reader, &model->averaged));
    return read_trees(reader, model);
}

zc_result zc_risk_model_read(zc_reader *reader, zc_risk_model *ret_model)
{
    zc_reader at = *reader;
    memset(ret_model, 0, sizeof *ret_model);
    zc_result result = read_model(&at, ret_model);
    if (zc_ok(result)) {
        *reader = at;
    } else {
        memset(ret_model, 0, sizeof *ret_model);
    }
    return result;
}
