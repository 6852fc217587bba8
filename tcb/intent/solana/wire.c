#include "intent/solana/message.h"

static zc_result split(zc_slice wire, zc_slice *ret_signatures, zc_slice *ret_message,
                       zc_solana_message *ret_parsed)
{
    zc_reader reader = zc_reader_of(wire);
    size_t count;
    size_t offset;
    if (!zc_ok(zc_solana_read_compact(&reader, &count)) ||
        !zc_ok(zc_read_slice(&reader, count * ZC_SOLANA_SIGNATURE_SIZE, ret_signatures))) {
        return zc_fail(ZC_INTENT_SOLANA_NOT_WIRE);
    }
    *ret_message = zc_reader_rest(&reader);
    if (!zc_ok(zc_solana_parse(*ret_message, ret_parsed, &offset)) ||
        ret_parsed->required != count) {
        return zc_fail(ZC_INTENT_SOLANA_NOT_WIRE);
    }
    return ZC_OK;
}

zc_result zc_solana_take_message(zc_slice wire, zc_slice *ret_message)
{
    zc_slice signatures;
    zc_slice message;
    zc_solana_message parsed;
    ZC_TRY(split(wire, &signatures, &message, &parsed));
    *ret_message = message;
    return ZC_OK;
}

zc_result zc_solana_take_signature(zc_slice wire, const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                   zc_slice *ret_signature)
{
    zc_slice signatures;
    zc_slice message;
    zc_solana_message parsed;
    size_t index;
    ZC_TRY(split(wire, &signatures, &message, &parsed));
    if (!zc_solana_signer_index(&parsed, account, &index)) {
        return zc_fail(ZC_INTENT_SOLANA_NOT_SIGNER);
    }
    *ret_signature =
        zc_slice_of(signatures.data + index * ZC_SOLANA_SIGNATURE_SIZE, ZC_SOLANA_SIGNATURE_SIZE);
    return ZC_OK;
}

/* At most 255 signers, so the count has at most two bytes. */
static zc_result write_count(zc_writer *writer, uint8_t count)
{
    if (count < 0x80) {
        return zc_write_u8(writer, count);
    }
    ZC_TRY(zc_write_u8(writer, count));
    return zc_write_u8(writer, 1);
}

zc_result zc_solana_write_signed(zc_slice message, const uint8_t account[static ZC_SOLANA_KEY_SIZE],
                                 const uint8_t signature[static ZC_SOLANA_SIGNATURE_SIZE],
                                 zc_writer *writer)
{
    zc_writer at = *writer;
    zc_solana_message parsed;
    size_t offset;
    size_t index;
    uint8_t *room;
    ZC_TRY(zc_solana_parse(message, &parsed, &offset));
    if (!zc_solana_signer_index(&parsed, account, &index)) {
        return zc_fail(ZC_INTENT_SOLANA_NOT_SIGNER);
    }
    ZC_TRY(write_count(&at, parsed.required));
    const size_t size = (size_t)parsed.required * ZC_SOLANA_SIGNATURE_SIZE;
    ZC_TRY(zc_write_reserve(&at, size, &room));
    memset(room, 0, size);
    memcpy(room + index * ZC_SOLANA_SIGNATURE_SIZE, signature, ZC_SOLANA_SIGNATURE_SIZE);
    ZC_TRY(zc_write_slice(&at, message));
    *writer = at;
    return ZC_OK;
}
