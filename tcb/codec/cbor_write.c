#include "codec/cbor_head.h"

zc_result zc_cbor_put_uint(zc_writer *writer, uint64_t value)
{
    return zc_cbor_put_head(writer, ZC_CBOR_UINT, value);
}

zc_result zc_cbor_put_nint(zc_writer *writer, uint64_t n)
{
    return zc_cbor_put_head(writer, ZC_CBOR_NINT, n);
}

zc_result zc_cbor_put_int(zc_writer *writer, int64_t value)
{
    /* −1 − value is the complement, which can't overflow. */
    return value >= 0 ? zc_cbor_put_uint(writer, (uint64_t)value)
                      : zc_cbor_put_nint(writer, ~(uint64_t)value);
}

static zc_result put_string(zc_writer *writer, unsigned major, zc_slice bytes)
{
    zc_writer at = *writer;
    ZC_TRY(zc_cbor_put_head(&at, major, bytes.len));
    ZC_TRY(zc_write_slice(&at, bytes));
    *writer = at;
    return ZC_OK;
}

zc_result zc_cbor_put_bytes(zc_writer *writer, zc_slice bytes)
{
    return put_string(writer, ZC_CBOR_BYTES, bytes);
}

zc_result zc_cbor_put_text(zc_writer *writer, zc_slice text)
{
    return put_string(writer, ZC_CBOR_TEXT, text);
}

zc_result zc_cbor_put_array(zc_writer *writer, size_t count)
{
    return zc_cbor_put_head(writer, ZC_CBOR_ARRAY, count);
}

zc_result zc_cbor_put_map(zc_writer *writer, size_t count)
{
    return zc_cbor_put_head(writer, ZC_CBOR_MAP, count);
}

zc_result zc_cbor_put_tag(zc_writer *writer, uint64_t tag)
{
    return zc_cbor_put_head(writer, ZC_CBOR_TAG, tag);
}

zc_result zc_cbor_put_bool(zc_writer *writer, bool value)
{
    return zc_write_u8(writer, value ? 0xf5 : 0xf4);
}

zc_result zc_cbor_put_null(zc_writer *writer)
{
    return zc_write_u8(writer, 0xf6);
}

zc_result zc_cbor_put_u256(zc_writer *writer, const zc_u256 *value)
{
    uint8_t bytes[32];
    zc_u256_to_be(value, bytes);
    size_t len = zc_u256_byte_len(value);
    return zc_cbor_put_bytes(writer, zc_slice_of(bytes + sizeof bytes - len, len));
}
