/* RSA private keys out of PKCS #8: internal to this module. */
#ifndef ZC_CRYPTO_RSA_IMPORT_H
#define ZC_CRYPTO_RSA_IMPORT_H

#include <openssl/rsa.h>

#include "crypto/rsa.h"

/* A key whose parts were found to belong together, and its public half. The caller frees it. Errors
 * as zc_rsa_key_init(). */
ZC_MUST_USE zc_result zc_rsa_import(const zc_rsa_secret *secret, zc_rsa_public *ret_public,
                                    RSA **ret_key);
/* Whether size and exponent are within the limits and the modulus is odd. */
ZC_MUST_USE zc_result zc_rsa_check_public(const zc_rsa_public *key);

#endif
