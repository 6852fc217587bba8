/* XGBoost trains models on rows made up here, saves them and predicts; ours compiles what it saved
 * and must predict the same. usage: risk_xgboost_driver FOLDER-OF-LIBXGBOOST [MODELS] */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mission/model.h"

#define ROWS 400
#define FEATURES 6
#define CATEGORICAL 5 /* the last feature, where a model has one */
#define CLASSES 3
#define TOLERANCE 1e-6

/* XGBoost's C interface, as its manual has it. 0 is success. */
static struct {
    int (*matrix)(const float *data, uint64_t rows, uint64_t columns, float missing, void **ret);
    int (*set_floats)(void *matrix, const char *field, const float *data, uint64_t len);
    int (*set_texts)(void *matrix, const char *field, const char **texts, uint64_t count);
    int (*create)(void *const matrices[], uint64_t count, void **ret);
    int (*set)(void *booster, const char *name, const char *value);
    int (*update)(void *booster, int iteration, void *matrix);
    int (*save)(void *booster, const char *config, uint64_t *ret_len, const char **ret_text);
    int (*predict)(void *booster, void *matrix, int options, unsigned trees, int training,
                   uint64_t *ret_len, const float **ret_values);
    int (*free_booster)(void *booster);
    int (*free_matrix)(void *matrix);
    const char *(*error)(void);
} xgboost;

static void fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void must(int failed, const char *what)
{
    if (failed != 0) {
        fail(what, xgboost.error());
    }
}

static void *open_library(const char *folder, const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        fail(path, dlerror());
    }
    return library;
}

static void load(const char *folder)
{
    static const char *const names[] = {"XGDMatrixCreateFromMat",
                                        "XGDMatrixSetFloatInfo",
                                        "XGDMatrixSetStrFeatureInfo",
                                        "XGBoosterCreate",
                                        "XGBoosterSetParam",
                                        "XGBoosterUpdateOneIter",
                                        "XGBoosterSaveModelToBuffer",
                                        "XGBoosterPredict",
                                        "XGBoosterFree",
                                        "XGDMatrixFree",
                                        "XGBGetLastError"};
    (void)open_library(folder, "libdmlc.so.0");
    void *library = open_library(folder, "libxgboost.so.0");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *symbol = dlsym(library, names[i]);
        if (symbol == NULL) {
            fail(names[i], "is not in the library");
        }
        memcpy((char *)&xgboost + i * sizeof symbol, &symbol, sizeof symbol);
    }
}

static uint64_t random64(void)
{
    static uint64_t seed = UINT64_C(0x853c49e6748fea9b);
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static float unit(void)
{
    return (float)(random64() >> 40) / 16777216.0F;
}

static float rows[ROWS][FEATURES];
static float labels[ROWS];

typedef struct zc_case {
    const char *objective;
    int classes;
    int positive; /* labels are 0 or more */
} zc_case;

static const zc_case cases[] = {
    {"binary:logistic", 2, 1},     {"binary:logitraw", 2, 1},      {"reg:logistic", 2, 1},
    {"reg:squarederror", 0, 0},    {"reg:pseudohubererror", 0, 0}, {"reg:gamma", 0, 1},
    {"reg:tweedie", 0, 1},         {"count:poisson", 0, 1},        {"multi:softprob", CLASSES, 1},
    {"reg:squaredlogerror", 0, 1},
};

static float label_of(const zc_case *test, const float *row)
{
    float sum = row[0] * 3 + (row[1] > 0.5F ? row[2] : 1 - row[3]) + 0.2F * unit();
    sum = isnan(sum) ? unit() : sum;
    if (test->classes > 0) {
        return (float)((int)(sum * 2) % test->classes);
    }
    return test->positive ? sum + 0.01F : sum - 1.7F;
}

/* Numbers on a coarse grid as well, so that rows lie on thresholds; some missing. */
static void make_rows(const zc_case *test, int categorical)
{
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t f = 0; f < FEATURES; f++) {
            rows[i][f] = random64() % 2 == 0 ? unit() : (float)(random64() % 9) / 8;
            if (categorical && f == CATEGORICAL) {
                rows[i][f] = (float)(random64() % 12);
            }
            if (random64() % 11 == 0) {
                rows[i][f] = NAN;
            }
        }
        labels[i] = label_of(test, rows[i]);
    }
}

static void set_number(void *booster, const char *name, double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%g", value);
    must(xgboost.set(booster, name, text), name);
}

static void *train(const zc_case *test, void *matrix, int categorical)
{
    void *booster = NULL;
    void *matrices[] = {matrix};
    must(xgboost.create(matrices, 1, &booster), "create");
    must(xgboost.set(booster, "objective", test->objective), test->objective);
    must(xgboost.set(booster, "verbosity", "0"), "verbosity");
    must(xgboost.set(booster, "nthread", "1"), "nthread");
    must(xgboost.set(booster, "tree_method", categorical ? "hist" : "exact"), "tree_method");
    must(xgboost.set(booster, "max_cat_to_onehot", random64() % 2 == 0 ? "1" : "20"), "onehot");
    set_number(booster, "max_depth", 1 + (double)(random64() % 7));
    set_number(booster, "eta", 0.05 + (double)unit() / 3);
    if (test->classes > 2) {
        set_number(booster, "num_class", test->classes);
    }
    if (test->positive && random64() % 2 == 0) {
        set_number(booster, "base_score", 0.1 + 0.8 * (double)unit());
    }
    if (random64() % 3 == 0) {
        must(xgboost.set(booster, "booster", "dart"), "dart");
        set_number(booster, "rate_drop", 0.3);
    }
    int rounds = 1 + (int)(random64() % 30);
    for (int i = 0; i < rounds; i++) {
        must(xgboost.update(booster, i, matrix), "update");
    }
    return booster;
}

static zc_risk_model model;

static void compile(void *booster, const char *objective)
{
    uint64_t len = 0;
    const char *text = NULL;
    zc_bytes form = {0};
    zc_error error = {0};
    must(xgboost.save(booster, "{\"format\": \"json\"}", &len, &text), "save");
    zc_model_source source = {.file = objective, .text = zc_slice_of(text, len)};
    if (!zc_ok(zc_model_compile(&source, &form, &error))) {
        fail(error.what, error.why);
    }
    zc_reader reader = zc_reader_of(zc_bytes_slice(&form));
    if (!zc_ok(zc_risk_model_read(&reader, &model))) {
        fail(objective, "the compiled form does not parse");
    }
    zc_bytes_clear(&form);
}

/* The greatest distance, in units of max(1, |wanted|). */
static double compare_row(const float *row, const float *wanted)
{
    int64_t keys[ZC_RISK_MAX_FEATURES];
    zc_risk_fixed outputs[ZC_RISK_MAX_GROUPS];
    double worst = 0;
    for (size_t f = 0; f < FEATURES; f++) {
        uint32_t bits;
        memcpy(&bits, &row[f], sizeof bits);
        keys[f] = zc_risk_key_of_bits(ZC_RISK_BINARY32, bits);
    }
    zc_risk_evaluate(&model, keys, outputs);
    for (size_t g = 0; g < model.group_count; g++) {
        double want = (double)wanted[g];
        double scale = fabs(want) > 1 ? fabs(want) : 1;
        double far = fabs(ldexp((double)outputs[g], -ZC_RISK_FIXED_BITS) - want) / scale;
        worst = far > worst || isnan(far) ? far : worst;
    }
    return worst;
}

static double run_model(const zc_case *test, int categorical)
{
    static const char *types[FEATURES] = {"float", "float", "float", "float", "float", "c"};
    void *matrix = NULL;
    uint64_t len = 0;
    const float *wanted = NULL;
    double worst = 0;
    make_rows(test, categorical);
    must(xgboost.matrix(&rows[0][0], ROWS, FEATURES, NAN, &matrix), "matrix");
    must(xgboost.set_floats(matrix, "label", labels, ROWS), "labels");
    if (categorical) {
        must(xgboost.set_texts(matrix, "feature_type", types, FEATURES), "types");
    }
    void *booster = train(test, matrix, categorical);
    compile(booster, test->objective);
    /* Of several classes ours gives margins; otherwise what the objective makes of them. */
    must(xgboost.predict(booster, matrix, test->classes > 2 ? 1 : 0, 0, 0, &len, &wanted),
         "predict");
    if (len != (uint64_t)ROWS * model.group_count) {
        fail(test->objective, "another number of outputs");
    }
    for (size_t i = 0; i < ROWS; i++) {
        double far = compare_row(rows[i], wanted + i * model.group_count);
        worst = far > worst || isnan(far) ? far : worst;
    }
    (void)xgboost.free_booster(booster);
    (void)xgboost.free_matrix(matrix);
    return worst;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fail("usage", "risk_xgboost_driver FOLDER-OF-LIBXGBOOST [MODELS]");
    }
    long models = argc > 2 ? strtol(argv[2], NULL, 10) : 300;
    double worst = 0;
    load(argv[1]);
    for (long i = 0; i < models; i++) {
        const zc_case *test = &cases[(size_t)i % (sizeof cases / sizeof cases[0])];
        int categorical = i / 10 % 3 == 2;
        double far = run_model(test, categorical);
        if (!(far <= TOLERANCE)) {
            (void)fprintf(stderr, "model %ld, %s%s: differs by %g\n", i, test->objective,
                          categorical ? " with categories" : "", far);
            return 1;
        }
        worst = far > worst ? far : worst;
    }
    printf("%ld models of %d rows: no further apart than %.3g\n", models, ROWS, worst);
    return 0;
}
