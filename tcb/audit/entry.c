#include "audit/entry.h"

#include "audit/detail.h"
#include "audit/sure.h"
#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hash.h"

/* The keys of the map, in their order. */
enum {
    AT_SEQUENCE = 1,
    AT_PREVIOUS,
    AT_TIME,
    AT_BOOT,
    AT_KIND,
    AT_DECISION,
    AT_KEY_ID,
    AT_KEY_USES,
    AT_KEY_PREVIOUS,
    AT_MISSION,
    AT_DIGEST,
    AT_COMMITMENTS,
    AT_DETAIL,
    FIELDS = AT_DETAIL,
};

static bool begins_key(zc_audit_kind kind)
{
    return kind == ZC_AUDIT_KEY_CREATED || kind == ZC_AUDIT_KEY_IMPORTED;
}

/* Which decisions an entry of this kind may hold. */
static bool decision_fits(zc_audit_kind kind, zc_audit_decision decision)
{
    switch (kind) {
    case ZC_AUDIT_DECISION:
        return decision >= ZC_AUDIT_ALLOW && decision <= ZC_AUDIT_REVIEW;
    case ZC_AUDIT_DENIALS:
        return decision == ZC_AUDIT_DENY;
    case ZC_AUDIT_BOOT:
    case ZC_AUDIT_GENESIS:
    case ZC_AUDIT_KEY_CREATED:
    case ZC_AUDIT_KEY_IMPORTED:
    case ZC_AUDIT_KEY_DISABLED:
    case ZC_AUDIT_HALT:
    case ZC_AUDIT_RESUME:
    case ZC_AUDIT_ERROR:
    case ZC_AUDIT_SESSION_START:
    case ZC_AUDIT_SESSION_END:
    case ZC_AUDIT_ATTESTATION:
    case ZC_AUDIT_CLOCK:
    case ZC_AUDIT_LOST_TAIL:
    case ZC_AUDIT_APPROVAL:
    case ZC_AUDIT_FEED:
    case ZC_AUDIT_SETTLEMENT:
    case ZC_AUDIT_TRIP:
    case ZC_AUDIT_REVOCATION:
    case ZC_AUDIT_MISSION:
        return decision == ZC_AUDIT_NO_DECISION;
    }
    return false;
}

static bool key_fits(const zc_audit_entry *entry)
{
    bool wanted = begins_key(entry->kind) || entry->kind == ZC_AUDIT_KEY_DISABLED ||
                  entry->decision == ZC_AUDIT_ALLOW;
    if (!entry->has_key) {
        return !wanted && !entry->has_key_previous && entry->key_uses == 0;
    }
    if (begins_key(entry->kind)) {
        return !entry->has_key_previous && entry->key_uses == 0;
    }
    return entry->has_key_previous && entry->key_previous < entry->sequence;
}

static bool digest_wanted(const zc_audit_entry *entry)
{
    return entry->decision == ZC_AUDIT_ALLOW || entry->kind == ZC_AUDIT_APPROVAL ||
           entry->kind == ZC_AUDIT_SETTLEMENT;
}

/* The one rule for what writers may write and readers may take. */
static zc_result check_shape(const zc_audit_entry *entry)
{
    if (entry->kind < ZC_AUDIT_BOOT || entry->kind > ZC_AUDIT_KIND_LAST) {
        return zc_fail(ZC_AUDIT_BAD_KIND);
    }
    bool signs = entry->decision == ZC_AUDIT_ALLOW;
    if (!decision_fits(entry->kind, entry->decision) || !key_fits(entry) ||
        (digest_wanted(entry) && !entry->has_digest) || (signs && entry->key_uses == 0)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    if (entry->detail.len > ZC_AUDIT_DETAIL_MAX) {
        return zc_fail(ZC_AUDIT_DETAIL_TOO_LONG);
    }
    return zc_audit_detail_check(entry);
}

/* Everything but the bytes of the detail. */
#define FIXED_MAX 512

static uint8_t *put_uint(uint8_t *at, uint8_t field, bool has, uint64_t value)
{
    *at++ = field;
    return has ? zc_sure_head(at, ZC_SURE_UINT, value) : zc_sure_null(at);
}

static uint8_t *put_bytes(uint8_t *at, uint8_t field, bool has, zc_slice bytes)
{
    *at++ = field;
    return has ? zc_sure_bytes(at, bytes) : zc_sure_null(at);
}

static uint8_t *put_commitments(uint8_t *at, const zc_audit_entry *entry)
{
    *at++ = AT_COMMITMENTS;
    at = zc_sure_head(at, ZC_SURE_ARRAY, ZC_AUDIT_GROUPS);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        at = entry->has_commitment[i] ? zc_sure_bytes(at, ZC_SLICE_OF_ARRAY(entry->commitment[i]))
                                      : zc_sure_null(at);
    }
    return at;
}

/* Up to the head of the detail; returns how much it is. Keys are below 24: one byte each. */
static size_t put_fixed(const zc_audit_entry *entry, uint8_t fixed[static FIXED_MAX])
{
    uint8_t *at = zc_sure_head(fixed, ZC_SURE_MAP, FIELDS);
    at = put_uint(at, AT_SEQUENCE, true, entry->sequence);
    at = put_bytes(at, AT_PREVIOUS, true, ZC_SLICE_OF_ARRAY(entry->previous));
    at = put_uint(at, AT_TIME, true, entry->time_ms);
    at = put_bytes(at, AT_BOOT, true, ZC_SLICE_OF_ARRAY(entry->boot_id));
    at = put_uint(at, AT_KIND, true, entry->kind);
    at = put_uint(at, AT_DECISION, entry->decision != ZC_AUDIT_NO_DECISION, entry->decision);
    at = put_bytes(at, AT_KEY_ID, entry->has_key, ZC_SLICE_OF_ARRAY(entry->key_id));
    at = put_uint(at, AT_KEY_USES, entry->has_key, entry->key_uses);
    at = put_uint(at, AT_KEY_PREVIOUS, entry->has_key_previous, entry->key_previous);
    at = put_bytes(at, AT_MISSION, true, ZC_SLICE_OF_ARRAY(entry->mission));
    at = put_bytes(at, AT_DIGEST, entry->has_digest, ZC_SLICE_OF_ARRAY(entry->digest));
    at = put_commitments(at, entry);
    *at++ = AT_DETAIL;
    at = zc_sure_head(at, ZC_SURE_BYTES, entry->detail.len);
    return (size_t)(at - fixed);
}

zc_result zc_audit_entry_write(const zc_audit_entry *entry, zc_writer *writer)
{
    uint8_t fixed[FIXED_MAX];
    uint8_t *room = NULL;
    ZC_TRY(check_shape(entry));
    size_t len = put_fixed(entry, fixed);
    ZC_TRY(zc_write_reserve(writer, len + entry->detail.len, &room));
    memcpy(room, fixed, len);
    if (entry->detail.len > 0) {
        memcpy(room + len, entry->detail.data, entry->detail.len);
    }
    return ZC_OK;
}

static zc_result get_uint(zc_reader *in, uint64_t field, uint64_t *ret_value)
{
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    return zc_cbor_get_uint(in, ret_value);
}

static zc_result get_uint_or_null(zc_reader *in, uint64_t field, bool *ret_has, uint64_t *ret_value)
{
    bool absent;
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    ZC_TRY(zc_cbor_take_null(in, &absent));
    *ret_has = !absent;
    return absent ? ZC_OK : zc_cbor_get_uint(in, ret_value);
}

static zc_result get_fixed(zc_reader *in, uint64_t field, uint8_t *ret_bytes, size_t len)
{
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    return zc_cbor_get_fixed_bytes(in, ret_bytes, len);
}

/* The next item alone, without its field. */
static zc_result take_fixed_or_null(zc_reader *in, bool *ret_has, uint8_t *ret_bytes, size_t len)
{
    bool absent;
    ZC_TRY(zc_cbor_take_null(in, &absent));
    *ret_has = !absent;
    return absent ? ZC_OK : zc_cbor_get_fixed_bytes(in, ret_bytes, len);
}

static zc_result get_fixed_or_null(zc_reader *in, uint64_t field, bool *ret_has, uint8_t *ret_bytes,
                                   size_t len)
{
    ZC_TRY(zc_cbor_get_key_uint(in, field));
    return take_fixed_or_null(in, ret_has, ret_bytes, len);
}

static zc_result get_kind(zc_reader *in, zc_audit_entry *entry)
{
    uint64_t kind;
    uint64_t decision = ZC_AUDIT_NO_DECISION;
    bool has_decision;
    ZC_TRY(get_uint(in, AT_KIND, &kind));
    ZC_TRY(get_uint_or_null(in, AT_DECISION, &has_decision, &decision));
    if (kind < ZC_AUDIT_BOOT || kind > ZC_AUDIT_KIND_LAST) {
        return zc_fail(ZC_AUDIT_BAD_KIND);
    }
    /* A written 0 would be a second form of null. */
    if (has_decision && (decision == ZC_AUDIT_NO_DECISION || decision > ZC_AUDIT_REVIEW)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    entry->kind = (zc_audit_kind)kind;
    entry->decision = (zc_audit_decision)decision;
    return ZC_OK;
}

static zc_result get_key(zc_reader *in, zc_audit_entry *entry)
{
    bool has_uses;
    ZC_TRY(get_fixed_or_null(in, AT_KEY_ID, &entry->has_key, entry->key_id, sizeof entry->key_id));
    ZC_TRY(get_uint_or_null(in, AT_KEY_USES, &has_uses, &entry->key_uses));
    ZC_TRY(get_uint_or_null(in, AT_KEY_PREVIOUS, &entry->has_key_previous, &entry->key_previous));
    return has_uses == entry->has_key ? ZC_OK : zc_fail(ZC_AUDIT_BAD_SHAPE);
}

static zc_result get_commitments(zc_reader *in, zc_audit_entry *entry)
{
    size_t count;
    ZC_TRY(zc_cbor_get_key_uint(in, AT_COMMITMENTS));
    ZC_TRY(zc_cbor_get_array(in, ZC_AUDIT_GROUPS, &count));
    if (count != ZC_AUDIT_GROUPS) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        ZC_TRY(take_fixed_or_null(in, &entry->has_commitment[i], entry->commitment[i],
                                  sizeof entry->commitment[i]));
    }
    return ZC_OK;
}

zc_result zc_audit_entry_read(zc_slice bytes, zc_audit_entry *ret_entry)
{
    zc_reader in = zc_reader_of(bytes);
    zc_audit_entry entry = {0};
    size_t fields;
    ZC_TRY(zc_cbor_get_map(&in, FIELDS, &fields));
    if (fields != FIELDS) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    ZC_TRY(get_uint(&in, AT_SEQUENCE, &entry.sequence));
    ZC_TRY(get_fixed(&in, AT_PREVIOUS, entry.previous, sizeof entry.previous));
    ZC_TRY(get_uint(&in, AT_TIME, &entry.time_ms));
    ZC_TRY(get_fixed(&in, AT_BOOT, entry.boot_id, sizeof entry.boot_id));
    ZC_TRY(get_kind(&in, &entry));
    ZC_TRY(get_key(&in, &entry));
    ZC_TRY(get_fixed(&in, AT_MISSION, entry.mission, sizeof entry.mission));
    ZC_TRY(get_fixed_or_null(&in, AT_DIGEST, &entry.has_digest, entry.digest, sizeof entry.digest));
    ZC_TRY(get_commitments(&in, &entry));
    ZC_TRY(zc_cbor_get_key_uint(&in, AT_DETAIL));
    ZC_TRY(zc_cbor_get_bytes(&in, &entry.detail));
    ZC_TRY(zc_reader_end(&in));
    ZC_TRY(check_shape(&entry));
    *ret_entry = entry;
    return ZC_OK;
}

void zc_audit_leaf(zc_slice entry, uint8_t ret_leaf[static ZC_AUDIT_HASH_SIZE])
{
    static const uint8_t leaf_prefix[1] = {0x00};
    const zc_slice parts[] = {ZC_SLICE_OF_ARRAY(leaf_prefix), entry};
    zc_sha256_public(parts, 2, ret_leaf);
}
