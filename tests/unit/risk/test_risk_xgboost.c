/* XGBoost's JSON against a plain evaluation in binary32, and what is refused of it. */
#include "naive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static zc_naive_tree trees[NAIVE_TREES];

/* Numbers near each other in binary32, so that comparisons are close. */
static double some_number(void)
{
    float base = (float)(naive_random() % 16) / 4;
    return (double)(naive_random() % 2 == 0 ? base
                                            : nextafterf(base, naive_random() % 2 == 0 ? -9 : 9));
}

static void fill(zc_naive_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        zc_naive_node *node = &tree->node[i];
        node->feature = (int)(naive_random() % NAIVE_FEATURES);
        node->threshold = some_number();
        node->default_left = naive_random() % 2 != 0;
        node->has_set = naive_random() % 5 == 0;
        node->set = (uint32_t)(naive_random() | 1);
        node->leaf = (double)(float)((double)naive_random() / 1.8446744073709552e19 - 0.5);
    }
}

static void check_model(const char *objective, const char *base, double margin,
                        double (*output)(double))
{
    for (int model = 0; model < 100; model++) {
        for (int i = 0; i < NAIVE_TREES; i++) {
            naive_grow(&trees[i], (int)(naive_random() % 63));
            fill(&trees[i]);
        }
        if (!naive_compile(naive_xgboost_text(trees, NAIVE_TREES, objective, base))) {
            fail_msg("%s", naive_error.why);
        }
        for (int i = 0; i < 300; i++) {
            double row[NAIVE_FEATURES];
            float narrow[NAIVE_FEATURES];
            double sum = margin;
            for (size_t f = 0; f < NAIVE_FEATURES; f++) {
                row[f] = naive_random() % 9 == 0 ? NAN : some_number() - (naive_random() % 7 == 0);
                narrow[f] = (float)row[f];
            }
            for (int t = 0; t < NAIVE_TREES; t++) {
                sum += (double)naive_xgboost(&trees[t], narrow);
            }
            assert_true(fabs(naive_evaluate(row) - output(sum)) < 1e-7 * fmax(1, output(sum)));
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

static void compile__random_models__as_binary32_decides(void **state)
{
    (void)state;
    check_model("reg:squarederror", "5E-1", 0.5, raw);
    check_model("reg:squarederror", "[9.9333334E-1]", (double)0.99333334F, raw);
    check_model("binary:logistic", "5E-1", 0, logistic);
    check_model("binary:logistic", "2.5E-1", -log(3), logistic);
    check_model("binary:logitraw", "[7.5E-1]", 0.75, raw);
    check_model("count:poisson", "2E0", log(2), exp);
}

/* One change to a sound text. */
static void refused(const char *from, const char *to, const char *why)
{
    static char changed[(size_t)1 << 20];
    naive_grow(&trees[0], 3);
    trees[0].node[0].has_set = true;
    trees[0].node[0].set = 6;
    const char *text = naive_xgboost_text(trees, 1, "binary:logistic", "5E-1");
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

static void compile__anything_else__refused_with_its_path(void **state)
{
    (void)state;
    refused("}", "", "line");
    refused("\"attributes\"", "\"attribute\"", "learner: has 'attribute'");
    refused("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", "gradient_booster.name");
    refused("binary:logistic", "binary:hinge", "learner.objective.name");
    refused("binary:logistic", "rank:ndcg", "learner.objective.name");
    refused("\"version\":[2,1,0]", "\"version\":[0,9,0]", "version");
    refused("\"base_score\":\"5E-1\"", "\"base_score\":\"1E0\"", "base_score");
    refused("\"base_score\":\"5E-1\"", "\"base_score\":\"nan\"", "base_score");
    refused("\"base_score\":\"5E-1\"", "\"base_score\":\"[5E-1\"", "base_score");
    refused("\"base_score\":\"5E-1\"", "\"base_score\":\"[5E-1,5E-1]\"", "base_score");
    refused("\"base_score\":\"5E-1\"", "\"base_score\":0.5", "base_score");
    refused("\"num_feature\":\"4\"", "\"num_feature\":\"0\"", "no feature");
    refused("\"num_feature\":\"4\"", "\"num_feature\":\"257\"", "features");
    refused("\"num_class\":\"0\"", "\"num_class\":\"33\"", "33 classes");
    refused("\"tree_info\":[0]", "\"tree_info\":[1]", "tree_info[0]");
    refused("\"tree_info\":[0]", "\"tree_info\":[]", "tree_info");
    refused("\"left_children\":[1", "\"left_children\":[0", "trees[0]");
    refused("\"left_children\":[1", "\"left_children\":[7", "leads to no node");
    refused("\"left_children\":[1", "\"left_children\":[1,1", "lengths");
    refused("\"split_indices\":[0", "\"split_indices\":[4", "no feature");
    refused("\"split_conditions\":[NaN,0", "\"split_conditions\":[NaN,1e300",
            "split_conditions[1]");
    refused("\"split_conditions\":[NaN,0", "\"split_conditions\":[NaN,NaN", "split_conditions[1]");
    refused("\"split_conditions\":[NaN,0", "\"split_conditions\":[NaN,-Infinity",
            "split_conditions[1]");
    refused("\"categories\":[1", "\"categories\":[131072", "categories");
    refused("\"categories\":[1", "\"categories\":[-1", "categories");
    refused("\"categories_sizes\":[2", "\"categories_sizes\":[3", "categories");
    refused("\"categories_nodes\":[0", "\"categories_nodes\":[1", "categories");
    refused("\"id\":0", "\"identity\":0", "trees[0]: has 'identity'");
}

static void compile__dart__weights_count(void **state)
{
    (void)state;
    static const char dart[] =
        "{\"learner\":{\"gradient_booster\":{\"name\":\"dart\",\"weight_drop\":[0.5,2],"
        "\"gbtree\":{\"name\":\"gbtree\",\"model\":{\"tree_info\":[0,0],\"trees\":["
        "{\"left_children\":[-1],\"right_children\":[-1],\"split_conditions\":[3],"
        "\"split_indices\":[0],\"default_left\":[0]},"
        "{\"left_children\":[-1],\"right_children\":[-1],\"split_conditions\":[5],"
        "\"split_indices\":[0],\"default_left\":[0]}]}}},"
        "\"learner_model_param\":{\"base_score\":\"1\",\"num_feature\":\"4\"},"
        "\"objective\":{\"name\":\"reg:squarederror\"}},\"version\":[1,7,4]}";
    double row[NAIVE_FEATURES] = {0};
    assert_true(naive_compile(dart));
    assert_true(naive_evaluate(row) == 1 + 1.5 + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compile__random_models__as_binary32_decides),
        cmocka_unit_test(compile__anything_else__refused_with_its_path),
        cmocka_unit_test(compile__dart__weights_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
