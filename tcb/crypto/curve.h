/* The three curves that keys live on, and their public keys. Public data: variable-time. */
#ifndef ZC_CRYPTO_CURVE_H
#define ZC_CRYPTO_CURVE_H

#include "base/slice.h"
#include "crypto/reasons.h"

/* The numbers are part of sealed keys, log entries and messages: never renumber. */
typedef enum zc_curve {
    ZC_CURVE_SECP256K1 = 1,
    ZC_CURVE_P256 = 2,
    ZC_CURVE_ED25519 = 3,
} zc_curve;

/* In the one form that this module hands out: 04 ‖ x ‖ y (SEC 1, 65 bytes) on the Weierstrass
 * curves, RFC 8032's 32 bytes on Ed25519. Whoever has one from this module holds a valid point. */
typedef struct zc_pubkey {
    zc_curve curve;
    uint8_t len;
    uint8_t byte[65];
} zc_pubkey;

bool zc_curve_is_known(uint64_t number);
/* "secp256k1", "p256", "ed25519"; NULL for another number. */
const char *zc_curve_name(zc_curve curve);

static inline zc_slice zc_pubkey_slice(const zc_pubkey *key)
{
    return zc_slice_of(key->byte, key->len);
}

bool zc_pubkey_eq(const zc_pubkey *a, const zc_pubkey *b);

/* Takes 33 or 65 bytes (SEC 1, compressed or not; never the hybrid form) or 32 for Ed25519. The
 * point is on the curve, not the identity, and on Ed25519 canonical and in the prime-order group.
 * Errors: ZC_CRYPTO_BAD_PUBLIC_KEY, ZC_CRYPTO_WRONG_CURVE for an unknown curve. */
ZC_MUST_USE zc_result zc_pubkey_parse(zc_curve curve, zc_slice bytes, zc_pubkey *ret_key);
/* 02/03 ‖ x. ZC_CRYPTO_WRONG_CURVE for Ed25519. */
ZC_MUST_USE zc_result zc_pubkey_compress(const zc_pubkey *key, uint8_t ret_bytes[static 33]);

#endif
