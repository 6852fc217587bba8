/* `zcp-vectors KIND PATH`: outside test vectors, through the product's own code. */
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "group.h"
#include "risk_model.h"

typedef struct zc_kind {
    const char *name; /* of the folder */
    zc_kind_fn *run;  /* NULL: nothing of it is in this version */
    void (*run_other)(zc_report *report, const char *path); /* files that are no JSON */
} zc_kind;

static const zc_kind kinds[] = {
    {"crypto", zc_run_crypto, NULL},
    {"ethereum", zc_run_ethereum, NULL},
    {"cose_cbor", zc_run_cose_cbor, NULL},
    {"tlog", zc_run_tlog, NULL},
    {"nitro", zc_run_nitro, zc_run_nitro_file},
    {"bitcoin", zc_run_bitcoin, zc_run_bitcoin_file},
    {"exchange", zc_run_exchange, NULL},
    {"mpc", NULL, NULL},
    {"risk_model", zc_run_risk_model, zc_run_risk_model_file},
    {"solana_cosmos", zc_run_solana_cosmos, NULL},
    {"tee", zc_run_tee, zc_run_tee_file},
    {"webauthn", NULL, NULL},
};

#define KINDS (sizeof kinds / sizeof *kinds)

typedef struct zc_run {
    const zc_kind *kind;
    zc_report report;
    size_t files;
} zc_run;

static bool ends_in(const char *name, const char *suffix)
{
    size_t len = strlen(name);
    size_t suffix_len = strlen(suffix);
    return len >= suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

static void run_json(zc_run *run, const char *path)
{
    char why[512];
    json_t *root = zc_files_json(path, why, sizeof why);
    if (root == NULL) {
        zc_report_fail_file(&run->report, why);
        return;
    }
    if (json_object_size(root) == 0 && json_array_size(root) == 0) {
        zc_report_skip_file(&run->report, "holds no cases");
    } else {
        run->kind->run(&run->report, path, root);
    }
    json_decref(root);
}

static void run_file(void *self, const char *path, const char *name)
{
    zc_run *run = self;
    run->files++;
    run->report.file = name;
    if (run->kind->run == NULL) {
        zc_report_skip_file(&run->report, "not in this version");
    } else if (ends_in(name, ".json")) {
        run_json(run, path);
    } else if (ends_in(name, ".md")) {
        zc_report_skip_file(&run->report, "describes the vectors and holds none");
    } else if (run->kind->run_other != NULL) {
        run->kind->run_other(&run->report, path);
    } else {
        zc_report_skip_file(&run->report, "not a file of test vectors in JSON");
    }
}

static int usage(void)
{
    (void)fprintf(stderr, "usage: zcp-vectors KIND PATH\n"
                          "Runs test vectors of others through ZeroCopy's own code.\n"
                          "PATH is a file or a folder; KIND says what it holds:\n");
    for (size_t i = 0; i < KINDS; i++) {
        (void)fprintf(stderr, "  %s%s\n", kinds[i].name,
                      kinds[i].run == NULL ? " (all skipped in this version)" : "");
    }
    return ZC_EXIT_USAGE;
}

static const zc_kind *kind_of(const char *name)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    zc_error error = {0};
    if (argc != 3) {
        return usage();
    }
    zc_run run = {.kind = kind_of(argv[1])};
    if (run.kind == NULL) {
        (void)fprintf(stderr, "zcp-vectors: there is no kind '%s'\n", argv[1]);
        return usage();
    }
    if (!zc_ok(zc_files_visit(argv[2], run_file, &run, &error))) {
        zc_error_print(stderr, "zcp-vectors", &error);
        return ZC_EXIT_FAILED;
    }
    if (run.files == 0) {
        (void)fprintf(stderr, "zcp-vectors: there is no file in %s\n", argv[2]);
        return ZC_EXIT_FAILED;
    }
    printf("%zu passed, %zu failed, %zu skipped\n", run.report.passed, run.report.failed,
           run.report.skipped);
    return run.report.failed > 0 ? ZC_EXIT_FAILED : ZC_EXIT_DONE;
}
