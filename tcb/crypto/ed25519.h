/* Ed25519 in its parts (RFC 8032 §5.1.5 and §5.1.6): internal to this module.
 *
 * Hashing is OpenSSL's and arithmetic libsodium's, both constant-time. zc_library_sodium() comes
 * first. */
#ifndef ZC_CRYPTO_ED25519_H
#define ZC_CRYPTO_ED25519_H

#include "base/secret.h"
#include "base/slice.h"
#include "crypto/reasons.h"

/* The secret scalar modulo the group's order, and the prefix. */
void zc_ed25519_expand(const zc_secret32 *seed, zc_secret32 *ret_scalar, zc_secret32 *ret_prefix);
/* SHA-512(a ‖ b ‖ message) modulo the order. */
void zc_ed25519_hash(zc_slice a, zc_slice b, zc_slice message, uint8_t ret_scalar[static 32]);
/* R: the encoding of nonce · G. ZC_CRYPTO_FAULT for the nonce zero, which no hash gives. */
ZC_MUST_USE zc_result zc_ed25519_nonce_point(const zc_secret32 *nonce,
                                             uint8_t ret_point[static 32]);
/* S: nonce + SHA-512(R ‖ public key ‖ message) · scalar. Still secret: the caller declassifies it
 * once it may leave. */
void zc_ed25519_finish(const zc_secret32 *scalar, const zc_secret32 *nonce,
                       const uint8_t point[static 32], const uint8_t pub[static 32],
                       zc_slice message, uint8_t ret_s[static 32]);
/* R ‖ S with a nonce of prefix, fresh bytes and message together. The public key is the signer's
 * own, stored beside the seed: one that does not belong to it gives an invalid signature, and with
 * a nonce that is never used again no harm. Errors: ZC_CRYPTO_FAULT. */
ZC_MUST_USE zc_result zc_ed25519_sign_hedged(const zc_secret32 *seed, const uint8_t pub[static 32],
                                             const uint8_t fresh[static 32], zc_slice message,
                                             uint8_t ret_sig[static 64]);

#endif
