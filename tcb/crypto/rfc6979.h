/* ECDSA nonces after RFC 6979 with SHA-256: internal to this module, and to its vectors. */
#ifndef ZC_CRYPTO_RFC6979_H
#define ZC_CRYPTO_RFC6979_H

#include "base/slice.h"
#include "crypto/modulus.h"

/* The nonce of §3.2 for a group of the given order, a private key and a SHA-256 digest. `extra` is
 * the additional data k' of §3.6, or empty: at most 32 bytes. `attempt` counts the numbers in range
 * that came before and could not be used; it is 0 but for a signature with a zero in it. The result
 * is in 1 … order − 1. Secret in, secret out; time depends on `attempt` and `extra.len` alone, but
 * for candidates out of range, which are independent of the one that is used. */
void zc_rfc6979_nonce(const zc_modulus *order, const zc_secret32 *private_key,
                      const uint8_t digest[static 32], zc_slice extra, unsigned attempt,
                      zc_secret32 *ret_nonce);

#endif
