/* The compiled form: exactly one, and nothing else parses. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"

static zc_mission parsed;
static uint8_t bytes[ZC_MISSION_MAX_BYTES + 16];
static uint8_t again[ZC_MISSION_MAX_BYTES + 16];
static size_t len;

static size_t write_to(uint8_t *out, const zc_mission *mission)
{
    zc_writer writer = zc_writer_of(out, sizeof bytes);
    assert_int_equal(zc_mission_write(mission, &writer).code, 0);
    return zc_writer_len(&writer);
}

/* One rule of each kind, and every dimension of scope used. */
static int start_rich(void **state)
{
    (void)state;
    fixture_reset();
    zc_rule *allow = fixture_allow_all();
    allow->scope.accepted_flags = ZC_FLAG_UNKNOWN_CALLDATA;
    assert_int_equal(zc_scope_list_principal(&allow->scope, BOT).code, 0);
    list_key(allow, "hot-*");
    list_key(allow, "cold");
    list_key(allow, "hot-*");
    list_chain(allow, 42161);
    list_chain(allow, 1);
    allow->scope.operations_listed = true;
    allow->scope.operations = zc_operation_bit(ZC_OPERATION_TRANSFER);
    list_address(allow, ZC_LIST_CONTRACTS, 0xcc);
    list_address(allow, ZC_LIST_CONTRACTS, 0xaa);
    assert_int_equal(zc_scope_list_bytes(&fixture_mission, &allow->scope, ZC_LIST_METHODS,
                                         zc_slice_of("\x09\x5e\xa7\xb3", 4))
                         .code,
                     0);
    assert_int_equal(zc_scope_list_asset(&allow->scope, USDC_10).code, 0);
    assert_int_equal(zc_scope_list_asset(&allow->scope, ETH).code, 0);
    list_address(allow, ZC_LIST_COUNTERPARTIES, 0x22);
    zc_scope_list_none(&fixture_rule("deny", ZC_RULE_DENY)->scope, ZC_LIST_METHODS);
    fixture_limit("per-tx", ZC_RULE_LIMIT_PER_TX, ETH, 5, 0)->scope.counterparties =
        allow->scope.counterparties;
    fixture_limit("window", ZC_RULE_LIMIT_WINDOW, USDC, 0, 86400);
    fixture_rate("rate", 10, 60);
    list_chain(fixture_rule("chains", ZC_RULE_RESTRICT_CHAINS), 1);
    len = write_to(bytes, &fixture_mission);
    return 0;
}

static int parse_code(void)
{
    return zc_mission_parse(zc_slice_of(bytes, len), &parsed).code;
}

/* What stands last has counts among what stands first. */
static bool is_empty(void)
{
    const uint8_t *raw = (const uint8_t *)&parsed;
    for (size_t i = 0; i < offsetof(zc_mission, evm); i++) {
        if (raw[i] != 0) {
            return false;
        }
    }
    return true;
}

static void parse__what_was_written__equal_and_written_alike(void **state)
{
    (void)state;
    assert_int_equal(parse_code(), 0);
    assert_int_equal(write_to(again, &parsed), len);
    assert_memory_equal(again, bytes, len);
    assert_int_equal(zc_cbor_check_canonical(zc_slice_of(bytes, len)).code, 0);
    assert_int_equal(parsed.rule_count, 6);
    assert_string_equal(parsed.rules[0].name, "allow-all");
    assert_int_equal(parsed.rules[0].scope.keys.count, 2);
    assert_string_equal(parsed.key_patterns[0].text, "cold");
    assert_string_equal(parsed.key_patterns[1].text, "hot-*");
    assert_int_equal(parsed.chains[0], 1);
    assert_int_equal(parsed.chains[1], 42161);
    assert_int_equal(parsed.rules[3].window_s, 86400);
    assert_true(parsed.rules[3].has_amount && zc_u256_is_zero(&parsed.rules[3].amount));
    assert_true(parsed.rules[1].scope.methods.listed);
    assert_int_equal(parsed.rules[1].scope.methods.count, 0);
}

static void parse__truncated_anywhere__refused_and_empty(void **state)
{
    size_t whole = len;
    (void)state;
    for (len = 0; len < whole; len++) {
        assert_int_not_equal(parse_code(), 0);
    }
    assert_true(is_empty());
}

/* What an earlier mission, or nobody, left in the memory is in no answer. */
static void parse__into_used_memory__the_same_mission(void **state)
{
    (void)state;
    memset(&parsed, 0xa5, sizeof parsed);
    assert_int_equal(parse_code(), 0);
    assert_int_equal(write_to(again, &parsed), len);
    assert_memory_equal(again, bytes, len);
}

static void parse__trailing_byte__refused(void **state)
{
    (void)state;
    bytes[len++] = 0;
    assert_int_equal(parse_code(), ZC_BASE_TRAILING);
    assert_true(is_empty());
}

/* Each byte to each value: what still parses writes back to what was read. */
static void parse__every_byte_changed__refused_or_exact(void **state)
{
    size_t accepted = 0;
    (void)state;
    for (size_t at = 0; at < len; at++) {
        uint8_t was = bytes[at];
        for (unsigned value = 0; value < 256; value += at % 8 == 0 ? 1 : 17) {
            bytes[at] = (uint8_t)value;
            if (parse_code() == 0) {
                accepted++;
                assert_int_equal(write_to(again, &parsed), len);
                assert_memory_equal(again, bytes, len);
            }
        }
        bytes[at] = was;
    }
    assert_true(accepted > len); /* names, keys and amounts may be others */
}

static void parse__longer_than_the_limit__refused(void **state)
{
    (void)state;
    len = ZC_MISSION_MAX_BYTES + 1;
    assert_int_equal(parse_code(), ZC_POLICY_MISSION_TOO_LONG);
}

/* Things that a compiler could get wrong; each is written as it stands and must not parse. */
static void parse__broken_mission__refused_with_its_reason(void **state)
{
    (void)state;
    zc_mission *m = &fixture_mission;
#define BROKEN(change, reason)                                                                     \
    do {                                                                                           \
        void *none = NULL;                                                                         \
        (void)start_rich(&none);                                                                   \
        change;                                                                                    \
        len = write_to(bytes, m);                                                                  \
        assert_int_equal(parse_code(), reason);                                                    \
        assert_true(is_empty());                                                                   \
    } while (0)
    BROKEN(strcpy(m->name, ""), ZC_POLICY_MISSION_NAME);
    BROKEN(strcpy(m->name, " a"), ZC_POLICY_MISSION_NAME);
    BROKEN(strcpy(m->name, "a "), ZC_POLICY_MISSION_NAME);
    BROKEN(strcpy(m->name, "a\nb"), ZC_POLICY_MISSION_NAME);
    BROKEN(strcpy(m->principals[0].organisation, "\xe2\x80\xae"), ZC_POLICY_MISSION_NAME);
    BROKEN(strcpy(m->principals[1].name, "founder"), ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(memset(m->principals[1].pubkey, 1, 32), ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(strcpy(m->assets[3].name, "ETH"), ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(m->assets[2].id.chain_id = 1, ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(m->contracts[m->contract_count++] = m->contracts[0], ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(strcpy(m->rules[5].name, "deny"), ZC_POLICY_MISSION_DUPLICATE);
    BROKEN(m->assets[0].id.chain_id = 0, ZC_POLICY_MISSION_ASSET);
    BROKEN(m->contracts[0].chain_id = 0, ZC_POLICY_MISSION_ASSET);
    BROKEN(m->assets[0].decimals = 78, ZC_POLICY_MISSION_ASSET);
    BROKEN(m->principals[0].roles = 32, ZC_POLICY_MISSION_UNKNOWN_BIT);
    BROKEN(m->rules[0].scope.uses = 32, ZC_POLICY_MISSION_UNKNOWN_BIT);
    BROKEN(m->rules[0].scope.accepted_flags = ZC_FLAGS_KNOWN + 1, ZC_POLICY_MISSION_UNKNOWN_BIT);
    BROKEN(m->rules[0].scope.operations = UINT64_C(1) << 63, ZC_POLICY_MISSION_UNKNOWN_BIT);
    BROKEN(m->rules[0].kind = 0, ZC_POLICY_MISSION_RULE_KIND);
    BROKEN(m->rules[0].kind = ZC_RULE_KINDS, ZC_POLICY_MISSION_RULE_KIND);
    BROKEN(m->rules[0].kind = ZC_RULE_DENY, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[0].has_amount = true, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[0].window_s = 1, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[0].count = 1, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[2].has_asset = false, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[2].has_amount = false, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[2].window_s = 5, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[3].count = 5, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[5].scope.chains.listed = false, ZC_POLICY_MISSION_RULE_SHAPE);
    BROKEN(m->rules[3].window_s = 0, ZC_POLICY_MISSION_WINDOW);
    BROKEN(m->rules[4].window_s = ZC_MISSION_MAX_WINDOW_SECONDS + 1, ZC_POLICY_MISSION_WINDOW);
    BROKEN(m->rules[2].asset = 4, ZC_POLICY_MISSION_INDEX);
    BROKEN(m->founders_needed = 0, ZC_POLICY_MISSION_QUORUM);
    BROKEN(m->founders_needed = 2, ZC_POLICY_MISSION_QUORUM);
    BROKEN(m->resume_needed = 0, ZC_POLICY_MISSION_QUORUM);
    BROKEN(m->resume_needed = 2, ZC_POLICY_MISSION_QUORUM);
    BROKEN(m->max_unacked = ZC_MISSION_MAX_UNACKED + 1, ZC_POLICY_MISSION_AUDIT);
    BROKEN(m->witnesses_needed = 1, ZC_POLICY_MISSION_AUDIT);
    BROKEN(m->denial_quota = ZC_MISSION_MAX_DENIAL_QUOTA + 1, ZC_POLICY_MISSION_AUDIT);
    BROKEN(m->chains[1] = 1, ZC_POLICY_MISSION_ORDER);
    BROKEN(m->chains[0] = 99999, ZC_POLICY_MISSION_ORDER);
    BROKEN(memset(m->evm[0].byte, 0xff, 20), ZC_POLICY_MISSION_ORDER);
    BROKEN(strcpy(m->key_patterns[0].text, "hot-*"), ZC_POLICY_MISSION_ORDER);
    BROKEN(strcpy(m->key_patterns[1].text, "ho*t"), ZC_POLICY_MISSION_KEY_PATTERN);
    BROKEN(strcpy(m->key_patterns[1].text, "Hot"), ZC_POLICY_MISSION_KEY_PATTERN);
    BROKEN(strcpy(m->key_patterns[1].text, "-hot"), ZC_POLICY_MISSION_KEY_PATTERN);
    BROKEN(strcpy(m->key_patterns[1].text, ""), ZC_POLICY_MISSION_KEY_PATTERN);
}

static void parse__other_version__refused_as_such(void **state)
{
    (void)state;
    uint8_t *version = memmem(bytes, len, "zcp-mission-v1", 14);
    assert_non_null(version);
    version[13] = '2';
    assert_int_equal(parse_code(), ZC_POLICY_MISSION_VERSION);
}

static void parse__unknown_field__refused(void **state)
{
    (void)state;
    assert_int_equal(bytes[0], 0xb2);
    bytes[0] = 0xb3;
    bytes[len++] = 19;
    bytes[len++] = 0;
    assert_int_not_equal(parse_code(), 0);
}

static void write__index_out_of_bounds__refused_and_nothing_written(void **state)
{
    (void)state;
    zc_writer writer = zc_writer_of(again, sizeof again);
    fixture_mission.rules[0].scope.principals |= 8;
    assert_int_equal(zc_mission_write(&fixture_mission, &writer).code, ZC_POLICY_MISSION_INDEX);
    (void)start_rich(state);
    fixture_mission.rules[0].scope.keys.count = 3;
    assert_int_equal(zc_mission_write(&fixture_mission, &writer).code, ZC_POLICY_MISSION_INDEX);
    (void)start_rich(state);
    fixture_mission.rule_count = ZC_MISSION_MAX_RULES + 1;
    assert_int_equal(zc_mission_write(&fixture_mission, &writer).code, ZC_POLICY_MISSION_INDEX);
    assert_int_equal(zc_writer_len(&writer), 0);
}

static void write__buffer_too_small__refused_and_nothing_written(void **state)
{
    (void)state;
    for (size_t capacity = 0; capacity < len; capacity += 3) {
        zc_writer writer = zc_writer_of(again, capacity);
        assert_int_equal(zc_mission_write(&fixture_mission, &writer).code, ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

/* Every array at its bound: the greatest mission fits the limit on bytes, and parses. */
static void parse__every_bound_reached__accepted(void **state)
{
    (void)state;
    fixture_reset();
    zc_mission *m = &fixture_mission;
    for (size_t i = m->principal_count; i < ZC_MISSION_MAX_PRINCIPALS; i++) {
        zc_principal *p = &m->principals[m->principal_count++];
        snprintf(p->name, sizeof p->name, "%063zu", i);
        snprintf(p->organisation, sizeof p->organisation, "%063zu", i);
        memset(p->pubkey, (int)i + 1, 32);
    }
    for (size_t i = m->asset_count; i < ZC_MISSION_MAX_ASSETS; i++) {
        zc_asset *a = &m->assets[m->asset_count++];
        snprintf(a->name, sizeof a->name, "%015zu", i);
        a->id = zc_asset_id_native(10000 + i);
    }
    for (size_t i = m->contract_count; i < ZC_MISSION_MAX_CONTRACTS; i++) {
        zc_contract *c = &m->contracts[m->contract_count++];
        snprintf(c->name, sizeof c->name, "%031zu", i);
        c->chain_id = 10000 + i;
        c->address = zc_address_of_evm(address(1));
    }
    for (size_t i = 0; i < ZC_MISSION_MAX_RULES; i++) {
        char name[ZC_MISSION_NAME_SIZE];
        snprintf(name, sizeof name, "%063zu", i);
        zc_rule *r = fixture_limit(name, ZC_RULE_LIMIT_WINDOW, 255, 0, 31622400);
        r->amount = ZC_U256_MAX;
        r->scope.principals_listed = r->scope.operations_listed = r->scope.assets_listed = true;
        r->scope.principals = UINT64_MAX;
        r->scope.operations = 255;
        memset(r->scope.assets, 0xff, sizeof r->scope.assets);
        for (uint8_t j = 0; j < 64; j++) {
            list_address(r, ZC_LIST_CONTRACTS, j);
        }
        for (uint8_t j = 0; j < 64; j++) {
            list_address(r, ZC_LIST_COUNTERPARTIES, j);
        }
        for (uint8_t j = 0; j < 4; j++) {
            uint8_t selector[4] = {j};
            list_chain(r, UINT64_MAX - j);
            assert_int_equal(
                zc_scope_list_bytes(m, &r->scope, ZC_LIST_METHODS, ZC_SLICE_OF_ARRAY(selector))
                    .code,
                0);
        }
        char key[ZC_MISSION_NAME_SIZE];
        snprintf(key, sizeof key, "%063d", 1);
        list_key(r, key);
        snprintf(key, sizeof key, "%063d", 2);
        list_key(r, key);
    }
    assert_int_equal(m->evm_count, ZC_MISSION_MAX_EVM);
    assert_int_equal(m->key_pattern_count, ZC_MISSION_MAX_KEY_PATTERNS);
    len = write_to(bytes, m);
    assert_true(len > ZC_MISSION_MAX_BYTES * 3 / 4 && len < ZC_MISSION_MAX_BYTES);
    assert_int_equal(parse_code(), 0);
    assert_int_equal(write_to(again, &parsed), len);
    assert_memory_equal(again, bytes, len);
    /* One more item in a list is one too many. */
    uint8_t more[20] = {9, 9};
    assert_int_equal(zc_scope_list_bytes(m, &m->rules[ZC_MISSION_MAX_RULES - 1].scope,
                                         ZC_LIST_COUNTERPARTIES, ZC_SLICE_OF_ARRAY(more))
                         .code,
                     ZC_POLICY_MISSION_LISTS_FULL);
}

static void build__list_reopened_after_another__refused(void **state)
{
    (void)state;
    fixture_reset();
    zc_rule *rule = fixture_allow_all();
    list_address(rule, ZC_LIST_CONTRACTS, 1);
    list_address(rule, ZC_LIST_COUNTERPARTIES, 1);
    zc_slice item = zc_slice_of(address(2), ZC_EVM_ADDRESS_SIZE);
    assert_int_equal(
        zc_scope_list_bytes(&fixture_mission, &rule->scope, ZC_LIST_CONTRACTS, item).code,
        ZC_POLICY_MISSION_ORDER);
    item.len = ZC_ADDRESS_MAX + 1;
    assert_int_equal(
        zc_scope_list_bytes(&fixture_mission, &rule->scope, ZC_LIST_COUNTERPARTIES, item).code,
        ZC_POLICY_MISSION_INDEX);
}

static void names__there_and_back(void **state)
{
    zc_use use = 0;
    uint32_t index = 99;
    (void)state;
    assert_true(zc_use_of_name(zc_slice_of_text("typed-data"), &use));
    assert_int_equal(use, ZC_USE_TYPED_DATA);
    assert_string_equal(zc_use_name(ZC_USE_DIGEST), "digest");
    assert_null(zc_use_name(6));
    assert_false(zc_use_of_name(zc_slice_of_text("txx"), &use));
    assert_string_equal(zc_rule_kind_name(ZC_RULE_LIMIT_RATE), "limit-rate");
    assert_null(zc_rule_kind_name(0));
    assert_null(zc_rule_kind_name(ZC_RULE_KINDS));
    assert_true(
        zc_mission_find_principal(&fixture_mission, fixture_mission.principals[1].pubkey, &index));
    assert_int_equal(index, 1);
    uint8_t unknown[32] = {0};
    assert_false(zc_mission_find_principal(&fixture_mission, unknown, &index));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup(function, start_rich)
    const struct CMUnitTest tests[] = {
        TEST(parse__what_was_written__equal_and_written_alike),
        TEST(parse__truncated_anywhere__refused_and_empty),
        TEST(parse__into_used_memory__the_same_mission),
        TEST(parse__trailing_byte__refused),
        TEST(parse__every_byte_changed__refused_or_exact),
        TEST(parse__longer_than_the_limit__refused),
        TEST(parse__broken_mission__refused_with_its_reason),
        TEST(parse__other_version__refused_as_such),
        TEST(parse__unknown_field__refused),
        TEST(write__index_out_of_bounds__refused_and_nothing_written),
        TEST(write__buffer_too_small__refused_and_nothing_written),
        TEST(parse__every_bound_reached__accepted),
        TEST(build__list_reopened_after_another__refused),
        TEST(names__there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
