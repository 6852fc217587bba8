#include "crypto/kind.h"
#include "crypto/signer.h"
#include "wire/fields.h"
#include "wire/message.h"

static const zc_field auth_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_request_auth, public_key),
    ZC_FIELD_ROW_FIXED(2, zc_request_auth, signature),
};
static const zc_field attest_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_request_attest, nonce, 0, ZC_NONCE_MAX),
};
static const zc_field key_create_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_request_key_create, name, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U8, zc_request_key_create, kind, ZC_KEY_KIND_SECP256K1,
                 ZC_KEY_KIND_RSA),
    ZC_FIELD_ROW(3, ZC_FIELD_U8, zc_request_key_create, tier, ZC_TIER_HOT, ZC_TIER_COLD),
    ZC_FIELD_ROW(4, ZC_FIELD_U8, zc_request_key_create, nonce_mode, ZC_NONCE_HEDGED,
                 ZC_NONCE_DETERMINISTIC),
    ZC_FIELD_ROW_IF(5, ZC_FIELD_TEXT, zc_request_key_create, api_key, 1, ZC_API_KEY_MAX,
                    ZC_FIELD_OPTIONAL, has_api_key),
    ZC_FIELD_ROW_IF(6, ZC_FIELD_U8, zc_request_key_create, venue, 1, UINT8_MAX, ZC_FIELD_OPTIONAL,
                    has_venue),
};
static const zc_field key_list_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_request_key_list, from, 0, UINT64_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U64, zc_request_key_list, max, 1, ZC_KEY_LIST_MAX),
};
static const zc_field key_name_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_request_key_name, name, 1, ZC_NAME_MAX),
};
static const zc_field key_import_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_request_key_import, name, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U8, zc_request_key_import, kind, ZC_KEY_KIND_SECP256K1,
                 ZC_KEY_KIND_RSA),
    ZC_FIELD_ROW(3, ZC_FIELD_U8, zc_request_key_import, tier, ZC_TIER_HOT, ZC_TIER_COLD),
    ZC_FIELD_ROW(4, ZC_FIELD_U8, zc_request_key_import, nonce_mode, ZC_NONCE_HEDGED,
                 ZC_NONCE_DETERMINISTIC),
    ZC_FIELD_ROW(5, ZC_FIELD_BYTES, zc_request_key_import, sealed, 1, ZC_SEALED_IMPORT_MAX),
    ZC_FIELD_ROW_IF(6, ZC_FIELD_TEXT, zc_request_key_import, api_key, 1, ZC_API_KEY_MAX,
                    ZC_FIELD_OPTIONAL, has_api_key),
    ZC_FIELD_ROW_IF(7, ZC_FIELD_U8, zc_request_key_import, venue, 1, UINT8_MAX, ZC_FIELD_OPTIONAL,
                    has_venue),
};
static const zc_field sign_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_request_sign, key, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U8, zc_request_sign, use, ZC_USE_TX, ZC_USE_DIGEST),
    ZC_FIELD_ROW(3, ZC_FIELD_U8, zc_request_sign, family, 0, UINT8_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_BYTES, zc_request_sign, payload, 0, ZC_PAYLOAD_MAX),
    ZC_FIELD_ROW_IF(5, ZC_FIELD_U64, zc_request_sign, chain_id, 0, UINT64_MAX, ZC_FIELD_OPTIONAL,
                    has_chain_id),
    ZC_FIELD_ROW_IF(6, ZC_FIELD_U8, zc_request_sign, form, 0, UINT8_MAX, ZC_FIELD_OPTIONAL,
                    has_form),
};
static const zc_field halt_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_request_halt, reason, 0, ZC_HALT_REASON_MAX),
};
static const zc_field reviews_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_request_reviews, from, 0, UINT64_MAX),
};
static const zc_field review_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U64, zc_request_review, entry, 0, UINT64_MAX),
};
static const zc_field approve_table[] = {
    ZC_FIELD_ROW_FIXED(1, zc_request_approve, leaf),
    ZC_FIELD_ROW(2, ZC_FIELD_U64, zc_request_approve, expires_ms, 0, INT64_MAX),
    ZC_FIELD_ROW_FIXED(3, zc_request_approve, signature),
};
static const zc_field feed_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_BYTES, zc_request_feed, message, 1, ZC_FEED_MESSAGE_MAX),
    ZC_FIELD_ROW_FIXED(2, zc_request_feed, signature),
};
static const zc_field revoke_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U8, zc_request_revoke, kind, ZC_REVOKE_PRINCIPAL, ZC_REVOKE_RULE),
    ZC_FIELD_ROW(2, ZC_FIELD_TEXT, zc_request_revoke, name, 1, ZC_NAME_MAX),
};
static const zc_field policy_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U8, zc_request_policy, section, ZC_SECTION_RADIUS, ZC_SECTION_REVOKED),
    ZC_FIELD_ROW(2, ZC_FIELD_U64, zc_request_policy, from, 0, UINT64_MAX),
};

static const zc_field mission_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_U8, zc_request_mission, step, ZC_MISSION_SHOW, ZC_MISSION_ACTIVATE),
    ZC_FIELD_ROW_FIXED(2, zc_request_mission, mission),
    ZC_FIELD_ROW(3, ZC_FIELD_U64, zc_request_mission, begun, 0, UINT64_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_U64, zc_request_mission, expires_ms, 0, INT64_MAX),
    ZC_FIELD_ROW_FIXED(5, zc_request_mission, signature),
};

/* By operation. STATUS and RESUME have tables without rows. */
static const zc_fields bodies[] = {
    [ZC_OP_AUTH] = ZC_FIELDS(auth_table),
    [ZC_OP_STATUS] = {NULL, 0},
    [ZC_OP_ATTEST] = ZC_FIELDS(attest_table),
    [ZC_OP_KEY_CREATE] = ZC_FIELDS(key_create_table),
    [ZC_OP_KEY_LIST] = ZC_FIELDS(key_list_table),
    [ZC_OP_KEY_SHOW] = ZC_FIELDS(key_name_table),
    [ZC_OP_KEY_DISABLE] = ZC_FIELDS(key_name_table),
    [ZC_OP_KEY_IMPORT_BEGIN] = ZC_FIELDS(attest_table),
    [ZC_OP_KEY_IMPORT] = ZC_FIELDS(key_import_table),
    [ZC_OP_SIGN] = ZC_FIELDS(sign_table),
    [ZC_OP_HALT] = ZC_FIELDS(halt_table),
    [ZC_OP_RESUME] = {NULL, 0},
    [ZC_OP_REVIEWS] = ZC_FIELDS(reviews_table),
    [ZC_OP_REVIEW] = ZC_FIELDS(review_table),
    [ZC_OP_APPROVE] = ZC_FIELDS(approve_table),
    [ZC_OP_FEED] = ZC_FIELDS(feed_table),
    [ZC_OP_REVOKE] = ZC_FIELDS(revoke_table),
    [ZC_OP_POLICY] = ZC_FIELDS(policy_table),
    [ZC_OP_MISSION] = ZC_FIELDS(mission_table),
};

/* Every body begins where the union does. */
static const size_t body_offset = offsetof(zc_request, auth);

static zc_result find_body(uint64_t op, const zc_fields **ret_fields)
{
    if (op < ZC_OP_AUTH || op > ZC_OP_LAST) {
        return zc_fail(ZC_WIRE_UNKNOWN_MESSAGE);
    }
    *ret_fields = &bodies[op];
    return ZC_OK;
}

zc_result zc_request_write(const zc_request *request, zc_writer *writer)
{
    const zc_fields *fields;
    ZC_TRY(find_body(request->op, &fields));
    zc_writer at = *writer;
    ZC_TRY(zc_envelope_write(request->id, request->op, &at));
    ZC_TRY(zc_fields_write(fields, (const uint8_t *)request + body_offset, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_request_read_next(zc_reader *reader, zc_request *ret_request)
{
    zc_reader at = *reader;
    zc_request request = {0};
    uint64_t op;
    ZC_TRY(zc_envelope_read(&at, &request.id, &op));
    const zc_fields *fields;
    ZC_TRY(find_body(op, &fields));
    request.op = (zc_op)op;
    ZC_TRY(zc_fields_read(fields, &at, (uint8_t *)&request + body_offset));
    *reader = at;
    *ret_request = request;
    return ZC_OK;
}

zc_result zc_request_read(zc_slice bytes, zc_request *ret_request)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_request request;
    ZC_TRY(zc_request_read_next(&reader, &request));
    ZC_TRY(zc_reader_end(&reader));
    *ret_request = request;
    return ZC_OK;
}

zc_result zc_request_peek_id(zc_slice bytes, uint64_t *ret_id)
{
    zc_reader reader = zc_reader_of(bytes);
    uint64_t id;
    uint64_t op;
    ZC_TRY(zc_envelope_read(&reader, &id, &op));
    *ret_id = id;
    return ZC_OK;
}
