#include "crypto/rsa_import.h"

#include <string.h>

#include <openssl/bn.h>

#include "crypto/der.h"

enum {
    MIN_BYTES = ZC_RSA_MIN_BITS / 8,
    MAX_BYTES = ZC_RSA_MAX_BITS / 8,
    MIN_EXPONENT = 65537,
    /* FIPS 186-5 §A.1.3: primes that agree in their first 100 bits are found by Fermat's method. */
    CLOSE_BITS = 100
};

/* RFC 8017 §A.1.2, in its order. */
typedef enum part { N, E, D, P, Q, DP, DQ, QINV, PARTS } part;

/* The numbers, and what is needed to compute with them. */
typedef struct work {
    BIGNUM *number[PARTS];
    BIGNUM *a, *b;
    BN_CTX *ctx;
} work;

static void work_clear(work *at)
{
    for (size_t i = 0; i < PARTS; i++) {
        BN_clear_free(at->number[i]);
    }
    BN_clear_free(at->a);
    BN_clear_free(at->b);
    BN_CTX_free(at->ctx);
}

/* PrivateKeyInfo around RSAPrivateKey: version 0, rsaEncryption with its NULL, nothing optional. */
static zc_result enter_pkcs8(const zc_rsa_secret *secret, zc_reader *ret_numbers)
{
    static const uint8_t head[] = {0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
                                   0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    if (secret->len > sizeof secret->byte) {
        return zc_fail(ZC_CRYPTO_BAD_PKCS8);
    }
    zc_reader whole = zc_reader_of(zc_slice_of(secret->byte, secret->len));
    zc_reader outer, inner;
    zc_slice found;
    uint8_t version[1];
    if (!zc_ok(zc_der_enter(&whole, ZC_DER_SEQUENCE, &outer)) || !zc_ok(zc_reader_end(&whole)) ||
        !zc_ok(zc_read_slice(&outer, sizeof head, &found)) ||
        memcmp(found.data, head, sizeof head) != 0 ||
        !zc_ok(zc_der_enter(&outer, ZC_DER_OCTET_STRING, &inner)) ||
        !zc_ok(zc_reader_end(&outer)) ||
        !zc_ok(zc_der_enter(&inner, ZC_DER_SEQUENCE, ret_numbers)) ||
        !zc_ok(zc_reader_end(&inner)) ||
        !zc_ok(zc_der_read_unsigned(ret_numbers, version, sizeof version)) || version[0] != 0) {
        return zc_fail(ZC_CRYPTO_BAD_PKCS8);
    }
    return ZC_OK;
}

static zc_result read_numbers(const zc_rsa_secret *secret, work *at)
{
    zc_reader reader;
    uint8_t bytes[MAX_BYTES];
    zc_result result = enter_pkcs8(secret, &reader);
    for (size_t i = 0; i < PARTS && zc_ok(result); i++) {
        if (!zc_ok(zc_der_read_unsigned(&reader, bytes, sizeof bytes))) {
            result = zc_fail(ZC_CRYPTO_BAD_PKCS8);
        } else if ((at->number[i] = BN_bin2bn(bytes, sizeof bytes, NULL)) == NULL) {
            result = zc_fail(ZC_CRYPTO_LIBRARY);
        }
    }
    zc_wipe(bytes, sizeof bytes);
    if (zc_ok(result) && !zc_ok(zc_reader_end(&reader))) {
        return zc_fail(ZC_CRYPTO_BAD_PKCS8); /* more than two primes, or rubbish */
    }
    return result;
}

/* The public half, from numbers of any size. */
static zc_result publish(const work *at, zc_rsa_public *ret_public)
{
    zc_rsa_public public = {0};
    const int bits = BN_num_bits(at->number[N]);
    if (bits < ZC_RSA_MIN_BITS || bits > ZC_RSA_MAX_BITS || bits % 16 != 0) {
        return zc_fail(ZC_CRYPTO_RSA_SIZE);
    }
    if (BN_num_bits(at->number[E]) > 32) {
        return zc_fail(ZC_CRYPTO_RSA_EXPONENT);
    }
    public.len = (uint16_t)(bits / 8);
    public.exponent = (uint32_t)BN_get_word(at->number[E]);
    if (BN_bn2binpad(at->number[N], public.modulus, public.len) != public.len) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    ZC_TRY(zc_rsa_check_public(&public));
    *ret_public = public;
    return ZC_OK;
}

zc_result zc_rsa_check_public(const zc_rsa_public *key)
{
    if (key->len < MIN_BYTES || key->len > MAX_BYTES || key->len % 2 != 0) {
        return zc_fail(ZC_CRYPTO_RSA_SIZE);
    }
    if (key->exponent < MIN_EXPONENT || key->exponent % 2 == 0) {
        return zc_fail(ZC_CRYPTO_RSA_EXPONENT);
    }
    if ((key->modulus[0] & 0x80) == 0) {
        return zc_fail(ZC_CRYPTO_RSA_SIZE);
    }
    return (key->modulus[key->len - 1] & 1) == 0 ? zc_fail(ZC_CRYPTO_RSA_INCONSISTENT) : ZC_OK;
}

/* Both primes have half the length, and are not close to each other. */
static zc_result check_sizes(work *at, size_t modulus_len)
{
    const int half = (int)modulus_len * 4;
    if (BN_num_bits(at->number[P]) != half || BN_num_bits(at->number[Q]) != half) {
        return zc_fail(ZC_CRYPTO_RSA_SIZE);
    }
    if (BN_sub(at->a, at->number[P], at->number[Q]) != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    return BN_num_bits(at->a) > half - CLOSE_BITS ? ZC_OK : zc_fail(ZC_CRYPTO_RSA_INCONSISTENT);
}

/* x·y = 1 modulo m. What can't be computed does not hold. */
static bool is_inverse(work *at, const BIGNUM *x, const BIGNUM *y, const BIGNUM *m)
{
    return BN_mod_mul(at->a, x, y, m, at->ctx) == 1 && BN_is_one(at->a);
}

/* One prime with its exponent: e·dp = 1 and d = dp modulo p − 1, with dp below p − 1. */
static bool prime_fits(work *at, const BIGNUM *p, const BIGNUM *dp)
{
    return BN_check_prime(p, at->ctx, NULL) == 1 && BN_sub(at->b, p, BN_value_one()) == 1 &&
           BN_cmp(dp, at->b) < 0 && is_inverse(at, at->number[E], dp, at->b) &&
           BN_nnmod(at->a, at->number[D], at->b, at->ctx) == 1 && BN_cmp(at->a, dp) == 0;
}

static bool parts_fit(work *at)
{
    BIGNUM *const *of = at->number;
    return BN_mul(at->a, of[P], of[Q], at->ctx) == 1 && BN_cmp(at->a, of[N]) == 0 &&
           BN_cmp(of[D], of[N]) < 0 && BN_cmp(of[QINV], of[P]) < 0 &&
           is_inverse(at, of[Q], of[QINV], of[P]) && prime_fits(at, of[P], of[DP]) &&
           prime_fits(at, of[Q], of[DQ]);
}

/* Hands the numbers over: what a key has taken, `at` no longer holds. */
static RSA *key_of(work *at)
{
    BIGNUM **of = at->number;
    RSA *key = RSA_new();
    if (key == NULL) {
        return NULL;
    }
    /* These fail for missing numbers only. */
    if (RSA_set0_key(key, of[N], of[E], of[D]) == 1) {
        of[N] = of[E] = of[D] = NULL;
    }
    if (RSA_set0_factors(key, of[P], of[Q]) == 1) {
        of[P] = of[Q] = NULL;
    }
    if (RSA_set0_crt_params(key, of[DP], of[DQ], of[QINV]) == 1) {
        of[DP] = of[DQ] = of[QINV] = NULL;
    }
    return key;
}

static zc_result import(const zc_rsa_secret *secret, work *at, zc_rsa_public *ret_public,
                        RSA **ret_key)
{
    zc_rsa_public public;
    at->a = BN_new();
    at->b = BN_new();
    at->ctx = BN_CTX_new();
    if (at->a == NULL || at->b == NULL || at->ctx == NULL) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    ZC_TRY(read_numbers(secret, at));
    ZC_TRY(publish(at, &public));
    ZC_TRY(check_sizes(at, public.len));
    if (!parts_fit(at)) {
        return zc_fail(ZC_CRYPTO_RSA_INCONSISTENT);
    }
    RSA *key = key_of(at);
    if (key == NULL) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    *ret_public = public;
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_rsa_import(const zc_rsa_secret *secret, zc_rsa_public *ret_public, RSA **ret_key)
{
    work at = {0};
    zc_result result = import(secret, &at, ret_public, ret_key);
    work_clear(&at);
    return result;
}
