/* Which rule settles which request: everything but what is spent. */
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static zc_intent intent;

static int start_empty(void **state)
{
    (void)state;
    fixture_reset();
    return 0;
}

static void decide__no_rules__denied(void **state)
{
    (void)state;
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_message(&intent, "hello");
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__halted__denies_everything(void **state)
{
    (void)state;
    fixture_allow_all();
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    zc_request_context context = {.principal = BOT,
                                  .key_name = zc_slice_of_text("hot-1"),
                                  .use = ZC_USE_TX,
                                  .now_ms = T0,
                                  .halted = true};
    zc_decision decision;
    assert_int_equal(
        zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision).code, 0);
    assert_denied(decision, ZC_POLICY_HALTED, ZC_POLICY_NONE);
    context.halted = false;
    assert_int_equal(
        zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision).code, 0);
    assert_allowed(decision, 0);
}

static void decide__principal_without_signer_role__denied(void **state)
{
    (void)state;
    fixture_allow_all();
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_denied(ask_as(&intent, AUDITOR, "hot-1", ZC_USE_TX, T0), ZC_POLICY_NOT_A_SIGNER,
                  ZC_POLICY_NONE);
}

static void decide__deny_and_allow__deny_wins_wherever_it_stands(void **state)
{
    (void)state;
    zc_rule *deny = fixture_rule("deny-first", ZC_RULE_DENY);
    list_address(deny, ZC_LIST_COUNTERPARTIES, 0x33);
    fixture_allow_all();
    zc_rule *late = fixture_rule("deny-last", ZC_RULE_DENY);
    list_address(late, ZC_LIST_COUNTERPARTIES, 0x44);
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_allowed(ask(&intent, T0), 1);
    intent_transfer(&intent, 1, 0, 0x33, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 0);
    intent_transfer(&intent, 1, 0, 0x44, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 2);
    /* The spender of an allowance and the recipient of a token are counterparties too. */
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x44, 5);
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 2);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x33, 5);
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 0);
}

static void decide__taken_from_a_denied_counterparty__denied(void **state)
{
    (void)state;
    fixture_allow_all();
    zc_rule *deny = fixture_rule("deny", ZC_RULE_DENY);
    list_address(deny, ZC_LIST_COUNTERPARTIES, 0x33);
    fixture_start();
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER_FROM, 1, 0, 0x22, 5);
    intent.movements[0].kind = ZC_MOVEMENT_PULL;
    intent.movements[0].from = zc_address_of_evm(address(0x33));
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 1);
}

static void decide__call_of_a_denied_counterparty_without_value__denied(void **state)
{
    (void)state;
    fixture_allow_all();
    zc_rule *deny = fixture_rule("deny", ZC_RULE_DENY);
    list_address(deny, ZC_LIST_COUNTERPARTIES, 0x33);
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x33, 0, 1);
    intent.operation = ZC_OPERATION_CONTRACT_CALL;
    intent.movements[0] = intent.movements[1];
    intent.movement_count = 1;
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 1);
}

static void decide__scope_of_principal_key_operation__only_narrows(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("bot-transfers", ZC_RULE_ALLOW);
    assert_int_equal(zc_scope_list_principal(&rule->scope, BOT).code, 0);
    list_key(rule, "hot-*");
    list_key(rule, "vault");
    rule->scope.operations_listed = true;
    rule->scope.operations = zc_operation_bit(ZC_OPERATION_TRANSFER);
    fixture_start();
    static const struct {
        uint32_t principal;
        const char *key;
        bool allowed;
    } cases[] = {
        {BOT, "hot-1", true},      {BOT, "hot-", true},    {BOT, "vault", true},
        {BOT, "hot", false},       {BOT, "vault2", false}, {BOT, "vaul", false},
        {BOT, "", false},          {BOT, "hot.1", false},  {FOUNDER, "hot-1", false},
        {FOUNDER, "vault", false},
    };
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zc_decision decision = ask_as(&intent, cases[i].principal, cases[i].key, ZC_USE_TX, T0);
        assert_int_equal(decision.outcome, cases[i].allowed ? ZC_OUTCOME_ALLOW : ZC_OUTCOME_DENY);
    }
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__star_alone__is_every_key(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("any-key", ZC_RULE_ALLOW);
    list_key(rule, "*");
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_allowed(ask_as(&intent, BOT, "x", ZC_USE_TX, T0), 0);
}

static void decide__list_present_but_empty__matches_nothing(void **state)
{
    static const zc_list_kind kinds[] = {ZC_LIST_KEYS, ZC_LIST_CHAINS, ZC_LIST_CONTRACTS,
                                         ZC_LIST_METHODS, ZC_LIST_COUNTERPARTIES};
    (void)state;
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds + 3; i++) {
        fixture_reset();
        zc_rule *rule = fixture_rule("empty", ZC_RULE_ALLOW);
        if (i < sizeof kinds / sizeof *kinds) {
            zc_scope_list_none(&rule->scope, kinds[i]);
        }
        rule->scope.principals_listed = i == 5;
        rule->scope.assets_listed = i == 6;
        rule->scope.operations_listed = i == 7;
        fixture_start();
        assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    }
}

static void decide__no_uses__matches_nothing(void **state)
{
    (void)state;
    fixture_allow_all()->scope.uses = 0;
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__contract_and_method_lists__hold_the_call(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("usdc-transfers", ZC_RULE_ALLOW);
    list_address(rule, ZC_LIST_CONTRACTS, 0xaa);
    uint8_t selector[4];
    memset(selector, ZC_OPERATION_TOKEN_TRANSFER, sizeof selector);
    assert_int_equal(zc_scope_list_bytes(&fixture_mission, &rule->scope, ZC_LIST_METHODS,
                                         ZC_SLICE_OF_ARRAY(selector))
                         .code,
                     0);
    fixture_start();
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    assert_allowed(ask(&intent, T0), 0);
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x22, 5);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    intent.to = intent.calls[0].target = zc_address_of_evm(address(0xab));
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    intent.calls[0].method_len = 0;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    intent.to.len = 0;
    intent.call_count = 0;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__every_movement_must_be_covered_by_one_rule(void **state)
{
    (void)state;
    zc_rule *usdc = fixture_rule("usdc", ZC_RULE_ALLOW);
    assert_int_equal(zc_scope_list_asset(&usdc->scope, USDC).code, 0);
    zc_rule *eth = fixture_rule("eth", ZC_RULE_ALLOW);
    assert_int_equal(zc_scope_list_asset(&eth->scope, ETH).code, 0);
    fixture_start();
    /* The fee is in ETH, and needs no place in the list. */
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 1, 0, 0x22, 5);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_allowed(ask(&intent, T0), 1);
    /* A call that moves both: two rules never add up. */
    intent_token(&intent, ZC_OPERATION_CONTRACT_CALL, 1, 0, 0x22, 5);
    intent.movements[1].kind = ZC_MOVEMENT_OUT;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    /* The same token contract on another chain is another asset. */
    intent_token(&intent, ZC_OPERATION_TOKEN_TRANSFER, 10, 0, 0x22, 5);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__fee_in_another_asset_than_the_chains_own__not_covered(void **state)
{
    (void)state;
    fixture_allow_all();
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    intent.movements[1].asset.chain_id = 10;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    intent.movements[1].asset.kind = ZC_ASSET_TOKEN;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__listed_assets_and_nothing_moved__not_covered(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("eth", ZC_RULE_ALLOW);
    rule->scope.accepted_flags = ZC_FLAGS_KNOWN;
    assert_int_equal(zc_scope_list_asset(&rule->scope, ETH).code, 0);
    fixture_start();
    intent_message(&intent, "hello");
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    intent_digest(&intent, 7);
    assert_denied(ask(&intent, T0), ZC_POLICY_RAW_DIGEST, ZC_POLICY_NONE);
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    intent.operation = ZC_OPERATION_CONTRACT_CALL;
    intent.flags = ZC_FLAG_UNKNOWN_CALLDATA;
    intent.movements[0] = intent.movements[1];
    intent.movement_count = 1;
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__flag_not_accepted__denied_and_named(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("plain", ZC_RULE_ALLOW);
    rule->scope.accepted_flags = ZC_FLAG_PARTIAL_DECODE;
    fixture_start();
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x22, 5);
    intent.flags = ZC_FLAG_UNLIMITED_APPROVAL | ZC_FLAG_PARTIAL_DECODE;
    zc_decision decision = ask(&intent, T0);
    assert_denied(decision, ZC_POLICY_FLAGS, 0);
    assert_int_equal(decision.measured.limb[0], ZC_FLAG_UNLIMITED_APPROVAL);
    assert_int_equal(decision.limit.limb[0], ZC_FLAG_PARTIAL_DECODE);
    intent.flags = ZC_FLAG_PARTIAL_DECODE;
    assert_allowed(ask(&intent, T0), 0);
}

static void decide__later_rule_accepts_the_flag__allowed_by_that_rule(void **state)
{
    (void)state;
    fixture_rule("plain", ZC_RULE_ALLOW);
    fixture_allow_all();
    fixture_start();
    intent_token(&intent, ZC_OPERATION_APPROVE, 1, 0, 0x22, 5);
    intent.flags = ZC_FLAG_UNLIMITED_APPROVAL;
    zc_decision decision = ask(&intent, T0);
    assert_allowed(decision, 1);
    assert_true(zc_u256_is_zero(&decision.measured));
    assert_int_equal(decision.limit_rule, ZC_POLICY_NONE);
}

static void decide__raw_digest__needs_the_use_and_the_flag(void **state)
{
    (void)state;
    zc_rule *rule = fixture_allow_all();
    rule->scope.uses &= ~zc_use_bit(ZC_USE_DIGEST);
    fixture_start();
    intent_digest(&intent, 7);
    assert_denied(ask(&intent, T0), ZC_POLICY_RAW_DIGEST, ZC_POLICY_NONE);

    fixture_reset();
    fixture_rule("digest-without-flag", ZC_RULE_ALLOW);
    fixture_start();
    assert_denied(ask(&intent, T0), ZC_POLICY_FLAGS, 0);

    fixture_reset();
    rule = fixture_rule("digests", ZC_RULE_ALLOW);
    rule->scope.uses = zc_use_bit(ZC_USE_DIGEST);
    rule->scope.accepted_flags = ZC_FLAG_RAW_DIGEST;
    fixture_start();
    assert_allowed(ask(&intent, T0), 0);
    intent_message(&intent, "hello");
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__use_that_is_not_the_operations__refused(void **state)
{
    (void)state;
    fixture_allow_all();
    fixture_start();
    zc_request_context context = {.principal = BOT, .key_name = zc_slice_of_text("hot-1")};
    zc_decision decision = {.outcome = 77};
    intent_digest(&intent, 7);
    context.use = ZC_USE_TX;
    assert_int_equal(
        zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision).code,
        ZC_POLICY_REQUEST);
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    for (unsigned use = 0; use < 256; use++) {
        context.use = (uint8_t)use;
        bool fits = use == ZC_USE_TX || use == ZC_USE_TYPED_DATA || use == ZC_USE_ORDER;
        if (!fits) {
            assert_int_equal(
                zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision)
                    .code,
                ZC_POLICY_REQUEST);
        }
    }
    context.use = ZC_USE_TX;
    context.principal = 3;
    assert_int_equal(
        zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &decision).code,
        ZC_POLICY_REQUEST);
    assert_int_equal(decision.outcome, 77);
}

static void decide__restrict_chains__denies_the_others(void **state)
{
    (void)state;
    fixture_allow_all();
    zc_rule *rule = fixture_rule("chains", ZC_RULE_RESTRICT_CHAINS);
    list_chain(rule, 10);
    list_chain(rule, 1);
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 10, 0, 0x22, 5, 1);
    assert_allowed(ask(&intent, T0), 0);
    intent_transfer(&intent, 56, 0, 0x22, 5, 1);
    zc_decision decision = ask(&intent, T0);
    assert_denied(decision, ZC_POLICY_CHAIN, 1);
    assert_int_equal(decision.measured.limb[0], 56);
    /* A transaction that names no chain is valid on every chain. */
    intent_transfer(&intent, 0, 0, 0x22, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_CHAIN, 1);
    /* A digest may be anything; a message belongs to no chain. */
    intent_digest(&intent, 3);
    assert_denied(ask(&intent, T0), ZC_POLICY_CHAIN, 1);
    intent_message(&intent, "hello");
    assert_allowed(ask(&intent, T0), 0);
}

static void decide__no_chain_named__in_every_denial_and_in_no_allowance(void **state)
{
    (void)state;
    zc_rule *allow = fixture_allow_all();
    list_chain(allow, 1);
    fixture_start();
    intent_transfer(&intent, 0, 0, 0x22, 5, 1);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);

    fixture_reset();
    fixture_allow_all();
    zc_rule *deny = fixture_rule("deny-56", ZC_RULE_DENY);
    list_chain(deny, 56);
    fixture_start();
    assert_denied(ask(&intent, T0), ZC_POLICY_DENIED_BY_RULE, 1);
    intent_transfer(&intent, 1, 0, 0x22, 5, 1);
    assert_allowed(ask(&intent, T0), 0);
}

static void decide__more_chains_than_the_index_holds__still_exact(void **state)
{
    (void)state;
    for (uint64_t chain = 1; chain <= 2 * ZC_SCOPE_INDEX_CHAINS; chain++) {
        char name[32];
        snprintf(name, sizeof name, "chain-%d", (int)chain);
        list_chain(fixture_rule(name, ZC_RULE_ALLOW), chain);
    }
    fixture_start();
    for (uint64_t chain = 1; chain <= 2 * ZC_SCOPE_INDEX_CHAINS; chain++) {
        intent_transfer(&intent, chain, 0, 0x22, 5, 0);
        assert_allowed(ask(&intent, T0), (uint16_t)(chain - 1));
    }
    intent_transfer(&intent, 2 * ZC_SCOPE_INDEX_CHAINS + 1, 0, 0x22, 5, 0);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__a_thousand_rules__the_lowest_that_covers_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < ZC_MISSION_MAX_RULES; i++) {
        char name[32];
        snprintf(name, sizeof name, "rule-%d", i);
        list_address(fixture_rule(name, ZC_RULE_ALLOW), ZC_LIST_COUNTERPARTIES,
                     (uint8_t)(i < 1000 ? 0x33 : 0x22));
    }
    fixture_start();
    intent_transfer(&intent, 1, 0, 0x22, 5, 0);
    assert_allowed(ask(&intent, T0), 1000);
    intent_transfer(&intent, 1, 0, 0x44, 5, 0);
    assert_denied(ask(&intent, T0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
}

static void decide__long_list__finds_each_and_no_other(void **state)
{
    (void)state;
    zc_rule *rule = fixture_rule("list", ZC_RULE_ALLOW);
    for (unsigned b = 1; b < 256; b += 2) {
        list_address(rule, ZC_LIST_COUNTERPARTIES, (uint8_t)(b * 7));
    }
    fixture_start();
    for (unsigned b = 0; b < 256; b++) {
        intent_transfer(&intent, 1, 0, (uint8_t)(b * 7), 5, 0);
        assert_int_equal(ask(&intent, T0).outcome, b % 2 == 1 ? ZC_OUTCOME_ALLOW : ZC_OUTCOME_DENY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(decide__no_rules__denied, start_empty),
        cmocka_unit_test_setup(decide__halted__denies_everything, start_empty),
        cmocka_unit_test_setup(decide__principal_without_signer_role__denied, start_empty),
        cmocka_unit_test_setup(decide__deny_and_allow__deny_wins_wherever_it_stands, start_empty),
        cmocka_unit_test_setup(decide__taken_from_a_denied_counterparty__denied, start_empty),
        cmocka_unit_test_setup(decide__call_of_a_denied_counterparty_without_value__denied,
                               start_empty),
        cmocka_unit_test_setup(decide__scope_of_principal_key_operation__only_narrows, start_empty),
        cmocka_unit_test_setup(decide__star_alone__is_every_key, start_empty),
        cmocka_unit_test_setup(decide__list_present_but_empty__matches_nothing, start_empty),
        cmocka_unit_test_setup(decide__no_uses__matches_nothing, start_empty),
        cmocka_unit_test_setup(decide__contract_and_method_lists__hold_the_call, start_empty),
        cmocka_unit_test_setup(decide__every_movement_must_be_covered_by_one_rule, start_empty),
        cmocka_unit_test_setup(decide__fee_in_another_asset_than_the_chains_own__not_covered,
                               start_empty),
        cmocka_unit_test_setup(decide__listed_assets_and_nothing_moved__not_covered, start_empty),
        cmocka_unit_test_setup(decide__flag_not_accepted__denied_and_named, start_empty),
        cmocka_unit_test_setup(decide__later_rule_accepts_the_flag__allowed_by_that_rule,
                               start_empty),
        cmocka_unit_test_setup(decide__raw_digest__needs_the_use_and_the_flag, start_empty),
        cmocka_unit_test_setup(decide__use_that_is_not_the_operations__refused, start_empty),
        cmocka_unit_test_setup(decide__restrict_chains__denies_the_others, start_empty),
        cmocka_unit_test_setup(decide__no_chain_named__in_every_denial_and_in_no_allowance,
                               start_empty),
        cmocka_unit_test_setup(decide__more_chains_than_the_index_holds__still_exact, start_empty),
        cmocka_unit_test_setup(decide__a_thousand_rules__the_lowest_that_covers_is_named,
                               start_empty),
        cmocka_unit_test_setup(decide__long_list__finds_each_and_no_other, start_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
