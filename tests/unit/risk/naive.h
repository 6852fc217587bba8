/* Trees as a training tool describes them, evaluated the plain way in floating point, and written
 * as that tool would save them. */
#ifndef TESTS_RISK_NAIVE_H
#define TESTS_RISK_NAIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mission/model.h"

#define NAIVE_NODES 127
#define NAIVE_TREES 16
#define NAIVE_FEATURES 4

typedef struct zc_naive_node {
    bool is_leaf;
    int feature;
    double threshold;
    bool default_left;
    int missing; /* LightGBM: 0 none, 1 zero, 2 NaN */
    bool has_set;
    uint32_t set; /* bit n: category n */
    int left;
    int right;
    double leaf;
} zc_naive_node;

typedef struct zc_naive_tree {
    int count;
    zc_naive_node node[NAIVE_NODES];
} zc_naive_tree;

uint64_t naive_random(void);
/* Grows a tree of this many splits, leaf by leaf; parts are left for the caller to fill. */
void naive_grow(zc_naive_tree *tree, int splits);

/* The leaf's value as the tool itself would find it. */
double naive_lightgbm(const zc_naive_tree *tree, const double *row);
float naive_xgboost(const zc_naive_tree *tree, const float *row);

/* Text of the tool; the result is static. `tail` follows the objective's line or name. */
const char *naive_lightgbm_text(const zc_naive_tree *trees, int count, const char *head);
const char *naive_xgboost_text(const zc_naive_tree *trees, int count, const char *objective,
                               const char *base_score);

/* Compiles and reads; naive_model holds it. False when it is refused: naive_error says why. */
bool naive_compile(const char *text);
extern zc_risk_model naive_model;
extern zc_error naive_error;
/* The first output, as a number. */
double naive_evaluate(const double *row);

#endif
