#include "policy/form_fields.h"

#include <string.h>

#include "base/u256.h"
#include "codec/cbor.h"
#include "policy/mission_form.h"

static uint64_t load_number(size_t size, const uint8_t *at)
{
    uint16_t u16 = 0;
    uint32_t u32 = 0;
    uint64_t u64 = 0;
    switch (size) {
    case sizeof(uint8_t):
        return *at;
    case sizeof u16:
        memcpy(&u16, at, sizeof u16);
        return u16;
    case sizeof u32:
        memcpy(&u32, at, sizeof u32);
        return u32;
    default:
        memcpy(&u64, at, sizeof u64);
        return u64;
    }
}

static void store_number(size_t size, uint64_t value, uint8_t *ret_at)
{
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    switch (size) {
    case sizeof(uint8_t):
        *ret_at = (uint8_t)value;
        break;
    case sizeof u16:
        memcpy(ret_at, &u16, sizeof u16);
        break;
    case sizeof u32:
        memcpy(ret_at, &u32, sizeof u32);
        break;
    default:
        memcpy(ret_at, &value, sizeof value);
        break;
    }
}

static zc_result read_number(zc_reader *reader, const zc_form_field *field, uint8_t *ret_at)
{
    uint64_t number = 0;
    if (field->kind == ZC_FORM_NUMBER) {
        ZC_TRY(zc_cbor_get_uint_max(reader, field->max, &number));
    } else {
        ZC_TRY(zc_cbor_get_uint(reader, &number));
    }
    if (field->kind == ZC_FORM_BITS && (number & ~field->max) != 0) {
        return zc_fail(ZC_POLICY_MISSION_UNKNOWN_BIT);
    }
    if (field->kind == ZC_FORM_INDEX && number >= field->max) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    store_number(field->size, number, ret_at);
    return ZC_OK;
}

static bool may_be_null(const zc_form_field *field)
{
    return field->kind == ZC_FORM_INDEX || field->kind == ZC_FORM_AMOUNT ||
           field->kind == ZC_FORM_SCORE;
}

static zc_result read_value(zc_reader *reader, const zc_form_field *field, uint8_t *ret_at)
{
    zc_u256 amount = {{0}};
    int64_t score = 0;
    switch ((zc_form_kind)field->kind) {
    case ZC_FORM_NAME:
        return zc_mission_read_name(reader, (char *)ret_at, field->size);
    case ZC_FORM_KEY:
        return zc_cbor_get_fixed_bytes(reader, ret_at, field->size);
    case ZC_FORM_U256:
    case ZC_FORM_AMOUNT:
        ZC_TRY(zc_cbor_get_u256(reader, &amount));
        memcpy(ret_at, &amount, sizeof amount);
        return ZC_OK;
    case ZC_FORM_SCORE:
        ZC_TRY(zc_cbor_get_int(reader, &score));
        memcpy(ret_at, &score, sizeof score);
        return ZC_OK;
    case ZC_FORM_NUMBER:
    case ZC_FORM_BITS:
    case ZC_FORM_INDEX:
        break;
    }
    return read_number(reader, field, ret_at);
}

zc_result zc_form_read_fields(zc_reader *reader, const zc_form_field *table, size_t count,
                              void *record)
{
    uint8_t *bytes = record;
    for (size_t i = 0; i < count; i++) {
        const zc_form_field *field = &table[i];
        bool none = false;
        ZC_TRY(zc_cbor_get_key_uint(reader, field->key));
        if (may_be_null(field)) {
            ZC_TRY(zc_cbor_take_null(reader, &none));
            bool has = !none;
            memcpy(bytes + field->has, &has, sizeof has);
        }
        if (!none) {
            ZC_TRY(read_value(reader, field, bytes + field->at));
        }
    }
    return ZC_OK;
}

static zc_result write_value(zc_writer *writer, const zc_form_field *field, const uint8_t *at)
{
    zc_u256 amount = {{0}};
    int64_t score = 0;
    switch ((zc_form_kind)field->kind) {
    case ZC_FORM_NAME:
        return zc_cbor_put_text(writer, zc_slice_of(at, strnlen((const char *)at, field->size)));
    case ZC_FORM_KEY:
        return zc_cbor_put_bytes(writer, zc_slice_of(at, field->size));
    case ZC_FORM_U256:
    case ZC_FORM_AMOUNT:
        memcpy(&amount, at, sizeof amount);
        return zc_cbor_put_u256(writer, &amount);
    case ZC_FORM_SCORE:
        memcpy(&score, at, sizeof score);
        return zc_cbor_put_int(writer, score);
    case ZC_FORM_NUMBER:
    case ZC_FORM_BITS:
    case ZC_FORM_INDEX:
        break;
    }
    return zc_cbor_put_uint(writer, load_number(field->size, at));
}

zc_result zc_form_write_fields(zc_writer *writer, const zc_form_field *table, size_t count,
                               const void *record)
{
    const uint8_t *bytes = record;
    for (size_t i = 0; i < count; i++) {
        const zc_form_field *field = &table[i];
        bool has = true;
        ZC_TRY(zc_cbor_put_uint(writer, field->key));
        if (may_be_null(field)) {
            memcpy(&has, bytes + field->has, sizeof has);
        }
        ZC_TRY(has ? write_value(writer, field, bytes + field->at) : zc_cbor_put_null(writer));
    }
    return ZC_OK;
}

zc_result zc_form_read(zc_reader *reader, const zc_form_field *table, size_t count, void *record)
{
    ZC_TRY(zc_mission_enter(reader, count));
    return zc_form_read_fields(reader, table, count, record);
}

zc_result zc_form_write(zc_writer *writer, const zc_form_field *table, size_t count,
                        const void *record)
{
    ZC_TRY(zc_cbor_put_map(writer, count));
    return zc_form_write_fields(writer, table, count, record);
}
