/* LightGBM's text against a plain evaluation in doubles, and what is refused of it. */
#include "naive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double some[] = {-3,    -1,    -1e-35, -1e-36, -0.0, 0,  1e-36,
                              9e-36, 1e-34, 0.5,    1,      7,    33, NAN};
#define SOME (sizeof some / sizeof some[0])

static zc_naive_tree trees[NAIVE_TREES];

static void check_rows(const zc_naive_tree *tree)
{
    for (size_t i = 0; i < SOME; i++) {
        for (size_t j = 0; j < SOME; j++) {
            double row[NAIVE_FEATURES] = {some[i], some[j]};
            assert_true(naive_evaluate(row) == naive_lightgbm(tree, row));
        }
    }
}

static void choose(zc_naive_node *node, int choice)
{
    static const double thresholds[] = {-1, 0, 0.5};
    node->feature = choice % 2;
    node->threshold = thresholds[choice / 2 % 3];
    node->default_left = choice / 6 % 2 != 0;
    node->missing = choice / 12 % 3;
}

static void compile__every_tree_of_two_splits__as_doubles_decide(void **state)
{
    (void)state;
    for (int first = 0; first < 36; first++) {
        for (int second = 0; second < 36; second++) {
            zc_naive_tree *tree = &trees[0];
            naive_grow(tree, 2);
            for (int i = 0, split = 0; i < tree->count; i++) {
                tree->node[i].leaf = i + 0.1;
                if (!tree->node[i].is_leaf) {
                    choose(&tree->node[i], split++ == 0 ? first : second);
                }
            }
            assert_true(naive_compile(naive_lightgbm_text(tree, 1, "objective=regression\n")));
            check_rows(tree);
        }
    }
}

static double some_number(void)
{
    double number = (double)((int64_t)(naive_random() % 2000001) - 1000000) / 99991;
    return naive_random() % 4 == 0 ? some[naive_random() % (SOME - 1)] : number;
}

static void fill(zc_naive_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        zc_naive_node *node = &tree->node[i];
        node->feature = (int)(naive_random() % NAIVE_FEATURES);
        node->threshold = some_number();
        node->default_left = naive_random() % 2 != 0;
        node->missing = (int)(naive_random() % 3);
        node->has_set = naive_random() % 5 == 0;
        node->set = (uint32_t)(naive_random() | 1);
        node->leaf = ((double)naive_random() / 1.8446744073709552e19 - 0.5) / 7;
    }
}

static double sum_of(int count, const double *row)
{
    long double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += (long double)naive_lightgbm(&trees[i], row);
    }
    return (double)sum;
}

static void check_model(const char *head, double (*output)(double), double divisor)
{
    for (int model = 0; model < 100; model++) {
        for (int i = 0; i < NAIVE_TREES; i++) {
            naive_grow(&trees[i], (int)(naive_random() % 63));
            fill(&trees[i]);
        }
        if (!naive_compile(naive_lightgbm_text(trees, NAIVE_TREES, head))) {
            fail_msg("%s", naive_error.why);
        }
        for (int i = 0; i < 200; i++) {
            double row[NAIVE_FEATURES];
            for (size_t f = 0; f < NAIVE_FEATURES; f++) {
                row[f] = naive_random() % 9 == 0 ? NAN : some_number();
            }
            double wanted = output(sum_of(NAIVE_TREES, row) / divisor);
            assert_true(fabs(naive_evaluate(row) - wanted) < 1e-13 * fmax(1, fabs(wanted)));
        }
    }
}

static double raw(double x)
{
    return x;
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double steep(double x)
{
    return 1 / (1 + exp(-2.5 * x));
}

static void compile__random_models__within_1e_13(void **state)
{
    (void)state;
    check_model("objective=regression\n", raw, 1);
    check_model("objective=binary sigmoid:1\n", logistic, 1);
    check_model("objective=binary sigmoid:2.5\n", steep, 1);
    check_model("objective=poisson\n", exp, 1);
    check_model("objective=regression\naverage_output\n", raw, NAIVE_TREES);
}

/* One change to a sound text. */
static void refused(const char *from, const char *to, const char *why)
{
    static char changed[(size_t)1 << 20];
    naive_grow(&trees[0], 3);
    for (int i = 0; i < trees[0].count; i++) {
        trees[0].node[i].leaf = 0.5;
    }
    trees[0].node[0].has_set = true;
    trees[0].node[0].set = 6;
    const char *text = naive_lightgbm_text(trees, 1, "objective=binary sigmoid:1\n");
    assert_true(naive_compile(text));
    const char *at = strstr(text, from);
    assert_non_null(at);
    (void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    if (naive_compile(changed)) {
        fail_msg("accepted: %s -> %s", from, to);
    }
    if (strstr(naive_error.why, why) == NULL) {
        fail_msg("%s -> %s: %s", from, to, naive_error.why);
    }
}

static void compile__anything_else__refused_with_its_line(void **state)
{
    (void)state;
    refused("tree\n", "forest\n", "line 1");
    refused("version=v4", "version=v9", "line 2");
    refused("label_index", "lable_index", "line 5: 'lable_index' is not supported");
    refused("max_feature_idx=3", "max_feature_idx=256", "line 6");
    refused("binary sigmoid:1", "ranking", "'ranking' is not supported");
    refused("binary sigmoid:1", "binary sigmoid:0", "sigmoid");
    refused("binary sigmoid:1", "regression sqrt", "'sqrt' is not supported");
    refused("num_leaves=4", "num_leaves=5", "line");
    refused("num_leaves=4", "num_leaves=3", "line");
    refused("num_leaves=4", "num_leaves=99999999", "num_leaves");
    refused("shrinkage=1", "is_linear=1", "linear trees");
    refused("shrinkage=1", "leaf_const=1", "'leaf_const' is not supported");
    refused("split_feature=0", "split_feature=4", "no feature");
    refused("left_child=", "left_child=9 ", "not there");
    refused("right_child=", "right_child=0 ", "line");
    refused("leaf_value=0.5", "leaf_value=nan", "leaf_value");
    refused("leaf_value=0.5", "leaf_value=1e300", "leaf");
    refused("decision_type=1", "decision_type=13x", "decision_type");
    refused("cat_boundaries=0 1", "cat_boundaries=0 2", "cat_threshold");
    refused("cat_threshold=6", "cat_threshold=0", "no categories");
    refused("Tree=0", "Tree=1", "numbered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile__every_tree_of_two_splits__as_doubles_decide),
        cmocka_unit_test(compile__random_models__within_1e_13),
        cmocka_unit_test(compile__anything_else__refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
