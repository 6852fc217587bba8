/* What came of all repetitions of all tasks, and how it compares. */
#ifndef ZC_BENCH_RESULTS_H
#define ZC_BENCH_RESULTS_H

#include "options.h"
#include "report.h"

/* Places for tasks, empty ones among them. */
#define ZC_RESULTS_MAX 2048

/* The tasks, of which some may be NULL; they outlive the results. */
void zc_results_begin(const zc_bench_task *const *tasks, size_t count);
/* Keeps the medians and 99th percentiles of repetition `run`. */
void zc_results_keep(const zc_bench_result *results, unsigned run);

/* The place of a task, or the number of places when there is none of this name. */
size_t zc_results_place(const char *name);

/* Medians of one thing in microseconds, or things a second; nothing (count 0) when it never ran. */
zc_report_spread zc_results_medians(size_t place);
/* The 99th percentiles in microseconds. */
zc_report_spread zc_results_late(size_t place);
/* The quotient of two medians in each repetition that has both. Of things a second: how many times
 * as many. */
zc_report_spread zc_results_ratio(const char *name, const char *over);
/* How far p99 lies above p50, over what the machine does to the empty loop (its p99) and half of
 * p50. */
zc_report_spread zc_results_tail(const char *name);

#endif
