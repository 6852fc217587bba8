/* Bitcoin's compositions of hashes: double SHA-256, RIPEMD-160 over SHA-256, and tagged SHA-256
 * (BIP-340). For public data. */
#ifndef ZC_CRYPTO_HASH160_H
#define ZC_CRYPTO_HASH160_H

#include "base/slice.h"
#include "crypto/hash.h"

/* SHA-256 of SHA-256. */
void zc_hash256(zc_slice data, uint8_t ret_hash[static 32]);
/* The second round for a context that has seen everything; wipes it. */
void zc_hash256_final(zc_sha256_ctx *ctx, uint8_t ret_hash[static 32]);
/* RIPEMD-160 of SHA-256. */
void zc_hash160(zc_slice data, uint8_t ret_hash[static 20]);
/* A context that has seen SHA-256(tag) twice. */
void zc_tagged_hash_init(zc_sha256_ctx *ctx, const char *tag);

#endif
