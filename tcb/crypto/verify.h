/* Checking signatures. Public data: variable-time.
 *
 * Every failure to verify is ZC_CRYPTO_BAD_SIGNATURE, whatever the cause: r or s of zero or not
 * below the order, a malformed encoding, or simply another message. A key that is no point is
 * ZC_CRYPTO_BAD_PUBLIC_KEY. ZC_CRYPTO_LIBRARY: out of memory. */
#ifndef ZC_CRYPTO_VERIFY_H
#define ZC_CRYPTO_VERIFY_H

#include "crypto/curve.h"
#include "crypto/signer.h"

/* ECDSA on secp256k1 or P-256; high s is accepted (see zc_signature_is_low_s). `sig` is r ‖ s.
 * ZC_CRYPTO_WRONG_CURVE for an Ed25519 key. */
ZC_MUST_USE zc_result zc_verify_digest(const zc_pubkey *key, const uint8_t digest[static 32],
                                       const uint8_t sig[static 64]);
/* The same for a signature in strict DER (crypto/der.h). */
ZC_MUST_USE zc_result zc_verify_digest_der(const zc_pubkey *key, const uint8_t digest[static 32],
                                           zc_slice der);
/* Whether s is at most half the order: what Bitcoin and Ethereum demand. */
bool zc_signature_is_low_s(zc_curve curve, const uint8_t sig[static 64]);

/* Strict: refuses S not below the order, small-order or non-canonical public keys, small-order R.
 */
ZC_MUST_USE zc_result zc_verify_ed25519(const uint8_t pub[static 32], zc_slice message,
                                        const uint8_t sig[static 64]);

/* ECDSA on P-384 over a SHA-384 digest; `pub` is 04 ‖ x ‖ y. */
ZC_MUST_USE zc_result zc_verify_p384(const uint8_t pub[static 97],
                                     const uint8_t sha384_digest[static 48],
                                     const uint8_t sig[static 96]);
ZC_MUST_USE zc_result zc_verify_p384_der(const uint8_t pub[static 97],
                                         const uint8_t sha384_digest[static 48], zc_slice der);

/* The key that made a secp256k1 signature, from its recovery number. It proves nothing by itself:
 * some key comes out of nearly any signature; compare it. */
ZC_MUST_USE zc_result zc_recover_secp256k1(const uint8_t digest[static 32],
                                           const zc_signature *signature, zc_pubkey *ret_key);

#endif
