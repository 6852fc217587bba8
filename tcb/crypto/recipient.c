#include "crypto/recipient.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define BITS 2048
#define PAD 16

zc_result zc_recipient_init(zc_recipient *recipient)
{
    recipient->key = EVP_RSA_gen(BITS);
    return recipient->key != NULL ? ZC_OK : zc_fail(ZC_CRYPTO_LIBRARY);
}

void zc_recipient_clear(zc_recipient *recipient)
{
    EVP_PKEY_free(recipient->key); /* which wipes its numbers */
    recipient->key = NULL;
}

zc_result zc_recipient_write_spki(const zc_recipient *recipient, zc_writer *writer)
{
    uint8_t der[ZC_RECIPIENT_SPKI_MAX];
    unsigned char *at = der;
    int len = i2d_PUBKEY(recipient->key, NULL);
    if (len <= 0 || (size_t)len > sizeof der || i2d_PUBKEY(recipient->key, &at) != len) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    return zc_write_slice(writer, zc_slice_of(der, (size_t)len));
}

static bool settle_oaep(EVP_PKEY_CTX *context)
{
    return EVP_PKEY_decrypt_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

/* *ret_key stays zero when the wrapping does not hold: what follows takes the same time. */
static zc_result unwrap(const zc_recipient *recipient, const uint8_t *wrapped, zc_secret32 *ret_key)
{
    uint8_t block[ZC_RECIPIENT_WRAPPED];
    size_t len = sizeof block;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(recipient->key, NULL);
    bool ready = context != NULL && settle_oaep(context);
    if (ready && EVP_PKEY_decrypt(context, block, &len, wrapped, ZC_RECIPIENT_WRAPPED) == 1 &&
        len == sizeof ret_key->byte) {
        memcpy(ret_key->byte, block, sizeof ret_key->byte);
    }
    zc_wipe(block, sizeof block);
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return ready ? ZC_OK : zc_fail(ZC_CRYPTO_LIBRARY);
}

static bool decrypt(const zc_secret32 *key, const uint8_t *iv, const uint8_t *content,
                    uint8_t ret_plain[static ZC_RECIPIENT_CONTENT])
{
    int len = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool done = context != NULL &&
                EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), NULL, key->byte, iv) == 1 &&
                EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                EVP_DecryptUpdate(context, ret_plain, &len, content, ZC_RECIPIENT_CONTENT) == 1 &&
                len == ZC_RECIPIENT_CONTENT;
    EVP_CIPHER_CTX_free(context);
    return done;
}

/* A padding that is not whole spoils every byte before it, without a branch. */
static void spoil(const uint8_t plain[static ZC_RECIPIENT_CONTENT], zc_secret32 *ret_plain)
{
    uint8_t wrong = 0;
    for (size_t i = ZC_RECIPIENT_CONTENT - PAD; i < ZC_RECIPIENT_CONTENT; i++) {
        wrong |= (uint8_t)(plain[i] ^ PAD);
    }
    uint8_t mask = (uint8_t)(0u - ((unsigned)(wrong + 0xffu) >> 8 & 1u));
    for (size_t i = 0; i < sizeof ret_plain->byte; i++) {
        ret_plain->byte[i] = (uint8_t)(plain[i] ^ (mask & 0xa5));
    }
}

zc_result zc_recipient_open(const zc_recipient *recipient,
                            const uint8_t wrapped[static ZC_RECIPIENT_WRAPPED],
                            const uint8_t iv[static ZC_RECIPIENT_IV],
                            const uint8_t content[static ZC_RECIPIENT_CONTENT],
                            zc_secret32 *ret_plain)
{
    ZC_SECRET zc_secret32 key = {{0}};
    uint8_t plain[ZC_RECIPIENT_CONTENT];
    ZC_TRY(unwrap(recipient, wrapped, &key));
    bool done = decrypt(&key, iv, content, plain);
    if (done) {
        spoil(plain, ret_plain);
    }
    zc_wipe(plain, sizeof plain);
    return done ? ZC_OK : zc_fail(ZC_CRYPTO_LIBRARY);
}
