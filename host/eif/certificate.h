/* Signing certificates and their keys. Only for this module. */
#ifndef ZC_EIF_CERTIFICATE_H
#define ZC_EIF_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "eif/signature.h"

/* How a curve signs in COSE. */
typedef struct zc_eif_algorithm {
    int curve;        /* NID */
    int64_t cose;     /* −7, −35, −36 */
    const char *name; /* "ES384" */
    const EVP_MD *(*digest)(void);
    size_t half; /* bytes of r and of s */
} zc_eif_algorithm;

/* NULL when the key is not of a curve that signs images. */
const zc_eif_algorithm *zc_eif_algorithm_of(const EVP_PKEY *key);

/* The first certificate of a PEM text; the caller frees it. Errors: ZC_EIF_BAD_CERTIFICATE. */
ZC_MUST_USE zc_result zc_eif_certificate_read(zc_slice pem, X509 **ret_certificate);
/* Errors: ZC_EIF_BAD_CERTIFICATE. */
ZC_MUST_USE zc_result zc_eif_certificate_describe(X509 *certificate, zc_eif_signer *ret_signer);

#endif
