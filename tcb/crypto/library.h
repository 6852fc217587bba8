/* The libraries' own objects, made once per process: internal to this module.
 *
 * They are made by zc_crypto_setup(), or else at first use, and live as long as the process. */
#ifndef ZC_CRYPTO_LIBRARY_H
#define ZC_CRYPTO_LIBRARY_H

#include <openssl/ec.h>
#include <secp256k1.h>

/* In static memory; blinded by zc_crypto_setup(). Never NULL. */
const secp256k1_context *zc_library_secp256k1(void);
/* NULL when OpenSSL has no memory for it. */
const EC_GROUP *zc_library_p256(void);
/* libsodium chooses its implementations here; calling it often costs nothing. */
void zc_library_sodium(void);

#endif
