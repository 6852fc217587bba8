/* HKDF (RFC 5869): extract and expand in one call.
 *
 * `info` keeps keys for different purposes apart: every caller has its own. Time depends on lengths
 * alone. Errors: ZC_CRYPTO_TOO_LONG when more than 255 hashes of output are asked for, or
 * `info` is longer than 1024 bytes. */
#ifndef ZC_CRYPTO_HKDF_H
#define ZC_CRYPTO_HKDF_H

#include "base/secret.h"
#include "base/slice.h"
#include "crypto/reasons.h"

ZC_MUST_USE zc_result zc_hkdf_sha256(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key,
                                     size_t len);
ZC_MUST_USE zc_result zc_hkdf_sha512(zc_slice ikm, zc_slice salt, zc_slice info, uint8_t *ret_key,
                                     size_t len);
/* The same from a secret, which is never a slice outside this module. */
ZC_MUST_USE zc_result zc_hkdf_sha256_secret(const zc_secret32 *ikm, zc_slice salt, zc_slice info,
                                            uint8_t *ret_key, size_t len);

#endif
