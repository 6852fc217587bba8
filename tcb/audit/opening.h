/* Commitments to the private groups of an entry, and their openings.
 *
 * A commitment is SHA-256("zcp-group" ‖ u8 group ‖ salt 16 ‖ group's canonical CBOR). The salt is
 * fresh for each group of each entry: who holds the entry alone learns nothing and can't guess,
 * and a group whose salt has been erased stays closed for ever. An opening travels beside its
 * entry as canonical CBOR, [[salt, bytes] or null, ×3]; a group that is not for the reader's eyes
 * is null in it. */
#ifndef ZC_AUDIT_OPENING_H
#define ZC_AUDIT_OPENING_H

#include "audit/entry.h"

#define ZC_AUDIT_SALT_SIZE 16
#define ZC_AUDIT_GROUP_MAX 65536
#define ZC_AUDIT_OPENING_MAX (ZC_AUDIT_GROUPS * (ZC_AUDIT_GROUP_MAX + 32))

typedef struct zc_audit_opened {
    bool open;
    uint8_t salt[ZC_AUDIT_SALT_SIZE];
    zc_slice bytes; /* borrowed; at most ZC_AUDIT_GROUP_MAX */
} zc_audit_opened;

typedef struct zc_audit_opening {
    zc_audit_opened group[ZC_AUDIT_GROUPS]; /* by zc_audit_group */
} zc_audit_opening;

/* The commitment to `bytes` as the given group. */
void zc_audit_commit(zc_audit_group group, const uint8_t salt[static ZC_AUDIT_SALT_SIZE],
                     zc_slice bytes, uint8_t ret_commitment[static ZC_AUDIT_HASH_SIZE]);

/* Fills the commitments of `entry` from every group that is open. */
void zc_audit_commit_all(const zc_audit_opening *opening, zc_audit_entry *entry);

/* Errors: ZC_AUDIT_GROUP_TOO_LONG, ZC_BASE_FULL; then nothing has been written. */
ZC_MUST_USE zc_result zc_audit_opening_write(const zc_audit_opening *opening, zc_writer *writer);

/* Reads exactly one canonical opening; its groups point into `bytes`. That the groups themselves
 * are CBOR is not checked here.
 * Errors: those of the CBOR reader, ZC_BASE_TRAILING, ZC_AUDIT_GROUP_TOO_LONG. */
ZC_MUST_USE zc_result zc_audit_opening_read(zc_slice bytes, zc_audit_opening *ret_opening);

/* Whether each open group is the one that `entry` commits to. A closed group is no error.
 * Errors: ZC_AUDIT_OPENING_MISMATCH, ZC_AUDIT_OPENING_UNCOMMITTED. */
ZC_MUST_USE zc_result zc_audit_opening_check(const zc_audit_opening *opening,
                                             const zc_audit_entry *entry);

#endif
