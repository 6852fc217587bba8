#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value behind an option; NULL when there is none. */
static const char *value_of(int argc, char **argv, int *at)
{
    return *at + 1 < argc ? argv[++*at] : NULL;
}

static bool read_runs(const char *text, unsigned *ret_runs)
{
    char *end = NULL;
    unsigned long runs = text == NULL ? 0 : strtoul(text, &end, 10);
    if (runs < 1 || runs > ZC_BENCH_RUNS_MAX || *end != '\0') {
        return false;
    }
    *ret_runs = (unsigned)runs;
    return true;
}

static bool read_one(int argc, char **argv, int *at, zc_bench_options *options)
{
    const char *name = argv[*at];
    if (strcmp(name, "--help") == 0) {
        return options->help = true;
    }
    if (strcmp(name, "--json") == 0) {
        return options->json = true;
    }
    if (strcmp(name, "--compare") == 0) {
        return options->compare = true;
    }
    if (strcmp(name, "--growth") == 0) {
        return options->growth = true;
    }
    if (strcmp(name, "--runs") == 0) {
        return read_runs(value_of(argc, argv, at), &options->runs);
    }
    if (strcmp(name, "--only") == 0) {
        return (options->only = value_of(argc, argv, at)) != NULL;
    }
    return strcmp(name, "--html") == 0 && (options->html = value_of(argc, argv, at)) != NULL;
}

bool zc_bench_options_read(int argc, char **argv, zc_bench_options *ret_options)
{
    zc_bench_options options = {.runs = 1, .only = "*"};
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (!read_one(argc, argv, &i, &options)) {
            (void)fprintf(
                stderr,
                "zcp-bench: cannot use %s: it is no option, or its value is missing or out "
                "of range. See --help.\n",
                name);
            return false;
        }
    }
    *ret_options = options;
    return true;
}
