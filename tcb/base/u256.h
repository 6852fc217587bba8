/* Unsigned 256-bit integers: money in base units, and every number of an EVM transaction.
 *
 * Public values only: comparison and conversion are variable-time. Arithmetic is checked: a result
 * that does not fit fails with ZC_BASE_OVERFLOW and leaves the output untouched. */
#ifndef ZC_BASE_U256_H
#define ZC_BASE_U256_H

#include "base/reasons.h"
#include "base/slice.h"

typedef struct zc_u256 {
    uint64_t limb[4]; /* least significant first */
} zc_u256;

#define ZC_U256_ZERO ((zc_u256){{0, 0, 0, 0}})
#define ZC_U256_MAX ((zc_u256){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}})
/* 2^256 − 1 has 78 decimal digits; one more for the terminator. */
#define ZC_U256_DECIMAL_SIZE 79

static inline zc_u256 zc_u256_of(uint64_t value)
{
    return (zc_u256){{value, 0, 0, 0}};
}

bool zc_u256_is_zero(const zc_u256 *value);
/* −1, 0 or 1 as a is less than, equal to or greater than b. */
int zc_u256_cmp(const zc_u256 *a, const zc_u256 *b);
bool zc_u256_eq(const zc_u256 *a, const zc_u256 *b);
zc_u256 zc_u256_min(const zc_u256 *a, const zc_u256 *b);
zc_u256 zc_u256_max(const zc_u256 *a, const zc_u256 *b);

ZC_MUST_USE zc_result zc_u256_add(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_sum);
/* ZC_BASE_OVERFLOW when b is greater than a. */
ZC_MUST_USE zc_result zc_u256_sub(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_difference);
ZC_MUST_USE zc_result zc_u256_mul(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_product);
ZC_MUST_USE zc_result zc_u256_mul_u64(const zc_u256 *a, uint64_t b, zc_u256 *ret_product);
/* Quotient and remainder by a divisor that is not zero (ZC_BASE_OVERFLOW otherwise). */
ZC_MUST_USE zc_result zc_u256_div_u64(const zc_u256 *a, uint64_t divisor, zc_u256 *ret_quotient,
                                      uint64_t *ret_remainder);
/* ZC_BASE_OVERFLOW when the value needs more than 64 bits. */
ZC_MUST_USE zc_result zc_u256_to_u64(const zc_u256 *value, uint64_t *ret_value);

/* Up to 32 big-endian bytes; more fail with ZC_BASE_OVERFLOW, leading zeros included. */
ZC_MUST_USE zc_result zc_u256_from_be(zc_slice bytes, zc_u256 *ret_value);
void zc_u256_to_be(const zc_u256 *value, uint8_t ret_bytes[static 32]);
/* The number of bytes of the shortest big-endian form: 0 for zero, at most 32. */
size_t zc_u256_byte_len(const zc_u256 *value);

/* Digits only, no sign and no space, at least one and at most 78: ZC_BASE_BAD_DECIMAL or
 * ZC_BASE_OVERFLOW. */
ZC_MUST_USE zc_result zc_u256_from_decimal(zc_slice text, zc_u256 *ret_value);
/* Writes the shortest decimal form and its terminator; returns the number of digits. */
size_t zc_u256_to_decimal(const zc_u256 *value, char ret_text[static ZC_U256_DECIMAL_SIZE]);

#endif
