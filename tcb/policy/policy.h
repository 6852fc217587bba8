/* The decision: an intent held against a mission, and what it spends reserved in the same call.
 *
 * Integers only, nothing allocated, every loop bounded by a constant of mission.h, window.h or
 * reservation.h; the same calls on the same state give the same answers and the same state.
 *
 * In order; the first that denies is the answer, and names its rule:
 *  1. Halted: all is denied. A principal without the signer's role: all is denied.
 *  2. DENY and RESTRICT_CHAINS, by rule number. They apply when any part of the intent falls under
 *     them: one movement, its recipient or spender, the contract called or the token moved. What
 *     names no chain (a transaction before EIP-155, a digest) falls under every list of chains and
 *     satisfies no restriction; a message belongs to no chain.
 *  3. ALLOW: one rule must cover the whole intent; two never add up. Every movement's asset and
 *     counterparty must be in its lists (a fee needs neither, but must be in the chain's own
 * asset), every flag among those that it accepts, the use among its uses. A rule that lists assets
 * or counterparties covers only what moves something. A raw digest needs the use `digest`, and
 *     tells so little that lists of contracts, methods, assets or counterparties never hold it.
 *  4. LIMIT_…, by rule number: what falls under the rule is charged with the sum of its OUT, FEE
 *     and ALLOWANCE movements of the rule's asset (a rate: with 1). A sum beyond 256 bits denies.
 *  5. One reservation holds charges against no more than ZC_RESERVATION_MAX_CHARGES limits at once.
 *     Only a nonce replaced again and again, each time under other limits, comes to more: denied.
 * Then all charges are made, or none.
 *
 * Reservations (reservation.h). A transaction that replaces another of the same chain, account and
 * nonce charges each limit max(old, new) in place of old, counted from now: only one of the two can
 * happen. What already left a window is charged anew. Signing the last digest of a reservation once
 * more charges nothing while the charge counts, rates included.
 *
 * A full table denies nothing: the reservation that leaves first, by (time, id), is forgotten for
 * the new one. Its charges count on until they leave; only its replacement, or its digest once
 * more, is then charged in full beside it. No limit gives way: each of them counts for the whole of
 * its own window.
 *
 * Time never goes backwards: an earlier `now_ms` counts as the last one seen. */
#ifndef ZC_POLICY_POLICY_H
#define ZC_POLICY_POLICY_H

#include "intent/intent.h"
#include "policy/mission.h"
#include "policy/reservation.h"
#include "policy/scope.h"
#include "policy/window.h"

/* Limits that one request may charge at once. */
#define ZC_POLICY_MAX_CHARGES 64
/* zc_decision.rule and .asset where there is none. */
#define ZC_POLICY_NONE UINT16_MAX

typedef enum zc_outcome {
    ZC_OUTCOME_ALLOW = 1,
    ZC_OUTCOME_DENY = 2,
    ZC_OUTCOME_REVIEW = 3,
} zc_outcome;

typedef struct zc_decision {
    uint8_t outcome;     /* zc_outcome */
    uint16_t rule;       /* the rule that settled it, or ZC_POLICY_NONE */
    uint16_t reason;     /* ZC_POLICY_… from NO_RULE on; 0 when allowed */
    uint16_t limit_rule; /* whose numbers follow: when allowed, the limit that is nearest to full */
    uint16_t asset;      /* of the numbers, or ZC_POLICY_NONE */
    zc_u256 measured;    /* what it would come to; for FLAGS, the flags not accepted; for CHAIN, the
                            chain id; ZC_U256_MAX for an OVERFLOW */
    zc_u256 limit;       /* what it was held against; for FLAGS, the flags accepted */
    int64_t now_ms;      /* the time that counted: what the log must hold for a replay to agree */
} zc_decision;

/* Under 5 MiB, owned by the caller: give it static storage. Moves freely; holds no pointers. */
typedef struct zc_policy_state {
    int64_t now_ms;
    zc_scope_index index;
    zc_window windows[ZC_MISSION_MAX_RULES]; /* of LIMIT_WINDOW and LIMIT_RATE rules */
    zc_reservations reservations;
} zc_policy_state;
_Static_assert(sizeof(zc_policy_state) < (size_t)5 << 20, "policy state outgrew its budget");

/* Starts with nothing spent. `mission` came from zc_mission_parse(); all later calls get the same.
 * Touches only what the mission needs; the state need not be zeroed. */
void zc_policy_init(zc_policy_state *state, const zc_mission *mission);

/* Decides, and reserves when it allows. A denial changes nothing but the clock.
 * Errors: ZC_POLICY_REQUEST when context and intent can't belong together (no such principal or
 * use, or a use that is not the operation's); the state and *ret_decision are then untouched. */
ZC_MUST_USE zc_result zc_policy_decide(zc_policy_state *state, const zc_mission *mission,
                                       const zc_request_context *context, const zc_intent *intent,
                                       zc_decision *ret_decision);

/* Reservations of which something still counts, but for the forgotten. */
size_t zc_policy_pending(const zc_policy_state *state);

/* SHA-256 over the clock, every window and every reservation that still counts, with all charges
 * that take room. Two states with the same digest decide alike, whatever path led to them: where in
 * the table a reservation lies, and those that have left but were not yet dropped, are not in it.
 */
void zc_policy_digest(const zc_policy_state *state, const zc_mission *mission,
                      uint8_t ret_digest[static 32]);

#endif
