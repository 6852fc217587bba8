#include "policy/recount.h"

#include "policy/charge.h"
#include "policy/parts.h"
#include "policy/score.h"

typedef struct recounting {
    zc_policy_state *state;
    const zc_question *question;
    zc_charges *charges;
    bool whole; /* everything was counted */
} recounting;

/* As much as the limit is, on top of what is there: so nothing is left of it. */
static bool fill_row(zc_policy_state *state, const zc_mission *mission, uint16_t rule,
                     const zc_row_key *key)
{
    if (zc_rows_find(&state->rows, rule, key) == ZC_ROW_NONE &&
        !zc_rows_room(&state->rows, 1, state->now_ms)) {
        return false;
    }
    uint16_t at = zc_rows_take(&state->rows, mission, rule, key, state->now_ms);
    zc_row *row = &state->rows.row[at];
    zc_row_advance(row, mission, state->now_ms);
    int64_t leaves = zc_row_leaves_ms(row, mission, state->now_ms);
    row->leaves_ms = leaves > row->leaves_ms ? leaves : row->leaves_ms;
    return zc_ok(zc_window_add(&row->window, &mission->rules[rule].amount));
}

static bool fill_movements(recounting *own, uint16_t at)
{
    const zc_question *question = own->question;
    const zc_rule *rule = &question->mission->rules[at];
    bool filled = true;
    for (size_t i = 0; i < question->intent->movement_count; i++) {
        const zc_movement *movement = &question->intent->movements[i];
        if (!zc_scope_spends(rule, movement->kind)) {
            continue;
        }
        zc_row_key key = rule->per == ZC_PER_ASSET
                             ? zc_parts_number_key(ZC_PER_ASSET, question->asset_of[i])
                             : zc_row_key_of(ZC_PER_COUNTERPARTY, zc_address_slice(&movement->to));
        filled = fill_row(own->state, question->mission, at, &key) && filled;
    }
    return filled;
}

/* What the request comes to under this limit can't be told. */
static bool fill(recounting *own, uint16_t at)
{
    const zc_rule *rule = &own->question->mission->rules[at];
    if (rule->kind != ZC_RULE_LIMIT_WINDOW && rule->kind != ZC_RULE_POSITION) {
        return !zc_rule_has_window(rule);
    }
    if (rule->per == ZC_PER_ASSET || rule->per == ZC_PER_COUNTERPARTY) {
        /* An order belongs to an asset through its market, which is not among the movements. */
        return fill_movements(own, at) && !own->question->intent->has_order;
    }
    zc_row_key key = zc_parts_key(own->question, rule->per);
    return fill_row(own->state, own->question->mission, at, &key);
}

/* Charges one limit: what fits into no row and no reservation is at least not forgotten. */
static void charge_limit(recounting *own, uint16_t at)
{
    const zc_rule *rule = &own->question->mission->rules[at];
    if (!zc_rule_has_window(rule) || !zc_scope_touches(own->question, rule)) {
        return;
    }
    zc_measure measure;
    zc_charges_measure(own->charges, own->state, own->question, at, &measure);
    if (measure.reason != 0) {
        own->whole = fill(own, at) && own->whole;
    }
}

/* More charges than one reservation holds: they count without one, and a replacement beside them.
 */
static void charge_rows(recounting *own)
{
    const zc_mission *mission = own->question->mission;
    zc_policy_state *state = own->state;
    for (size_t i = 0; i < own->charges->count; i++) {
        const struct zc_new_charge *new = &own->charges->item[i];
        uint16_t at = zc_rows_take(&state->rows, mission, new->rule, &new->key, state->now_ms);
        zc_row *row = &state->rows.row[at];
        zc_row_advance(row, mission, state->now_ms);
        int64_t leaves = zc_row_leaves_ms(row, mission, state->now_ms);
        row->leaves_ms = leaves > row->leaves_ms ? leaves : row->leaves_ms;
        own->whole = zc_ok(zc_window_add(&row->window, &new->amount)) && own->whole;
    }
}

/* The limits that this principal touches and that were not charged for another one already. */
static void charge_principal(recounting *own, zc_rule_set *done)
{
    zc_rule_set rules;
    uint16_t at = 0;
    zc_scope_station(own->question, ZC_STATION_LIMITS, &rules);
    while (zc_rule_set_take(&rules, &at)) {
        bool each = own->question->mission->rules[at].per == ZC_PER_PRINCIPAL;
        bool charged = (done->word[at / 64] >> (at % 64) & 1) != 0;
        if (each || !charged) {
            charge_limit(own, at);
            done->word[at / 64] |= UINT64_C(1) << (at % 64);
        }
    }
}

zc_result zc_policy_recount(zc_policy_state *state, const zc_mission *mission,
                            const zc_request_context *context, uint64_t whose,
                            const zc_intent *intent)
{
    zc_question question = {0};
    zc_charges charges = {0};
    zc_rule_set done = {0};
    zc_decision unused = {0};
    ZC_TRY(zc_question_ask(state, mission, context, intent, &question));
    zc_charges_expect(&charges, state, &question);
    zc_charges_begin(&charges, state, &question);
    charges.past = true;
    recounting own = {.state = state, .question = &question, .charges = &charges, .whole = true};
    for (uint32_t i = 0; i < mission->principal_count; i++) {
        zc_request_context as = *context;
        as.principal = i;
        if ((whose >> i & 1) == 0) {
            continue;
        }
        ZC_TRY(zc_question_ask(state, mission, &as, intent, &question));
        charge_principal(&own, &done);
        zc_score_observe(state, &question);
    }
    question.context = context;
    if (zc_charges_held(&charges, state) > ZC_RESERVATION_MAX_CHARGES) {
        charge_rows(&own);
    } else {
        zc_charges_apply(&charges, state, &question, &unused);
    }
    return own.whole ? ZC_OK : zc_fail(ZC_POLICY_NOT_CARRIED);
}

void zc_policy_fill_notional(zc_policy_state *state, const zc_mission *mission, int64_t now_ms)
{
    const zc_row_key key = zc_row_key_of(ZC_PER_NONE, zc_slice_of(NULL, 0));
    state->now_ms = now_ms > state->now_ms ? now_ms : state->now_ms;
    for (uint16_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        if (rule->kind == ZC_RULE_LIMIT_WINDOW && rule->measure == ZC_MEASURE_NOTIONAL &&
            rule->per == ZC_PER_NONE) {
            (void)fill_row(state, mission, i, &key); /* without a row nothing was ever counted */
        }
    }
}
