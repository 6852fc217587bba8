/* A signature with a deterministic nonce computed again before it leaves: internal to this module.
 *
 * Two signatures with one nonce, of which one is faulty, give the private key away: it is enough to
 * upset one multiplication once (Boneh, DeMillo, Lipton 1997; for Ed25519 Romailler and Pelissier
 * 2017). So nothing is released unless a second computation arrives at the same bytes.
 *
 * The fault caught is any single one, passing or lasting, in a number that is stored or computed,
 * between the private key and the signature. To that end the two computations share nothing but the
 * message (whose every change also changes the nonce) and this code's instructions:
 *
 *   the key        is kept twice in the signer, in different forms or places, and each reads its
 * own the nonce      is derived twice its point      is computed from k first and from −k then:
 * other digits, other table entries, and still the same x-coordinate, so that even a lasting fault
 * in a table shows the equation   s = k⁻¹(z + r·d) first, s·k = z + r·d then, without an inverse
 * (P-256)
 *
 * This costs one multiplication of the base point where verifying costs three to four times that.
 * Not caught are two faults that fit each other, and one that jumps over the comparison. */
#ifndef ZC_CRYPTO_RECHECK_H
#define ZC_CRYPTO_RECHECK_H

#include "base/slice.h"
#include "crypto/modulus.h"
#include "crypto/signer.h"

/* The second form of an ECDSA key, for the signer's `expanded`. */
void zc_recheck_prepare(const zc_modulus *order, const zc_secret32 *private_key,
                        zc_secret64 *ret_expanded);

/* Whether the signature is the deterministic one. Errors: ZC_CRYPTO_FAULT, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_recheck_p256(const zc_signer *signer, const uint8_t digest[static 32],
                                      const zc_signature *signature);
ZC_MUST_USE zc_result zc_recheck_secp256k1(const zc_signer *signer, const uint8_t digest[static 32],
                                           const zc_signature *signature);
ZC_MUST_USE zc_result zc_recheck_ed25519(const zc_signer *signer, zc_slice message,
                                         const zc_signature *signature);

#endif
