/* What is spent: per transaction, in windows, by count; replaced, repeated, replayed. */
#include "fixture.h"

#include <string.h>

#include "policy/charge.h"

static zc_intent intent;

static int start_with_allowance(void **state)
{
    (void)state;
    fixture_reset();
    fixture_allow_all();
    return 0;
}

static uint64_t low(zc_u256 value)
{
    return value.limb[0];
}

static zc_decision send(uint64_t nonce, uint64_t amount, int64_t now_ms)
{
    intent_transfer(&intent, 1, nonce, 0x22, amount, 0);
    return ask(&intent, now_ms);
}

static void per_tx__above_the_limit__denied_with_both_numbers(void **state)
{
    (void)state;
    fixture_limit("one-tx", ZC_RULE_LIMIT_PER_TX, ETH, 100, 0);
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 90, 10);
    zc_decision decision = ask(&intent, T0);
    assert_allowed(decision, 0);
    assert_int_equal(decision.limit_rule, 1);
    assert_int_equal(low(decision.measured), 100);
    assert_int_equal(decision.asset, ETH);
    intent_transfer(&intent, 1, 0, 0x22, 90, 11); /* the fee counts */
    decision = ask(&intent, T0);
    assert_denied(decision, ZC_POLICY_PER_TX, 1);
    assert_int_equal(low(decision.measured), 101);
    assert_int_equal(low(decision.limit), 100);
    intent_transfer(&intent, 10, 0, 0x22, 500, 0); /* another chain's ETH is another asset */
    assert_allowed(ask(&intent, T0), 0);
}

static void per_tx__transaction_without_chain__held_to_the_limits_of_every_chain(void **state)
{
    (void)state;
    fixture_limit("eth-on-10", ZC_RULE_LIMIT_PER_TX, ETH_10, 100, 0);
    fixture_limit("usdc-on-10", ZC_RULE_LIMIT_PER_TX, USDC_10, 100, 0);
    fixture_start();
    intent_transfer(&intent, 0, 0, 0x22, 101, 0);
    assert_denied(ask(&intent, T0), ZC_POLICY_PER_TX, 1);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 0, 0, 0x22, 101);
    assert_denied(ask(&intent, T0), ZC_POLICY_PER_TX, 2);
}

static void per_tx__pull_from_others__not_charged(void **state)
{
    (void)state;
    fixture_limit("usdc", ZC_RULE_LIMIT_PER_TX, USDC, 100, 0);
    fixture_start();
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER_FROM, 1, 0, 0x22, 500);
    intent.movements[0].kind = ZC_MOVEMENT_PULL;
    assert_allowed(ask(&intent, T0), 0);
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x22, 101);
    assert_denied(ask(&intent, T0), ZC_POLICY_PER_TX, 1);
}

static void limits__scope_with_counterparties__charges_only_what_goes_to_them(void **state)
{
    (void)state;
    zc_rule *rule = fixture_limit("to-22", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    list_address(rule, ZC_LIST_COUNTERPARTIES, 0x22);
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x33, 500, 0);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 1, 1, 0x22, 100, 77);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 1, 2, 0x22, 1, 0);
    assert_denied(ask(&intent, T0), ZC_POLICY_WINDOW, 1);
}

static void window__thousand_interleaved_requests__exactly_ten_allowed(void **state)
{
    unsigned allowed = 0;
    (void)state;
    fixture_limit("daily", ZC_RULE_LIMIT_WINDOW, ETH, 10, 86400);
    fixture_start();
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t nonce = i * 389 % 1000; /* every nonce once, in no order */
        intent_transfer(&intent, 1, nonce, (uint8_t)(i % 7 + 1), 1, 0);
        intent.account = zc_address_of_evm(address((uint8_t)(i % 5 + 1)));
        intent.movements[0].from = intent.account;
        zc_decision decision = ask(&intent, T0 + (int64_t)i);
        if (decision.outcome == ZC_OUTCOME_ALLOW) {
            allowed++;
            assert_int_equal(low(decision.measured), allowed);
        } else {
            assert_denied(decision, ZC_POLICY_WINDOW, 1);
            assert_int_equal(low(decision.measured), 11);
            assert_int_equal(low(decision.limit), 10);
        }
    }
    assert_int_equal(allowed, 10);
    assert_int_equal(zc_policy_pending(&fixture_state), 10);
}

static void window__edges__to_the_millisecond(void **state)
{
    (void)state;
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 100, 63); /* buckets of one second */
    fixture_start();
    assert_allowed(send(0, 100, T0 + 400), 0);
    assert_denied(send(1, 1, T0 + 400 + 62999), ZC_POLICY_WINDOW, 1);
    /* The bucket's last millisecond is T0 + 999. */
    assert_denied(send(1, 1, T0 + 999 + 62999), ZC_POLICY_WINDOW, 1);
    assert_allowed(send(1, 100, T0 + 999 + 63000), 0);
}

static void window__time_going_backwards__counts_as_the_last_seen(void **state)
{
    (void)state;
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 100, 63);
    fixture_start();
    zc_decision decision = send(0, 60, T0 + 30000);
    assert_int_equal(decision.now_ms, T0 + 30000);
    decision = send(1, 40, T0);
    assert_allowed(decision, 0);
    assert_int_equal(decision.now_ms, T0 + 30000);
    /* Had it been put at T0, it would be gone by now. */
    assert_denied(send(2, 41, T0 + 70000), ZC_POLICY_WINDOW, 1);
    decision = send(3, 1, INT64_MIN);
    assert_denied(decision, ZC_POLICY_WINDOW, 1);
    assert_int_equal(decision.now_ms, T0 + 70000);
}

static void window__negative_time_at_first__counts_as_zero(void **state)
{
    (void)state;
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 100, 63);
    fixture_start();
    zc_decision decision = send(0, 100, -5);
    assert_allowed(decision, 0);
    assert_int_equal(decision.now_ms, 0);
    assert_denied(send(1, 1, 62999), ZC_POLICY_WINDOW, 1);
}

static void replacement__same_nonce__charges_the_greater(void **state)
{
    (void)state;
    fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    fixture_start();
    assert_int_equal(low(send(7, 60, T0).measured), 60);
    assert_int_equal(low(send(7, 80, T0 + 1000).measured), 80);
    assert_int_equal(low(send(7, 50, T0 + 2000).measured), 80);
    assert_int_equal(low(send(8, 20, T0 + 3000).measured), 100);
    zc_decision decision = send(7, 81, T0 + 4000);
    assert_denied(decision, ZC_POLICY_WINDOW, 1);
    assert_int_equal(low(decision.measured), 101);
    /* The denial left what it held. */
    assert_int_equal(low(send(7, 79, T0 + 5000).measured), 100);
    assert_int_equal(zc_policy_pending(&fixture_state), 2);
}

static void replacement__other_chain_or_account__is_none(void **state)
{
    (void)state;
    fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    fixture_limit("hour-10", ZC_RULE_LIMIT_WINDOW, ETH_10, 100, 3600);
    fixture_start();
    assert_allowed(send(7, 60, T0), 0);
    intent_transfer(&intent, 10, 7, 0x22, 60, 0);
    assert_int_equal(low(ask(&intent, T0).measured), 60);
    intent_transfer(&intent, 1, 7, 0x22, 41, 0);
    intent.account = zc_address_of_evm(address(0x02));
    assert_denied(ask(&intent, T0), ZC_POLICY_WINDOW, 1);
    /* Without a chain it may be mined on any: a reservation of its own, in every ETH limit. */
    intent_transfer(&intent, 0, 7, 0x22, 40, 0);
    assert_allowed(ask(&intent, T0), 0);
    assert_int_equal(low(send(8, 1, T0).measured), 101);
}

static void replacement__other_asset__charges_anew_and_keeps_the_old(void **state)
{
    (void)state;
    fixture_limit("eth", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    fixture_limit("usdc", ZC_RULE_LIMIT_WINDOW, USDC, 100, 3600);
    fixture_start();
    assert_allowed(send(7, 90, T0), 0);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 7, 0x22, 95);
    zc_decision decision = ask(&intent, T0);
    assert_allowed(decision, 0);
    assert_int_equal(decision.limit_rule, 2); /* the fuller of the two */
    assert_int_equal(low(decision.measured), 95);
    assert_denied(send(8, 11, T0), ZC_POLICY_WINDOW, 1);
    assert_allowed(send(7, 90, T0 + 1), 0); /* back to the first: still held */
    assert_int_equal(zc_policy_pending(&fixture_state), 1);
}

static void replacement__after_its_charge_left__charges_anew(void **state)
{
    (void)state;
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 100, 63);
    fixture_start();
    assert_allowed(send(7, 60, T0), 0);
    assert_allowed(send(8, 100, T0 + 999 + 63000), 0);
    assert_denied(send(7, 1, T0 + 999 + 63000), ZC_POLICY_WINDOW, 1);
}

static void replacement__counts_from_the_latest_signature(void **state)
{
    (void)state;
    fixture_limit("minute", ZC_RULE_LIMIT_WINDOW, ETH, 100, 63);
    fixture_start();
    assert_allowed(send(7, 60, T0), 0);
    assert_allowed(send(7, 50, T0 + 60000), 0);
    /* At T0 + 64000 the first signature is out of the window, the second is not. */
    assert_denied(send(8, 41, T0 + 64000), ZC_POLICY_WINDOW, 1);
    assert_allowed(send(8, 40, T0 + 64000), 0);
}

static void same_digest__signed_again__charges_nothing(void **state)
{
    (void)state;
    fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    fixture_rate("rate", 1, 60);
    fixture_start();
    assert_allowed(send(7, 100, T0), 0);
    for (int i = 0; i < 50; i++) {
        assert_allowed(send(7, 100, T0 + i), 0);
    }
    assert_denied(send(7, 99, T0 + 60), ZC_POLICY_RATE, 2); /* another digest is another request */
    assert_denied(send(8, 1, T0 + 60), ZC_POLICY_WINDOW, 1);
}

static void same_digest__message__counted_once_while_it_counts(void **state)
{
    (void)state;
    fixture_rate("rate", 2, 63);
    fixture_start();
    intent_message(&intent, "a");
    assert_allowed(ask(&intent, T0), 0);
    assert_allowed(ask(&intent, T0 + 1), 0);
    assert_allowed(ask(&intent, T0 + 62999), 0);
    intent_message(&intent, "b");
    assert_allowed(ask(&intent, T0 + 500), 0);
    intent_message(&intent, "c");
    assert_denied(ask(&intent, T0 + 600), ZC_POLICY_RATE, 1);
    /* The same text by another key is another signature. */
    intent_message(&intent, "a");
    intent.account = zc_address_of_evm(address(9));
    assert_denied(ask(&intent, T0 + 700), ZC_POLICY_RATE, 1);
    /* Once the first has left, it counts again. */
    intent_message(&intent, "a");
    zc_decision decision = ask(&intent, T0 + 999 + 63000);
    assert_allowed(decision, 0);
    assert_int_equal(low(decision.measured), 2);
    intent_message(&intent, "c");
    assert_denied(ask(&intent, T0 + 999 + 63000), ZC_POLICY_RATE, 1);
}

static void same_digest__asked_by_another_agent__charged_to_that_agent(void **state)
{
    (void)state;
    zc_rule *bot = fixture_limit("bot", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    assert_int_equal(zc_scope_list_principal(&bot->scope, BOT).code, 0);
    zc_rule *founder = fixture_limit("founder", ZC_RULE_LIMIT_WINDOW, ETH, 50, 3600);
    assert_int_equal(zc_scope_list_principal(&founder->scope, FOUNDER).code, 0);
    fixture_start();
    assert_allowed(send(7, 60, T0), 0);
    assert_denied(ask_as(&intent, FOUNDER, "hot-1", ZC_USE_TX, T0), ZC_POLICY_WINDOW, 2);
}

static void rate__replacements_count__each_is_a_signature(void **state)
{
    (void)state;
    fixture_rate("rate", 3, 60);
    fixture_start();
    assert_allowed(send(7, 1, T0), 0);
    assert_allowed(send(7, 2, T0), 0);
    zc_decision decision = send(7, 3, T0);
    assert_allowed(decision, 0);
    assert_int_equal(low(decision.measured), 3);
    assert_int_equal(decision.asset, ZC_POLICY_NONE);
    assert_denied(send(7, 4, T0), ZC_POLICY_RATE, 1);
}

static void rate__zero__denies_all(void **state)
{
    (void)state;
    fixture_rate("none", 0, 60);
    fixture_start();
    assert_denied(send(0, 0, T0), ZC_POLICY_RATE, 1);
}

static void limits__one_of_several_exceeded__none_is_charged(void **state)
{
    uint8_t before[32];
    uint8_t after[32];
    (void)state;
    fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    fixture_rate("rate", 5, 60);
    fixture_limit("day", ZC_RULE_LIMIT_WINDOW, ETH, 90, 86400);
    fixture_start();
    assert_allowed(send(0, 50, T0), 0);
    zc_policy_digest(&fixture_state, &fixture_mission, before);
    for (uint64_t nonce = 1; nonce < 20; nonce++) {
        assert_denied(send(nonce, 41, T0), ZC_POLICY_WINDOW, 3);
    }
    assert_denied(send(0, 91, T0), ZC_POLICY_WINDOW, 3);
    zc_policy_digest(&fixture_state, &fixture_mission, after);
    assert_memory_equal(before, after, sizeof before);
    assert_allowed(send(1, 40, T0), 0);
}

static void limits__sum_beyond_256_bits__denied(void **state)
{
    (void)state;
    zc_rule *rule = fixture_limit("hour", ZC_RULE_LIMIT_WINDOW, ETH, 0, 3600);
    rule->amount = ZC_U256_MAX;
    zc_rule *one = fixture_limit("one", ZC_RULE_LIMIT_PER_TX, USDC, 0, 0);
    one->amount = ZC_U256_MAX;
    fixture_start();
    /* Within one request. */
    intent_transfer(&intent, 1, 0, 0x22, 1, 1);
    intent.movements[0].amount = ZC_U256_MAX;
    zc_decision decision = ask(&intent, T0);
    assert_denied(decision, ZC_POLICY_OVERFLOW, 1);
    assert_true(zc_u256_eq(&decision.measured, &rule->amount));
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x22, 1);
    intent.movements[0].amount = ZC_U256_MAX;
    assert_allowed(ask(&intent, T0), 0);
    intent.movements[1] = intent.movements[0];
    assert_denied(ask(&intent, T0), ZC_POLICY_OVERFLOW, 2);
    /* Over several. The approval's fee was 1. */
    intent_transfer(&intent, 1, 1, 0x22, 1, 0);
    intent.movements[0].amount = (zc_u256){{UINT64_MAX - 1, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
    assert_allowed(ask(&intent, T0), 0);
    assert_denied(send(2, 1, T0), ZC_POLICY_OVERFLOW, 1);
    /* In place of its own charge it still fits. */
    intent_transfer(&intent, 1, 1, 0x23, 5, 0);
    assert_allowed(ask(&intent, T0), 0);
}

static void limits__more_than_can_be_charged_at_once__denied(void **state)
{
    (void)state;
    for (int i = 0; i <= ZC_POLICY_MAX_CHARGES; i++) {
        char name[] = {'r', (char)('a' + i / 26), (char)('a' + i % 26), 0};
        fixture_rate(name, 10, 60);
    }
    fixture_start();
    assert_denied(send(0, 1, T0), ZC_POLICY_TOO_MANY_LIMITS, ZC_POLICY_MAX_CHARGES + 1);
    assert_int_equal(zc_policy_pending(&fixture_state), 0);
}

static void limits__just_as_many_as_can_be_charged__allowed(void **state)
{
    (void)state;
    for (int i = 0; i < ZC_POLICY_MAX_CHARGES; i++) {
        char name[] = {'r', (char)('a' + i / 26), (char)('a' + i % 26), 0};
        fixture_rate(name, 1, 60);
    }
    fixture_start();
    assert_allowed(send(0, 1, T0), 0);
    assert_denied(send(1, 1, T0), ZC_POLICY_RATE, 1);
}

static void allowed__names_the_limit_nearest_to_full(void **state)
{
    (void)state;
    fixture_limit("small", ZC_RULE_LIMIT_WINDOW, ETH, 1000, 60);
    zc_rule *large = fixture_limit("large", ZC_RULE_LIMIT_WINDOW, USDC, 0, 60);
    large->amount = (zc_u256){{0, 0, 100, 0}};
    fixture_start();
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 0);
    intent.movements[0].amount = (zc_u256){{5, 0, 50, 0}};
    zc_decision decision = ask(&intent, T0);
    assert_allowed(decision, 0);
    assert_int_equal(decision.limit_rule, 2);
    assert_int_equal(decision.asset, USDC);
    assert_int_equal(decision.measured.limb[2], 50);
    zc_decision full = send(1, 999, T0);
    assert_int_equal(full.limit_rule, 1);
    assert_int_equal(low(full.measured), 1000);
}

/* At every width of the limit: full is full, half is half, and only the top bits matter. */
static void fullness__any_width__in_millionths(void **state)
{
    (void)state;
    zc_measure measure = {.limit = zc_u256_of(0)};
    assert_int_equal(zc_measure_fullness(&measure), 1000000);
    for (unsigned bit = 1; bit < 256; bit++) {
        measure.limit = measure.measured = ZC_U256_ZERO;
        measure.limit.limb[bit / 64] = UINT64_C(1) << (bit % 64);
        assert_int_equal(zc_measure_fullness(&measure), 0);
        measure.measured.limb[(bit - 1) / 64] = UINT64_C(1) << ((bit - 1) % 64);
        assert_int_equal(zc_measure_fullness(&measure), 500000);
        measure.measured = measure.limit;
        assert_int_equal(zc_measure_fullness(&measure), 1000000);
    }
    measure.limit = measure.measured = ZC_U256_MAX;
    measure.measured.limb[3] /= 10;
    assert_int_equal(zc_measure_fullness(&measure), 99999);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup(function, start_with_allowance)
    const struct CMUnitTest tests[] = {
        TEST(per_tx__above_the_limit__denied_with_both_numbers),
        TEST(per_tx__transaction_without_chain__held_to_the_limits_of_every_chain),
        TEST(per_tx__pull_from_others__not_charged),
        TEST(limits__scope_with_counterparties__charges_only_what_goes_to_them),
        TEST(window__thousand_interleaved_requests__exactly_ten_allowed),
        TEST(window__edges__to_the_millisecond),
        TEST(window__time_going_backwards__counts_as_the_last_seen),
        TEST(window__negative_time_at_first__counts_as_zero),
        TEST(replacement__same_nonce__charges_the_greater),
        TEST(replacement__other_chain_or_account__is_none),
        TEST(replacement__other_asset__charges_anew_and_keeps_the_old),
        TEST(replacement__after_its_charge_left__charges_anew),
        TEST(replacement__counts_from_the_latest_signature),
        TEST(same_digest__signed_again__charges_nothing),
        TEST(same_digest__message__counted_once_while_it_counts),
        TEST(same_digest__asked_by_another_agent__charged_to_that_agent),
        TEST(rate__replacements_count__each_is_a_signature),
        TEST(rate__zero__denies_all),
        TEST(limits__one_of_several_exceeded__none_is_charged),
        TEST(limits__sum_beyond_256_bits__denied),
        TEST(limits__more_than_can_be_charged_at_once__denied),
        TEST(limits__just_as_many_as_can_be_charged__allowed),
        TEST(fullness__any_width__in_millionths),
        TEST(allowed__names_the_limit_nearest_to_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
