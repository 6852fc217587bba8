/* ECDSA by OpenSSL on any of its groups: internal to this module. */
#ifndef ZC_CRYPTO_VERIFY_OPENSSL_H
#define ZC_CRYPTO_VERIFY_OPENSSL_H

#include <openssl/ec.h>

#include "base/slice.h"
#include "crypto/reasons.h"

/* `point` is 04 ‖ x ‖ y and is held to be on the curve; `sig` is r ‖ s, as long as x ‖ y. Errors:
 * those of crypto/verify.h; ZC_CRYPTO_LIBRARY also for a group of NULL. */
ZC_MUST_USE zc_result zc_verify_openssl(const EC_GROUP *group, zc_slice point, zc_slice digest,
                                        const uint8_t *sig);

#endif
