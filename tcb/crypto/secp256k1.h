/* ECDSA on secp256k1, by arithmetic of our own and by libsecp256k1 with nonces of ours: internal to
 * this module. The signatures are the same, those of libsecp256k1. */
#ifndef ZC_CRYPTO_SECP256K1_H
#define ZC_CRYPTO_SECP256K1_H

#include "base/slice.h"
#include "crypto/signer.h"

/* 04 ‖ x ‖ y of the key. The scalar is in 1 … n − 1. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_secp256k1_public(const zc_secret32 *private_key,
                                          uint8_t ret_point[static 65]);

/* Which of the two nonces that lead to one signature is used: k·G and −k·G have the same
 * x-coordinate, and low s takes the rest of the difference away. */
typedef enum zc_nonce_sign { ZC_NONCE_PLUS, ZC_NONCE_MINUS } zc_nonce_sign;

/* r ‖ s with low s, and the recovery number, for the nonce of RFC 6979 with `extra` as in
 * zc_rfc6979_nonce(). Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_secp256k1_sign(const zc_secret32 *private_key, zc_slice extra,
                                        zc_nonce_sign sign, const uint8_t digest[static 32],
                                        zc_signature *ret_signature);
/* The same by our own arithmetic, which takes half the time: for ZC_NONCE_PLUS. Falls back to
 * zc_secp256k1_sign() when that is not to be had, or something in it does not check. */
ZC_MUST_USE zc_result zc_secp256k1_sign_fast(const zc_secret32 *private_key, zc_slice extra,
                                             const uint8_t digest[static 32],
                                             zc_signature *ret_signature);

#endif
