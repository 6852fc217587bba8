/* Results for people (a table) and for programs (one JSON object a line, the form of DESIGN §8). */
#ifndef ZC_BENCH_REPORT_H
#define ZC_BENCH_REPORT_H

#include <jansson.h>

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
/* Of several repetitions. */
typedef struct zc_report_spread {
    size_t count;
    double median;
    double least;
    double most;
} zc_report_spread;

/* Sorts the values. */
zc_report_spread zc_report_spread_of(double *values, size_t count);
/* The 99th percentile, and the median: microseconds of one thing. */
double zc_report_late(const zc_bench_task *task, const zc_bench_result *result);
double zc_report_median(const zc_bench_task *task, const zc_bench_result *result);
/* The quotient of two medians, of each repetition by itself. */
void zc_report_ratio(zc_bench_report *report, const char *name, const char *over,
                     const zc_report_spread *spread);
/* Of several repetitions: their medians, in microseconds or things a second, and their 99th
 * percentiles. */
void zc_report_runs(zc_bench_report *report, const zc_bench_task *task,
                    const zc_report_spread *medians, const zc_report_spread *late);
/* One JSON object in a line, taken over; NULL says that it could not be made. */
void zc_report_object(zc_bench_report *report, json_t *object);
/* What printf() returned for a line of the table. */
void zc_report_line(zc_bench_report *report, int printed);
/* Processor, kernel and load in a line. */
void zc_report_machine(char *ret_text, size_t capacity);

#endif
