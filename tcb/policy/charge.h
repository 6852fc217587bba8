/* One request's charges: first every limit is measured, then all charges are made at once. */
#ifndef ZC_POLICY_CHARGE_H
#define ZC_POLICY_CHARGE_H

#include "policy/policy.h"
#include "policy/value.h"

/* Rows of one limit that one request may charge: so many counterparties or assets. */
#define ZC_CHARGE_MAX_PARTS 16

/* What a limit comes to with this request. Sums are formed where they stay: a copy of what has just
 * been written in smaller pieces makes processors wait. */
typedef struct zc_measure {
    uint16_t reason; /* 0 when within the limit */
    uint16_t feed;   /* whose word it took, or ZC_POLICY_NONE */
    zc_u256 measured;
    zc_u256 limit;
} zc_measure;

typedef struct zc_charges {
    zc_reservation_id id;
    uint16_t slot;    /* the reservation, or ZC_RESERVATION_NONE */
    bool same_digest; /* that reservation last signed this very digest, for the same principal and
                         with the same key: under the same limits */
    bool past;        /* what was signed under another mission: it counts, whatever is left, and
                         without leases */
    size_t count;     /* charges to be made */
    size_t added;     /* of them, those that replace none */
    size_t new_rows;  /* of them, those that need a row */
    struct zc_new_charge {
        uint16_t rule;
        zc_row_key key;
        zc_u256 held;    /* of this reservation, in the window */
        int64_t held_in; /* the bucket where */
        zc_u256 amount;  /* what it holds from now on, in the newest bucket */
    } item[ZC_POLICY_MAX_CHARGES];
} zc_charges;

/* Holds context and intent to each other and to the mission, and finds the rules that may match.
 * Brings the state's clock to the context's. `question` is filled. Errors: ZC_POLICY_REQUEST; the
 * state is then untouched. */
ZC_MUST_USE zc_result zc_question_ask(zc_policy_state *state, const zc_mission *mission,
                                      const zc_request_context *context, const zc_intent *intent,
                                      zc_question *question);

/* Says which reservation it will be; after that, zc_charges_begin() finds it. The sooner it is
 * said, the less it waits for memory. `item` is not touched. */
void zc_charges_expect(zc_charges *charges, const zc_policy_state *state,
                       const zc_question *question);
void zc_charges_begin(zc_charges *charges, zc_policy_state *state, const zc_question *question);
/* Measures the request against limit `rule`, which it touches, and notes what it will charge. Of
 * several rows, the fullest, or the first that is too full. */
void zc_charges_measure(zc_charges *charges, zc_policy_state *state, const zc_question *question,
                        uint16_t rule, zc_measure *ret_measure);
/* How full the limit is, in millionths. */
uint64_t zc_measure_fullness(const zc_measure *measure);

/* How many charges the reservation would hold with these; 0 when the request charges nothing. */
size_t zc_charges_held(const zc_charges *charges, const zc_policy_state *state);
/* Makes all charges, at the cost of others' reservations when the table is full. Cannot fail after
 * they were measured and are no more than a reservation may hold. Notes the leases it takes. */
void zc_charges_apply(const zc_charges *charges, zc_policy_state *state,
                      const zc_question *question, zc_decision *decision);

/* What of a row's window is spent: its total but for the rest of its lease. */
zc_u256 zc_row_spent(const zc_row *row);

#endif
