/* The engine against the plain reference: random missions, random requests, thousands of steps in a
 * world so small that everything meets everything. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "reference.h"

#define SEQUENCES 400
#define STEPS 400

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 11) % below;
}

static bool chance(uint64_t percent)
{
    return draw(100) < percent;
}

static void draw_list(zc_rule *rule, zc_list_kind kind, uint64_t percent)
{
    static const uint8_t bytes[] = {0x22, 0x33, 0xaa, 0xcc};
    static const char *const keys[] = {"hot-1", "hot-*", "cold", "*", "hot-"};
    if (!chance(percent)) {
        return;
    }
    zc_scope_list_none(&rule->scope, kind);
    for (uint64_t i = draw(4); i > 0; i--) {
        uint8_t selector[4];
        switch (kind) {
        case ZC_LIST_CHAINS:
            list_chain(rule, draw(2) == 0 ? 1 : 10);
            break;
        case ZC_LIST_KEYS:
            list_key(rule, keys[draw(5)]);
            break;
        case ZC_LIST_METHODS:
            memset(selector, (int)draw(4) + 2, sizeof selector);
            assert_int_equal(zc_scope_list_bytes(&fixture_mission, &rule->scope, kind,
                                                 ZC_SLICE_OF_ARRAY(selector))
                                 .code,
                             0);
            break;
        case ZC_LIST_CONTRACTS:
        case ZC_LIST_COUNTERPARTIES:
            list_address(rule, kind, bytes[draw(4)]);
            break;
        }
    }
}

static void draw_scope(zc_rule *rule)
{
    zc_scope *scope = &rule->scope;
    scope->uses = chance(80) ? ALL_USES : (uint32_t)draw(ALL_USES + 1);
    scope->principals_listed = chance(20);
    scope->principals = scope->principals_listed ? draw(8) : 0;
    scope->operations_listed = chance(20);
    scope->operations = scope->operations_listed ? draw(256) : 0;
    scope->assets_listed = chance(20);
    scope->assets[0] = scope->assets_listed ? draw(16) : 0;
    draw_list(rule, ZC_LIST_KEYS, 15);
    draw_list(rule, ZC_LIST_CHAINS, 20);
    draw_list(rule, ZC_LIST_CONTRACTS, 10);
    draw_list(rule, ZC_LIST_METHODS, 10);
    draw_list(rule, ZC_LIST_COUNTERPARTIES, 20);
}

static void draw_rule(int number)
{
    char name[16];
    snprintf(name, sizeof name, "rule-%d", number);
    static const zc_rule_kind kinds[] = {
        ZC_RULE_ALLOW,           ZC_RULE_ALLOW,        ZC_RULE_DENY,
        ZC_RULE_LIMIT_PER_TX,    ZC_RULE_LIMIT_WINDOW, ZC_RULE_LIMIT_RATE,
        ZC_RULE_RESTRICT_CHAINS, ZC_RULE_LIMIT_WINDOW};
    zc_rule_kind kind = kinds[draw(8)];
    if ((kind == ZC_RULE_DENY || kind == ZC_RULE_RESTRICT_CHAINS) && chance(60)) {
        kind = ZC_RULE_ALLOW; /* or hardly anything would be allowed */
    }
    zc_rule *rule = fixture_rule(name, kind);
    if (kind == ZC_RULE_LIMIT_PER_TX || kind == ZC_RULE_LIMIT_WINDOW) {
        rule->has_asset = rule->has_amount = true;
        rule->measure = ZC_MEASURE_VALUE;
        rule->asset = (uint16_t)draw(4);
        rule->amount = zc_u256_of(draw(60));
    }
    if (kind == ZC_RULE_LIMIT_WINDOW || kind == ZC_RULE_LIMIT_RATE) {
        rule->window_s = (uint32_t)draw(4) + 1;
    }
    rule->count = kind == ZC_RULE_LIMIT_RATE ? (uint32_t)draw(12) : 0;
    draw_scope(rule);
    if (kind == ZC_RULE_ALLOW && chance(70)) {
        rule->scope.accepted_flags = draw(2) == 0 ? ZC_FLAGS_KNOWN : draw(ZC_FLAGS_KNOWN + 1);
    }
    if (kind == ZC_RULE_RESTRICT_CHAINS && !rule->scope.chains.listed) {
        list_chain(rule, draw(2) == 0 ? 1 : 10);
    }
}

static void draw_mission(void)
{
    fixture_reset();
    if (chance(70)) {
        fixture_allow_all();
    }
    for (int i = (int)draw(9); i > 0; i--) {
        draw_rule(i);
    }
    fixture_start();
}

static void draw_intent(zc_intent *intent)
{
    static const uint8_t to[] = {0x22, 0x33, 0xcc, 0x44};
    static const uint64_t chains[] = {1, 1, 1, 10, 10, 0, 56};
    uint64_t chain = chains[draw(7)];
    switch (draw(8)) {
    case 0:
        intent_message(intent, chance(50) ? "a" : "b");
        return;
    case 1:
        intent_digest(intent, (uint8_t)draw(2));
        break;
    case 2:
    case 3:
    case 4:
        intent_transfer(intent, chain, draw(5), to[draw(4)], draw(12), draw(3));
        break;
    default:
        intent_token(intent, (zc_operation)(ZC_OPERATION_TOKEN_TRANSFER + draw(4)), chain, draw(5),
                     to[draw(4)], draw(12));
        if (intent->operation == ZC_OPERATION_TOKEN_TRANSFER_FROM) {
            intent->movements[0].kind = ZC_MOVEMENT_PULL;
            intent->movements[0].from = zc_address_of_evm(address(0x33));
        }
    }
    if (intent->operation != ZC_OPERATION_DIGEST && chance(10)) {
        intent->movements[0] = intent->movements[intent->movement_count - 1];
        intent->movement_count--;
    }
    if (chance(10)) {
        intent->flags |= UINT64_C(1) << draw(9);
    }
    if (intent->operation != ZC_OPERATION_DIGEST) {
        intent_finish(intent);
    }
}

static void draw_context(const zc_intent *intent, int64_t *now_ms, zc_request_context *ret_context)
{
    static const char *const keys[] = {"hot-1", "hot-1", "hot-2", "cold", "hot-"};
    uint64_t step = draw(20);
    *now_ms += step < 15 ? (int64_t)draw(40) : step < 19 ? (int64_t)draw(400) : (int64_t)draw(4000);
    *ret_context = (zc_request_context){
        .principal = chance(90) ? BOT : (uint32_t)draw(3),
        .key_name = zc_slice_of_text(keys[draw(5)]),
        .use = use_of(intent),
        .now_ms = chance(10) ? *now_ms - (int64_t)draw(3000) : *now_ms,
        .halted = chance(1),
    };
    memcpy(ret_context->key_id, intent->account.byte, sizeof ret_context->key_id);
}

static zc_policy_state twin;

static void assert_same_digest(const zc_policy_state *other)
{
    uint8_t a[32];
    uint8_t b[32];
    zc_policy_digest(&fixture_state, &fixture_mission, a);
    zc_policy_digest(other, &fixture_mission, b);
    assert_memory_equal(a, b, sizeof a);
}

static void assert_same_decision(const zc_decision *got, const zc_decision *want)
{
    assert_int_equal(got->outcome, want->outcome);
    assert_int_equal(got->reason, want->reason);
    assert_int_equal(got->rule, want->rule);
    assert_int_equal(got->limit_rule, want->limit_rule);
    assert_int_equal(got->asset, want->asset);
    assert_true(got->now_ms == want->now_ms);
    assert_true(zc_u256_eq(&got->measured, &want->measured));
    assert_true(zc_u256_eq(&got->limit, &want->limit));
}

/* Every window's total is the sum of its buckets, and what reservations hold is in them. */
static void assert_invariants(void)
{
    for (size_t i = 0; i < fixture_state.rows.fresh; i++) {
        const zc_window *window = &fixture_state.rows.row[i].window;
        const zc_rule *rule = &fixture_mission.rules[fixture_state.rows.row[i].rule];
        zc_u256 sum = ZC_U256_ZERO;
        for (size_t b = 0; b < ZC_WINDOW_BUCKETS; b++) {
            assert_int_equal(zc_u256_add(&sum, &window->bucket[b], &sum).code, 0);
        }
        assert_true(zc_u256_eq(&sum, &window->total));
        zc_u256 limit = rule->has_amount ? rule->amount : zc_u256_of(rule->count);
        assert_true(zc_u256_cmp(&window->total, &limit) <= 0);
    }
}

/* The twin sees only what was allowed, at the time that counted, as a replay of the log would. */
static void replay_on_twin(const zc_request_context *context, const zc_intent *intent,
                           const zc_decision *decision)
{
    zc_request_context logged = *context;
    zc_decision again;
    logged.now_ms = decision->now_ms;
    assert_int_equal(zc_policy_decide(&twin, &fixture_mission, &logged, intent, &again).code, 0);
    assert_same_decision(&again, decision);
}

static size_t allowed;
static size_t denied_by[64];

static void run_sequence(void)
{
    static zc_intent intent;
    int64_t now = T0 + (int64_t)draw(100000);
    draw_mission();
    reference_init();
    zc_policy_init(&twin, &fixture_mission);
    for (int step = 0; step < STEPS; step++) {
        zc_request_context context;
        zc_decision got;
        draw_intent(&intent);
        draw_context(&intent, &now, &context);
        assert_int_equal(
            zc_policy_decide(&fixture_state, &fixture_mission, &context, &intent, &got).code, 0);
        zc_decision want = reference_decide(&fixture_mission, &context, &intent);
        assert_same_decision(&got, &want);
        if (got.outcome == ZC_OUTCOME_ALLOW) {
            allowed++;
            replay_on_twin(&context, &intent, &got);
            assert_same_digest(&twin);
        } else {
            denied_by[got.reason & 63]++;
        }
        if (step % 16 == 0) {
            assert_int_equal(zc_policy_pending(&fixture_state), reference_pending());
            assert_invariants();
        }
    }
}

static void decide__random_worlds__equals_the_reference(void **state)
{
    static const int reached[] = {
        ZC_POLICY_NO_RULE,    ZC_POLICY_DENIED_BY_RULE, ZC_POLICY_PER_TX, ZC_POLICY_WINDOW,
        ZC_POLICY_RATE,       ZC_POLICY_CHAIN,          ZC_POLICY_HALTED, ZC_POLICY_FLAGS,
        ZC_POLICY_RAW_DIGEST, ZC_POLICY_NOT_A_SIGNER};
    (void)state;
    for (uint64_t sequence = 1; sequence <= SEQUENCES; sequence++) {
        seed = sequence * UINT64_C(0x9e3779b97f4a7c15);
        run_sequence();
    }
    print_message("%zu requests, %zu allowed\n", (size_t)SEQUENCES * STEPS, allowed);
    assert_true(allowed > SEQUENCES * STEPS / 10);
    for (size_t i = 0; i < sizeof reached / sizeof *reached; i++) {
        print_message("reason %d: %zu\n", reached[i] & 255, denied_by[reached[i] & 63]);
        assert_true(denied_by[reached[i] & 63] > 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decide__random_worlds__equals_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
