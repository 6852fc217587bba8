#include "audit/opening.h"

#include "audit/sure.h"
#include "base/ct.h"
#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hash.h"

void zc_audit_commit(zc_audit_group group, const uint8_t salt[static ZC_AUDIT_SALT_SIZE],
                     zc_slice bytes, uint8_t ret_commitment[static ZC_AUDIT_HASH_SIZE])
{
    static const char domain[] = "zcp-group";
    uint8_t head[sizeof domain + ZC_AUDIT_SALT_SIZE];
    memcpy(head, domain, sizeof domain - 1);
    head[sizeof domain - 1] = (uint8_t)group;
    memcpy(head + sizeof domain, salt, ZC_AUDIT_SALT_SIZE);
    /* Private, but not secret: the opening holds all of it. */
    const zc_slice parts[] = {ZC_SLICE_OF_ARRAY(head), bytes};
    zc_sha256_public(parts, 2, ret_commitment);
}

void zc_audit_commit_all(const zc_audit_opening *opening, zc_audit_entry *entry)
{
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        const zc_audit_opened *group = &opening->group[i];
        entry->has_commitment[i] = group->open;
        if (group->open) {
            zc_audit_commit((zc_audit_group)i, group->salt, group->bytes, entry->commitment[i]);
        }
    }
}

static uint8_t *put_group(uint8_t *at, const zc_audit_opened *group)
{
    if (!group->open) {
        return zc_sure_null(at);
    }
    at = zc_sure_head(at, ZC_SURE_ARRAY, 2);
    at = zc_sure_bytes(at, ZC_SLICE_OF_ARRAY(group->salt));
    return zc_sure_bytes(at, group->bytes);
}

/* Its heads, salts and bytes. */
static zc_result opening_len(const zc_audit_opening *opening, size_t *ret_len)
{
    uint8_t head[ZC_SURE_HEAD_MAX];
    size_t len = 1;
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        const zc_audit_opened *group = &opening->group[i];
        if (group->open && group->bytes.len > ZC_AUDIT_GROUP_MAX) {
            return zc_fail(ZC_AUDIT_GROUP_TOO_LONG);
        }
        size_t bytes_head = (size_t)(zc_sure_head(head, ZC_SURE_BYTES, group->bytes.len) - head);
        len += group->open ? 2 + ZC_AUDIT_SALT_SIZE + bytes_head + group->bytes.len : 1;
    }
    *ret_len = len;
    return ZC_OK;
}

zc_result zc_audit_opening_write(const zc_audit_opening *opening, zc_writer *writer)
{
    size_t len = 0;
    uint8_t *at = NULL;
    ZC_TRY(opening_len(opening, &len));
    ZC_TRY(zc_write_reserve(writer, len, &at));
    at = zc_sure_head(at, ZC_SURE_ARRAY, ZC_AUDIT_GROUPS);
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        at = put_group(at, &opening->group[i]);
    }
    return ZC_OK;
}

/* Enters an array of exactly `count` items. */
static zc_result enter_array_of(zc_reader *in, size_t count)
{
    size_t found;
    ZC_TRY(zc_cbor_get_array(in, count, &found));
    return found == count ? ZC_OK : zc_fail(ZC_AUDIT_BAD_SHAPE);
}

static zc_result get_group(zc_reader *in, zc_audit_opened *group)
{
    bool closed;
    ZC_TRY(zc_cbor_take_null(in, &closed));
    if (closed) {
        return ZC_OK;
    }
    ZC_TRY(enter_array_of(in, 2));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, group->salt, sizeof group->salt));
    ZC_TRY(zc_cbor_get_bytes(in, &group->bytes));
    if (group->bytes.len > ZC_AUDIT_GROUP_MAX) {
        return zc_fail(ZC_AUDIT_GROUP_TOO_LONG);
    }
    group->open = true;
    return ZC_OK;
}

zc_result zc_audit_opening_read(zc_slice bytes, zc_audit_opening *ret_opening)
{
    zc_reader in = zc_reader_of(bytes);
    zc_audit_opening opening = {0};
    ZC_TRY(enter_array_of(&in, ZC_AUDIT_GROUPS));
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        ZC_TRY(get_group(&in, &opening.group[i]));
    }
    ZC_TRY(zc_reader_end(&in));
    *ret_opening = opening;
    return ZC_OK;
}

zc_result zc_audit_opening_check(const zc_audit_opening *opening, const zc_audit_entry *entry)
{
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        const zc_audit_opened *group = &opening->group[i];
        uint8_t commitment[ZC_AUDIT_HASH_SIZE];
        if (!group->open) {
            continue;
        }
        if (!entry->has_commitment[i]) {
            return zc_fail(ZC_AUDIT_OPENING_UNCOMMITTED);
        }
        zc_audit_commit((zc_audit_group)i, group->salt, group->bytes, commitment);
        if (!zc_ct_eq(commitment, entry->commitment[i], sizeof commitment)) {
            return zc_fail(ZC_AUDIT_OPENING_MISMATCH);
        }
    }
    return ZC_OK;
}
