/* [chain, contract, selector, operation, types, name, [[leaf, format, token, label]…],
 * [[kind, asset, from, to, amount, item]…]] */
#include "codec/cbor.h"
#include "intent/descriptor.h"

#define ITEMS 8
#define FIELD_ITEMS 4
#define MOVEMENT_ITEMS 6

static zc_result write_field(const zc_descriptor_field *field, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, FIELD_ITEMS));
    ZC_TRY(zc_cbor_put_uint(writer, field->leaf));
    ZC_TRY(zc_cbor_put_uint(writer, field->format));
    ZC_TRY(zc_cbor_put_uint(writer, field->token));
    return zc_cbor_put_text(writer, zc_slice_of_text(field->label));
}

static zc_result write_movement(const zc_descriptor_movement *movement, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, MOVEMENT_ITEMS));
    ZC_TRY(zc_cbor_put_uint(writer, movement->kind));
    ZC_TRY(zc_cbor_put_uint(writer, movement->asset));
    ZC_TRY(zc_cbor_put_uint(writer, movement->from));
    ZC_TRY(zc_cbor_put_uint(writer, movement->to));
    ZC_TRY(zc_cbor_put_uint(writer, movement->amount));
    return zc_cbor_put_uint(writer, movement->item);
}

static zc_result write_all(const zc_descriptor *descriptor, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, ITEMS));
    ZC_TRY(zc_cbor_put_uint(writer, descriptor->chain_id));
    ZC_TRY(zc_cbor_put_bytes(writer, zc_address_slice(&descriptor->contract)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(descriptor->selector)));
    ZC_TRY(zc_cbor_put_uint(writer, descriptor->operation));
    ZC_TRY(zc_cbor_put_bytes(writer, zc_slice_of(descriptor->types, descriptor->types_len)));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(descriptor->name)));
    ZC_TRY(zc_cbor_put_array(writer, descriptor->field_count));
    for (size_t i = 0; i < descriptor->field_count; i++) {
        ZC_TRY(write_field(&descriptor->fields[i], writer));
    }
    ZC_TRY(zc_cbor_put_array(writer, descriptor->movement_count));
    for (size_t i = 0; i < descriptor->movement_count; i++) {
        ZC_TRY(write_movement(&descriptor->movements[i], writer));
    }
    return ZC_OK;
}

zc_result zc_descriptor_write(const zc_descriptor *descriptor, zc_writer *writer)
{
    ZC_TRY(zc_descriptor_check(descriptor));
    zc_writer trial = *writer;
    ZC_TRY(write_all(descriptor, &trial));
    *writer = trial;
    return ZC_OK;
}

static zc_result read_u8(zc_reader *reader, uint8_t *ret_value)
{
    uint64_t value;
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT8_MAX, &value));
    *ret_value = (uint8_t)value;
    return ZC_OK;
}

static zc_result read_items(zc_reader *reader, size_t count)
{
    size_t found;
    ZC_TRY(zc_cbor_get_array(reader, count, &found));
    return found == count ? ZC_OK : zc_fail(ZC_INTENT_DESCRIPTOR);
}

/* Terminated; what it may hold is checked with the rest. A NUL within would hide what follows. */
static zc_result read_name(zc_reader *reader, char *ret_text, size_t size)
{
    zc_slice text;
    ZC_TRY(zc_cbor_get_text(reader, &text));
    if (text.len >= size || memchr(text.data, '\0', text.len) != NULL) {
        return zc_fail(ZC_INTENT_DESCRIPTOR);
    }
    memcpy(ret_text, text.data, text.len);
    ret_text[text.len] = '\0';
    return ZC_OK;
}

static zc_result read_field(zc_reader *reader, zc_descriptor_field *field)
{
    ZC_TRY(read_items(reader, FIELD_ITEMS));
    ZC_TRY(read_u8(reader, &field->leaf));
    ZC_TRY(read_u8(reader, &field->format));
    ZC_TRY(read_u8(reader, &field->token));
    return read_name(reader, field->label, sizeof(field->label));
}

static zc_result read_movement(zc_reader *reader, zc_descriptor_movement *movement)
{
    ZC_TRY(read_items(reader, MOVEMENT_ITEMS));
    ZC_TRY(read_u8(reader, &movement->kind));
    ZC_TRY(read_u8(reader, &movement->asset));
    ZC_TRY(read_u8(reader, &movement->from));
    ZC_TRY(read_u8(reader, &movement->to));
    ZC_TRY(read_u8(reader, &movement->amount));
    return read_u8(reader, &movement->item);
}

static zc_result read_head(zc_reader *reader, zc_descriptor *descriptor)
{
    zc_slice contract;
    zc_slice types;
    ZC_TRY(read_items(reader, ITEMS));
    ZC_TRY(zc_cbor_get_uint(reader, &descriptor->chain_id));
    ZC_TRY(zc_cbor_get_bytes(reader, &contract));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, descriptor->selector, ZC_SELECTOR_SIZE));
    ZC_TRY(read_u8(reader, &descriptor->operation));
    ZC_TRY(zc_cbor_get_bytes(reader, &types));
    if (contract.len > ZC_EVM_ADDRESS_SIZE || types.len > ZC_ABI_MAX_TYPES) {
        return zc_fail(ZC_INTENT_DESCRIPTOR);
    }
    descriptor->contract = zc_address_of(contract);
    descriptor->types_len = (uint8_t)types.len;
    if (types.len > 0) {
        memcpy(descriptor->types, types.data, types.len);
    }
    return read_name(reader, descriptor->name, sizeof(descriptor->name));
}

static zc_result read_all(zc_reader *reader, zc_descriptor *descriptor)
{
    size_t count;
    ZC_TRY(read_head(reader, descriptor));
    ZC_TRY(zc_cbor_get_array(reader, ZC_DESCRIPTOR_MAX_FIELDS, &count));
    descriptor->field_count = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_field(reader, &descriptor->fields[i]));
    }
    ZC_TRY(zc_cbor_get_array(reader, ZC_DESCRIPTOR_MAX_MOVEMENTS, &count));
    descriptor->movement_count = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_movement(reader, &descriptor->movements[i]));
    }
    return zc_descriptor_check(descriptor);
}

zc_result zc_descriptor_read(zc_reader *reader, zc_descriptor *ret_descriptor)
{
    zc_descriptor read = {0};
    zc_reader trial = *reader;
    ZC_TRY(read_all(&trial, &read));
    *ret_descriptor = read;
    *reader = trial;
    return ZC_OK;
}
