#include "codec/rlp.h"

enum {
    STRING_SHORT = 0x80, /* below: the byte is itself the string */
    STRING_LONG = 0xb7,  /* plus the number of length bytes */
    LIST_SHORT = 0xc0,
    LIST_LONG = 0xf7,
    SHORT_MAX = 55, /* longest content of a short form */
};

/* The content's length behind `width` length bytes, which must be as few as it needs. */
static zc_result get_long_len(zc_reader *reader, size_t width, size_t *ret_len)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, width, &bytes));
    uint64_t len = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        len = len << 8 | bytes.data[i];
    }
    if (bytes.data[0] == 0 || len <= SHORT_MAX) {
        return zc_fail(ZC_CODEC_RLP_NOT_CANONICAL);
    }
    if (len > zc_reader_left(reader)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *ret_len = (size_t)len;
    return ZC_OK;
}

/* Moves past an item's head; its content, of *ret_len bytes that are there, is next. */
static zc_result get_head(zc_reader *reader, zc_rlp_kind *ret_kind, size_t *ret_len)
{
    zc_reader at = *reader;
    uint8_t first;
    ZC_TRY(zc_read_u8(&at, &first));
    size_t len = 1;
    if (first < STRING_SHORT) { /* no head at all */
        at = *reader;
    } else if (first <= STRING_LONG) {
        len = (size_t)(first - STRING_SHORT);
    } else if (first < LIST_SHORT) {
        ZC_TRY(get_long_len(&at, (size_t)(first - STRING_LONG), &len));
    } else if (first <= LIST_LONG) {
        len = (size_t)(first - LIST_SHORT);
    } else {
        ZC_TRY(get_long_len(&at, (size_t)(first - LIST_LONG), &len));
    }
    if (len > zc_reader_left(&at)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    if (first == STRING_SHORT + 1 && *at.at < STRING_SHORT) {
        return zc_fail(ZC_CODEC_RLP_NOT_CANONICAL);
    }
    *reader = at;
    *ret_kind = first < LIST_SHORT ? ZC_RLP_STRING : ZC_RLP_LIST;
    *ret_len = len;
    return ZC_OK;
}

static zc_result get_content(zc_reader *reader, zc_rlp_kind kind, zc_slice *ret_content)
{
    zc_reader at = *reader;
    zc_rlp_kind found;
    size_t len;
    ZC_TRY(get_head(&at, &found, &len));
    if (found != kind) {
        return zc_fail(ZC_CODEC_RLP_WRONG_KIND);
    }
    ZC_TRY(zc_read_slice(&at, len, ret_content));
    *reader = at;
    return ZC_OK;
}

zc_result zc_rlp_peek(const zc_reader *reader, zc_rlp_kind *ret_kind)
{
    uint8_t first;
    ZC_TRY(zc_peek_u8(reader, &first));
    *ret_kind = first < LIST_SHORT ? ZC_RLP_STRING : ZC_RLP_LIST;
    return ZC_OK;
}

zc_result zc_rlp_get_string(zc_reader *reader, zc_slice *ret_bytes)
{
    return get_content(reader, ZC_RLP_STRING, ret_bytes);
}

zc_result zc_rlp_get_list(zc_reader *reader, zc_reader *ret_items)
{
    zc_slice items;
    ZC_TRY(get_content(reader, ZC_RLP_LIST, &items));
    *ret_items = zc_reader_of(items);
    return ZC_OK;
}

static zc_result get_number(zc_reader *reader, size_t max_len, zc_slice *ret_bytes)
{
    zc_reader at = *reader;
    zc_slice bytes;
    ZC_TRY(zc_rlp_get_string(&at, &bytes));
    if (bytes.len > max_len) {
        return zc_fail(ZC_CODEC_RLP_WRONG_LENGTH);
    }
    if (bytes.len > 0 && bytes.data[0] == 0) {
        return zc_fail(ZC_CODEC_RLP_LEADING_ZERO);
    }
    *reader = at;
    *ret_bytes = bytes;
    return ZC_OK;
}

zc_result zc_rlp_get_u256(zc_reader *reader, zc_u256 *ret_value)
{
    zc_slice bytes;
    ZC_TRY(get_number(reader, 32, &bytes));
    return zc_u256_from_be(bytes, ret_value);
}

zc_result zc_rlp_get_u64(zc_reader *reader, uint64_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(get_number(reader, 8, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        value = value << 8 | bytes.data[i];
    }
    *ret_value = value;
    return ZC_OK;
}

zc_result zc_rlp_get_fixed(zc_reader *reader, uint8_t *ret_bytes, size_t len)
{
    zc_reader at = *reader;
    zc_slice bytes;
    ZC_TRY(zc_rlp_get_string(&at, &bytes));
    if (bytes.len != len) {
        return zc_fail(ZC_CODEC_RLP_WRONG_LENGTH);
    }
    *reader = at;
    if (len > 0) {
        memcpy(ret_bytes, bytes.data, len);
    }
    return ZC_OK;
}

zc_result zc_rlp_skip(zc_reader *reader)
{
    zc_reader at = *reader; /* its end is that of the innermost open list */
    const uint8_t *outer_end[ZC_RLP_MAX_DEPTH];
    size_t depth = 0;
    do {
        zc_rlp_kind kind;
        size_t len;
        ZC_TRY(get_head(&at, &kind, &len));
        if (kind == ZC_RLP_STRING) {
            ZC_TRY(zc_skip(&at, len));
        } else if (depth == ZC_RLP_MAX_DEPTH) {
            return zc_fail(ZC_CODEC_RLP_TOO_DEEP);
        } else {
            outer_end[depth++] = at.end;
            at.end = at.at + len;
        }
        while (depth > 0 && at.at == at.end) {
            at.end = outer_end[--depth];
        }
    } while (depth > 0);
    *reader = at;
    return ZC_OK;
}

zc_result zc_rlp_check(zc_slice bytes)
{
    zc_reader reader = zc_reader_of(bytes);
    ZC_TRY(zc_rlp_skip(&reader));
    return zc_reader_end(&reader);
}

/* Makes the head of `len` bytes; returns its size. */
static size_t make_head(size_t len, uint8_t short_form, uint8_t long_form, uint8_t ret_head[9])
{
    if (len <= SHORT_MAX) {
        ret_head[0] = (uint8_t)(short_form + len);
        return 1;
    }
    uint8_t width = 1;
    while (width < sizeof len && len >> (8 * width) != 0) {
        width++;
    }
    ret_head[0] = (uint8_t)(long_form + width);
    for (size_t i = 0; i < width; i++) {
        ret_head[1 + i] = (uint8_t)(len >> (8 * (width - 1u - i)));
    }
    return 1u + width;
}

zc_result zc_rlp_put_string(zc_writer *writer, zc_slice bytes)
{
    zc_writer at = *writer;
    if (bytes.len != 1 || bytes.data[0] >= STRING_SHORT) {
        uint8_t head[9];
        size_t head_len = make_head(bytes.len, STRING_SHORT, STRING_LONG, head);
        ZC_TRY(zc_write_slice(&at, zc_slice_of(head, head_len)));
    }
    ZC_TRY(zc_write_slice(&at, bytes));
    *writer = at;
    return ZC_OK;
}

zc_result zc_rlp_put_u256(zc_writer *writer, const zc_u256 *value)
{
    uint8_t bytes[32];
    zc_u256_to_be(value, bytes);
    size_t len = zc_u256_byte_len(value);
    return zc_rlp_put_string(writer, zc_slice_of(bytes + sizeof bytes - len, len));
}

zc_result zc_rlp_put_u64(zc_writer *writer, uint64_t value)
{
    zc_u256 wide = zc_u256_of(value);
    return zc_rlp_put_u256(writer, &wide);
}

void zc_rlp_list_begin(const zc_writer *writer, zc_rlp_list *ret_list)
{
    ret_list->items_at = zc_writer_len(writer);
}

zc_result zc_rlp_list_end(zc_writer *writer, const zc_rlp_list *list)
{
    size_t len = zc_writer_len(writer) - list->items_at;
    uint8_t head[9];
    size_t head_len = make_head(len, LIST_SHORT, LIST_LONG, head);
    uint8_t *unused;
    ZC_TRY(zc_write_reserve(writer, head_len, &unused));
    uint8_t *items = writer->start + list->items_at;
    memmove(items + head_len, items, len);
    memcpy(items, head, head_len);
    return ZC_OK;
}
