#include "crypto/signer.h"

#include <string.h>

#include <sodium.h>

#include "base/ct.h"
#include "crypto/ed25519.h"
#include "crypto/library.h"
#include "crypto/p256.h"
#include "crypto/recheck.h"
#include "crypto/rfc6979.h"
#include "crypto/secp256k1.h"
#include "crypto/verify.h"

static const zc_modulus *order_of(zc_curve curve)
{
    switch (curve) {
    case ZC_CURVE_SECP256K1:
        return &zc_secp256k1_order;
    case ZC_CURVE_P256:
        return &zc_p256_order;
    default:
        return NULL;
    }
}

static zc_result expand_weierstrass(zc_curve curve, const zc_secret32 *private_key,
                                    zc_secret64 *ret_expanded)
{
    ZC_SECRET_SCALAR zc_scalar scalar;
    zc_scalar_from_be(private_key->byte, &scalar);
    if (!zc_scalar_is_unit(order_of(curve), &scalar)) {
        return zc_fail(ZC_CRYPTO_BAD_PRIVATE_KEY);
    }
    zc_recheck_prepare(order_of(curve), private_key, ret_expanded);
    return ZC_OK;
}

static zc_result public_weierstrass(zc_curve curve, const zc_secret32 *private_key,
                                    zc_secret64 *ret_expanded, zc_pubkey *ret_key)
{
    ZC_TRY(expand_weierstrass(curve, private_key, ret_expanded));
    ret_key->len = 65;
    return curve == ZC_CURVE_P256 ? zc_p256_public(private_key, ret_key->byte)
                                  : zc_secp256k1_public(private_key, ret_key->byte);
}

static zc_result public_ed25519(const zc_secret32 *seed, zc_secret64 *ret_expanded,
                                zc_pubkey *ret_key)
{
    zc_library_sodium();
    ret_key->len = 32;
    crypto_sign_seed_keypair(ret_key->byte, ret_expanded->byte, seed->byte);
    zc_ct_public(ret_key->byte, 32); /* it is the public key */
    return ZC_OK;
}

zc_result zc_signer_init(zc_signer *signer, zc_curve curve, const zc_secret32 *private_key)
{
    if (!zc_curve_is_known(curve)) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    zc_pubkey key = {.curve = curve};
    ZC_SECRET64 zc_secret64 expanded = {0};
    if (curve == ZC_CURVE_ED25519) {
        ZC_TRY(public_ed25519(private_key, &expanded, &key));
    } else {
        ZC_TRY(public_weierstrass(curve, private_key, &expanded, &key));
    }
    /* Field by field: a compound literal would leave a copy of the key in this stack frame. */
    signer->pubkey = key;
    signer->private_key = *private_key;
    signer->expanded = expanded;
    return ZC_OK;
}

zc_result zc_signer_restore(zc_signer *signer, const zc_pubkey *public_key,
                            const zc_secret32 *private_key)
{
    ZC_SECRET64 zc_secret64 expanded = {0};
    if (!zc_curve_is_known(public_key->curve)) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    if (public_key->curve == ZC_CURVE_ED25519) {
        memcpy(expanded.byte, private_key->byte, 32);
        memcpy(expanded.byte + 32, public_key->byte, 32);
    } else {
        ZC_TRY(expand_weierstrass(public_key->curve, private_key, &expanded));
    }
    signer->pubkey = *public_key;
    signer->private_key = *private_key;
    signer->expanded = expanded;
    return ZC_OK;
}

zc_result zc_signer_generate(zc_signer *signer, zc_curve curve, zc_drbg *drbg)
{
    ZC_SECRET zc_secret32 candidate;
    zc_result result;
    do {
        zc_drbg_bytes(drbg, candidate.byte, sizeof candidate.byte);
        result = zc_signer_init(signer, curve, &candidate);
    } while (zc_is(result, ZC_CRYPTO_BAD_PRIVATE_KEY));
    return result;
}

void zc_signer_clear(zc_signer *signer)
{
    zc_wipe(signer, sizeof *signer);
}

/* §3.6's additional data: what `fresh` is in hedged mode, and nothing otherwise. */
static zc_slice extra_of(zc_nonce_mode mode, const uint8_t fresh[static 32])
{
    return mode == ZC_NONCE_HEDGED ? zc_slice_of(fresh, 32) : zc_slice_of(NULL, 0);
}

static zc_result sign_p256(const zc_signer *signer, zc_slice extra, const uint8_t digest[static 32],
                           zc_signature *ret_signature)
{
    ZC_SECRET zc_secret32 nonce;
    zc_result result = zc_fail(ZC_CRYPTO_UNUSABLE_NONCE);
    /* A second attempt has never been needed by anyone; a third would mean broken arithmetic. */
    for (unsigned attempt = 0; attempt < 2 && zc_is(result, ZC_CRYPTO_UNUSABLE_NONCE); attempt++) {
        zc_rfc6979_nonce(&zc_p256_order, &signer->private_key, digest, extra, attempt, &nonce);
        result = zc_p256_sign(&signer->private_key, &nonce, digest, ret_signature->byte);
    }
    ret_signature->recovery = 0;
    return result;
}

static zc_result sign_once(const zc_signer *signer, zc_slice extra, const uint8_t digest[static 32],
                           zc_signature *ret_signature)
{
    switch (signer->pubkey.curve) {
    case ZC_CURVE_SECP256K1:
        return zc_secp256k1_sign_fast(&signer->private_key, extra, digest, ret_signature);
    case ZC_CURVE_P256:
        return sign_p256(signer, extra, digest, ret_signature);
    default:
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
}

zc_result zc_sign_digest(const zc_signer *signer, zc_nonce_mode mode,
                         const uint8_t fresh[static 32], const uint8_t digest[static 32],
                         zc_signature *ret_signature)
{
    zc_signature made;
    zc_slice extra = extra_of(mode, fresh);
    ZC_TRY(sign_once(signer, extra, digest, &made));
    if (extra.len == 0) {
        ZC_TRY(signer->pubkey.curve == ZC_CURVE_P256 ? zc_recheck_p256(signer, digest, &made)
                                                     : zc_recheck_secp256k1(signer, digest, &made));
    }
    *ret_signature = made;
    return ZC_OK;
}

static zc_result sign_ed25519_twice(const zc_signer *signer, zc_slice message,
                                    zc_signature *ret_signature)
{
    crypto_sign_detached(ret_signature->byte, NULL, message.data, message.len,
                         signer->expanded.byte);
    zc_ct_public(ret_signature->byte, sizeof ret_signature->byte); /* it is the signature */
    return zc_recheck_ed25519(signer, message, ret_signature);
}

zc_result zc_sign_ed25519(const zc_signer *signer, zc_nonce_mode mode,
                          const uint8_t fresh[static 32], zc_slice message,
                          zc_signature *ret_signature)
{
    if (signer->pubkey.curve != ZC_CURVE_ED25519) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    zc_signature made = {0};
    zc_library_sodium();
    ZC_TRY(mode == ZC_NONCE_HEDGED
               ? zc_ed25519_sign_hedged(&signer->private_key, signer->pubkey.byte, fresh, message,
                                        made.byte)
               : sign_ed25519_twice(signer, message, &made));
    *ret_signature = made;
    return ZC_OK;
}

zc_result zc_sign_message_ed25519(const zc_signer *signer, zc_slice message,
                                  zc_signature *ret_signature)
{
    static const uint8_t unused[32];
    return zc_sign_ed25519(signer, ZC_NONCE_DETERMINISTIC, unused, message, ret_signature);
}

void zc_signature_make_low_s(zc_curve curve, zc_signature *signature)
{
    const zc_modulus *order = order_of(curve);
    if (order == NULL || zc_signature_is_low_s(curve, signature->byte)) {
        return;
    }
    zc_scalar s;
    zc_scalar_from_be(signature->byte + 32, &s);
    zc_scalar_negate(order, &s, &s);
    zc_scalar_to_be(&s, signature->byte + 32);
    if (curve == ZC_CURVE_SECP256K1) {
        signature->recovery ^= 1;
    }
}

void zc_signer_leave_thread(void)
{
    zc_p256_leave_thread();
}
