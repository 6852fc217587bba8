#include "audit/verifier.h"

#include <string.h>

#include "audit/change.h"
#include "audit/detail.h"
#include "audit/keytrack.h"
#include "audit/verifier_state.h"

void zc_audit_verifier_init(zc_audit_verifier *verifier, void *memory, size_t keys)
{
    memset(verifier, 0, sizeof *verifier);
    zc_audit_keys_init(&verifier->keys, memory, keys);
}

void zc_audit_verifier_reset(zc_audit_verifier *verifier)
{
    zc_audit_keys keys = verifier->keys;
    zc_audit_keys_clear(&keys);
    memset(verifier, 0, sizeof *verifier);
    verifier->keys = keys;
}

const zc_audit_key_track *zc_audit_verifier_key(const zc_audit_verifier *verifier,
                                                const uint8_t key_id[static ZC_AUDIT_KEY_ID_SIZE])
{
    return zc_audit_keys_find(&verifier->keys, key_id);
}

/* Remembers the first fault and where it is. */
static zc_result fault_at_next(zc_audit_verifier *verifier, zc_result fault)
{
    verifier->fault = fault;
    verifier->fault_sequence = verifier->log.next;
    return fault;
}

static zc_result check_order(const zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    if (entry->sequence != verifier->log.next) {
        return zc_fail(ZC_AUDIT_BAD_SEQUENCE);
    }
    if (memcmp(entry->previous, verifier->log.head, sizeof entry->previous) != 0) {
        return zc_fail(ZC_AUDIT_BROKEN_CHAIN);
    }
    if (entry->time_ms < verifier->last_time_ms) {
        return zc_fail(ZC_AUDIT_TIME_BACKWARDS);
    }
    return ZC_OK;
}

/* A log begins with its genesis or its first boot, and genesis comes before any other entry but
 * that boot. */
static zc_result check_beginning(const zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    bool genesis = entry->kind == ZC_AUDIT_GENESIS;
    if (verifier->log.next == 0 && !genesis && entry->kind != ZC_AUDIT_BOOT) {
        return zc_fail(ZC_AUDIT_BAD_BEGINNING);
    }
    if (genesis && (verifier->genesis_seen || verifier->log.next > 1)) {
        return zc_fail(ZC_AUDIT_GENESIS_REPEATED);
    }
    return ZC_OK;
}

static zc_result check_boot(const zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    bool boots = entry->kind == ZC_AUDIT_BOOT;
    if (verifier->log.next == 0) {
        return ZC_OK;
    }
    bool same_boot = memcmp(entry->boot_id, verifier->boot_id, sizeof entry->boot_id) == 0;
    bool repeated = boots && same_boot && verifier->boot_seen;
    if (repeated || (!boots && !same_boot)) {
        return zc_fail(ZC_AUDIT_BOOT_CHANGED);
    }
    bool same = memcmp(entry->mission, verifier->mission, sizeof entry->mission) == 0;
    if (!same || (verifier->mission_changed && !boots)) {
        return zc_fail(ZC_AUDIT_MISSION_CHANGED);
    }
    return ZC_OK;
}

static zc_result check_entry(zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    ZC_TRY(check_order(verifier, entry));
    ZC_TRY(check_beginning(verifier, entry));
    ZC_TRY(check_boot(verifier, entry));
    if (verifier->halted && entry->decision == ZC_AUDIT_ALLOW && !zc_audit_passes_halt(entry)) {
        return zc_fail(ZC_AUDIT_SIGNED_WHILE_HALTED);
    }
    return zc_audit_track_key(&verifier->keys, entry);
}

void zc_audit_verifier_follow(zc_audit_verifier *verifier, const zc_audit_entry *entry)
{
    if (entry->kind == ZC_AUDIT_BOOT) {
        verifier->boot_seen = true;
    }
    verifier->halted = zc_audit_halts_after(entry, verifier->halted);
    verifier->genesis_seen = verifier->genesis_seen || entry->kind == ZC_AUDIT_GENESIS;
    verifier->last_time_ms = entry->time_ms;
    memcpy(verifier->boot_id, entry->boot_id, sizeof verifier->boot_id);
    memcpy(verifier->mission, entry->mission, sizeof verifier->mission);
    verifier->mission_changed = zc_audit_changes_mission(entry, verifier->mission);
}

/* Where the log has just reached the expected checkpoint, its root must be the checkpoint's. */
static zc_result check_checkpoint(const zc_audit_verifier *verifier)
{
    if (!verifier->checkpoint_expected || verifier->log.next != verifier->checkpoint_size) {
        return ZC_OK;
    }
    uint8_t root[ZC_AUDIT_HASH_SIZE];
    zc_audit_log_root(&verifier->log, root);
    return memcmp(root, verifier->checkpoint_root, sizeof root) == 0
               ? ZC_OK
               : zc_fail(ZC_AUDIT_ROOT_MISMATCH);
}

zc_result zc_audit_verifier_expect(zc_audit_verifier *verifier,
                                   const zc_audit_checkpoint *checkpoint)
{
    ZC_TRY(verifier->fault);
    bool pending = verifier->checkpoint_expected && verifier->checkpoint_size > verifier->log.next;
    if (checkpoint->size < verifier->log.next ||
        (pending && checkpoint->size != verifier->checkpoint_size)) {
        return zc_fail(ZC_AUDIT_CHECKPOINT_PASSED);
    }
    verifier->checkpoint_expected = true;
    verifier->checkpoint_size = checkpoint->size;
    memcpy(verifier->checkpoint_root, checkpoint->root, sizeof verifier->checkpoint_root);
    zc_result matched = check_checkpoint(verifier);
    return zc_ok(matched) ? ZC_OK : fault_at_next(verifier, matched);
}

zc_result zc_audit_verifier_take(zc_audit_verifier *verifier, const zc_audit_entry *entry,
                                 const uint8_t leaf[static ZC_AUDIT_HASH_SIZE])
{
    ZC_TRY(verifier->fault);
    zc_result result = check_entry(verifier, entry);
    if (zc_ok(result)) {
        zc_audit_verifier_follow(verifier, entry);
        zc_audit_log_append(&verifier->log, leaf);
        result = check_checkpoint(verifier);
    }
    return zc_ok(result) ? ZC_OK : fault_at_next(verifier, result);
}

zc_result zc_audit_verifier_feed(zc_audit_verifier *verifier, zc_slice bytes,
                                 zc_audit_entry *ret_entry,
                                 uint8_t ret_leaf[static ZC_AUDIT_HASH_SIZE])
{
    ZC_TRY(verifier->fault);
    zc_audit_entry entry;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    zc_result result = zc_audit_entry_read(bytes, &entry);
    if (!zc_ok(result)) {
        return fault_at_next(verifier, result);
    }
    zc_audit_leaf(bytes, leaf);
    ZC_TRY(zc_audit_verifier_take(verifier, &entry, leaf));
    *ret_entry = entry;
    memcpy(ret_leaf, leaf, sizeof leaf);
    return ZC_OK;
}

zc_result zc_audit_verifier_end(zc_audit_verifier *verifier)
{
    ZC_TRY(verifier->fault);
    if (verifier->checkpoint_expected && verifier->log.next < verifier->checkpoint_size) {
        return fault_at_next(verifier, zc_fail(ZC_AUDIT_TAIL_MISSING));
    }
    return ZC_OK;
}
