/* Results for people (a table) and for programs (one JSON object a line, the form of DESIGN §8). */
#ifndef ZC_BENCH_REPORT_H
#define ZC_BENCH_REPORT_H

#include "worker.h"

typedef struct zc_bench_report {
    bool json;
    bool failed; /* standard output did not take everything */
} zc_bench_report;

/* What the numbers were taken on; in the table only. */
void zc_report_conditions(zc_bench_report *report, bool pinned, int cpu);
void zc_report_task(zc_bench_report *report, const zc_bench_task *task,
                    const zc_bench_result *result);
void zc_report_skipped(zc_bench_report *report, const char *name, const char *why);
/* The quotient of the two medians; nothing when one is missing. */
void zc_report_ratio(zc_bench_report *report, const char *name, const zc_bench_result *result,
                     const char *over, const zc_bench_result *base);

#endif
