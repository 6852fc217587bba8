/* AES-256-GCM (NIST SP 800-38D) with 12-byte nonces and 16-byte tags.
 *
 * The key schedule is made once in _init; sealing and opening allocate nothing. A nonce may be used
 * once per key: the caller counts. `ret` may be the input itself (in place) or not overlap it at
 * all. Time depends on lengths alone. One context serves one thread. */
#ifndef ZC_CRYPTO_AEAD_H
#define ZC_CRYPTO_AEAD_H

#include "base/secret.h"
#include "base/slice.h"
#include "crypto/reasons.h"

/* The longest text of one call. */
#define ZC_AEAD_MAX_TEXT ((size_t)1 << 30)

typedef struct zc_aead {
    void *ctx; /* OpenSSL's, with the expanded key */
} zc_aead;

/* The caller clears it. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_aead_init(zc_aead *aead, const zc_secret32 *key);
/* Wipes the expanded key and frees. May be called on {0} and twice. */
void zc_aead_clear(zc_aead *aead);

/* Writes `len` bytes of ciphertext and the tag. Errors: ZC_CRYPTO_TOO_LONG, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_aead_seal(zc_aead *aead, const uint8_t nonce[static 12], zc_slice aad,
                                   const uint8_t *plain, size_t len, uint8_t *ret_cipher,
                                   uint8_t ret_tag[static 16]);
/* Writes `len` bytes of plaintext only if the tag fits; otherwise `ret_plain` is all zeros (the one
 * exception to "untouched on failure": unauthenticated plaintext must not remain) and the result is
 * ZC_CRYPTO_BAD_TAG. */
ZC_MUST_USE zc_result zc_aead_open(zc_aead *aead, const uint8_t nonce[static 12], zc_slice aad,
                                   const uint8_t *cipher, size_t len, const uint8_t tag[static 16],
                                   uint8_t *ret_plain);

#endif
