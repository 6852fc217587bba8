/* Arithmetic modulo the order of a curve, or the prime of its field: internal to this module.
 *
 * Scalars are secret; time depends on nothing. Montgomery's method (R = 2^256) inside; every value
 * that goes in or comes out is an ordinary number below the order. */
#ifndef ZC_CRYPTO_MODULUS_H
#define ZC_CRYPTO_MODULUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

typedef struct zc_scalar {
    uint64_t limb[4]; /* least significant first */
} zc_scalar;

/* An odd number between 2^255 and 2^256. */
typedef struct zc_modulus {
    zc_scalar value;
    uint64_t negated_inverse; /* −value⁻¹ mod 2^64 */
    zc_scalar r_squared;      /* 2^512 mod value */
} zc_modulus;

extern const zc_modulus zc_p256_order;
extern const zc_modulus zc_secp256k1_order;
extern const zc_modulus zc_p256_field;
extern const zc_modulus zc_secp256k1_field;

void zc_scalar_wipe(zc_scalar *scalar);
#define ZC_SECRET_SCALAR __attribute__((cleanup(zc_scalar_wipe)))

/* Any 32 bytes, big-endian, not reduced. */
void zc_scalar_from_be(const uint8_t bytes[static 32], zc_scalar *ret_scalar);
void zc_scalar_to_be(const zc_scalar *scalar, uint8_t ret_bytes[static 32]);
/* A number below 2^256, taken modulo the modulus. */
void zc_scalar_reduce(const zc_modulus *modulus, zc_scalar *scalar);
/* Whether it is in 1 … modulus − 1. The answer is declassified. */
bool zc_scalar_is_unit(const zc_modulus *modulus, const zc_scalar *scalar);
void zc_scalar_add(const zc_modulus *modulus, const zc_scalar *a, const zc_scalar *b,
                   zc_scalar *ret_sum);
void zc_scalar_mul(const zc_modulus *modulus, const zc_scalar *a, const zc_scalar *b,
                   zc_scalar *ret_product);
/* Montgomery's form of a number, a · 2^256, and back. */
void zc_scalar_to_montgomery(const zc_modulus *modulus, const zc_scalar *a, zc_scalar *ret_form);
void zc_scalar_from_montgomery(const zc_modulus *modulus, const zc_scalar *form, zc_scalar *ret_a);
/* modulus − a for an a that is not zero. */
void zc_scalar_negate(const zc_modulus *modulus, const zc_scalar *a, zc_scalar *ret_negated);
/* Replaces a number by modulus less it when that is smaller; returns 1 then, and 0 otherwise. */
uint8_t zc_scalar_make_low(const zc_modulus *modulus, zc_scalar *scalar);

#endif
