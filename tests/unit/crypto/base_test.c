/* secp256k1's own multiplication of the generator and the field below it, against the library and
 * OpenSSL's numbers. */
#include "cmocka_zc.h"

#include <openssl/bn.h>
#include <secp256k1.h>

#include "crypto/modinv.h"
#include "crypto/random.h"
#include "crypto/secp256k1_base.h"
#include "crypto/secp256k1_field.h"
#include "crypto/setup.h"

static secp256k1_context *library;

static void assert_multiple_is_the_library_s(const zc_scalar *scalar)
{
    uint8_t bytes[65], found[64];
    size_t len = sizeof bytes;
    secp256k1_pubkey key;
    zc_secp256k1_point point;
    zc_scalar inverse, x, y;
    zc_scalar_to_be(scalar, bytes);
    assert_int_equal(secp256k1_ec_pubkey_create(library, &key, bytes), 1);
    secp256k1_ec_pubkey_serialize(library, bytes, &len, &key, SECP256K1_EC_UNCOMPRESSED);
    assert_true(zc_secp256k1_base_multiply(scalar, &point));
    assert_true(zc_modinv(&zc_secp256k1_field, &point.z, &inverse));
    zc_secp256k1_base_affine(&point, &inverse, &x, &y);
    zc_scalar_to_be(&x, found);
    zc_scalar_to_be(&y, found + 32);
    assert_memory_equal(found, bytes + 1, 64);
}

/* Small multiples of each power of two, and the negatives of them all. */
static void base_multiply__edges__same_as_the_library(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 256; bit++) {
        for (uint64_t factor = 1; factor <= 7; factor += 2) {
            zc_scalar scalar = {{0}}, by = {{factor}};
            scalar.limb[bit / 64] = (uint64_t)1 << (bit % 64);
            zc_scalar_mul(&zc_secp256k1_order, &scalar, &by, &scalar);
            assert_multiple_is_the_library_s(&scalar);
            zc_scalar_negate(&zc_secp256k1_order, &scalar, &scalar);
            assert_multiple_is_the_library_s(&scalar);
        }
    }
}

/* Each value of each digit several times, under several blindings. */
static void base_multiply__random__same_as_the_library(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {31};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (unsigned i = 0; i < 4000; i++) {
        uint8_t bytes[32];
        zc_scalar scalar;
        zc_drbg_bytes(&drbg, bytes, sizeof bytes);
        zc_scalar_from_be(bytes, &scalar);
        zc_scalar_reduce(&zc_secp256k1_order, &scalar);
        assert_multiple_is_the_library_s(&scalar);
        if (i % 1000 == 0) {
            assert_ok(zc_crypto_setup(bytes));
        }
    }
}

/* What the projective coordinates are depends on the blinding: the digits do. */
static void base_multiply__another_blinding__another_way_to_the_point(void **state)
{
    (void)state;
    static const uint8_t seeds[2][32] = {{1}, {2}};
    const zc_scalar scalar = {{12345, 6, 7, 8}};
    zc_secp256k1_point one, other;
    zc_secp256k1_base_setup(seeds[0]);
    assert_true(zc_secp256k1_base_multiply(&scalar, &one));
    zc_secp256k1_base_setup(seeds[1]);
    assert_true(zc_secp256k1_base_multiply(&scalar, &other));
    assert_memory_not_equal(&one.z, &other.z, sizeof one.z);
}

/* Zero has no multiple in affine coordinates, and z says so. */
static void base_multiply__zero__z_is_zero(void **state)
{
    (void)state;
    static const zc_scalar zero;
    zc_secp256k1_point point;
    assert_true(zc_secp256k1_base_multiply(&zero, &point));
    assert_memory_equal(&point.z, &zero, sizeof zero);
}

static BIGNUM *number_of(zc_fe a)
{
    const uint64_t limb[5] = {a.n0, a.n1, a.n2, a.n3, a.n4};
    BIGNUM *sum = BN_new(), *part = BN_new();
    BN_zero(sum);
    for (size_t i = 5; i-- > 0;) {
        BN_set_word(part, limb[i]);
        BN_lshift(sum, sum, 52);
        BN_add(sum, sum, part);
    }
    BN_free(part);
    return sum;
}

static void assert_field_is(zc_fe found, BIGNUM *expected, const BIGNUM *p, BN_CTX *ctx)
{
    uint8_t bytes[32], want[32];
    zc_scalar number;
    zc_fe_to_scalar(found, &number);
    zc_scalar_to_be(&number, bytes);
    BN_nnmod(expected, expected, p, ctx);
    BN_bn2binpad(expected, want, 32);
    assert_memory_equal(bytes, want, 32);
}

/* A limb as loose as it may be, or as large, or at a corner. */
static uint64_t limb_of(uint64_t random, unsigned bits)
{
    const uint64_t most = ((uint64_t)1 << bits) - 1;
    switch (random % 5) {
    case 0:
        return most;
    case 1:
        return 0;
    case 2:
        return most >> 4;
    default:
        return (random >> 3) & most;
    }
}

static zc_fe fe_of(zc_drbg *drbg, unsigned bits)
{
    uint64_t random[5];
    zc_drbg_bytes(drbg, (uint8_t *)random, sizeof random);
    return (zc_fe){limb_of(random[0], bits), limb_of(random[1], bits), limb_of(random[2], bits),
                   limb_of(random[3], bits), limb_of(random[4], bits - 4)};
}

static void field__loose_limbs__same_as_openssl(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {32};
    zc_drbg drbg;
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *p = NULL, *result = BN_new();
    BN_hex2bn(&p, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    zc_drbg_init(&drbg, seed);
    for (unsigned i = 0; i < 30000; i++) {
        zc_fe a = fe_of(&drbg, 56), b = fe_of(&drbg, 56), c = fe_of(&drbg, 54);
        BIGNUM *x = number_of(a), *y = number_of(b), *z = number_of(c);
        BN_mul(result, x, y, ctx);
        assert_field_is(zc_fe_mul(a, b), result, p, ctx);
        BN_sqr(result, x, ctx);
        assert_field_is(zc_fe_square(a), result, p, ctx);
        BN_sub(result, x, z);
        assert_field_is(zc_fe_sub(a, c), result, p, ctx);
        BN_add(result, x, y);
        assert_field_is(zc_fe_tighten(zc_fe_add(a, b)), result, p, ctx);
        BN_copy(result, y);
        assert_field_is(zc_fe_choose(UINT64_MAX, a, b), result, p, ctx);
        BN_free(x);
        BN_free(y);
        BN_free(z);
    }
    BN_free(p);
    BN_free(result);
    BN_CTX_free(ctx);
}

/* p − 1, p, p + 1 and 2^256 − 1. */
static void field_to_scalar__around_p__reduced(void **state)
{
    (void)state;
    static const uint64_t low[4] = {0xfffffffefffffc2e, 0xfffffffefffffc2f, 0xfffffffefffffc30,
                                    UINT64_MAX};
    static const uint64_t expected[4] = {0xfffffffefffffc2e, 0, 1, 0x1000003d0};
    for (size_t i = 0; i < 4; i++) {
        const uint64_t limb[4] = {low[i], UINT64_MAX, UINT64_MAX, UINT64_MAX};
        zc_scalar number;
        zc_fe_to_scalar(zc_fe_of(limb), &number);
        assert_true(number.limb[0] == expected[i]);
        assert_true(number.limb[3] == (i == 0 ? UINT64_MAX : 0));
    }
}

int main(void)
{
    static const uint8_t seed[32] = {1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(field__loose_limbs__same_as_openssl),
        cmocka_unit_test(field_to_scalar__around_p__reduced),
        cmocka_unit_test(base_multiply__edges__same_as_the_library),
        cmocka_unit_test(base_multiply__random__same_as_the_library),
        cmocka_unit_test(base_multiply__another_blinding__another_way_to_the_point),
        cmocka_unit_test(base_multiply__zero__z_is_zero),
    };
    library = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    int failed = zc_ok(zc_crypto_setup(seed)) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    secp256k1_context_destroy(library);
    return failed;
}
