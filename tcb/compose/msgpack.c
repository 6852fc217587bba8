#include "compose/msgpack.h"

/* A head byte and a big-endian number of `size` bytes behind it. */
static zc_result put_head(zc_writer *writer, uint8_t head, uint64_t value, unsigned size)
{
    zc_writer trial = *writer;
    ZC_TRY(zc_write_u8(&trial, head));
    for (unsigned i = size; i > 0; i--) {
        ZC_TRY(zc_write_u8(&trial, (uint8_t)(value >> (8 * (i - 1)))));
    }
    *writer = trial;
    return ZC_OK;
}

/* Containers: the count is in the head byte up to 15, else in two bytes. */
static zc_result put_count(zc_writer *writer, uint8_t small, uint8_t large, size_t count)
{
    if (count > UINT16_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    return count < 16 ? put_head(writer, (uint8_t)(small | count), 0, 0)
                      : put_head(writer, large, count, 2);
}

zc_result zc_msgpack_put_map(zc_writer *writer, size_t pairs)
{
    return put_count(writer, 0x80, 0xde, pairs);
}

zc_result zc_msgpack_put_array(zc_writer *writer, size_t items)
{
    return put_count(writer, 0x90, 0xdc, items);
}

static zc_result put_text_head(zc_writer *writer, size_t len)
{
    if (len < 32) {
        return put_head(writer, (uint8_t)(0xa0 | len), 0, 0);
    }
    return len <= UINT8_MAX ? put_head(writer, 0xd9, len, 1) : put_head(writer, 0xda, len, 2);
}

zc_result zc_msgpack_put_text(zc_writer *writer, zc_slice text)
{
    zc_writer trial = *writer;
    if (text.len > UINT16_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    ZC_TRY(put_text_head(&trial, text.len));
    ZC_TRY(zc_write_slice(&trial, text));
    *writer = trial;
    return ZC_OK;
}

zc_result zc_msgpack_put_u64(zc_writer *writer, uint64_t value)
{
    if (value < 0x80) {
        return put_head(writer, (uint8_t)value, 0, 0);
    }
    if (value <= UINT8_MAX) {
        return put_head(writer, 0xcc, value, 1);
    }
    if (value <= UINT16_MAX) {
        return put_head(writer, 0xcd, value, 2);
    }
    return value <= UINT32_MAX ? put_head(writer, 0xce, value, 4)
                               : put_head(writer, 0xcf, value, 8);
}

zc_result zc_msgpack_put_i64(zc_writer *writer, int64_t value)
{
    const uint64_t bits = (uint64_t)value;
    if (value >= 0) {
        return zc_msgpack_put_u64(writer, bits);
    }
    if (value >= -32) {
        return put_head(writer, (uint8_t)bits, 0, 0);
    }
    if (value >= INT8_MIN) {
        return put_head(writer, 0xd0, bits, 1);
    }
    if (value >= INT16_MIN) {
        return put_head(writer, 0xd1, bits, 2);
    }
    return value >= INT32_MIN ? put_head(writer, 0xd2, bits, 4) : put_head(writer, 0xd3, bits, 8);
}

zc_result zc_msgpack_put_bool(zc_writer *writer, bool value)
{
    return put_head(writer, value ? 0xc3 : 0xc2, 0, 0);
}

zc_result zc_msgpack_put_nil(zc_writer *writer)
{
    return put_head(writer, 0xc0, 0, 0);
}
