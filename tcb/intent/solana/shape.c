#include "intent/solana/shape.h"

#include "base/reader.h"

#define VERSION_BIT 0x80
#define KEY_SIZE 32

/* Solana's compact-u16: seven bits a byte, least significant first, at most three bytes. */
static zc_result read_compact(zc_reader *reader, size_t *ret_value)
{
    size_t value = 0;
    for (unsigned shift = 0; shift < 21; shift += 7) {
        uint8_t byte;
        ZC_TRY(zc_read_u8(reader, &byte));
        value |= (size_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *ret_value = value;
            return value <= UINT16_MAX ? ZC_OK : zc_fail(ZC_BASE_OVERFLOW);
        }
    }
    return zc_fail(ZC_BASE_OVERFLOW);
}

static zc_result skip_items(zc_reader *reader, size_t item_size)
{
    size_t count;
    ZC_TRY(read_compact(reader, &count));
    return zc_skip(reader, count * item_size);
}

/* Program index, account indices, data; each at least three bytes, so the input bounds the loop. */
static zc_result skip_instructions(zc_reader *reader)
{
    size_t count;
    ZC_TRY(read_compact(reader, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_skip(reader, 1));
        ZC_TRY(skip_items(reader, 1));
        ZC_TRY(skip_items(reader, 1));
    }
    return ZC_OK;
}

static zc_result skip_address_tables(zc_reader *reader)
{
    size_t count;
    ZC_TRY(read_compact(reader, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(zc_skip(reader, KEY_SIZE));
        ZC_TRY(skip_items(reader, 1));
        ZC_TRY(skip_items(reader, 1));
    }
    return ZC_OK;
}

/* Three counts, account keys, a recent block hash, instructions. */
static zc_result skip_message(zc_reader *reader, bool versioned)
{
    ZC_TRY(zc_skip(reader, 3));
    ZC_TRY(skip_items(reader, KEY_SIZE));
    ZC_TRY(zc_skip(reader, KEY_SIZE));
    ZC_TRY(skip_instructions(reader));
    return versioned ? skip_address_tables(reader) : ZC_OK;
}

/* Whether the three counts could stand before so many keys: some signer, who can be written to. */
static bool is_header(zc_reader reader)
{
    uint8_t required;
    uint8_t readonly_signed;
    uint8_t readonly_unsigned;
    size_t keys;
    return zc_ok(zc_read_u8(&reader, &required)) && zc_ok(zc_read_u8(&reader, &readonly_signed)) &&
           zc_ok(zc_read_u8(&reader, &readonly_unsigned)) && zc_ok(read_compact(&reader, &keys)) &&
           required != 0 && readonly_signed < required &&
           (size_t)required + readonly_unsigned <= keys;
}

/* All of it, or one with something behind it: validators have been known to check signatures over
 * bytes that their parser then left out. */
static bool is_message(zc_reader reader, bool versioned)
{
    const zc_reader header = reader;
    return zc_ok(skip_message(&reader, versioned)) &&
           (zc_ok(zc_reader_end(&reader)) || is_header(header));
}

bool zc_solana_is_message(zc_slice bytes)
{
    uint8_t first;
    zc_reader reader = zc_reader_of(bytes);
    if (!zc_ok(zc_peek_u8(&reader, &first))) {
        return false;
    }
    if ((first & VERSION_BIT) == 0) {
        return is_message(reader, false);
    }
    /* 0x81…: no such version is defined, and no UTF-8 text begins so (0x81…0xbf continue one).
     * 0xff begins off-chain messages. */
    if (first != VERSION_BIT) {
        return first < 0xc0;
    }
    return zc_ok(zc_skip(&reader, 1)) && is_message(reader, true);
}
