/* The decision: an intent held against a mission, and what it spends reserved in the same call.
 *
 * Integers only, nothing allocated, every loop bounded by a constant of mission.h, window.h, row.h
 * or reservation.h; the same calls on the same state give the same answers and the same state.
 * docs/policy.md says the same with examples.
 *
 * In order; the first that denies is the answer, and names its rule:
 *  1. Halted: all is denied but what the mission lets pass (cancels, reductions). Reduce-only: all
 *     but cancels, reductions and reads of a venue. A revoked principal, or one without the
 *     signer's role: all is denied. What passes here is still held to every rule below.
 *  2. DENY, RESTRICT_CHAINS, HOURS, CONFINE and REDUCE_ONLY, by rule number. All but CONFINE apply
 *     when any part of the intent falls under them: one movement, its recipient or spender, any
 *     contract or method called (in the whole tree of calls) or the token moved. What names no
 *     chain (a transaction before EIP-155, a digest) falls under every list of chains and satisfies
 *     no restriction; a message belongs to no chain. CONFINE: whoever is among its principals and
 *     keys is denied what the rest of its scope does not cover; so scopes only narrow.
 *  3. ALLOW: one rule must cover the whole intent; two never add up. Every movement's asset and
 *     counterparty must be in its lists, and every call of the tree must have a listed target and
 *     a listed method, every flag must be among those that it accepts, the use among its uses. Of
 *     movements:
 *       FEE      needs no listed asset or counterparty, but must be in the chain's own asset
 *       RECEIVE  needs neither: what comes in costs nothing, and is never relied upon
 *       CONTROL  needs a listed counterparty: who comes to power is judged, over whatever it is
 *       LOCK, OUT, ALLOWANCE, PULL  need both
 *     A rule that lists assets or counterparties covers only what moves something (with assets
 *     listed, passing on control is not moving). A raw digest needs the use `digest`, and tells so
 *     little that lists of contracts, methods, assets or counterparties never hold it.
 *  4. LIMIT_…, POSITION and DRAWDOWN, by rule number: what falls under the rule is charged with
 *     what its measure adds up (mission.h); a rate with 1. A sum beyond 256 bits denies; so does
 *     what can't be valued, or only by a word that is too old.
 *  5. RISK, by rule number: the rule's model scores the intent (risk.h), once however many rules
 * ask. From one threshold on it is denied, from the other on held back as by a REVIEW rule. A score
 *     allows nothing.
 *  6. REVIEW and RISK, by rule number: what falls under one is held back until enough have approved
 *     it (review.h). Nothing is charged meanwhile; the approved request is decided anew, all of it.
 *  7. One reservation holds charges against no more than ZC_RESERVATION_MAX_CHARGES rows at once.
 *     Only a nonce replaced again and again, each time under other limits, comes to more: denied.
 * Then all charges are made, or none.
 *
 * Reservations (reservation.h). A transaction that replaces another of the same chain, account and
 * nonce charges each limit max(old, new) in place of old, counted from now: only one of the two can
 * happen. What already left a window is charged anew. Signing the last digest of a reservation once
 * more, for the same principal and with the same key, charges nothing while the charge counts,
 * rates included. A charge counts until it leaves its window: an intent that has expired may have
 * happened before. Only the signed word of a feed that the limit names gives back what was not
 * used, and no more of it than the limit says (feed.h).
 *
 * A full table denies nothing: the reservation that leaves first, by (time, nonce, id), is
 * forgotten for the new one. Its charges count on until they leave; only its replacement, or its
 * digest once more, is then charged in full beside it. No limit gives way: each of them counts for
 * the whole of its own window.
 *
 * Time never goes backwards: an earlier `now_ms` counts as the last one seen. */
#ifndef ZC_POLICY_POLICY_H
#define ZC_POLICY_POLICY_H

#include "intent/intent.h"
#include "policy/mission.h"
#include "policy/reservation.h"
#include "policy/row.h"
#include "policy/scope.h"
#include "policy/source.h"
#include "policy/window.h"

/* Rows that one request may charge at once. */
#define ZC_POLICY_MAX_CHARGES 64
/* zc_decision.rule, .asset and .feed where there is none. */
#define ZC_POLICY_NONE UINT16_MAX
/* Requests under review at one time. */
#define ZC_REVIEWS_MAX 64

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
    uint16_t feed;    /* whose word the numbers rest on; ZC_POLICY_NONE: enforced by this alone */
    zc_u256 measured; /* what it would come to; for FLAGS, the flags not accepted; for CHAIN, the
                         chain id; for NEEDS_APPROVAL, approvals there are; ZC_U256_MAX for an
                         OVERFLOW */
    zc_u256 limit;    /* what it was held against; for FLAGS, the flags accepted; for
                         NEEDS_APPROVAL, approvals needed */
    int64_t now_ms;   /* the time that counted: what the log must hold for a replay to agree */
    /* Slices of budget that this decision took. They may be spent from only once the entry of this
     * decision is durable; the last of them: */
    uint16_t leases;
    uint16_t lease_rule;
    int64_t lease_until_ms;
    zc_u256 lease_left;
    /* Bit i: risk model i was asked, and zc_policy_scored() has what it said. For RISK_SCORE,
     * `measured` and `limit` are score and threshold, negative ones as 0. */
    uint8_t scored;
} zc_decision;

/* What a risk model said of the last request. */
typedef struct zc_scored {
    int64_t score; /* in millionths */
    zc_risk_vector features;
} zc_scored;

/* The highest equity that a rule or breaker has seen, or that of a day. */
typedef struct zc_peak {
    bool seen;
    int64_t period;
    zc_u256 equity;
} zc_peak;

/* review.h */
typedef struct zc_review {
    bool in_use;
    uint8_t leaf[32];
    uint8_t envelope[32];
    uint8_t key_id[16];
    uint32_t principal;
    uint32_t use;
    int64_t created_ms;
    zc_decimal price;
    zc_decimal trigger_price;
    zc_decimal quantity;
    zc_decimal quote_quantity;
    uint64_t approved; /* bit i: principal i */
    int64_t expires_ms[ZC_MISSION_MAX_PRINCIPALS];
} zc_review;

/* breaker.h */
typedef struct zc_breaker_state {
    zc_window denials; /* only of DENIALS; not part of what the log replays */
    zc_peak peak;      /* of DRAWDOWN */
    int64_t newest;    /* of LOSS: the number of the bucket of the last report */
    zc_u256 highest[ZC_WINDOW_BUCKETS];
} zc_breaker_state;

/* Under 16 MiB, owned by the caller: give it static storage. Moves freely; holds no pointers. */
typedef struct zc_policy_state {
    int64_t now_ms;
    zc_mode mode;
    uint16_t tripped; /* the breaker that set the mode, or ZC_POLICY_NONE */
    uint64_t revoked_principals;
    zc_rule_set revoked_rules;
    zc_scope_index index;
    zc_rows rows;
    zc_reservations reservations;
    zc_sources sources;
    zc_peak peaks[ZC_MISSION_MAX_RULES]; /* of DRAWDOWN rules */
    zc_review reviews[ZC_REVIEWS_MAX];
    zc_breaker_state breakers[ZC_MISSION_MAX_BREAKERS];
    zc_risk_history history; /* of missions with risk models alone */
    uint8_t scored_models;   /* during a decision and after it; not part of what is replayed */
    zc_scored scored[ZC_MISSION_MAX_RISK_MODELS];
} zc_policy_state;
_Static_assert(sizeof(zc_policy_state) < (size_t)16 << 20, "policy state outgrew its budget");

/* Starts with nothing spent. `mission` came from zc_mission_parse(); all later calls get the same.
 * Touches only what the mission needs; the state need not be zeroed. */
void zc_policy_init(zc_policy_state *state, const zc_mission *mission);

/* Decides, and reserves when it allows. A denial or a review changes nothing but the clock.
 * Errors: ZC_POLICY_REQUEST when context and intent can't belong together (no such principal or
 * use, or a use that is not the operation's); the state and *ret_decision are then untouched. */
ZC_MUST_USE zc_result zc_policy_decide(zc_policy_state *state, const zc_mission *mission,
                                       const zc_request_context *context, const zc_intent *intent,
                                       zc_decision *ret_decision);

/* What risk model `model` said of the request that `decision`, the last one, was about: for the
 * log, which keeps score and features beside rule and margin. NULL for a model that was not asked.
 */
const zc_scored *zc_policy_scored(const zc_policy_state *state, const zc_decision *decision,
                                  uint16_t model);

/* Reservations of which something still counts, but for the forgotten. */
size_t zc_policy_pending(const zc_policy_state *state);

/* Brings the clock to the time of an entry that stands for refusals which have none of their own:
 * each of them moved it. An earlier time changes nothing. */
void zc_policy_clock(zc_policy_state *state, int64_t now_ms);

/* After the log was replayed at boot: the rests of all leases count as spent from here on, for
 * what was spent of them may not have reached the log. */
void zc_policy_restart(zc_policy_state *state, const zc_mission *mission);

/* What could still be signed without another durable entry, if the host turned hostile now: the
 * rest of all leases of one asset (its index), or of those in the reference (ZC_POLICY_NONE); and
 * until when. */
void zc_policy_blast(zc_policy_state *state, const zc_mission *mission, uint16_t asset,
                     zc_u256 *ret_amount, int64_t *ret_until_ms);

/* What is left of a window limit without `per` at this moment, and what of it a lease has taken. A
 * limit by key, principal, asset, counterparty or chain has as much for each.
 * ZC_POLICY_MISSION_INDEX for a rule that keeps no window. */
ZC_MUST_USE zc_result zc_policy_headroom(zc_policy_state *state, const zc_mission *mission,
                                         uint16_t rule, zc_u256 *ret_left, zc_u256 *ret_leased);

/* Takes away at once and for good, as a quorum's log entry says: all that a principal may do, or
 * what an ALLOW rule allows. Errors: ZC_POLICY_MISSION_INDEX. */
ZC_MUST_USE zc_result zc_policy_revoke_principal(zc_policy_state *state, const zc_mission *mission,
                                                 uint32_t principal);
ZC_MUST_USE zc_result zc_policy_revoke_rule(zc_policy_state *state, const zc_mission *mission,
                                            uint16_t rule);

/* SHA-256 over the clock, mode, revocations, every window, every reservation that still counts with
 * all charges that take room, all that feeds said, peaks and reviews. Two states with the same
 * digest decide alike, whatever path led to them: where in a table something lies, and what has
 * left but was not yet dropped, is not in it. Counted denials are not, either: a breaker that they
 * trip is an entry of its own. */
void zc_policy_digest(const zc_policy_state *state, const zc_mission *mission,
                      uint8_t ret_digest[static 32]);

#endif
