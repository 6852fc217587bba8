#include "policy/policy.h"

#include <string.h>

#include "policy/asset_index.h"
#include "policy/breaker.h"
#include "policy/calendar.h"
#include "policy/charge.h"
#include "policy/review.h"
#include "policy/score.h"

void zc_policy_init(zc_policy_state *state, const zc_mission *mission)
{
    state->now_ms = 0;
    state->mode = ZC_MODE_NORMAL;
    state->tripped = ZC_POLICY_NONE;
    state->revoked_principals = 0;
    state->revoked_rules = (zc_rule_set){0};
    zc_scope_index_init(&state->index, mission);
    zc_rows_init(&state->rows);
    zc_reservations_init(&state->reservations);
    memset(&state->sources, 0, sizeof state->sources);
    memset(state->reviews, 0, sizeof state->reviews);
    zc_breakers_init(state, mission);
    state->scored_models = 0;
    if (mission->risk_model_count > 0) {
        zc_risk_history_init(&state->history);
    }
}

static zc_result check_question(const zc_question *question)
{
    const zc_request_context *context = question->context;
    const zc_intent *intent = question->intent;
    unsigned operation = (unsigned)intent->operation;
    if (context->principal >= question->mission->principal_count || context->use < ZC_USE_TX ||
        context->use > ZC_USE_DIGEST || operation < 1 || operation > ZC_SCOPE_OPERATIONS ||
        intent->movement_count > ZC_INTENT_MAX_MOVEMENTS ||
        intent->call_count > ZC_INTENT_MAX_CALLS ||
        intent->argument_count > ZC_INTENT_MAX_ARGUMENTS) {
        return zc_fail(ZC_POLICY_REQUEST);
    }
    bool digest = intent->operation == ZC_OPERATION_DIGEST;
    bool message = intent->operation == ZC_OPERATION_MESSAGE;
    if (digest != (context->use == ZC_USE_DIGEST) || message != (context->use == ZC_USE_MESSAGE)) {
        return zc_fail(ZC_POLICY_REQUEST);
    }
    return ZC_OK;
}

static bool deny(zc_decision *decision, uint16_t rule, int reason)
{
    decision->outcome = ZC_OUTCOME_DENY;
    decision->rule = rule;
    decision->reason = (uint16_t)reason;
    return false;
}

/* Each station below says whether the request may go on, and settles the decision if not. */

/* What goes on while risk is stopped: in `passes`, zc_pass bits. */
static bool passes_stop(const zc_intent *intent, unsigned passes)
{
    return ((passes & ZC_PASS_CANCELS) != 0 && zc_intent_cancels(intent)) ||
           ((passes & ZC_PASS_REDUCTIONS) != 0 && zc_intent_reduces(intent));
}

static bool pass_gate(const zc_policy_state *state, const zc_question *question,
                      zc_decision *decision)
{
    const zc_intent *intent = question->intent;
    uint32_t principal = question->context->principal;
    bool halted = question->context->halted || state->mode == ZC_MODE_HALTED;
    if (halted && !passes_stop(intent, question->mission->halt_passes)) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_HALTED);
    }
    if (state->mode == ZC_MODE_REDUCE_ONLY && intent->operation != ZC_OPERATION_VENUE_READ &&
        !passes_stop(intent, ZC_PASS_KNOWN)) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_REDUCE_ONLY);
    }
    if (((state->revoked_principals >> principal) & 1) != 0) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_REVOKED);
    }
    if ((question->mission->principals[principal].roles & ZC_ROLE_SIGNER) == 0) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_NOT_A_SIGNER);
    }
    return true;
}

static bool pass_hours(const zc_policy_state *state, const zc_question *question,
                       const zc_rule *rule, uint16_t at, zc_decision *decision)
{
    const zc_mission *mission = question->mission;
    int64_t now = state->now_ms;
    if (zc_calendar_is_date(mission, rule->zone, &rule->dates, now)) {
        decision->measured = zc_u256_of((uint64_t)zc_calendar_day(mission, rule->zone, now));
        return deny(decision, at, ZC_POLICY_BLACKOUT);
    }
    return zc_calendar_open(mission, rule->zone, &rule->hours, now) ||
           deny(decision, at, ZC_POLICY_HOURS);
}

static bool pass_denial(const zc_policy_state *state, const zc_question *question, uint16_t at,
                        zc_decision *decision)
{
    const zc_rule *rule = &question->mission->rules[at];
    if (rule->kind == ZC_RULE_CONFINE) {
        return zc_scope_covers(question, rule) || deny(decision, at, ZC_POLICY_CONFINED);
    }
    if (!zc_scope_touches(question, rule)) {
        return true;
    }
    switch (rule->kind) {
    case ZC_RULE_DENY:
        return !zc_scope_conditions(question, rule) || deny(decision, at, ZC_POLICY_DENIED_BY_RULE);
    case ZC_RULE_HOURS:
        return pass_hours(state, question, rule, at, decision);
    case ZC_RULE_REDUCE_ONLY:
        return passes_stop(question->intent, ZC_PASS_KNOWN) ||
               question->intent->operation == ZC_OPERATION_VENUE_READ ||
               deny(decision, at, ZC_POLICY_REDUCE_ONLY);
    default:
        break;
    }
    if (zc_scope_chain_permitted(question, rule)) {
        return true;
    }
    decision->measured = zc_u256_of(question->intent->chain_id);
    return deny(decision, at, ZC_POLICY_CHAIN);
}

static bool pass_denials(const zc_policy_state *state, const zc_question *question,
                         zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_station(question, ZC_STATION_DENIALS, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        if (!pass_denial(state, question, at, decision)) {
            return false;
        }
    }
    return true;
}

/* The first rule that covers the intent and accepts its flags. Where only flags stood in the way,
 * the denial says which, by the first rule that would have allowed it. */
static bool pass_allowance(const zc_policy_state *state, const zc_question *question,
                           zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    uint16_t flagged = ZC_POLICY_NONE;
    zc_scope_station(question, ZC_STATION_ALLOWANCE, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        bool revoked = ((state->revoked_rules.word[at / 64] >> (at % 64)) & 1) != 0;
        if (revoked || !zc_scope_covers(question, rule) || !zc_scope_conditions(question, rule)) {
            continue;
        }
        uint64_t refused = question->intent->flags & ~rule->scope.accepted_flags;
        if (refused == 0) {
            decision->rule = at;
            return true;
        }
        if (flagged == ZC_POLICY_NONE) {
            flagged = at;
            decision->measured = zc_u256_of(refused);
            decision->limit = zc_u256_of(rule->scope.accepted_flags);
        }
    }
    if (flagged != ZC_POLICY_NONE) {
        return deny(decision, flagged, ZC_POLICY_FLAGS);
    }
    bool digest = question->intent->operation == ZC_OPERATION_DIGEST;
    return deny(decision, ZC_POLICY_NONE, digest ? ZC_POLICY_RAW_DIGEST : ZC_POLICY_NO_RULE);
}

static void tell_limit(zc_decision *decision, const zc_mission *mission, uint16_t at,
                       const zc_measure *measure)
{
    const zc_rule *rule = &mission->rules[at];
    decision->measured = measure->measured;
    decision->limit = measure->limit;
    decision->limit_rule = at;
    decision->asset = rule->has_asset ? rule->asset : ZC_POLICY_NONE;
    decision->feed = measure->feed;
}

static bool pass_limits(zc_policy_state *state, const zc_question *question, zc_charges *charges,
                        zc_decision *decision)
{
    zc_rule_set rules;
    zc_measure measures[2]; /* the fullest, and the next */
    zc_measure *next = &measures[0];
    uint16_t at = 0;
    uint16_t fullest_at = ZC_POLICY_NONE;
    uint64_t fullest = 0;
    zc_scope_station(question, ZC_STATION_LIMITS, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_scope_touches(question, rule)) {
            continue;
        }
        bool idle = rule->kind == ZC_RULE_DRAWDOWN && passes_stop(question->intent, ZC_PASS_KNOWN);
        if (idle) {
            continue; /* what takes risk away is not held up by a loss */
        }
        zc_charges_measure(charges, state, question, at, next);
        if (next->reason != 0) {
            tell_limit(decision, question->mission, at, next);
            return deny(decision, at, next->reason);
        }
        uint64_t fullness = zc_measure_fullness(next);
        if (fullest_at == ZC_POLICY_NONE || fullness > fullest) {
            fullest = fullness;
            fullest_at = at;
            next = next == &measures[0] ? &measures[1] : &measures[0];
        }
    }
    if (fullest_at != ZC_POLICY_NONE) {
        tell_limit(decision, question->mission, fullest_at,
                   next == &measures[0] ? &measures[1] : &measures[0]);
    }
    return true;
}

static bool pass_risk(zc_policy_state *state, const zc_question *question, zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_station(question, ZC_STATION_RISK, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_scope_touches(question, rule) || !zc_scope_conditions(question, rule)) {
            continue;
        }
        int64_t score = zc_score_of(state, question, rule->thresholds.model);
        decision->scored = state->scored_models;
        if (rule->thresholds.has_deny && score >= rule->thresholds.deny_at) {
            int64_t limit = rule->thresholds.deny_at;
            decision->measured = zc_u256_of(score > 0 ? (uint64_t)score : 0);
            decision->limit = zc_u256_of(limit > 0 ? (uint64_t)limit : 0);
            decision->limit_rule = at;
            decision->asset = ZC_POLICY_NONE;
            decision->feed = ZC_POLICY_NONE;
            return deny(decision, at, ZC_POLICY_RISK_SCORE);
        }
    }
    return true;
}

static void review(zc_decision *decision, const zc_review_answer *answer)
{
    decision->outcome = ZC_OUTCOME_REVIEW;
    decision->rule = answer->rule;
    decision->reason = ZC_POLICY_NEEDS_APPROVAL;
    decision->limit_rule = ZC_POLICY_NONE;
    decision->asset = ZC_POLICY_NONE;
    decision->feed = ZC_POLICY_NONE;
    decision->measured = zc_u256_of(answer->have);
    decision->limit = zc_u256_of(answer->needed);
}

static bool pass_reservation(const zc_policy_state *state, const zc_charges *charges,
                             zc_decision *decision)
{
    size_t held = zc_charges_held(charges, state);
    if (held <= ZC_RESERVATION_MAX_CHARGES) {
        return true;
    }
    decision->measured = zc_u256_of(held);
    decision->limit = zc_u256_of(ZC_RESERVATION_MAX_CHARGES);
    decision->limit_rule = ZC_POLICY_NONE;
    decision->asset = ZC_POLICY_NONE;
    decision->feed = ZC_POLICY_NONE;
    return deny(decision, ZC_POLICY_NONE, ZC_POLICY_RESERVATIONS_FULL);
}

static void decide(zc_policy_state *state, const zc_question *question, zc_decision *decision)
{
    zc_charges charges;
    zc_charges_expect(&charges, state, question);
    if (!pass_gate(state, question, decision) || !pass_denials(state, question, decision)) {
        return;
    }
    zc_scope_expect(question);
    if (!pass_allowance(state, question, decision)) {
        return;
    }
    zc_charges_begin(&charges, state, question);
    uint16_t allowed_by = decision->rule;
    decision->measured = ZC_U256_ZERO;
    decision->limit = ZC_U256_ZERO;
    if (!pass_limits(state, question, &charges, decision) ||
        !pass_risk(state, question, decision)) {
        return;
    }
    zc_review_answer answer = zc_review_ask(state, question);
    if (answer.rule != ZC_POLICY_NONE) {
        review(decision, &answer);
        return;
    }
    if (!pass_reservation(state, &charges, decision)) {
        return;
    }
    zc_charges_apply(&charges, state, question, decision);
    if (answer.review != ZC_POLICY_NONE) {
        zc_review_use(state, answer.review);
    }
    zc_score_observe(state, question);
    decision->outcome = ZC_OUTCOME_ALLOW;
    decision->rule = allowed_by;
}

zc_result zc_question_ask(zc_policy_state *state, const zc_mission *mission,
                          const zc_request_context *context, const zc_intent *intent,
                          zc_question *question)
{
    question->mission = mission;
    question->index = &state->index;
    question->context = context;
    question->intent = intent;
    question->market = ZC_POLICY_NONE;
    ZC_TRY(check_question(question));
    if (intent->has_order && intent->order.market[0] != 0) {
        question->market =
            zc_market_index_find(&state->index, mission, intent->chain_id, intent->order.market);
    }
    zc_scope_candidates(question, &question->rules);
    if (context->now_ms > state->now_ms) {
        state->now_ms = context->now_ms;
    }
    return ZC_OK;
}

zc_result zc_policy_decide(zc_policy_state *state, const zc_mission *mission,
                           const zc_request_context *context, const zc_intent *intent,
                           zc_decision *ret_decision)
{
    zc_question question; /* all that is asked for is filled; clearing it all takes time */
    ZC_TRY(zc_question_ask(state, mission, context, intent, &question));
    *ret_decision = (zc_decision){
        .rule = ZC_POLICY_NONE,
        .limit_rule = ZC_POLICY_NONE,
        .asset = ZC_POLICY_NONE,
        .feed = ZC_POLICY_NONE,
        .lease_rule = ZC_POLICY_NONE,
        .now_ms = state->now_ms,
    };
    state->scored_models = 0;
    decide(state, &question, ret_decision);
    return ZC_OK;
}

size_t zc_policy_pending(const zc_policy_state *state)
{
    const zc_reservations *table = &state->reservations;
    size_t pending = 0;
    for (size_t i = 0; i < table->count; i++) {
        pending += table->heap[i].leaves_ms > state->now_ms;
    }
    return pending;
}

void zc_policy_clock(zc_policy_state *state, int64_t now_ms)
{
    state->now_ms = now_ms > state->now_ms ? now_ms : state->now_ms;
}

void zc_policy_restart(zc_policy_state *state, const zc_mission *mission)
{
    for (size_t i = 0; i < state->rows.fresh; i++) {
        if (!state->rows.row[i].in_use) {
            continue;
        }
        zc_row_advance(&state->rows.row[i], mission, state->now_ms);
        state->rows.row[i].lease_left = ZC_U256_ZERO;
    }
}

void zc_policy_blast(zc_policy_state *state, const zc_mission *mission, uint16_t asset,
                     zc_u256 *ret_amount, int64_t *ret_until_ms)
{
    zc_u256 sum = ZC_U256_ZERO;
    int64_t until = state->now_ms;
    for (size_t i = 0; i < state->rows.fresh; i++) {
        zc_row *row = &state->rows.row[i];
        const zc_rule *rule = &mission->rules[row->rule];
        bool other =
            asset == ZC_POLICY_NONE ? rule->has_asset : !rule->has_asset || rule->asset != asset;
        if (!row->in_use || !rule->has_lease || other) {
            continue;
        }
        zc_row_advance(row, mission, state->now_ms);
        if (!zc_u256_is_zero(&row->lease_left)) {
            until = row->lease_until_ms > until ? row->lease_until_ms : until;
        }
        if (!zc_ok(zc_u256_add(&sum, &row->lease_left, &sum))) {
            sum = ZC_U256_MAX;
        }
    }
    *ret_amount = sum;
    *ret_until_ms = until;
}

zc_result zc_policy_headroom(zc_policy_state *state, const zc_mission *mission, uint16_t at,
                             zc_u256 *ret_left, zc_u256 *ret_leased)
{
    if (at >= mission->rule_count || !zc_rule_has_window(&mission->rules[at])) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    const zc_rule *rule = &mission->rules[at];
    const zc_row_key key = zc_row_key_of(ZC_PER_NONE, zc_slice_of(NULL, 0));
    zc_u256 left = rule->has_amount ? rule->amount : zc_u256_of(rule->count);
    zc_u256 leased = ZC_U256_ZERO;
    uint16_t found = zc_rows_find(&state->rows, at, &key);
    if (found != ZC_ROW_NONE) {
        zc_row *row = &state->rows.row[found];
        zc_row_advance(row, mission, state->now_ms);
        zc_u256 spent = zc_row_spent(row);
        leased = row->lease_left;
        /* More may be spent than the limit has now: under a mission that had another. */
        left = zc_u256_cmp(&spent, &left) > 0 ? spent : left;
        ZC_TRY(zc_u256_sub(&left, &spent, &left));
    }
    *ret_left = left;
    *ret_leased = leased;
    return ZC_OK;
}

zc_result zc_policy_revoke_principal(zc_policy_state *state, const zc_mission *mission,
                                     uint32_t principal)
{
    if (principal >= mission->principal_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    state->revoked_principals |= UINT64_C(1) << principal;
    return ZC_OK;
}

zc_result zc_policy_revoke_rule(zc_policy_state *state, const zc_mission *mission, uint16_t rule)
{
    if (rule >= mission->rule_count || mission->rules[rule].kind != ZC_RULE_ALLOW) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    state->revoked_rules.word[rule / 64] |= UINT64_C(1) << (rule % 64);
    return ZC_OK;
}
