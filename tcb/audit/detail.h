/* The details of entries that other entries are judged by.
 *
 *     decision   = h'' / 1                       ; 1: allowed although the log halts
 *     trip       = [mode: uint, breaker: uint]   ; modes of policy/mission.h; 2 halts
 *     settlement = [decision: uint, feed: uint]  ; sequences of the entry that allowed the digest,
 *                                                ; and of the feed entry whose words settle it
 *     mission    = change.h */
#ifndef ZC_AUDIT_DETAIL_H
#define ZC_AUDIT_DETAIL_H

#include "audit/entry.h"

/* The longest of them but for missions. */
#define ZC_AUDIT_SMALL_DETAIL_MAX 24

/* The detail of a decision that is allowed between a halt and its resume, because the mission lets
 * such requests (cancels, reductions) pass. Nothing else is allowed meanwhile. Whether the mission
 * does is in the private groups: who replays finds it out. */
zc_slice zc_audit_halt_pass(void);
bool zc_audit_passes_halt(const zc_audit_entry *entry);

typedef struct zc_audit_trip {
    uint8_t mode; /* zc_mode: 1 reduces only, 2 halts */
    uint16_t breaker;
} zc_audit_trip;

typedef struct zc_audit_settlement {
    uint64_t decision;
    uint64_t feed;
} zc_audit_settlement;

/* Errors of the writers: ZC_BASE_FULL; of the readers: those of the CBOR reader, ZC_BASE_TRAILING,
 * ZC_AUDIT_BAD_SHAPE. */
ZC_MUST_USE zc_result zc_audit_trip_write(const zc_audit_trip *trip, zc_writer *writer);
ZC_MUST_USE zc_result zc_audit_trip_read(zc_slice detail, zc_audit_trip *ret_trip);
ZC_MUST_USE zc_result zc_audit_settlement_write(const zc_audit_settlement *settlement,
                                                zc_writer *writer);
ZC_MUST_USE zc_result zc_audit_settlement_read(zc_slice detail,
                                               zc_audit_settlement *ret_settlement);

/* Whether the detail fits the kind; anything fits those that are not above. A settlement names
 * earlier entries, the decision before the feed's. Errors: ZC_AUDIT_BAD_SHAPE. */
ZC_MUST_USE zc_result zc_audit_detail_check(const zc_audit_entry *entry);

/* Whether the log halts after this entry, given whether it did before. */
bool zc_audit_halts_after(const zc_audit_entry *entry, bool halted);

#endif
