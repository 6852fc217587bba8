/* HMAC (RFC 2104) with SHA-256 and SHA-512.
 *
 * Keys are secret; time depends on lengths alone. Compare a received tag with zc_ct_eq(). Nothing
 * is allocated and nothing can fail. */
#ifndef ZC_CRYPTO_HMAC_H
#define ZC_CRYPTO_HMAC_H

#include "crypto/hash.h"

/* A key with its two padded blocks already hashed: each tag then costs two compressions less.
 * Secret; the caller clears it. */
typedef struct zc_hmac_key {
    zc_sha256_ctx inner;
    zc_sha256_ctx outer;
} zc_hmac_key;

/* A key longer than a block (64 bytes) is hashed first, as the RFC says. */
void zc_hmac_sha256_key_init(zc_hmac_key *key, const uint8_t *bytes, size_t len);
void zc_hmac_sha256(const zc_hmac_key *key, zc_slice data, uint8_t ret_tag[static 32]);
/* The tag of `a` followed by `b`. */
void zc_hmac_sha256_2(const zc_hmac_key *key, zc_slice a, zc_slice b, uint8_t ret_tag[static 32]);
void zc_hmac_sha256_key_clear(zc_hmac_key *key);

void zc_hmac_sha256_once(const uint8_t *key, size_t key_len, zc_slice data,
                         uint8_t ret_tag[static 32]);
void zc_hmac_sha512_once(const uint8_t *key, size_t key_len, zc_slice data,
                         uint8_t ret_tag[static 64]);

#endif
