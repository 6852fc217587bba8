#include "audit/keytrack.h"

#include <string.h>

/* Key ids are hashes already: their first bytes are as good as any. */
static size_t first_slot(const uint8_t key_id[static ZC_AUDIT_KEY_ID_SIZE])
{
    uint64_t word;
    memcpy(&word, key_id, sizeof word);
    return (size_t)(word % ZC_AUDIT_KEY_SLOTS);
}

size_t zc_audit_key_slot(const zc_audit_verifier *verifier,
                         const uint8_t key_id[static ZC_AUDIT_KEY_ID_SIZE])
{
    size_t slot = first_slot(key_id);
    while (verifier->key[slot].used &&
           memcmp(verifier->key[slot].id, key_id, ZC_AUDIT_KEY_ID_SIZE) != 0) {
        slot = (slot + 1) % ZC_AUDIT_KEY_SLOTS;
    }
    return slot;
}

const zc_audit_key_track *zc_audit_verifier_key(const zc_audit_verifier *verifier,
                                                const uint8_t key_id[static ZC_AUDIT_KEY_ID_SIZE])
{
    const zc_audit_key_track *key = &verifier->key[zc_audit_key_slot(verifier, key_id)];
    return key->used ? key : NULL;
}

static zc_result begin_key(zc_audit_verifier *verifier, zc_audit_key_track *key,
                           const zc_audit_entry *entry)
{
    if (key->used) {
        return zc_fail(ZC_AUDIT_KEY_REPEATED);
    }
    if (verifier->key_count == ZC_AUDIT_KEYS_MAX) {
        return zc_fail(ZC_AUDIT_TOO_MANY_KEYS);
    }
    *key = (zc_audit_key_track){.used = true, .last = entry->sequence};
    memcpy(key->id, entry->key_id, sizeof key->id);
    verifier->key_count++;
    return ZC_OK;
}

static zc_result continue_key(zc_audit_key_track *key, const zc_audit_entry *entry)
{
    bool signs = entry->decision == ZC_AUDIT_ALLOW;
    if (!key->used) {
        return zc_fail(ZC_AUDIT_UNKNOWN_KEY);
    }
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

zc_result zc_audit_track_key(zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    if (!entry->has_key) {
        return ZC_OK;
    }
    zc_audit_key_track *key = &verifier->key[zc_audit_key_slot(verifier, entry->key_id)];
    if (entry->kind == ZC_AUDIT_KEY_CREATED || entry->kind == ZC_AUDIT_KEY_IMPORTED) {
        return begin_key(verifier, key, entry);
    }
    return continue_key(key, entry);
}
