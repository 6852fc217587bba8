#include "wire/frontlink.h"

#include "wire/fields.h"

static const zc_field key_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_front_key, spki, 1, ZC_SPKI_MAX),
};
static const zc_field session_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_front_session, secrets),
    ZC_FIELD_ROW_FIXED(2, zc_front_session, document_sha256),
};
static const zc_field evidence_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_front_evidence, certificate, 1, ZC_CERTIFICATE_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_front_evidence, document, 1, ZC_DOCUMENT_MAX),
    ZC_FIELD_ROW(3, ZC_FIELD_BYTES, zc_front_evidence, genesis, 1, ZC_STORED_GENESIS_MAX),
};

/* By type. STOP has a table without rows. */
static const zc_fields bodies[] = {
    [ZC_FRONT_KEY] = ZC_FIELDS(key_table),
    [ZC_FRONT_SESSION] = ZC_FIELDS(session_table),
    [ZC_FRONT_EVIDENCE] = ZC_FIELDS(evidence_table),
    [ZC_FRONT_STOP] = {NULL, 0},
};

/* Every body begins where the union does. */
static const size_t body_offset = offsetof(zc_front_message, key);

static zc_result find_body(uint64_t type, const zc_fields **ret_fields)
{
    if (type < ZC_FRONT_KEY || type > ZC_FRONT_STOP) {
        return zc_fail(ZC_WIRE_UNKNOWN_MESSAGE);
    }
    *ret_fields = &bodies[type];
    return ZC_OK;
}

zc_result zc_front_message_write(const zc_front_message *message, zc_writer *writer)
{
    const zc_fields *fields;
    ZC_TRY(find_body(message->type, &fields));
    zc_writer at = *writer;
    ZC_TRY(zc_typed_write(message->type, &at));
    ZC_TRY(zc_fields_write(fields, (const uint8_t *)message + body_offset, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_front_message_read(zc_slice packet, zc_front_message *ret_message)
{
    zc_reader reader = zc_reader_of(packet);
    uint64_t type;
    ZC_TRY(zc_typed_read(&reader, &type));
    const zc_fields *fields;
    ZC_TRY(find_body(type, &fields));
    /* May come to hold a session's secrets. */
    __attribute__((cleanup(zc_front_message_clear))) zc_front_message message = {0};
    message.type = (zc_front_type)type;
    ZC_TRY(zc_fields_read(fields, &reader, (uint8_t *)&message + body_offset));
    ZC_TRY(zc_reader_end(&reader));
    *ret_message = message;
    return ZC_OK;
}

void zc_front_message_clear(zc_front_message *message)
{
    zc_wipe(message, sizeof *message);
}
