#include "audit/verifier_state.h"

#include <string.h>

#include "codec/cbor.h"

#define VERSION 1
#define ITEMS 9
#define KEY_ITEMS 4
#define BOOT_SEEN 1u
#define GENESIS_SEEN 2u
#define HALTED 4u
#define CHANGED 8u

static zc_result put_log(const zc_audit_log *log, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_uint(out, log->next));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(log->head)));
    ZC_TRY(zc_cbor_put_array(out, (size_t)__builtin_popcountll(log->next)));
    for (size_t i = 0; i < ZC_AUDIT_TREE_HEIGHT; i++) {
        if ((log->next >> i & 1) != 0) {
            ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(log->edge[i])));
        }
    }
    return ZC_OK;
}

static zc_result put_keys(const zc_audit_keys *keys, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, KEY_ITEMS * keys->count));
    for (size_t i = 0; i < keys->count; i++) {
        const zc_audit_key_track *key = &keys->track[i];
        ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(key->id)));
        ZC_TRY(zc_cbor_put_uint(out, key->uses));
        ZC_TRY(zc_cbor_put_uint(out, key->last));
        ZC_TRY(zc_cbor_put_bool(out, key->disabled));
    }
    return ZC_OK;
}

zc_result zc_audit_verifier_write(const zc_audit_verifier *verifier, zc_writer *writer)
{
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, ITEMS));
    ZC_TRY(zc_cbor_put_uint(&out, VERSION));
    ZC_TRY(put_log(&verifier->log, &out));
    ZC_TRY(zc_cbor_put_uint(&out, verifier->last_time_ms));
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(verifier->boot_id)));
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(verifier->mission)));
    ZC_TRY(zc_cbor_put_uint(
        &out, (verifier->boot_seen ? BOOT_SEEN : 0) | (verifier->genesis_seen ? GENESIS_SEEN : 0) |
                  (verifier->halted ? HALTED : 0) | (verifier->mission_changed ? CHANGED : 0)));
    ZC_TRY(put_keys(&verifier->keys, &out));
    *writer = out;
    return ZC_OK;
}

static zc_result get_log(zc_reader *in, zc_audit_log *log)
{
    size_t edges;
    ZC_TRY(zc_cbor_get_uint(in, &log->next));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, log->head, sizeof log->head));
    ZC_TRY(zc_cbor_get_array(in, ZC_AUDIT_TREE_HEIGHT, &edges));
    if (edges != (size_t)__builtin_popcountll(log->next)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    for (size_t i = 0; i < ZC_AUDIT_TREE_HEIGHT; i++) {
        if ((log->next >> i & 1) != 0) {
            ZC_TRY(zc_cbor_get_fixed_bytes(in, log->edge[i], sizeof log->edge[i]));
        }
    }
    return ZC_OK;
}

static zc_result get_key(zc_reader *in, zc_audit_verifier *verifier)
{
    zc_audit_key_track key = {0};
    zc_audit_key_track *place;
    ZC_TRY(zc_cbor_get_fixed_bytes(in, key.id, sizeof key.id));
    ZC_TRY(zc_cbor_get_uint(in, &key.uses));
    ZC_TRY(zc_cbor_get_uint(in, &key.last));
    ZC_TRY(zc_cbor_get_bool(in, &key.disabled));
    if (zc_audit_keys_find(&verifier->keys, key.id) != NULL) {
        return zc_fail(ZC_AUDIT_KEY_REPEATED);
    }
    if (key.last >= verifier->log.next) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    ZC_TRY(zc_audit_keys_add(&verifier->keys, key.id, &place));
    *place = key;
    return ZC_OK;
}

static zc_result get_keys(zc_reader *in, zc_audit_verifier *verifier)
{
    size_t items;
    ZC_TRY(zc_cbor_get_array(in, KEY_ITEMS * verifier->keys.capacity, &items));
    for (size_t i = 0; i + KEY_ITEMS <= items; i += KEY_ITEMS) {
        ZC_TRY(get_key(in, verifier));
    }
    return items % KEY_ITEMS == 0 ? ZC_OK : zc_fail(ZC_AUDIT_BAD_SHAPE);
}

static zc_result get_all(zc_reader *in, zc_audit_verifier *verifier)
{
    size_t items;
    uint64_t version;
    uint64_t flags;
    ZC_TRY(zc_cbor_get_array(in, ITEMS, &items));
    ZC_TRY(zc_cbor_get_uint(in, &version));
    if (items != ITEMS || version != VERSION) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    ZC_TRY(get_log(in, &verifier->log));
    ZC_TRY(zc_cbor_get_uint(in, &verifier->last_time_ms));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, verifier->boot_id, sizeof verifier->boot_id));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, verifier->mission, sizeof verifier->mission));
    ZC_TRY(zc_cbor_get_uint_max(in, BOOT_SEEN | GENESIS_SEEN | HALTED | CHANGED, &flags));
    verifier->boot_seen = (flags & BOOT_SEEN) != 0;
    verifier->genesis_seen = (flags & GENESIS_SEEN) != 0;
    verifier->halted = (flags & HALTED) != 0;
    verifier->mission_changed = (flags & CHANGED) != 0;
    return get_keys(in, verifier);
}

zc_result zc_audit_verifier_read(zc_audit_verifier *verifier, zc_reader *reader)
{
    zc_reader in = *reader;
    zc_audit_verifier_reset(verifier);
    zc_result taken = get_all(&in, verifier);
    if (!zc_ok(taken)) {
        zc_audit_verifier_reset(verifier);
        return taken;
    }
    *reader = in;
    return ZC_OK;
}
