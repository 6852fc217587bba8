#include "crypto/aead.h"

#include <openssl/evp.h>

enum { NONCE_LEN = 12, TAG_LEN = 16 };

zc_result zc_aead_init(zc_aead *aead, const zc_secret32 *key)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL || EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->byte, NULL) != 1) {
        EVP_CIPHER_CTX_free(ctx);
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    aead->ctx = ctx;
    return ZC_OK;
}

void zc_aead_clear(zc_aead *aead)
{
    EVP_CIPHER_CTX_free(aead->ctx);
    aead->ctx = NULL;
}

/* Starts a message under the key already in the context: no fetch, no key schedule. */
static bool start(zc_aead *aead, int encrypt, const uint8_t nonce[static NONCE_LEN], zc_slice aad)
{
    int len = 0;
    return EVP_CipherInit_ex(aead->ctx, NULL, NULL, NULL, nonce, encrypt) == 1 &&
           (aad.len == 0 || EVP_CipherUpdate(aead->ctx, NULL, &len, aad.data, (int)aad.len) == 1);
}

static bool crypt(zc_aead *aead, const uint8_t *from, size_t len, uint8_t *to)
{
    int done = 0;
    return len == 0 ||
           (EVP_CipherUpdate(aead->ctx, to, &done, from, (int)len) == 1 && (size_t)done == len);
}

/* OpenSSL insists on an output pointer though GCM's last step writes nothing. */
static bool finish(zc_aead *aead)
{
    uint8_t nothing[TAG_LEN];
    int len = 0;
    return EVP_CipherFinal_ex(aead->ctx, nothing, &len) == 1;
}

zc_result zc_aead_seal(zc_aead *aead, const uint8_t nonce[static 12], zc_slice aad,
                       const uint8_t *plain, size_t len, uint8_t *ret_cipher,
                       uint8_t ret_tag[static 16])
{
    if (len > ZC_AEAD_MAX_TEXT || aad.len > ZC_AEAD_MAX_TEXT) {
        return zc_fail(ZC_CRYPTO_TOO_LONG);
    }
    if (!start(aead, 1, nonce, aad) || !crypt(aead, plain, len, ret_cipher) || !finish(aead) ||
        EVP_CIPHER_CTX_ctrl(aead->ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, ret_tag) != 1) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    return ZC_OK;
}

zc_result zc_aead_open(zc_aead *aead, const uint8_t nonce[static 12], zc_slice aad,
                       const uint8_t *cipher, size_t len, const uint8_t tag[static 16],
                       uint8_t *ret_plain)
{
    if (len > ZC_AEAD_MAX_TEXT || aad.len > ZC_AEAD_MAX_TEXT) {
        return zc_fail(ZC_CRYPTO_TOO_LONG);
    }
    /* A copy, because the library's interface takes the expected tag without const. */
    uint8_t expected[TAG_LEN];
    memcpy(expected, tag, sizeof expected);
    if (!start(aead, 0, nonce, aad) || !crypt(aead, cipher, len, ret_plain) ||
        EVP_CIPHER_CTX_ctrl(aead->ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, expected) != 1 ||
        !finish(aead)) {
        if (len > 0) {
            zc_wipe(ret_plain, len);
        }
        return zc_fail(ZC_CRYPTO_BAD_TAG);
    }
    return ZC_OK;
}
