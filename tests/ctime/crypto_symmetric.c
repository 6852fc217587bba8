/* Hashes, MACs, key derivation, encryption, the generator and sealed boxes with secret keys and
 * secret contents. */
#include <string.h>

#include "base/ct.h"
#include "crypto/aead.h"
#include "crypto/box.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/random.h"

static const uint8_t nonce[12] = {1};

static void hashes(uint8_t *text, size_t len)
{
    uint8_t hash[64];
    zc_slice bytes = zc_slice_of(text, len);
    zc_hmac_key key;
    zc_sha256(bytes, hash);
    zc_sha384(bytes, hash);
    zc_sha512(bytes, hash);
    zc_keccak256(bytes, hash);
    zc_hmac_sha256_once(text, len, bytes, hash);
    zc_hmac_sha512_once(text, len, bytes, hash);
    zc_hmac_sha256_key_init(&key, text, 32);
    zc_hmac_sha256_2(&key, bytes, bytes, hash);
    zc_hmac_sha256_key_clear(&key);
}

static bool derive(const zc_secret32 *key)
{
    uint8_t made[100];
    zc_slice info = zc_slice_of_text("info");
    return zc_ok(zc_hkdf_sha256_secret(key, info, info, made, sizeof made)) &&
           zc_ok(zc_hkdf_sha512(ZC_SLICE_OF_ARRAY(key->byte), info, info, made, sizeof made));
}

static bool encrypt(const zc_secret32 *key, uint8_t *text, size_t len)
{
    zc_aead aead = {0};
    uint8_t tag[16];
    zc_slice aad = ZC_SLICE_OF_ARRAY(nonce);
    if (!zc_ok(zc_aead_init(&aead, key)) ||
        !zc_ok(zc_aead_seal(&aead, nonce, aad, text, len, text, tag))) {
        return false;
    }
    /* A ciphertext travels. */
    zc_ct_public(text, len);
    zc_ct_public(tag, sizeof tag);
    bool right = zc_ok(zc_aead_open(&aead, nonce, aad, text, len, tag, text));
    tag[0] ^= 1;
    right =
        right && zc_is(zc_aead_open(&aead, nonce, aad, text, len, tag, text), ZC_CRYPTO_BAD_TAG);
    zc_aead_clear(&aead);
    return right;
}

static bool boxes(const zc_secret32 *key, zc_drbg *drbg)
{
    uint8_t public[32], plain[32] = {6}, sealed[32 + ZC_BOX_OVERHEAD];
    zc_ct_secret(plain, sizeof plain);
    zc_x25519_public(key, public);
    zc_ct_public(public, sizeof public);
    if (!zc_ok(zc_box_seal(public, drbg, plain, sizeof plain, sealed))) {
        return false;
    }
    zc_ct_public(sealed, sizeof sealed);
    return zc_ok(zc_box_open(key, ZC_SLICE_OF_ARRAY(sealed), plain, sizeof plain));
}

int main(void)
{
    zc_secret32 key = {{4}};
    uint8_t text[300] = {5};
    zc_drbg drbg;
    zc_ct_secret(key.byte, sizeof key.byte);
    zc_ct_secret(text, sizeof text);
    zc_drbg_init(&drbg, key.byte);
    zc_drbg_reseed(&drbg, ZC_SLICE_OF_ARRAY(text));
    zc_drbg_bytes(&drbg, text, sizeof text);
    for (size_t len = 0; len <= sizeof text; len += 25) {
        hashes(text, len);
    }
    bool right = derive(&key) && encrypt(&key, text, sizeof text) && boxes(&key, &drbg);
    return right ? 0 : 1;
}
