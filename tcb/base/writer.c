#include "base/writer.h"

zc_result zc_write_reserve(zc_writer *writer, size_t len, uint8_t **ret_bytes)
{
    if (zc_writer_left(writer) < len) {
        return zc_fail(ZC_BASE_FULL);
    }
    *ret_bytes = writer->at;
    writer->at += len;
    return ZC_OK;
}

zc_result zc_write_slice(zc_writer *writer, zc_slice bytes)
{
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, bytes.len, &to));
    if (bytes.len > 0) {
        memcpy(to, bytes.data, bytes.len);
    }
    return ZC_OK;
}

zc_result zc_write_text(zc_writer *writer, const char *text)
{
    return zc_write_slice(writer, zc_slice_of_text(text));
}

static zc_result write_big_endian(zc_writer *writer, uint64_t value, size_t len)
{
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, len, &to));
    for (size_t i = 0; i < len; i++) {
        to[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    }
    return ZC_OK;
}

zc_result zc_write_u8(zc_writer *writer, uint8_t value)
{
    return write_big_endian(writer, value, sizeof value);
}

zc_result zc_write_u16(zc_writer *writer, uint16_t value)
{
    return write_big_endian(writer, value, sizeof value);
}

zc_result zc_write_u32(zc_writer *writer, uint32_t value)
{
    return write_big_endian(writer, value, sizeof value);
}

zc_result zc_write_u64(zc_writer *writer, uint64_t value)
{
    return write_big_endian(writer, value, sizeof value);
}
