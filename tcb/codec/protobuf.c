#include "codec/protobuf.h"

#define MORE 0x80u

zc_result zc_pb_get_varint(zc_reader *reader, uint64_t *ret_value)
{
    zc_reader at = *reader;
    uint64_t value = 0;
    for (unsigned i = 0; i < ZC_PB_VARINT_MAX; i++) {
        uint8_t byte;
        ZC_TRY(zc_read_u8(&at, &byte));
        /* The tenth group holds the last bit of 64. */
        if (i == ZC_PB_VARINT_MAX - 1 && byte > 1) {
            return zc_fail(ZC_CODEC_PB_VARINT);
        }
        value |= (uint64_t)(byte & ~MORE) << (7 * i);
        if ((byte & MORE) == 0) {
            if (byte == 0 && i > 0) {
                return zc_fail(ZC_CODEC_PB_VARINT);
            }
            *reader = at;
            *ret_value = value;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_CODEC_PB_VARINT);
}

/* Little-endian, as the fixed widths are. */
static zc_result get_fixed(zc_reader *reader, size_t width, uint64_t *ret_value)
{
    zc_slice bytes;
    uint64_t value = 0;
    ZC_TRY(zc_read_slice(reader, width, &bytes));
    for (size_t i = 0; i < width; i++) {
        value |= (uint64_t)bytes.data[i] << (8 * i);
    }
    *ret_value = value;
    return ZC_OK;
}

static zc_result get_bytes(zc_reader *reader, zc_slice *ret_bytes)
{
    uint64_t len;
    ZC_TRY(zc_pb_get_varint(reader, &len));
    if (len > zc_reader_left(reader)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    return zc_read_slice(reader, (size_t)len, ret_bytes);
}

static zc_result get_value(zc_reader *reader, zc_pb_field *field)
{
    switch (field->wire) {
    case ZC_PB_VARINT:
        return zc_pb_get_varint(reader, &field->value);
    case ZC_PB_FIXED64:
        return get_fixed(reader, 8, &field->value);
    case ZC_PB_BYTES:
        return get_bytes(reader, &field->bytes);
    case ZC_PB_FIXED32:
        return get_fixed(reader, 4, &field->value);
    }
    return zc_fail(ZC_CODEC_PB_FIELD);
}

zc_result zc_pb_get_field(zc_reader *reader, zc_pb_field *ret_field)
{
    zc_reader at = *reader;
    zc_pb_field field = {0};
    uint64_t key;
    ZC_TRY(zc_pb_get_varint(&at, &key));
    if (key >> 3 == 0 || key >> 3 > ZC_PB_MAX_FIELD) {
        return zc_fail(ZC_CODEC_PB_FIELD);
    }
    field.number = (uint32_t)(key >> 3);
    field.wire = (zc_pb_wire)(key & 7);
    ZC_TRY(get_value(&at, &field));
    *reader = at;
    *ret_field = field;
    return ZC_OK;
}

zc_result zc_pb_sequence_check(zc_pb_sequence *sequence, uint32_t number, bool repeated)
{
    if (number < sequence->last) {
        return zc_fail(ZC_CODEC_PB_ORDER);
    }
    if (number == sequence->last && !repeated) {
        return zc_fail(ZC_CODEC_PB_TWICE);
    }
    sequence->last = number;
    return ZC_OK;
}

zc_result zc_pb_put_varint(zc_writer *writer, uint64_t value)
{
    uint8_t bytes[ZC_PB_VARINT_MAX];
    size_t len = 0;
    do {
        const uint64_t rest = value >> 7;
        bytes[len++] = (uint8_t)((value & ~(uint64_t)MORE & 0xff) | (rest != 0 ? MORE : 0));
        value = rest;
    } while (value != 0);
    return zc_write_slice(writer, zc_slice_of(bytes, len));
}

static zc_result put_key(zc_writer *writer, uint32_t number, zc_pb_wire wire)
{
    if (number == 0 || number > ZC_PB_MAX_FIELD) {
        return zc_fail(ZC_CODEC_PB_FIELD);
    }
    return zc_pb_put_varint(writer, (uint64_t)number << 3 | (uint64_t)wire);
}

/* A field is written whole or not at all. */
static zc_result finish(zc_writer *writer, const zc_writer *at, zc_result result)
{
    if (zc_ok(result)) {
        *writer = *at;
    }
    return result;
}

zc_result zc_pb_put_uint_always(zc_writer *writer, uint32_t number, uint64_t value)
{
    zc_writer at = *writer;
    ZC_TRY(put_key(&at, number, ZC_PB_VARINT));
    return finish(writer, &at, zc_pb_put_varint(&at, value));
}

zc_result zc_pb_put_uint(zc_writer *writer, uint32_t number, uint64_t value)
{
    return value == 0 ? ZC_OK : zc_pb_put_uint_always(writer, number, value);
}

zc_result zc_pb_put_int(zc_writer *writer, uint32_t number, int64_t value)
{
    return zc_pb_put_uint(writer, number, (uint64_t)value);
}

zc_result zc_pb_put_sint(zc_writer *writer, uint32_t number, int64_t value)
{
    const uint64_t sign = value < 0 ? UINT64_MAX : 0;
    return zc_pb_put_uint(writer, number, (uint64_t)value << 1 ^ sign);
}

static zc_result put_fixed(zc_writer *writer, uint32_t number, zc_pb_wire wire, uint64_t value)
{
    uint8_t bytes[8];
    zc_writer at = *writer;
    if (value == 0) {
        return ZC_OK;
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    ZC_TRY(put_key(&at, number, wire));
    const size_t width = wire == ZC_PB_FIXED32 ? 4 : 8;
    return finish(writer, &at, zc_write_slice(&at, zc_slice_of(bytes, width)));
}

zc_result zc_pb_put_fixed32(zc_writer *writer, uint32_t number, uint32_t value)
{
    return put_fixed(writer, number, ZC_PB_FIXED32, value);
}

zc_result zc_pb_put_fixed64(zc_writer *writer, uint32_t number, uint64_t value)
{
    return put_fixed(writer, number, ZC_PB_FIXED64, value);
}

zc_result zc_pb_put_bytes_always(zc_writer *writer, uint32_t number, zc_slice bytes)
{
    zc_writer at = *writer;
    ZC_TRY(put_key(&at, number, ZC_PB_BYTES));
    ZC_TRY(zc_pb_put_varint(&at, bytes.len));
    return finish(writer, &at, zc_write_slice(&at, bytes));
}

zc_result zc_pb_put_bytes(zc_writer *writer, uint32_t number, zc_slice bytes)
{
    return bytes.len == 0 ? ZC_OK : zc_pb_put_bytes_always(writer, number, bytes);
}

zc_result zc_pb_put_text(zc_writer *writer, uint32_t number, const char *text)
{
    return zc_pb_put_bytes(writer, number, zc_slice_of_text(text));
}

void zc_pb_begin(const zc_writer *writer, uint32_t number, zc_pb_message *ret_message)
{
    *ret_message = (zc_pb_message){.fields_at = zc_writer_len(writer), .number = number};
}

zc_result zc_pb_end(zc_writer *writer, const zc_pb_message *message)
{
    uint8_t head[2 * ZC_PB_VARINT_MAX];
    uint8_t *room;
    zc_writer head_writer = ZC_WRITER_OF_ARRAY(head);
    const size_t fields_len = zc_writer_len(writer) - message->fields_at;
    ZC_TRY(put_key(&head_writer, message->number, ZC_PB_BYTES));
    ZC_TRY(zc_pb_put_varint(&head_writer, fields_len));
    const size_t head_len = zc_writer_len(&head_writer);
    ZC_TRY(zc_write_reserve(writer, head_len, &room));
    uint8_t *fields = writer->start + message->fields_at;
    memmove(fields + head_len, fields, fields_len);
    memcpy(fields, head, head_len);
    return ZC_OK;
}
