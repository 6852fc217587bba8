#include "audit/change.h"

#include <string.h>

#include "base/reader.h"
#include "codec/cbor.h"

/* Items of the array, by step. */
static const size_t items_of[] = {[ZC_AUDIT_CHANGE_BEGIN] = 5,
                                  [ZC_AUDIT_CHANGE_SIGN] = 4,
                                  [ZC_AUDIT_CHANGE_WITHDRAW] = 2,
                                  [ZC_AUDIT_CHANGE_ACTIVATE] = 8};
#define ITEMS_MAX 8
#define SIGNER_ITEMS 3

static bool is_good(const zc_audit_change *change)
{
    bool names = change->step == ZC_AUDIT_CHANGE_BEGIN || change->step == ZC_AUDIT_CHANGE_ACTIVATE;
    bool times = change->step != ZC_AUDIT_CHANGE_BEGIN || change->earliest_ms < change->expires_ms;
    return times && (!names || memcmp(change->from, change->to, sizeof change->to) != 0) &&
           change->signer_count <= ZC_AUDIT_CHANGE_SIGNERS &&
           (change->step == ZC_AUDIT_CHANGE_ACTIVATE) == (change->signer_count > 0) &&
           change->revoked.len % 32 == 0 && change->revoked.len <= ZC_AUDIT_CHANGE_REVOKED &&
           (change->reference.len == 0 || change->reference.len == ZC_AUDIT_CHANGE_UNIT) &&
           change->units.len % ZC_AUDIT_CHANGE_UNIT == 0 &&
           change->units.len <= ZC_AUDIT_CHANGE_UNITS;
}

static zc_result put_names(const zc_audit_change *change, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(change->from)));
    return zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(change->to));
}

static zc_result put_activation(const zc_audit_change *change, zc_writer *out)
{
    ZC_TRY(put_names(change, out));
    ZC_TRY(zc_cbor_put_array(out, SIGNER_ITEMS * change->signer_count));
    for (size_t i = 0; i < change->signer_count; i++) {
        const zc_audit_change_signer *signer = &change->signer[i];
        ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(signer->key)));
        ZC_TRY(zc_cbor_put_uint(out, signer->expires_ms));
        ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(signer->signature)));
    }
    ZC_TRY(zc_cbor_put_bytes(out, change->revoked));
    ZC_TRY(zc_cbor_put_bytes(out, change->reference));
    return zc_cbor_put_bytes(out, change->units);
}

static zc_result put(const zc_audit_change *change, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, items_of[change->step]));
    ZC_TRY(zc_cbor_put_uint(out, change->step));
    if (change->step == ZC_AUDIT_CHANGE_BEGIN) {
        ZC_TRY(put_names(change, out));
        ZC_TRY(zc_cbor_put_uint(out, change->earliest_ms));
        return zc_cbor_put_uint(out, change->expires_ms);
    }
    ZC_TRY(zc_cbor_put_uint(out, change->begun));
    if (change->step == ZC_AUDIT_CHANGE_SIGN) {
        ZC_TRY(zc_cbor_put_uint(out, change->expires_ms));
        return zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(change->signature));
    }
    return change->step == ZC_AUDIT_CHANGE_ACTIVATE ? put_activation(change, out) : ZC_OK;
}

zc_result zc_audit_change_write(const zc_audit_change *change, zc_writer *writer)
{
    bool known = change->step >= ZC_AUDIT_CHANGE_BEGIN && change->step <= ZC_AUDIT_CHANGE_ACTIVATE;
    if (!known || !is_good(change)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    zc_writer out = *writer;
    ZC_TRY(put(change, &out));
    *writer = out;
    return ZC_OK;
}

static zc_result get_names(zc_reader *in, zc_audit_change *change)
{
    ZC_TRY(zc_cbor_get_fixed_bytes(in, change->from, sizeof change->from));
    return zc_cbor_get_fixed_bytes(in, change->to, sizeof change->to);
}

static zc_result get_activation(zc_reader *in, zc_audit_change *change)
{
    size_t items = 0;
    ZC_TRY(get_names(in, change));
    ZC_TRY(zc_cbor_get_array(in, (size_t)SIGNER_ITEMS * ZC_AUDIT_CHANGE_SIGNERS, &items));
    if (items % SIGNER_ITEMS != 0) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    for (size_t i = 0; i < items / SIGNER_ITEMS; i++) {
        zc_audit_change_signer *signer = &change->signer[i];
        ZC_TRY(zc_cbor_get_fixed_bytes(in, signer->key, sizeof signer->key));
        ZC_TRY(zc_cbor_get_uint_max(in, INT64_MAX, &signer->expires_ms));
        ZC_TRY(zc_cbor_get_fixed_bytes(in, signer->signature, sizeof signer->signature));
    }
    change->signer_count = items / SIGNER_ITEMS;
    ZC_TRY(zc_cbor_get_bytes(in, &change->revoked));
    ZC_TRY(zc_cbor_get_bytes(in, &change->reference));
    return zc_cbor_get_bytes(in, &change->units);
}

static zc_result get_rest(zc_reader *in, zc_audit_change *change)
{
    if (change->step == ZC_AUDIT_CHANGE_BEGIN) {
        ZC_TRY(get_names(in, change));
        ZC_TRY(zc_cbor_get_uint_max(in, INT64_MAX, &change->earliest_ms));
        return zc_cbor_get_uint_max(in, INT64_MAX, &change->expires_ms);
    }
    ZC_TRY(zc_cbor_get_uint(in, &change->begun));
    if (change->step == ZC_AUDIT_CHANGE_SIGN) {
        ZC_TRY(zc_cbor_get_uint_max(in, INT64_MAX, &change->expires_ms));
        return zc_cbor_get_fixed_bytes(in, change->signature, sizeof change->signature);
    }
    return change->step == ZC_AUDIT_CHANGE_ACTIVATE ? get_activation(in, change) : ZC_OK;
}

zc_result zc_audit_change_read(zc_slice detail, zc_audit_change *ret_change)
{
    zc_reader in = zc_reader_of(detail);
    zc_audit_change change = {0};
    size_t items = 0;
    uint64_t step = 0;
    ZC_TRY(zc_cbor_get_array(&in, ITEMS_MAX, &items));
    ZC_TRY(zc_cbor_get_uint_max(&in, ZC_AUDIT_CHANGE_ACTIVATE, &step));
    if (step < ZC_AUDIT_CHANGE_BEGIN || items != items_of[step]) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    change.step = (zc_audit_change_step)step;
    ZC_TRY(get_rest(&in, &change));
    ZC_TRY(zc_reader_end(&in));
    if (!is_good(&change)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    *ret_change = change;
    return ZC_OK;
}

bool zc_audit_changes_mission(const zc_audit_entry *entry, uint8_t ret_mission[static 32])
{
    zc_audit_change change;
    if (entry->kind != ZC_AUDIT_MISSION || !zc_ok(zc_audit_change_read(entry->detail, &change)) ||
        change.step != ZC_AUDIT_CHANGE_ACTIVATE) {
        return false;
    }
    memcpy(ret_mission, change.to, sizeof change.to);
    return true;
}

zc_result zc_audit_change_statement(const uint8_t deployment_id[static 32],
                                    const zc_audit_change *change, zc_writer *writer)
{
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, 6));
    ZC_TRY(zc_cbor_put_text(&out, zc_slice_of_text("zcp-mission-change-v1")));
    ZC_TRY(zc_cbor_put_bytes(&out, zc_slice_of(deployment_id, 32)));
    ZC_TRY(put_names(change, &out));
    ZC_TRY(zc_cbor_put_uint(&out, change->begun));
    ZC_TRY(zc_cbor_put_uint(&out, change->expires_ms));
    *writer = out;
    return ZC_OK;
}
