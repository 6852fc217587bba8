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
    BIGNUM *x, *y, *z;
} bench;

static _Thread_local bench own;

static void bench_free(const bench *at)
{
    BN_CTX_free(at->ctx);
    EC_POINT_clear_free(at->point);
    BN_clear_free(at->scalar);
    BN_clear_free(at->x);
    BN_clear_free(at->y);
    BN_clear_free(at->z);
}

static bench *bench_of_thread(void)
{
    const EC_GROUP *group = zc_library_p256();
    if (own.z != NULL || group == NULL) {
        return own.z != NULL ? &own : NULL;
    }
    bench made = {BN_CTX_new(), EC_POINT_new(group), BN_new(), BN_new(), BN_new(), BN_new()};
    if (made.ctx == NULL || made.point == NULL || made.scalar == NULL || made.x == NULL ||
        made.y == NULL || made.z == NULL) {
        bench_free(&made);
        return NULL;
    }
    own = made;
    return &own;
}

void zc_p256_leave_thread(void)
{
    bench_free(&own);
    own = (bench){0};
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

/* scalar · G in OpenSSL's projective coordinates, x = X / Z² and y = Y / Z³; Y is left out on the
 * way to a signature. To bring them to affine ones is ours: OpenSSL does it by raising to a power,
 * which takes half as long as the multiplication. */
static OWN_FRAME bool multiply_base(bench *at, bool with_y)
{
    const EC_GROUP *group = zc_library_p256();
    return EC_POINT_mul(group, at->point, at->scalar, NULL, NULL, at->ctx) == 1 &&
           EC_POINT_get_Jprojective_coordinates_GFp(group, at->point, at->x, with_y ? at->y : NULL,
                                                    at->z, at->ctx) == 1;
}

static OWN_FRAME bool store_coordinate(const BIGNUM *from, zc_scalar *ret_coordinate)
{
    uint8_t bytes[32];
    if (BN_bn2binpad(from, bytes, 32) != 32) {
        return false;
    }
    zc_scalar_from_be(bytes, ret_coordinate);
    zc_wipe(bytes, sizeof bytes);
    return true;
}

bool zc_p256_multiply(const zc_secret32 *scalar, bool with_y, zc_p256_point *ret_point)
{
    bench *at = bench_of_thread();
    if (at == NULL) {
        return false;
    }
    bool done = load_secret(at->scalar, scalar->byte) && multiply_base(at, with_y) &&
                store_coordinate(at->x, &ret_point->x) && store_coordinate(at->z, &ret_point->z) &&
                (!with_y || store_coordinate(at->y, &ret_point->y));
    /* The projective point tells something about the scalar: overwrite it. */
    BN_clear(at->scalar);
    BN_clear(at->x);
    BN_clear(at->y);
    BN_clear(at->z);
    (void)EC_POINT_copy(at->point, EC_GROUP_get0_generator(zc_library_p256()));
    return done;
}

void zc_p256_point_wipe(zc_p256_point *point)
{
    zc_wipe(point, sizeof *point);
}

zc_result zc_p256_public(const zc_secret32 *private_key, uint8_t ret_point[static 65])
{
    ZC_SECRET_P256_POINT zc_p256_point point;
    ZC_SECRET_SCALAR zc_scalar inverse;
    ZC_SECRET_SCALAR zc_scalar power;
    uint8_t made[65] = {0x04};
    if (!zc_p256_multiply(private_key, true, &point) ||
        !zc_modinv(&zc_p256_field, &point.z, &inverse)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_scalar_mul(&zc_p256_field, &inverse, &inverse, &power);
    zc_scalar_mul(&zc_p256_field, &point.x, &power, &point.x);
    zc_scalar_mul(&zc_p256_field, &power, &inverse, &power);
    zc_scalar_mul(&zc_p256_field, &point.y, &power, &point.y);
    zc_scalar_to_be(&point.x, made + 1);
    zc_scalar_to_be(&point.y, made + 33);
    zc_ct_public(made, sizeof made); /* it is the public key */
    memcpy(ret_point, made, sizeof made);
    return ZC_OK;
}

void zc_p256_r(const zc_p256_point *point, const zc_scalar *inverse_z, zc_scalar *ret_r)
{
    ZC_SECRET_SCALAR zc_scalar power;
    zc_scalar_mul(&zc_p256_field, inverse_z, inverse_z, &power);
    zc_scalar_mul(&zc_p256_field, &point->x, &power, ret_r);
    zc_ct_public(ret_r, sizeof *ret_r); /* r is half of the signature */
    zc_scalar_reduce(&zc_p256_order, ret_r);
}

zc_result zc_p256_nonce_point(const zc_secret32 *nonce, zc_scalar *ret_r)
{
    ZC_SECRET_P256_POINT zc_p256_point point;
    ZC_SECRET_SCALAR zc_scalar inverse;
    if (!zc_p256_multiply(nonce, false, &point) || !zc_modinv(&zc_p256_field, &point.z, &inverse)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_p256_r(&point, &inverse, ret_r);
    return ZC_OK;
}

zc_result zc_p256_finish(const zc_secret32 *private_key, const zc_scalar *inverse_k,
                         const uint8_t digest[static 32], const zc_scalar *r,
                         uint8_t ret_sig[static 64])
{
    ZC_SECRET_SCALAR zc_scalar sum;
    zc_scalar s, z;
    zc_scalar_from_be(private_key->byte, &sum);
    zc_scalar_from_be(digest, &z);
    zc_scalar_reduce(&zc_p256_order, &z);
    zc_scalar_mul(&zc_p256_order, r, &sum, &sum);
    zc_scalar_add(&zc_p256_order, &z, &sum, &sum);
    zc_scalar_mul(&zc_p256_order, inverse_k, &sum, &s);
    if (zc_ct_is_zero(r, sizeof *r) || zc_ct_is_zero(&s, sizeof s)) {
        return zc_fail(ZC_CRYPTO_UNUSABLE_NONCE);
    }
    zc_ct_public(&s, sizeof s); /* the other half of the signature */
    zc_scalar_to_be(r, ret_sig);
    zc_scalar_to_be(&s, ret_sig + 32);
    return ZC_OK;
}

static void wipe_pair(zc_scalar (*pair)[2])
{
    zc_wipe(pair, sizeof *pair);
}
#define SECRET_PAIR __attribute__((cleanup(wipe_pair)))

zc_result zc_p256_sign(const zc_secret32 *private_key, const zc_secret32 *nonce,
                       const uint8_t digest[static 32], uint8_t ret_sig[static 64])
{
    static const zc_modulus *const moduli[2] = {&zc_p256_order, &zc_p256_field};
    ZC_SECRET_P256_POINT zc_p256_point point;
    SECRET_PAIR zc_scalar number[2]; /* k and Z */
    SECRET_PAIR zc_scalar inverse[2];
    zc_scalar r;
    if (!zc_p256_multiply(nonce, false, &point)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_scalar_from_be(nonce->byte, &number[0]);
    number[1] = point.z;
    if (!zc_modinv_pair(moduli, number, inverse)) {
        return zc_p256_sign_plain(private_key, nonce, digest, ret_sig);
    }
    zc_p256_r(&point, &inverse[1], &r);
    return zc_p256_finish(private_key, &inverse[0], digest, &r, ret_sig);
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

/* r by OpenSSL's own way to affine coordinates. */
static OWN_FRAME bool plain_nonce_point(const zc_secret32 *nonce, zc_scalar *ret_r)
{
    bench *at = bench_of_thread();
    const EC_GROUP *group = zc_library_p256();
    if (at == NULL) {
        return false;
    }
    bool done = load_secret(at->scalar, nonce->byte) &&
                EC_POINT_mul(group, at->point, at->scalar, NULL, NULL, at->ctx) == 1 &&
                EC_POINT_get_affine_coordinates(group, at->point, at->x, NULL, at->ctx) == 1 &&
                store_coordinate(at->x, ret_r);
    BN_clear(at->scalar);
    (void)EC_POINT_copy(at->point, EC_GROUP_get0_generator(group));
    zc_ct_public(ret_r, sizeof *ret_r); /* half of the signature */
    zc_scalar_reduce(&zc_p256_order, ret_r);
    return done;
}

zc_result zc_p256_sign_plain(const zc_secret32 *private_key, const zc_secret32 *nonce,
                             const uint8_t digest[static 32], uint8_t ret_sig[static 64])
{
    zc_scalar point;
    uint8_t r[32];
    uint8_t sig[64];
    plain with = {0};
    if (!plain_nonce_point(nonce, &point)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
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
