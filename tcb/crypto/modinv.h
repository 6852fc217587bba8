/* The inverse of a secret scalar modulo a curve's order, in constant time: internal to this module.
 *
 * Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (safegcd, 2019),
 * in the variant with δ starting at 1/2, for which 590 division steps suffice for any 256-bit
 * modulus (Wuille's proof by convex hulls). The steps run 59 at a time on the lowest 64 bits; each
 * run gives a 2×2 matrix that is then applied to the full numbers. */
#ifndef ZC_CRYPTO_MODINV_H
#define ZC_CRYPTO_MODINV_H

#include "crypto/modulus.h"

/* Checks itself: returns whether value · inverse = 1, which fails only for a value that is not a
 * unit, or on a machine that computes wrongly. `ret_inverse` is untouched then. Value and inverse
 * are secret; time depends on nothing. */
bool zc_modinv(const zc_modulus *modulus, const zc_scalar *value, zc_scalar *ret_inverse);
/* Two inverses for little more than the price of one: each of a modulus of its own. Fails when
 * either does, with `ret_inverse` untouched. */
bool zc_modinv_pair(const zc_modulus *const modulus[static 2], const zc_scalar value[static 2],
                    zc_scalar ret_inverse[static 2]);

#endif
