/* A deterministic random generator: ChaCha20 with fast key erasure.
 *
 * Each call expands the 32-byte state and overwrites it before the output leaves, so a state that
 * leaks tells nothing about earlier output. It reads no clock and no device: the enclave's step
 * stays pure, and its runtime feeds entropy in through events. The same seed and the same calls
 * give the same bytes. */
#ifndef ZC_CRYPTO_RANDOM_H
#define ZC_CRYPTO_RANDOM_H

#include "base/secret.h"
#include "base/slice.h"

/* Secret; the caller clears it. A copy repeats the original's output: never copy one. */
typedef struct zc_drbg {
    zc_secret32 state;
} zc_drbg;

void zc_drbg_init(zc_drbg *drbg, const uint8_t seed[static 32]);
/* Mixes entropy in: the new state depends on the old one and on `entropy` (HMAC-SHA-256), so bad
 * entropy never makes it worse. */
void zc_drbg_reseed(zc_drbg *drbg, zc_slice entropy);
/* Time depends on `len` alone. */
void zc_drbg_bytes(zc_drbg *drbg, uint8_t *ret_bytes, size_t len);
void zc_drbg_clear(zc_drbg *drbg);

#endif
