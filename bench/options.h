/* What a run of zcp-bench is asked to do. */
#ifndef ZC_BENCH_OPTIONS_H
#define ZC_BENCH_OPTIONS_H

#include <stdbool.h>

#define ZC_BENCH_RUNS_MAX 25

typedef struct zc_bench_options {
    bool json;
    bool help;
    bool compare;
    bool growth;
    unsigned runs;    /* repetitions, 1 to ZC_BENCH_RUNS_MAX */
    const char *only; /* pattern of names, as of files */
    const char *html; /* file for the page; NULL: none */
} zc_bench_options;

/* False, having said why, when they are not understood. */
bool zc_bench_options_read(int argc, char **argv, zc_bench_options *ret_options);

#endif
