/* What the libraries below this module need before the first secret.
 *
 * zc_crypto_setup() opens nothing later: call it before a sandbox closes files and system calls.
 * Everything in this module also works without it, except that it is then done at first use and
 * secp256k1 runs without blinding. */
#ifndef ZC_CRYPTO_SETUP_H
#define ZC_CRYPTO_SETUP_H

#include "crypto/reasons.h"

/* OpenSSL's start, without what is not used here; part of zc_crypto_setup(), and for who has no
 * more to do with keys than TLS. Before any other use of OpenSSL. False: it has no memory. */
ZC_MUST_USE bool zc_openssl_setup(void);
/* Chooses implementations for this processor, loads the curves, and blinds the secp256k1 generator
 * multiplication with `seed` (32 random bytes; wiped by the caller). Calling it again with fresh
 * bytes blinds anew. Not safe beside a signature in another thread. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_crypto_setup(const uint8_t seed[static 32]);

/* The same for a process that opens channels and never signs with secp256k1: without that curve's
 * table and blinding, which take milliseconds. Errors: ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_crypto_setup_channels(void);

#endif
