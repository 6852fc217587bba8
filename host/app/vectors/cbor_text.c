/* CBOR items in words: heads and strings come from the product's reader. */
#include <math.h>
#include <stdarg.h>

#include "base/hex.h"
#include "codec/cbor.h"
#include "cose_cbor.h"

#define TEXT_CAPACITY ((size_t)1 << 16)

/* RFC 8949 appendix D. */
static double half_value(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 0x1f);
    double mantissa = (double)(bits & 0x3ff);
    double value;
    if (exponent == 0) {
        value = ldexp(mantissa, -24);
    } else if (exponent != 31) {
        value = ldexp(mantissa + 1024, exponent - 25);
    } else {
        value = mantissa == 0 ? (double)INFINITY : (double)NAN;
    }
    return (bits & 0x8000) != 0 ? -value : value;
}

static double float_value(const zc_cbor_head *head)
{
    if (head->width == 2) {
        return half_value(head->value);
    }
    if (head->width == 4) {
        uint32_t bits = (uint32_t)head->value;
        float value;
        memcpy(&value, &bits, sizeof value);
        return (double)value;
    }
    double value;
    memcpy(&value, &head->value, sizeof value);
    return value;
}

/* value, or −1 − value. */
static void integer_text(const zc_u256 *value, bool negative, char ret_text[static 84])
{
    zc_u256 shown = *value;
    const zc_u256 one = zc_u256_of(1);
    char *digits = ret_text;
    if (negative) {
        *digits++ = '-';
        (void)!zc_ok(zc_u256_add(value, &one, &shown));
    }
    (void)zc_u256_to_decimal(&shown, digits);
}

static json_t *integer_json(const zc_u256 *value, bool negative)
{
    char text[84];
    integer_text(value, negative, text);
    size_t digits = strlen(text) - (negative ? 1 : 0);
    return digits > 18 ? json_string(text) : json_integer(strtoll(text, NULL, 10));
}

/* Tags 2 and 3: numbers of any size. */
static json_t *bignum_json(zc_reader *reader, uint64_t tag)
{
    zc_slice bytes;
    zc_u256 value;
    if (tag < 2 || tag > 3 || !zc_ok(zc_cbor_get_bytes(reader, &bytes)) ||
        !zc_ok(zc_u256_from_be(bytes, &value))) {
        return NULL;
    }
    return integer_json(&value, tag == 3);
}

/* The pieces of a text, joined. */
static json_t *text_json(zc_reader *reader, const zc_cbor_head *head)
{
    char text[4096];
    zc_writer writer = zc_writer_of(text, sizeof text);
    zc_slice piece;
    if (!head->indefinite) {
        if (!zc_ok(zc_read_slice(reader, (size_t)head->value, &piece))) {
            return NULL;
        }
        return json_stringn((const char *)piece.data, piece.len);
    }
    for (;;) {
        zc_cbor_head chunk;
        if (!zc_ok(zc_cbor_get_head_any(reader, &chunk))) {
            return NULL;
        }
        if (chunk.type == ZC_CBOR_BREAK) {
            return json_stringn(text, zc_writer_len(&writer));
        }
        if (!zc_ok(zc_read_slice(reader, (size_t)chunk.value, &piece)) ||
            !zc_ok(zc_write_slice(&writer, piece))) {
            return NULL;
        }
    }
}

static json_t *item_json(zc_reader *reader, unsigned depth);

/* An array, or a map whose keys are texts. */
static json_t *container_json(zc_reader *reader, bool is_map, unsigned depth)
{
    zc_cbor_container items;
    json_t *all = is_map ? json_object() : json_array();
    bool more = false;
    bool good =
        depth < ZC_CBOR_MAX_DEPTH && zc_ok(is_map ? zc_cbor_enter_map_any(reader, &items)
                                                  : zc_cbor_enter_array_any(reader, &items));
    while (good && (good = zc_ok(zc_cbor_container_next(reader, &items, &more))) && more) {
        json_t *key = is_map ? item_json(reader, depth + 1) : NULL;
        json_t *value = item_json(reader, depth + 1);
        good = is_map ? json_object_set_new(all, key != NULL ? json_string_value(key) : NULL,
                                            value) == 0
                      : json_array_append_new(all, value) == 0;
        json_decref(key);
    }
    if (!good) {
        json_decref(all);
        return NULL;
    }
    return all;
}

static json_t *item_json(zc_reader *reader, unsigned depth)
{
    zc_reader ahead = *reader;
    zc_cbor_head head;
    if (!zc_ok(zc_cbor_get_head_any(&ahead, &head))) {
        return NULL;
    }
    if (head.type == ZC_CBOR_ARRAY || head.type == ZC_CBOR_MAP) {
        return container_json(reader, head.type == ZC_CBOR_MAP, depth);
    }
    *reader = ahead;
    const zc_u256 value = zc_u256_of(head.value);
    switch (head.type) {
    case ZC_CBOR_UINT:
        return integer_json(&value, false);
    case ZC_CBOR_NINT:
        return integer_json(&value, true);
    case ZC_CBOR_TEXT:
        return text_json(reader, &head);
    case ZC_CBOR_TAG:
        return bignum_json(reader, head.value);
    case ZC_CBOR_BOOL:
        return json_boolean(head.value == 21);
    case ZC_CBOR_NULL:
        return json_null();
    case ZC_CBOR_FLOAT:
        return json_real(float_value(&head));
    default:
        return NULL;
    }
}

json_t *zc_cbor_to_json(zc_reader *reader)
{
    return item_json(reader, 0);
}

static void put(zc_writer *writer, const char *format, ...) ZC_PRINTF(2, 3);

static void put(zc_writer *writer, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)!zc_ok(zc_write_text(writer, text));
}

static bool put_string(zc_reader *reader, const zc_cbor_head *head, zc_writer *writer)
{
    bool is_text = head->type == ZC_CBOR_TEXT;
    zc_slice bytes;
    if (!zc_ok(zc_read_slice(reader, (size_t)head->value, &bytes))) {
        return false;
    }
    put(writer, is_text ? "\"" : "h'");
    (void)!zc_ok(is_text ? zc_write_slice(writer, bytes) : zc_write_hex(writer, bytes));
    put(writer, is_text ? "\"" : "'");
    return true;
}

static void put_number(const zc_cbor_head *head, zc_writer *writer)
{
    char text[84];
    const zc_u256 value = zc_u256_of(head->value);
    integer_text(&value, head->type == ZC_CBOR_NINT, text);
    put(writer, "%s", text);
}

static void put_float(double value, zc_writer *writer)
{
    char text[64];
    if (isnan(value)) {
        put(writer, "NaN");
        return;
    }
    if (isinf(value)) {
        put(writer, value < 0 ? "-Infinity" : "Infinity");
        return;
    }
    /* The shortest digits that read back as the same number. */
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) <= value && strtod(text, NULL) >= value) {
            break;
        }
    }
    put(writer, "%s%s", text, strpbrk(text, ".e") == NULL ? ".0" : "");
}

static bool put_simple(const zc_cbor_head *head, zc_writer *writer)
{
    switch (head->type) {
    case ZC_CBOR_UINT:
    case ZC_CBOR_NINT:
        put_number(head, writer);
        return true;
    case ZC_CBOR_BOOL:
        put(writer, head->value == 21 ? "true" : "false");
        return true;
    case ZC_CBOR_NULL:
        put(writer, "null");
        return true;
    case ZC_CBOR_UNDEFINED:
        put(writer, "undefined");
        return true;
    case ZC_CBOR_FLOAT:
        put_float(float_value(head), writer);
        return true;
    case ZC_CBOR_SIMPLE:
        put(writer, "simple(%llu)", (unsigned long long)head->value);
        return true;
    default:
        return false;
    }
}

static bool put_item(zc_reader *reader, zc_writer *writer, unsigned depth);

/* Items up to a count or a break, between two brackets. Strings in pieces are read the same way. */
static bool put_items(zc_reader *reader, const zc_cbor_head *head, zc_writer *writer,
                      unsigned depth)
{
    bool is_map = head->type == ZC_CBOR_MAP;
    bool is_string = head->type == ZC_CBOR_BYTES || head->type == ZC_CBOR_TEXT;
    put(writer, "%s%s", is_map ? "{" : is_string ? "(" : "[", head->indefinite ? "_ " : "");
    for (uint64_t i = 0; head->indefinite || i < head->value; i++) {
        uint8_t next;
        if (head->indefinite && zc_ok(zc_peek_u8(reader, &next)) && next == 0xff) {
            (void)!zc_ok(zc_skip(reader, 1));
            break;
        }
        put(writer, "%s", i > 0 ? ", " : "");
        if (!put_item(reader, writer, depth + 1)) {
            return false;
        }
        if (is_map) {
            put(writer, ": ");
            if (!put_item(reader, writer, depth + 1)) {
                return false;
            }
        }
    }
    put(writer, is_map ? "}" : is_string ? ")" : "]");
    return true;
}

static bool put_item(zc_reader *reader, zc_writer *writer, unsigned depth)
{
    zc_cbor_head head;
    if (depth > ZC_CBOR_MAX_DEPTH || !zc_ok(zc_cbor_get_head_any(reader, &head))) {
        return false;
    }
    bool is_string = head.type == ZC_CBOR_BYTES || head.type == ZC_CBOR_TEXT;
    if (is_string && !head.indefinite) {
        return put_string(reader, &head, writer);
    }
    if (is_string || head.type == ZC_CBOR_ARRAY || head.type == ZC_CBOR_MAP) {
        return put_items(reader, &head, writer, depth);
    }
    if (head.type == ZC_CBOR_TAG) {
        put(writer, "%llu(", (unsigned long long)head.value);
        bool good = put_item(reader, writer, depth + 1);
        put(writer, ")");
        return good;
    }
    return put_simple(&head, writer);
}

const char *zc_cbor_to_diagnostic(zc_report *report, zc_reader *reader)
{
    uint8_t *text = zc_report_room(report, TEXT_CAPACITY);
    zc_writer writer = zc_writer_of(text, TEXT_CAPACITY - 1);
    if (!put_item(reader, &writer, 1)) {
        return NULL;
    }
    text[zc_writer_len(&writer)] = '\0';
    return (const char *)text;
}
