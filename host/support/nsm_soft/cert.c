#include "cert.h"

#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

zc_result zc_cert_new_key(EVP_PKEY **ret_key)
{
    EVP_PKEY *key = EVP_EC_gen("P-384");
    if (key == NULL) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    *ret_key = key;
    return ZC_OK;
}

static bool set_serial(X509 *certificate)
{
    uint64_t serial;
    if (RAND_bytes((uint8_t *)&serial, sizeof serial) != 1) {
        return false;
    }
    /* Positive, and never so short that its DER would differ in length by much. */
    serial = (serial & (UINT64_MAX >> 2)) | (UINT64_C(1) << 61);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1;
}

static bool add_extension(X509 *certificate, X509V3_CTX *ctx, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool fill_names(X509 *certificate, const zc_cert_spec *spec)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    const unsigned char *name = (const unsigned char *)spec->common_name;
    if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, -1, -1, 0) != 1) {
        return false;
    }
    X509 *issuer = spec->issuer != NULL ? spec->issuer : certificate;
    return X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1;
}

static bool fill(X509 *certificate, const zc_cert_spec *spec)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, spec->issuer != NULL ? spec->issuer : certificate, certificate, NULL, NULL,
                   0);
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
           fill_names(certificate, spec) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), spec->not_before) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), spec->not_after) != NULL &&
           X509_set_pubkey(certificate, spec->key) == 1 &&
           add_extension(certificate, &ctx, NID_basic_constraints, spec->constraints) &&
           add_extension(certificate, &ctx, NID_key_usage, spec->key_usage) &&
           add_extension(certificate, &ctx, NID_subject_key_identifier, "hash") &&
           X509_sign(certificate, spec->issuer_key, EVP_sha384()) > 0;
}

zc_result zc_cert_make(const zc_cert_spec *spec, X509 **ret_certificate)
{
    X509 *certificate = X509_new();
    if (certificate == NULL || !fill(certificate, spec)) {
        X509_free(certificate);
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    *ret_certificate = certificate;
    return ZC_OK;
}

zc_result zc_cert_der(const X509 *certificate, uint8_t *ret_der, size_t capacity, size_t *ret_len)
{
    int len = i2d_X509(certificate, NULL);
    if (len <= 0 || (size_t)len > capacity || i2d_X509(certificate, &ret_der) != len) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    *ret_len = (size_t)len;
    return ZC_OK;
}

static bool sign_der(EVP_PKEY *key, const uint8_t digest[static 48], uint8_t *der, size_t *len)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    bool done = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
                EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha384()) == 1 &&
                EVP_PKEY_sign(ctx, der, len, digest, 48) == 1;
    EVP_PKEY_CTX_free(ctx);
    return done;
}

zc_result zc_cert_sign(EVP_PKEY *key, const uint8_t digest[static 48],
                       uint8_t ret_signature[static 96])
{
    uint8_t der[128];
    size_t len = sizeof der;
    if (!sign_der(key, digest, der, &len)) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    const uint8_t *at = der;
    ECDSA_SIG *parts = d2i_ECDSA_SIG(NULL, &at, (long)len);
    bool done = parts != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(parts), ret_signature, 48) == 48 &&
                BN_bn2binpad(ECDSA_SIG_get0_s(parts), ret_signature + 48, 48) == 48;
    ECDSA_SIG_free(parts);
    return done ? ZC_OK : zc_fail(ZC_NSM_SOFT_CRYPTO);
}
