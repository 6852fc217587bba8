#include "policy/policy.h"

#include "policy/charge.h"

#define KIND(kind) (UINT32_C(1) << ZC_RULE_##kind)

void zc_policy_init(zc_policy_state *state, const zc_mission *mission)
{
    state->now_ms = 0;
    zc_scope_index_init(&state->index, mission);
    zc_reservations_init(&state->reservations);
    for (size_t i = 0; i < mission->rule_count; i++) {
        if (zc_rule_has_window(&mission->rules[i])) {
            zc_window_init(&state->windows[i], mission->rules[i].window_s);
        }
    }
}

static zc_result check_question(const zc_question *question)
{
    const zc_request_context *context = question->context;
    const zc_intent *intent = question->intent;
    unsigned operation = (unsigned)intent->operation;
    if (context->principal >= question->mission->principal_count || context->use < ZC_USE_TX ||
        context->use > ZC_USE_DIGEST || operation < 1 || operation > ZC_SCOPE_OPERATIONS ||
        intent->movement_count > ZC_INTENT_MAX_MOVEMENTS) {
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

static bool pass_gate(const zc_question *question, zc_decision *decision)
{
    if (question->context->halted) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_HALTED);
    }
    uint32_t roles = question->mission->principals[question->context->principal].roles;
    if ((roles & ZC_ROLE_SIGNER) == 0) {
        return deny(decision, ZC_POLICY_NONE, ZC_POLICY_NOT_A_SIGNER);
    }
    return true;
}

static bool pass_denials(const zc_question *question, zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_candidates(question, KIND(DENY) | KIND(RESTRICT_CHAINS), &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_scope_touches(question, rule)) {
            continue;
        }
        if (rule->kind == ZC_RULE_DENY) {
            return deny(decision, at, ZC_POLICY_DENIED_BY_RULE);
        }
        if (!zc_scope_chain_permitted(question, rule)) {
            decision->measured = zc_u256_of(question->intent->chain_id);
            return deny(decision, at, ZC_POLICY_CHAIN);
        }
    }
    return true;
}

/* The first rule that covers the intent and accepts its flags. Where only flags stood in the way,
 * the denial says which, by the first rule that would have allowed it. */
static bool pass_allowance(const zc_question *question, zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    uint16_t flagged = ZC_POLICY_NONE;
    zc_scope_candidates(question, KIND(ALLOW), &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_scope_covers(question, rule)) {
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

static bool deny_by_limit(zc_decision *decision, const zc_rule *rule, uint16_t at,
                          const zc_measure *measure)
{
    decision->measured = measure->measured;
    decision->limit = measure->limit;
    decision->limit_rule = at;
    decision->asset = rule->has_asset ? rule->asset : ZC_POLICY_NONE;
    return deny(decision, at, measure->reason);
}

static bool pass_limits(zc_policy_state *state, const zc_question *question, zc_charges *charges,
                        zc_decision *decision)
{
    zc_rule_set rules;
    uint16_t at = 0;
    uint64_t fullest = 0;
    zc_scope_candidates(question, KIND(LIMIT_PER_TX) | KIND(LIMIT_WINDOW) | KIND(LIMIT_RATE),
                        &rules);
    while (zc_rule_set_take(&rules, &at)) {
        const zc_rule *rule = &question->mission->rules[at];
        if (!zc_scope_touches(question, rule)) {
            continue;
        }
        zc_measure measure = zc_charges_measure(charges, state, question, at);
        if (measure.reason != 0) {
            return deny_by_limit(decision, rule, at, &measure);
        }
        uint64_t fullness = zc_measure_fullness(&measure);
        if (decision->limit_rule == ZC_POLICY_NONE || fullness > fullest) {
            fullest = fullness;
            decision->measured = measure.measured;
            decision->limit = measure.limit;
            decision->limit_rule = at;
            decision->asset = rule->has_asset ? rule->asset : ZC_POLICY_NONE;
        }
    }
    return true;
}

static void decide(zc_policy_state *state, const zc_question *question, zc_decision *decision)
{
    zc_charges charges;
    if (!pass_gate(question, decision) || !pass_denials(question, decision) ||
        !pass_allowance(question, decision)) {
        return;
    }
    zc_charges_begin(&charges, state, question);
    uint16_t allowed_by = decision->rule;
    decision->measured = ZC_U256_ZERO;
    decision->limit = ZC_U256_ZERO;
    if (!pass_limits(state, question, &charges, decision)) {
        return;
    }
    size_t held = zc_charges_held(&charges, state);
    if (held > ZC_RESERVATION_MAX_CHARGES) {
        decision->measured = zc_u256_of(held);
        decision->limit = zc_u256_of(ZC_RESERVATION_MAX_CHARGES);
        decision->limit_rule = ZC_POLICY_NONE;
        decision->asset = ZC_POLICY_NONE;
        (void)deny(decision, ZC_POLICY_NONE, ZC_POLICY_RESERVATIONS_FULL);
        return;
    }
    zc_charges_apply(&charges, state, question);
    decision->outcome = ZC_OUTCOME_ALLOW;
    decision->rule = allowed_by;
}

zc_result zc_policy_decide(zc_policy_state *state, const zc_mission *mission,
                           const zc_request_context *context, const zc_intent *intent,
                           zc_decision *ret_decision)
{
    const zc_question question = {
        .mission = mission, .index = &state->index, .context = context, .intent = intent};
    ZC_TRY(check_question(&question));
    if (context->now_ms > state->now_ms) {
        state->now_ms = context->now_ms;
    }
    zc_decision decision = {
        .rule = ZC_POLICY_NONE,
        .limit_rule = ZC_POLICY_NONE,
        .asset = ZC_POLICY_NONE,
        .now_ms = state->now_ms,
    };
    decide(state, &question, &decision);
    *ret_decision = decision;
    return ZC_OK;
}

size_t zc_policy_pending(const zc_policy_state *state)
{
    const zc_reservations *table = &state->reservations;
    size_t pending = 0;
    for (size_t i = 0; i < table->count; i++) {
        pending += table->slot[table->heap[i]].leaves_ms > state->now_ms;
    }
    return pending;
}
