#include "loose.h"

#define PAIRS_MAX 32
#define KEY_MAX 64

zc_result zc_loose_get_uint(zc_reader *reader, uint64_t max, uint64_t *ret_value)
{
    zc_reader ahead = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head_any(&ahead, &head));
    if (head.type != ZC_CBOR_UINT) {
        return zc_fail(ZC_CODEC_WRONG_TYPE);
    }
    if (head.value > max) {
        return zc_fail(ZC_CODEC_RANGE);
    }
    *reader = ahead;
    *ret_value = head.value;
    return ZC_OK;
}

static zc_result get_string(zc_reader *reader, zc_cbor_type type, size_t max, zc_slice *ret_bytes)
{
    zc_reader ahead = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head_any(&ahead, &head));
    if (head.type != type || head.indefinite) {
        return zc_fail(ZC_CODEC_WRONG_TYPE);
    }
    if (head.value > max) {
        return zc_fail(ZC_CODEC_WRONG_LENGTH);
    }
    ZC_TRY(zc_read_slice(&ahead, (size_t)head.value, ret_bytes));
    *reader = ahead;
    return ZC_OK;
}

zc_result zc_loose_get_bytes(zc_reader *reader, size_t max, zc_slice *ret_bytes)
{
    return get_string(reader, ZC_CBOR_BYTES, max, ret_bytes);
}

zc_result zc_loose_get_text(zc_reader *reader, size_t max, zc_slice *ret_text)
{
    zc_reader ahead = *reader;
    zc_slice text;
    ZC_TRY(get_string(&ahead, ZC_CBOR_TEXT, max, &text));
    if (!zc_utf8_valid(text)) {
        return zc_fail(ZC_CODEC_BAD_UTF8);
    }
    *reader = ahead;
    *ret_text = text;
    return ZC_OK;
}

int zc_loose_find(const char *const *names, size_t count, zc_slice text)
{
    for (size_t i = 0; i < count; i++) {
        if (zc_slice_eq_text(text, names[i])) {
            return (int)i;
        }
    }
    return -1;
}

static zc_result read_pair(zc_reader *reader, const zc_loose_fields *fields, uint32_t *seen)
{
    zc_slice key;
    ZC_TRY(zc_loose_get_text(reader, KEY_MAX, &key));
    int field = zc_loose_find(fields->names, fields->count, key);
    if (field < 0) {
        return fields->skip_unknown ? zc_cbor_skip(reader) : zc_fail(ZC_CODEC_WRONG_KEY);
    }
    uint32_t bit = UINT32_C(1) << field;
    if ((*seen & bit) != 0) {
        return zc_fail(ZC_CODEC_KEY_ORDER);
    }
    *seen |= bit;
    return fields->read(fields->self, (unsigned)field, reader);
}

zc_result zc_loose_get_map(zc_reader *reader, const zc_loose_fields *fields, uint32_t *ret_seen)
{
    zc_cbor_container map;
    ZC_TRY(zc_cbor_enter_map_any(reader, &map));
    uint32_t seen = 0;
    for (int pairs = 0; pairs <= PAIRS_MAX; pairs++) {
        bool more;
        ZC_TRY(zc_cbor_container_next(reader, &map, &more));
        if (!more) {
            *ret_seen = seen;
            return ZC_OK;
        }
        ZC_TRY(read_pair(reader, fields, &seen));
    }
    return zc_fail(ZC_CODEC_TOO_MANY);
}
