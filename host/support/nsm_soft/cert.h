/* Keys and certificates of the development root, with libcrypto. Only for this module.
 *
 * Errors: ZC_NSM_SOFT_CRYPTO. */
#ifndef ZC_NSM_SOFT_CERT_H
#define ZC_NSM_SOFT_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "nsm_soft/reasons.h"

typedef struct zc_cert_spec {
    const char *common_name; /* UTF-8 */
    int64_t not_before;      /* seconds since 1970 */
    int64_t not_after;       /* */
    const char *constraints; /* as openssl-x509v3_config(5): "critical,CA:TRUE,pathlen:1" */
    const char *key_usage;   /* "critical,keyCertSign" */
    EVP_PKEY *key;           /* what is certified */
    X509 *issuer;            /* NULL: by itself */
    EVP_PKEY *issuer_key;
} zc_cert_spec;

/* A fresh P-384 key; the caller frees it with EVP_PKEY_free(). */
ZC_MUST_USE zc_result zc_cert_new_key(EVP_PKEY **ret_key);
/* The caller frees it with X509_free(). */
ZC_MUST_USE zc_result zc_cert_make(const zc_cert_spec *spec, X509 **ret_certificate);
ZC_MUST_USE zc_result zc_cert_der(const X509 *certificate, uint8_t *ret_der, size_t capacity,
                                  size_t *ret_len);
/* ECDSA over a SHA-384 digest as r‖s, big-endian. */
ZC_MUST_USE zc_result zc_cert_sign(EVP_PKEY *key, const uint8_t digest[static 48],
                                   uint8_t ret_signature[static 96]);

#endif
