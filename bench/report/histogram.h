/* Times in nanoseconds, counted in log-linear buckets: exact below 512, then 256 buckets to each
 * power of two, so that no time is off by more than 0.4 %. Of fixed size, no pointers: it can lie
 * in shared memory. */
#ifndef ZC_BENCH_HISTOGRAM_H
#define ZC_BENCH_HISTOGRAM_H

#include <stdint.h>

#define ZC_HISTOGRAM_STEPS 256u
#define ZC_HISTOGRAM_OCTAVES 32u /* times beyond 2^40 ns, 18 minutes, count as that */
#define ZC_HISTOGRAM_BUCKETS (ZC_HISTOGRAM_STEPS * (ZC_HISTOGRAM_OCTAVES + 1))

/* {0} is empty. */
typedef struct zc_histogram {
    uint64_t count;
    uint64_t max_ns;
    uint32_t bucket[ZC_HISTOGRAM_BUCKETS];
} zc_histogram;

void zc_histogram_add(zc_histogram *histogram, uint64_t ns);

/* The time that `share` (0 … 1) of all runs did not exceed, in nanoseconds: the middle of its
 * bucket, and never more than the longest. 0 when it is empty. */
double zc_histogram_at(const zc_histogram *histogram, double share);

#endif
