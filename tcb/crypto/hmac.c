#include "crypto/hmac.h"

#include "base/secret.h"

enum { SHA256_BLOCK = 64, SHA512_BLOCK = 128, INNER_PAD = 0x36, OUTER_PAD = 0x5c };

static void turn_pad(uint8_t *block, size_t len, uint8_t by)
{
    for (size_t i = 0; i < len; i++) {
        block[i] ^= by;
    }
}

void zc_hmac_sha256_key_init(zc_hmac_key *key, const uint8_t *bytes, size_t len)
{
    uint8_t block[SHA256_BLOCK] = {0};
    if (len > sizeof block) {
        zc_sha256(zc_slice_of(bytes, len), block);
    } else if (len > 0) {
        memcpy(block, bytes, len);
    }
    turn_pad(block, sizeof block, INNER_PAD);
    zc_sha256_init(&key->inner);
    zc_sha256_update(&key->inner, ZC_SLICE_OF_ARRAY(block));
    turn_pad(block, sizeof block, INNER_PAD ^ OUTER_PAD);
    zc_sha256_init(&key->outer);
    zc_sha256_update(&key->outer, ZC_SLICE_OF_ARRAY(block));
    zc_wipe(block, sizeof block);
}

void zc_hmac_sha256(const zc_hmac_key *key, zc_slice data, uint8_t ret_tag[static 32])
{
    zc_hmac_sha256_2(key, data, zc_slice_of(NULL, 0), ret_tag);
}

void zc_hmac_sha256_2(const zc_hmac_key *key, zc_slice a, zc_slice b, uint8_t ret_tag[static 32])
{
    uint8_t inner[32];
    zc_sha256_ctx ctx = key->inner;
    zc_sha256_update(&ctx, a);
    zc_sha256_update(&ctx, b);
    zc_sha256_final(&ctx, inner);
    ctx = key->outer;
    zc_sha256_update(&ctx, ZC_SLICE_OF_ARRAY(inner));
    zc_sha256_final(&ctx, ret_tag);
    zc_wipe(inner, sizeof inner);
}

void zc_hmac_sha256_key_clear(zc_hmac_key *key)
{
    zc_wipe(key, sizeof *key);
}

void zc_hmac_sha256_once(const uint8_t *key, size_t key_len, zc_slice data,
                         uint8_t ret_tag[static 32])
{
    zc_hmac_key prepared;
    zc_hmac_sha256_key_init(&prepared, key, key_len);
    zc_hmac_sha256(&prepared, data, ret_tag);
    zc_hmac_sha256_key_clear(&prepared);
}

/* One of HMAC's two passes: the hash of the padded key and the text. */
static void sha512_pass(const uint8_t block[static SHA512_BLOCK], zc_slice data,
                        uint8_t ret_hash[static 64])
{
    SHA512_CTX state;
    SHA512_Init(&state);
    SHA512_Update(&state, block, SHA512_BLOCK);
    if (data.len > 0) {
        SHA512_Update(&state, data.data, data.len);
    }
    SHA512_Final(ret_hash, &state);
    zc_wipe(&state, sizeof state);
}

void zc_hmac_sha512_once(const uint8_t *key, size_t key_len, zc_slice data,
                         uint8_t ret_tag[static 64])
{
    uint8_t block[SHA512_BLOCK] = {0};
    uint8_t inner[64];
    if (key_len > sizeof block) {
        zc_sha512(zc_slice_of(key, key_len), block);
    } else if (key_len > 0) {
        memcpy(block, key, key_len);
    }
    turn_pad(block, sizeof block, INNER_PAD);
    sha512_pass(block, data, inner);
    turn_pad(block, sizeof block, INNER_PAD ^ OUTER_PAD);
    sha512_pass(block, ZC_SLICE_OF_ARRAY(inner), ret_tag);
    zc_wipe(block, sizeof block);
    zc_wipe(inner, sizeof inner);
}
