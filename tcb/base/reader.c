#include "base/reader.h"

zc_result zc_read_slice(zc_reader *reader, size_t len, zc_slice *ret_bytes)
{
    if (zc_reader_left(reader) < len) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *ret_bytes = zc_slice_of(reader->at, len);
    reader->at += len;
    return ZC_OK;
}

zc_result zc_skip(zc_reader *reader, size_t len)
{
    zc_slice skipped;
    return zc_read_slice(reader, len, &skipped);
}

zc_result zc_read_copy(zc_reader *reader, uint8_t *ret_bytes, size_t len)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, len, &bytes));
    if (len > 0) {
        memcpy(ret_bytes, bytes.data, len);
    }
    return ZC_OK;
}

zc_result zc_peek_u8(const zc_reader *reader, uint8_t *ret_value)
{
    if (reader->at == reader->end) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    *ret_value = *reader->at;
    return ZC_OK;
}

static zc_result read_big_endian(zc_reader *reader, size_t len, uint64_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, len, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | bytes.data[i];
    }
    *ret_value = value;
    return ZC_OK;
}

zc_result zc_read_u8(zc_reader *reader, uint8_t *ret_value)
{
    ZC_TRY(zc_peek_u8(reader, ret_value));
    reader->at++;
    return ZC_OK;
}

zc_result zc_read_u16(zc_reader *reader, uint16_t *ret_value)
{
    uint64_t value;
    ZC_TRY(read_big_endian(reader, sizeof *ret_value, &value));
    *ret_value = (uint16_t)value;
    return ZC_OK;
}

zc_result zc_read_u32(zc_reader *reader, uint32_t *ret_value)
{
    uint64_t value;
    ZC_TRY(read_big_endian(reader, sizeof *ret_value, &value));
    *ret_value = (uint32_t)value;
    return ZC_OK;
}

zc_result zc_read_u64(zc_reader *reader, uint64_t *ret_value)
{
    return read_big_endian(reader, sizeof *ret_value, ret_value);
}

zc_result zc_reader_end(const zc_reader *reader)
{
    return reader->at == reader->end ? ZC_OK : zc_fail(ZC_BASE_TRAILING);
}
