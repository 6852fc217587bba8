#include "crypto/hash.h"

#include <string.h>

#include <sodium.h>

#include "base/secret.h"

/* The low-level SHA-2 calls report no failure that can occur: their return value is constant. */

void zc_sha256(zc_slice data, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, data);
    zc_sha256_final(&ctx, ret_hash);
}

enum { SHA256_BLOCK = 64, SHA256_LENGTH = 8, ONE_PASS = 1024 };

/* Joins the parts and pads them (FIPS 180-4 §5.1.1). Returns the length of it all, or 0 when it is
 * too long. */
static size_t pad_parts(const zc_slice *parts, size_t count, uint8_t ret_blocks[static ONE_PASS])
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > ONE_PASS - SHA256_BLOCK - len) {
            return 0;
        }
        if (parts[i].len > 0) {
            memcpy(ret_blocks + len, parts[i].data, parts[i].len);
        }
        len += parts[i].len;
    }
    size_t whole = (len + SHA256_LENGTH) / SHA256_BLOCK * SHA256_BLOCK + SHA256_BLOCK;
    uint64_t bits = (uint64_t)len * 8;
    memset(ret_blocks + len, 0, whole - len);
    ret_blocks[len] = 0x80;
    for (size_t i = 0; i < SHA256_LENGTH; i++) {
        ret_blocks[whole - 1 - i] = (uint8_t)(bits >> (8 * i));
    }
    return whole;
}

static void hash_parts(const zc_slice *parts, size_t count, uint8_t ret_hash[static 32])
{
    SHA256_CTX state;
    SHA256_Init(&state);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0) {
            SHA256_Update(&state, parts[i].data, parts[i].len);
        }
    }
    SHA256_Final(ret_hash, &state);
}

void zc_sha256_public(const zc_slice *parts, size_t count, uint8_t ret_hash[static 32])
{
    SHA256_CTX state;
    uint8_t blocks[ONE_PASS];
    size_t whole = pad_parts(parts, count, blocks);
    if (whole == 0) {
        hash_parts(parts, count, ret_hash);
        return;
    }
    SHA256_Init(&state);
    SHA256_Update(&state, blocks, whole);
    for (size_t i = 0; i < 32; i++) {
        ret_hash[i] = (uint8_t)(state.h[i / 4] >> (24 - 8 * (i % 4)));
    }
}

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t) && crypto_shorthash_KEYBYTES == 16,
               "libsodium's short hash is SipHash-2-4");

uint64_t zc_siphash(const uint8_t key[static 16], zc_slice data)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t word;
    crypto_shorthash(hash, data.data, data.len, key);
    memcpy(&word, hash, sizeof word);
    return word;
}

void zc_sha384(zc_slice data, uint8_t ret_hash[static 48])
{
    zc_sha384_ctx ctx;
    zc_sha384_init(&ctx);
    zc_sha384_update(&ctx, data);
    zc_sha384_final(&ctx, ret_hash);
}

void zc_sha512(zc_slice data, uint8_t ret_hash[static 64])
{
    SHA512_CTX state;
    SHA512_Init(&state);
    if (data.len > 0) {
        SHA512_Update(&state, data.data, data.len);
    }
    SHA512_Final(ret_hash, &state);
    zc_wipe(&state, sizeof state);
}

void zc_sha256_init(zc_sha256_ctx *ctx)
{
    SHA256_Init(&ctx->state);
}

void zc_sha256_update(zc_sha256_ctx *ctx, zc_slice data)
{
    if (data.len > 0) {
        SHA256_Update(&ctx->state, data.data, data.len);
    }
}

void zc_sha256_final(zc_sha256_ctx *ctx, uint8_t ret_hash[static 32])
{
    SHA256_Final(ret_hash, &ctx->state);
    zc_wipe(ctx, sizeof *ctx);
}

void zc_sha384_init(zc_sha384_ctx *ctx)
{
    SHA384_Init(&ctx->state);
}

void zc_sha384_update(zc_sha384_ctx *ctx, zc_slice data)
{
    if (data.len > 0) {
        SHA384_Update(&ctx->state, data.data, data.len);
    }
}

void zc_sha384_final(zc_sha384_ctx *ctx, uint8_t ret_hash[static 48])
{
    SHA384_Final(ret_hash, &ctx->state);
    zc_wipe(ctx, sizeof *ctx);
}
