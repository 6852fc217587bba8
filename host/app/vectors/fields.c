#include "fields.h"

#include "base/hex.h"
#include "codec/base64.h"

bool zc_field_has(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value != NULL && !json_is_null(value);
}

const char *zc_field_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

bool zc_field_is(const json_t *object, const char *key, const char *text)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

zc_slice zc_hex_of(zc_report *report, const json_t *text)
{
    size_t len = 0;
    size_t capacity = json_string_length(text) / 2 + 1;
    uint8_t *bytes = zc_report_room(report, capacity);
    zc_slice digits = zc_slice_of(json_string_value(text), json_string_length(text));
    if (!json_is_string(text) || !zc_ok(zc_hex_decode_some(digits, bytes, capacity, &len))) {
        zc_report_problem(report, "the case is malformed: hex is wanted");
    }
    return zc_slice_of(bytes, len);
}

zc_slice zc_field_hex(zc_report *report, const json_t *object, const char *key)
{
    const json_t *text = json_object_get(object, key);
    if (!json_is_string(text)) {
        zc_report_problem(report, "the case is malformed: it has no hex in '%s'", key);
        return zc_slice_of(NULL, 0);
    }
    return zc_hex_of(report, text);
}

void zc_field_copy(zc_report *report, const json_t *object, const char *key, uint8_t *ret_bytes,
                   size_t len)
{
    zc_slice bytes = zc_field_hex(report, object, key);
    if (bytes.len != len || bytes.data == NULL) {
        zc_report_problem(report, "the case is malformed: '%s' is not %zu bytes", key, len);
        memset(ret_bytes, 0, len);
        return;
    }
    memcpy(ret_bytes, bytes.data, len);
}

zc_slice zc_base64_of(zc_report *report, const json_t *text)
{
    size_t len = 0;
    zc_slice characters = zc_slice_of(json_string_value(text), json_string_length(text));
    uint8_t *bytes = zc_report_room(report, characters.len + 1);
    if (!json_is_string(text) ||
        !zc_ok(zc_base64_decode(characters, bytes, characters.len + 1, &len))) {
        zc_report_problem(report, "the case is malformed: base64 is wanted");
    }
    return zc_slice_of(bytes, len);
}

/* Hex of any number of digits, which is how Ethereum writes quantities. */
static bool quantity(const char *digits, zc_u256 *ret_value)
{
    char even[65] = "0";
    uint8_t bytes[32];
    size_t count = strlen(digits);
    size_t len;
    if (count == 0) {
        *ret_value = ZC_U256_ZERO;
        return true;
    }
    if (count > 64) {
        return false;
    }
    memcpy(even + count % 2, digits, count + 1 - (count == 64 ? 1 : 0));
    zc_slice text = zc_slice_of(even, count + count % 2);
    return zc_ok(zc_hex_decode_some(text, bytes, sizeof bytes, &len)) &&
           zc_ok(zc_u256_from_be(zc_slice_of(bytes, len), ret_value));
}

zc_u256 zc_field_number(zc_report *report, const json_t *object, const char *key)
{
    zc_u256 value = ZC_U256_ZERO;
    const json_t *number = json_object_get(object, key);
    const char *text = json_string_value(number);
    bool good = false;
    if (json_is_integer(number) && json_integer_value(number) >= 0) {
        value = zc_u256_of((uint64_t)json_integer_value(number));
        good = true;
    } else if (text != NULL && strncmp(text, "0x", 2) == 0) {
        good = quantity(text + 2, &value);
    } else if (text != NULL) {
        good = zc_ok(zc_u256_from_decimal(zc_slice_of_text(text), &value));
    }
    if (!good) {
        zc_report_problem(report, "the case is malformed: it has no number in '%s'", key);
    }
    return value;
}

uint64_t zc_field_u64(zc_report *report, const json_t *object, const char *key)
{
    uint64_t small = 0;
    zc_u256 value = zc_field_number(report, object, key);
    if (!zc_ok(zc_u256_to_u64(&value, &small))) {
        zc_report_problem(report, "the case is malformed: '%s' is beyond 64 bits", key);
    }
    return small;
}
