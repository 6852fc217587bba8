/* The risk model: boosted trees of XGBoost or LightGBM, compiled into the mission and evaluated in
 * integers, so that every machine and every replay gets the same score bit for bit.
 *
 * Compiled form (canonical CBOR; written and read by risk_form.c, made by host/mission/model.h):
 *
 *   model   = {1: "zcp-risk-model-v1", 2: number, 3: output, 4: [+ base : decimal] ; one a group,
 *              5: [+ feature], 6: scored group, 7: slope : decimal, 8: averaged : bool,
 *              9: [+ tree]}
 *   feature = [kind, parameter]                     ; risk_features.h
 *   tree    = [group, [+ node]]                     ; nodes in preorder
 *   node    = [feature, missing, threshold : int]   ; its left subtree follows, then its right
 *           / [feature, missing, bstr]              ; a set of categories: bit n % 8 of byte n / 8
 *           / decimal                               ; a leaf
 *   decimal = [m : int, e : int]                    ; m × 2^-e, m odd, or [0, 0]
 *
 * Preorder says which node is whose child, so no form can name a node that is not there, name one
 * twice or run in a circle. The form is canonical: for all bytes that parse, write(read(bytes)) ==
 * bytes.
 *
 * Numbers are compared exactly without floating point. A feature and a threshold become keys: the
 * bits of the binary32 (XGBoost) or binary64 (LightGBM) number, its magnitude negated when the sign
 * is set. Keys are in the order of the numbers, and both zeros are 0. A node goes left when its
 * feature's key is below its threshold; LightGBM's `≤` is `<` of the next key.
 *
 * Leaves are fixed-point numbers in units of 2^-80, of magnitude below 2^32: a sum of
 * ZC_RISK_MAX_TREES of them is exact in 128 bits. */
#ifndef ZC_POLICY_RISK_H
#define ZC_POLICY_RISK_H

#include "base/reader.h"
#include "base/writer.h"
#include "policy/risk_features.h"
#include "policy/risk_number.h"
#include "policy/risk_reasons.h"

#define ZC_RISK_FORM_VERSION "zcp-risk-model-v1"
#define ZC_RISK_FORM_KEYS 9
#define ZC_RISK_MAX_TREES 512
#define ZC_RISK_MAX_GROUPS 32
/* Splits and leaves of all trees together. */
#define ZC_RISK_MAX_NODES 65536
/* LightGBM grows leaf by leaf: 31 leaves may hang on 30 splits. */
#define ZC_RISK_MAX_DEPTH 64
/* Depths of all trees together: what an evaluation costs. 512 trees of depth 16. */
#define ZC_RISK_MAX_STEPS 8192
/* Splits on sets of categories, and the bytes of all their sets. */
#define ZC_RISK_MAX_SETS 2048
#define ZC_RISK_MAX_SET_BYTES 16384
/* How many trees are walked at once (risk.c). */
#define ZC_RISK_LANES 8

/* What the trees' sum becomes. */
typedef enum zc_risk_output {
    ZC_RISK_RAW = 1,
    ZC_RISK_LOGISTIC = 2,    /* 1 / (1 + exp(−slope × sum)) */
    ZC_RISK_EXPONENTIAL = 3, /* exp(slope × sum), at most 2^32 */
} zc_risk_output;

/* What a split does with a feature that is missing. */
typedef enum zc_risk_missing {
    ZC_RISK_MISSING_LEFT = 0,
    ZC_RISK_MISSING_RIGHT = 1,
    ZC_RISK_MISSING_ZERO = 2,       /* it counts as 0 */
    ZC_RISK_MISSING_ZERO_LEFT = 3,  /* so it does, and what is within ±1e-35 goes left */
    ZC_RISK_MISSING_ZERO_RIGHT = 4, /* … goes right */
} zc_risk_missing;
#define ZC_RISK_MISSING_KINDS 5

/* A split goes to the next node when the key in `slot` is below the threshold, else to `right`. A
 * leaf has the lowest threshold, which no key is below, and is its own right: a walk that reached
 * it stays. */
typedef struct zc_risk_node {
    int64_t threshold; /* of a split on categories: the number of its set */
    uint32_t right;
    uint32_t slot; /* missing × ZC_RISK_MAX_FEATURES + feature, and ZC_RISK_SET_SLOT for a set */
} zc_risk_node;
#define ZC_RISK_SET_SLOT UINT32_C(0x80000000)

typedef struct zc_risk_tree {
    uint32_t root;
    uint16_t depth; /* splits on the longest way */
    uint16_t group;
} zc_risk_tree;

typedef struct zc_risk_set {
    uint16_t first; /* in set_bytes */
    uint16_t len;
} zc_risk_set;

/* About 2 MiB: give it static storage. Holds no pointers. Zeroed, it is no model. */
typedef struct zc_risk_model {
    zc_risk_number number;
    zc_risk_output output;
    bool averaged;        /* a random forest: the sum is divided by the trees of each group */
    uint32_t used;        /* bit of each zc_risk_missing that a split on a threshold has */
    uint16_t group;       /* the scored one */
    uint16_t group_count; /* 0: no model */
    uint16_t feature_count;
    uint16_t tree_count;
    uint16_t set_count;
    uint16_t set_byte_count;
    uint32_t node_count;
    uint32_t leaf_count;
    zc_risk_slope slope;
    zc_risk_fixed base[ZC_RISK_MAX_GROUPS];
    zc_risk_feature features[ZC_RISK_MAX_FEATURES];
    zc_risk_tree trees[ZC_RISK_MAX_TREES];
    zc_risk_set sets[ZC_RISK_MAX_SETS];
    uint8_t set_bytes[ZC_RISK_MAX_SET_BYTES];
    zc_risk_node nodes[ZC_RISK_MAX_NODES];
    uint32_t leaf[ZC_RISK_MAX_NODES]; /* of a leaf: its number in `values` */
    zc_risk_fixed values[(ZC_RISK_MAX_NODES + ZC_RISK_MAX_TREES) / 2];
} zc_risk_model;

/* Reads one model and checks all of it. *ret_model is written from the start, and zeroed on failure
 * (it is too large for a copy). Errors: base, codec, ZC_POLICY_RISK_…. */
ZC_MUST_USE zc_result zc_risk_model_read(zc_reader *reader, zc_risk_model *ret_model);
/* Writes a model that was read. Errors: ZC_BASE_FULL; ZC_POLICY_RISK_NO_MODEL for a zeroed model.
 */
ZC_MUST_USE zc_result zc_risk_model_write(const zc_risk_model *model, zc_writer *writer);

/* The trees over keys of the model's kind of number, ZC_RISK_KEY_MISSING where a feature is
 * missing. Gives each group's output in units of 2^-80. Keys are public. */
void zc_risk_evaluate(const zc_risk_model *model, const int64_t keys[static ZC_RISK_MAX_FEATURES],
                      zc_risk_fixed ret_outputs[static ZC_RISK_MAX_GROUPS]);

/* What a sum of leaves and base becomes, in units of 2^-80. Ascends with the sum. */
zc_risk_fixed zc_risk_output_of(const zc_risk_model *model, zc_risk_fixed sum);

/* The score of an intent in millionths, rounded down, with the features that it was made of.
 * Changes nothing. Errors: ZC_POLICY_RISK_NO_MODEL for a zeroed model. */
ZC_MUST_USE zc_result zc_risk_score(const zc_risk_model *model, const zc_risk_history *history,
                                    const zc_risk_context *context, const zc_intent *intent,
                                    int64_t *ret_score, zc_risk_vector *ret_features);

#endif
