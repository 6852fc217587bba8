/* What the log's entries do to the policy's state, beside decisions: an enclave that comes back and
 * whoever replays a log offline run the same lines.
 *
 *   boot        leases end: what is left of them counts as spent
 *   approval    digest: the review's leaf; detail = [expires: uint, signature: bstr .size 64]
 *   feed        second group = [message: bstr, signature: bstr .size 64]
 *   trip        detail.h of audit
 *   resume      the mode is normal again
 *   revocation  detail = [kind: uint, name: tstr, [* bstr .size 32 ; who asked for it]]
 *
 * All others change nothing here. */
#ifndef ZC_ENCLAVE_REPLAY_H
#define ZC_ENCLAVE_REPLAY_H

#include "audit/opening.h"
#include "policy/policy.h"

typedef struct zc_replay_side {
    zc_policy_state *policy;
    const zc_mission *mission;
    const uint8_t *deployment_id; /* 32 bytes */
} zc_replay_side;

/* Does what the entry says was done. The mission's hash is the entry's. Errors: those of the engine
 * when it would not have been done; ZC_ENCLAVE_BAD_JOURNAL when a group is closed or is not what
 * this version writes; ZC_ENCLAVE_UNKNOWN_PRINCIPAL. */
ZC_MUST_USE zc_result zc_replay_change(const zc_replay_side *side, const zc_audit_entry *entry,
                                       const zc_audit_opening *opening);

/* Keeps a request whose recorded decision is REVIEW, as the enclave did: where there was no more
 * room, the request was refused, and the state is as before. */
ZC_MUST_USE zc_result zc_replay_hold(const zc_replay_side *side, const zc_request_context *context,
                                     const zc_intent *intent, const uint8_t leaf[static 32]);

/* The details and the group, as both sides have them. Errors: ZC_BASE_FULL; of the readers those of
 * CBOR and ZC_BASE_TRAILING. */
typedef struct zc_approval_detail {
    uint64_t expires_ms;
    uint8_t signature[64];
} zc_approval_detail;
ZC_MUST_USE zc_result zc_approval_detail_write(const zc_approval_detail *detail, zc_writer *writer);
ZC_MUST_USE zc_result zc_approval_detail_read(zc_slice bytes, zc_approval_detail *ret_detail);

typedef struct zc_feed_group {
    zc_slice message;
    uint8_t signature[64];
} zc_feed_group;
ZC_MUST_USE zc_result zc_feed_group_write(const zc_feed_group *group, zc_writer *writer);
ZC_MUST_USE zc_result zc_feed_group_read(zc_slice bytes, zc_feed_group *ret_group);

typedef struct zc_revocation {
    uint8_t kind; /* zc_revoke_kind */
    zc_slice name;
} zc_revocation;
/* What is revoked; by whom is not read. */
ZC_MUST_USE zc_result zc_revocation_read(zc_slice detail, zc_revocation *ret_revocation);

/* The principal that an entry's first group names. Errors: ZC_ENCLAVE_BAD_JOURNAL when the group is
 * closed, ZC_ENCLAVE_UNKNOWN_PRINCIPAL, those of CBOR. */
ZC_MUST_USE zc_result zc_replay_principal(const zc_replay_side *side,
                                          const zc_audit_opening *opening, uint32_t *ret_principal);

/* A rule or principal by its name: its index, or ZC_POLICY_NONE. `kind` is a zc_revoke_kind. */
uint16_t zc_revocable_find(const zc_mission *mission, uint8_t kind, zc_slice name);
/* Errors: ZC_POLICY_MISSION_INDEX for a rule that allows nothing. */
ZC_MUST_USE zc_result zc_revocable_revoke(const zc_replay_side *side, uint8_t kind, uint16_t index);

#endif
