#include "crypto/hkdf.h"

#include "crypto/hmac.h"

typedef void (*hmac_function)(const uint8_t *key, size_t key_len, zc_slice data, uint8_t *ret_tag);

static void hmac256(const uint8_t *key, size_t key_len, zc_slice data, uint8_t *ret_tag)
{
    zc_hmac_sha256_once(key, key_len, data, ret_tag);
}

static void hmac512(const uint8_t *key, size_t key_len, zc_slice data, uint8_t *ret_tag)
{
    zc_hmac_sha512_once(key, key_len, data, ret_tag);
}

enum { MAX_HASH = 64, MAX_INFO = 1024 };

/* RFC 5869 §2.2 and §2.3 for a hash of `hash_len` bytes. */
static zc_result derive(hmac_function hmac, size_t hash_len, zc_slice ikm, zc_slice salt,
                        zc_slice info, uint8_t *ret_key, size_t len)
{
    if (len > 255 * hash_len || info.len > MAX_INFO) {
        return zc_fail(ZC_CRYPTO_TOO_LONG);
    }
    uint8_t extracted[MAX_HASH];
    /* T(i−1) ‖ info ‖ i, the T right-aligned so that the rest never moves. */
    uint8_t text[MAX_HASH + MAX_INFO + 1];
    uint8_t tag[MAX_HASH];
    hmac(salt.data, salt.len, ikm, extracted);
    if (info.len > 0) {
        memcpy(text + MAX_HASH, info.data, info.len);
    }
    size_t before = 0;
    uint8_t counter = 0;
    for (size_t done = 0; done < len;) {
        text[MAX_HASH + info.len] = ++counter;
        hmac(extracted, hash_len, zc_slice_of(text + MAX_HASH - before, before + info.len + 1),
             tag);
        size_t take = len - done < hash_len ? len - done : hash_len;
        memcpy(ret_key + done, tag, take);
        memcpy(text + MAX_HASH - hash_len, tag, hash_len);
        before = hash_len;
        done += take;
    }
    zc_wipe(extracted, sizeof extracted);
    zc_wipe(text, sizeof text);
    zc_wipe(tag, sizeof tag);
    return ZC_OK;
}

zc_result zc_hkdf_sha256(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key, size_t len)
{
    return derive(hmac256, 32, ikm, salt, info, ret_key, len);
}

zc_result zc_hkdf_sha512(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key, size_t len)
{
    return derive(hmac512, 64, ikm, salt, info, ret_key, len);
}

zc_result zc_hkdf_sha256_secret(const zc_secret32 *ikm, zc_slice salt, zc_slice info,
                                uint8_t *ret_key, size_t len)
{
    return zc_hkdf_sha256(ZC_SLICE_OF_ARRAY(ikm->byte), salt, info, ret_key, len);
}
