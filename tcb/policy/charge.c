#include "policy/charge.h"

#include <string.h>

bool zc_rule_has_window(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_WINDOW || rule->kind == ZC_RULE_LIMIT_RATE;
}

void zc_charges_begin(zc_charges *charges, zc_policy_state *state, const zc_question *question)
{
    zc_reservations *table = &state->reservations;
    charges->id = zc_reservation_id_of(question->intent, question->context->key_id);
    charges->slot = zc_reservations_find(table, &charges->id, state->now_ms);
    charges->same_digest =
        charges->slot != ZC_RESERVATION_NONE &&
        memcmp(table->slot[charges->slot].digest, question->intent->digest, 32) == 0;
    charges->count = 0;
    charges->added = 0;
}

static zc_measure over(int reason, zc_u256 measured, zc_u256 limit)
{
    return (zc_measure){.reason = (uint16_t)reason, .measured = measured, .limit = limit};
}

static zc_measure hold_against(zc_u256 measured, zc_u256 limit, int reason)
{
    bool above = zc_u256_cmp(&measured, &limit) > 0;
    return over(above ? reason : 0, measured, limit);
}

/* What the window would come to if the reservation held new->amount in it instead of new->held. */
static zc_measure measure_window(const zc_window *window, const struct zc_new_charge *new,
                                 zc_u256 limit, int reason)
{
    zc_u256 rest = ZC_U256_ZERO;
    zc_u256 total = ZC_U256_ZERO;
    if (!zc_ok(zc_u256_sub(&window->total, &new->held, &rest)) ||
        !zc_ok(zc_u256_add(&rest, &new->amount, &total))) {
        return over(ZC_POLICY_OVERFLOW, ZC_U256_MAX, limit);
    }
    return hold_against(total, limit, reason);
}

/* The charge to a window of a request for `amount`, given what the reservation holds there. */
static struct zc_new_charge new_charge(const zc_policy_state *state, uint16_t held, uint16_t rule,
                                       bool rate, zc_u256 amount)
{
    struct zc_new_charge new = {.rule = rule, .amount = amount};
    /* Another digest for the same nonce is one more signature, so a rate never counts it as held;
     * its charge only remembers that the last digest has been counted. */
    if (held != ZC_RESERVATION_NONE && !rate) {
        new.held = state->reservations.charge[held].amount;
        new.held_in = state->reservations.charge[held].bucket;
        new.amount = zc_u256_max(&amount, &new.held);
    }
    return new;
}

static zc_measure charge_window(zc_charges *charges, zc_policy_state *state, uint16_t at,
                                const zc_rule *rule, zc_u256 amount)
{
    bool rate = rule->kind == ZC_RULE_LIMIT_RATE;
    zc_u256 limit = rate ? zc_u256_of(rule->count) : rule->amount;
    int reason = rate ? ZC_POLICY_RATE : ZC_POLICY_WINDOW;
    zc_window *window = &state->windows[at];
    zc_window_advance(window, state->now_ms);
    uint16_t held = zc_reservations_charge(&state->reservations, charges->slot, at, state->now_ms);
    bool counted = held != ZC_RESERVATION_NONE && charges->same_digest;
    if (zc_u256_is_zero(&amount) || counted) {
        return hold_against(window->total, limit, reason);
    }
    struct zc_new_charge new = new_charge(state, held, at, rate, amount);
    zc_measure measure = measure_window(window, &new, limit, reason);
    if (measure.reason != 0) {
        return measure;
    }
    if (charges->count == ZC_POLICY_MAX_CHARGES) {
        return over(ZC_POLICY_TOO_MANY_LIMITS, zc_u256_of(ZC_POLICY_MAX_CHARGES + 1),
                    zc_u256_of(ZC_POLICY_MAX_CHARGES));
    }
    charges->item[charges->count++] = new;
    charges->added += held == ZC_RESERVATION_NONE;
    return measure;
}

zc_measure zc_charges_measure(zc_charges *charges, zc_policy_state *state,
                              const zc_question *question, uint16_t at)
{
    const zc_rule *rule = &question->mission->rules[at];
    zc_u256 amount = zc_u256_of(1);
    if (rule->kind != ZC_RULE_LIMIT_RATE && !zc_ok(zc_scope_amount(question, rule, &amount))) {
        return over(ZC_POLICY_OVERFLOW, ZC_U256_MAX, rule->amount);
    }
    if (rule->kind == ZC_RULE_LIMIT_PER_TX) {
        return hold_against(amount, rule->amount, ZC_POLICY_PER_TX);
    }
    return charge_window(charges, state, at, rule, amount);
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

/* Takes what the reservation held out of its bucket and puts what it holds now into the newest.
 * Neither can fail: what is held is in the window, and the new total was measured. */
static void move_charge(zc_window *window, const struct zc_new_charge *new)
{
    zc_result moved = ZC_OK;
    if (!zc_u256_is_zero(&new->held)) {
        moved = zc_window_remove(window, new->held_in, &new->held);
    }
    if (zc_ok(moved)) {
        moved = zc_window_add(window, &new->amount);
    }
    (void)moved;
}

static int64_t last_leaves(const zc_charges *charges, const zc_policy_state *state)
{
    int64_t last = 0;
    for (size_t i = 0; i < charges->count; i++) {
        const zc_window *window = &state->windows[charges->item[i].rule];
        int64_t leaves = zc_window_leaves_ms(window, window->newest);
        last = leaves > last ? leaves : last;
    }
    return last;
}

/* The request's slot, with room for its charges. */
static uint16_t take_slot(const zc_charges *charges, zc_policy_state *state)
{
    zc_reservations *table = &state->reservations;
    if (charges->slot == ZC_RESERVATION_NONE) {
        zc_reservations_make_room(table, ZC_RESERVATION_NONE, 1, charges->added);
        return zc_reservations_open(table, &charges->id, last_leaves(charges, state));
    }
    zc_reservations_trim(table, charges->slot, state->now_ms);
    zc_reservations_make_room(table, charges->slot, 0, charges->added);
    return charges->slot;
}

void zc_charges_apply(const zc_charges *charges, zc_policy_state *state,
                      const zc_question *question)
{
    zc_reservations *table = &state->reservations;
    if (charges->count == 0) {
        return;
    }
    uint16_t slot = take_slot(charges, state);
    memcpy(table->slot[slot].digest, question->intent->digest, 32);
    for (size_t i = 0; i < charges->count; i++) {
        const struct zc_new_charge *new = &charges->item[i];
        zc_window *window = &state->windows[new->rule];
        move_charge(window, new);
        zc_reservations_set(table, slot,
                            &(zc_charge){.amount = new->amount,
                                         .bucket = window->newest,
                                         .leaves_ms = zc_window_leaves_ms(window, window->newest),
                                         .rule = new->rule});
    }
}
