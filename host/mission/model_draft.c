#include "mission/model_draft.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"
#include "mission/reasons.h"
#include "support/reason.h"

/* A node takes no more: three heads of nine bytes and the array's. Sets come on top. */
#define NODE_MAX 32
/* Everything before the trees. */
#define HEAD_MAX (256 + ZC_RISK_MAX_GROUPS * 24 + ZC_RISK_MAX_FEATURES * 16)

zc_result zc_model_fault(const zc_model_draft *draft, const char *place, const char *format, ...)
{
    char why[200];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    zc_result result = zc_error_set(
        draft->error, ZC_MISSION_MODEL, "", "",
        "Save the model again as docs/risk.md says, or leave this construct out of it.");
    zc_error_what(draft->error, "cannot compile the risk model %s", draft->source->file);
    zc_error_why(draft->error, "%s: %s", place, why);
    return result;
}

zc_result zc_model_no_memory(const zc_model_draft *draft)
{
    return zc_error_from(draft->error, zc_fail(ZC_MISSION_NO_MEMORY),
                         "cannot compile the risk model", "Free memory and try again.");
}

int64_t zc_model_key(zc_risk_number number, double value)
{
    uint64_t bits = 0;
    if (number == ZC_RISK_BINARY32) {
        float narrow = (float)value;
        uint32_t narrow_bits;
        memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
        bits = narrow_bits;
    } else {
        memcpy(&bits, &value, sizeof bits);
    }
    return zc_risk_key_of_bits(number, bits);
}

/* m × 2^-e with m odd, or 0 and 0: exact unless it needs more than 80 bits behind the point. */
static bool split_double(double value, int64_t *ret_m, int64_t *ret_e)
{
    int exponent = 0;
    if (!isfinite(value) || fabs(value) >= 4294967296.0) {
        return false;
    }
    /* Ties to even, as the default rounding of rint() has it; scaling by a power of two is exact.
     */
    double whole = rint(ldexp(value, ZC_RISK_FIXED_BITS));
    double fraction = frexp(whole, &exponent);
    int64_t m = (int64_t)ldexp(fraction, 53);
    int64_t e = ZC_RISK_FIXED_BITS + 53 - exponent;
    while (m != 0 && m % 2 == 0) {
        m /= 2;
        e--;
    }
    *ret_m = m;
    *ret_e = m == 0 ? 0 : e;
    return true;
}

bool zc_model_fixed(double value, zc_risk_fixed *ret_fixed)
{
    int64_t m;
    int64_t e;
    if (!split_double(value, &m, &e)) {
        return false;
    }
    *ret_fixed = (zc_risk_fixed)m * ((zc_risk_fixed)1 << (ZC_RISK_FIXED_BITS - e));
    return true;
}

bool zc_model_inverse(zc_risk_output output, double score, zc_risk_fixed *ret_sum)
{
    zc_risk_slope slope;
    zc_risk_fixed wanted = 0;
    if (!(score > 0) || !zc_model_fixed(score, &wanted) || wanted == 0 ||
        (output == ZC_RISK_LOGISTIC && wanted >= ZC_RISK_FIXED_ONE) ||
        !zc_risk_slope_of(1, 0, &slope)) {
        return false;
    }
    /* Halving what lies between two sums: the functions grow. In units of 2^-41. */
    zc_risk_fixed unit = ZC_RISK_FIXED_ONE >> 41;
    int64_t low = -(INT64_C(64) << 41);
    int64_t high = INT64_C(64) << 41;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        zc_risk_fixed sum = middle * unit;
        zc_risk_fixed got = output == ZC_RISK_LOGISTIC ? zc_risk_logistic(sum, &slope)
                                                       : zc_risk_exponential(sum, &slope);
        *(got <= wanted ? &low : &high) = middle;
    }
    *ret_sum = (zc_risk_fixed)(low / 2) * 2 * unit;
    return true;
}

static zc_result put_fixed(zc_writer *writer, zc_risk_fixed value)
{
    int64_t e = ZC_RISK_FIXED_BITS;
    while (value != 0 && value % 2 == 0) {
        value /= 2;
        e--;
    }
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_int(writer, (int64_t)value));
    return zc_cbor_put_int(writer, value == 0 ? 0 : e);
}

static zc_result put_double(zc_writer *writer, double value)
{
    int64_t m = 0;
    int64_t e = 0;
    if (!split_double(value, &m, &e)) {
        return zc_fail(ZC_POLICY_RISK_NUMBER);
    }
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_int(writer, m));
    return zc_cbor_put_int(writer, e);
}

static zc_result put_node(zc_writer *writer, const zc_draft_tree *tree, const zc_draft_node *node)
{
    if (node->is_leaf) {
        return put_double(writer, node->leaf);
    }
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, node->feature));
    ZC_TRY(zc_cbor_put_uint(writer, node->missing));
    if (node->has_set) {
        return zc_cbor_put_bytes(writer, zc_slice_of(tree->sets + node->set_first, node->set_len));
    }
    return zc_cbor_put_int(writer, node->threshold);
}

/* The nodes that a walk from the root meets, left before right. */
typedef struct zc_walk {
    uint32_t order[ZC_RISK_MAX_NODES];
    uint32_t count;
    /* A node waits for its left side, so there is one entry a level at most. */
    uint32_t waiting[ZC_RISK_MAX_DEPTH + 2];
    uint16_t level[ZC_RISK_MAX_DEPTH + 2];
    size_t depth;
} zc_walk;

/* In a circle a walk gets deeper than any tree may be. NULL, or what is wrong. */
static const char *walk_tree(const zc_draft_tree *tree, zc_walk *walk)
{
    walk->count = 0;
    walk->waiting[0] = 0;
    walk->level[0] = 0;
    walk->depth = 1;
    while (walk->depth > 0) {
        uint32_t at = walk->waiting[--walk->depth];
        uint16_t level = walk->level[walk->depth];
        if (at >= tree->node_count) {
            return "a split leads to a node that is not there";
        }
        if (level > ZC_RISK_MAX_DEPTH) {
            return "the tree is deeper than 64 splits, or runs in a circle";
        }
        if (walk->count == ZC_RISK_MAX_NODES) {
            return "the tree has too many nodes";
        }
        walk->order[walk->count++] = at;
        if (!tree->nodes[at].is_leaf) {
            walk->waiting[walk->depth] = tree->nodes[at].right;
            walk->level[walk->depth++] = (uint16_t)(level + 1);
            walk->waiting[walk->depth] = tree->nodes[at].left;
            walk->level[walk->depth++] = (uint16_t)(level + 1);
        }
    }
    return NULL;
}

static zc_result put_tree(zc_writer *writer, const zc_draft_tree *tree, const zc_walk *walk)
{
    ZC_TRY(zc_cbor_put_array(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, tree->group));
    ZC_TRY(zc_cbor_put_array(writer, walk->count));
    for (uint32_t i = 0; i < walk->count; i++) {
        ZC_TRY(put_node(writer, tree, &tree->nodes[walk->order[i]]));
    }
    return ZC_OK;
}

static zc_result append_tree(zc_model_draft *draft, const zc_draft_tree *tree, const zc_walk *walk,
                             const char *place)
{
    size_t room = 32 + (size_t)walk->count * NODE_MAX;
    for (uint32_t i = 0; i < walk->count; i++) {
        const zc_draft_node *node = &tree->nodes[walk->order[i]];
        room += node->has_set ? node->set_len : 0;
    }
    if (!zc_bytes_reserve(&draft->trees, room)) {
        return zc_model_no_memory(draft);
    }
    zc_writer writer = zc_writer_of(draft->trees.data + draft->trees.len, room);
    zc_result result = put_tree(&writer, tree, walk);
    if (!zc_ok(result)) {
        return zc_model_fault(draft, place, "a leaf is no number, or beyond 2^32");
    }
    draft->trees.len += zc_writer_len(&writer);
    draft->tree_count++;
    return ZC_OK;
}

zc_result zc_model_add_tree(zc_model_draft *draft, const zc_draft_tree *tree, const char *place)
{
    zc_walk *walk = malloc(sizeof *walk);
    if (walk == NULL) {
        return zc_model_no_memory(draft);
    }
    const char *fault = walk_tree(tree, walk);
    zc_result result = fault != NULL ? zc_model_fault(draft, place, "%s", fault)
                                     : append_tree(draft, tree, walk, place);
    free(walk);
    return result;
}

static zc_result put_features(zc_writer *writer, const zc_model_draft *draft)
{
    ZC_TRY(zc_cbor_put_uint(writer, 5));
    ZC_TRY(zc_cbor_put_array(writer, draft->feature_count));
    for (uint32_t i = 0; i < draft->feature_count; i++) {
        zc_risk_feature feature = {.kind = ZC_RISK_FEATURE_NOTHING};
        if (draft->source->features != NULL) {
            feature = draft->source->features[i];
        }
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, feature.kind));
        ZC_TRY(zc_cbor_put_uint(writer, feature.parameter));
    }
    return ZC_OK;
}

/* All but the trees: their array's head comes last. */
static zc_result put_head(zc_writer *writer, const zc_model_draft *draft)
{
    ZC_TRY(zc_cbor_put_map(writer, ZC_RISK_FORM_KEYS));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(ZC_RISK_FORM_VERSION)));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, draft->number));
    ZC_TRY(zc_cbor_put_uint(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, draft->output));
    ZC_TRY(zc_cbor_put_uint(writer, 4));
    ZC_TRY(zc_cbor_put_array(writer, draft->group_count));
    for (uint32_t i = 0; i < draft->group_count; i++) {
        ZC_TRY(put_fixed(writer, draft->base[i]));
    }
    ZC_TRY(put_features(writer, draft));
    ZC_TRY(zc_cbor_put_uint(writer, 6));
    ZC_TRY(zc_cbor_put_uint(writer, draft->source->group));
    ZC_TRY(zc_cbor_put_uint(writer, 7));
    ZC_TRY(put_double(writer, draft->slope));
    ZC_TRY(zc_cbor_put_uint(writer, 8));
    ZC_TRY(zc_cbor_put_bool(writer, draft->averaged));
    ZC_TRY(zc_cbor_put_uint(writer, 9));
    return zc_cbor_put_array(writer, draft->tree_count);
}

static zc_result check_counts(const zc_model_draft *draft)
{
    const zc_model_source *source = draft->source;
    if (draft->feature_count == 0 || draft->feature_count > ZC_RISK_MAX_FEATURES) {
        return zc_model_fault(draft, "features", "the model has %u, and at most %u can be had",
                              draft->feature_count, ZC_RISK_MAX_FEATURES);
    }
    if (draft->group_count == 0 || draft->group_count > ZC_RISK_MAX_GROUPS) {
        return zc_model_fault(draft, "classes", "the model has %u, and at most %u can be had",
                              draft->group_count, ZC_RISK_MAX_GROUPS);
    }
    if (source->features != NULL && source->feature_count != draft->feature_count) {
        return zc_model_fault(draft, "features", "the model has %u, but the mission names %zu",
                              draft->feature_count, source->feature_count);
    }
    if (source->group >= draft->group_count) {
        return zc_model_fault(draft, "classes", "the model has %u, so there is no class %u",
                              draft->group_count, source->group);
    }
    return ZC_OK;
}

/* Whether the enclave takes the form. */
static zc_result check_form(const zc_model_draft *draft, const zc_bytes *form)
{
    zc_risk_model *model = malloc(sizeof *model);
    if (model == NULL) {
        return zc_model_no_memory(draft);
    }
    zc_reader reader = zc_reader_of(zc_bytes_slice(form));
    zc_result result = zc_risk_model_read(&reader, model);
    free(model);
    return zc_ok(result)
               ? ZC_OK
               : zc_model_fault(draft, "the model as a whole", "%s", zc_reason_text(result));
}

zc_result zc_model_finish(zc_model_draft *draft, zc_bytes *ret_form)
{
    uint8_t head[HEAD_MAX];
    zc_bytes form = {0};
    zc_writer writer = ZC_WRITER_OF_ARRAY(head);
    ZC_TRY(check_counts(draft));
    if (!zc_ok(put_head(&writer, draft))) {
        return zc_model_fault(draft, "the model as a whole", "a number in its head is no number");
    }
    if (!zc_bytes_append(&form, zc_writer_written(&writer)) ||
        !zc_bytes_append(&form, zc_bytes_slice(&draft->trees))) {
        zc_bytes_clear(&form);
        return zc_model_no_memory(draft);
    }
    zc_result result = check_form(draft, &form);
    if (zc_ok(result)) {
        *ret_form = form;
    } else {
        zc_bytes_clear(&form);
    }
    return result;
}

void zc_model_draft_clear(zc_model_draft *draft)
{
    zc_bytes_clear(&draft->trees);
}

zc_result zc_model_compile(const zc_model_source *source, zc_bytes *ret_form, zc_error *error)
{
    size_t at = 0;
    while (at < source->text.len && strchr(" \t\r\n", source->text.data[at]) != NULL) {
        at++;
    }
    if (source->text.len > ZC_MODEL_FILE_MAX) {
        zc_model_draft draft = {.source = source, .error = error};
        return zc_model_fault(&draft, "the file", "is longer than 32 MiB");
    }
    return at < source->text.len && source->text.data[at] == '{'
               ? zc_model_compile_xgboost(source, ret_form, error)
               : zc_model_compile_lightgbm(source, ret_form, error);
}
