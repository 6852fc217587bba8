#include "policy/charge.h"

#include <string.h>

#include "policy/exposure.h"
#include "policy/parts.h"

static bool signed_last(const zc_reservation *slot, const zc_question *question)
{
    const zc_request_context *context = question->context;
    return memcmp(slot->digest, question->intent->digest, 32) == 0 &&
           slot->principal == context->principal &&
           memcmp(slot->key_id, context->key_id, sizeof slot->key_id) == 0;
}

void zc_charges_expect(zc_charges *charges, const zc_policy_state *state,
                       const zc_question *question)
{
    charges->id = zc_reservation_id_of(question->intent, question->context->key_id);
    zc_reservations_expect(&state->reservations, &charges->id);
}

void zc_charges_begin(zc_charges *charges, zc_policy_state *state, const zc_question *question)
{
    zc_reservations *table = &state->reservations;
    zc_reservations_expect_charges(table);
    charges->slot = zc_reservations_find(table, &charges->id, state->now_ms);
    charges->same_digest =
        charges->slot != ZC_RESERVATION_NONE && signed_last(&table->slot[charges->slot], question);
    charges->past = false;
    charges->count = 0;
    charges->added = 0;
    charges->new_rows = 0;
}

static void over(int reason, const zc_u256 *measured, zc_measure *measure)
{
    measure->reason = (uint16_t)reason;
    measure->measured = *measured;
}

/* Holds what was measured against the limit. */
static void hold_against(int reason, zc_measure *measure)
{
    bool above = zc_u256_cmp(&measure->measured, &measure->limit) > 0;
    measure->reason = (uint16_t)(above ? reason : 0);
}

zc_u256 zc_row_spent(const zc_row *row)
{
    zc_u256 spent = row->window.total;
    zc_result done = zc_u256_sub(&row->window.total, &row->lease_left, &spent);
    (void)done; /* the window counts the lease */
    return spent;
}

/* The charge to a window of a request for `part`, given what the reservation holds there or NULL.
 */
typedef struct zc_replacing {
    const struct zc_part *part;
    const zc_charge *held;
    const zc_u256 *amount; /* the greater of the two */
} zc_replacing;

static zc_replacing replacing(const struct zc_part *part, const zc_charge *held)
{
    bool less = held != NULL && zc_u256_cmp(&part->amount, &held->amount) < 0;
    return (zc_replacing){
        .part = part, .held = held, .amount = less ? &held->amount : &part->amount};
}

/* What the window would come to if the reservation held the new amount in it instead of the old. */
static void measure_window(const zc_u256 *spent, const zc_replacing *new, int reason,
                           zc_measure *measure)
{
    zc_u256 rest;
    if (new->held != NULL) {
        if (!zc_ok(zc_u256_sub(spent, &new->held->amount, &rest))) {
            over(ZC_POLICY_OVERFLOW, &ZC_U256_MAX, measure);
            return;
        }
        spent = &rest;
    }
    if (!zc_ok(zc_u256_add(spent, new->amount, &measure->measured))) {
        over(ZC_POLICY_OVERFLOW, &ZC_U256_MAX, measure);
        return;
    }
    hold_against(reason, measure);
}

/* What the row's window holds, brought to this moment; a row that is not there holds nothing. */
static uint16_t find_row(zc_policy_state *state, const zc_mission *mission, uint16_t rule,
                         const zc_row_key *key, zc_u256 *ret_spent)
{
    uint16_t at = zc_rows_find(&state->rows, rule, key);
    if (at == ZC_ROW_NONE) {
        *ret_spent = ZC_U256_ZERO;
        return at;
    }
    zc_row *row = &state->rows.row[at];
    zc_row_advance(row, mission, state->now_ms);
    *ret_spent = zc_u256_is_zero(&row->lease_left) ? row->window.total : zc_row_spent(row);
    return at;
}

/* What is above the limit already, because it was signed when there was another. */
static bool is_too_full(uint16_t reason)
{
    return reason == ZC_POLICY_WINDOW || reason == ZC_POLICY_RATE || reason == ZC_POLICY_POSITION;
}

static void too_many(int reason, uint64_t limit, zc_measure *measure)
{
    measure->reason = (uint16_t)reason;
    measure->measured = zc_u256_of(limit + 1);
    measure->limit = zc_u256_of(limit);
}

/* Notes the charge when it may be made, and says whether it does. */
static bool note_charge(zc_charges *charges, zc_policy_state *state, bool is_new_row, uint16_t rule,
                        const zc_replacing *new, zc_measure *measure)
{
    if (charges->past && is_too_full(measure->reason)) {
        measure->reason = 0;
    }
    if (measure->reason != 0) {
        return false;
    }
    if (charges->count == ZC_POLICY_MAX_CHARGES) {
        too_many(ZC_POLICY_TOO_MANY_LIMITS, ZC_POLICY_MAX_CHARGES, measure);
        return false;
    }
    if (is_new_row && !zc_rows_room(&state->rows, charges->new_rows + 1, state->now_ms)) {
        too_many(ZC_POLICY_ROWS_FULL, ZC_ROWS_MAX, measure);
        return false;
    }
    struct zc_new_charge *item = &charges->item[charges->count++];
    item->rule = rule;
    item->key = new->part->key;
    item->amount = *new->amount;
    item->held = new->held == NULL ? ZC_U256_ZERO : new->held->amount;
    item->held_in = new->held == NULL ? 0 : new->held->bucket;
    charges->new_rows += is_new_row;
    return true;
}

/* `base`, or NULL, counts beside the window: what a feed has reported. */
static void charge_part(zc_charges *charges, zc_policy_state *state, const zc_mission *mission,
                        uint16_t at, const struct zc_part *part, const zc_u256 *base,
                        zc_measure *measure)
{
    const zc_rule *rule = &mission->rules[at];
    bool rate = rule->kind == ZC_RULE_LIMIT_RATE;
    int reason = rate                             ? ZC_POLICY_RATE
                 : rule->kind == ZC_RULE_POSITION ? ZC_POLICY_POSITION
                                                  : ZC_POLICY_WINDOW;
    zc_u256 spent;
    uint16_t row = find_row(state, mission, at, &part->key, &spent);
    uint16_t held = row == ZC_ROW_NONE ? ZC_RESERVATION_NONE
                                       : zc_reservations_charge(&state->reservations, charges->slot,
                                                                row, state->now_ms);
    if (base != NULL && !zc_ok(zc_u256_add(&spent, base, &spent))) {
        over(ZC_POLICY_OVERFLOW, &ZC_U256_MAX, measure);
        return;
    }
    bool counted = held != ZC_RESERVATION_NONE && charges->same_digest;
    if (zc_u256_is_zero(&part->amount) || counted) {
        measure->measured = spent;
        hold_against(charges->past ? 0 : reason, measure);
        return;
    }
    /* Another digest for the same nonce is one more signature, so a rate never counts it as held;
     * its charge only remembers that the last digest has been counted. */
    bool replaces = held != ZC_RESERVATION_NONE && !rate;
    zc_replacing new = replacing(part, replaces ? &state->reservations.charge[held] : NULL);
    measure_window(&spent, &new, reason, measure);
    if (note_charge(charges, state, row == ZC_ROW_NONE, at, &new, measure)) {
        charges->added += held == ZC_RESERVATION_NONE;
    }
}

static int per_tx_reason(const zc_rule *rule)
{
    return rule->measure == ZC_MEASURE_FEE         ? ZC_POLICY_FEE
           : rule->measure == ZC_MEASURE_ALLOWANCE ? ZC_POLICY_ALLOWANCE
           : rule->measure == ZC_MEASURE_GAS_PRICE ? ZC_POLICY_GAS_PRICE
                                                   : ZC_POLICY_PER_TX;
}

static void measure_part(zc_charges *charges, zc_policy_state *state, const zc_question *question,
                         uint16_t at, const struct zc_part *part, zc_measure *measure)
{
    const zc_rule *rule = &question->mission->rules[at];
    measure->limit = rule->kind == ZC_RULE_LIMIT_RATE ? zc_u256_of(rule->count) : rule->amount;
    if (rule->kind != ZC_RULE_LIMIT_PER_TX) {
        charge_part(charges, state, question->mission, at, part, NULL, measure);
        return;
    }
    measure->measured = part->amount;
    hold_against(per_tx_reason(rule), measure);
}

/* Of what can't be told: all that there is, or nothing. */
static void untold(uint16_t reason, const zc_rule *rule, zc_measure *measure)
{
    measure->limit = rule->kind == ZC_RULE_LIMIT_RATE ? zc_u256_of(rule->count) : rule->amount;
    over(reason, reason == ZC_POLICY_OVERFLOW ? &ZC_U256_MAX : &ZC_U256_ZERO, measure);
}

static void measure_parts(zc_charges *charges, zc_policy_state *state, const zc_question *question,
                          uint16_t at, zc_measure *fullest)
{
    zc_parts parts;
    uint16_t reason = zc_parts_of(state, question, at, &parts);
    if (reason != 0 || parts.count == 0) {
        untold(reason, &question->mission->rules[at], fullest);
    } else {
        measure_part(charges, state, question, at, &parts.item[0], fullest);
    }
    for (size_t i = 1; fullest->reason == 0 && i < parts.count; i++) {
        zc_measure measure;
        measure_part(charges, state, question, at, &parts.item[i], &measure);
        if (measure.reason != 0 || zc_measure_fullness(&measure) > zc_measure_fullness(fullest)) {
            *fullest = measure;
        }
    }
    fullest->feed = parts.feed;
}

static void measure_position(zc_charges *charges, zc_policy_state *state,
                             const zc_question *question, uint16_t at, zc_measure *measure)
{
    const zc_rule *rule = &question->mission->rules[at];
    struct zc_part part = {.key = zc_parts_key(question, rule->per)};
    zc_u256 held = ZC_U256_ZERO;
    uint16_t reason = zc_exposure_position(state, question, at, &held, &part.amount);
    if (reason != 0) {
        untold(reason, rule, measure);
    } else {
        measure->limit = rule->amount;
        charge_part(charges, state, question->mission, at, &part, &held, measure);
    }
    measure->feed = rule->feed;
}

static void measure_drawdown(zc_policy_state *state, const zc_question *question, uint16_t at,
                             zc_measure *measure)
{
    measure->measured = ZC_U256_ZERO;
    measure->limit = ZC_U256_ZERO;
    uint16_t reason =
        zc_exposure_drawdown(state, question->mission, at, &measure->measured, &measure->limit);
    if (reason != 0) {
        measure->reason = reason;
    } else {
        hold_against(ZC_POLICY_DRAWDOWN, measure);
    }
    measure->feed = question->mission->rules[at].feed;
}

void zc_charges_measure(zc_charges *charges, zc_policy_state *state, const zc_question *question,
                        uint16_t at, zc_measure *ret_measure)
{
    switch (question->mission->rules[at].kind) {
    case ZC_RULE_POSITION:
        measure_position(charges, state, question, at, ret_measure);
        break;
    case ZC_RULE_DRAWDOWN:
        measure_drawdown(state, question, at, ret_measure);
        break;
    default:
        measure_parts(charges, state, question, at, ret_measure);
        break;
    }
}

/* The 32 bits of a number from its bit `bits` (1 … 64) of limb `at` downwards. A number of no more
 * than 32 bits is taken whole. */
static uint64_t top_bits(const zc_u256 *value, size_t at, unsigned bits)
{
    uint64_t high = value->limb[at];
    if (bits >= 32) {
        return high >> (bits - 32);
    }
    return at == 0 ? high : high << (32 - bits) | value->limb[at - 1] >> (32 + bits);
}

/* From the top 32 bits of the limit and the same bits of what was measured, which is not above. */
uint64_t zc_measure_fullness(const zc_measure *measure)
{
    size_t at = 3;
    while (at > 0 && measure->limit.limb[at] == 0) {
        at--;
    }
    if (measure->limit.limb[at] == 0) {
        return 1000000;
    }
    unsigned bits = 64 - (unsigned)__builtin_clzll(measure->limit.limb[at]);
    return top_bits(&measure->measured, at, bits) * 1000000 / top_bits(&measure->limit, at, bits);
}

size_t zc_charges_held(const zc_charges *charges, const zc_policy_state *state)
{
    if (charges->count == 0) {
        return 0;
    }
    return charges->added +
           zc_reservations_charges(&state->reservations, charges->slot, state->now_ms);
}

/* Takes what the reservation held out of its bucket and puts what it holds now into the newest, or,
 * where the row leases, takes it out of the row's lease. None of it can fail: what is held is in
 * the window, and the new total was measured. Returns the bucket that holds it. */
static int64_t move_charge(zc_row *row, const zc_mission *mission, const struct zc_new_charge *new,
                           int64_t now_ms, bool leases, bool *ret_leased)
{
    zc_result moved = ZC_OK;
    *ret_leased = false;
    if (!zc_u256_is_zero(&new->held)) {
        moved = zc_window_remove(&row->window, new->held_in, &new->held);
    }
    if (zc_ok(moved) && leases) {
        *ret_leased = zc_row_spend_lease(row, mission, &new->amount, now_ms);
        return row->lease_bucket;
    }
    if (zc_ok(moved)) {
        moved = zc_window_add(&row->window, &new->amount);
    }
    (void)moved;
    return row->window.newest;
}

static void note_lease(zc_decision *decision, const zc_row *row)
{
    decision->leases++;
    decision->lease_rule = row->rule;
    decision->lease_left = row->lease_left;
    decision->lease_until_ms = row->lease_until_ms;
}

static void make_charge(const zc_charges *charges, zc_policy_state *state,
                        const zc_mission *mission, const struct zc_new_charge *new,
                        zc_decision *decision, zc_charge *made)
{
    bool leases = mission->rules[new->rule].has_lease && !charges->past;
    uint16_t at = zc_rows_take(&state->rows, mission, new->rule, &new->key, state->now_ms);
    zc_row *row = &state->rows.row[at];
    bool leased = false;
    zc_row_advance(row, mission, state->now_ms);
    int64_t bucket = move_charge(row, mission, new, state->now_ms, leases, &leased);
    int64_t leaves = row->window.calendar || bucket == row->window.newest
                         ? zc_row_leaves_ms(row, mission, state->now_ms)
                         : zc_window_leaves_ms(&row->window, bucket);
    row->leaves_ms = leaves > row->leaves_ms ? leaves : row->leaves_ms;
    if (leased) {
        note_lease(decision, row);
    }
    made->amount = new->amount;
    made->bucket = bucket;
    made->leaves_ms = leaves;
    made->row = at;
}

/* The request's slot, with room for its charges. */
static uint16_t take_slot(const zc_charges *charges, zc_policy_state *state, int64_t leaves_ms)
{
    zc_reservations *table = &state->reservations;
    if (charges->slot == ZC_RESERVATION_NONE) {
        zc_reservations_make_room(table, ZC_RESERVATION_NONE, 1, charges->added);
        return zc_reservations_open(table, &charges->id, leaves_ms);
    }
    zc_reservations_trim(table, charges->slot, state->now_ms);
    zc_reservations_make_room(table, charges->slot, 0, charges->added);
    return charges->slot;
}

void zc_charges_apply(const zc_charges *charges, zc_policy_state *state,
                      const zc_question *question, zc_decision *decision)
{
    zc_reservations *table = &state->reservations;
    zc_charge made[ZC_POLICY_MAX_CHARGES];
    int64_t last = 0;
    if (charges->count == 0) {
        return;
    }
    for (size_t i = 0; i < charges->count; i++) {
        make_charge(charges, state, question->mission, &charges->item[i], decision, &made[i]);
        last = made[i].leaves_ms > last ? made[i].leaves_ms : last;
    }
    uint16_t slot = take_slot(charges, state, last);
    memcpy(table->slot[slot].digest, question->intent->digest, 32);
    memcpy(table->slot[slot].key_id, question->context->key_id, 16);
    table->slot[slot].principal = question->context->principal;
    for (size_t i = 0; i < charges->count; i++) {
        zc_reservations_set(table, slot, &made[i]);
    }
}
