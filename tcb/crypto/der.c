#include "crypto/der.h"

enum { CONSTRUCTED = 0x20, MULTI_BYTE_TAG = 0x1f, MAX_DEPTH = 16, MAX_SCALAR = 48 };

/* X.690 §8.1.3 and §10.1: definite, in the fewest bytes. Up to 2^24 − 1 is more than we ever read.
 */
static zc_result read_len(zc_reader *reader, size_t *ret_len)
{
    uint8_t first;
    ZC_TRY(zc_read_u8(reader, &first));
    if (first < 0x80) {
        *ret_len = first;
        return ZC_OK;
    }
    size_t count = first & 0x7f;
    if (count == 0 || count > 3) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t byte;
        ZC_TRY(zc_read_u8(reader, &byte));
        len = len << 8 | byte;
    }
    if (len < 0x80 || len >> (8 * (count - 1)) == 0) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    *ret_len = len;
    return ZC_OK;
}

static zc_result read_value(zc_reader *reader, uint8_t *ret_tag, zc_slice *ret_content)
{
    size_t len;
    ZC_TRY(zc_read_u8(reader, ret_tag));
    if ((*ret_tag & MULTI_BYTE_TAG) == MULTI_BYTE_TAG) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    ZC_TRY(read_len(reader, &len));
    return zc_read_slice(reader, len, ret_content);
}

zc_result zc_der_read_any(zc_reader *reader, uint8_t *ret_tag, zc_slice *ret_content,
                          zc_slice *ret_whole)
{
    zc_reader ahead = *reader;
    uint8_t tag;
    zc_slice content;
    /* Too short and malformed are the same to a caller: not DER. */
    if (!zc_ok(read_value(&ahead, &tag, &content))) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    *ret_tag = tag;
    *ret_content = content;
    *ret_whole = zc_slice_of(reader->at, (size_t)(ahead.at - reader->at));
    *reader = ahead;
    return ZC_OK;
}

zc_result zc_der_read(zc_reader *reader, uint8_t tag, zc_slice *ret_content)
{
    zc_reader ahead = *reader;
    uint8_t found;
    zc_slice content;
    zc_slice whole;
    ZC_TRY(zc_der_read_any(&ahead, &found, &content, &whole));
    if (found != tag) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    *ret_content = content;
    *reader = ahead;
    return ZC_OK;
}

zc_result zc_der_enter(zc_reader *reader, uint8_t tag, zc_reader *ret_content)
{
    zc_slice content;
    ZC_TRY(zc_der_read(reader, tag, &content));
    *ret_content = zc_reader_of(content);
    return ZC_OK;
}

/* X.690 §8.3.2: not empty, the first nine bits not all equal; and not negative. */
static bool is_unsigned(zc_slice content)
{
    return content.len > 0 && content.data[0] < 0x80 &&
           (content.len == 1 || content.data[0] != 0 || content.data[1] >= 0x80);
}

zc_result zc_der_read_unsigned(zc_reader *reader, uint8_t *ret_value, size_t len)
{
    zc_reader ahead = *reader;
    zc_slice content;
    ZC_TRY(zc_der_read(&ahead, ZC_DER_INTEGER, &content));
    if (!is_unsigned(content)) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    if (content.data[0] == 0) {
        content = zc_slice_of(content.data + 1, content.len - 1);
    }
    if (content.len > len) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    memset(ret_value, 0, len - content.len);
    if (content.len > 0) {
        memcpy(ret_value + len - content.len, content.data, content.len);
    }
    *reader = ahead;
    return ZC_OK;
}

zc_result zc_der_check(zc_slice der)
{
    /* The readers of the values that are open, outermost first. */
    zc_reader open[MAX_DEPTH];
    size_t depth = 1;
    open[0] = zc_reader_of(der);
    if (der.len == 0) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    while (depth > 0) {
        zc_reader *inner = &open[depth - 1];
        if (zc_reader_left(inner) == 0) {
            depth--;
            continue;
        }
        if (depth == 1 && inner->at != inner->start) {
            return zc_fail(ZC_CRYPTO_BAD_DER);
        }
        uint8_t tag;
        zc_slice content;
        zc_slice whole;
        ZC_TRY(zc_der_read_any(inner, &tag, &content, &whole));
        if ((tag & CONSTRUCTED) != 0) {
            if (depth == MAX_DEPTH) {
                return zc_fail(ZC_CRYPTO_BAD_DER);
            }
            open[depth++] = zc_reader_of(content);
        }
    }
    return ZC_OK;
}

static zc_result write_header(zc_writer *writer, uint8_t tag, size_t len)
{
    if (len > 0xffffff) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    ZC_TRY(zc_write_u8(writer, tag));
    if (len < 0x80) {
        return zc_write_u8(writer, (uint8_t)len);
    }
    unsigned count = len > 0xffff ? 3 : len > 0xff ? 2 : 1;
    ZC_TRY(zc_write_u8(writer, (uint8_t)(0x80 | count)));
    for (unsigned i = count; i-- > 0;) {
        ZC_TRY(zc_write_u8(writer, (uint8_t)(len >> (8 * i))));
    }
    return ZC_OK;
}

zc_result zc_der_write(zc_writer *writer, uint8_t tag, zc_slice content)
{
    zc_writer ahead = *writer;
    ZC_TRY(write_header(&ahead, tag, content.len));
    ZC_TRY(zc_write_slice(&ahead, content));
    *writer = ahead;
    return ZC_OK;
}

zc_result zc_der_write_unsigned(zc_writer *writer, zc_slice big_endian)
{
    while (big_endian.len > 0 && big_endian.data[0] == 0) {
        big_endian = zc_slice_of(big_endian.data + 1, big_endian.len - 1);
    }
    bool pad = big_endian.len == 0 || big_endian.data[0] >= 0x80;
    zc_writer ahead = *writer;
    ZC_TRY(write_header(&ahead, ZC_DER_INTEGER, big_endian.len + pad));
    if (pad) {
        ZC_TRY(zc_write_u8(&ahead, 0));
    }
    ZC_TRY(zc_write_slice(&ahead, big_endian));
    *writer = ahead;
    return ZC_OK;
}

zc_result zc_der_read_signature(zc_slice der, size_t scalar_len, uint8_t *ret_sig)
{
    zc_reader reader = zc_reader_of(der);
    zc_reader pair;
    uint8_t sig[2 * MAX_SCALAR];
    if (scalar_len > MAX_SCALAR) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    ZC_TRY(zc_der_enter(&reader, ZC_DER_SEQUENCE, &pair));
    ZC_TRY(zc_der_read_unsigned(&pair, sig, scalar_len));
    ZC_TRY(zc_der_read_unsigned(&pair, sig + scalar_len, scalar_len));
    if (!zc_ok(zc_reader_end(&pair)) || !zc_ok(zc_reader_end(&reader))) {
        return zc_fail(ZC_CRYPTO_BAD_DER);
    }
    memcpy(ret_sig, sig, 2 * scalar_len);
    return ZC_OK;
}

zc_result zc_der_write_signature(zc_writer *writer, const uint8_t *sig, size_t scalar_len)
{
    uint8_t pair[ZC_DER_MAX_SIGNATURE];
    zc_writer inner = ZC_WRITER_OF_ARRAY(pair);
    ZC_TRY(zc_der_write_unsigned(&inner, zc_slice_of(sig, scalar_len)));
    ZC_TRY(zc_der_write_unsigned(&inner, zc_slice_of(sig + scalar_len, scalar_len)));
    return zc_der_write(writer, ZC_DER_SEQUENCE, zc_writer_written(&inner));
}
