/* Checks a whole log, entry by entry, in memory that the caller gives.
 *
 * Each entry must be canonical, count on from the one before, name its leaf hash, not be older;
 * the boot changes at boot entries only, and the mission only by an entry that says so, with a boot
 * behind it; each key begins with its creation, its use
 * counter and its previous entry leave no gap, and it signs nothing once disabled; between a halt
 * and its resume nothing is signed but what says that the mission lets it pass (detail.h). Where a
 * checkpoint is expected, the tree must have its root when it has its size.
 *
 * The first fault is final: every later call returns it again. Everything is public. A log made
 * to that end can cost one pass over the key table an entry; that is the worst case. */
#ifndef ZC_AUDIT_VERIFIER_H
#define ZC_AUDIT_VERIFIER_H

#include "audit/chain.h"
#include "audit/checkpoint.h"
#include "audit/keytable.h"

typedef struct zc_audit_verifier {
    zc_audit_log log;
    zc_result fault;         /* ZC_OK until the first */
    uint64_t fault_sequence; /* the place of the entry at fault, from 0; a checkpoint's size */
    uint64_t last_time_ms;
    uint8_t boot_id[ZC_AUDIT_BOOT_ID_SIZE];
    uint8_t mission[ZC_AUDIT_HASH_SIZE]; /* the next entry's */
    bool mission_changed;                /* the last entry did it: the next is a boot */
    bool boot_seen;                      /* the present boot has had its boot entry */
    bool genesis_seen;
    bool halted;
    bool checkpoint_expected;
    uint64_t checkpoint_size;
    uint8_t checkpoint_root[ZC_AUDIT_HASH_SIZE];
    zc_audit_keys keys;
} zc_audit_verifier;

/* Before the first entry, with room for so many keys: `memory` as zc_audit_keys_init() wants it. */
void zc_audit_verifier_init(zc_audit_verifier *verifier, void *memory, size_t keys);
/* As after zc_audit_verifier_init(), with the same memory. */
void zc_audit_verifier_reset(zc_audit_verifier *verifier);

/* From now on the log must reach this checkpoint, and have its root there. A later call with a
 * larger size may follow once the former has been reached.
 * Errors: ZC_AUDIT_CHECKPOINT_PASSED; ZC_AUDIT_ROOT_MISMATCH when the log is just there and has
 * another root; the first fault, if there was one. */
ZC_MUST_USE zc_result zc_audit_verifier_expect(zc_audit_verifier *verifier,
                                               const zc_audit_checkpoint *checkpoint);

/* Takes the bytes of the next entry.
 * Out: the entry as read (its detail points into `bytes`) and its leaf hash, for whoever replays.
 * Errors: those of zc_audit_entry_read() and every fault above; verifier->fault_sequence has the
 * place. */
ZC_MUST_USE zc_result zc_audit_verifier_feed(zc_audit_verifier *verifier, zc_slice bytes,
                                             zc_audit_entry *ret_entry,
                                             uint8_t ret_leaf[static ZC_AUDIT_HASH_SIZE]);

/* The same for an entry that was read already, and whose leaf hash is known: for verifiers that do
 * that part on several cores. */
ZC_MUST_USE zc_result zc_audit_verifier_take(zc_audit_verifier *verifier,
                                             const zc_audit_entry *entry,
                                             const uint8_t leaf[static ZC_AUDIT_HASH_SIZE]);

/* After the last entry. Errors: ZC_AUDIT_TAIL_MISSING when an expected checkpoint was not reached;
 * the first fault, if there was one. */
ZC_MUST_USE zc_result zc_audit_verifier_end(zc_audit_verifier *verifier);

/* What the log says about a key; NULL when it says nothing. */
const zc_audit_key_track *zc_audit_verifier_key(const zc_audit_verifier *verifier,
                                                const uint8_t key_id[static ZC_AUDIT_KEY_ID_SIZE]);

#endif
