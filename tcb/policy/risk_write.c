#include "codec/cbor.h"
#include "policy/risk.h"

static zc_result put_pair(zc_writer *writer, zc_risk_fixed value, int64_t e)
{
    if (value == 0) {
        ZC_TRY(zc_cbor_put_int(writer, 0));
        return zc_cbor_put_int(writer, 0);
    }
    while ((value & 1) == 0) {
        value /= 2;
        e--;
    }
    ZC_TRY(zc_cbor_put_int(writer, (int64_t)value));
    return zc_cbor_put_int(writer, e);
}

static zc_result put_decimal(zc_writer *writer, zc_risk_fixed value, int64_t e)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    return put_pair(writer, value, e);
}

static zc_result put_node(zc_writer *writer, const zc_risk_model *model, uint32_t at)
{
    const zc_risk_node *node = &model->nodes[at];
    uint32_t slot = node->slot & ~ZC_RISK_SET_SLOT;
    if (node->right == at) {
        return put_decimal(writer, model->values[model->leaf[at]], ZC_RISK_FIXED_BITS);
    }
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, slot % ZC_RISK_MAX_FEATURES));
    ZC_TRY(zc_cbor_put_uint(writer, slot / ZC_RISK_MAX_FEATURES));
    if (slot == node->slot) {
        return zc_cbor_put_int(writer, node->threshold);
    }
    const zc_risk_set *set = &model->sets[node->threshold];
    return zc_cbor_put_bytes(writer, zc_slice_of(model->set_bytes + set->first, set->len));
}

static zc_result put_tree(zc_writer *writer, const zc_risk_model *model, size_t index)
{
    const zc_risk_tree *tree = &model->trees[index];
    uint32_t end = index + 1U < model->tree_count ? tree[1].root : model->node_count;
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, tree->group));
    ZC_TRY(zc_cbor_put_array(writer, end - tree->root));
    for (uint32_t at = tree->root; at < end; at++) {
        ZC_TRY(put_node(writer, model, at));
    }
    return ZC_OK;
}

static zc_result put_numbered(zc_writer *writer, uint64_t key, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_uint(writer, value);
}

/* A key whose value is an array, of which the items follow. */
static zc_result put_list(zc_writer *writer, uint64_t key, size_t count)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_array(writer, count);
}

static zc_result put_head(zc_writer *writer, const zc_risk_model *model)
{
    ZC_TRY(zc_cbor_put_map(writer, ZC_RISK_FORM_KEYS));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(ZC_RISK_FORM_VERSION)));
    ZC_TRY(put_numbered(writer, 2, model->number));
    ZC_TRY(put_numbered(writer, 3, model->output));
    ZC_TRY(put_list(writer, 4, model->group_count));
    for (size_t i = 0; i < model->group_count; i++) {
        ZC_TRY(put_decimal(writer, model->base[i], ZC_RISK_FIXED_BITS));
    }
    ZC_TRY(put_list(writer, 5, model->feature_count));
    for (size_t i = 0; i < model->feature_count; i++) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, model->features[i].kind));
        ZC_TRY(zc_cbor_put_uint(writer, model->features[i].parameter));
    }
    ZC_TRY(put_numbered(writer, 6, model->group));
    ZC_TRY(zc_cbor_put_uint(writer, 7));
    return put_decimal(writer, (zc_risk_fixed)model->slope.m, model->slope.e);
}

static zc_result put_model(zc_writer *writer, const zc_risk_model *model)
{
    ZC_TRY(put_head(writer, model));
    ZC_TRY(zc_cbor_put_uint(writer, 8));
    ZC_TRY(zc_cbor_put_bool(writer, model->averaged));
    ZC_TRY(put_list(writer, 9, model->tree_count));
    for (size_t i = 0; i < model->tree_count; i++) {
        ZC_TRY(put_tree(writer, model, i));
    }
    return ZC_OK;
}

zc_result zc_risk_model_write(const zc_risk_model *model, zc_writer *writer)
{
    if (model->group_count == 0) {
        return zc_fail(ZC_POLICY_RISK_NO_MODEL);
    }
    zc_writer at = *writer;
    ZC_TRY(put_model(&at, model));
    *writer = at;
    return ZC_OK;
}
