/* SHA-2 (FIPS 180-4) and Keccak-256 as Ethereum uses it.
 *
 * These cannot fail and allocate nothing: SHA-2 is OpenSSL's low-level code, which takes the
 * processor's SHA instructions, Keccak is ours. Time depends on the length alone. A context that
 * has seen a secret is wiped by its _final, or by zc_wipe() when it is abandoned. */
#ifndef ZC_CRYPTO_HASH_H
#define ZC_CRYPTO_HASH_H

#include <openssl/sha.h>

#include "base/slice.h"

void zc_sha256(zc_slice data, uint8_t ret_hash[static 32]);
/* SHA-256 of public bytes, one part after the other: short ones in a single pass, and nothing is
 * wiped. */
void zc_sha256_public(const zc_slice *parts, size_t count, uint8_t ret_hash[static 32]);
/* SipHash-2-4 of public bytes, for tables: who does not know the key can't make bytes that collide.
 */
uint64_t zc_siphash(const uint8_t key[static 16], zc_slice data);
void zc_sha384(zc_slice data, uint8_t ret_hash[static 48]);
void zc_sha512(zc_slice data, uint8_t ret_hash[static 64]);
/* The original Keccak padding (0x01), not that of SHA3-256. */
void zc_keccak256(zc_slice data, uint8_t ret_hash[static 32]);

/* Hashing in pieces: init, any number of updates, final. A copy of the struct is a fork of the
 * computation. */
typedef struct zc_sha256_ctx {
    SHA256_CTX state;
} zc_sha256_ctx;

void zc_sha256_init(zc_sha256_ctx *ctx);
void zc_sha256_update(zc_sha256_ctx *ctx, zc_slice data);
/* Wipes the context. */
void zc_sha256_final(zc_sha256_ctx *ctx, uint8_t ret_hash[static 32]);

typedef struct zc_sha384_ctx {
    SHA512_CTX state;
} zc_sha384_ctx;

void zc_sha384_init(zc_sha384_ctx *ctx);
void zc_sha384_update(zc_sha384_ctx *ctx, zc_slice data);
void zc_sha384_final(zc_sha384_ctx *ctx, uint8_t ret_hash[static 48]);

#endif
