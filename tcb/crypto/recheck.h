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
 * - The key is kept twice in the signer, in different forms or places, and each reads its own.
 * - The nonce is derived twice.
 * - Its point comes from k first and from −k then, which have the x-coordinate in common but hardly
 *   a digit: a lasting fault in the library's tables would have to fit too.
 * - P-256's s is k⁻¹(z + r·d) first, and then s·k = z + r·d is checked, without an inverse.
 * - Ed25519 hashes with libsodium first and with OpenSSL then.
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

/* Whether the signature is the one that the first nonce gives; one that took a second nonce, which
 * nobody will ever see, is refused. Errors: ZC_CRYPTO_FAULT, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_recheck_p256(const zc_signer *signer, const uint8_t digest[static 32],
                                      const zc_signature *signature);
ZC_MUST_USE zc_result zc_recheck_secp256k1(const zc_signer *signer, const uint8_t digest[static 32],
                                           const zc_signature *signature);
ZC_MUST_USE zc_result zc_recheck_ed25519(const zc_signer *signer, zc_slice message,
                                         const zc_signature *signature);

#endif
