/* Counting what was signed under another mission: the counters are those of a mission that was in
 * force all along, and what can't be told fills its limit. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "policy/recount.h"

#define HOUR 3600
#define EVERYBODY UINT64_C(7)

static zc_policy_state twin;
static zc_intent intent;
static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % below;
}

static zc_request_context context_of(uint32_t principal, const char *key, int64_t now_ms)
{
    zc_request_context context = {.principal = principal,
                                  .key_name = zc_slice_of_text(key),
                                  .use = use_of(&intent),
                                  .now_ms = now_ms};
    memcpy(context.key_id, intent.account.byte, sizeof context.key_id);
    return context;
}

static zc_result recount(zc_policy_state *state, uint64_t whose, const char *key, int64_t now_ms)
{
    const zc_request_context context = context_of((uint32_t)__builtin_ctzll(whose), key, now_ms);
    return zc_policy_recount(state, &fixture_mission, &context, whose, &intent);
}

static void assert_same(void)
{
    uint8_t a[32];
    uint8_t b[32];
    zc_policy_digest(&fixture_state, &fixture_mission, a);
    zc_policy_digest(&twin, &fixture_mission, b);
    assert_memory_equal(a, b, sizeof a);
}

static void draw_intent(uint64_t nonce)
{
    static const char *const words[] = {"hello", "world", "again"};
    uint8_t to = (uint8_t)(draw(4) + 1);
    switch (draw(4)) {
    case 0:
        intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, nonce, to, draw(1000) + 1);
        break;
    case 1:
        intent_message(&intent, words[draw(3)]);
        break;
    default:
        intent_transfer(&intent, draw(2) == 0 ? 1 : 10, nonce, to, draw(1000) + 1, draw(20));
        break;
    }
}

static void many_limits(void)
{
    static const zc_per pers[] = {ZC_PER_NONE, ZC_PER_KEY, ZC_PER_PRINCIPAL, ZC_PER_COUNTERPARTY,
                                  ZC_PER_CHAIN};
    char name[16];
    fixture_reset();
    fixture_allow_all();
    for (int i = 0; i < 5; i++) {
        (void)snprintf(name, sizeof name, "eth-%d", i);
        fixture_limit(name, ZC_RULE_LIMIT_WINDOW, ETH, UINT64_MAX, (uint32_t)(HOUR * (i + 1)))
            ->per = pers[i];
        (void)snprintf(name, sizeof name, "usdc-%d", i);
        fixture_limit(name, ZC_RULE_LIMIT_WINDOW, USDC, UINT64_MAX, (uint32_t)(60 * (i + 1)))->per =
            pers[i];
    }
    fixture_rate("pace", UINT32_MAX, HOUR)->per = ZC_PER_PRINCIPAL;
    fixture_start();
    zc_policy_init(&twin, &fixture_mission);
}

/* Replacements of nonces, the same digest again, time that leaves windows behind: the state that
 * counting comes to is the one that deciding came to. */
static void recount__what_this_mission_allowed__the_same_state(void **unused)
{
    (void)unused;
    many_limits();
    int64_t now = T0;
    for (int i = 0; i < 20000; i++) {
        now += (int64_t)draw(20000);
        if (draw(10) != 0) {
            draw_intent(draw(200));
        }
        assert_int_equal(ask_as(&intent, BOT, "hot-1", use_of(&intent), now).outcome,
                         ZC_OUTCOME_ALLOW);
        assert_int_equal(recount(&twin, UINT64_C(1) << BOT, "hot-1", now).code, 0);
        if (i % 500 == 0) {
            assert_same();
        }
    }
    assert_same();
}

/* More than any limit of today: it was signed, so it counts, and nothing is left. */
static void recount__above_the_limit__nothing_is_left_until_it_leaves(void **unused)
{
    (void)unused;
    fixture_reset();
    fixture_allow_all();
    zc_rule *limit = fixture_limit("cap", ZC_RULE_LIMIT_WINDOW, ETH, 100, HOUR);
    limit->has_lease = true;
    limit->lease = zc_u256_of(10);
    limit->lease_s = 60;
    fixture_start();
    intent_transfer(&intent, 1, 1, 1, 1000, 0);
    assert_int_equal(recount(&fixture_state, UINT64_C(1) << BOT, "hot-1", T0).code, 0);
    zc_u256 left;
    zc_u256 leased;
    assert_int_equal(zc_policy_headroom(&fixture_state, &fixture_mission, 1, &left, &leased).code,
                     0);
    assert_true(zc_u256_is_zero(&left));
    intent_transfer(&intent, 1, 2, 1, 1, 0);
    assert_denied(ask(&intent, T0 + 1000), ZC_POLICY_WINDOW, 1);
    assert_denied(ask(&intent, T0 + HOUR * INT64_C(1000) - 1), ZC_POLICY_WINDOW, 1);
    assert_allowed(ask(&intent, T0 + 2 * HOUR * INT64_C(1000)), 0);
}

/* Of nobody whom this mission knows: it counts for each, and once where all share a limit. */
static void recount__strangers_spending__counts_for_everybody(void **unused)
{
    (void)unused;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("each", ZC_RULE_LIMIT_WINDOW, ETH, 100, HOUR)->per = ZC_PER_PRINCIPAL;
    fixture_limit("all", ZC_RULE_LIMIT_WINDOW, ETH, 150, HOUR);
    fixture_mission.principals[FOUNDER].roles |= ZC_ROLE_SIGNER;
    fixture_start();
    intent_transfer(&intent, 1, 1, 1, 90, 0);
    assert_int_equal(recount(&fixture_state, EVERYBODY, "hot-1", T0).code, 0);
    intent_transfer(&intent, 1, 2, 1, 11, 0);
    assert_denied(ask(&intent, T0), ZC_POLICY_WINDOW, 1);
    assert_denied(ask_as(&intent, FOUNDER, "hot-1", use_of(&intent), T0), ZC_POLICY_WINDOW, 1);
    intent_transfer(&intent, 1, 3, 1, 10, 0);
    assert_allowed(ask(&intent, T0), 0);
    assert_allowed(ask_as(&intent, FOUNDER, "hot-2", use_of(&intent), T0), 0);
}

/* No price, no value: the limit in the reference is full, and that of the asset is exact. */
static void recount__no_price__fills_what_it_touches(void **unused)
{
    (void)unused;
    fixture_reset();
    fixture_allow_all();
    fixture_mission.has_reference = true;
    strcpy(fixture_mission.reference, "USD");
    fixture_mission.reference_decimals = 2;
    zc_rule *limit = fixture_limit("usd", ZC_RULE_LIMIT_WINDOW, ETH, 1000, HOUR);
    limit->has_asset = false;
    limit->measure = ZC_MEASURE_NOTIONAL;
    fixture_limit("eth", ZC_RULE_LIMIT_WINDOW, ETH, 100, HOUR);
    fixture_start();
    intent_transfer(&intent, 1, 1, 1, 40, 0);
    assert_int_equal(recount(&fixture_state, UINT64_C(1) << BOT, "hot-1", T0).code, 0);
    zc_u256 left;
    zc_u256 leased;
    assert_int_equal(zc_policy_headroom(&fixture_state, &fixture_mission, 1, &left, &leased).code,
                     0);
    assert_true(zc_u256_is_zero(&left));
    assert_int_equal(zc_policy_headroom(&fixture_state, &fixture_mission, 2, &left, &leased).code,
                     0);
    assert_int_equal(left.limb[0], 60);
}

/* More counterparties than there are rows: told, so that the mission begins halted. */
static void recount__more_rows_than_there_are__is_reported(void **unused)
{
    (void)unused;
    fixture_reset();
    fixture_allow_all();
    fixture_limit("each", ZC_RULE_LIMIT_WINDOW, ETH, 100, HOUR)->per = ZC_PER_COUNTERPARTY;
    fixture_start();
    size_t lost = 0;
    for (uint64_t i = 0; i < ZC_ROWS_MAX + 10; i++) {
        intent_transfer(&intent, 1, i, 1, 1, 0);
        for (size_t m = 0; m < intent.movement_count; m++) {
            memcpy(intent.movements[m].to.byte, &i, sizeof i);
        }
        intent_finish(&intent);
        zc_result counted = recount(&fixture_state, UINT64_C(1) << BOT, "hot-1", T0);
        lost += zc_is(counted, ZC_POLICY_NOT_CARRIED);
    }
    assert_int_equal(lost, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recount__what_this_mission_allowed__the_same_state),
        cmocka_unit_test(recount__above_the_limit__nothing_is_left_until_it_leaves),
        cmocka_unit_test(recount__strangers_spending__counts_for_everybody),
        cmocka_unit_test(recount__no_price__fills_what_it_touches),
        cmocka_unit_test(recount__more_rows_than_there_are__is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
