#include "base/u256.h"

typedef unsigned __int128 wide;

bool zc_u256_is_zero(const zc_u256 *value)
{
    return (value->limb[0] | value->limb[1] | value->limb[2] | value->limb[3]) == 0;
}

int zc_u256_cmp(const zc_u256 *a, const zc_u256 *b)
{
    for (int i = 3; i >= 0; i--) {
        if (a->limb[i] != b->limb[i]) {
            return a->limb[i] < b->limb[i] ? -1 : 1;
        }
    }
    return 0;
}

bool zc_u256_eq(const zc_u256 *a, const zc_u256 *b)
{
    return zc_u256_cmp(a, b) == 0;
}

zc_u256 zc_u256_min(const zc_u256 *a, const zc_u256 *b)
{
    return zc_u256_cmp(a, b) <= 0 ? *a : *b;
}

zc_u256 zc_u256_max(const zc_u256 *a, const zc_u256 *b)
{
    return zc_u256_cmp(a, b) >= 0 ? *a : *b;
}

/* Written out limb by limb, without a loop: policy adds dozens of amounts for each request. */
static inline bool add_limb(uint64_t a, uint64_t b, bool carry, uint64_t *ret_sum)
{
    bool first = __builtin_add_overflow(a, b, ret_sum);
    bool second = __builtin_add_overflow(*ret_sum, (uint64_t)carry, ret_sum);
    return first | second;
}

static inline bool sub_limb(uint64_t a, uint64_t b, bool borrow, uint64_t *ret_difference)
{
    bool first = __builtin_sub_overflow(a, b, ret_difference);
    bool second = __builtin_sub_overflow(*ret_difference, (uint64_t)borrow, ret_difference);
    return first | second;
}

zc_result zc_u256_add(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_sum)
{
    zc_u256 sum;
    bool carry = add_limb(a->limb[0], b->limb[0], false, &sum.limb[0]);
    carry = add_limb(a->limb[1], b->limb[1], carry, &sum.limb[1]);
    carry = add_limb(a->limb[2], b->limb[2], carry, &sum.limb[2]);
    carry = add_limb(a->limb[3], b->limb[3], carry, &sum.limb[3]);
    if (carry) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    *ret_sum = sum;
    return ZC_OK;
}

zc_result zc_u256_sub(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_difference)
{
    zc_u256 difference;
    bool borrow = sub_limb(a->limb[0], b->limb[0], false, &difference.limb[0]);
    borrow = sub_limb(a->limb[1], b->limb[1], borrow, &difference.limb[1]);
    borrow = sub_limb(a->limb[2], b->limb[2], borrow, &difference.limb[2]);
    borrow = sub_limb(a->limb[3], b->limb[3], borrow, &difference.limb[3]);
    if (borrow) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    *ret_difference = difference;
    return ZC_OK;
}

zc_result zc_u256_mul_u64(const zc_u256 *a, uint64_t b, zc_u256 *ret_product)
{
    zc_u256 product;
    wide carry = 0;
    for (size_t i = 0; i < 4; i++) {
        carry += (wide)a->limb[i] * b;
        product.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    if (carry != 0) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    *ret_product = product;
    return ZC_OK;
}

zc_result zc_u256_mul(const zc_u256 *a, const zc_u256 *b, zc_u256 *ret_product)
{
    zc_u256 product = ZC_U256_ZERO;
    for (size_t i = 0; i < 4; i++) {
        wide carry = 0;
        for (size_t j = 0; j < 4; j++) {
            if (i + j < 4) {
                carry += (wide)a->limb[i] * b->limb[j] + product.limb[i + j];
                product.limb[i + j] = (uint64_t)carry;
                carry >>= 64;
            } else if (a->limb[i] != 0 && b->limb[j] != 0) {
                return zc_fail(ZC_BASE_OVERFLOW);
            }
        }
        if (carry != 0) {
            return zc_fail(ZC_BASE_OVERFLOW);
        }
    }
    *ret_product = product;
    return ZC_OK;
}

zc_result zc_u256_div_u64(const zc_u256 *a, uint64_t divisor, zc_u256 *ret_quotient,
                          uint64_t *ret_remainder)
{
    if (divisor == 0) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    zc_u256 quotient;
    wide remainder = 0;
    for (size_t i = 4; i-- > 0;) {
        remainder = remainder << 64 | a->limb[i];
        quotient.limb[i] = (uint64_t)(remainder / divisor);
        remainder %= divisor;
    }
    *ret_quotient = quotient;
    *ret_remainder = (uint64_t)remainder;
    return ZC_OK;
}

zc_result zc_u256_to_u64(const zc_u256 *value, uint64_t *ret_value)
{
    if ((value->limb[1] | value->limb[2] | value->limb[3]) != 0) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    *ret_value = value->limb[0];
    return ZC_OK;
}

zc_result zc_u256_from_be(zc_slice bytes, zc_u256 *ret_value)
{
    if (bytes.len > 32) {
        return zc_fail(ZC_BASE_OVERFLOW);
    }
    zc_u256 value = ZC_U256_ZERO;
    for (size_t i = 0; i < bytes.len; i++) {
        size_t at = bytes.len - 1 - i;
        value.limb[i / 8] |= (uint64_t)bytes.data[at] << (8 * (i % 8));
    }
    *ret_value = value;
    return ZC_OK;
}

void zc_u256_to_be(const zc_u256 *value, uint8_t ret_bytes[static 32])
{
    for (size_t i = 0; i < 32; i++) {
        ret_bytes[31 - i] = (uint8_t)(value->limb[i / 8] >> (8 * (i % 8)));
    }
}

size_t zc_u256_byte_len(const zc_u256 *value)
{
    for (size_t i = 4; i-- > 0;) {
        if (value->limb[i] != 0) {
            return i * 8 + (71 - (size_t)__builtin_clzll(value->limb[i])) / 8;
        }
    }
    return 0;
}

zc_result zc_u256_from_decimal(zc_slice text, zc_u256 *ret_value)
{
    if (text.len == 0 || text.len >= ZC_U256_DECIMAL_SIZE) {
        return zc_fail(ZC_BASE_BAD_DECIMAL);
    }
    zc_u256 value = ZC_U256_ZERO;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return zc_fail(ZC_BASE_BAD_DECIMAL);
        }
        zc_u256 digit = zc_u256_of((uint64_t)(text.data[i] - '0'));
        ZC_TRY(zc_u256_mul_u64(&value, 10, &value));
        ZC_TRY(zc_u256_add(&value, &digit, &value));
    }
    *ret_value = value;
    return ZC_OK;
}

size_t zc_u256_to_decimal(const zc_u256 *value, char ret_text[static ZC_U256_DECIMAL_SIZE])
{
    char reversed[ZC_U256_DECIMAL_SIZE];
    size_t digits = 0;
    zc_u256 left = *value;
    do {
        uint64_t digit = 0;
        /* The divisor is not zero, so this cannot fail. */
        zc_result divided = zc_u256_div_u64(&left, 10, &left, &digit);
        (void)divided;
        reversed[digits++] = (char)('0' + digit);
    } while (!zc_u256_is_zero(&left));
    for (size_t i = 0; i < digits; i++) {
        ret_text[i] = reversed[digits - 1 - i];
    }
    ret_text[digits] = '\0';
    return digits;
}
