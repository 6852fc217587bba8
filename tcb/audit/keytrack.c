#include "audit/keytrack.h"

#include "audit/reasons.h"

static zc_result begin_key(zc_audit_keys *keys, const zc_audit_entry *entry)
{
    zc_audit_key_track *track;
    ZC_TRY(zc_audit_keys_add(keys, entry->key_id, &track));
    track->last = entry->sequence;
    return ZC_OK;
}

static zc_result continue_key(zc_audit_key_track *key, const zc_audit_entry *entry)
{
    bool signs = entry->decision == ZC_AUDIT_ALLOW;
    if (entry->key_uses != key->uses + (signs ? 1 : 0)) {
        return zc_fail(ZC_AUDIT_KEY_USES);
    }
    if (entry->key_previous != key->last) {
        return zc_fail(ZC_AUDIT_KEY_PREVIOUS);
    }
    if (signs && key->disabled) {
        return zc_fail(ZC_AUDIT_SIGNED_WHEN_DISABLED);
    }
    key->uses = entry->key_uses;
    key->last = entry->sequence;
    key->disabled = key->disabled || entry->kind == ZC_AUDIT_KEY_DISABLED;
    return ZC_OK;
}

zc_result zc_audit_track_key(zc_audit_keys *keys, const zc_audit_entry *entry)
{
    if (!entry->has_key) {
        return ZC_OK;
    }
    zc_audit_key_track *key = zc_audit_keys_find(keys, entry->key_id);
    if (entry->kind == ZC_AUDIT_KEY_CREATED || entry->kind == ZC_AUDIT_KEY_IMPORTED) {
        return key == NULL ? begin_key(keys, entry) : zc_fail(ZC_AUDIT_KEY_REPEATED);
    }
    return key == NULL ? zc_fail(ZC_AUDIT_UNKNOWN_KEY) : continue_key(key, entry);
}
