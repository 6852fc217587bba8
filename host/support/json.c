#include "support/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "support/reasons.h"

bool zc_json_set(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

bool zc_json_set_text(json_t *object, const char *key, const char *text)
{
    return zc_json_set_slice_text(object, key, zc_slice_of_text(text));
}

/* Length of the well-formed UTF-8 character at the head of `text`, 0 if there is none (RFC 3629).
 */
static size_t utf8_len(const uint8_t *text, size_t left)
{
    uint8_t c = text[0];
    if (c < 0x80) {
        return 1;
    }
    size_t len = c >= 0xc2 && c < 0xe0   ? 2
                 : c >= 0xe0 && c < 0xf0 ? 3
                 : c >= 0xf0 && c < 0xf5 ? 4
                                         : 0;
    if (len == 0 || len > left) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (c == 0xe0 && text[1] < 0xa0) || (c == 0xf0 && text[1] < 0x90);
    bool surrogate = c == 0xed && text[1] >= 0xa0;
    bool beyond = c == 0xf4 && text[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : len;
}

bool zc_json_set_slice_text(json_t *object, const char *key, zc_slice text)
{
    char *clean = malloc(text.len * 3 + 1);
    if (clean == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < text.len;) {
        size_t len = utf8_len(text.data + i, text.len - i);
        memcpy(clean + at, len == 0 ? (const uint8_t *)"\xef\xbf\xbd" : text.data + i,
               len == 0 ? 3 : len);
        at += len == 0 ? 3 : len;
        i += len == 0 ? 1 : len;
    }
    bool ok = zc_json_set(object, key, json_stringn(clean, at));
    free(clean);
    return ok;
}

static bool set_hex(json_t *object, const char *key, const char *prefix, zc_slice bytes)
{
    size_t head = strlen(prefix);
    char *text = malloc(head + 2 * bytes.len + 1);
    if (text == NULL) {
        return false;
    }
    memcpy(text, prefix, head + 1);
    zc_hex_encode(bytes, text + head);
    bool ok = zc_json_set(object, key, json_string(text));
    free(text);
    return ok;
}

bool zc_json_set_hex(json_t *object, const char *key, zc_slice bytes)
{
    return set_hex(object, key, "", bytes);
}

bool zc_json_set_hex0x(json_t *object, const char *key, zc_slice bytes)
{
    return set_hex(object, key, "0x", bytes);
}

bool zc_json_set_bool(json_t *object, const char *key, bool value)
{
    return zc_json_set(object, key, json_boolean(value));
}

bool zc_json_set_u64(json_t *object, const char *key, uint64_t value)
{
    if (value <= (UINT64_C(1) << 53)) {
        return zc_json_set(object, key, json_integer((json_int_t)value));
    }
    zc_u256 wide = zc_u256_of(value);
    return zc_json_set_u256(object, key, &wide);
}

bool zc_json_set_u256(json_t *object, const char *key, const zc_u256 *value)
{
    char text[ZC_U256_DECIMAL_SIZE];
    zc_u256_to_decimal(value, text);
    return zc_json_set(object, key, json_string(text));
}

bool zc_json_print(FILE *out, const json_t *object)
{
    return json_dumpf(object, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF;
}

zc_result zc_json_parse(zc_slice text, const char *what, json_t **ret_object, zc_error *error)
{
    json_error_t fault;
    json_t *value = json_loadb(text.len == 0 ? "" : (const char *)text.data, text.len,
                               JSON_REJECT_DUPLICATES, &fault);
    if (value == NULL) {
        zc_result result =
            zc_error_set(error, ZC_SUPPORT_BAD_JSON, what, "", "repair or remove the file");
        zc_error_why(error, "it is not JSON at line %d, column %d: %s", fault.line, fault.column,
                     fault.text);
        return result;
    }
    if (!json_is_object(value)) {
        json_decref(value);
        return zc_error_set(error, ZC_SUPPORT_BAD_JSON, what, "it is JSON, but not an object",
                            "repair or remove the file");
    }
    *ret_object = value;
    return ZC_OK;
}

static zc_result wrong_member(zc_error *error, const json_t *object, const char *key,
                              const char *wanted)
{
    zc_result result =
        zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the JSON object", "", "");
    bool absent = json_object_get(object, key) == NULL;
    zc_error_why(error, absent ? "it has no \"%s\" (%s)" : "its \"%s\" is not %s", key, wanted);
    return result;
}

zc_result zc_json_get_text(const json_t *object, const char *key, const char **ret_text,
                           zc_error *error)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL) {
        return wrong_member(error, object, key, "a text");
    }
    *ret_text = text;
    return ZC_OK;
}

zc_result zc_json_get_hex(const json_t *object, const char *key, uint8_t *ret_bytes, size_t len,
                          zc_error *error)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL || !zc_ok(zc_hex_decode(zc_slice_of_text(text), ret_bytes, len))) {
        zc_result result = wrong_member(error, object, key, "hex of the right length");
        return result;
    }
    return ZC_OK;
}

zc_result zc_json_get_u64(const json_t *object, const char *key, uint64_t *ret_value,
                          zc_error *error)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value) && json_integer_value(value) >= 0) {
        *ret_value = (uint64_t)json_integer_value(value);
        return ZC_OK;
    }
    zc_u256 wide;
    uint64_t number;
    if (json_is_string(value) &&
        zc_ok(zc_u256_from_decimal(zc_slice_of_text(json_string_value(value)), &wide)) &&
        zc_ok(zc_u256_to_u64(&wide, &number))) {
        *ret_value = number;
        return ZC_OK;
    }
    return wrong_member(error, object, key, "a whole number that is not negative");
}
