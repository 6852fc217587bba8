/* The processes that measure, and how the one that asks them keeps them in step. */
#ifndef ZC_BENCH_WORKER_H
#define ZC_BENCH_WORKER_H

#include "bench.h"
#include "histogram.h"

#define ZC_BENCH_REASON_SIZE 160

/* What came of a task; lies in memory that all sides share. */
typedef struct zc_bench_result {
    zc_histogram times;
    char skipped[ZC_BENCH_REASON_SIZE]; /* empty: it ran */
} zc_bench_result;

/* How a group of tasks is measured: `rounds` times, each task for a slice of `slice_ms`, of which
 * what begins in the first `warm_ms` is not counted. The first round is not counted at all when
 * there is more than one. */
typedef struct zc_bench_pace {
    unsigned slice_ms;
    unsigned warm_ms;
    unsigned rounds;
} zc_bench_pace;

#define ZC_BENCH_GROUP_MAX 20

/* Zeroed memory that processes forked from here on share. NULL when there is none. */
zc_bench_result *zc_bench_results_new(size_t count);

/* Binds this process and all that it starts to one processor. False when that is not possible.
 * Out: its number. */
bool zc_bench_pin(int *ret_cpu);

/* Measures `count` tasks against each other: forks a process for each side, runs the slices, ends
 * the processes. What can't run has its reason in its result. Stops early when `*stopped` becomes
 * true. */
void zc_bench_group(const zc_bench_task *const *tasks, zc_bench_result *const *results,
                    size_t count, zc_bench_pace pace, const volatile bool *stopped);

uint64_t zc_bench_now(void);

#endif
