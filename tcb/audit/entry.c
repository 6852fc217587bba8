#include "audit/entry.h"

#include "audit/detail.h"
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

static zc_result put_uint(zc_writer *out, uint64_t field, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return zc_cbor_put_uint(out, value);
}

static zc_result put_uint_or_null(zc_writer *out, uint64_t field, bool has, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return has ? zc_cbor_put_uint(out, value) : zc_cbor_put_null(out);
}

static zc_result put_bytes(zc_writer *out, uint64_t field, zc_slice bytes)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return zc_cbor_put_bytes(out, bytes);
}

static zc_result put_bytes_or_null(zc_writer *out, uint64_t field, bool has, zc_slice bytes)
{
    ZC_TRY(zc_cbor_put_uint(out, field));
    return has ? zc_cbor_put_bytes(out, bytes) : zc_cbor_put_null(out);
}

static zc_result put_key(zc_writer *out, const zc_audit_entry *entry)
{
    ZC_TRY(put_bytes_or_null(out, AT_KEY_ID, entry->has_key, ZC_SLICE_OF_ARRAY(entry->key_id)));
    ZC_TRY(put_uint_or_null(out, AT_KEY_USES, entry->has_key, entry->key_uses));
    return put_uint_or_null(out, AT_KEY_PREVIOUS, entry->has_key_previous, entry->key_previous);
}

static zc_result put_commitments(zc_writer *out, const zc_audit_entry *entry)
{
    ZC_TRY(zc_cbor_put_uint(out, AT_COMMITMENTS));
    ZC_TRY(zc_cbor_put_array(out, ZC_AUDIT_GROUPS));
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        ZC_TRY(entry->has_commitment[i]
                   ? zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(entry->commitment[i]))
                   : zc_cbor_put_null(out));
    }
    return ZC_OK;
}

zc_result zc_audit_entry_write(const zc_audit_entry *entry, zc_writer *writer)
{
    ZC_TRY(check_shape(entry));
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_map(&out, FIELDS));
    ZC_TRY(put_uint(&out, AT_SEQUENCE, entry->sequence));
    ZC_TRY(put_bytes(&out, AT_PREVIOUS, ZC_SLICE_OF_ARRAY(entry->previous)));
    ZC_TRY(put_uint(&out, AT_TIME, entry->time_ms));
    ZC_TRY(put_bytes(&out, AT_BOOT, ZC_SLICE_OF_ARRAY(entry->boot_id)));
    ZC_TRY(put_uint(&out, AT_KIND, entry->kind));
    ZC_TRY(put_uint_or_null(&out, AT_DECISION, entry->decision != ZC_AUDIT_NO_DECISION,
                            entry->decision));
    ZC_TRY(put_key(&out, entry));
    ZC_TRY(put_bytes(&out, AT_MISSION, ZC_SLICE_OF_ARRAY(entry->mission)));
    ZC_TRY(put_bytes_or_null(&out, AT_DIGEST, entry->has_digest, ZC_SLICE_OF_ARRAY(entry->digest)));
    ZC_TRY(put_commitments(&out, entry));
    ZC_TRY(put_bytes(&out, AT_DETAIL, entry->detail));
    *writer = out;
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
    zc_sha256_ctx hash;
    zc_sha256_init(&hash);
    zc_sha256_update(&hash, ZC_SLICE_OF_ARRAY(leaf_prefix));
    zc_sha256_update(&hash, entry);
    zc_sha256_final(&hash, ret_leaf);
}
