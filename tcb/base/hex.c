#include "base/hex.h"

static const char digits[] = "0123456789abcdef";

void zc_hex_encode(zc_slice bytes, char *ret_text)
{
    for (size_t i = 0; i < bytes.len; i++) {
        ret_text[2 * i] = digits[bytes.data[i] >> 4];
        ret_text[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    ret_text[2 * bytes.len] = '\0';
}

zc_result zc_write_hex(zc_writer *writer, zc_slice bytes)
{
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, 2 * bytes.len, &to));
    for (size_t i = 0; i < bytes.len; i++) {
        to[2 * i] = (uint8_t)digits[bytes.data[i] >> 4];
        to[2 * i + 1] = (uint8_t)digits[bytes.data[i] & 15];
    }
    return ZC_OK;
}

/* The value of a digit, or 16 for anything else. */
static uint8_t digit_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return (uint8_t)(c - '0');
    }
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? (uint8_t)(lower - 'a' + 10) : 16;
}

zc_result zc_hex_decode_some(zc_slice text, uint8_t *ret_bytes, size_t capacity, size_t *ret_len)
{
    if (text.len >= 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x') {
        text = zc_slice_of(text.data + 2, text.len - 2);
    }
    if (text.len % 2 != 0) {
        return zc_fail(ZC_BASE_BAD_HEX);
    }
    if (text.len / 2 > capacity) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (digit_value(text.data[i]) > 15) {
            return zc_fail(ZC_BASE_BAD_HEX);
        }
    }
    for (size_t i = 0; i < text.len / 2; i++) {
        ret_bytes[i] =
            (uint8_t)(digit_value(text.data[2 * i]) << 4 | digit_value(text.data[2 * i + 1]));
    }
    *ret_len = text.len / 2;
    return ZC_OK;
}

zc_result zc_hex_decode(zc_slice text, uint8_t *ret_bytes, size_t len)
{
    bool prefixed = text.len >= 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x';
    if (text.len - (prefixed ? 2 : 0) != 2 * len) {
        return zc_fail(ZC_BASE_BAD_HEX);
    }
    size_t got;
    return zc_hex_decode_some(text, ret_bytes, len, &got);
}
