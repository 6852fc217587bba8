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

void zc_charges_begin(zc_charges *charges, zc_policy_state *state, const zc_question *question)
{
    zc_reservations *table = &state->reservations;
    charges->id = zc_reservation_id_of(question->intent, question->context->key_id);
    charges->slot = zc_reservations_find(table, &charges->id, state->now_ms);
    charges->same_digest =
        charges->slot != ZC_RESERVATION_NONE && signed_last(&table->slot[charges->slot], question);
    charges->past = false;
    charges->count = 0;
    charges->added = 0;
    charges->new_rows = 0;
}

static zc_measure over(int reason, zc_u256 measured, zc_u256 limit)
{
    return (zc_measure){
        .reason = (uint16_t)reason, .feed = ZC_POLICY_NONE, .measured = measured, .limit = limit};
}

static zc_measure hold_against(zc_u256 measured, zc_u256 limit, int reason)
{
    bool above = zc_u256_cmp(&measured, &limit) > 0;
    return over(above ? reason : 0, measured, limit);
}

zc_u256 zc_row_spent(const zc_row *row)
{
    zc_u256 spent = row->window.total;
    zc_result done = zc_u256_sub(&row->window.total, &row->lease_left, &spent);
    (void)done; /* the window counts the lease */
    return spent;
}

/* What the window would come to if the reservation held new->amount in it instead of new->held. */
static zc_measure measure_window(const zc_u256 *spent, const struct zc_new_charge *new,
                                 zc_u256 limit, int reason)
{
    zc_u256 rest = ZC_U256_ZERO;
    zc_u256 total = ZC_U256_ZERO;
    if (!zc_ok(zc_u256_sub(spent, &new->held, &rest)) ||
        !zc_ok(zc_u256_add(&rest, &new->amount, &total))) {
        return over(ZC_POLICY_OVERFLOW, ZC_U256_MAX, limit);
    }
    return hold_against(total, limit, reason);
}

/* The charge to a window of a request for `amount`, given what the reservation holds there. */
static struct zc_new_charge new_charge(const zc_policy_state *state, uint16_t held, uint16_t rule,
                                       bool rate, const struct zc_part *part)
{
    struct zc_new_charge new = {.rule = rule, .key = part->key, .amount = part->amount};
    /* Another digest for the same nonce is one more signature, so a rate never counts it as held;
     * its charge only remembers that the last digest has been counted. */
    if (held != ZC_RESERVATION_NONE && !rate) {
        new.held = state->reservations.charge[held].amount;
        new.held_in = state->reservations.charge[held].bucket;
        new.amount = zc_u256_max(&part->amount, &new.held);
    }
    return new;
}

/* What the row's window holds, brought to this moment; a row that is not there holds nothing. */
static uint16_t find_row(zc_policy_state *state, const zc_mission *mission, uint16_t rule,
                         const zc_row_key *key, zc_u256 *ret_spent)
{
    uint16_t at = zc_rows_find(&state->rows, rule, key);
    *ret_spent = ZC_U256_ZERO;
    if (at != ZC_ROW_NONE) {
        zc_row_advance(&state->rows.row[at], mission, state->now_ms);
        *ret_spent = zc_row_spent(&state->rows.row[at]);
    }
    return at;
}

/* What is above the limit already, because it was signed when there was another. */
static bool is_too_full(uint16_t reason)
{
    return reason == ZC_POLICY_WINDOW || reason == ZC_POLICY_RATE || reason == ZC_POLICY_POSITION;
}

static zc_measure note_charge(zc_charges *charges, zc_policy_state *state, bool is_new_row,
                              bool is_added, const struct zc_new_charge *new, zc_measure measure)
{
    if (charges->past && is_too_full(measure.reason)) {
        measure.reason = 0;
    }
    if (measure.reason != 0) {
        return measure;
    }
    if (charges->count == ZC_POLICY_MAX_CHARGES) {
        return over(ZC_POLICY_TOO_MANY_LIMITS, zc_u256_of(ZC_POLICY_MAX_CHARGES + 1),
                    zc_u256_of(ZC_POLICY_MAX_CHARGES));
    }
    if (is_new_row && !zc_rows_room(&state->rows, charges->new_rows + 1, state->now_ms)) {
        return over(ZC_POLICY_ROWS_FULL, zc_u256_of(ZC_ROWS_MAX + 1), zc_u256_of(ZC_ROWS_MAX));
    }
    charges->item[charges->count++] = *new;
    charges->added += is_added;
    charges->new_rows += is_new_row;
    return measure;
}

/* `base`, or NULL, counts beside the window: what a feed has reported. */
static zc_measure charge_part(zc_charges *charges, zc_policy_state *state,
                              const zc_mission *mission, uint16_t at, const struct zc_part *part,
                              const zc_u256 *base)
{
    const zc_rule *rule = &mission->rules[at];
    bool rate = rule->kind == ZC_RULE_LIMIT_RATE;
    zc_u256 limit = rate ? zc_u256_of(rule->count) : rule->amount;
    int reason = rate                             ? ZC_POLICY_RATE
                 : rule->kind == ZC_RULE_POSITION ? ZC_POLICY_POSITION
                                                  : ZC_POLICY_WINDOW;
    zc_u256 spent = ZC_U256_ZERO;
    uint16_t row = find_row(state, mission, at, &part->key, &spent);
    uint16_t held = row == ZC_ROW_NONE ? ZC_RESERVATION_NONE
                                       : zc_reservations_charge(&state->reservations, charges->slot,
                                                                row, state->now_ms);
    if (base != NULL && !zc_ok(zc_u256_add(&spent, base, &spent))) {
        return over(ZC_POLICY_OVERFLOW, ZC_U256_MAX, limit);
    }
    bool counted = held != ZC_RESERVATION_NONE && charges->same_digest;
    if (zc_u256_is_zero(&part->amount) || counted) {
        return charges->past ? over(0, spent, limit) : hold_against(spent, limit, reason);
    }
    struct zc_new_charge new = new_charge(state, held, at, rate, part);
    return note_charge(charges, state, row == ZC_ROW_NONE, held == ZC_RESERVATION_NONE, &new,
                       measure_window(&spent, &new, limit, reason));
}

static int per_tx_reason(const zc_rule *rule)
{
    return rule->measure == ZC_MEASURE_FEE         ? ZC_POLICY_FEE
           : rule->measure == ZC_MEASURE_ALLOWANCE ? ZC_POLICY_ALLOWANCE
           : rule->measure == ZC_MEASURE_GAS_PRICE ? ZC_POLICY_GAS_PRICE
                                                   : ZC_POLICY_PER_TX;
}

static zc_measure measure_parts(zc_charges *charges, zc_policy_state *state,
                                const zc_question *question, uint16_t at)
{
    const zc_rule *rule = &question->mission->rules[at];
    zc_u256 limit = rule->kind == ZC_RULE_LIMIT_RATE ? zc_u256_of(rule->count) : rule->amount;
    zc_parts parts;
    uint16_t reason = zc_parts_of(state, question, at, &parts);
    zc_measure fullest =
        over(reason, reason == ZC_POLICY_OVERFLOW ? ZC_U256_MAX : ZC_U256_ZERO, limit);
    for (size_t i = 0; reason == 0 && i < parts.count; i++) {
        zc_measure measure =
            rule->kind == ZC_RULE_LIMIT_PER_TX
                ? hold_against(parts.item[i].amount, limit, per_tx_reason(rule))
                : charge_part(charges, state, question->mission, at, &parts.item[i], NULL);
        reason = measure.reason;
        if (i == 0 || reason != 0 ||
            zc_measure_fullness(&measure) > zc_measure_fullness(&fullest)) {
            fullest = measure;
        }
    }
    fullest.feed = parts.feed;
    return fullest;
}

static zc_measure measure_position(zc_charges *charges, zc_policy_state *state,
                                   const zc_question *question, uint16_t at)
{
    const zc_rule *rule = &question->mission->rules[at];
    struct zc_part part = {.key = zc_parts_key(question, rule->per)};
    zc_u256 held = ZC_U256_ZERO;
    uint16_t reason = zc_exposure_position(state, question, at, &held, &part.amount);
    zc_measure measure =
        reason != 0
            ? over(reason, reason == ZC_POLICY_OVERFLOW ? ZC_U256_MAX : ZC_U256_ZERO, rule->amount)
            : charge_part(charges, state, question->mission, at, &part, &held);
    measure.feed = rule->feed;
    return measure;
}

static zc_measure measure_drawdown(zc_policy_state *state, const zc_question *question, uint16_t at)
{
    zc_u256 drop = ZC_U256_ZERO;
    zc_u256 limit = ZC_U256_ZERO;
    uint16_t reason = zc_exposure_drawdown(state, question->mission, at, &drop, &limit);
    zc_measure measure =
        reason != 0 ? over(reason, drop, limit) : hold_against(drop, limit, ZC_POLICY_DRAWDOWN);
    measure.feed = question->mission->rules[at].feed;
    return measure;
}

zc_measure zc_charges_measure(zc_charges *charges, zc_policy_state *state,
                              const zc_question *question, uint16_t at)
{
    switch (question->mission->rules[at].kind) {
    case ZC_RULE_POSITION:
        return measure_position(charges, state, question, at);
    case ZC_RULE_DRAWDOWN:
        return measure_drawdown(state, question, at);
    default:
        return measure_parts(charges, state, question, at);
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

static zc_charge make_charge(const zc_charges *charges, zc_policy_state *state,
                             const zc_mission *mission, const struct zc_new_charge *new,
                             zc_decision *decision)
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
    return (zc_charge){.amount = new->amount, .bucket = bucket, .leaves_ms = leaves, .row = at};
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
        made[i] = make_charge(charges, state, question->mission, &charges->item[i], decision);
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
