/* Keys against floats, and the score's functions against the mathematics library. */
#include "form.h"

#include <math.h>
#include <string.h>

#include "policy/risk_number.h"

static const zc_risk_slope one = {UINT64_C(1) << 52, 52};

static int64_t key64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return zc_risk_key_of_bits(ZC_RISK_BINARY64, bits);
}

static int64_t key32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return zc_risk_key_of_bits(ZC_RISK_BINARY32, bits);
}

static double real(zc_risk_fixed value)
{
    return ldexp((double)value, -ZC_RISK_FIXED_BITS);
}

static void key_of_bits__any_two_numbers__in_their_order(void **state)
{
    (void)state;
    static const double some[] = {-INFINITY, -1e300, -1.5, -1,  -1e-35, -5e-324, -0.0,    0.0,
                                  5e-324,    1e-35,  1,    1.5, 1e38,   1e300,   INFINITY};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        for (size_t j = 0; j < sizeof some / sizeof some[0]; j++) {
            assert_int_equal(key64(some[i]) < key64(some[j]), some[i] < some[j]);
            assert_int_equal(key32((float)some[i]) < key32((float)some[j]),
                             (float)some[i] < (float)some[j]);
        }
    }
    for (int i = 0; i < 200000; i++) {
        uint64_t a_bits = form_random();
        uint64_t b_bits = form_random() % 4 == 0 ? a_bits + 1 : form_random();
        double a;
        double b;
        memcpy(&a, &a_bits, sizeof a);
        memcpy(&b, &b_bits, sizeof b);
        if (!isnan(a) && !isnan(b)) {
            assert_int_equal(key64(a) < key64(b), a < b);
        }
    }
}

static void key_of_bits__nan__missing(void **state)
{
    (void)state;
    assert_true(key64(NAN) == ZC_RISK_KEY_MISSING && key64(-NAN) == ZC_RISK_KEY_MISSING);
    assert_true(key32(NAN) == ZC_RISK_KEY_MISSING && key32(-NAN) == ZC_RISK_KEY_MISSING);
}

static void check_value(int64_t value)
{
    /* The conversions of C round to nearest, ties to even; the scaling is exact. */
    assert_true(zc_risk_key_of_value(ZC_RISK_BINARY64, value) == key64(ldexp((double)value, -16)));
    assert_true(zc_risk_key_of_value(ZC_RISK_BINARY32, value) == key32(ldexpf((float)value, -16)));
}

static void key_of_value__every_size_and_tie__as_the_processor_rounds(void **state)
{
    (void)state;
    for (int64_t value = -70000; value <= 70000; value++) {
        check_value(value);
    }
    for (unsigned shift = 0; shift < 63; shift++) {
        for (int64_t near = -3; near <= 3; near++) {
            check_value((INT64_C(1) << shift) + near);
            check_value(-(INT64_C(1) << shift) + near);
        }
    }
    check_value(INT64_MAX);
    check_value(INT64_MIN + 1);
    for (int i = 0; i < 200000; i++) {
        check_value((int64_t)(form_random() >> (form_random() % 64)));
    }
}

static void key_of_tiny__both_kinds__the_float_1e_35(void **state)
{
    (void)state;
    assert_true(zc_risk_key_of_tiny(ZC_RISK_BINARY32) == key32(1e-35f));
    assert_true(zc_risk_key_of_tiny(ZC_RISK_BINARY64) == key64((double)1e-35f));
}

static void category__numbers_around_whole_ones__the_whole_part(void **state)
{
    (void)state;
    static const double some[] = {0, 0.5, 0.999, 1, 1.5, 2, 7.99, 8, 255, 131071, 16777215};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        assert_int_equal(zc_risk_category(ZC_RISK_BINARY64, key64(some[i])), (int32_t)some[i]);
        assert_int_equal(zc_risk_category(ZC_RISK_BINARY32, key32((float)some[i])),
                         (int32_t)(float)some[i]);
    }
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY64, key64(-0.5)), 0);
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY32, key32(-0.5f)), -1);
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY64, key64(-1)), -1);
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY64, key64(16777216)), -1);
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY64, key64(1e300)), -1);
    assert_int_equal(zc_risk_category(ZC_RISK_BINARY32, key32(INFINITY)), -1);
}

static void logistic__slope_1__within_2_to_minus_54(void **state)
{
    (void)state;
    for (int i = -70000; i <= 70000; i++) {
        zc_risk_fixed x = (zc_risk_fixed)i * (ZC_RISK_FIXED_ONE / 1000) + (zc_risk_fixed)i * 7919;
        long double wanted = 1 / (1 + expl(-ldexpl((long double)x, -80)));
        long double got = ldexpl((long double)zc_risk_logistic(x, &one), -80);
        assert_true(fabsl(got - wanted) < 0x1p-54L);
    }
    assert_true(zc_risk_logistic(0, &one) == ZC_RISK_FIXED_ONE / 2);
    assert_true(zc_risk_logistic(ZC_RISK_FIXED_ONE << 40, &one) == ZC_RISK_FIXED_ONE);
    assert_true(zc_risk_logistic(-(ZC_RISK_FIXED_ONE << 40), &one) == 0);
}

static void logistic__any_slope__within_2_to_minus_47(void **state)
{
    (void)state;
    static const double slopes[] = {0.001, 0.1, 0.7, 1.3, 2, 17.25, 1000};
    for (size_t s = 0; s < sizeof slopes / sizeof slopes[0]; s++) {
        int exponent;
        zc_risk_slope slope;
        int64_t m = (int64_t)ldexp(frexp(slopes[s], &exponent), 53);
        assert_true(zc_risk_slope_of(m, 53 - exponent, &slope));
        for (int i = -20000; i <= 20000; i++) {
            zc_risk_fixed x = (zc_risk_fixed)i * (ZC_RISK_FIXED_ONE / 997);
            long double product = ldexpl((long double)x, -80) * (long double)slopes[s];
            long double got = ldexpl((long double)zc_risk_logistic(x, &slope), -80);
            assert_true(fabsl(got - 1 / (1 + expl(-product))) < 0x1p-47L);
        }
    }
}

static void logistic__growing_sums__never_falls(void **state)
{
    (void)state;
    zc_risk_fixed last = 0;
    for (int i = -300000; i <= 300000; i++) {
        zc_risk_fixed got = zc_risk_logistic((zc_risk_fixed)i * (ZC_RISK_FIXED_ONE >> 12), &one);
        assert_true(got >= last);
        last = got;
    }
}

static void exponential__grid__within_its_bound(void **state)
{
    (void)state;
    for (int i = -40000; i <= 22000; i++) {
        zc_risk_fixed x = (zc_risk_fixed)i * (ZC_RISK_FIXED_ONE / 1000) + 12345;
        long double wanted = expl(ldexpl((long double)x, -80));
        long double got = ldexpl((long double)zc_risk_exponential(x, &one), -80);
        assert_true(fabsl(got - wanted) < fmaxl(wanted * 0x1p-46L, 0x1p-58L));
    }
    assert_true(zc_risk_exponential(0, &one) == ZC_RISK_FIXED_ONE);
    assert_true(zc_risk_exponential(ZC_RISK_FIXED_ONE << 40, &one) == ZC_RISK_FIXED_ONE << 32);
    assert_true(zc_risk_exponential(-(ZC_RISK_FIXED_ONE << 40), &one) == 0);
}

static void slope_of__out_of_range__refused(void **state)
{
    (void)state;
    zc_risk_slope slope;
    assert_true(zc_risk_slope_of(1, 0, &slope));
    assert_true(slope.m == one.m && slope.e == one.e);
    assert_true(zc_risk_slope_of(1, 10, &slope));
    assert_false(zc_risk_slope_of(1, 11, &slope));
    assert_true(zc_risk_slope_of(1, -9, &slope));
    assert_false(zc_risk_slope_of(1, -10, &slope));
    assert_false(zc_risk_slope_of(0, 0, &slope));
    assert_false(zc_risk_slope_of(-1, 0, &slope));
    assert_false(zc_risk_slope_of(INT64_C(1) << 53, 53, &slope));
    assert_false(zc_risk_slope_of(INT64_MAX, INT64_MIN, &slope));
}

static void millionths__any_value__rounded_down(void **state)
{
    (void)state;
    for (int i = -3000; i <= 3000; i++) {
        zc_risk_fixed value = (zc_risk_fixed)i * (ZC_RISK_FIXED_ONE / 1024);
        assert_true(zc_risk_millionths(value) == (int64_t)floor(real(value) * 1e6));
    }
    assert_true(zc_risk_millionths(ZC_RISK_FIXED_ONE << 41) == (INT64_C(1) << 41) * 1000000);
    assert_true(zc_risk_millionths(-1) == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_of_bits__any_two_numbers__in_their_order),
        cmocka_unit_test(key_of_bits__nan__missing),
        cmocka_unit_test(key_of_value__every_size_and_tie__as_the_processor_rounds),
        cmocka_unit_test(key_of_tiny__both_kinds__the_float_1e_35),
        cmocka_unit_test(category__numbers_around_whole_ones__the_whole_part),
        cmocka_unit_test(logistic__slope_1__within_2_to_minus_54),
        cmocka_unit_test(logistic__any_slope__within_2_to_minus_47),
        cmocka_unit_test(logistic__growing_sums__never_falls),
        cmocka_unit_test(exponential__grid__within_its_bound),
        cmocka_unit_test(slope_of__out_of_range__refused),
        cmocka_unit_test(millionths__any_value__rounded_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
