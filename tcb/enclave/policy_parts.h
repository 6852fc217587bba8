/* The parts of the step that carry out what the policy engine decides beyond allow and deny.
 * Private to the module; parts.h has the rest. */
#ifndef ZC_ENCLAVE_POLICY_PARTS_H
#define ZC_ENCLAVE_POLICY_PARTS_H

#include "enclave/parts.h"
#include "enclave/replay.h"

/* The engine and what it is asked with, for replay.h. */
zc_replay_side zc_enclave_side(zc_enclave *enclave);
/* The context of a request that this session makes now. */
zc_request_context zc_context_of(const zc_enclave *enclave, const zc_message *message,
                                 const zc_key *key);
/* Once the mission is known. */
void zc_beside_init(zc_enclave *enclave);

/* reviews.c. What a REVIEW rule holds back. */
zc_handler zc_on_reviews, zc_on_review, zc_on_approve;
/* Logs and holds the request of enclave->intent, and says by which entry; the same request, asked
 * again, has the entry that it had. `opening` holds the intent's group. */
ZC_MUST_USE zc_result zc_hold(zc_enclave *enclave, const zc_message *message, zc_key *key,
                              const zc_decision *decision, zc_audit_opening *opening);
/* The engine holds the request of this entry: what people are shown of it is kept. */
void zc_review_keep(zc_enclave *enclave, const uint8_t leaf[static 32], uint64_t entry,
                    uint16_t rule, zc_slice key_name, zc_slice intent);
uint64_t zc_review_count(const zc_enclave *enclave);

/* denials.c. Logs a refusal or a review as one entry. Without one within the principal's quota the
 * entry is left out and *ret_logged false. */
ZC_MUST_USE zc_result zc_denial_log(zc_enclave *enclave, const zc_message *message, zc_key *key,
                                    const zc_decision *decision, zc_audit_opening *opening,
                                    zc_audit_entry *ret_entry, uint8_t ret_leaf[static 32],
                                    bool *ret_logged);
/* The reply to a decision that is not ALLOW. */
zc_reply zc_denial_reply(const zc_enclave *enclave, const zc_message *message,
                         const zc_decision *decision);
zc_slice zc_decision_feed(const zc_enclave *enclave, const zc_decision *decision);

/* control.c. An entry that a person caused, and the answer once it is durable. */
ZC_MUST_USE zc_result zc_control_log(zc_enclave *enclave, const zc_message *message,
                                     zc_audit_entry *entry, zc_audit_opening *opening);
/* [* public key] of the principals whose bits are set. */
ZC_MUST_USE zc_result zc_voters_write(const zc_enclave *enclave, uint64_t voters,
                                      zc_writer *writer);
/* How many of them count: revoked ones do not. */
uint32_t zc_voters_count(const zc_enclave *enclave, uint64_t voters);
/* The answer to who asked before the quorum is met. */
ZC_MUST_USE zc_result zc_reply_votes(const zc_enclave *enclave, const zc_message *message,
                                     uint32_t votes);

/* feeds.c */
zc_handler zc_on_feed;

/* breakers.c. Looks at all breakers, and logs and trips what must. `clock_off_ms`: how far the
 * clock was set since it was last looked at. */
ZC_MUST_USE zc_result zc_breakers_watch(zc_enclave *enclave, int64_t clock_off_ms,
                                        zc_effects *effects);
/* By how much the machine's clock was set since the last tick, beside its monotonic one. */
int64_t zc_clock_step(const zc_enclave *enclave, const zc_event *event);

/* leases.c */
/* What an ALLOW's entry has as its detail: between a halt and its resume that it passes. */
zc_slice zc_halt_note(const zc_enclave *enclave);
/* The entry that allows enclave->intent was appended: what took a slice of budget, or what nobody
 * may spend of before, waits for it. Returns the ordinal that the reply waits for. */
uint64_t zc_decision_recorded(zc_enclave *enclave, const zc_message *message, const zc_key *key,
                              const zc_decision *decision, uint64_t sequence);
/* For settlements: which entry allowed what this key signs with this intent. */
void zc_decision_note(zc_enclave *enclave, const uint8_t key_id[static 16], const zc_intent *intent,
                      uint64_t sequence);
/* Replies up to this ordinal may leave: `acked`, but for slices that the witnesses have not seen.
 */
uint64_t zc_leases_released(const zc_enclave *enclave);
/* Witnesses have seen more. */
void zc_leases_advance(zc_enclave *enclave);

/* revoke.c */
zc_handler zc_on_revoke;

/* inspect.c. What the engine's state shows. */
zc_handler zc_on_policy;
uint64_t zc_revoked_count(const zc_enclave *enclave);

#endif
