#include "crypto/modulus.h"

#include <string.h>

#include "base/ct.h"

typedef unsigned __int128 wide;

enum { LIMBS = 4 };

/* SEC 2 §2.4.2 and §2.4.1; the other two members follow from the first, and a test recomputes them.
 */
const zc_modulus zc_p256_order = {
    .value = {{0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000}},
    .negated_inverse = 0xccd1c8aaee00bc4f,
    .r_squared = {{0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59, 0x66e12d94f3d95620}},
};

const zc_modulus zc_secp256k1_order = {
    .value = {{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff}},
    .negated_inverse = 0x4b0dff665588b13f,
    .r_squared = {{0x896cf21467d7d140, 0x741496c20e7cf878, 0xe697f5e45bcd07c6, 0x9d671cd581c69bc5}},
};

/* SEC 2 §2.4.2 and §2.4.1 again: the primes of the fields. */
const zc_modulus zc_p256_field = {
    .value = {{0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001}},
    .negated_inverse = 0x0000000000000001,
    .r_squared = {{0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd}},
};

const zc_modulus zc_secp256k1_field = {
    .value = {{0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}},
    .negated_inverse = 0xd838091dd2253531,
    .r_squared = {{0x000007a2000e90a1, 0x0000000000000001, 0x0000000000000000, 0x0000000000000000}},
};

void zc_scalar_wipe(zc_scalar *scalar)
{
    zc_wipe(scalar, sizeof *scalar);
}

void zc_scalar_from_be(const uint8_t bytes[static 32], zc_scalar *ret_scalar)
{
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t limb;
        memcpy(&limb, bytes + 8 * (LIMBS - 1 - i), sizeof limb);
        ret_scalar->limb[i] = __builtin_bswap64(limb);
    }
}

void zc_scalar_to_be(const zc_scalar *scalar, uint8_t ret_bytes[static 32])
{
    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t limb = __builtin_bswap64(scalar->limb[i]);
        memcpy(ret_bytes + 8 * (LIMBS - 1 - i), &limb, sizeof limb);
    }
}

/* zc_wipe() for a few limbs, without a call: these functions take less time than three of those. */
static inline void wipe_limbs(uint64_t *limb, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        limb[i] = 0;
    }
    __asm__ volatile("" : : "r"(limb) : "memory");
}

/* a − b; returns 1 when that borrowed. */
static inline uint64_t subtract(const zc_scalar *a, const zc_scalar *b, zc_scalar *ret_difference)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide step = (wide)a->limb[i] - b->limb[i] - borrow;
        ret_difference->limb[i] = (uint64_t)step;
        borrow = (uint64_t)(step >> 64) & 1;
    }
    return borrow;
}

/* Subtracts the modulus once from carry · 2^256 + scalar unless that would be negative. */
static inline void subtract_if_not_below(const zc_modulus *modulus, uint64_t carry,
                                         zc_scalar *scalar)
{
    zc_scalar less;
    uint64_t borrow = subtract(scalar, &modulus->value, &less);
    /* All ones where the difference is the one to keep. */
    uint64_t take = carry | (borrow ^ 1);
    __asm__("" : "+r"(take));
    uint64_t mask = 0 - take;
    for (size_t i = 0; i < LIMBS; i++) {
        scalar->limb[i] ^= mask & (scalar->limb[i] ^ less.limb[i]);
    }
    wipe_limbs(less.limb, LIMBS);
}

void zc_scalar_reduce(const zc_modulus *modulus, zc_scalar *scalar)
{
    /* The modulus is above 2^255, so once is enough. */
    subtract_if_not_below(modulus, 0, scalar);
}

bool zc_scalar_is_unit(const zc_modulus *modulus, const zc_scalar *scalar)
{
    zc_scalar less;
    uint64_t below = subtract(scalar, &modulus->value, &less);
    wipe_limbs(less.limb, LIMBS);
    /* Private keys and nonces that are refused here are drawn again and never used. */
    zc_ct_public(&below, sizeof below);
    return below == 1 && !zc_ct_is_zero(scalar, sizeof *scalar);
}

void zc_scalar_add(const zc_modulus *modulus, const zc_scalar *a, const zc_scalar *b,
                   zc_scalar *ret_sum)
{
    zc_scalar sum;
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        wide step = (wide)a->limb[i] + b->limb[i] + carry;
        sum.limb[i] = (uint64_t)step;
        carry = (uint64_t)(step >> 64);
    }
    subtract_if_not_below(modulus, carry, &sum);
    *ret_sum = sum;
    wipe_limbs(sum.limb, LIMBS);
}

/* sum + a · b + carry: its low limb, and the high one as the next carry. It cannot overflow. */
static inline uint64_t multiply_add(uint64_t sum, uint64_t a, uint64_t b, uint64_t *carry)
{
    wide step = (wide)a * b + sum + *carry;
    *carry = (uint64_t)(step >> 64);
    return (uint64_t)step;
}

/* The five limbs of a sum that is worked on: in registers, where an array would not be. */
typedef struct row {
    uint64_t t0, t1, t2, t3, t4;
} row;

/* (sum + a · b + m · modulus) / 2^64 with the m that makes the division exact. The sum is below
 * twice the modulus before and after. Written out, because at -O2 a loop costs twice the time. */
static inline __attribute__((always_inline)) void add_row(row *sum, const zc_modulus *modulus,
                                                          const zc_scalar *a, uint64_t b)
{
    const uint64_t *n = modulus->value.limb;
    uint64_t carry = 0;
    const uint64_t low = multiply_add(sum->t0, a->limb[0], b, &carry);
    sum->t1 = multiply_add(sum->t1, a->limb[1], b, &carry);
    sum->t2 = multiply_add(sum->t2, a->limb[2], b, &carry);
    sum->t3 = multiply_add(sum->t3, a->limb[3], b, &carry);
    const wide top = (wide)sum->t4 + carry;
    const uint64_t m = low * modulus->negated_inverse;
    carry = 0;
    (void)multiply_add(low, m, n[0], &carry);
    sum->t0 = multiply_add(sum->t1, m, n[1], &carry);
    sum->t1 = multiply_add(sum->t2, m, n[2], &carry);
    sum->t2 = multiply_add(sum->t3, m, n[3], &carry);
    const wide last = top + carry;
    sum->t3 = (uint64_t)last;
    sum->t4 = (uint64_t)(last >> 64);
}

/* a · b / 2^256 modulo the modulus (Montgomery; operand scanning). */
static void montgomery(const zc_modulus *modulus, const zc_scalar *a, const zc_scalar *b,
                       zc_scalar *ret_product)
{
    row sum = {0};
    add_row(&sum, modulus, a, b->limb[0]);
    add_row(&sum, modulus, a, b->limb[1]);
    add_row(&sum, modulus, a, b->limb[2]);
    add_row(&sum, modulus, a, b->limb[3]);
    zc_scalar product = {{sum.t0, sum.t1, sum.t2, sum.t3}};
    subtract_if_not_below(modulus, sum.t4, &product);
    *ret_product = product;
    wipe_limbs(product.limb, LIMBS);
}

void zc_scalar_mul(const zc_modulus *modulus, const zc_scalar *a, const zc_scalar *b,
                   zc_scalar *ret_product)
{
    zc_scalar shrunk;
    montgomery(modulus, a, b, &shrunk);
    montgomery(modulus, &shrunk, &modulus->r_squared, ret_product);
    wipe_limbs(shrunk.limb, LIMBS);
}

void zc_scalar_to_montgomery(const zc_modulus *modulus, const zc_scalar *a, zc_scalar *ret_form)
{
    montgomery(modulus, a, &modulus->r_squared, ret_form);
}

void zc_scalar_from_montgomery(const zc_modulus *modulus, const zc_scalar *form, zc_scalar *ret_a)
{
    static const zc_scalar one = {{1, 0, 0, 0}};
    montgomery(modulus, form, &one, ret_a);
}

void zc_scalar_negate(const zc_modulus *modulus, const zc_scalar *a, zc_scalar *ret_negated)
{
    (void)subtract(&modulus->value, a, ret_negated);
}

uint8_t zc_scalar_make_low(const zc_modulus *modulus, zc_scalar *scalar)
{
    zc_scalar other, unused;
    (void)subtract(&modulus->value, scalar, &other);
    uint64_t negate = subtract(&other, scalar, &unused);
    __asm__("" : "+r"(negate));
    const uint64_t mask = 0 - negate;
    for (size_t i = 0; i < LIMBS; i++) {
        scalar->limb[i] ^= mask & (scalar->limb[i] ^ other.limb[i]);
    }
    wipe_limbs(other.limb, LIMBS);
    wipe_limbs(unused.limb, LIMBS);
    return (uint8_t)negate;
}
