#include "crypto/verify.h"

#include <secp256k1_recovery.h>
#include <sodium.h>

#include "crypto/der.h"
#include "crypto/library.h"
#include "crypto/modulus.h"
#include "crypto/verify_openssl.h"

static zc_result verify_secp256k1(const zc_pubkey *key, const uint8_t digest[static 32],
                                  const uint8_t sig[static 64])
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_pubkey point;
    secp256k1_ecdsa_signature parsed;
    if (secp256k1_ec_pubkey_parse(ctx, &point, key->byte, key->len) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    if (secp256k1_ecdsa_signature_parse_compact(ctx, &parsed, sig) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    /* The library refuses high s; whether to is our caller's choice. */
    secp256k1_ecdsa_signature_normalize(ctx, &parsed, &parsed);
    return secp256k1_ecdsa_verify(ctx, &parsed, digest, &point) == 1
               ? ZC_OK
               : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}

zc_result zc_verify_digest(const zc_pubkey *key, const uint8_t digest[static 32],
                           const uint8_t sig[static 64])
{
    switch (key->curve) {
    case ZC_CURVE_SECP256K1:
        return verify_secp256k1(key, digest, sig);
    case ZC_CURVE_P256:
        return zc_verify_openssl(zc_library_p256(), zc_pubkey_slice(key), zc_slice_of(digest, 32),
                                 sig);
    default:
        return zc_fail(ZC_CRYPTO_WRONG_CURVE);
    }
}

zc_result zc_verify_digest_der(const zc_pubkey *key, const uint8_t digest[static 32], zc_slice der)
{
    uint8_t sig[64];
    if (!zc_ok(zc_der_read_signature(der, 32, sig))) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    return zc_verify_digest(key, digest, sig);
}

bool zc_signature_is_low_s(zc_curve curve, const uint8_t sig[static 64])
{
    if (curve == ZC_CURVE_ED25519) {
        return true;
    }
    const zc_modulus *order = curve == ZC_CURVE_P256 ? &zc_p256_order : &zc_secp256k1_order;
    zc_scalar s;
    zc_scalar other;
    uint8_t other_bytes[32];
    zc_scalar_from_be(sig + 32, &s);
    zc_scalar_negate(order, &s, &other);
    zc_scalar_to_be(&other, other_bytes);
    return memcmp(sig + 32, other_bytes, sizeof other_bytes) <= 0;
}

zc_result zc_verify_ed25519(const uint8_t pub[static 32], zc_slice message,
                            const uint8_t sig[static 64])
{
    zc_library_sodium();
    return crypto_sign_verify_detached(sig, message.data, message.len, pub) == 0
               ? ZC_OK
               : zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
}

zc_result zc_recover_secp256k1(const uint8_t digest[static 32], const zc_signature *signature,
                               zc_pubkey *ret_key)
{
    const secp256k1_context *ctx = zc_library_secp256k1();
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey point;
    if (signature->recovery > 3 ||
        secp256k1_ecdsa_recoverable_signature_parse_compact(ctx, &parsed, signature->byte,
                                                            signature->recovery) != 1 ||
        secp256k1_ecdsa_recover(ctx, &point, &parsed, digest) != 1) {
        return zc_fail(ZC_CRYPTO_BAD_SIGNATURE);
    }
    zc_pubkey key = {.curve = ZC_CURVE_SECP256K1, .len = 65};
    size_t len = sizeof key.byte;
    secp256k1_ec_pubkey_serialize(ctx, key.byte, &len, &point, SECP256K1_EC_UNCOMPRESSED);
    *ret_key = key;
    return ZC_OK;
}
