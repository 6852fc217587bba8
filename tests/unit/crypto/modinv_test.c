#include "cmocka_zc.h"

#include <openssl/bn.h>

#include "crypto/modinv.h"
#include "crypto/random.h"

enum { RANDOM_VALUES = 50000 };

/* OpenSSL's numbers, to hold ours against. */
typedef struct oracle {
    const zc_modulus *modulus;
    BIGNUM *n, *a, *b, *result;
    BN_CTX *ctx;
} oracle;

static BIGNUM *number_of(const zc_scalar *scalar)
{
    uint8_t bytes[32];
    zc_scalar_to_be(scalar, bytes);
    return BN_bin2bn(bytes, 32, NULL);
}

static oracle oracle_of(const zc_modulus *modulus)
{
    return (oracle){.modulus = modulus,
                    .n = number_of(&modulus->value),
                    .a = BN_new(),
                    .b = BN_new(),
                    .result = BN_new(),
                    .ctx = BN_CTX_new()};
}

static void oracle_clear(oracle *with)
{
    BN_free(with->n);
    BN_free(with->a);
    BN_free(with->b);
    BN_free(with->result);
    BN_CTX_free(with->ctx);
}

static void assert_scalar_is(const zc_scalar *ours, const BIGNUM *theirs)
{
    uint8_t bytes[32], expected[32];
    zc_scalar_to_be(ours, bytes);
    assert_int_equal(BN_bn2binpad(theirs, expected, 32), 32);
    assert_memory_equal(bytes, expected, 32);
}

static void check_inverse(oracle *with, const BIGNUM *value)
{
    uint8_t bytes[32];
    zc_scalar scalar, inverse;
    assert_int_equal(BN_bn2binpad(value, bytes, 32), 32);
    zc_scalar_from_be(bytes, &scalar);
    assert_non_null(BN_mod_inverse(with->result, value, with->n, with->ctx));
    assert_true(zc_modinv(with->modulus, &scalar, &inverse));
    assert_scalar_is(&inverse, with->result);
}

static void modinv__edges__same_as_openssl(void **state)
{
    oracle *with = *state;
    for (unsigned bit = 0; bit < 256; bit++) {
        for (BN_ULONG step = 0; step < 3; step++) {
            /* 2^i, 2^i + 1, 2^i + 2 and n less each of them */
            BN_zero(with->a);
            BN_set_bit(with->a, (int)bit);
            BN_add_word(with->a, step);
            if (BN_cmp(with->a, with->n) >= 0) {
                continue;
            }
            check_inverse(with, with->a);
            BN_sub(with->b, with->n, with->a);
            check_inverse(with, with->b);
        }
    }
}

static void modinv__random__same_as_openssl(void **state)
{
    oracle *with = *state;
    static const uint8_t seed[32] = {1};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (int i = 0; i < RANDOM_VALUES; i++) {
        uint8_t bytes[32];
        zc_drbg_bytes(&drbg, bytes, sizeof bytes);
        BN_bin2bn(bytes, 32, with->a);
        BN_nnmod(with->a, with->a, with->n, with->ctx);
        check_inverse(with, with->a);
    }
}

/* Every two of them at once, of the same modulus or of two. */
static void modinv_pair__edges_and_random__same_as_one_by_one(void **state)
{
    const oracle *with = *state;
    const zc_modulus *const partners[] = {&zc_p256_order, &zc_p256_field, &zc_secp256k1_field};
    static const uint8_t seed[32] = {3};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (unsigned i = 0; i < 30000; i++) {
        const zc_modulus *moduli[2] = {with->modulus, partners[i % 3]};
        zc_scalar value[2], both[2], one;
        for (size_t j = 0; j < 2; j++) {
            uint8_t bytes[32];
            zc_drbg_bytes(&drbg, bytes, sizeof bytes);
            memset(bytes, 0, i < 32 ? i : 0); /* small ones too */
            zc_scalar_from_be(bytes, &value[j]);
            zc_scalar_reduce(moduli[j], &value[j]);
        }
        assert_true(zc_modinv_pair(moduli, value, both));
        for (size_t j = 0; j < 2; j++) {
            assert_true(zc_modinv(moduli[j], &value[j], &one));
            assert_memory_equal(&one, &both[j], sizeof one);
        }
    }
}

static void modinv_pair__one_of_them_zero__fails(void **state)
{
    const oracle *with = *state;
    const zc_modulus *moduli[2] = {with->modulus, with->modulus};
    for (size_t i = 0; i < 2; i++) {
        zc_scalar value[2] = {{{5}}, {{6}}}, inverse[2] = {{{77}}, {{78}}};
        value[i].limb[0] = 0;
        assert_false(zc_modinv_pair(moduli, value, inverse));
        assert_int_equal(inverse[0].limb[0], 77);
        assert_int_equal(inverse[1].limb[0], 78);
    }
}

static void modinv__zero_or_the_modulus__fails(void **state)
{
    oracle *with = *state;
    zc_scalar zero = {{0}}, inverse = {{77}};
    assert_false(zc_modinv(with->modulus, &zero, &inverse));
    assert_false(zc_modinv(with->modulus, &with->modulus->value, &inverse));
    assert_int_equal(inverse.limb[0], 77);
}

static void modulus__constants__are_what_they_are_called(void **state)
{
    oracle *with = *state;
    assert_int_equal(with->modulus->value.limb[0] * with->modulus->negated_inverse, UINT64_MAX);
    BN_zero(with->a);
    BN_set_bit(with->a, 512);
    BN_nnmod(with->a, with->a, with->n, with->ctx);
    assert_scalar_is(&with->modulus->r_squared, with->a);
}

/* Products and sums of random numbers and of all pairs of edges. */
static void scalar__mul_and_add__same_as_openssl(void **state)
{
    oracle *with = *state;
    static const uint8_t seed[32] = {2};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    zc_scalar edge[6] = {
        {{0}}, {{1}}, {{2}}, with->modulus->value, with->modulus->value, with->modulus->value};
    edge[3].limb[0] -= 1;
    edge[4].limb[0] -= 2;
    edge[5].limb[0] = 0;
    for (size_t i = 0; i < 20000; i++) {
        zc_scalar a = edge[i / 6 % 6], b = edge[i % 6], result;
        if (i >= 36) {
            uint8_t bytes[64];
            zc_drbg_bytes(&drbg, bytes, sizeof bytes);
            zc_scalar_from_be(bytes, &a);
            zc_scalar_from_be(bytes + 32, &b);
            zc_scalar_reduce(with->modulus, &a);
            zc_scalar_reduce(with->modulus, &b);
        }
        BIGNUM *x = number_of(&a), *y = number_of(&b);
        zc_scalar_mul(with->modulus, &a, &b, &result);
        BN_mod_mul(with->result, x, y, with->n, with->ctx);
        assert_scalar_is(&result, with->result);
        zc_scalar_add(with->modulus, &a, &b, &result);
        BN_mod_add(with->result, x, y, with->n, with->ctx);
        assert_scalar_is(&result, with->result);
        BN_free(x);
        BN_free(y);
    }
}

static void scalar_is_unit__edges__only_below_the_modulus_and_not_zero(void **state)
{
    oracle *with = *state;
    zc_scalar at = with->modulus->value, zero = {{0}}, one = {{1}};
    assert_false(zc_scalar_is_unit(with->modulus, &zero));
    assert_true(zc_scalar_is_unit(with->modulus, &one));
    assert_false(zc_scalar_is_unit(with->modulus, &at));
    at.limb[0]--;
    assert_true(zc_scalar_is_unit(with->modulus, &at));
    at.limb[0] += 2;
    at.limb[1] += at.limb[0] < 2;
    assert_false(zc_scalar_is_unit(with->modulus, &at));
    zc_scalar_reduce(with->modulus, &at);
    assert_memory_equal(&at, &one, sizeof one);
}

/* Half the modulus, rounded down, is low already, and one more is not. */
static void scalar_make_low__around_half__the_smaller_one(void **state)
{
    const oracle *with = *state;
    zc_scalar half = with->modulus->value, value, one = {{1}};
    for (size_t i = 0; i < 4; i++) {
        half.limb[i] = half.limb[i] >> 1 | (i < 3 ? half.limb[i + 1] << 63 : 0);
    }
    value = half;
    assert_int_equal(zc_scalar_make_low(with->modulus, &value), 0);
    assert_memory_equal(&value, &half, sizeof half);
    zc_scalar_add(with->modulus, &half, &one, &value);
    assert_int_equal(zc_scalar_make_low(with->modulus, &value), 1);
    assert_memory_equal(&value, &half, sizeof half);
    zc_scalar_negate(with->modulus, &one, &value);
    assert_int_equal(zc_scalar_make_low(with->modulus, &value), 1);
    assert_memory_equal(&value, &one, sizeof one);
    assert_int_equal(zc_scalar_make_low(with->modulus, &value), 0);
    assert_memory_equal(&value, &one, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modulus__constants__are_what_they_are_called),
        cmocka_unit_test(scalar__mul_and_add__same_as_openssl),
        cmocka_unit_test(scalar_is_unit__edges__only_below_the_modulus_and_not_zero),
        cmocka_unit_test(scalar_make_low__around_half__the_smaller_one),
        cmocka_unit_test(modinv__zero_or_the_modulus__fails),
        cmocka_unit_test(modinv_pair__one_of_them_zero__fails),
        cmocka_unit_test(modinv__edges__same_as_openssl),
        cmocka_unit_test(modinv__random__same_as_openssl),
        cmocka_unit_test(modinv_pair__edges_and_random__same_as_one_by_one),
    };
    const zc_modulus *moduli[] = {&zc_p256_order, &zc_secp256k1_order, &zc_p256_field,
                                  &zc_secp256k1_field};
    int failed = 0;
    for (size_t i = 0; i < 4; i++) {
        oracle with = oracle_of(moduli[i]);
        struct CMUnitTest with_oracle[sizeof tests / sizeof tests[0]];
        memcpy(with_oracle, tests, sizeof tests);
        for (size_t j = 0; j < sizeof tests / sizeof tests[0]; j++) {
            with_oracle[j].initial_state = &with;
        }
        failed += cmocka_run_group_tests(with_oracle, NULL, NULL);
        oracle_clear(&with);
    }
    return failed;
}
