#include "crypto/rsa_encode.h"

#include <string.h>

#include "crypto/hash.h"

enum { HASH = 32, SALT = 32, TRAILER = 0xbc };

/* DigestInfo's beginning for SHA-256 (RFC 8017 §9.2, note 1). */
static const uint8_t digest_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

void zc_rsa_encode_pkcs1(const uint8_t hash[static 32], uint8_t *ret_block, size_t len)
{
    const size_t tail = sizeof digest_info + HASH;
    ret_block[0] = 0x00;
    ret_block[1] = 0x01;
    memset(ret_block + 2, 0xff, len - tail - 3);
    ret_block[len - tail - 1] = 0x00;
    memcpy(ret_block + len - tail, digest_info, sizeof digest_info);
    memcpy(ret_block + len - HASH, hash, HASH);
}

/* Adds MGF1's bytes for the seed to `len` bytes. */
static void mask(const uint8_t seed[static HASH], uint8_t *bytes, size_t len)
{
    uint8_t text[HASH + 4] = {0};
    uint8_t stream[HASH];
    memcpy(text, seed, HASH);
    for (size_t done = 0; done < len; done += HASH) {
        text[HASH + 3] = (uint8_t)(done / HASH); /* at most 512 / 32 */
        zc_sha256(ZC_SLICE_OF_ARRAY(text), stream);
        for (size_t i = 0; i < HASH && done + i < len; i++) {
            bytes[done + i] ^= stream[i];
        }
    }
}

/* H: the hash of eight zeros, the message's hash and the salt. */
static void hash_salted(const uint8_t hash[static HASH], const uint8_t salt[static SALT],
                        uint8_t ret_hash[static HASH])
{
    uint8_t text[8 + HASH + SALT] = {0};
    memcpy(text + 8, hash, HASH);
    memcpy(text + 8 + HASH, salt, SALT);
    zc_sha256(ZC_SLICE_OF_ARRAY(text), ret_hash);
}

void zc_rsa_encode_pss(const uint8_t hash[static 32], const uint8_t salt[static 32],
                       uint8_t *ret_block, size_t len)
{
    const size_t masked = len - HASH - 1;
    uint8_t *inner = ret_block + masked;
    memset(ret_block, 0, masked);
    ret_block[masked - SALT - 1] = 0x01;
    memcpy(ret_block + masked - SALT, salt, SALT);
    hash_salted(hash, salt, inner);
    mask(inner, ret_block, masked);
    ret_block[0] &= 0x7f; /* the number must be below the modulus */
    ret_block[len - 1] = TRAILER;
}

bool zc_rsa_check_pss(const uint8_t hash[static 32], uint8_t *block, size_t len)
{
    const size_t masked = len - HASH - 1;
    uint8_t expected[HASH];
    if (block[len - 1] != TRAILER || (block[0] & 0x80) != 0) {
        return false;
    }
    mask(block + masked, block, masked);
    block[0] &= 0x7f;
    for (size_t i = 0; i < masked - SALT - 1; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    hash_salted(hash, block + masked - SALT, expected);
    return block[masked - SALT - 1] == 0x01 && memcmp(expected, block + masked, HASH) == 0;
}
