#include "policy/window.h"

#include <string.h>

void zc_window_init(zc_window *window, uint32_t seconds)
{
    memset(window, 0, sizeof *window);
    window->calendar = seconds == 0;
    window->span_ms = (int64_t)seconds * 1000;
    /* Rounded up: one bucket that is being filled and 63 that cover the span. */
    window->bucket_ms = (window->span_ms + ZC_WINDOW_BUCKETS - 2) / (ZC_WINDOW_BUCKETS - 1);
}

/* time / width. Mostly it is the same as the last time, which a product tells sooner. */
static int64_t number_of(int64_t time_ms, int64_t bucket_ms, int64_t last)
{
    uint64_t since = (uint64_t)time_ms - (uint64_t)last * (uint64_t)bucket_ms;
    return since < (uint64_t)bucket_ms ? last : time_ms / bucket_ms;
}

int64_t zc_window_bucket_at(const zc_window *window, int64_t now_ms)
{
    return number_of(now_ms, window->bucket_ms, window->newest);
}

int64_t zc_window_oldest_at(const zc_window *window, int64_t now_ms)
{
    /* Bucket k counts while now < zc_window_leaves_ms(k), that is k + 1 > (now + 1 − span) /
     * bucket. Written so that the greatest time does not overflow. */
    int64_t past = now_ms - (window->span_ms - 1);
    return past < 0 ? 0 : number_of(past, window->bucket_ms, window->oldest);
}

int64_t zc_window_leaves_ms(const zc_window *window, int64_t bucket)
{
    int64_t leaves = 0;
    /* Its last millisecond is (bucket + 1) · width − 1; that one leaves a span later. */
    if (__builtin_mul_overflow(bucket + 1, window->bucket_ms, &leaves) ||
        __builtin_add_overflow(leaves, window->span_ms - 1, &leaves)) {
        return INT64_MAX;
    }
    return leaves;
}

static zc_u256 *bucket_of(zc_window *window, int64_t bucket)
{
    return &window->bucket[(uint64_t)bucket % ZC_WINDOW_BUCKETS];
}

void zc_window_enter(zc_window *window, int64_t period)
{
    if (period <= window->newest) {
        return;
    }
    *bucket_of(window, window->newest) = ZC_U256_ZERO;
    window->total = ZC_U256_ZERO;
    window->oldest = period;
    window->newest = period;
}

void zc_window_advance(zc_window *window, int64_t now_ms)
{
    int64_t oldest = zc_window_oldest_at(window, now_ms);
    int64_t end = window->oldest + ZC_WINDOW_BUCKETS;
    for (int64_t b = window->oldest; b < oldest && b < end; b++) {
        zc_u256 *amount = bucket_of(window, b);
        zc_result taken = zc_u256_sub(&window->total, amount, &window->total);
        (void)taken; /* cannot fail: the total is the sum of the buckets */
        *amount = ZC_U256_ZERO;
    }
    window->oldest = oldest;
    window->newest = zc_window_bucket_at(window, now_ms);
}

zc_result zc_window_add(zc_window *window, const zc_u256 *amount)
{
    zc_u256 *bucket = bucket_of(window, window->newest);
    ZC_TRY(zc_u256_add(&window->total, amount, &window->total));
    return zc_u256_add(bucket, amount, bucket); /* no more than the total, which has not failed */
}

zc_result zc_window_remove(zc_window *window, int64_t bucket, const zc_u256 *amount)
{
    if (bucket < window->oldest || bucket > window->newest) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    zc_u256 *from = bucket_of(window, bucket);
    ZC_TRY(zc_u256_sub(from, amount, from));
    return zc_u256_sub(&window->total, amount, &window->total);
}
