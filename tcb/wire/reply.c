#include "wire/fields.h"
#include "wire/key_list.h"

static const zc_field failed_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U16, zc_reply_failed, code, 1, UINT16_MAX),
    ZC_FIELD_ROW_IF(2, ZC_FIELD_U64, zc_reply_failed, offset, 0, UINT64_MAX, ZC_FIELD_OPTIONAL,
                    has_offset),
};
static const zc_field denial_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_denial, rule, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U16, zc_denial, reason, 0, UINT16_MAX),
    ZC_FIELD_ROW(3, ZC_FIELD_U256, zc_denial, measured, 0, 0),
    ZC_FIELD_ROW(4, ZC_FIELD_U256, zc_denial, limit, 0, 0),
    ZC_FIELD_ROW_IF(5, ZC_FIELD_U64, zc_denial, entry, 0, UINT64_MAX, ZC_FIELD_OPTIONAL, has_entry),
    ZC_FIELD_ROW(6, ZC_FIELD_TEXT, zc_denial, asset, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(7, ZC_FIELD_TEXT, zc_denial, feed, 0, ZC_NAME_MAX),
};
static const zc_field auth_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_reply_auth, principal, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_reply_auth, deployment_id),
    ZC_FIELD_ROW(3, ZC_FIELD_U8, zc_reply_auth, phase, 1, UINT8_MAX),
};
static const zc_field state_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U8, zc_reply_status, phase, 1, UINT8_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_reply_status, deployment_id),
    ZC_FIELD_ROW_FIXED(3, zc_reply_status, mission_hash),
    ZC_FIELD_ROW(4, ZC_FIELD_TEXT, zc_reply_status, mission, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW_FIXED(5, zc_reply_status, boot_id),
    ZC_FIELD_ROW(6, ZC_FIELD_U64, zc_reply_status, log_next, 0, UINT64_MAX),
    ZC_FIELD_ROW_FIXED(7, zc_reply_status, log_head),
    ZC_FIELD_ROW(8, ZC_FIELD_U64, zc_reply_status, keys, 0, UINT64_MAX),
    ZC_FIELD_ROW(9, ZC_FIELD_U64, zc_reply_status, uptime_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(10, ZC_FIELD_U32, zc_reply_status, isolation, 0, UINT32_MAX),
    ZC_FIELD_ROW(11, ZC_FIELD_U8, zc_reply_status, vault_kind, 0, UINT8_MAX),
    ZC_FIELD_ROW(12, ZC_FIELD_TEXT, zc_reply_status, platform, 0, ZC_PLATFORM_NAME_MAX),
    ZC_FIELD_ROW(13, ZC_FIELD_BOOL, zc_reply_status, rollback_protected, 0, 0),
    ZC_FIELD_ROW(14, ZC_FIELD_U64, zc_reply_status, time_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(15, ZC_FIELD_U64, zc_reply_status, signatures, 0, UINT64_MAX),
    ZC_FIELD_ROW(16, ZC_FIELD_U64, zc_reply_status, denials, 0, UINT64_MAX),
    ZC_FIELD_ROW(17, ZC_FIELD_U64, zc_reply_status, max_unacked, 0, UINT64_MAX),
    ZC_FIELD_ROW(18, ZC_FIELD_U64, zc_reply_status, reservations, 0, UINT64_MAX),
    ZC_FIELD_ROW(19, ZC_FIELD_U8, zc_reply_status, mode, 0, UINT8_MAX),
    ZC_FIELD_ROW(20, ZC_FIELD_TEXT, zc_reply_status, tripped, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(21, ZC_FIELD_U64, zc_reply_status, reviews, 0, UINT64_MAX),
    ZC_FIELD_ROW(22, ZC_FIELD_U64, zc_reply_status, revoked, 0, UINT64_MAX),
};
static const zc_field attest_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_reply_attest, document, 1, ZC_DOCUMENT_MAX),
};
static const zc_field import_begin_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_reply_import_begin, import_key),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_reply_import_begin, document, 1, ZC_DOCUMENT_MAX),
};
static const zc_field sign_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_reply_sign, digest),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_reply_sign, signature, 1, ZC_SIGNATURE_MAX),
    ZC_FIELD_ROW(3, ZC_FIELD_U8, zc_reply_sign, recovery, 0, 3),
    ZC_FIELD_ROW(4, ZC_FIELD_U64, zc_reply_sign, entry, 0, UINT64_MAX),
    ZC_FIELD_ROW_FIXED(5, zc_reply_sign, leaf),
    ZC_FIELD_ROW(6, ZC_FIELD_TEXT, zc_reply_sign, rule, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(7, ZC_FIELD_U256, zc_reply_sign, measured, 0, 0),
    ZC_FIELD_ROW(8, ZC_FIELD_U256, zc_reply_sign, limit, 0, 0),
    ZC_FIELD_ROW_IF(9, ZC_FIELD_BYTES, zc_reply_sign, artefact, 1, ZC_ARTEFACT_MAX,
                    ZC_FIELD_OPTIONAL, has_artefact),
    ZC_FIELD_ROW(10, ZC_FIELD_U32, zc_reply_sign, max_unacked, 0, UINT32_MAX),
    ZC_FIELD_ROW(11, ZC_FIELD_TEXT, zc_reply_sign, feed, 0, ZC_NAME_MAX),
};
static const zc_field logged_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_reply_logged, entry, 0, UINT64_MAX),
};
static const zc_field list_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_reply_list, count, 0, ZC_LIST_BYTES_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_BYTES, zc_reply_list, items, 0, ZC_LIST_BYTES_MAX),
    ZC_FIELD_ROW(3, ZC_FIELD_U64, zc_reply_list, total, 0, UINT64_MAX),
};
static const zc_field review_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_reply_review, info, 1, ZC_REVIEW_INFO_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_TEXT, zc_reply_review, text, 0, ZC_ARTEFACT_MAX),
};

static const zc_field mission_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_reply_mission, entry, 0, UINT64_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_reply_mission, mission),
    ZC_FIELD_ROW_FIXED(3, zc_reply_mission, born),
    ZC_FIELD_ROW(4, ZC_FIELD_BOOL, zc_reply_mission, changeable, 0, 0),
    ZC_FIELD_ROW(5, ZC_FIELD_BOOL, zc_reply_mission, begun, 0, 0),
    ZC_FIELD_ROW_FIXED(6, zc_reply_mission, next),
    ZC_FIELD_ROW(7, ZC_FIELD_U64, zc_reply_mission, began, 0, UINT64_MAX),
    ZC_FIELD_ROW(8, ZC_FIELD_U64, zc_reply_mission, earliest_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(9, ZC_FIELD_U64, zc_reply_mission, expires_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(10, ZC_FIELD_U32, zc_reply_mission, have, 0, UINT32_MAX),
    ZC_FIELD_ROW(11, ZC_FIELD_U32, zc_reply_mission, needed, 0, UINT32_MAX),
    ZC_FIELD_ROW(12, ZC_FIELD_U32, zc_reply_mission, organisations, 0, UINT32_MAX),
    ZC_FIELD_ROW(13, ZC_FIELD_U32, zc_reply_mission, organisations_needed, 0, UINT32_MAX),
    ZC_FIELD_ROW(14, ZC_FIELD_BOOL, zc_reply_mission, member, 0, 0),
    ZC_FIELD_ROW(15, ZC_FIELD_U64, zc_reply_mission, time_ms, 0, UINT64_MAX),
};

static const zc_fields failed_fields = ZC_FIELDS(failed_table);
static const zc_fields denial_fields = ZC_FIELDS(denial_table);

/* Bodies of OK that are flat, by operation. */
static const zc_fields ok_bodies[] = {
    [ZC_OP_AUTH] = ZC_FIELDS(auth_table),
    [ZC_OP_STATUS] = ZC_FIELDS(state_table),
    [ZC_OP_ATTEST] = ZC_FIELDS(attest_table),
    [ZC_OP_KEY_IMPORT_BEGIN] = ZC_FIELDS(import_begin_table),
    [ZC_OP_SIGN] = ZC_FIELDS(sign_table),
    [ZC_OP_HALT] = ZC_FIELDS(logged_table),
    [ZC_OP_RESUME] = ZC_FIELDS(logged_table),
    [ZC_OP_REVIEWS] = ZC_FIELDS(list_table),
    [ZC_OP_REVIEW] = ZC_FIELDS(review_table),
    [ZC_OP_APPROVE] = ZC_FIELDS(logged_table),
    [ZC_OP_FEED] = ZC_FIELDS(logged_table),
    [ZC_OP_REVOKE] = ZC_FIELDS(logged_table),
    [ZC_OP_POLICY] = ZC_FIELDS(list_table),
    [ZC_OP_MISSION] = ZC_FIELDS(mission_table),
};

/* Every body begins where the union does. */
static const size_t body_offset = offsetof(zc_reply, failed);

static bool is_about_one_key(zc_op op)
{
    return op == ZC_OP_KEY_CREATE || op == ZC_OP_KEY_SHOW || op == ZC_OP_KEY_DISABLE ||
           op == ZC_OP_KEY_IMPORT;
}

static zc_result find_body(zc_op op, uint64_t status, const zc_fields **ret_fields)
{
    switch (status) {
    case ZC_STATUS_OK:
        if (op < ZC_OP_AUTH || op > ZC_OP_LAST) {
            return zc_fail(ZC_WIRE_UNKNOWN_MESSAGE);
        }
        *ret_fields = &ok_bodies[op];
        return ZC_OK;
    case ZC_STATUS_FAILED:
        *ret_fields = &failed_fields;
        return ZC_OK;
    case ZC_STATUS_DENIED:
    case ZC_STATUS_REVIEW:
        *ret_fields = &denial_fields;
        return ZC_OK;
    default:
        return zc_fail(ZC_WIRE_UNKNOWN_MESSAGE);
    }
}

static zc_result write_body(const zc_reply *reply, const zc_fields *fields, zc_writer *writer)
{
    if (reply->status == ZC_STATUS_OK && is_about_one_key(reply->op)) {
        return zc_key_info_write(&reply->key, writer);
    }
    if (reply->status == ZC_STATUS_OK && reply->op == ZC_OP_KEY_LIST) {
        return zc_key_list_write(&reply->key_list, writer);
    }
    return zc_fields_write(fields, (const uint8_t *)reply + body_offset, writer);
}

static zc_result read_body(zc_reader *reader, const zc_fields *fields, zc_reply *ret_reply)
{
    if (ret_reply->status == ZC_STATUS_OK && is_about_one_key(ret_reply->op)) {
        return zc_key_info_read(reader, &ret_reply->key);
    }
    if (ret_reply->status == ZC_STATUS_OK && ret_reply->op == ZC_OP_KEY_LIST) {
        return zc_key_list_read(reader, &ret_reply->key_list);
    }
    return zc_fields_read(fields, reader, (uint8_t *)ret_reply + body_offset);
}

zc_result zc_reply_write(const zc_reply *reply, zc_writer *writer)
{
    const zc_fields *fields;
    ZC_TRY(find_body(reply->op, reply->status, &fields));
    zc_writer at = *writer;
    ZC_TRY(zc_envelope_write(reply->id, reply->status, &at));
    ZC_TRY(write_body(reply, fields, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_reply_read(zc_slice bytes, zc_op op, zc_reply *ret_reply)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_reply reply = {.op = op};
    uint64_t status;
    ZC_TRY(zc_envelope_read(&reader, &reply.id, &status));
    const zc_fields *fields;
    ZC_TRY(find_body(op, status, &fields));
    reply.status = (zc_status)status;
    ZC_TRY(read_body(&reader, fields, &reply));
    ZC_TRY(zc_reader_end(&reader));
    *ret_reply = reply;
    return ZC_OK;
}

zc_result zc_reply_peek_id(zc_slice bytes, uint64_t *ret_id)
{
    return zc_request_peek_id(bytes, ret_id);
}
