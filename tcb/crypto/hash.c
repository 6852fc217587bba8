#include "crypto/hash.h"

#include "base/secret.h"

/* The low-level SHA-2 calls report no failure that can occur: their return value is constant. */

void zc_sha256(zc_slice data, uint8_t ret_hash[static 32])
{
    zc_sha256_ctx ctx;
    zc_sha256_init(&ctx);
    zc_sha256_update(&ctx, data);
    zc_sha256_final(&ctx, ret_hash);
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
