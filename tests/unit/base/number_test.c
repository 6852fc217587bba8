#include "cmocka_zc.h"

#include "base/checked.h"
#include "base/u256.h"

/* Edges of one limb; a number from four of them is an edge of every carry and borrow. */
static const uint64_t edge_limb[] = {0, 1, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX};
enum { EDGE_LIMBS = 5, EDGES = 5 * 5 * 5 * 5 };

static zc_u256 edge(size_t i)
{
    zc_u256 value;
    for (size_t limb = 0; limb < 4; limb++) {
        value.limb[limb] = edge_limb[i % EDGE_LIMBS];
        i /= EDGE_LIMBS;
    }
    return value;
}

/* An independent oracle: school arithmetic on 32-bit digits, wide enough for any product. */
typedef struct big {
    uint32_t digit[17];
} big;

static big big_of(const zc_u256 *value)
{
    big result = {{0}};
    for (size_t i = 0; i < 8; i++) {
        result.digit[i] = (uint32_t)(value->limb[i / 2] >> (32 * (i % 2)));
    }
    return result;
}

static big big_add(const big *a, const big *b)
{
    big sum = {{0}};
    uint64_t carry = 0;
    for (size_t i = 0; i < 17; i++) {
        carry += (uint64_t)a->digit[i] + b->digit[i];
        sum.digit[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return sum;
}

static big big_mul(const big *a, const big *b)
{
    big product = {{0}};
    for (size_t i = 0; i < 8; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < 9; j++) {
            carry += (uint64_t)a->digit[i] * b->digit[j] + product.digit[i + j];
            product.digit[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    return product;
}

static bool big_fits(const big *value)
{
    for (size_t i = 8; i < 17; i++) {
        if (value->digit[i] != 0) {
            return false;
        }
    }
    return true;
}

/* A result is right when it is the oracle's number, or overflow where the oracle's is too large. */
static void assert_as(zc_result result, const zc_u256 *found, const big *expected)
{
    if (!big_fits(expected)) {
        assert_fails(result, ZC_BASE_OVERFLOW);
        return;
    }
    assert_ok(result);
    big found_big = big_of(found);
    assert_memory_equal(&found_big, expected, sizeof found_big);
}

static void u256__all_pairs_of_edges__as_school_arithmetic(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        zc_u256 a = edge(i);
        big big_a = big_of(&a);
        for (size_t j = 0; j < EDGES; j++) {
            zc_u256 b = edge(j), found = ZC_U256_ZERO, back;
            big big_b = big_of(&b);
            big sum = big_add(&big_a, &big_b), product = big_mul(&big_a, &big_b);
            assert_as(zc_u256_mul(&a, &b, &found), &found, &product);
            zc_result added = zc_u256_add(&a, &b, &found);
            assert_as(added, &found, &sum);
            if (zc_ok(added)) {
                assert_ok(zc_u256_sub(&found, &b, &back));
                assert_true(zc_u256_eq(&back, &a));
            }
            int order = zc_u256_cmp(&a, &b);
            assert_int_equal(order, -zc_u256_cmp(&b, &a));
            assert_int_equal(zc_ok(zc_u256_sub(&a, &b, &found)), order >= 0);
            assert_int_equal(zc_u256_eq(&a, &b), order == 0);
            zc_u256 least = zc_u256_min(&a, &b), most = zc_u256_max(&a, &b);
            assert_true(zc_u256_eq(&least, order <= 0 ? &a : &b));
            assert_true(zc_u256_eq(&most, order <= 0 ? &b : &a));
        }
    }
}

static void u256__edges_by_small_numbers__as_school_arithmetic(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        zc_u256 a = edge(i);
        big big_a = big_of(&a);
        for (size_t j = 0; j < EDGE_LIMBS; j++) {
            uint64_t by = edge_limb[j], remainder = 0;
            zc_u256 found = ZC_U256_ZERO, wide_by = zc_u256_of(by);
            big big_by = big_of(&wide_by), product = big_mul(&big_a, &big_by);
            assert_as(zc_u256_mul_u64(&a, by, &found), &found, &product);
            zc_result divided = zc_u256_div_u64(&a, by, &found, &remainder);
            if (by == 0) {
                assert_fails(divided, ZC_BASE_OVERFLOW);
                continue;
            }
            assert_ok(divided);
            assert_true(remainder < by);
            zc_u256 rest = zc_u256_of(remainder);
            assert_ok(zc_u256_mul_u64(&found, by, &found));
            assert_ok(zc_u256_add(&found, &rest, &found));
            assert_true(zc_u256_eq(&found, &a));
        }
    }
}

static void u256__failed_arithmetic__leaves_the_output(void **state)
{
    (void)state;
    zc_u256 max = ZC_U256_MAX, one = zc_u256_of(1), zero = ZC_U256_ZERO, two = zc_u256_of(2);
    zc_u256 found = zc_u256_of(77), expected = found;
    uint64_t rest = 77;
    assert_fails(zc_u256_add(&max, &one, &found), ZC_BASE_OVERFLOW);
    assert_fails(zc_u256_sub(&zero, &one, &found), ZC_BASE_OVERFLOW);
    assert_fails(zc_u256_mul(&max, &two, &found), ZC_BASE_OVERFLOW);
    assert_fails(zc_u256_mul_u64(&max, 2, &found), ZC_BASE_OVERFLOW);
    assert_fails(zc_u256_div_u64(&max, 0, &found, &rest), ZC_BASE_OVERFLOW);
    assert_fails(zc_u256_to_u64(&max, &rest), ZC_BASE_OVERFLOW);
    assert_true(zc_u256_eq(&found, &expected));
    assert_int_equal(rest, 77);
    /* Where an input is the output, overflow must not leave half a result. */
    assert_fails(zc_u256_add(&max, &max, &max), ZC_BASE_OVERFLOW);
    assert_true(zc_u256_eq(&max, &ZC_U256_MAX));
}

static void u256__bytes__there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        zc_u256 value = edge(i), back;
        uint8_t bytes[33] = {0};
        zc_u256_to_be(&value, bytes + 1);
        assert_ok(zc_u256_from_be(zc_slice_of(bytes + 1, 32), &back));
        assert_true(zc_u256_eq(&back, &value));
        size_t len = zc_u256_byte_len(&value);
        assert_true(len <= 32);
        assert_true(len == 0 || bytes[33 - len] != 0);
        assert_ok(zc_u256_from_be(zc_slice_of(bytes + 33 - len, len), &back));
        assert_true(zc_u256_eq(&back, &value));
        assert_fails(zc_u256_from_be(ZC_SLICE_OF_ARRAY(bytes), &back), ZC_BASE_OVERFLOW);
    }
    for (unsigned bit = 0; bit < 256; bit++) {
        zc_u256 value = ZC_U256_ZERO;
        value.limb[bit / 64] = (uint64_t)1 << bit % 64;
        assert_int_equal(zc_u256_byte_len(&value), bit / 8 + 1);
    }
}

static void u256__decimal__there_and_back(void **state)
{
    (void)state;
    char text[ZC_U256_DECIMAL_SIZE];
    zc_u256 value = ZC_U256_MAX, back;
    assert_int_equal(zc_u256_to_decimal(&value, text), 78);
    assert_string_equal(
        text, "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    for (size_t i = 0; i < EDGES; i++) {
        value = edge(i);
        size_t digits = zc_u256_to_decimal(&value, text);
        assert_int_equal(digits, strlen(text));
        assert_true(text[0] != '0' || digits == 1);
        assert_ok(zc_u256_from_decimal(zc_slice_of_text(text), &back));
        assert_true(zc_u256_eq(&back, &value));
    }
}

static void u256_from_decimal__not_a_number_or_too_large__refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", " 1", "1 ", "-1", "+1", "0x1", "1.0", "1e3", "1_0"};
    static const char *const large[] = {
        "115792089237316195423570985008687907853269984665640564039457584007913129639936",
        "999999999999999999999999999999999999999999999999999999999999999999999999999999"};
    zc_u256 value = zc_u256_of(77);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(zc_u256_from_decimal(zc_slice_of_text(bad[i]), &value), ZC_BASE_BAD_DECIMAL);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_fails(zc_u256_from_decimal(zc_slice_of_text(large[i]), &value), ZC_BASE_OVERFLOW);
    }
    char long_text[80];
    memset(long_text, '0', sizeof long_text);
    assert_fails(zc_u256_from_decimal(zc_slice_of(long_text, 79), &value), ZC_BASE_BAD_DECIMAL);
    assert_int_equal(value.limb[0], 77);
    for (int c = 0; c < 256; c++) {
        uint8_t digit = (uint8_t)c;
        assert_int_equal(zc_ok(zc_u256_from_decimal(zc_slice_of(&digit, 1), &value)),
                         c >= '0' && c <= '9');
    }
}

static void checked__edges__exact_or_overflow(void **state)
{
    (void)state;
    uint64_t value = 77;
    uint32_t small = 77;
    size_t size = 77;
    for (size_t i = 0; i < EDGE_LIMBS; i++) {
        for (size_t j = 0; j < EDGE_LIMBS; j++) {
            uint64_t a = edge_limb[i], b = edge_limb[j];
            unsigned __int128 sum = (unsigned __int128)a + b, product = (unsigned __int128)a * b;
            assert_int_equal(zc_ok(zc_add_u64(a, b, &value)), sum <= UINT64_MAX);
            assert_true(sum > UINT64_MAX || value == (uint64_t)sum);
            assert_int_equal(zc_ok(zc_mul_u64(a, b, &value)), product <= UINT64_MAX);
            assert_true(product > UINT64_MAX || value == (uint64_t)product);
            assert_int_equal(zc_ok(zc_sub_u64(a, b, &value)), a >= b);
            assert_true(a < b || value == a - b);
            assert_int_equal(zc_ok(zc_add_size(a, b, &size)), sum <= SIZE_MAX);
            assert_int_equal(zc_ok(zc_mul_size(a, b, &size)), product <= SIZE_MAX);
        }
    }
    small = 77;
    assert_fails(zc_add_u32(UINT32_MAX, 1, &small), ZC_BASE_OVERFLOW);
    assert_int_equal(small, 77);
    assert_ok(zc_add_u32(UINT32_MAX, 0, &small));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(u256__all_pairs_of_edges__as_school_arithmetic),
        cmocka_unit_test(u256__edges_by_small_numbers__as_school_arithmetic),
        cmocka_unit_test(u256__failed_arithmetic__leaves_the_output),
        cmocka_unit_test(u256__bytes__there_and_back),
        cmocka_unit_test(u256__decimal__there_and_back),
        cmocka_unit_test(u256_from_decimal__not_a_number_or_too_large__refused),
        cmocka_unit_test(checked__edges__exact_or_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
