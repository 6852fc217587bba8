#include "crypto/p256.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include "base/ct.h"
#include "crypto/library.h"
#include "crypto/modinv.h"

/* OpenSSL's objects for one k·G, made once per thread: the signing path allocates nothing. */
typedef struct bench {
    BN_CTX *ctx;
    EC_POINT *point;
    BIGNUM *scalar;
    BIGNUM *x;
    BIGNUM *y;
} bench;

static bench *bench_of_thread(void)
{
    static _Thread_local bench own;
    const EC_GROUP *group = zc_library_p256();
    if (own.y != NULL || group == NULL) {
        return own.y != NULL ? &own : NULL;
    }
    bench made = {BN_CTX_new(), EC_POINT_new(group), BN_new(), BN_new(), NULL};
    if (made.ctx != NULL && made.point != NULL && made.scalar != NULL && made.x != NULL) {
        made.y = BN_new();
    }
    if (made.y == NULL) {
        BN_CTX_free(made.ctx);
        EC_POINT_free(made.point);
        BN_free(made.scalar);
        BN_free(made.x);
        return NULL;
    }
    own = made;
    return &own;
}

/* Functions that tests/ctime/third_party.supp names must have frames of their own. */
#define OWN_FRAME __attribute__((noinline))

static OWN_FRAME bool load_led(BIGNUM *ret_number, const uint8_t led[static 33])
{
    return BN_bin2bn(led, 33, ret_number) != NULL;
}

static OWN_FRAME bool cut_lead(BIGNUM *number)
{
    return BN_mask_bits(number, 256) == 1;
}

/* Loads a secret scalar. BN_bin2bn() skips leading zero bytes one by one, and enough timings of
 * such nonces give a key away (Minerva, 2019): with a one in front there is nothing to skip, and
 * cutting it off again looks at whole words only. */
static bool load_secret(BIGNUM *ret_number, const uint8_t scalar[static 32])
{
    uint8_t led[33] = {0x01};
    memcpy(led + 1, scalar, 32);
    bool done = load_led(ret_number, led) && cut_lead(ret_number);
    BN_set_flags(ret_number, BN_FLG_CONSTTIME);
    zc_wipe(led, sizeof led);
    return done;
}

/* scalar · G into x, and y unless that is NULL. */
static OWN_FRAME bool multiply_base(bench *at, BIGNUM *y)
{
    const EC_GROUP *group = zc_library_p256();
    return EC_POINT_mul(group, at->point, at->scalar, NULL, NULL, at->ctx) == 1 &&
           EC_POINT_get_affine_coordinates(group, at->point, at->x, y, at->ctx) == 1;
}

static OWN_FRAME bool store_coordinate(const BIGNUM *from, uint8_t *ret_bytes)
{
    return BN_bn2binpad(from, ret_bytes, 32) == 32;
}

/* The same from and to bytes; ret_y may be NULL. */
static bool base_multiple(const uint8_t scalar[static 32], uint8_t *ret_x, uint8_t *ret_y)
{
    bench *at = bench_of_thread();
    if (at == NULL) {
        return false;
    }
    bool done = load_secret(at->scalar, scalar) &&
                multiply_base(at, ret_y == NULL ? NULL : at->y) && store_coordinate(at->x, ret_x) &&
                (ret_y == NULL || store_coordinate(at->y, ret_y));
    /* The projective point tells something about the scalar: overwrite it. */
    BN_clear(at->scalar);
    (void)EC_POINT_copy(at->point, EC_GROUP_get0_generator(zc_library_p256()));
    return done;
}

zc_result zc_p256_public(const zc_secret32 *private_key, uint8_t ret_point[static 65])
{
    uint8_t point[65] = {0x04};
    if (!base_multiple(private_key->byte, point + 1, point + 33)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(point, sizeof point); /* it is the public key */
    memcpy(ret_point, point, sizeof point);
    return ZC_OK;
}

zc_result zc_p256_nonce_point(const zc_secret32 *nonce, zc_scalar *ret_r)
{
    uint8_t x[32];
    if (!base_multiple(nonce->byte, x, NULL)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(x, sizeof x); /* r is half of the signature */
    zc_scalar_from_be(x, ret_r);
    zc_scalar_reduce(&zc_p256_order, ret_r);
    return ZC_OK;
}

/* s = k⁻¹ (z + r·d) */
static void finish(const zc_scalar *inverse, const zc_scalar *z, const zc_scalar *r,
                   const zc_scalar *d, zc_scalar *ret_s)
{
    ZC_SECRET_SCALAR zc_scalar sum;
    zc_scalar_mul(&zc_p256_order, r, d, &sum);
    zc_scalar_add(&zc_p256_order, z, &sum, &sum);
    zc_scalar_mul(&zc_p256_order, inverse, &sum, ret_s);
}

zc_result zc_p256_sign(const zc_secret32 *private_key, const zc_secret32 *nonce,
                       const uint8_t digest[static 32], uint8_t ret_sig[static 64])
{
    ZC_SECRET_SCALAR zc_scalar k;
    ZC_SECRET_SCALAR zc_scalar inverse;
    ZC_SECRET_SCALAR zc_scalar d;
    zc_scalar r, s, z;
    zc_scalar_from_be(nonce->byte, &k);
    if (!zc_modinv(&zc_p256_order, &k, &inverse)) {
        return zc_p256_sign_plain(private_key, nonce, digest, ret_sig);
    }
    ZC_TRY(zc_p256_nonce_point(nonce, &r));
    zc_scalar_from_be(private_key->byte, &d);
    zc_scalar_from_be(digest, &z);
    zc_scalar_reduce(&zc_p256_order, &z);
    finish(&inverse, &z, &r, &d, &s);
    if (zc_ct_is_zero(&r, sizeof r) || zc_ct_is_zero(&s, sizeof s)) {
        return zc_fail(ZC_CRYPTO_UNUSABLE_NONCE);
    }
    zc_ct_public(&s, sizeof s); /* the other half of the signature */
    zc_scalar_to_be(&r, ret_sig);
    zc_scalar_to_be(&s, ret_sig + 32);
    return ZC_OK;
}

/* k⁻¹ as k^(n−2), by OpenSSL's constant-time exponentiation. */
static bool inverse_by_power(BIGNUM *ret_inverse, const BIGNUM *k, const BIGNUM *n, BN_CTX *ctx)
{
    BIGNUM *power = BN_dup(n);
    bool done = power != NULL && BN_sub_word(power, 2) == 1 &&
                BN_mod_exp_mont_consttime(ret_inverse, k, power, n, ctx, NULL) == 1;
    BN_free(power);
    return done;
}

/* What OpenSSL's signature needs, for one call of zc_p256_sign_plain. */
typedef struct plain {
    BN_CTX *ctx;
    EC_KEY *key;
    BIGNUM *d;
    BIGNUM *k;
    BIGNUM *inverse;
    BIGNUM *r;
    ECDSA_SIG *sig;
} plain;

static void plain_clear(plain *with)
{
    ECDSA_SIG_free(with->sig);
    EC_KEY_free(with->key);
    BN_clear_free(with->d);
    BN_clear_free(with->k);
    BN_clear_free(with->inverse);
    BN_free(with->r);
    BN_CTX_free(with->ctx);
}

static bool plain_sign(plain *with, const zc_secret32 *private_key, const zc_secret32 *nonce,
                       const uint8_t r[static 32], const uint8_t digest[static 32],
                       uint8_t *ret_sig)
{
    const EC_GROUP *group = zc_library_p256();
    with->ctx = BN_CTX_new();
    with->key = EC_KEY_new();
    with->d = BN_new();
    with->k = BN_new();
    with->r = BN_bin2bn(r, 32, NULL);
    with->inverse = BN_new();
    if (with->ctx == NULL || with->key == NULL || with->d == NULL || with->k == NULL ||
        with->r == NULL || with->inverse == NULL) {
        return false;
    }
    BN_set_flags(with->inverse, BN_FLG_CONSTTIME);
    if (!load_secret(with->d, private_key->byte) || !load_secret(with->k, nonce->byte) ||
        EC_KEY_set_group(with->key, group) != 1 ||
        EC_KEY_set_private_key(with->key, with->d) != 1 ||
        !inverse_by_power(with->inverse, with->k, EC_GROUP_get0_order(group), with->ctx)) {
        return false;
    }
    with->sig = ECDSA_do_sign_ex(digest, 32, with->inverse, with->r, with->key);
    return with->sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(with->sig), ret_sig, 32) == 32 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(with->sig), ret_sig + 32, 32) == 32;
}

zc_result zc_p256_sign_plain(const zc_secret32 *private_key, const zc_secret32 *nonce,
                             const uint8_t digest[static 32], uint8_t ret_sig[static 64])
{
    zc_scalar point;
    uint8_t r[32];
    uint8_t sig[64];
    plain with = {0};
    ZC_TRY(zc_p256_nonce_point(nonce, &point));
    if (zc_ct_is_zero(&point, sizeof point)) {
        return zc_fail(ZC_CRYPTO_UNUSABLE_NONCE);
    }
    zc_scalar_to_be(&point, r);
    /* OpenSSL refuses the given r and k⁻¹ only when s comes out as zero, or without memory. */
    bool done = zc_library_p256() != NULL && plain_sign(&with, private_key, nonce, r, digest, sig);
    plain_clear(&with);
    if (!done) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(sig, sizeof sig);
    memcpy(ret_sig, sig, sizeof sig);
    return ZC_OK;
}
