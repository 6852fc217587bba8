#include "codec/base58.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

enum { RADIX = 58, NO_DIGIT = 255 };

static uint8_t digit_value(uint8_t character)
{
    for (size_t i = 0; i < RADIX; i++) {
        if ((uint8_t)alphabet[i] == character) {
            return (uint8_t)i;
        }
    }
    return NO_DIGIT;
}

/* number := number · factor + carry, on `len` digits in base `base`, the least significant first.
 * Returns the new count of digits. */
static size_t multiply_add(uint8_t *digits, size_t len, uint32_t base, uint32_t factor,
                           uint32_t carry)
{
    for (size_t i = 0; i < len; i++) {
        carry += (uint32_t)digits[i] * factor;
        digits[i] = (uint8_t)(carry % base);
        carry /= base;
    }
    for (; carry > 0; carry /= base) {
        digits[len++] = (uint8_t)(carry % base);
    }
    return len;
}

static size_t count_leading(zc_slice bytes, uint8_t value)
{
    size_t count = 0;
    while (count < bytes.len && bytes.data[count] == value) {
        count++;
    }
    return count;
}

zc_result zc_base58_write(zc_slice bytes, zc_writer *writer)
{
    uint8_t digits[ZC_BASE58_MAX_TEXT];
    size_t len = 0;
    if (bytes.len > ZC_BASE58_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    size_t zeros = count_leading(bytes, 0);
    for (size_t i = zeros; i < bytes.len; i++) {
        len = multiply_add(digits, len, RADIX, 256, bytes.data[i]);
    }
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, zeros + len, &to));
    memset(to, alphabet[0], zeros);
    for (size_t i = 0; i < len; i++) {
        to[zeros + i] = (uint8_t)alphabet[digits[len - 1 - i]];
    }
    return ZC_OK;
}

zc_result zc_base58_read(zc_slice text, uint8_t *ret_bytes, size_t capacity, size_t *ret_len)
{
    uint8_t bytes[ZC_BASE58_MAX_TEXT]; /* 175 digits are at most 129 bytes, or 175 zeros */
    size_t len = 0;
    if (text.len > ZC_BASE58_MAX_TEXT) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    size_t zeros = count_leading(text, (uint8_t)alphabet[0]);
    for (size_t i = zeros; i < text.len; i++) {
        uint8_t digit = digit_value(text.data[i]);
        if (digit == NO_DIGIT) {
            return zc_fail(ZC_CODEC_BAD_BASE58);
        }
        len = multiply_add(bytes, len, 256, RADIX, digit);
    }
    if (zeros + len > capacity || zeros + len > ZC_BASE58_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    memset(ret_bytes, 0, zeros);
    for (size_t i = 0; i < len; i++) {
        ret_bytes[zeros + i] = bytes[len - 1 - i];
    }
    *ret_len = zeros + len;
    return ZC_OK;
}
