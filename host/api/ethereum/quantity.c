#include "api/ethereum/quantity.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

#define QUANTITY_DIGITS 64

/* The digits behind 0x; an empty slice where there is no 0x. */
static bool digits_of(const json_t *value, zc_slice *ret_digits)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (text == NULL || len < 2 || text[0] != '0' || text[1] != 'x') {
        return false;
    }
    *ret_digits = zc_slice_of(text + 2, len - 2);
    return true;
}

bool zc_quantity_read(const json_t *value, zc_u256 *ret_value)
{
    zc_slice digits;
    char even[QUANTITY_DIGITS + 1] = "0";
    uint8_t bytes[QUANTITY_DIGITS / 2];
    size_t len;
    if (!digits_of(value, &digits) || digits.len == 0 || digits.len > QUANTITY_DIGITS ||
        (digits.len > 1 && digits.data[0] == '0')) {
        return false;
    }
    size_t odd = digits.len % 2;
    memcpy(even + odd, digits.data, digits.len);
    return zc_ok(zc_hex_decode_some(zc_slice_of(even, digits.len + odd), bytes, sizeof bytes,
                                    &len)) &&
           zc_ok(zc_u256_from_be(zc_slice_of(bytes, len), ret_value));
}

bool zc_data_read(const json_t *value, zc_bytes *ret_bytes)
{
    zc_slice digits;
    size_t len;
    if (!digits_of(value, &digits) || digits.len % 2 != 0) {
        return false;
    }
    ret_bytes->len = 0;
    if (!zc_bytes_append(ret_bytes, digits)) {
        return false;
    }
    if (digits.len == 0) {
        return true;
    }
    if (!zc_ok(zc_hex_decode_some(digits, ret_bytes->data, ret_bytes->len, &len))) {
        return false;
    }
    ret_bytes->len = len;
    return true;
}

bool zc_data_read_fixed(const json_t *value, uint8_t *ret_bytes, size_t len)
{
    zc_slice digits;
    return digits_of(value, &digits) && digits.len == 2 * len &&
           zc_ok(zc_hex_decode(digits, ret_bytes, len));
}

json_t *zc_quantity_json(const zc_u256 *value)
{
    uint8_t bytes[32];
    char hex[2 + 2 * sizeof bytes + 1];
    zc_u256_to_be(value, bytes);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(bytes), hex + 2);
    size_t first = 2;
    while (first < sizeof hex - 2 && hex[first] == '0') {
        first++;
    }
    hex[first - 2] = '0';
    hex[first - 1] = 'x';
    return json_string(hex + first - 2);
}

json_t *zc_data_json(zc_slice bytes)
{
    char *hex = malloc(2 + 2 * bytes.len + 1);
    if (hex == NULL) {
        return NULL;
    }
    hex[0] = '0';
    hex[1] = 'x';
    hex[2] = '\0';
    if (bytes.len != 0) {
        zc_hex_encode(bytes, hex + 2);
    }
    json_t *text = json_string(hex);
    free(hex);
    return text;
}
