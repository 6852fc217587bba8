/* A sealed box to an X25519 key: how a private key travels into the enclave.
 *
 * Layout: ephemeral public key (32) ‖ ciphertext ‖ tag (16). The AES-256-GCM key is
 * HKDF-SHA256(ikm = shared secret, salt = ephemeral ‖ recipient, info = "zcp import"); it serves
 * one message, so the nonce is zero. It authenticates nobody: whoever knows the public key may
 * seal. */
#ifndef ZC_CRYPTO_BOX_H
#define ZC_CRYPTO_BOX_H

#include "base/secret.h"
#include "crypto/random.h"
#include "crypto/reasons.h"

#define ZC_BOX_OVERHEAD 48
#define ZC_BOX_MAX_PLAIN 65536

/* RFC 7748 §6.1. */
void zc_x25519_public(const zc_secret32 *private_key, uint8_t ret_public[static 32]);
/* ZC_CRYPTO_BAD_PUBLIC_KEY for a peer of small order, whose shared secret would be known to all. */
ZC_MUST_USE zc_result zc_x25519(const zc_secret32 *private_key, const uint8_t peer[static 32],
                                zc_secret32 *ret_shared);

/* Writes len + ZC_BOX_OVERHEAD bytes; `ret_sealed` must not overlap `plain`.
 * Errors: ZC_CRYPTO_BAD_PUBLIC_KEY, ZC_CRYPTO_BAD_SEALED_BOX (len over the limit). */
ZC_MUST_USE zc_result zc_box_seal(const uint8_t recipient[static 32], zc_drbg *drbg,
                                  const uint8_t *plain, size_t len, uint8_t *ret_sealed);
/* Opens a box of exactly len + ZC_BOX_OVERHEAD bytes. `ret_plain` is secret, must not overlap
 * `sealed`, and is zeroed when the box does not open. Errors: ZC_CRYPTO_BAD_SEALED_BOX,
 * ZC_CRYPTO_BAD_PUBLIC_KEY, ZC_CRYPTO_BAD_TAG. */
ZC_MUST_USE zc_result zc_box_open(const zc_secret32 *private_key, zc_slice sealed,
                                  uint8_t *ret_plain, size_t len);

#endif
