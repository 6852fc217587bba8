/* BIP-340 Schnorr signatures, and taproot's output keys (BIP-341), by libsecp256k1.
 *
 * A secp256k1 zc_signer signs ECDSA and this. The nonces come from different derivations, so one
 * key may do both. Nonces are hedged by `aux` as BIP-340 says, and every signature is verified
 * against the stored public key before it leaves: a fault shows, whichever it is. */
#ifndef ZC_CRYPTO_SCHNORR_H
#define ZC_CRYPTO_SCHNORR_H

#include "crypto/signer.h"

/* Which key signs: the signer's own, or the output key that it is the internal key of. */
typedef enum zc_schnorr_tweak {
    ZC_SCHNORR_PLAIN = 0,   /* BIP-340 as it stands */
    ZC_SCHNORR_TAPROOT = 1, /* BIP-341's key path; without a merkle root that is BIP-86's */
} zc_schnorr_tweak;

/* The x-coordinate by which BIP-340 knows a secp256k1 key. ZC_CRYPTO_WRONG_CURVE for others. */
ZC_MUST_USE zc_result zc_schnorr_pubkey(const zc_pubkey *key, uint8_t ret_x[static 32]);

/* The output key for an internal key and the root of its script tree, NULL for a tree without
 * scripts; `ret_parity` is 1 when the output point's y is odd. Public data: variable-time.
 * Errors: ZC_CRYPTO_WRONG_CURVE; ZC_CRYPTO_BAD_PUBLIC_KEY, for one root in 2^128. */
ZC_MUST_USE zc_result zc_taproot_output_key(const zc_pubkey *internal, const uint8_t *merkle_root,
                                            uint8_t ret_key[static 32], uint8_t *ret_parity);

/* Signs a message, which for Bitcoin is the 32-byte sighash. `aux` is 32 bytes never used before;
 * with constant bytes the signature is deterministic, and as safe because it is verified.
 * `merkle_root` has 32 bytes or is NULL; it is looked at for ZC_SCHNORR_TAPROOT alone. Time depends
 * on the message's length and on what is public. The recovery number is 0.
 * Errors: ZC_CRYPTO_WRONG_CURVE, ZC_CRYPTO_FAULT, ZC_CRYPTO_BAD_PUBLIC_KEY as above,
 * ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_schnorr_sign(const zc_signer *signer, const uint8_t aux[static 32],
                                      zc_slice message, zc_schnorr_tweak tweak,
                                      const uint8_t *merkle_root, zc_signature *ret_signature);

/* `x` is an x-only key: the signer's, or an output key. Public data: variable-time.
 * Errors: ZC_CRYPTO_BAD_PUBLIC_KEY (no point has this x), ZC_CRYPTO_BAD_SIGNATURE. */
ZC_MUST_USE zc_result zc_schnorr_verify(const uint8_t x[static 32], zc_slice message,
                                        const uint8_t sig[static 64]);

#endif
