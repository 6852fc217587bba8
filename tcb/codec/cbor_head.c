#include "codec/cbor_head.h"

enum {
    INFO_ONE_BYTE = 24, /* 24…27: the argument follows in 1, 2, 4 or 8 bytes */
    INFO_EIGHT_BYTES = 27,
    INFO_INDEFINITE = 31,
    SIMPLE_FALSE = 20,
    SIMPLE_TRUE = 21,
    SIMPLE_NULL = 22,
    SIMPLE_UNDEFINED = 23,
    SIMPLE_FIRST_LONG = 32, /* smaller ones have one form only, in the initial byte */
};

static zc_result read_argument(zc_reader *reader, unsigned width, uint64_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, width, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        value = value << 8 | bytes.data[i];
    }
    *ret_value = value;
    return ZC_OK;
}

/* Major type 7 holds several of our types. */
static zc_result name_simple(zc_cbor_head *head)
{
    if (head->width > 1) {
        head->type = ZC_CBOR_FLOAT;
        return ZC_OK;
    }
    if (head->width == 1 && head->value < SIMPLE_FIRST_LONG) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    }
    switch (head->value) {
    case SIMPLE_FALSE:
    case SIMPLE_TRUE:
        head->type = ZC_CBOR_BOOL;
        return ZC_OK;
    case SIMPLE_NULL:
        head->type = ZC_CBOR_NULL;
        return ZC_OK;
    case SIMPLE_UNDEFINED:
        head->type = ZC_CBOR_UNDEFINED;
        return ZC_OK;
    default:
        head->type = ZC_CBOR_SIMPLE;
        return ZC_OK;
    }
}

static zc_result indefinite_head(unsigned major, zc_cbor_head *ret_head)
{
    if (major == ZC_CBOR_MAJOR_SIMPLE) {
        *ret_head = (zc_cbor_head){.type = ZC_CBOR_BREAK};
        return ZC_OK;
    }
    if (major < ZC_CBOR_BYTES || major > ZC_CBOR_MAP) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    }
    *ret_head = (zc_cbor_head){.type = (zc_cbor_type)major, .indefinite = true};
    return ZC_OK;
}

zc_result zc_cbor_get_head_any(zc_reader *reader, zc_cbor_head *ret_head)
{
    zc_reader at = *reader;
    uint8_t initial;
    ZC_TRY(zc_read_u8(&at, &initial));
    unsigned major = initial >> 5;
    unsigned info = initial & 31;
    zc_cbor_head head = {.type = (zc_cbor_type)major, .value = info};
    if (info == INFO_INDEFINITE) {
        ZC_TRY(indefinite_head(major, &head));
    } else if (info > INFO_EIGHT_BYTES) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    } else if (info >= INFO_ONE_BYTE) {
        head.width = (uint8_t)(1u << (info - INFO_ONE_BYTE));
        ZC_TRY(read_argument(&at, head.width, &head.value));
    }
    if (major == ZC_CBOR_MAJOR_SIMPLE && info != INFO_INDEFINITE) {
        ZC_TRY(name_simple(&head));
    }
    *reader = at;
    *ret_head = head;
    return ZC_OK;
}

/* The fewest bytes that the argument needs after the initial byte. */
static unsigned shortest_width(uint64_t value)
{
    if (value < INFO_ONE_BYTE) {
        return 0;
    }
    return value <= UINT8_MAX ? 1 : value <= UINT16_MAX ? 2 : value <= UINT32_MAX ? 4 : 8;
}

zc_result zc_cbor_get_head(zc_reader *reader, zc_cbor_head *ret_head)
{
    if (zc_cbor_get_short_head(reader, ret_head)) {
        return ZC_OK;
    }
    zc_reader at = *reader;
    zc_cbor_head head;
    ZC_TRY(zc_cbor_get_head_any(&at, &head));
    if (head.type == ZC_CBOR_BREAK) {
        return zc_fail(ZC_CODEC_ILL_FORMED);
    }
    bool shortest = head.type == ZC_CBOR_FLOAT ? zc_cbor_float_is_shortest(head.width, head.value)
                                               : head.width == shortest_width(head.value);
    if (head.indefinite || !shortest) {
        return zc_fail(ZC_CODEC_NOT_CANONICAL);
    }
    *reader = at;
    *ret_head = head;
    return ZC_OK;
}

zc_result zc_cbor_put_head(zc_writer *writer, unsigned major, uint64_t value)
{
    unsigned width = shortest_width(value);
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, 1 + width, &to));
    unsigned info = (unsigned)value;
    if (width > 0) {
        info = width == 1 ? INFO_ONE_BYTE : width == 2 ? 25 : width == 4 ? 26 : INFO_EIGHT_BYTES;
    }
    to[0] = (uint8_t)(major << 5 | info);
    for (unsigned i = 0; i < width; i++) {
        to[1 + i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    }
    return ZC_OK;
}

/* A binary float format, so that a value is significand · 2^exponent with integers. */
typedef struct float_format {
    int significand_bits; /* with the implicit one */
    int min_exponent;     /* of the last significand bit of a subnormal */
    int max_power;        /* of the greatest finite value's first bit */
} float_format;

static const float_format half_format = {11, -24, 15};
static const float_format single_format = {24, -149, 127};
static const float_format double_format = {53, -1074, 1023};

static bool fits_float(uint64_t significand, int exponent, const float_format *format)
{
    int bits = 0;
    while (significand >> bits != 0) {
        bits++;
    }
    return bits <= format->significand_bits && exponent >= format->min_exponent &&
           exponent + bits - 1 <= format->max_power;
}

bool zc_cbor_float_is_shortest(unsigned width, uint64_t bits)
{
    const float_format *own = width == 2   ? &half_format
                              : width == 4 ? &single_format
                                           : &double_format;
    unsigned fraction_bits = (unsigned)own->significand_bits - 1;
    uint64_t exponent_mask = ((uint64_t)own->max_power << 1) + 1;
    uint64_t fraction = bits & (((uint64_t)1 << fraction_bits) - 1);
    uint64_t biased = bits >> fraction_bits & exponent_mask;
    if (biased == exponent_mask) { /* infinities, and NaN as f97e00 alone */
        return width == 2 && (fraction == 0 || bits == 0x7e00);
    }
    if (width == 2) {
        return true;
    }
    uint64_t significand = biased == 0 ? fraction : fraction | (uint64_t)1 << fraction_bits;
    if (significand == 0) {
        return false;
    }
    int exponent = own->min_exponent + (biased == 0 ? 0 : (int)biased - 1);
    while ((significand & 1) == 0) {
        significand >>= 1;
        exponent++;
    }
    return !fits_float(significand, exponent, width == 4 ? &half_format : &single_format);
}
