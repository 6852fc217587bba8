/* Risk models of XGBoost and LightGBM: compiled, read as the enclave does, and held to published
 * predictions. */
#include "risk_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "group.h"
#include "mission/model.h"

#define TOLERANCE_XGBOOST 1e-6
#define TOLERANCE_LIGHTGBM 1e-12

static zc_risk_model model;

static bool compile(zc_report *report, const char *file, zc_slice text)
{
    zc_error error = {0};
    zc_bytes form = {0};
    zc_model_source source = {.file = file, .text = text};
    if (!zc_ok(zc_model_compile(&source, &form, &error))) {
        zc_report_problem(report, "%s: %s", error.what, error.why);
        return false;
    }
    zc_reader reader = zc_reader_of(zc_bytes_slice(&form));
    bool read = zc_report_ok(report, "the compiled form", zc_risk_model_read(&reader, &model)) &&
                zc_report_ok(report, "the compiled form", zc_reader_end(&reader));
    zc_bytes_clear(&form);
    return read;
}

/* The model file stands beside the file of its cases. */
static bool compile_beside(zc_report *report, const char *path, const char *name)
{
    char folder[ZC_PATH_SIZE];
    char beside[ZC_PATH_SIZE];
    zc_error error = {0};
    zc_bytes text = {0};
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path),
                   slash == NULL ? "." : path);
    if (strchr(name, '/') != NULL || !zc_path_join(folder, name, beside) ||
        !zc_ok(zc_file_read(beside, ZC_MODEL_FILE_MAX, &text, &error))) {
        zc_report_problem(report, "there is no model %s beside the cases", name);
        return false;
    }
    bool compiled = compile(report, name, zc_bytes_slice(&text));
    zc_bytes_clear(&text);
    return compiled;
}

static int64_t key_of(zc_report *report, const json_t *value)
{
    if (json_is_null(value)) {
        return ZC_RISK_KEY_MISSING;
    }
    if (!json_is_number(value)) {
        zc_report_problem(report, "a feature is neither a number nor null");
        return ZC_RISK_KEY_MISSING;
    }
    double number = json_number_value(value);
    uint64_t bits = 0;
    if (model.number == ZC_RISK_BINARY32) {
        float narrow = (float)number;
        uint32_t narrow_bits;
        memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
        bits = narrow_bits;
    } else {
        memcpy(&bits, &number, sizeof bits);
    }
    return zc_risk_key_of_bits(model.number, bits);
}

/* A row in full, or the features that are present by their number. */
static void read_row(zc_report *report, const json_t *test, int64_t keys[ZC_RISK_MAX_FEATURES])
{
    size_t i;
    json_t *value;
    const char *name;
    json_t *row = json_object_get(test, "features");
    json_t *present = json_object_get(test, "present");
    for (i = 0; i < ZC_RISK_MAX_FEATURES; i++) {
        keys[i] = ZC_RISK_KEY_MISSING;
    }
    if (!json_is_array(row) && !json_is_object(present)) {
        zc_report_problem(report, "the case has no features");
    }
    if (json_array_size(row) > model.feature_count) {
        zc_report_problem(report, "the case has more features than the model");
        return;
    }
    json_array_foreach(row, i, value)
    {
        keys[i] = key_of(report, value);
    }
    json_object_foreach(present, name, value)
    {
        char *end = NULL;
        unsigned long at = strtoul(name, &end, 10);
        if (*end != '\0' || end == name) {
            zc_report_problem(report, "feature '%s' is no number", name);
        } else if (at < model.feature_count) {
            keys[at] = key_of(report, value);
        }
    }
}

static void check_output(zc_report *report, size_t group, zc_risk_fixed got, const json_t *expected)
{
    double tolerance = model.number == ZC_RISK_BINARY32 ? TOLERANCE_XGBOOST : TOLERANCE_LIGHTGBM;
    double wanted = json_number_value(expected);
    double scale = fabs(wanted) > 1 ? fabs(wanted) : 1;
    double value = ldexp((double)got, -ZC_RISK_FIXED_BITS);
    if (!json_is_number(expected)) {
        zc_report_problem(report, "no prediction is published");
    } else if (!(fabs(value - wanted) <= tolerance * scale)) {
        zc_report_problem(report, "output %zu: %.17g, published is %.17g", group, value, wanted);
    }
}

static void run_case(zc_report *report, const json_t *test)
{
    int64_t keys[ZC_RISK_MAX_FEATURES];
    zc_risk_fixed outputs[ZC_RISK_MAX_GROUPS];
    const json_t *expected = json_object_get(test, "expected");
    read_row(report, test, keys);
    zc_risk_evaluate(&model, keys, outputs);
    size_t count = json_is_array(expected) ? json_array_size(expected) : 1;
    if (count != model.group_count) {
        zc_report_problem(report, "the model has %u outputs, published are %zu", model.group_count,
                          count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        check_output(report, i, outputs[i],
                     json_is_array(expected) ? json_array_get(expected, i) : expected);
    }
}

static void run_cases(zc_report *report, const char *path, json_t *root)
{
    size_t i;
    json_t *test;
    zc_report_begin(report, "the model");
    bool compiled = compile_beside(report, path, json_string_value(json_object_get(root, "model")));
    zc_report_end(report);
    if (!compiled) {
        return;
    }
    json_array_foreach(json_object_get(root, "cases"), i, test)
    {
        zc_report_begin(report, "case %zu", i);
        run_case(report, test);
        zc_report_end(report);
    }
}

void zc_run_risk_model_file(zc_report *report, const char *path)
{
    zc_error error = {0};
    zc_bytes text = {0};
    zc_report_begin(report, "the model");
    if (zc_ok(zc_file_read(path, ZC_MODEL_FILE_MAX, &text, &error))) {
        (void)compile(report, report->file, zc_bytes_slice(&text));
    } else {
        zc_report_problem(report, "%s: %s", error.what, error.why);
    }
    zc_report_end(report);
    zc_bytes_clear(&text);
}

void zc_run_risk_model(zc_report *report, const char *path, json_t *root)
{
    if (json_object_get(root, "learner") != NULL) {
        zc_run_risk_model_file(report, path);
    } else if (json_is_string(json_object_get(root, "model")) &&
               json_is_array(json_object_get(root, "cases"))) {
        run_cases(report, path, root);
    } else {
        zc_report_skip_file(report, "neither a model nor cases of one");
    }
}
