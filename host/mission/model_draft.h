/* A compiled risk model in the making, for the compilers of model.h alone: they hand over trees
 * with nodes in any order; what comes out is in preorder and canonical. */
#ifndef ZC_MISSION_MODEL_DRAFT_H
#define ZC_MISSION_MODEL_DRAFT_H

#include "base/writer.h"
#include "mission/model.h"

typedef struct zc_draft_node {
    bool is_leaf;
    bool has_set;
    uint8_t missing; /* zc_risk_missing */
    uint32_t feature;
    int64_t threshold; /* a key */
    uint32_t left;
    uint32_t right;
    uint32_t set_first; /* in the tree's sets */
    uint32_t set_len;
    double leaf;
} zc_draft_node;

typedef struct zc_draft_tree {
    uint32_t group;
    uint32_t node_count;
    zc_draft_node *nodes; /* node 0 is the root */
    const uint8_t *sets;
} zc_draft_tree;

typedef struct zc_model_draft {
    const zc_model_source *source;
    zc_error *error;
    zc_risk_number number;
    zc_risk_output output;
    bool averaged;
    uint32_t group_count;
    uint32_t feature_count; /* of the model */
    double slope;
    zc_risk_fixed base[ZC_RISK_MAX_GROUPS];
    uint32_t tree_count;
    zc_bytes trees; /* encoded */
} zc_model_draft;

/* `place` is a JSON path or "line 12"; `why` what is wrong there. */
zc_result zc_model_fault(const zc_model_draft *draft, const char *place, const char *format, ...)
    ZC_PRINTF(3, 4);
zc_result zc_model_no_memory(const zc_model_draft *draft);

/* Appends a tree; `place` is where its file has it. */
ZC_MUST_USE zc_result zc_model_add_tree(zc_model_draft *draft, const zc_draft_tree *tree,
                                        const char *place);
/* Writes the whole and reads it back: what this gives, the enclave takes. */
ZC_MUST_USE zc_result zc_model_finish(zc_model_draft *draft, zc_bytes *ret_form);
void zc_model_draft_clear(zc_model_draft *draft);

/* The key of a finite number; the binary32 kind rounds first. */
int64_t zc_model_key(zc_risk_number number, double value);
/* In units of 2^-80, rounded to nearest; false beyond ±2^32 and for what is no number. */
bool zc_model_fixed(double value, zc_risk_fixed *ret_fixed);
/* What the output function maps to `score`, to 2^-40: the sum that such a base score stands for.
 * False when there is none. */
bool zc_model_inverse(zc_risk_output output, double score, zc_risk_fixed *ret_sum);

#endif
