#include "codec/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(const uint8_t *from, size_t len, uint8_t ret_text[static 4])
{
    uint32_t bits = (uint32_t)from[0] << 16;
    bits |= len > 1 ? (uint32_t)from[1] << 8 : 0;
    bits |= len > 2 ? from[2] : 0;
    for (unsigned i = 0; i < 4; i++) {
        ret_text[i] = (uint8_t)(i <= len ? alphabet[bits >> (18 - 6 * i) & 63] : '=');
    }
}

zc_result zc_write_base64(zc_writer *writer, zc_slice bytes)
{
    if (bytes.len > SIZE_MAX / 4) {
        return zc_fail(ZC_BASE_FULL);
    }
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, ZC_BASE64_LEN(bytes.len), &to));
    for (size_t at = 0; at < bytes.len; at += 3, to += 4) {
        encode_group(bytes.data + at, bytes.len - at < 3 ? bytes.len - at : 3, to);
    }
    return ZC_OK;
}

/* 0…63, or −1. */
static int digit_value(uint8_t digit)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* Four characters become `len` bytes, 1 to 3. */
static zc_result decode_group(const uint8_t *text, size_t len, uint8_t *ret_bytes)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = i <= len ? digit_value(text[i]) : 0;
        if (value < 0) {
            return zc_fail(ZC_CODEC_BAD_BASE64);
        }
        bits = bits << 6 | (uint32_t)value;
    }
    if ((bits & (0xffffffu >> (8 * len))) != 0) { /* bits that no byte takes */
        return zc_fail(ZC_CODEC_BAD_BASE64);
    }
    for (size_t i = 0; i < len; i++) {
        ret_bytes[i] = (uint8_t)(bits >> (16 - 8 * i));
    }
    return ZC_OK;
}

zc_result zc_base64_decode(zc_slice text, uint8_t *ret_bytes, size_t capacity, size_t *ret_len)
{
    if (text.len % 4 != 0) {
        return zc_fail(ZC_CODEC_BAD_BASE64);
    }
    size_t padding = 0;
    if (text.len > 0 && text.data[text.len - 1] == '=') {
        padding = text.data[text.len - 2] == '=' ? 2 : 1;
    }
    size_t len = text.len / 4 * 3 - padding;
    if (len > capacity) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    for (size_t at = 0, to = 0; at < text.len; at += 4, to += 3) {
        ZC_TRY(decode_group(text.data + at, len - to < 3 ? len - to : 3, ret_bytes + to));
    }
    *ret_len = len;
    return ZC_OK;
}
