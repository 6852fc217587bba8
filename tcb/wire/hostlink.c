#include "wire/hostlink.h"

#include "base/secret.h"
#include "codec/cbor.h"
#include "wire/fields.h"

static const zc_field boot_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_boot, mission, 1, ZC_MISSION_MAX),
    ZC_FIELD_ROW_IF(2, ZC_FIELD_BYTES, zc_host_boot, genesis, 1, ZC_STORED_GENESIS_MAX,
                    ZC_FIELD_OPTIONAL, has_genesis),
    ZC_FIELD_ROW_IF(3, ZC_FIELD_BYTES, zc_host_boot, root, 1, ZC_STORED_ROOT_MAX, ZC_FIELD_OPTIONAL,
                    has_root),
};
static const zc_field mission_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_mission, part, 1, ZC_MISSION_MAX),
};
static const zc_field key_blob_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_host_key_blob, name, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_host_key_blob, sealed, 1, ZC_STORED_KEY_MAX),
};
static const zc_field keys_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_keys, sealed, 1, ZC_STORED_KEYS_MAX),
};
static const zc_field entry_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_entry, entry, 1, ZC_ENTRY_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_host_entry, opening, 0, ZC_OPENING_MAX),
    ZC_FIELD_ROW_FIXED(3, zc_host_entry, tag),
};
static const zc_field ack_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_host_ack, ordinal, 0, UINT64_MAX),
};
static const zc_field cosigned_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_cosigned, note, 1, ZC_COSIGNED_MAX),
};
static const zc_field snapshot_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_snapshot, piece, 1, ZC_STORE_DATA_MAX),
};
static const zc_field snapshot_taken_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_host_snapshot_taken, sequence, 0, UINT64_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U16, zc_host_snapshot_taken, code, 0, UINT16_MAX),
};
static const zc_field hello_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_host_hello, version, 1, ZC_VERSION_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_host_hello, pcr0),
    ZC_FIELD_ROW(3, ZC_FIELD_U32, zc_host_hello, isolation, 0, UINT32_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_U8, zc_host_hello, vault_kind, ZC_VAULT_MEMFD_SECRET, ZC_VAULT_LOCKED),
};
static const zc_field statement_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_host_genesis_statement, statement, 1, ZC_STATEMENT_MAX),
};
static const zc_field store_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_host_store, ordinal, 1, UINT64_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U8, zc_host_store, kind, ZC_STORE_ENTRY, ZC_STORE_SNAPSHOT),
    ZC_FIELD_ROW(3, ZC_FIELD_TEXT, zc_host_store, name, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_BYTES, zc_host_store, data, 1, ZC_STORE_DATA_MAX),
    ZC_FIELD_ROW_IF(5, ZC_FIELD_BYTES, zc_host_store, opening, 0, ZC_OPENING_MAX, ZC_FIELD_OPTIONAL,
                    has_opening),
    {6, ZC_FIELD_FIXED, ZC_FIELD_COMPANION, offsetof(zc_host_store, tag),
     offsetof(zc_host_store, has_opening), 0, sizeof(((zc_host_store *)0)->tag)},
};
static const zc_field serving_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_host_serving, deployment_id),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_host_serving, document, 1, ZC_DOCUMENT_MAX),
};
static const zc_field fatal_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U16, zc_host_fatal, code, 0, UINT16_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_TEXT, zc_host_fatal, detail, 0, ZC_DETAIL_MAX),
};
static const zc_field phase_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U8, zc_host_phase, phase, 1, UINT8_MAX),
};

/* LOAD_DONE, STOP and STOPPED have tables without rows; GENESIS_SIGNED and LOST_TAIL, which hold a
 * list, have functions. */
static const struct {
    zc_host_type type;
    zc_fields fields;
} bodies[] = {
    {ZC_HOST_BOOT, ZC_FIELDS(boot_table)},
    {ZC_HOST_GENESIS_SIGNED, {NULL, 0}},
    {ZC_HOST_KEY_BLOB, ZC_FIELDS(key_blob_table)},
    {ZC_HOST_KEYS, ZC_FIELDS(keys_table)},
    {ZC_HOST_ENTRY, ZC_FIELDS(entry_table)},
    {ZC_HOST_LOAD_DONE, {NULL, 0}},
    {ZC_HOST_ACK, ZC_FIELDS(ack_table)},
    {ZC_HOST_COSIGNED, ZC_FIELDS(cosigned_table)},
    {ZC_HOST_LOST_TAIL, {NULL, 0}},
    {ZC_HOST_STOP, {NULL, 0}},
    {ZC_HOST_MISSION, ZC_FIELDS(mission_table)},
    {ZC_HOST_SNAPSHOT, ZC_FIELDS(snapshot_table)},
    {ZC_HOST_HELLO, ZC_FIELDS(hello_table)},
    {ZC_HOST_GENESIS_STATEMENT, ZC_FIELDS(statement_table)},
    {ZC_HOST_STORE, ZC_FIELDS(store_table)},
    {ZC_HOST_SERVING, ZC_FIELDS(serving_table)},
    {ZC_HOST_FATAL, ZC_FIELDS(fatal_table)},
    {ZC_HOST_PHASE, ZC_FIELDS(phase_table)},
    {ZC_HOST_STOPPED, {NULL, 0}},
    {ZC_HOST_LOST_TAIL_STATEMENT, ZC_FIELDS(statement_table)},
    {ZC_HOST_SNAPSHOT_TAKEN, ZC_FIELDS(snapshot_taken_table)},
};

/* Every body begins where the union does. */
static const size_t body_offset = offsetof(zc_host_message, boot);

static zc_result find_body(uint64_t type, const zc_fields **ret_fields)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        if (type == bodies[i].type) {
            *ret_fields = &bodies[i].fields;
            return ZC_OK;
        }
    }
    return zc_fail(ZC_WIRE_UNKNOWN_MESSAGE);
}

static zc_result write_founders(const zc_host_genesis_signed *list, zc_writer *writer)
{
    if (list->count > ZC_FOUNDERS_MAX) {
        return zc_fail(ZC_WIRE_FIELD_TOO_LONG);
    }
    ZC_TRY(zc_cbor_put_map(writer, 1));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_array(writer, list->count));
    for (size_t i = 0; i < list->count; i++) {
        const zc_founder_signature *founder = &list->founder[i];
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(founder->public_key)));
        ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(founder->signature)));
    }
    return ZC_OK;
}

static zc_result read_founder(zc_reader *reader, zc_founder_signature *ret_founder)
{
    size_t parts;
    ZC_TRY(zc_cbor_get_array(reader, 2, &parts));
    if (parts != 2) {
        return zc_fail(ZC_WIRE_WRONG_FIELDS);
    }
    ZC_TRY(
        zc_cbor_get_fixed_bytes(reader, ret_founder->public_key, sizeof ret_founder->public_key));
    return zc_cbor_get_fixed_bytes(reader, ret_founder->signature, sizeof ret_founder->signature);
}

static zc_result read_founders(zc_reader *reader, zc_host_genesis_signed *ret_list)
{
    ZC_TRY(zc_field_map(reader, 1));
    ZC_TRY(zc_field_key(reader, 1));
    ZC_TRY(zc_cbor_get_array(reader, ZC_FOUNDERS_MAX, &ret_list->count));
    for (size_t i = 0; i < ret_list->count; i++) {
        ZC_TRY(read_founder(reader, &ret_list->founder[i]));
    }
    return ZC_OK;
}

static bool holds_founders(zc_host_type type)
{
    return type == ZC_HOST_GENESIS_SIGNED || type == ZC_HOST_LOST_TAIL;
}

zc_result zc_host_message_write(const zc_host_message *message, zc_writer *writer)
{
    const zc_fields *fields;
    ZC_TRY(find_body(message->type, &fields));
    zc_writer at = *writer;
    ZC_TRY(zc_typed_write(message->type, &at));
    ZC_TRY(holds_founders(message->type)
               ? write_founders(&message->genesis_signed, &at)
               : zc_fields_write(fields, (const uint8_t *)message + body_offset, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_host_message_read(zc_slice bytes, zc_host_message *ret_message)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_host_message message = {0};
    uint64_t type;
    ZC_TRY(zc_typed_read(&reader, &type));
    const zc_fields *fields;
    ZC_TRY(find_body(type, &fields));
    message.type = (zc_host_type)type;
    ZC_TRY(holds_founders(message.type)
               ? read_founders(&reader, &message.genesis_signed)
               : zc_fields_read(fields, &reader, (uint8_t *)&message + body_offset));
    ZC_TRY(zc_reader_end(&reader));
    *ret_message = message;
    return ZC_OK;
}

zc_result zc_host_message_peek(zc_slice bytes, zc_host_type *ret_type)
{
    zc_reader reader = zc_reader_of(bytes);
    uint64_t type;
    const zc_fields *fields;
    ZC_TRY(zc_typed_read(&reader, &type));
    ZC_TRY(find_body(type, &fields));
    *ret_type = (zc_host_type)type;
    return ZC_OK;
}

zc_result zc_host_frame_peek(zc_slice head, size_t *ret_total)
{
    return zc_frame_peek(head, 1, ZC_HOST_FRAME_MAX, ret_total);
}
