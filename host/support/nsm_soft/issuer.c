#include "state.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "platform_files.h"

/* The issuing certificate outlives any run of one process; a restart makes the next. */
#define ISSUING_SECONDS INT64_C(31536000)
/* For a checker whose clock is a little behind. */
#define EARLIER INT64_C(60)

static zc_result read_pem(int folder, const char *name, bool is_secret, BIO **ret_bio)
{
    uint8_t text[ZC_PLATFORM_FILE_MAX];
    size_t len;
    zc_result result = zc_platform_file_read(folder, name, is_secret,
                                             (zc_buffer){.data = text, .len = sizeof text}, &len);
    if (zc_ok(result)) {
        BIO *bio = BIO_new(BIO_s_mem());
        if (bio == NULL || BIO_write(bio, text, (int)len) != (int)len) {
            BIO_free(bio);
            result = zc_fail(ZC_NSM_SOFT_CRYPTO);
        } else {
            *ret_bio = bio;
        }
    }
    zc_wipe(text, sizeof text);
    return result;
}

static zc_result read_root(int folder, X509 **ret_certificate, EVP_PKEY **ret_key)
{
    BIO *certificate = NULL;
    BIO *key = NULL;
    zc_result result = read_pem(folder, ZC_PLATFORM_ROOT_PEM, false, &certificate);
    if (zc_ok(result)) {
        result = read_pem(folder, ZC_PLATFORM_ROOT_KEY, true, &key);
    }
    if (zc_ok(result)) {
        *ret_certificate = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
        *ret_key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
        if (*ret_certificate == NULL || *ret_key == NULL ||
            X509_check_private_key(*ret_certificate, *ret_key) != 1) {
            result = zc_fail(ZC_NSM_SOFT_DAMAGED);
        }
    }
    BIO_free(certificate);
    BIO_free(key);
    ERR_clear_error();
    return result;
}

static zc_result store_der(const X509 *certificate, zc_der *ret_der)
{
    return zc_cert_der(certificate, ret_der->byte, sizeof ret_der->byte, &ret_der->len);
}

static zc_result make_issuing(zc_nsm_soft_issuer *issuer, X509 *root, EVP_PKEY *root_key)
{
    int64_t now = (int64_t)time(NULL);
    ZC_TRY(zc_cert_new_key(&issuer->issuing_key));
    zc_cert_spec spec = {.common_name = "ZeroCopy development issuer",
                         .not_before = now - EARLIER,
                         .not_after = now + ISSUING_SECONDS,
                         .constraints = "critical,CA:TRUE,pathlen:0",
                         .key_usage = "critical,keyCertSign",
                         .key = issuer->issuing_key,
                         .issuer = root,
                         .issuer_key = root_key};
    ZC_TRY(zc_cert_make(&spec, &issuer->issuing));
    ZC_TRY(store_der(root, &issuer->root));
    return store_der(issuer->issuing, &issuer->issuing_der);
}

zc_result zc_nsm_soft_issuer_init(zc_nsm_soft_issuer *issuer, int folder)
{
    X509 *root = NULL;
    EVP_PKEY *root_key = NULL;
    zc_result result = read_root(folder, &root, &root_key);
    if (zc_ok(result)) {
        result = make_issuing(issuer, root, root_key);
    }
    X509_free(root);
    EVP_PKEY_free(root_key); /* libcrypto wipes it */
    return result;
}

static zc_result make_leaf(zc_nsm_soft_issuer *issuer, int64_t now, EVP_PKEY *key)
{
    zc_cert_spec spec = {.common_name = "ZeroCopy development enclave",
                         .not_before = now - EARLIER,
                         .not_after = now + ZC_NSM_SOFT_LEAF_SECONDS,
                         .constraints = "critical,CA:FALSE",
                         .key_usage = "critical,digitalSignature",
                         .key = key,
                         .issuer = issuer->issuing,
                         .issuer_key = issuer->issuing_key};
    X509 *leaf;
    ZC_TRY(zc_cert_make(&spec, &leaf));
    zc_result result = store_der(leaf, &issuer->leaf_der);
    X509_free(leaf);
    return result;
}

zc_result zc_nsm_soft_issuer_refresh(zc_nsm_soft_issuer *issuer, int64_t now)
{
    /* A clock that was set back leaves a leaf that is not valid yet: make it anew then too. */
    if (issuer->leaf_key != NULL && now >= issuer->leaf_made &&
        now - issuer->leaf_made < ZC_NSM_SOFT_LEAF_SECONDS / 2) {
        return ZC_OK;
    }
    EVP_PKEY *key;
    ZC_TRY(zc_cert_new_key(&key));
    zc_result result = make_leaf(issuer, now, key);
    if (!zc_ok(result)) {
        EVP_PKEY_free(key);
        return result;
    }
    EVP_PKEY_free(issuer->leaf_key);
    issuer->leaf_key = key;
    issuer->leaf_made = now;
    return ZC_OK;
}

void zc_nsm_soft_issuer_clear(zc_nsm_soft_issuer *issuer)
{
    X509_free(issuer->issuing);
    EVP_PKEY_free(issuer->issuing_key);
    EVP_PKEY_free(issuer->leaf_key);
    *issuer = (zc_nsm_soft_issuer){0};
}
