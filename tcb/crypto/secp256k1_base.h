/* Multiples of secp256k1's generator, faster than libsecp256k1 0.2.0 has them: internal to this
 * module.
 *
 * The scalar is blinded and written as 43 odd digits of six bits, and for each the one multiple of
 * its place that it stands for is taken from a table of 88 kB. Every entry of a place is read each
 * time; nothing else depends on the scalar but values in registers.
 *
 * The table is computed here from the generator and its double, and held against the library before
 * it is used. If that or anything later does not fit, callers are told so and use the library. */
#ifndef ZC_CRYPTO_SECP256K1_BASE_H
#define ZC_CRYPTO_SECP256K1_BASE_H

#include "crypto/modulus.h"

/* In Jacobian coordinates: x / z² and y / z³, each below p. Secret until it is affine. */
typedef struct zc_secp256k1_point {
    zc_scalar x, y, z;
} zc_secp256k1_point;

void zc_secp256k1_point_wipe(zc_secp256k1_point *point);
#define ZC_SECRET_SECP256K1_POINT __attribute__((cleanup(zc_secp256k1_point_wipe)))

/* Chooses a new blinding: `seed` is 32 random bytes. Makes the table, unless it is made. Not safe
 * beside a multiplication in another thread. */
void zc_secp256k1_base_setup(const uint8_t seed[static 32]);
/* scalar · G for a scalar in 1 … n − 1. False: not to be had here. */
ZC_MUST_USE bool zc_secp256k1_base_multiply(const zc_scalar *scalar, zc_secp256k1_point *ret_point);
/* x and y from the point and the inverse of its z: still secret. */
void zc_secp256k1_base_affine(const zc_secp256k1_point *point, const zc_scalar *inverse_z,
                              zc_scalar *ret_x, zc_scalar *ret_y);

#endif
