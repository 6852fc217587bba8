/* A window of amounts: a rolling one in 64 buckets of time, or a period of the calendar.
 *
 * A calendar's window has one bucket, the period that it is in; entering the next one empties it.
 *
 * The rolling one:
 * Time is cut into buckets of span / 63 (rounded up to whole milliseconds), counted from 1970. An
 * amount counts from the moment it is added until its whole bucket has left the window: never
 * shorter than the span, and less than one bucket (1.6 % of the span, or a millisecond) longer. The
 * window (now − span, now] is open at its older end: with an exact bucket, what was added at t has
 * left at t + span.
 *
 * The cost is the same however many amounts were added. Invariant: `total` is the sum of all
 * buckets, and buckets outside [oldest, oldest + 63] are zero. */
#ifndef ZC_POLICY_WINDOW_H
#define ZC_POLICY_WINDOW_H

#include "base/u256.h"

#define ZC_WINDOW_BUCKETS 64

typedef struct zc_window {
    bool calendar; /* oldest and newest are the number of the period */
    int64_t span_ms;
    int64_t bucket_ms;
    int64_t oldest; /* number of the oldest bucket that counts */
    int64_t newest; /* number of the bucket of the last advance */
    zc_u256 total;
    zc_u256 bucket[ZC_WINDOW_BUCKETS]; /* bucket number n is at n % 64 */
} zc_window;

/* `seconds` is 1 … ZC_MISSION_MAX_WINDOW_SECONDS; 0 makes a window of the calendar. */
void zc_window_init(zc_window *window, uint32_t seconds);

/* Enters a period of the calendar, whose numbers ascend; what an earlier one held is dropped. */
void zc_window_enter(zc_window *window, int64_t period);

/* Of rolling windows. The number of the bucket in which `now_ms` (not negative) falls, and of the
 * oldest that still counts then. At most 63 apart. */
int64_t zc_window_bucket_at(const zc_window *window, int64_t now_ms);
int64_t zc_window_oldest_at(const zc_window *window, int64_t now_ms);
/* The first moment at which this bucket no longer counts. */
int64_t zc_window_leaves_ms(const zc_window *window, int64_t bucket);

/* Drops what has left. `now_ms` never goes backwards. At most 64 subtractions. */
void zc_window_advance(zc_window *window, int64_t now_ms);

/* Adds to the newest bucket. ZC_BASE_OVERFLOW leaves the window as it was. */
ZC_MUST_USE zc_result zc_window_add(zc_window *window, const zc_u256 *amount);
/* Takes back what was added to a bucket that still counts. ZC_BASE_OVERFLOW when the bucket holds
 * less or has left. */
ZC_MUST_USE zc_result zc_window_remove(zc_window *window, int64_t bucket, const zc_u256 *amount);

#endif
