/* What feeds say: taken by their signature alone, logged, replayed; and what they settle. */
#include "feeding.h"

#include "audit/detail.h"

#define VALUE 100
#define FEE 21000

/* Two transfers of a hundred fit into the window; the feed may give back one of them. */
static driver *fed(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    feeding_mission(&mission);
    zc_rule *rule = driver_rule(&mission, "limit", ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = true;
    rule->asset = ETH;
    rule->amount = zc_u256_of(2 * (VALUE + FEE));
    rule->window_s = 24 * 3600;
    rule->measure = ZC_MEASURE_VALUE;
    rule->has_release = rule->has_feed = true;
    rule->release = zc_u256_of(VALUE + FEE);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    assert_true(drv->serving);
    driver_create(drv, driver_connect(drv, ALICE), "evm", ZC_CURVE_SECP256K1);
    return drv;
}

static zc_reply pay(driver *drv, uint64_t nonce)
{
    return driver_sign(drv, driver_connect(drv, BOT), "evm", ZC_USE_TX, ZC_FAMILY_EVM,
                       driver_transfer(nonce, VALUE));
}

static void feed__signed_by_its_key__is_an_entry_whoever_brings_it(void **state)
{
    (void)state;
    driver *drv = fed();
    zc_reply reply = feed_equity(drv, 1, 1000);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(drv->reply_after, drv->ordinal);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_FEED);
    assert_int_equal(entry.sequence, reply.logged.entry);
    assert_int_equal(entry.detail.len, 0); /* its words are private */
    zc_policy_item item = item_of(drv, ZC_SECTION_FEEDS);
    assert_true(zc_slice_eq_text(item.name, "px"));
    assert_int_equal(item.time_ms, drv->now_ms);
    assert_int_equal(item.state, 1);
    driver_tick(drv, 61 * DRIVER_SECOND);
    assert_int_equal(item_of(drv, ZC_SECTION_FEEDS).state, 0);
    driver_free(drv);
}

static void feed__refused__leaves_no_trace(void **state)
{
    (void)state;
    driver *drv = fed();
    assert_int_equal(feed_equity(drv, 5, 1000).status, ZC_STATUS_OK);
    size_t entries = drv->store.entry_count;
    uint8_t bytes[512];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    feeding_head(drv, 6, 0, &writer);
    assert_failed(feeding_send(drv, ALICE, ALICE, &writer), ZC_POLICY_FEED_SIGNATURE);
    assert_failed(feed_equity(drv, 5, 2000), ZC_POLICY_FEED_SEQUENCE);
    drv->now_ms += DRIVER_MINUTE;
    zc_writer late = ZC_WRITER_OF_ARRAY(bytes);
    drv->now_ms -= 61 * DRIVER_SECOND;
    feeding_head(drv, 7, 0, &late);
    drv->now_ms += 61 * DRIVER_SECOND + DRIVER_MINUTE;
    assert_int_equal(feeding_send(drv, ALICE, STRANGER, &late).status, ZC_STATUS_FAILED);
    zc_writer nothing = ZC_WRITER_OF_ARRAY(bytes);
    assert_ok(zc_write_text(&nothing, "not CBOR of any kind"));
    assert_int_equal(feeding_send(drv, ALICE, STRANGER, &nothing).status, ZC_STATUS_FAILED);
    assert_int_equal(drv->store.entry_count, entries);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

static void feed__settlement__gives_back_once_and_names_the_decision(void **state)
{
    (void)state;
    driver *drv = fed();
    uint8_t digest[32];
    zc_reply signed_one = pay(drv, 1);
    assert_signed(signed_one);
    uint64_t decision = signed_one.sign.entry;
    memcpy(digest, signed_one.sign.digest, 32);
    assert_signed(pay(drv, 2));
    assert_int_equal(pay(drv, 3).status, ZC_STATUS_DENIED);
    zc_reply fed_back = feed_settlement(drv, 1, digest);
    assert_int_equal(fed_back.status, ZC_STATUS_OK);
    uint64_t feed = fed_back.logged.entry;
    zc_audit_entry entry = driver_last_entry(drv);
    zc_audit_settlement settlement;
    assert_int_equal(entry.kind, ZC_AUDIT_SETTLEMENT);
    assert_memory_equal(entry.digest, digest, 32);
    assert_ok(zc_audit_settlement_read(entry.detail, &settlement));
    assert_int_equal(settlement.decision, decision);
    assert_int_equal(settlement.feed, feed);
    assert_signed(pay(drv, 3));
    assert_int_equal(pay(drv, 4).status, ZC_STATUS_DENIED);
    /* All of it again after a restart, down to the next word. */
    driver_start(drv);
    assert_alive(drv);
    assert_int_equal(pay(drv, 4).status, ZC_STATUS_DENIED);
    zc_reply second = feed_settlement(drv, 2, digest);
    assert_int_equal(second.status, ZC_STATUS_OK);
    assert_int_equal(pay(drv, 4).status, ZC_STATUS_DENIED); /* no more than the limit says */
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

/* A host that cuts a feed's entry out of the log changes what later decisions come to. */
static void feed__entry_without_its_words__does_not_boot(void **state)
{
    (void)state;
    driver *drv = fed();
    uint64_t entry = feed_equity(drv, 1, 1000).logged.entry;
    driver_blob_set(&drv->store.entry[entry].opening, zc_slice_of_text(""));
    driver_start(drv);
    assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feed__signed_by_its_key__is_an_entry_whoever_brings_it),
        cmocka_unit_test(feed__refused__leaves_no_trace),
        cmocka_unit_test(feed__settlement__gives_back_once_and_names_the_decision),
        cmocka_unit_test(feed__entry_without_its_words__does_not_boot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
