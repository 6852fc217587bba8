#include "crypto/signer.h"

#include <secp256k1_recovery.h>
#include <sodium.h>

#include "base/ct.h"
#include "crypto/library.h"
#include "crypto/p256.h"
#include "crypto/rfc6979.h"
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

static zc_result public_secp256k1(const zc_secret32 *private_key, zc_pubkey *ret_key)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_pubkey point;
    size_t len = sizeof ret_key->byte;
    int done = secp256k1_ec_pubkey_create(ctx, &point, private_key->byte);
    zc_ct_public(&done, sizeof done); /* always 1: the scalar is known to be in range */
    if (done != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(&point, sizeof point); /* it is the public key */
    secp256k1_ec_pubkey_serialize(ctx, ret_key->byte, &len, &point, SECP256K1_EC_UNCOMPRESSED);
    return ZC_OK;
}

static zc_result public_weierstrass(zc_curve curve, const zc_secret32 *private_key,
                                    zc_pubkey *ret_key)
{
    ZC_SECRET_SCALAR zc_scalar scalar;
    zc_scalar_from_be(private_key->byte, &scalar);
    if (!zc_scalar_is_unit(order_of(curve), &scalar)) {
        return zc_fail(ZC_CRYPTO_BAD_PRIVATE_KEY);
    }
    ret_key->len = 65;
    return curve == ZC_CURVE_P256 ? zc_p256_public(private_key, ret_key->byte)
                                  : public_secp256k1(private_key, ret_key);
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
        ZC_TRY(public_weierstrass(curve, private_key, &key));
    }
    *signer = (zc_signer){.pubkey = key, .private_key = *private_key, .expanded = expanded};
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
    return mode == ZC_NONCE_DETERMINISTIC ? zc_slice_of(NULL, 0) : zc_slice_of(fresh, 32);
}

/* libsecp256k1's nonce callback: its own function, with SHA-256 by the processor's instructions. */
static int nonce_for_secp256k1(unsigned char *nonce32, const unsigned char *msg32,
                               const unsigned char *key32, const unsigned char *algo16, void *data,
                               unsigned int attempt)
{
    (void)algo16;
    const zc_slice *extra = data;
    ZC_SECRET zc_secret32 key;
    ZC_SECRET zc_secret32 nonce;
    memcpy(key.byte, key32, sizeof key.byte);
    zc_rfc6979_nonce(&zc_secp256k1_order, &key, msg32, *extra, attempt, &nonce);
    memcpy(nonce32, nonce.byte, sizeof nonce.byte);
    return 1;
}

static zc_result sign_secp256k1(const zc_signer *signer, zc_slice extra,
                                const uint8_t digest[static 32], zc_signature *ret_signature)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_ecdsa_recoverable_signature made;
    int recovery = 0;
    int done = secp256k1_ecdsa_sign_recoverable(ctx, &made, digest, signer->private_key.byte,
                                                nonce_for_secp256k1, &extra);
    zc_ct_public(&done,
                 sizeof done); /* always 1 but for a key that memory errors put out of range */
    if (done != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_ct_public(&made, sizeof made); /* it is the signature */
    secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, ret_signature->byte, &recovery,
                                                            &made);
    ret_signature->recovery = (uint8_t)recovery;
    return ZC_OK;
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

zc_result zc_sign_digest(const zc_signer *signer, zc_nonce_mode mode,
                         const uint8_t fresh[static 32], const uint8_t digest[static 32],
                         zc_signature *ret_signature)
{
    zc_signature made;
    zc_slice extra = extra_of(mode, fresh);
    switch (signer->pubkey.curve) {
    case ZC_CURVE_SECP256K1:
        ZC_TRY(sign_secp256k1(signer, extra, digest, &made));
        break;
    case ZC_CURVE_P256:
        ZC_TRY(sign_p256(signer, extra, digest, &made));
        break;
    default:
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    if (mode == ZC_NONCE_DETERMINISTIC &&
        !zc_ok(zc_verify_digest(&signer->pubkey, digest, made.byte))) {
        zc_wipe(&made, sizeof made);
        return zc_fail(ZC_CRYPTO_FAULT);
    }
    *ret_signature = made;
    return ZC_OK;
}

zc_result zc_sign_message_ed25519(const zc_signer *signer, zc_slice message,
                                  zc_signature *ret_signature)
{
    if (signer->pubkey.curve != ZC_CURVE_ED25519) {
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
    zc_signature made = {0};
    zc_library_sodium();
    crypto_sign_detached(made.byte, NULL, message.data, message.len, signer->expanded.byte);
    zc_ct_public(made.byte, sizeof made.byte); /* it is the signature */
    if (!zc_ok(zc_verify_ed25519(signer->pubkey.byte, message, made.byte))) {
        zc_wipe(&made, sizeof made);
        return zc_fail(ZC_CRYPTO_FAULT);
    }
    *ret_signature = made;
    return ZC_OK;
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
