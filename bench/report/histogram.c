#include "histogram.h"

#include <stddef.h>

/* 2 × STEPS values are exact; above, each octave has STEPS buckets of equal width. */
static unsigned shift_of(uint64_t ns)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(ns | 1);
    return bits > 9 ? bits - 9 : 0;
}

static size_t bucket_of(uint64_t ns)
{
    unsigned shift = shift_of(ns);
    size_t at = (size_t)shift * ZC_HISTOGRAM_STEPS + (size_t)(ns >> shift);
    return at < ZC_HISTOGRAM_BUCKETS ? at : ZC_HISTOGRAM_BUCKETS - 1;
}

static double middle_of(size_t bucket)
{
    if (bucket < 2 * (size_t)ZC_HISTOGRAM_STEPS) {
        return (double)bucket;
    }
    unsigned shift = (unsigned)(bucket / ZC_HISTOGRAM_STEPS) - 1;
    uint64_t low = (bucket - (uint64_t)shift * ZC_HISTOGRAM_STEPS) << shift;
    return (double)low + (double)((UINT64_C(1) << shift) - 1) / 2;
}

void zc_histogram_add(zc_histogram *histogram, uint64_t ns)
{
    histogram->bucket[bucket_of(ns)]++;
    histogram->count++;
    histogram->max_ns = ns > histogram->max_ns ? ns : histogram->max_ns;
}

double zc_histogram_at(const zc_histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->count);
    uint64_t passed = 0;
    for (size_t i = 0; i < ZC_HISTOGRAM_BUCKETS; i++) {
        passed += histogram->bucket[i];
        if (passed > wanted || (passed == histogram->count && passed > 0)) {
            double middle = middle_of(i);
            return middle > (double)histogram->max_ns ? (double)histogram->max_ns : middle;
        }
    }
    return 0;
}
