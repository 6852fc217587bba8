/* What the project has set itself: each number with its limit, and whether it keeps to it. */
#ifndef ZC_BENCH_TARGETS_H
#define ZC_BENCH_TARGETS_H

#include "report.h"

/* Prints a line for each limit, from the results that are kept (results.h): the medians of all
 * repetitions. What was not measured says how it can be. */
void zc_targets_print(zc_bench_report *report);

#endif
