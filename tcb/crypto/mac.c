#include "crypto/mac.h"

#include "base/ct.h"
#include "crypto/hmac.h"

enum { SHA256_BLOCK = 64, SHA512_BLOCK = 128, INNER_PAD = 0x36, OUTER_PAD = 0x5c };

void zc_mac_secret_wipe(zc_mac_secret *secret)
{
    zc_wipe(secret, sizeof *secret);
}

static bool has_valid_length(const zc_mac_secret *secret)
{
    return secret->len > 0 && secret->len <= ZC_MAC_MAX_SECRET;
}

static void turn_pad(uint8_t *block, size_t len, uint8_t by)
{
    for (size_t i = 0; i < len; i++) {
        block[i] ^= by;
    }
}

static void prepare_sha256(zc_mac_key *key, const zc_mac_secret *secret)
{
    uint8_t block[SHA256_BLOCK] = {0};
    if (secret->len > sizeof block) {
        zc_sha256(zc_slice_of(secret->byte, secret->len), block);
    } else {
        memcpy(block, secret->byte, secret->len);
    }
    turn_pad(block, sizeof block, INNER_PAD);
    SHA256_Init(&key->prepared.sha256.inner);
    SHA256_Update(&key->prepared.sha256.inner, block, sizeof block);
    turn_pad(block, sizeof block, INNER_PAD ^ OUTER_PAD);
    SHA256_Init(&key->prepared.sha256.outer);
    SHA256_Update(&key->prepared.sha256.outer, block, sizeof block);
    zc_wipe(block, sizeof block);
}

/* SHA-384 is SHA-512 from another start and cut short. */
static void start_sha512(zc_key_kind kind, SHA512_CTX *state)
{
    if (kind == ZC_KEY_KIND_HMAC_SHA384) {
        SHA384_Init(state);
    } else {
        SHA512_Init(state);
    }
}

static void prepare_sha512(zc_mac_key *key, const zc_mac_secret *secret)
{
    uint8_t block[SHA512_BLOCK] = {0};
    zc_slice bytes = zc_slice_of(secret->byte, secret->len);
    if (secret->len <= sizeof block) {
        memcpy(block, secret->byte, secret->len);
    } else if (key->kind == ZC_KEY_KIND_HMAC_SHA384) {
        zc_sha384(bytes, block);
    } else {
        zc_sha512(bytes, block);
    }
    turn_pad(block, sizeof block, INNER_PAD);
    start_sha512(key->kind, &key->prepared.sha512.inner);
    SHA512_Update(&key->prepared.sha512.inner, block, sizeof block);
    turn_pad(block, sizeof block, INNER_PAD ^ OUTER_PAD);
    start_sha512(key->kind, &key->prepared.sha512.outer);
    SHA512_Update(&key->prepared.sha512.outer, block, sizeof block);
    zc_wipe(block, sizeof block);
}

zc_result zc_mac_key_init(zc_mac_key *key, zc_key_kind kind, const zc_mac_secret *secret)
{
    if (!zc_key_kind_is_mac(kind)) {
        return zc_fail(ZC_CRYPTO_UNKNOWN_SCHEME);
    }
    if (!has_valid_length(secret)) {
        return zc_fail(ZC_CRYPTO_BAD_SECRET_LENGTH);
    }
    /* Whatever the kind leaves unused is zero. */
    memset(key, 0, sizeof *key);
    key->kind = kind;
    if (kind == ZC_KEY_KIND_HMAC_SHA256) {
        prepare_sha256(key, secret);
    } else {
        prepare_sha512(key, secret);
    }
    return ZC_OK;
}

void zc_mac_key_clear(zc_mac_key *key)
{
    zc_wipe(key, sizeof *key);
}

size_t zc_mac_tag_len(zc_key_kind kind)
{
    switch (kind) {
    case ZC_KEY_KIND_HMAC_SHA256:
        return 32;
    case ZC_KEY_KIND_HMAC_SHA384:
        return 48;
    case ZC_KEY_KIND_HMAC_SHA512:
        return 64;
    default:
        return 0;
    }
}

static void sign_sha256(const zc_mac_key *key, zc_slice message, uint8_t *ret_tag)
{
    uint8_t inner[32];
    SHA256_CTX state = key->prepared.sha256.inner;
    if (message.len > 0) {
        SHA256_Update(&state, message.data, message.len);
    }
    SHA256_Final(inner, &state);
    state = key->prepared.sha256.outer;
    SHA256_Update(&state, inner, sizeof inner);
    SHA256_Final(ret_tag, &state);
    zc_wipe(&state, sizeof state);
    zc_wipe(inner, sizeof inner);
}

/* The states know which of the two hashes they are. */
static void sign_sha512(const zc_mac_key *key, zc_slice message, size_t len, uint8_t *ret_tag)
{
    uint8_t inner[64];
    SHA512_CTX state = key->prepared.sha512.inner;
    if (message.len > 0) {
        SHA512_Update(&state, message.data, message.len);
    }
    SHA512_Final(inner, &state);
    state = key->prepared.sha512.outer;
    SHA512_Update(&state, inner, len);
    SHA512_Final(ret_tag, &state);
    zc_wipe(&state, sizeof state);
    zc_wipe(inner, sizeof inner);
}

zc_result zc_mac_sign(const zc_mac_key *key, zc_slice message,
                      uint8_t ret_tag[static ZC_MAC_MAX_TAG], size_t *ret_len)
{
    const size_t len = zc_mac_tag_len(key->kind);
    if (len == 0) {
        return zc_fail(ZC_CRYPTO_UNKNOWN_SCHEME);
    }
    if (key->kind == ZC_KEY_KIND_HMAC_SHA256) {
        sign_sha256(key, message, ret_tag);
    } else {
        sign_sha512(key, message, len, ret_tag);
    }
    zc_ct_public(ret_tag, len); /* it goes to the venue */
    *ret_len = len;
    return ZC_OK;
}

zc_result zc_mac_identity(const zc_mac_secret *secret, uint8_t ret_identity[static 32])
{
    uint8_t tag[64];
    if (!has_valid_length(secret)) {
        return zc_fail(ZC_CRYPTO_BAD_SECRET_LENGTH);
    }
    zc_hmac_sha512_once(secret->byte, secret->len, zc_slice_of_text("zerocopy: which API secret"),
                        tag);
    /* Hashed once more, so that it is no HMAC of anything. */
    zc_sha256(ZC_SLICE_OF_ARRAY(tag), ret_identity);
    zc_ct_public(ret_identity, 32); /* it names the key in records and in the log */
    zc_wipe(tag, sizeof tag);
    return ZC_OK;
}
