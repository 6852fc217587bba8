#include "codec/json_write.h"

#include "base/u256.h"
#include "codec/cbor.h"

zc_json zc_json_of(zc_writer *out)
{
    return (zc_json){.out = out};
}

static uint32_t bit_of(const zc_json *json)
{
    return UINT32_C(1) << (json->depth - 1);
}

static bool in_object(const zc_json *json)
{
    return json->depth > 0 && (json->objects & bit_of(json)) != 0;
}

/* Writes what separates an item from the one before. `out` is a trial of json->out. */
static zc_result separate(const zc_json *json, zc_writer *out)
{
    if (json->depth > 0 && !json->has_key && (json->filled & bit_of(json)) != 0) {
        return zc_write_u8(out, ',');
    }
    return ZC_OK;
}

/* Whether a value may stand here. */
static zc_result check_value(const zc_json *json)
{
    return json->is_done || in_object(json) != json->has_key ? zc_fail(ZC_CODEC_JSON_SHAPE) : ZC_OK;
}

/* The value is written: only now does the state move. */
static void admit(zc_json *json, const zc_writer *out)
{
    *json->out = *out;
    json->has_key = false;
    if (json->depth > 0) {
        json->filled |= bit_of(json);
    } else {
        json->is_done = true;
    }
}

static zc_result put_token(zc_json *json, const char *token)
{
    zc_writer out = *json->out;
    ZC_TRY(check_value(json));
    ZC_TRY(separate(json, &out));
    ZC_TRY(zc_write_text(&out, token));
    admit(json, &out);
    return ZC_OK;
}

static zc_result open_container(zc_json *json, const char *mark, bool is_object)
{
    if (json->depth == ZC_JSON_MAX_DEPTH) {
        return zc_fail(ZC_CODEC_TOO_DEEP);
    }
    ZC_TRY(put_token(json, mark));
    json->is_done = false;
    json->depth++;
    json->filled &= ~bit_of(json);
    json->objects = is_object ? json->objects | bit_of(json) : json->objects & ~bit_of(json);
    return ZC_OK;
}

static zc_result close_container(zc_json *json, uint8_t mark, bool is_object)
{
    if (json->depth == 0 || json->has_key || in_object(json) != is_object) {
        return zc_fail(ZC_CODEC_JSON_SHAPE);
    }
    ZC_TRY(zc_write_u8(json->out, mark));
    json->depth--;
    json->is_done = json->depth == 0;
    return ZC_OK;
}

zc_result zc_json_open_object(zc_json *json)
{
    return open_container(json, "{", true);
}

zc_result zc_json_close_object(zc_json *json)
{
    return close_container(json, '}', true);
}

zc_result zc_json_open_array(zc_json *json)
{
    return open_container(json, "[", false);
}

zc_result zc_json_close_array(zc_json *json)
{
    return close_container(json, ']', false);
}

static zc_result put_char(zc_writer *out, uint8_t c)
{
    static const char digits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        ZC_TRY(zc_write_u8(out, '\\'));
        return zc_write_u8(out, c);
    }
    if (c < 0x20 || c == 0x7f) {
        ZC_TRY(zc_write_text(out, "\\u00"));
        ZC_TRY(zc_write_u8(out, (uint8_t)digits[c >> 4]));
        return zc_write_u8(out, (uint8_t)digits[c & 15]);
    }
    return zc_write_u8(out, c);
}

static zc_result put_string(zc_writer *out, zc_slice text)
{
    if (!zc_utf8_valid(text)) {
        return zc_fail(ZC_CODEC_BAD_UTF8);
    }
    ZC_TRY(zc_write_u8(out, '"'));
    for (size_t i = 0; i < text.len; i++) {
        ZC_TRY(put_char(out, text.data[i]));
    }
    return zc_write_u8(out, '"');
}

zc_result zc_json_key(zc_json *json, const char *key)
{
    zc_writer out = *json->out;
    if (!in_object(json) || json->has_key) {
        return zc_fail(ZC_CODEC_JSON_SHAPE);
    }
    ZC_TRY(separate(json, &out));
    ZC_TRY(put_string(&out, zc_slice_of_text(key)));
    ZC_TRY(zc_write_u8(&out, ':'));
    *json->out = out;
    json->has_key = true;
    return ZC_OK;
}

zc_result zc_json_text(zc_json *json, zc_slice text)
{
    zc_writer out = *json->out;
    ZC_TRY(check_value(json));
    ZC_TRY(separate(json, &out));
    ZC_TRY(put_string(&out, text));
    admit(json, &out);
    return ZC_OK;
}

zc_result zc_json_u64(zc_json *json, uint64_t value)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    const zc_u256 number = zc_u256_of(value);
    zc_u256_to_decimal(&number, digits);
    return put_token(json, digits);
}

zc_result zc_json_i64(zc_json *json, int64_t value)
{
    char digits[ZC_U256_DECIMAL_SIZE + 1] = "-";
    if (value >= 0) {
        return zc_json_u64(json, (uint64_t)value);
    }
    const zc_u256 number = zc_u256_of(-(uint64_t)value);
    zc_u256_to_decimal(&number, digits + 1);
    return put_token(json, digits);
}

zc_result zc_json_bool(zc_json *json, bool value)
{
    return put_token(json, value ? "true" : "false");
}

zc_result zc_json_null(zc_json *json)
{
    return put_token(json, "null");
}

zc_result zc_json_elsewhere(zc_json *json)
{
    return put_token(json, "");
}

zc_result zc_json_pair(zc_json *json, const char *key, zc_slice text)
{
    const zc_json before = *json;
    const zc_writer out = *json->out;
    ZC_TRY(zc_json_key(json, key));
    zc_result result = zc_json_text(json, text);
    if (!zc_ok(result)) {
        *json = before;
        *json->out = out;
    }
    return result;
}

zc_result zc_json_end(const zc_json *json)
{
    return json->is_done ? ZC_OK : zc_fail(ZC_CODEC_JSON_SHAPE);
}
