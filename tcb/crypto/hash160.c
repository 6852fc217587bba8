#include "crypto/hash160.h"

#include "crypto/ripemd160.h"

void zc_hash256(zc_slice data, uint8_t ret_hash[static 32])
{
    uint8_t first[32];
    zc_sha256(data, first);
    zc_sha256(ZC_SLICE_OF_ARRAY(first), ret_hash);
}

void zc_hash256_final(zc_sha256_ctx *ctx, uint8_t ret_hash[static 32])
{
    uint8_t first[32];
    zc_sha256_final(ctx, first);
    zc_sha256(ZC_SLICE_OF_ARRAY(first), ret_hash);
}

void zc_hash160(zc_slice data, uint8_t ret_hash[static 20])
{
    uint8_t first[32];
    zc_sha256(data, first);
    zc_ripemd160(ZC_SLICE_OF_ARRAY(first), ret_hash);
}

void zc_tagged_hash_init(zc_sha256_ctx *ctx, const char *tag)
{
    uint8_t hash[32];
    zc_sha256(zc_slice_of_text(tag), hash);
    zc_sha256_init(ctx);
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(hash));
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(hash));
}
