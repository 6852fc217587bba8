#include "wire/fields.h"

#include "base/u256.h"
#include "codec/cbor.h"

static zc_result check_range(const zc_field *field, uint64_t value)
{
    return value < field->min || value > field->max ? zc_fail(ZC_WIRE_FIELD_RANGE) : ZC_OK;
}

static zc_result check_len(const zc_field *field, size_t len)
{
    if (len > field->max) {
        return zc_fail(ZC_WIRE_FIELD_TOO_LONG);
    }
    return len < field->min ? zc_fail(ZC_WIRE_FIELD_RANGE) : ZC_OK;
}

static bool is_there(const zc_field *field, const uint8_t *body)
{
    bool there = true;
    if (field->presence != ZC_FIELD_ALWAYS) {
        memcpy(&there, body + field->has, sizeof there);
    }
    return there;
}

/* Numbers of any width. */
static uint64_t load_number(zc_field_kind kind, const uint8_t *at)
{
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (kind) {
    case ZC_FIELD_U8:
        return *at;
    case ZC_FIELD_U16:
        memcpy(&u16, at, sizeof u16);
        return u16;
    case ZC_FIELD_U32:
        memcpy(&u32, at, sizeof u32);
        return u32;
    default:
        memcpy(&u64, at, sizeof u64);
        return u64;
    }
}

static void store_number(zc_field_kind kind, uint64_t value, uint8_t *ret_at)
{
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    switch (kind) {
    case ZC_FIELD_U8:
        *ret_at = (uint8_t)value;
        break;
    case ZC_FIELD_U16:
        memcpy(ret_at, &u16, sizeof u16);
        break;
    case ZC_FIELD_U32:
        memcpy(ret_at, &u32, sizeof u32);
        break;
    default:
        memcpy(ret_at, &value, sizeof value);
        break;
    }
}

static zc_result write_string(const zc_field *field, const uint8_t *at, zc_writer *writer)
{
    zc_slice bytes;
    memcpy(&bytes, at, sizeof bytes);
    ZC_TRY(check_len(field, bytes.len));
    if (field->kind == ZC_FIELD_BYTES) {
        return zc_cbor_put_bytes(writer, bytes);
    }
    if (!zc_utf8_valid(bytes)) {
        return zc_fail(ZC_CODEC_BAD_UTF8);
    }
    return zc_cbor_put_text(writer, bytes);
}

static zc_result write_value(const zc_field *field, const uint8_t *at, zc_writer *writer)
{
    bool flag;
    zc_u256 amount;
    switch (field->kind) {
    case ZC_FIELD_BOOL:
        memcpy(&flag, at, sizeof flag);
        return zc_cbor_put_bool(writer, flag);
    case ZC_FIELD_BYTES:
    case ZC_FIELD_TEXT:
        return write_string(field, at, writer);
    case ZC_FIELD_FIXED:
        return zc_cbor_put_bytes(writer, zc_slice_of(at, (size_t)field->max));
    case ZC_FIELD_U256:
        memcpy(&amount, at, sizeof amount);
        return zc_cbor_put_u256(writer, &amount);
    default:
        ZC_TRY(check_range(field, load_number(field->kind, at)));
        return zc_cbor_put_uint(writer, load_number(field->kind, at));
    }
}

zc_result zc_fields_write(const zc_fields *fields, const void *body, zc_writer *writer)
{
    const uint8_t *bytes = body;
    size_t count = 0;
    for (size_t i = 0; i < fields->count; i++) {
        count += is_there(&fields->field[i], bytes);
    }
    ZC_TRY(zc_cbor_put_map(writer, count));
    for (size_t i = 0; i < fields->count; i++) {
        const zc_field *field = &fields->field[i];
        if (is_there(field, bytes)) {
            ZC_TRY(zc_cbor_put_uint(writer, field->key));
            ZC_TRY(write_value(field, bytes + field->offset, writer));
        }
    }
    return ZC_OK;
}

static zc_result read_string(const zc_field *field, zc_reader *reader, uint8_t *ret_at)
{
    zc_slice bytes;
    ZC_TRY(field->kind == ZC_FIELD_BYTES ? zc_cbor_get_bytes(reader, &bytes)
                                         : zc_cbor_get_text(reader, &bytes));
    ZC_TRY(check_len(field, bytes.len));
    memcpy(ret_at, &bytes, sizeof bytes);
    return ZC_OK;
}

static zc_result read_value(const zc_field *field, zc_reader *reader, uint8_t *ret_at)
{
    bool flag;
    zc_u256 amount;
    uint64_t number;
    switch (field->kind) {
    case ZC_FIELD_BOOL:
        ZC_TRY(zc_cbor_get_bool(reader, &flag));
        memcpy(ret_at, &flag, sizeof flag);
        return ZC_OK;
    case ZC_FIELD_BYTES:
    case ZC_FIELD_TEXT:
        return read_string(field, reader, ret_at);
    case ZC_FIELD_FIXED:
        return zc_cbor_get_fixed_bytes(reader, ret_at, (size_t)field->max);
    case ZC_FIELD_U256:
        ZC_TRY(zc_cbor_get_u256(reader, &amount));
        memcpy(ret_at, &amount, sizeof amount);
        return ZC_OK;
    default:
        ZC_TRY(zc_cbor_get_uint(reader, &number));
        ZC_TRY(check_range(field, number));
        store_number(field->kind, number, ret_at);
        return ZC_OK;
    }
}

/* Whether the next key is that of an optional field. */
static bool key_is_next(const zc_reader *reader, uint64_t key)
{
    zc_reader at = *reader;
    return zc_ok(zc_cbor_get_key_uint(&at, key));
}

zc_result zc_fields_read(const zc_fields *fields, zc_reader *reader, void *ret_body)
{
    uint8_t *body = ret_body;
    size_t left;
    zc_result entered = zc_cbor_get_map(reader, fields->count, &left);
    if (zc_is(entered, ZC_CODEC_TOO_MANY)) {
        return zc_fail(ZC_WIRE_WRONG_FIELDS);
    }
    ZC_TRY(entered);
    for (size_t i = 0; i < fields->count; i++) {
        const zc_field *field = &fields->field[i];
        if (field->presence == ZC_FIELD_OPTIONAL) {
            bool has = left > 0 && key_is_next(reader, field->key);
            memcpy(body + field->has, &has, sizeof has);
        }
        if (!is_there(field, body)) {
            continue;
        }
        if (left == 0) {
            return zc_fail(ZC_WIRE_WRONG_FIELDS);
        }
        left--;
        ZC_TRY(zc_field_key(reader, field->key));
        ZC_TRY(read_value(field, reader, body + field->offset));
    }
    return left == 0 ? ZC_OK : zc_fail(ZC_WIRE_WRONG_FIELDS);
}

zc_result zc_field_key(zc_reader *reader, uint64_t key)
{
    zc_result found = zc_cbor_get_key_uint(reader, key);
    return zc_is(found, ZC_CODEC_WRONG_KEY) ? zc_fail(ZC_WIRE_WRONG_FIELDS) : found;
}

zc_result zc_field_map(zc_reader *reader, size_t count)
{
    size_t found;
    zc_result entered = zc_cbor_get_map(reader, count, &found);
    if (zc_is(entered, ZC_CODEC_TOO_MANY)) {
        return zc_fail(ZC_WIRE_WRONG_FIELDS);
    }
    ZC_TRY(entered);
    return found == count ? ZC_OK : zc_fail(ZC_WIRE_WRONG_FIELDS);
}

zc_result zc_envelope_write(uint64_t id, uint64_t kind, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_map(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_uint(writer, id));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, kind));
    return zc_cbor_put_uint(writer, 3);
}

zc_result zc_envelope_read(zc_reader *reader, uint64_t *ret_id, uint64_t *ret_kind)
{
    ZC_TRY(zc_field_map(reader, 3));
    ZC_TRY(zc_field_key(reader, 1));
    ZC_TRY(zc_cbor_get_uint(reader, ret_id));
    ZC_TRY(zc_field_key(reader, 2));
    ZC_TRY(zc_cbor_get_uint(reader, ret_kind));
    return zc_field_key(reader, 3);
}

zc_result zc_typed_write(uint64_t kind, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_map(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_uint(writer, kind));
    return zc_cbor_put_uint(writer, 2);
}

zc_result zc_typed_read(zc_reader *reader, uint64_t *ret_kind)
{
    ZC_TRY(zc_field_map(reader, 2));
    ZC_TRY(zc_field_key(reader, 1));
    ZC_TRY(zc_cbor_get_uint(reader, ret_kind));
    return zc_field_key(reader, 2);
}
