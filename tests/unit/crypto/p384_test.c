/* P-384 signatures that OpenSSL's arithmetic makes from their equation: with R = a·G + b·Q,
 * r = x(R), s = r / b and e = a·s. So nobody needs the private key, and special points are at hand.
 */
#include "cmocka_zc.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "crypto/verify.h"

typedef struct maker {
    EC_GROUP *group;
    BN_CTX *numbers;
    const BIGNUM *order;
    BIGNUM *prime;
} maker;

typedef struct signature {
    uint8_t pub[97];
    uint8_t digest[48];
    uint8_t sig[96];
} signature;

static int make_maker(void **state)
{
    static maker it;
    it.group = EC_GROUP_new_by_curve_name(NID_secp384r1);
    it.numbers = BN_CTX_new();
    it.order = EC_GROUP_get0_order(it.group);
    it.prime = BN_new();
    *state = &it;
    return EC_GROUP_get_curve(it.group, it.prime, NULL, NULL, it.numbers) == 1 ? 0 : 1;
}

static int drop_maker(void **state)
{
    maker *it = *state;
    BN_free(it->prime);
    BN_CTX_free(it->numbers);
    EC_GROUP_free(it->group);
    return 0;
}

static BIGNUM *random_scalar(const maker *it)
{
    BIGNUM *scalar = BN_new();
    assert_int_equal(BN_rand_range(scalar, it->order), 1);
    return scalar;
}

static void set_half(const BIGNUM *value, uint8_t half[static 48])
{
    assert_int_equal(BN_bn2binpad(value, half, 48), 48);
}

static void set_key(const maker *it, const EC_POINT *key, uint8_t pub[static 97])
{
    assert_int_equal(
        EC_POINT_point2oct(it->group, key, POINT_CONVERSION_UNCOMPRESSED, pub, 97, it->numbers),
        97);
}

/* Takes the scalars and the point. */
static signature from_equation(const maker *it, BIGNUM *a, BIGNUM *b, EC_POINT *key)
{
    signature made;
    EC_POINT *sum = EC_POINT_new(it->group);
    BIGNUM *r = BN_new();
    BIGNUM *s = BN_new();
    BIGNUM *e = BN_new();
    assert_int_equal(EC_POINT_mul(it->group, sum, a, key, b, it->numbers), 1);
    assert_int_equal(EC_POINT_get_affine_coordinates(it->group, sum, r, NULL, it->numbers), 1);
    assert_int_equal(BN_nnmod(r, r, it->order, it->numbers), 1);
    assert_non_null(BN_mod_inverse(s, b, it->order, it->numbers));
    assert_int_equal(BN_mod_mul(s, s, r, it->order, it->numbers), 1);
    assert_int_equal(BN_mod_mul(e, a, s, it->order, it->numbers), 1);
    set_half(e, made.digest);
    set_half(r, made.sig);
    set_half(s, made.sig + 48);
    set_key(it, key, made.pub);
    BN_free(r);
    BN_free(s);
    BN_free(e);
    BN_free(a);
    BN_free(b);
    EC_POINT_free(sum);
    EC_POINT_free(key);
    return made;
}

static EC_POINT *times_base(const maker *it, const BIGNUM *scalar)
{
    EC_POINT *point = EC_POINT_new(it->group);
    assert_int_equal(EC_POINT_mul(it->group, point, scalar, NULL, NULL, it->numbers), 1);
    return point;
}

static EC_POINT *random_point(const maker *it)
{
    BIGNUM *scalar = random_scalar(it);
    EC_POINT *point = times_base(it, scalar);
    BN_free(scalar);
    return point;
}

static signature random_one(const maker *it)
{
    return from_equation(it, random_scalar(it), random_scalar(it), random_point(it));
}

static zc_result verify(const signature *given)
{
    return zc_verify_p384(given->pub, given->digest, given->sig);
}

static void verify_p384__what_fits_the_equation__accepted(void **state)
{
    for (int i = 0; i < 200; i++) {
        signature made = random_one(*state);
        assert_ok(verify(&made));
    }
}

static void verify_p384__any_bit_changed__refused(void **state)
{
    const signature made = random_one(*state);
    for (size_t bit = 0; bit < 8 * sizeof made; bit += 7) {
        signature changed = made;
        uint8_t *byte = (uint8_t *)&changed + bit / 8;
        *byte ^= (uint8_t)(1u << bit % 8);
        bool in_key = bit / 8 < sizeof made.pub;
        assert_fails(verify(&changed), in_key ? ZC_CRYPTO_BAD_PUBLIC_KEY : ZC_CRYPTO_BAD_SIGNATURE);
    }
}

/* a·G = b·Q: the last addition is a doubling. */
static void verify_p384__both_products_equal__accepted(void **state)
{
    const maker *it = *state;
    for (int i = 0; i < 8; i++) {
        BIGNUM *private_key = random_scalar(it);
        BIGNUM *b = random_scalar(it);
        BIGNUM *a = BN_new();
        assert_int_equal(BN_mod_mul(a, b, private_key, it->order, it->numbers), 1);
        EC_POINT *key = times_base(it, private_key);
        BN_free(private_key);
        signature made = from_equation(it, a, b, key);
        assert_ok(verify(&made));
    }
}

/* a = 0: one of the two products is at infinity. */
static void verify_p384__digest_of_zero__accepted(void **state)
{
    const maker *it = *state;
    signature made = from_equation(it, BN_new(), random_scalar(it), random_point(it));
    assert_ok(verify(&made));
}

static void verify_p384__sum_at_infinity__refused(void **state)
{
    const maker *it = *state;
    /* Q = −G, and a = e / s = 1, b = r / s = 1. */
    signature made = {.digest = {[47] = 5}, .sig = {[47] = 5, [95] = 5}};
    EC_POINT *key = times_base(it, BN_value_one());
    assert_int_equal(EC_POINT_invert(it->group, key, it->numbers), 1);
    set_key(it, key, made.pub);
    EC_POINT_free(key);
    assert_fails(verify(&made), ZC_CRYPTO_BAD_SIGNATURE);
}

static void verify_p384__scalars_out_of_range__refused(void **state)
{
    const maker *it = *state;
    for (size_t half = 0; half < 96; half += 48) {
        signature made = random_one(it);
        memset(made.sig + half, 0, 48);
        assert_fails(verify(&made), ZC_CRYPTO_BAD_SIGNATURE);
        set_half(it->order, made.sig + half);
        assert_fails(verify(&made), ZC_CRYPTO_BAD_SIGNATURE);
        memset(made.sig + half, 0xff, 48);
        assert_fails(verify(&made), ZC_CRYPTO_BAD_SIGNATURE);
    }
}

/* An x so small that x + p has 384 bits too: another spelling of the same point. */
static void verify_p384__coordinate_not_below_the_prime__refused(void **state)
{
    const maker *it = *state;
    EC_POINT *key = EC_POINT_new(it->group);
    BIGNUM *x = BN_new();
    while (EC_POINT_set_compressed_coordinates(it->group, key, x, 0, it->numbers) != 1) {
        assert_int_equal(BN_add_word(x, 1), 1);
    }
    signature made = from_equation(it, random_scalar(it), random_scalar(it), key);
    assert_ok(verify(&made));
    assert_int_equal(BN_add(x, x, it->prime), 1);
    set_half(x, made.pub + 1);
    assert_fails(verify(&made), ZC_CRYPTO_BAD_PUBLIC_KEY);
    BN_free(x);
}

static void verify_p384__another_form_of_the_key__refused(void **state)
{
    const signature made = random_one(*state);
    for (unsigned first = 0; first < 256; first++) {
        signature changed = made;
        changed.pub[0] = (uint8_t)first;
        if (first != 4) {
            assert_fails(verify(&changed), ZC_CRYPTO_BAD_PUBLIC_KEY);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_p384__what_fits_the_equation__accepted),
        cmocka_unit_test(verify_p384__any_bit_changed__refused),
        cmocka_unit_test(verify_p384__both_products_equal__accepted),
        cmocka_unit_test(verify_p384__digest_of_zero__accepted),
        cmocka_unit_test(verify_p384__sum_at_infinity__refused),
        cmocka_unit_test(verify_p384__scalars_out_of_range__refused),
        cmocka_unit_test(verify_p384__coordinate_not_below_the_prime__refused),
        cmocka_unit_test(verify_p384__another_form_of_the_key__refused),
    };
    return cmocka_run_group_tests(tests, make_maker, drop_maker);
}
