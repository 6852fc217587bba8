#include "fixture.h"

#include <string.h>

#include "crypto/hash.h"
#include "intent/intent_cbor.h"

zc_mission fixture_mission;
zc_policy_state fixture_state;
static uint8_t compiled[ZC_MISSION_MAX_BYTES];

const uint8_t *address(uint8_t b)
{
    static uint8_t bytes[256][ZC_EVM_ADDRESS_SIZE];
    memset(bytes[b], b, ZC_EVM_ADDRESS_SIZE);
    return bytes[b];
}

static void add_principal(const char *name, uint32_t roles)
{
    size_t at = fixture_mission.principal_count++;
    zc_principal *principal = &fixture_mission.principals[at];
    strcpy(principal->name, name);
    strcpy(principal->organisation, "Example Trading");
    memset(principal->pubkey, (int)at + 1, sizeof principal->pubkey);
    principal->roles = roles;
}

static void add_asset(const char *name, uint64_t chain, bool native)
{
    zc_asset *asset = &fixture_mission.assets[fixture_mission.asset_count++];
    strcpy(asset->name, name);
    asset->id = native ? zc_asset_id_native(chain)
                       : zc_asset_id_token(chain, zc_slice_of(address(0xaa), ZC_EVM_ADDRESS_SIZE));
    asset->decimals = native ? 18 : 6;
}

void fixture_reset(void)
{
    zc_mission *mission = &fixture_mission;
    memset(mission, 0, sizeof *mission);
    strcpy(mission->name, "example");
    mission->founders_needed = 1;
    mission->resume_needed = 1;
    mission->denial_quota = 60;
    add_principal("founder", ZC_ROLE_FOUNDER | ZC_ROLE_APPROVER | ZC_ROLE_SIGNER);
    add_principal("bot", ZC_ROLE_SIGNER);
    add_principal("auditor", ZC_ROLE_AUDITOR);
    add_asset("ETH", 1, true);
    add_asset("USDC", 1, false);
    add_asset("ETH.10", 10, true);
    add_asset("USDC.10", 10, false);
    zc_contract *contract = &mission->contracts[mission->contract_count++];
    strcpy(contract->name, "router");
    contract->chain_id = 1;
    contract->address = zc_address_of_evm(address(0xcc));
}

zc_rule *fixture_rule(const char *name, zc_rule_kind kind)
{
    zc_rule *rule = &fixture_mission.rules[fixture_mission.rule_count++];
    strcpy(rule->name, name);
    rule->kind = kind;
    rule->scope = zc_scope_any(ALL_USES);
    return rule;
}

zc_rule *fixture_allow_all(void)
{
    zc_rule *rule = fixture_rule("allow-all", ZC_RULE_ALLOW);
    rule->scope.accepted_flags = ZC_FLAGS_KNOWN;
    return rule;
}

zc_rule *fixture_limit(const char *name, zc_rule_kind kind, uint16_t asset, uint64_t amount,
                       uint32_t seconds)
{
    zc_rule *rule = fixture_rule(name, kind);
    rule->has_asset = true;
    rule->asset = asset;
    rule->has_amount = true;
    rule->measure = ZC_MEASURE_VALUE;
    rule->amount = zc_u256_of(amount);
    rule->window_s = seconds;
    return rule;
}

zc_rule *fixture_rate(const char *name, uint32_t count, uint32_t seconds)
{
    zc_rule *rule = fixture_rule(name, ZC_RULE_LIMIT_RATE);
    rule->count = count;
    rule->window_s = seconds;
    return rule;
}

void fixture_start(void)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    assert_int_equal(zc_mission_write(&fixture_mission, &writer).code, 0);
    assert_int_equal(zc_mission_parse(zc_writer_written(&writer), &fixture_mission).code, 0);
    zc_policy_init(&fixture_state, &fixture_mission);
}

void list_address(zc_rule *rule, zc_list_kind kind, uint8_t b)
{
    zc_slice item = zc_slice_of(address(b), ZC_EVM_ADDRESS_SIZE);
    assert_int_equal(zc_scope_list_bytes(&fixture_mission, &rule->scope, kind, item).code, 0);
}

void list_key(zc_rule *rule, const char *pattern)
{
    assert_int_equal(
        zc_scope_list_bytes(&fixture_mission, &rule->scope, ZC_LIST_KEYS, zc_slice_of_text(pattern))
            .code,
        0);
}

void list_chain(zc_rule *rule, uint64_t chain)
{
    assert_int_equal(zc_scope_list_chain(&fixture_mission, &rule->scope, chain).code, 0);
}

static void begin_tx(zc_intent *intent, zc_operation operation, uint64_t chain, uint64_t nonce)
{
    zc_intent_reset(intent);
    intent->family = ZC_FAMILY_EVM;
    intent->operation = operation;
    intent->account = zc_address_of_evm(address(0x01));
    intent->has_chain_id = chain != 0;
    intent->chain_id = chain;
    intent->flags = chain == 0 ? ZC_FLAG_NO_REPLAY_PROTECTION : 0;
    intent->nonce = nonce;
    intent->gas_limit = zc_u256_of(21000);
}

static void add_movement(zc_intent *intent, zc_movement_kind kind, zc_asset_kind asset, uint8_t to,
                         uint64_t amount)
{
    zc_movement movement = {.kind = kind, .amount = zc_u256_of(amount)};
    movement.call = intent->call_count > 0 ? 0 : ZC_CALL_NONE;
    movement.asset =
        asset == ZC_ASSET_NATIVE
            ? zc_asset_id_native(intent->chain_id)
            : zc_asset_id_token(intent->chain_id, zc_slice_of(address(0xaa), ZC_EVM_ADDRESS_SIZE));
    movement.from = intent->account;
    if (kind != ZC_MOVEMENT_FEE) {
        movement.to = zc_address_of_evm(address(to));
    }
    assert_int_equal(zc_intent_add_movement(intent, &movement).code, 0);
}

void intent_finish(zc_intent *intent)
{
    static uint8_t encoded[ZC_INTENT_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(encoded);
    memset(intent->digest, 0, sizeof intent->digest);
    assert_int_equal(zc_intent_write(intent, &writer).code, 0);
    zc_sha256(zc_writer_written(&writer), intent->digest);
}

void intent_transfer(zc_intent *intent, uint64_t chain, uint64_t nonce, uint8_t to, uint64_t amount,
                     uint64_t fee)
{
    begin_tx(intent, ZC_OPERATION_TRANSFER, chain, nonce);
    intent->to = zc_address_of_evm(address(to));
    add_movement(intent, ZC_MOVEMENT_OUT, ZC_ASSET_NATIVE, to, amount);
    if (fee != 0) {
        add_movement(intent, ZC_MOVEMENT_FEE, ZC_ASSET_NATIVE, 0, fee);
    }
    intent_finish(intent);
}

void intent_token(zc_intent *intent, zc_operation operation, uint64_t chain, uint64_t nonce,
                  uint8_t to, uint64_t amount)
{
    begin_tx(intent, operation, chain, nonce);
    intent->to = zc_address_of_evm(address(0xaa));
    zc_call *call = NULL;
    assert_int_equal(zc_intent_add_call(intent, &intent->to, ZC_CALL_NONE, &call).code, 0);
    call->method_len = 4;
    memset(call->method, (int)operation, 4);
    zc_movement_kind kind =
        operation == ZC_OPERATION_APPROVE ? ZC_MOVEMENT_ALLOWANCE : ZC_MOVEMENT_OUT;
    add_movement(intent, kind, ZC_ASSET_TOKEN, to, amount);
    add_movement(intent, ZC_MOVEMENT_FEE, ZC_ASSET_NATIVE, 0, 1);
    intent_finish(intent);
}

void intent_message(zc_intent *intent, const char *text)
{
    zc_intent_reset(intent);
    intent->family = ZC_FAMILY_EVM;
    intent->operation = ZC_OPERATION_MESSAGE;
    intent->account = zc_address_of_evm(address(0x01));
    intent->message = zc_slice_of_text(text);
    zc_sha256(intent->message, intent->digest);
}

void intent_digest(zc_intent *intent, uint8_t b)
{
    zc_intent_reset(intent);
    intent->family = ZC_FAMILY_EVM;
    intent->operation = ZC_OPERATION_DIGEST;
    intent->flags = ZC_FLAG_RAW_DIGEST;
    memset(intent->digest, b, sizeof intent->digest);
}

uint8_t use_of(const zc_intent *intent)
{
    return intent->operation == ZC_OPERATION_MESSAGE  ? ZC_USE_MESSAGE
           : intent->operation == ZC_OPERATION_DIGEST ? ZC_USE_DIGEST
                                                      : ZC_USE_TX;
}

zc_decision ask_as(const zc_intent *intent, uint32_t principal, const char *key, uint8_t use,
                   int64_t now_ms)
{
    zc_decision decision;
    zc_request_context context = {
        .principal = principal, .key_name = zc_slice_of_text(key), .use = use, .now_ms = now_ms};
    memcpy(context.key_id, intent->account.byte, sizeof context.key_id);
    assert_int_equal(
        zc_policy_decide(&fixture_state, &fixture_mission, &context, intent, &decision).code, 0);
    return decision;
}

zc_decision ask(const zc_intent *intent, int64_t now_ms)
{
    return ask_as(intent, BOT, "hot-1", use_of(intent), now_ms);
}

void assert_allowed(zc_decision decision, uint16_t rule)
{
    assert_int_equal(decision.reason, 0);
    assert_int_equal(decision.outcome, ZC_OUTCOME_ALLOW);
    assert_int_equal(decision.rule, rule);
}

void assert_denied(zc_decision decision, int reason, uint16_t rule)
{
    assert_int_equal(decision.outcome, ZC_OUTCOME_DENY);
    assert_int_equal(decision.reason, reason);
    assert_int_equal(decision.rule, rule);
}
