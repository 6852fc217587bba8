#include "codec/abi.h"

zc_result zc_abi_get_word(zc_reader *reader, uint8_t ret_word[static ZC_ABI_WORD])
{
    return zc_read_copy(reader, ret_word, ZC_ABI_WORD);
}

zc_result zc_abi_get_u256(zc_reader *reader, zc_u256 *ret_value)
{
    zc_slice word;
    ZC_TRY(zc_read_slice(reader, ZC_ABI_WORD, &word));
    return zc_u256_from_be(word, ret_value);
}

/* The last `len` bytes of a word whose other bytes are zero. */
static zc_result get_low_bytes(zc_reader *reader, size_t len, zc_slice *ret_bytes)
{
    zc_reader at = *reader;
    zc_slice word;
    ZC_TRY(zc_read_slice(&at, ZC_ABI_WORD, &word));
    for (size_t i = 0; i < ZC_ABI_WORD - len; i++) {
        if (word.data[i] != 0) {
            return zc_fail(ZC_CODEC_ABI_DIRTY);
        }
    }
    *reader = at;
    *ret_bytes = zc_slice_of(word.data + ZC_ABI_WORD - len, len);
    return ZC_OK;
}

zc_result zc_abi_get_u64(zc_reader *reader, uint64_t *ret_value)
{
    zc_slice bytes;
    ZC_TRY(get_low_bytes(reader, 8, &bytes));
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        value = value << 8 | bytes.data[i];
    }
    *ret_value = value;
    return ZC_OK;
}

zc_result zc_abi_get_address(zc_reader *reader, uint8_t ret_address[static 20])
{
    zc_slice bytes;
    ZC_TRY(get_low_bytes(reader, 20, &bytes));
    memcpy(ret_address, bytes.data, bytes.len);
    return ZC_OK;
}

zc_result zc_abi_get_bool(zc_reader *reader, bool *ret_value)
{
    zc_reader at = *reader;
    zc_slice byte;
    ZC_TRY(get_low_bytes(&at, 1, &byte));
    if (byte.data[0] > 1) {
        return zc_fail(ZC_CODEC_ABI_DIRTY);
    }
    *reader = at;
    *ret_value = byte.data[0] == 1;
    return ZC_OK;
}
