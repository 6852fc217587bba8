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

/* X(NAME, number, name for people). Further:
 *  - DENIALS are several refusals of one principal in one entry;
 *  - SESSION_START and SESSION_END are counts, too: many sessions, one entry (docs/log-entries.md);
 *  - ATTESTATION has the SHA-256 of the document as its digest;
 *  - CLOCK: the machine's clock was set;
 *  - LOST_TAIL: the founders go on without the end of the log; halts;
 *  - APPROVAL has the leaf hash of the review entry that it is for as its digest;
 *  - FEED: what a feed said, in the second group;
 *  - SETTLEMENT has the digest of the decision that it settles;
 *  - TRIP: a breaker; halts where the breaker does;
 *  - MISSION: a step of its change, with the hash of the next one as its digest (change.h). */
#define ZC_AUDIT_KINDS(X)                                                                          \
    X(BOOT, 1, "boot")                                                                             \
    X(GENESIS, 2, "genesis")                                                                       \
    X(DECISION, 3, "decision")                                                                     \
    X(DENIALS, 4, "denials")                                                                       \
    X(KEY_CREATED, 5, "key-created")                                                               \
    X(KEY_IMPORTED, 6, "key-imported")                                                             \
    X(KEY_DISABLED, 7, "key-disabled")                                                             \
    X(HALT, 8, "halt")                                                                             \
    X(RESUME, 9, "resume")                                                                         \
    X(ERROR, 10, "error")                                                                          \
    X(SESSION_START, 11, "session-start")                                                          \
    X(SESSION_END, 12, "session-end")                                                              \
    X(ATTESTATION, 13, "attestation")                                                              \
    X(CLOCK, 14, "clock")                                                                          \
    X(LOST_TAIL, 15, "lost-tail")                                                                  \
    X(APPROVAL, 16, "approval")                                                                    \
    X(FEED, 17, "feed")                                                                            \
    X(SETTLEMENT, 18, "settlement")                                                                \
    X(TRIP, 19, "trip")                                                                            \
    X(REVOCATION, 20, "revocation")                                                                \
    X(MISSION, 21, "mission")

typedef enum zc_audit_kind {
#define ZC_DECLARE_AUDIT_KIND(name, number, text) ZC_AUDIT_##name = (number),
    ZC_AUDIT_KINDS(ZC_DECLARE_AUDIT_KIND)
#undef ZC_DECLARE_AUDIT_KIND
} zc_audit_kind;
#define ZC_AUDIT_KIND_LAST ZC_AUDIT_MISSION

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
 * - APPROVAL and SETTLEMENT entries have a digest;
 * - the detail of a decision is empty, or that of detail.h in an ALLOW;
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
