/* Small worlds, all of them: every way in which amounts, times and modes can meet. What is counted
 * twice here is counted by the test, plainly, beside the engine. */
#include "fixture.h"

#include <string.h>

#include "policy/calendar.h"
#include "policy/value.h"

static zc_intent intent;

/* Each sequence of four requests of 0…3 at 0…3 quarters of a window's span after one another: no
 * sum within any span is above the limit, and what fits is allowed. */
static void window__every_small_sequence__never_above_the_limit(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("limit", ZC_RULE_LIMIT_WINDOW, ETH, 4, 4);
    fixture_start();
    for (unsigned code = 0; code < 1u << 16; code++) {
        zc_policy_init(&fixture_state, &fixture_mission);
        uint64_t allowed[4] = {0};
        int64_t when[4] = {0};
        int64_t now = T0;
        for (unsigned step = 0; step < 4; step++) {
            unsigned part = code >> (4 * step);
            now += (int64_t)(part & 3) * 1000;
            when[step] = now;
            intent_transfer(&intent, 1, step, 0x22, part >> 2 & 3, 0);
            zc_decision decision = ask(&intent, now);
            allowed[step] = decision.outcome == ZC_OUTCOME_ALLOW ? part >> 2 & 3 : 0;
            uint64_t sum = 0;
            uint64_t older = 0;
            for (unsigned i = 0; i <= step; i++) {
                sum += now - when[i] < 4000 ? allowed[i] : 0;
                older += now - when[i] < 4000 + 64 ? allowed[i] : 0;
            }
            assert_true(sum <= 4);
            if (decision.outcome != ZC_OUTCOME_ALLOW) {
                assert_true(older + (part >> 2 & 3) > 4);
            }
        }
    }
}

/* No mode and no set of passes lets anything else through, whoever asks. */
static void gate__every_mode_pass_and_operation__nothing_else_passes(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    fixture_start();
    for (unsigned mode = 0; mode < 3; mode++) {
        for (unsigned bits = 0; bits < 16; bits++) {
            for (unsigned operation = 1; operation <= ZC_OPERATION_VENUE_ADMIN; operation++) {
                zc_policy_init(&fixture_state, &fixture_mission);
                fixture_mission.halt_passes = bits & 3;
                fixture_state.mode = (zc_mode)mode;
                intent_transfer(&intent, 1, 0, 0x22, 1, 0);
                intent.operation = (zc_operation)operation;
                intent.has_order = true;
                intent.order.reduce_only = (bits & 4) != 0;
                zc_request_context context = {.principal = BOT,
                                              .key_name = zc_slice_of_text("hot-1"),
                                              .use = use_of(&intent),
                                              .now_ms = T0,
                                              .halted = (bits & 8) != 0};
                zc_decision decision;
                assert_int_equal(
                    zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision)
                        .code,
                    0);
                bool cancels = operation == ZC_OPERATION_ORDER_CANCEL ||
                               operation == ZC_OPERATION_ORDER_CANCEL_ALL;
                bool reduces = operation == ZC_OPERATION_ORDER_PLACE && (bits & 4) != 0;
                bool halted = mode == ZC_MODE_HALTED || (bits & 8) != 0;
                bool passes =
                    !halted || (cancels && (bits & 1) != 0) || (reduces && (bits & 2) != 0);
                passes = passes && (mode != ZC_MODE_REDUCE_ONLY || cancels || reduces ||
                                    operation == ZC_OPERATION_VENUE_READ);
                assert_int_equal(decision.outcome == ZC_OUTCOME_ALLOW, passes);
            }
        }
    }
}

/* Each dimension of a rule: not listed, the request's, another, or a list without items. */
static void narrow(zc_rule *rule, unsigned dimension, unsigned how)
{
    zc_scope *scope = &rule->scope;
    bool own = how == 1;
    if (how == 0) {
        return;
    }
    switch (dimension) {
    case 0:
        scope->principals_listed = true;
        scope->principals = how == 3 ? 0 : UINT64_C(1) << (own ? BOT : AUDITOR);
        break;
    case 1:
        scope->keys.listed = true;
        if (how != 3) {
            list_key(rule, own ? "hot-*" : "cold");
        }
        break;
    case 2:
        scope->chains.listed = true;
        if (how != 3) {
            list_chain(rule, own ? 1 : 10);
        }
        break;
    case 3:
        scope->operations_listed = true;
        scope->operations =
            how == 3 ? 0 : zc_operation_bit(own ? ZC_OPERATION_TRANSFER : ZC_OPERATION_APPROVE);
        break;
    case 4:
        scope->assets_listed = true;
        scope->assets[0] = how == 3 ? 0 : UINT64_C(1) << (own ? ETH : USDC);
        break;
    default:
        scope->counterparties.listed = true;
        if (how != 3) {
            list_address(rule, ZC_LIST_COUNTERPARTIES, own ? 0x22 : 0x33);
        }
        break;
    }
}

/* Six dimensions of four states, all 4,096 rules: one that lists anything else allows nothing. */
static void allow__every_rule__allows_only_what_it_lists(void **state)
{
    (void)state;
    for (unsigned rules = 0; rules < 4096; rules++) {
        bool matches = true;
        fixture_reset();
        zc_rule *rule = fixture_allow_all();
        for (unsigned dimension = 0; dimension < 6; dimension++) {
            unsigned how = rules >> (2 * dimension) & 3;
            narrow(rule, dimension, how);
            matches = matches && how < 2;
        }
        fixture_start();
        intent_transfer(&intent, 1, 0, 0x22, 1, 1);
        zc_decision decision = ask(&intent, T0);
        assert_int_equal(decision.outcome == ZC_OUTCOME_ALLOW, matches);
        assert_true(matches || decision.reason == ZC_POLICY_NO_RULE);
    }
}

/* Amounts around every edge of 256 bits, two charges each: never above, never overflowing. */
static void charge__every_pair_of_edges__never_above_the_limit(void **state)
{
    (void)state;
    zc_u256 edges[10] = {ZC_U256_ZERO};
    for (unsigned i = 0; i < 4; i++) {
        edges[1 + 2 * i].limb[i] = 1;
        assert_int_equal(zc_u256_sub(&ZC_U256_MAX, &edges[1 + 2 * i], &edges[2 + 2 * i]).code, 0);
    }
    edges[9] = ZC_U256_MAX;
    for (unsigned limit = 0; limit < 10; limit++) {
        fixture_reset();
        fixture_allow_all();
        fixture_limit("limit", ZC_RULE_LIMIT_WINDOW, ETH, 1, 10)->amount = edges[limit];
        fixture_start();
        for (unsigned pair = 0; pair < 100; pair++) {
            zc_policy_init(&fixture_state, &fixture_mission);
            zc_u256 sum = ZC_U256_ZERO;
            for (unsigned i = 0; i < 2; i++) {
                intent_transfer(&intent, 1, i, 0x22, 1, 0);
                intent.movements[0].amount = edges[i == 0 ? pair / 10 : pair % 10];
                zc_decision decision = ask(&intent, T0);
                zc_u256 total = ZC_U256_ZERO;
                bool fits = zc_ok(zc_u256_add(&sum, &intent.movements[0].amount, &total)) &&
                            zc_u256_cmp(&total, &edges[limit]) <= 0;
                assert_int_equal(decision.outcome == ZC_OUTCOME_ALLOW, fits);
                sum = fits ? total : sum;
            }
        }
    }
}

/* Every hour of two years in a zone that changes its clocks: days count up, and a period's end is
 * the first moment of the next. */
static void calendar__every_hour__periods_ascend_and_end_where_the_next_begins(void **state)
{
    (void)state;
    fixture_reset();
    zc_mission *m = &fixture_mission;
    m->zone_count = 1;
    m->zones[0] = (zc_zone){.offset_s = 3600, .count = 4};
    m->transition_count = 4;
    m->transitions[0] = (zc_transition){1774746000, 7200};
    m->transitions[1] = (zc_transition){1792890000, 3600};
    m->transitions[2] = (zc_transition){1806188400, 7200}; /* forward over midnight */
    m->transitions[3] = (zc_transition){1824933600, 3600}; /* back over midnight */
    for (zc_period period = ZC_PERIOD_DAY; period <= ZC_PERIOD_MONTH; period++) {
        int64_t last = 0;
        for (int64_t now = T0; now < T0 + INT64_C(731) * 86400000; now += 3600000) {
            int64_t number = zc_calendar_period(m, 0, period, now);
            int64_t ends = zc_calendar_ends_ms(m, 0, period, now);
            assert_true(number >= last && ends > now);
            assert_int_equal(zc_calendar_period(m, 0, period, ends), number + 1);
            assert_int_equal(zc_calendar_period(m, 0, period, ends - 1), number);
            last = number;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(window__every_small_sequence__never_above_the_limit),
        cmocka_unit_test(gate__every_mode_pass_and_operation__nothing_else_passes),
        cmocka_unit_test(allow__every_rule__allows_only_what_it_lists),
        cmocka_unit_test(charge__every_pair_of_edges__never_above_the_limit),
        cmocka_unit_test(calendar__every_hour__periods_ascend_and_end_where_the_next_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
