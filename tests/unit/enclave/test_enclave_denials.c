/* Refusals: what the client hears, and what the log holds. */
#include "check.h"

#include "codec/cbor.h"
#include "ring.h"

/* Quota of three a minute; at most 1000 wei at once. */
static driver *strict(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    zc_rule *rule = driver_rule(&mission, "at-most", ZC_RULE_LIMIT_PER_TX);
    rule->has_asset = rule->has_amount = true;
    rule->measure = ZC_MEASURE_VALUE;
    rule->asset = ETH;
    rule->amount = zc_u256_of(22000);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_SECP256K1);
    return drv;
}

static zc_reply transfer(driver *drv, uint64_t session, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, session, "k", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, wei));
}

static size_t entries_of_kind(const driver *drv, zc_audit_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        count += driver_entry_at(drv, i).kind == kind;
    }
    return count;
}

static uint64_t count_in(const driver *drv, zc_audit_entry entry)
{
    (void)drv;
    zc_reader reader = zc_reader_of(entry.detail);
    uint64_t count = 0;
    assert_ok(zc_cbor_get_uint(&reader, &count));
    assert_ok(zc_reader_end(&reader));
    return count;
}

static uint64_t coalesced_in_log(const driver *drv)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        zc_audit_entry entry = driver_entry_at(drv, i);
        sum += entry.kind == ZC_AUDIT_DENIALS ? count_in(drv, entry) : 0;
    }
    return sum;
}

static void denial__above_a_limit__says_which_and_by_how_much(void **state)
{
    (void)state;
    driver *drv = strict();
    zc_reply reply = transfer(drv, driver_connect(drv, BOT), 1, 1001);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_true(zc_slice_eq_text(reply.denial.rule, "at-most"));
    assert_int_equal(reply.denial.reason, ZC_POLICY_PER_TX);
    assert_true(zc_slice_eq_text(reply.denial.asset, "ETH"));
    zc_u256 measured = zc_u256_of(22001), limit = zc_u256_of(22000);
    assert_memory_equal(&reply.denial.measured, &measured, sizeof measured);
    assert_memory_equal(&reply.denial.limit, &limit, sizeof limit);
    assert_true(reply.denial.has_entry);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.sequence, reply.denial.entry);
    assert_int_equal(entry.kind, ZC_AUDIT_DECISION);
    assert_int_equal(entry.decision, ZC_AUDIT_DENY);
    assert_int_equal(entry.key_uses, 0);
    assert_int_equal(drv->reply_after, drv->ordinal);
    driver_free(drv);
}

static void denial__no_rule__names_none(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    zc_reply reply = driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_NO_RULE);
    assert_int_equal(reply.denial.rule.len, 0);
    assert_int_equal(reply.denial.asset.len, 0);
    driver_free(drv);
}

static void denial__principal_who_is_no_signer__denied(void **state)
{
    (void)state;
    driver *drv = strict();
    zc_reply reply = driver_sign_text(drv, driver_connect(drv, ALICE), "k", "hello");
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_NOT_A_SIGNER);
    driver_free(drv);
}

static void quota__used_up__further_denials_become_a_count(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t i = 0; i < 10; i++) {
        zc_reply reply = transfer(drv, bot, i, 5000);
        assert_int_equal(reply.status, ZC_STATUS_DENIED);
        assert_int_equal(reply.denial.has_entry, i < 3);
        assert_int_equal(reply.denial.reason, ZC_POLICY_PER_TX);
    }
    assert_int_equal(entries_of_kind(drv, ZC_AUDIT_DECISION), 3);
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(coalesced_in_log(drv), 0);
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(entries_of_kind(drv, ZC_AUDIT_DENIALS), 1);
    assert_int_equal(coalesced_in_log(drv), 7);
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(entries_of_kind(drv, ZC_AUDIT_DENIALS), 1);
    driver_free(drv);
}

static void quota__of_one_principal__is_not_another_s(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT), alice = driver_connect(drv, ALICE);
    for (uint64_t i = 0; i < 5; i++) {
        transfer(drv, bot, i, 5000);
    }
    assert_true(driver_sign_text(drv, alice, "k", "hello").denial.has_entry);
    driver_free(drv);
}

static void quota__used_up__what_is_allowed_is_still_signed(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t i = 0; i < 50; i++) {
        transfer(drv, bot, i, 5000);
    }
    assert_signed(transfer(drv, bot, 99, 10));
    driver_free(drv);
}

static void quota__next_minute__is_new(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t i = 0; i < 5; i++) {
        transfer(drv, bot, i, 5000);
    }
    drv->now_ms += DRIVER_MINUTE;
    assert_true(transfer(drv, bot, 9, 5000).denial.has_entry);
    driver_free(drv);
}

/* Whoever asks without a pause must not keep the count out of the log for ever. */
static void quota__denials_that_never_stop__are_counted_each_minute(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT);
    uint64_t asked = 0;
    for (int half_second = 0; half_second < 5 * 120; half_second++) {
        drv->now_ms += 500;
        transfer(drv, bot, asked++, 5000);
        if (half_second % 2 == 1) {
            driver_tick(drv, 0);
        }
    }
    assert_true(entries_of_kind(drv, ZC_AUDIT_DENIALS) >= 4);
    driver_tick(drv, DRIVER_MINUTE);
    /* None is missing in the end. */
    assert_int_equal(entries_of_kind(drv, ZC_AUDIT_DECISION) + coalesced_in_log(drv), asked);
    driver_free(drv);
}

static void quota__after_denials__log_restores(void **state)
{
    (void)state;
    driver *drv = strict();
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t i = 0; i < 10; i++) {
        transfer(drv, bot, i, 5000);
        transfer(drv, bot, 100 + i, 10);
    }
    driver_tick(drv, DRIVER_MINUTE);
    driver_start(drv);
    assert_true(drv->serving);
    assert_int_equal(ring_track(drv, 0).uses, 10);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denial__above_a_limit__says_which_and_by_how_much),
        cmocka_unit_test(denial__no_rule__names_none),
        cmocka_unit_test(denial__principal_who_is_no_signer__denied),
        cmocka_unit_test(quota__used_up__further_denials_become_a_count),
        cmocka_unit_test(quota__of_one_principal__is_not_another_s),
        cmocka_unit_test(quota__used_up__what_is_allowed_is_still_signed),
        cmocka_unit_test(quota__next_minute__is_new),
        cmocka_unit_test(quota__denials_that_never_stop__are_counted_each_minute),
        cmocka_unit_test(quota__after_denials__log_restores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
