/* The edges of windows, to the millisecond. */
#include "fixture.h"

#include <string.h>

#include "policy/window.h"

static zc_window window;

static void add_at(int64_t now_ms, uint64_t amount)
{
    zc_u256 value = zc_u256_of(amount);
    zc_window_advance(&window, now_ms);
    assert_int_equal(zc_window_add(&window, &value).code, 0);
}

static uint64_t total_at(int64_t now_ms)
{
    uint64_t total = 0;
    zc_window_advance(&window, now_ms);
    assert_int_equal(zc_u256_to_u64(&window.total, &total).code, 0);
    return total;
}

/* Every start in two buckets, every window up to a minute: the amount counts for the whole span,
 * and for less than one bucket more. */
static void window__one_amount__counts_until_its_bucket_has_left(void **state)
{
    (void)state;
    for (uint32_t seconds = 1; seconds <= 60; seconds++) {
        zc_window_init(&window, seconds);
        int64_t span = window.span_ms;
        int64_t width = window.bucket_ms;
        assert_true(width * 63 >= span && (width - 1) * 63 < span);
        for (int64_t t = T0; t < T0 + 2 * width; t++) {
            int64_t leaves = (t / width + 1) * width - 1 + span;
            assert_true(leaves >= t + span && leaves < t + span + width);
            zc_window_init(&window, seconds);
            add_at(t, 5);
            assert_int_equal(zc_window_leaves_ms(&window, t / width), leaves);
            assert_int_equal(total_at(t + span - 1), 5);
            assert_int_equal(total_at(leaves - 1), 5);
            assert_int_equal(total_at(leaves), 0);
            assert_int_equal(total_at(leaves + span), 0);
        }
    }
}

static void window__no_more_than_64_buckets_count_at_any_time(void **state)
{
    (void)state;
    static const uint32_t spans[] = {1, 2, 3, 59, 60, 61, 63, 64, 126, 3600, 86400, 31622400};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        zc_window_init(&window, spans[i]);
        for (int64_t t = T0; t < T0 + 20000; t += 7) {
            int64_t newest = zc_window_bucket_at(&window, t);
            int64_t oldest = zc_window_oldest_at(&window, t);
            assert_true(oldest <= newest && newest - oldest < ZC_WINDOW_BUCKETS);
            assert_true(zc_window_leaves_ms(&window, oldest) > t);
            assert_true(zc_window_leaves_ms(&window, oldest - 1) <= t);
        }
    }
}

/* A stream of amounts against the plain definition. */
static void window__stream__equals_the_sum_of_what_counts(void **state)
{
    enum { EVENTS = 3000 };
    static int64_t at[EVENTS];
    static uint64_t amount[EVENTS];
    uint64_t random = 42;
    int64_t now = T0;
    (void)state;
    zc_window_init(&window, 3);
    for (size_t i = 0; i < EVENTS; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        now += (int64_t)((random >> 40) % ((random >> 33) % 50 == 0 ? 9000 : 60));
        at[i] = now;
        amount[i] = (random >> 20) % 1000;
        add_at(now, amount[i]);
        uint64_t expected = 0;
        for (size_t j = 0; j <= i; j++) {
            int64_t leaves = (at[j] / window.bucket_ms + 1) * window.bucket_ms - 1 + window.span_ms;
            expected += now < leaves ? amount[j] : 0;
        }
        assert_int_equal(total_at(now), expected);
    }
}

static void window__remove__only_from_what_counts(void **state)
{
    (void)state;
    zc_window_init(&window, 63);
    zc_u256 five = zc_u256_of(5);
    zc_u256 six = zc_u256_of(6);
    add_at(T0, 5);
    int64_t bucket = zc_window_bucket_at(&window, T0);
    assert_int_equal(zc_window_remove(&window, bucket, &six).code, ZC_BASE_OVERFLOW);
    assert_int_equal(zc_window_remove(&window, bucket + 1, &five).code, ZC_BASE_OVERFLOW);
    zc_window_advance(&window, T0 + 70000);
    assert_int_equal(zc_window_remove(&window, bucket, &five).code, ZC_BASE_OVERFLOW);
    add_at(T0 + 70000, 5);
    assert_int_equal(
        zc_window_remove(&window, zc_window_bucket_at(&window, T0 + 70000), &five).code, 0);
    assert_int_equal(total_at(T0 + 70000), 0);
}

static void window__sum_beyond_256_bits__unchanged(void **state)
{
    (void)state;
    zc_window_init(&window, 10);
    zc_u256 max = ZC_U256_MAX;
    zc_u256 one = zc_u256_of(1);
    zc_window_advance(&window, T0);
    assert_int_equal(zc_window_add(&window, &max).code, 0);
    zc_window_advance(&window, T0 + 1000);
    assert_int_equal(zc_window_add(&window, &one).code, ZC_BASE_OVERFLOW);
    assert_true(zc_u256_eq(&window.total, &max));
    assert_int_equal(total_at(T0 + 20000), 0);
}

static void window__ends_of_time__no_overflow(void **state)
{
    (void)state;
    static const uint32_t spans[] = {1, ZC_MISSION_MAX_WINDOW_SECONDS};
    for (size_t i = 0; i < 2; i++) {
        zc_window_init(&window, spans[i]);
        add_at(0, 1);
        assert_int_equal(total_at(window.span_ms - 1), 1);
        add_at(INT64_MAX, 2);
        assert_int_equal(total_at(INT64_MAX), 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window__one_amount__counts_until_its_bucket_has_left),
        cmocka_unit_test(window__no_more_than_64_buckets_count_at_any_time),
        cmocka_unit_test(window__stream__equals_the_sum_of_what_counts),
        cmocka_unit_test(window__remove__only_from_what_counts),
        cmocka_unit_test(window__sum_beyond_256_bits__unchanged),
        cmocka_unit_test(window__ends_of_time__no_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
