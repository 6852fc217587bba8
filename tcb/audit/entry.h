/* One entry of the log: what an auditor sees of one event.
 *
 * On the wire an entry is a canonical CBOR map of the thirteen keys below, all present; what an
 * entry does not have is null (CDDL in docs/log.md):
 *
 *     1 sequence      5 kind            9 previous entry of that key   13 public detail
 *     2 previous leaf 6 decision       10 mission hash
 *     3 time, ms      7 key id         11 digest
 *     4 boot id       8 key uses       12 [principal, intent, rule and margin] commitments
 *
 * An entry is a leaf of an RFC 6962 tree, and the next entry names its leaf hash: one hash serves
 * both tree and chain. What is private is committed to, never contained (opening.h). */
#ifndef ZC_AUDIT_ENTRY_H
#define ZC_AUDIT_ENTRY_H

#include "audit/reasons.h"
#include "base/reasons.h"
#include "base/slice.h"
#include "base/writer.h"

#define ZC_AUDIT_HASH_SIZE 32
#define ZC_AUDIT_BOOT_ID_SIZE 16
#define ZC_AUDIT_KEY_ID_SIZE 16
/* A boot entry holds a whole attestation document. */
#define ZC_AUDIT_DETAIL_MAX 16384
/* No entry is longer: every other field together stays below 512 bytes. */
#define ZC_AUDIT_ENTRY_MAX (ZC_AUDIT_DETAIL_MAX + 512)

typedef enum zc_audit_kind {
    ZC_AUDIT_BOOT = 1,
    ZC_AUDIT_GENESIS = 2,
    ZC_AUDIT_DECISION = 3,
    ZC_AUDIT_DENIALS = 4, /* several refusals of one principal in one entry */
    ZC_AUDIT_KEY_CREATED = 5,
    ZC_AUDIT_KEY_IMPORTED = 6,
    ZC_AUDIT_KEY_DISABLED = 7,
    ZC_AUDIT_HALT = 8,
    ZC_AUDIT_RESUME = 9,
    ZC_AUDIT_ERROR = 10,
    ZC_AUDIT_SESSION_START = 11,
    ZC_AUDIT_SESSION_END = 12,
    ZC_AUDIT_ATTESTATION = 13, /* digest: SHA-256 of the document */
    ZC_AUDIT_CLOCK = 14,       /* the machine's clock was set */
    ZC_AUDIT_LOST_TAIL = 15,   /* the founders go on without the end of the log; halts */
} zc_audit_kind;
#define ZC_AUDIT_KIND_LAST ZC_AUDIT_LOST_TAIL

typedef enum zc_audit_decision {
    ZC_AUDIT_NO_DECISION = 0, /* null on the wire */
    ZC_AUDIT_ALLOW = 1,
    ZC_AUDIT_DENY = 2,
    ZC_AUDIT_REVIEW = 3,
} zc_audit_decision;

/* The private groups, in the order of their commitments. The number is hashed into each. */
typedef enum zc_audit_group {
    ZC_AUDIT_PRINCIPAL = 0,
    ZC_AUDIT_INTENT = 1,
    ZC_AUDIT_RULE = 2,
} zc_audit_group;
#define ZC_AUDIT_GROUPS 3

/* `{0}` and the fields that the event has. Which fields go together:
 *
 * - a decision is there in DECISION entries, is DENY in DENIALS entries, and nowhere else;
 * - KEY_* entries name a key; an ALLOW names a key and a digest;
 * - key_uses comes with the key and counts the signatures allowed by it, this one included:
 *   0 at creation, one more in each ALLOW, unchanged in every other entry that names the key;
 * - key_previous is the last entry that named the key, of whatever kind: absent in KEY_CREATED and
 *   KEY_IMPORTED alone. */
typedef struct zc_audit_entry {
    uint64_t sequence;                    /* 0, 1, 2, … */
    uint8_t previous[ZC_AUDIT_HASH_SIZE]; /* leaf hash of the entry before; zeros in entry 0 */
    uint64_t time_ms;                     /* since 1970; never less than in the entry before */
    uint8_t boot_id[ZC_AUDIT_BOOT_ID_SIZE];
    zc_audit_kind kind;
    zc_audit_decision decision;
    bool has_key;
    bool has_key_previous;
    bool has_digest;
    bool has_commitment[ZC_AUDIT_GROUPS];
    uint8_t key_id[ZC_AUDIT_KEY_ID_SIZE];
    uint64_t key_uses;
    uint64_t key_previous;
    uint8_t mission[ZC_AUDIT_HASH_SIZE];
    uint8_t digest[ZC_AUDIT_HASH_SIZE]; /* exactly what the key may sign */
    uint8_t commitment[ZC_AUDIT_GROUPS][ZC_AUDIT_HASH_SIZE];
    zc_slice detail; /* depends on the kind, may be empty; borrowed, at most ZC_AUDIT_DETAIL_MAX */
} zc_audit_entry;

/* Appends the entry in its one canonical form.
 * Errors: ZC_AUDIT_BAD_KIND, ZC_AUDIT_BAD_SHAPE, ZC_AUDIT_DETAIL_TOO_LONG, ZC_BASE_FULL; then
 * nothing has been written. */
ZC_MUST_USE zc_result zc_audit_entry_write(const zc_audit_entry *entry, zc_writer *writer);

/* Reads exactly one entry, canonical to the last byte: writing it again gives the same bytes.
 * `ret_entry->detail` points into `bytes`.
 * Errors: those of the CBOR reader, ZC_BASE_TRAILING, ZC_AUDIT_BAD_KIND, ZC_AUDIT_BAD_SHAPE,
 * ZC_AUDIT_DETAIL_TOO_LONG. */
ZC_MUST_USE zc_result zc_audit_entry_read(zc_slice bytes, zc_audit_entry *ret_entry);

/* The leaf hash of an entry: SHA-256(0x00 ‖ entry), RFC 6962 §2.1. */
void zc_audit_leaf(zc_slice entry, uint8_t ret_leaf[static ZC_AUDIT_HASH_SIZE]);

#endif
