/* Lists of addresses: shared by rules that were made of one, and as long as a mission may have
 * them. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define MANY 100000

static zc_mission parsed;
static uint8_t bytes[ZC_MISSION_MAX_BYTES];
static size_t len;

static size_t write_mission(const zc_mission *mission)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_int_equal(zc_mission_write(mission, &writer).code, 0);
    return zc_writer_len(&writer);
}

/* Addresses number `from` to `to`, which ascend, and are none of address(). */
static zc_evm_item numbered(uint32_t number)
{
    zc_evm_item item = {
        .byte = {0x70, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number}};
    return item;
}

static void list_numbered(zc_rule *rule, zc_list_kind kind, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        zc_evm_item item = numbered(i);
        assert_int_equal(
            zc_scope_list_bytes(&fixture_mission, &rule->scope, kind, ZC_SLICE_OF_ARRAY(item.byte))
                .code,
            0);
    }
}

/* An allow with counterparties, and two limits on it that share them. */
static int start(void **state)
{
    (void)state;
    fixture_reset();
    zc_rule *allow = fixture_allow_all();
    list_numbered(allow, ZC_LIST_COUNTERPARTIES, 0, MANY / 2);
    zc_rule *first = fixture_limit("per-tx", ZC_RULE_LIMIT_PER_TX, ETH, 90, 0);
    zc_rule *second = fixture_limit("hourly", ZC_RULE_LIMIT_WINDOW, ETH, 100, 3600);
    first->scope.counterparties = allow->scope.counterparties;
    second->scope.counterparties = allow->scope.counterparties;
    zc_rule *deny = fixture_rule("sanctioned", ZC_RULE_DENY);
    list_numbered(deny, ZC_LIST_COUNTERPARTIES, MANY / 2, MANY);
    len = write_mission(&fixture_mission);
    return 0;
}

static zc_decision pay(uint32_t number, uint64_t nonce, uint64_t amount)
{
    static zc_intent intent;
    zc_evm_item to = numbered(number);
    intent_transfer(&intent, 1, nonce, 0x11, amount, 0);
    intent.to = zc_address_of_evm(to.byte);
    intent.movements[0].to = intent.to;
    intent.calls[0].target = intent.to;
    intent_finish(&intent);
    return ask(&intent, T0);
}

static void write__lists_of_one_allow__stand_once(void **state)
{
    (void)state;
    assert_in_range(len, MANY * 21, MANY * 21 + 2048);
    assert_int_equal(zc_mission_parse(zc_slice_of(bytes, len), &parsed).code, 0);
    assert_int_equal(parsed.evm_count, MANY);
    for (size_t i = 1; i < 3; i++) {
        assert_true(zc_address_list_same(&parsed.rules[0].scope.counterparties,
                                         &parsed.rules[i].scope.counterparties));
    }
    assert_false(zc_address_list_same(&parsed.rules[0].scope.counterparties,
                                      &parsed.rules[3].scope.counterparties));
    static uint8_t before[ZC_MISSION_MAX_BYTES];
    memcpy(before, bytes, len);
    assert_int_equal(write_mission(&parsed), len);
    assert_memory_equal(before, bytes, len);
}

static void decide__long_shared_lists__hit_and_miss(void **state)
{
    (void)state;
    fixture_start();
    for (uint32_t i = 0; i < MANY; i += 997) {
        zc_decision decision = pay(i, i, 0);
        if (i < MANY / 2) {
            assert_allowed(decision, 0);
        } else {
            assert_denied(decision, ZC_POLICY_DENIED_BY_RULE, 3);
        }
    }
    assert_denied(pay(MANY, 1, 0), ZC_POLICY_NO_RULE, ZC_POLICY_NONE);
    assert_denied(pay(5, 1000001, 91), ZC_POLICY_PER_TX, 1);
    assert_allowed(pay(5, 1000002, 60), 0);
    assert_denied(pay(MANY / 2 - 1, 1000003, 41), ZC_POLICY_WINDOW, 2);
    assert_allowed(pay(MANY / 2 - 1, 1000004, 40), 0);
}

/* The bytes of a mission of three rules whose last names `rule` for its counterparties. */
static int parse_naming(uint8_t rule)
{
    fixture_reset();
    zc_rule *allow = fixture_allow_all();
    list_address(allow, ZC_LIST_COUNTERPARTIES, 0x22);
    list_address(allow, ZC_LIST_COUNTERPARTIES, 0x23);
    zc_rule *middle = fixture_rule("middle", ZC_RULE_DENY);
    middle->scope.counterparties = allow->scope.counterparties;
    zc_scope_list_none(&fixture_rule("none", ZC_RULE_DENY)->scope, ZC_LIST_COUNTERPARTIES);
    zc_rule *last = fixture_rule("last", ZC_RULE_DENY);
    last->scope.counterparties = allow->scope.counterparties;
    len = write_mission(&fixture_mission);
    /* Key 8 of the last scope and the number of the rule; keys 9 and 10, every use. */
    static const uint8_t form[] = {8, 0, 9, 0, 10, 0x18, 31};
    size_t at = len - sizeof form;
    while (at > 0 && memcmp(bytes + at, form, sizeof form) != 0) {
        at--;
    }
    assert_true(at > 0);
    bytes[at + 1] = rule;
    return zc_mission_parse(zc_slice_of(bytes, len), &parsed).code;
}

static void parse__list_of_another_rule__only_the_first_that_has_it(void **state)
{
    (void)state;
    assert_int_equal(parse_naming(0), 0);
    assert_int_equal(parse_naming(1), ZC_POLICY_MISSION_INDEX); /* which shares it itself */
    assert_int_equal(parse_naming(2), ZC_POLICY_MISSION_INDEX); /* whose list is empty */
    assert_int_equal(parse_naming(3), ZC_POLICY_MISSION_INDEX); /* itself */
    assert_int_equal(parse_naming(4), ZC_POLICY_MISSION_INDEX);
}

static void parse__list_spelled_out_twice__stays_two_lists(void **state)
{
    (void)state;
    fixture_reset();
    list_address(fixture_allow_all(), ZC_LIST_COUNTERPARTIES, 0x22);
    list_address(fixture_rule("deny", ZC_RULE_DENY), ZC_LIST_COUNTERPARTIES, 0x22);
    len = write_mission(&fixture_mission);
    assert_int_equal(zc_mission_parse(zc_slice_of(bytes, len), &parsed).code, 0);
    assert_int_equal(parsed.evm_count, 2);
    assert_int_equal(write_mission(&parsed), len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(write__lists_of_one_allow__stand_once, start),
        cmocka_unit_test_setup(decide__long_shared_lists__hit_and_miss, start),
        cmocka_unit_test(parse__list_of_another_rule__only_the_first_that_has_it),
        cmocka_unit_test(parse__list_spelled_out_twice__stays_two_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
