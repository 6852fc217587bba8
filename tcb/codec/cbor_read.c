#include "codec/cbor_head.h"

/* The value of the next head, which must be canonical and of one type. */
static zc_result get_value(zc_reader *reader, zc_cbor_type type, uint64_t *ret_value)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    if (!zc_cbor_get_short_head(&at, &head)) {
        ZC_TRY(zc_cbor_get_head(&at, &head));
    }
    if (head.type != type) {
        return zc_fail(ZC_CODEC_WRONG_TYPE);
    }
    *reader = at;
    *ret_value = head.value;
    return ZC_OK;
}

zc_result zc_cbor_peek_type(const zc_reader *reader, zc_cbor_type *ret_type)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head_any(&at, &head));
    *ret_type = head.type;
    return ZC_OK;
}

zc_result zc_cbor_get_uint(zc_reader *reader, uint64_t *ret_value)
{
    return get_value(reader, ZC_CBOR_UINT, ret_value);
}

zc_result zc_cbor_get_uint_max(zc_reader *reader, uint64_t max, uint64_t *ret_value)
{
    zc_reader at = *reader;
    uint64_t value;
    ZC_TRY(get_value(&at, ZC_CBOR_UINT, &value));
    if (value > max) {
        return zc_fail(ZC_CODEC_RANGE);
    }
    *reader = at;
    *ret_value = value;
    return ZC_OK;
}

zc_result zc_cbor_get_int(zc_reader *reader, int64_t *ret_value)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head(&at, &head));
    if (head.type != ZC_CBOR_UINT && head.type != ZC_CBOR_NINT) {
        return zc_fail(ZC_CODEC_WRONG_TYPE);
    }
    if (head.value > INT64_MAX) {
        return zc_fail(ZC_CODEC_RANGE);
    }
    *reader = at;
    *ret_value = head.type == ZC_CBOR_UINT ? (int64_t)head.value : -1 - (int64_t)head.value;
    return ZC_OK;
}

static zc_result get_string(zc_reader *reader, zc_cbor_type type, zc_slice *ret_bytes)
{
    zc_reader at = *reader;
    uint64_t len;
    ZC_TRY(get_value(&at, type, &len));
    if (len > zc_reader_left(&at)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    zc_slice bytes;
    ZC_TRY(zc_read_slice(&at, (size_t)len, &bytes));
    if (type == ZC_CBOR_TEXT && !zc_utf8_valid(bytes)) {
        return zc_fail(ZC_CODEC_BAD_UTF8);
    }
    *reader = at;
    *ret_bytes = bytes;
    return ZC_OK;
}

zc_result zc_cbor_get_bytes(zc_reader *reader, zc_slice *ret_bytes)
{
    return get_string(reader, ZC_CBOR_BYTES, ret_bytes);
}

zc_result zc_cbor_get_text(zc_reader *reader, zc_slice *ret_text)
{
    return get_string(reader, ZC_CBOR_TEXT, ret_text);
}

zc_result zc_cbor_get_fixed_bytes(zc_reader *reader, uint8_t *ret_bytes, size_t len)
{
    zc_reader at = *reader;
    zc_slice bytes;
    ZC_TRY(zc_cbor_get_bytes(&at, &bytes));
    if (bytes.len != len) {
        return zc_fail(ZC_CODEC_WRONG_LENGTH);
    }
    *reader = at;
    if (len > 0) {
        memcpy(ret_bytes, bytes.data, len);
    }
    return ZC_OK;
}

/* `smallest` is the fewest bytes that one entry takes. */
static zc_result get_count(zc_reader *reader, zc_cbor_type type, size_t smallest, size_t max,
                           size_t *ret_count)
{
    zc_reader at = *reader;
    uint64_t count;
    ZC_TRY(get_value(&at, type, &count));
    if (count > max) {
        return zc_fail(ZC_CODEC_TOO_MANY);
    }
    if (count > zc_reader_left(&at) / smallest) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *reader = at;
    *ret_count = (size_t)count;
    return ZC_OK;
}

zc_result zc_cbor_get_array(zc_reader *reader, size_t max, size_t *ret_count)
{
    return get_count(reader, ZC_CBOR_ARRAY, 1, max, ret_count);
}

zc_result zc_cbor_get_map(zc_reader *reader, size_t max, size_t *ret_count)
{
    return get_count(reader, ZC_CBOR_MAP, 2, max, ret_count);
}

zc_result zc_cbor_get_tag(zc_reader *reader, uint64_t *ret_tag)
{
    return get_value(reader, ZC_CBOR_TAG, ret_tag);
}

zc_result zc_cbor_get_bool(zc_reader *reader, bool *ret_value)
{
    uint64_t value;
    ZC_TRY(get_value(reader, ZC_CBOR_BOOL, &value));
    *ret_value = value == 21; /* the simple value true; false is 20 */
    return ZC_OK;
}

zc_result zc_cbor_get_null(zc_reader *reader)
{
    uint64_t value;
    return get_value(reader, ZC_CBOR_NULL, &value);
}

zc_result zc_cbor_take_null(zc_reader *reader, bool *ret_was_null)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    zc_cbor_type type = ZC_CBOR_UINT;
    if (!zc_cbor_get_short_head(&at, &head)) {
        ZC_TRY(zc_cbor_peek_type(reader, &type));
    }
    if (type == ZC_CBOR_NULL) {
        ZC_TRY(zc_cbor_get_null(reader));
    }
    *ret_was_null = type == ZC_CBOR_NULL;
    return ZC_OK;
}

zc_result zc_cbor_get_u256(zc_reader *reader, zc_u256 *ret_value)
{
    zc_reader at = *reader;
    zc_slice bytes;
    ZC_TRY(zc_cbor_get_bytes(&at, &bytes));
    if (bytes.len > 32) {
        return zc_fail(ZC_CODEC_RANGE);
    }
    if (bytes.len > 0 && bytes.data[0] == 0) {
        return zc_fail(ZC_CODEC_NOT_CANONICAL);
    }
    ZC_TRY(zc_u256_from_be(bytes, ret_value));
    *reader = at;
    return ZC_OK;
}

zc_result zc_cbor_get_key_uint(zc_reader *reader, uint64_t expected)
{
    zc_reader at = *reader;
    zc_cbor_head head;
    if (!zc_cbor_get_short_head(&at, &head)) {
        ZC_TRY(zc_cbor_get_head(&at, &head));
    }
    if (head.type != ZC_CBOR_UINT || head.value != expected) {
        return zc_fail(ZC_CODEC_WRONG_KEY);
    }
    *reader = at;
    return ZC_OK;
}
