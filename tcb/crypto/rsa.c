#include "crypto/rsa.h"

#include <openssl/bn.h>
#include <openssl/rsa.h>

#include "base/ct.h"
#include "crypto/hash.h"
#include "crypto/rsa_encode.h"
#include "crypto/rsa_import.h"

/* Functions that tests/ctime/third_party.supp names must have frames of their own. */
#define OWN_FRAME __attribute__((noinline))

void zc_rsa_secret_wipe(zc_rsa_secret *secret)
{
    zc_wipe(secret, sizeof *secret);
}

/* One signature over nothing: that the key works, and whatever OpenSSL computes from the primes
 * once for each key, in a time that depends on them, is done before anybody can measure it. */
static zc_result try_key(const zc_rsa_key *key)
{
    static const uint8_t no_salt[32];
    uint8_t sig[ZC_RSA_MAX_SIGNATURE];
    size_t len;
    return RSA_blinding_on(key->private_key, NULL) == 1
               ? zc_rsa_sign(key, ZC_RSA_PKCS1_SHA256, no_salt, zc_slice_of(NULL, 0), sig, &len)
               : zc_fail(ZC_CRYPTO_LIBRARY);
}

zc_result zc_rsa_key_init(zc_rsa_key *key, const zc_rsa_secret *secret)
{
    zc_rsa_key made = {0};
    ZC_TRY(zc_rsa_import(secret, &made.public, &made.private_key));
    zc_result tried = try_key(&made);
    if (!zc_ok(tried)) {
        zc_rsa_key_clear(&made);
        return tried;
    }
    *key = made;
    return ZC_OK;
}

void zc_rsa_key_clear(zc_rsa_key *key)
{
    RSA_free(key->private_key); /* which wipes its numbers */
    zc_wipe(key, sizeof *key);
}

static OWN_FRAME bool apply_private(RSA *key, const uint8_t *block, size_t len, uint8_t *ret_sig)
{
    int done = RSA_private_encrypt((int)len, block, ret_sig, key, RSA_NO_PADDING);
    zc_ct_public(&done, sizeof done); /* the length */
    return done == (int)len;
}

zc_result zc_rsa_sign(const zc_rsa_key *key, zc_rsa_scheme scheme, const uint8_t fresh[static 32],
                      zc_slice message, uint8_t ret_sig[static ZC_RSA_MAX_SIGNATURE],
                      size_t *ret_len)
{
    uint8_t hash[32];
    uint8_t block[ZC_RSA_MAX_SIGNATURE];
    uint8_t sig[ZC_RSA_MAX_SIGNATURE];
    const size_t len = key->public.len;
    ZC_TRY(zc_rsa_check_public(&key->public));
    zc_sha256(message, hash);
    switch (scheme) {
    case ZC_RSA_PKCS1_SHA256:
        zc_rsa_encode_pkcs1(hash, block, len);
        break;
    case ZC_RSA_PSS_SHA256:
        zc_rsa_encode_pss(hash, fresh, block, len);
        break;
    default:
        return zc_fail(ZC_CRYPTO_UNKNOWN_SCHEME);
    }
    if (!apply_private(key->private_key, block, len, sig)) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(sig, len); /* it is the signature, once it is verified */
    zc_result verified = zc_rsa_verify(&key->public, scheme, message, zc_slice_of(sig, len));
    if (!zc_ok(verified)) {
        zc_wipe(sig, sizeof sig);
        return zc_is(verified, ZC_CRYPTO_LIBRARY) ? verified : zc_fail(ZC_CRYPTO_FAULT);
    }
    memcpy(ret_sig, sig, len);
    *ret_len = len;
    return ZC_OK;
}

/* sig^e modulo n; false also when sig is not below n. */
static bool apply_public(RSA *key, zc_slice sig, uint8_t *ret_block)
{
    return RSA_public_decrypt((int)sig.len, sig.data, ret_block, key, RSA_NO_PADDING) ==
           (int)sig.len;
}

/* A key for OpenSSL, from numbers of our own. */
static RSA *public_of(const zc_rsa_public *key)
{
    RSA *made = RSA_new();
    BIGNUM *n = BN_bin2bn(key->modulus, key->len, NULL);
    BIGNUM *e = BN_new();
    if (made == NULL || n == NULL || e == NULL || BN_set_word(e, key->exponent) != 1 ||
        RSA_set0_key(made, n, e, NULL) != 1) {
        RSA_free(made);
        BN_free(n);
        BN_free(e);
        return NULL;
    }
    return made;
}

/* Whether the block is the message's, in the one form that the scheme allows. */
static zc_result check_block(zc_rsa_scheme scheme, zc_slice message, uint8_t *block, size_t len)
{
    uint8_t hash[32];
    uint8_t expected[ZC_RSA_MAX_SIGNATURE];
    bool right = false;
    zc_sha256(message, hash);
    if (scheme == ZC_RSA_PKCS1_SHA256) {
        zc_rsa_encode_pkcs1(hash, expected, len);
        right = zc_ct_eq(expected, block, len);
    } else if (scheme == ZC_RSA_PSS_SHA256) {
        right = zc_rsa_check_pss(hash, block, len);
    } else {
        return zc_fail(ZC_CRYPTO_UNKNOWN_SCHEME);
    }
    return right ? ZC_OK : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}

zc_result zc_rsa_verify(const zc_rsa_public *key, zc_rsa_scheme scheme, zc_slice message,
                        zc_slice sig)
{
    uint8_t block[ZC_RSA_MAX_SIGNATURE];
    if (!zc_ok(zc_rsa_check_public(key))) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    if (sig.len != key->len) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    RSA *with = public_of(key);
    if (with == NULL) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    bool done = apply_public(with, sig, block);
    RSA_free(with);
    return done ? check_block(scheme, message, block, sig.len) : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}
