/* The field of secp256k1: numbers modulo p = 2^256 − 2^32 − 977. Internal to secp256k1_base.c.
 *
 * Five limbs of 52 bits, with room above them: sums are not carried at once. "Loose" says how far
 * limbs may reach, the top one four bits less: below 2^53 for what zc_fe_mul() and zc_fe_tighten()
 * give, 2^55 for what may be subtracted, 2^56 for what may be multiplied. All of it is
 * constant-time. The functions are inlined by force, so that they take the instructions of the
 * function that they end up in. */
#ifndef ZC_CRYPTO_SECP256K1_FIELD_H
#define ZC_CRYPTO_SECP256K1_FIELD_H

#include "crypto/modulus.h"

#define ZC_FE_INLINE static inline __attribute__((always_inline))

typedef unsigned __int128 zc_fe_wide;

typedef struct zc_fe {
    uint64_t n0, n1, n2, n3, n4;
} zc_fe;

#define ZC_FE_MASK52 (UINT64_MAX >> 12)
#define ZC_FE_MASK48 (UINT64_MAX >> 16)
#define ZC_FE_FOLD 0x1000003d1 /* 2^256 modulo p */

/* From a number below 2^256. */
ZC_FE_INLINE zc_fe zc_fe_of(const uint64_t limb[static 4])
{
    return (zc_fe){limb[0] & ZC_FE_MASK52, (limb[0] >> 52 | limb[1] << 12) & ZC_FE_MASK52,
                   (limb[1] >> 40 | limb[2] << 24) & ZC_FE_MASK52,
                   (limb[2] >> 28 | limb[3] << 36) & ZC_FE_MASK52, limb[3] >> 16};
}

/* The nine columns of a product of five limbs by five. */
typedef struct zc_fe_columns {
    zc_fe_wide c0, c1, c2, c3, c4, c5, c6, c7, c8;
} zc_fe_columns;

/* Their sum modulo p. Each is below 2^115. */
ZC_FE_INLINE zc_fe zc_fe_fold(zc_fe_columns of)
{
    /* The upper columns first, as five limbs that weigh 2^260 = 16 · fold. */
    const uint64_t fold = (uint64_t)ZC_FE_FOLD << 4;
    zc_fe result;
    zc_fe_wide c = of.c5;
    of.c0 += (zc_fe_wide)((uint64_t)c & ZC_FE_MASK52) * fold;
    c = (c >> 52) + of.c6;
    of.c1 += (zc_fe_wide)((uint64_t)c & ZC_FE_MASK52) * fold;
    c = (c >> 52) + of.c7;
    of.c2 += (zc_fe_wide)((uint64_t)c & ZC_FE_MASK52) * fold;
    c = (c >> 52) + of.c8;
    of.c3 += (zc_fe_wide)((uint64_t)c & ZC_FE_MASK52) * fold;
    of.c4 += (zc_fe_wide)(uint64_t)(c >> 52) * fold;
    /* Then the lower ones. */
    result.n0 = (uint64_t)of.c0 & ZC_FE_MASK52;
    c = (of.c0 >> 52) + of.c1;
    result.n1 = (uint64_t)c & ZC_FE_MASK52;
    c = (c >> 52) + of.c2;
    result.n2 = (uint64_t)c & ZC_FE_MASK52;
    c = (c >> 52) + of.c3;
    result.n3 = (uint64_t)c & ZC_FE_MASK52;
    c = (c >> 52) + of.c4;
    result.n4 = (uint64_t)c & ZC_FE_MASK48;
    /* What is above 2^256 comes back at the bottom; 2^67 · 2^33 at most. */
    c = (c >> 48) * ZC_FE_FOLD + result.n0;
    result.n0 = (uint64_t)c & ZC_FE_MASK52;
    result.n1 += (uint64_t)(c >> 52);
    return result;
}

/* a · b modulo p. */
ZC_FE_INLINE zc_fe zc_fe_mul(zc_fe a, zc_fe b)
{
    return zc_fe_fold((zc_fe_columns){
        .c0 = (zc_fe_wide)a.n0 * b.n0,
        .c1 = (zc_fe_wide)a.n0 * b.n1 + (zc_fe_wide)a.n1 * b.n0,
        .c2 = (zc_fe_wide)a.n0 * b.n2 + (zc_fe_wide)a.n1 * b.n1 + (zc_fe_wide)a.n2 * b.n0,
        .c3 = (zc_fe_wide)a.n0 * b.n3 + (zc_fe_wide)a.n1 * b.n2 + (zc_fe_wide)a.n2 * b.n1 +
              (zc_fe_wide)a.n3 * b.n0,
        .c4 = (zc_fe_wide)a.n0 * b.n4 + (zc_fe_wide)a.n1 * b.n3 + (zc_fe_wide)a.n2 * b.n2 +
              (zc_fe_wide)a.n3 * b.n1 + (zc_fe_wide)a.n4 * b.n0,
        .c5 = (zc_fe_wide)a.n1 * b.n4 + (zc_fe_wide)a.n2 * b.n3 + (zc_fe_wide)a.n3 * b.n2 +
              (zc_fe_wide)a.n4 * b.n1,
        .c6 = (zc_fe_wide)a.n2 * b.n4 + (zc_fe_wide)a.n3 * b.n3 + (zc_fe_wide)a.n4 * b.n2,
        .c7 = (zc_fe_wide)a.n3 * b.n4 + (zc_fe_wide)a.n4 * b.n3,
        .c8 = (zc_fe_wide)a.n4 * b.n4});
}

ZC_FE_INLINE zc_fe zc_fe_square(zc_fe a)
{
    const uint64_t d0 = 2 * a.n0, d1 = 2 * a.n1, d2 = 2 * a.n2, d3 = 2 * a.n3;
    return zc_fe_fold((zc_fe_columns){.c0 = (zc_fe_wide)a.n0 * a.n0,
                                      .c1 = (zc_fe_wide)d0 * a.n1,
                                      .c2 = (zc_fe_wide)d0 * a.n2 + (zc_fe_wide)a.n1 * a.n1,
                                      .c3 = (zc_fe_wide)d0 * a.n3 + (zc_fe_wide)d1 * a.n2,
                                      .c4 = (zc_fe_wide)d0 * a.n4 + (zc_fe_wide)d1 * a.n3 +
                                            (zc_fe_wide)a.n2 * a.n2,
                                      .c5 = (zc_fe_wide)d1 * a.n4 + (zc_fe_wide)d2 * a.n3,
                                      .c6 = (zc_fe_wide)d2 * a.n4 + (zc_fe_wide)a.n3 * a.n3,
                                      .c7 = (zc_fe_wide)d3 * a.n4,
                                      .c8 = (zc_fe_wide)a.n4 * a.n4});
}

ZC_FE_INLINE zc_fe zc_fe_add(zc_fe a, zc_fe b)
{
    return (zc_fe){a.n0 + b.n0, a.n1 + b.n1, a.n2 + b.n2, a.n3 + b.n3, a.n4 + b.n4};
}

/* a + 8p − b: adds up to 2^55 to the limbs of a. */
ZC_FE_INLINE zc_fe zc_fe_sub(zc_fe a, zc_fe b)
{
    const uint64_t low = 8 * (ZC_FE_MASK52 + 1 - ZC_FE_FOLD), full = 8 * ZC_FE_MASK52;
    return (zc_fe){a.n0 + (low - b.n0), a.n1 + (full - b.n1), a.n2 + (full - b.n2),
                   a.n3 + (full - b.n3), a.n4 + (8 * ZC_FE_MASK48 - b.n4)};
}

/* The same number with its limbs carried: at most one bit above 256. */
ZC_FE_INLINE zc_fe zc_fe_tighten(zc_fe a)
{
    a.n0 += (a.n4 >> 48) * ZC_FE_FOLD;
    a.n4 &= ZC_FE_MASK48;
    a.n1 += a.n0 >> 52;
    a.n2 += a.n1 >> 52;
    a.n3 += a.n2 >> 52;
    a.n4 += a.n3 >> 52;
    return (zc_fe){a.n0 & ZC_FE_MASK52, a.n1 & ZC_FE_MASK52, a.n2 & ZC_FE_MASK52,
                   a.n3 & ZC_FE_MASK52, a.n4};
}

/* b where the mask is all ones, a where it is zero. */
ZC_FE_INLINE zc_fe zc_fe_choose(uint64_t mask, zc_fe a, zc_fe b)
{
    return (zc_fe){a.n0 ^ (mask & (a.n0 ^ b.n0)), a.n1 ^ (mask & (a.n1 ^ b.n1)),
                   a.n2 ^ (mask & (a.n2 ^ b.n2)), a.n3 ^ (mask & (a.n3 ^ b.n3)),
                   a.n4 ^ (mask & (a.n4 ^ b.n4))};
}

/* The one number below p. */
ZC_FE_INLINE void zc_fe_to_scalar(zc_fe a, zc_scalar *ret_number)
{
    a = zc_fe_tighten(zc_fe_tighten(a));
    /* Now below 2^256, whatever came in: what a second carry leaves above it is less than p. */
    *ret_number = (zc_scalar){{a.n0 | a.n1 << 52, a.n1 >> 12 | a.n2 << 40, a.n2 >> 24 | a.n3 << 28,
                               a.n3 >> 36 | a.n4 << 16}};
    zc_scalar_reduce(&zc_secp256k1_field, ret_number);
}

#endif
