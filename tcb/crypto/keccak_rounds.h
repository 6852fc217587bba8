/* Private to the module: Keccak-f[1600] (FIPS 202 §3), in as many ways as there are processors that
 * one of them is fastest on. All give the same result; which one runs is decided at run time.
 *
 * The state is 25 lanes, numbered x + 5y, in the processor's byte order. Nothing here branches on
 * it or looks anything up by it. */
#ifndef ZC_CRYPTO_KECCAK_ROUNDS_H
#define ZC_CRYPTO_KECCAK_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

#define ZC_KECCAK_LANES 25
#define ZC_KECCAK_ROUNDS 24
/* Bytes and lanes of a block of Keccak-256. */
#define ZC_KECCAK_RATE 136
#define ZC_KECCAK_RATE_LANES (ZC_KECCAK_RATE / 8)

/* For each of `count` blocks of ZC_KECCAK_RATE bytes: adds it to the first lanes, then permutes. */
typedef void zc_keccak_absorber(uint64_t lane[static ZC_KECCAK_LANES], const uint8_t *blocks,
                                size_t count);

/* What ι adds to the first lane, round by round. */
extern const uint64_t zc_keccak_round_constant[ZC_KECCAK_ROUNDS];

/* Any processor. */
zc_keccak_absorber zc_keccak_absorb_plain;
#if defined(__x86_64__)
/* BMI1 and BMI2. */
zc_keccak_absorber zc_keccak_absorb_bmi;
/* AVX-512 F and VL. */
zc_keccak_absorber zc_keccak_absorb_avx512;
#endif

/* The fastest that this processor can run. */
zc_keccak_absorber *zc_keccak_fastest(void);

#endif
