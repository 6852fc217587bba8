/* ECDSA on P-256 with a given nonce: internal to this module.
 *
 * k·G is OpenSSL's (constant-time assembly). Everything modulo the order is ours: OpenSSL's way to
 * k⁻¹ alone costs a third of a signature. All of it is constant-time, but for what OpenSSL's number
 * type does with the leading zero words of a scalar (tests/ctime/third_party.supp). */
#ifndef ZC_CRYPTO_P256_H
#define ZC_CRYPTO_P256_H

#include "crypto/modulus.h"
#include "crypto/reasons.h"

/* 04 ‖ x ‖ y of the key. The scalar is in 1 … n − 1. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_public(const zc_secret32 *private_key, uint8_t ret_point[static 65]);

/* r: the x-coordinate of nonce · G, modulo the order; declassified, as half of a signature. The
 * nonce is in 1 … n − 1. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_nonce_point(const zc_secret32 *nonce, zc_scalar *ret_r);
/* r ‖ s for a private key and a nonce in 1 … n − 1. Falls back to zc_p256_sign_plain when the
 * inverse of the nonce does not check. Errors: ZC_CRYPTO_UNUSABLE_NONCE when r or s is zero,
 * ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_p256_sign(const zc_secret32 *private_key, const zc_secret32 *nonce,
                                   const uint8_t digest[static 32], uint8_t ret_sig[static 64]);
/* The same by OpenSSL's arithmetic alone, which is slower. */
ZC_MUST_USE zc_result zc_p256_sign_plain(const zc_secret32 *private_key, const zc_secret32 *nonce,
                                         const uint8_t digest[static 32],
                                         uint8_t ret_sig[static 64]);

#endif
