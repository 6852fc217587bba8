#include "intent/bitcoin/wire.h"

#include "intent/reasons.h"

static uint64_t from_le(const uint8_t *bytes, size_t len)
{
    uint64_t value = 0;
    for (size_t i = len; i > 0; i--) {
        value = value << 8 | bytes[i - 1];
    }
    return value;
}

static void to_le(uint64_t value, uint8_t *ret_bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        ret_bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

zc_result zc_btc_read_u32(zc_reader *reader, uint32_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, 4, &bytes));
    *ret_value = (uint32_t)from_le(bytes.data, 4);
    return ZC_OK;
}

zc_result zc_btc_read_u64(zc_reader *reader, uint64_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(zc_read_slice(reader, 8, &bytes));
    *ret_value = from_le(bytes.data, 8);
    return ZC_OK;
}

size_t zc_btc_count_size(uint64_t value)
{
    return value < 0xfd ? 1 : value <= UINT16_MAX ? 3 : value <= UINT32_MAX ? 5 : 9;
}

zc_result zc_btc_read_count(zc_reader *reader, uint64_t *ret_value)
{
    zc_reader at = *reader;
    uint8_t first;
    zc_slice rest;
    ZC_TRY(zc_read_u8(&at, &first));
    uint64_t value = first;
    if (first >= 0xfd) {
        ZC_TRY(zc_read_slice(&at, (size_t)2 << (first - 0xfd), &rest));
        value = from_le(rest.data, rest.len);
        if (zc_btc_count_size(value) != 1 + rest.len) {
            return zc_fail(ZC_INTENT_PSBT_LENGTH);
        }
    }
    *reader = at;
    *ret_value = value;
    return ZC_OK;
}

zc_result zc_btc_read_bytes(zc_reader *reader, zc_slice *ret_bytes)
{
    zc_reader at = *reader;
    uint64_t len;
    ZC_TRY(zc_btc_read_count(&at, &len));
    if (len > zc_reader_left(&at)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    ZC_TRY(zc_read_slice(&at, (size_t)len, ret_bytes));
    *reader = at;
    return ZC_OK;
}

zc_result zc_btc_write_u32(zc_writer *writer, uint32_t value)
{
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, 4, &to));
    to_le(value, to, 4);
    return ZC_OK;
}

zc_result zc_btc_write_u64(zc_writer *writer, uint64_t value)
{
    uint8_t *to;
    ZC_TRY(zc_write_reserve(writer, 8, &to));
    to_le(value, to, 8);
    return ZC_OK;
}

/* Returns the length. */
static size_t encode_count(uint64_t value, uint8_t ret_bytes[static 9])
{
    size_t size = zc_btc_count_size(value);
    if (size == 1) {
        ret_bytes[0] = (uint8_t)value;
        return size;
    }
    ret_bytes[0] = size == 3 ? 0xfd : size == 5 ? 0xfe : 0xff;
    to_le(value, ret_bytes + 1, size - 1);
    return size;
}

zc_result zc_btc_write_count(zc_writer *writer, uint64_t value)
{
    uint8_t bytes[9];
    size_t len = encode_count(value, bytes);
    return zc_write_slice(writer, zc_slice_of(bytes, len));
}

zc_result zc_btc_write_bytes(zc_writer *writer, zc_slice bytes)
{
    zc_writer at = *writer;
    ZC_TRY(zc_btc_write_count(&at, bytes.len));
    ZC_TRY(zc_write_slice(&at, bytes));
    *writer = at;
    return ZC_OK;
}

void zc_btc_hash_u32(zc_sha256_ctx *ctx, uint32_t value)
{
    uint8_t bytes[4];
    to_le(value, bytes, sizeof(bytes));
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(bytes));
}

void zc_btc_hash_u64(zc_sha256_ctx *ctx, uint64_t value)
{
    uint8_t bytes[8];
    to_le(value, bytes, sizeof(bytes));
    zc_sha256_update(ctx, ZC_SLICE_OF_ARRAY(bytes));
}

void zc_btc_hash_count(zc_sha256_ctx *ctx, uint64_t value)
{
    uint8_t bytes[9];
    size_t len = encode_count(value, bytes);
    zc_sha256_update(ctx, zc_slice_of(bytes, len));
}

void zc_btc_hash_bytes(zc_sha256_ctx *ctx, zc_slice bytes)
{
    zc_btc_hash_count(ctx, bytes.len);
    zc_sha256_update(ctx, bytes);
}
