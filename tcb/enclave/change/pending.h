/* A change of the mission that is under way: begun by one, signed by the members whom the mission
 * names, in force once there are enough of them and the delay has passed.
 *
 * Pure: the enclave that runs, one that comes back from its log, and whoever replays a log take the
 * same steps. A step is an entry of the log (audit/change.h).
 *
 *   begin     an approver or member, when nothing is under way; another begin replaces nothing
 *   sign      a member, once, over (deployment, from, to, sequence of the begin entry, expiry)
 *   withdraw  any member
 *   activate  any member, after the delay, with enough signatures that have not expired, of enough
 *             organisations; who was revoked meanwhile counts no more
 *
 * A change that is not in force when its time is over is as if it had never been. A halt stops none
 * of this, and none of this ends a halt. */
#ifndef ZC_ENCLAVE_CHANGE_PENDING_H
#define ZC_ENCLAVE_CHANGE_PENDING_H

#include "audit/change.h"
#include "policy/policy.h"

typedef struct zc_change_vote {
    int64_t expires_ms;
    uint8_t signature[64];
} zc_change_vote;

typedef struct zc_change {
    bool begun;
    uint64_t entry; /* sequence of the begin entry */
    uint8_t to[32];
    int64_t earliest_ms;
    int64_t expires_ms;
    uint64_t signed_by; /* bit i: principal i */
    zc_change_vote vote[ZC_MISSION_MAX_PRINCIPALS];
} zc_change;

/* What a change is held against. */
typedef struct zc_change_side {
    const zc_mission *mission;
    const uint8_t *mission_hash;  /* 32 bytes */
    const uint8_t *deployment_id; /* 32 bytes */
    uint64_t revoked;             /* bit i: principal i */
} zc_change_side;

/* Room for what an activate step borrows. */
typedef struct zc_change_room {
    uint8_t revoked[ZC_AUDIT_CHANGE_REVOKED];
    uint8_t reference[ZC_AUDIT_CHANGE_UNIT];
    uint8_t units[ZC_AUDIT_CHANGE_UNITS];
} zc_change_room;

/* Whether one is under way at this time. */
bool zc_change_lives(const zc_change *change, int64_t now_ms);
/* Whether this principal may sign and withdraw. */
bool zc_change_member(const zc_change_side *side, uint32_t principal);
/* Whose signatures count now. */
uint64_t zc_change_signers(const zc_change *change, const zc_change_side *side, int64_t now_ms);
/* Whether it may take effect. Errors: ZC_ENCLAVE_NO_CHANGE, ZC_ENCLAVE_CHANGE_EARLY,
 * ZC_ENCLAVE_CHANGE_QUORUM. */
ZC_MUST_USE zc_result zc_change_ready(const zc_change *change, const zc_change_side *side,
                                      int64_t now_ms);

/* The begin step of a change to this mission at this time. */
zc_audit_change zc_change_begin(const zc_change_side *side, const uint8_t to[static 32],
                                int64_t now_ms);
/* The activate step of the change that is under way: who signed, who is revoked, and the units that
 * the mission counts in. Borrows `room`. */
void zc_change_activate(const zc_change *change, const zc_change_side *side, int64_t now_ms,
                        zc_change_room *room, zc_audit_change *ret_step);
/* The reference and the assets of a mission, as an activate step names them. */
void zc_change_units(const zc_mission *mission, zc_change_room *room, zc_slice *ret_reference,
                     zc_slice *ret_units);

/* Whether an activate step carries what `side` asks for: enough valid signatures, of enough
 * organisations, over this very change. Says nothing about delay. Errors: ZC_ENCLAVE_CHANGE_QUORUM,
 * ZC_ENCLAVE_CHANGE_SIGNATURE, ZC_ENCLAVE_CHANGE_EXPIRY. */
ZC_MUST_USE zc_result zc_change_check(const zc_change_side *side, const zc_audit_change *step,
                                      int64_t now_ms);

/* Takes one step, whose entry is or will be number `sequence`. Errors: ZC_ENCLAVE_…; then nothing
 * has changed. */
ZC_MUST_USE zc_result zc_change_take(zc_change *change, const zc_change_side *side,
                                     const zc_audit_change *step, uint64_t sequence,
                                     uint32_t principal, int64_t now_ms);

/* For snapshots: [] or [entry, to, earliest, expires, [* principal, expires, signature]].
 * Errors: ZC_BASE_FULL; of the reader those of CBOR, ZC_ENCLAVE_BAD_SNAPSHOT. */
ZC_MUST_USE zc_result zc_change_write(const zc_change *change, zc_writer *writer);
ZC_MUST_USE zc_result zc_change_read(zc_reader *reader, zc_change *ret_change);

#endif
