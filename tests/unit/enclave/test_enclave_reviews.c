/* What a REVIEW rule holds back: listed, shown as the enclave reads it, approved, used once. */
#include "approvals.h"

#include "intent/order.h"

static driver *reviewed(void)
{
    static zc_mission mission;
    review_rule(&mission);
    mission.denial_quota = 10;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "evm", ZC_CURVE_SECP256K1);
    return drv;
}

static zc_reply pay(driver *drv, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, driver_connect(drv, BOT), "evm", ZC_USE_TX, ZC_FAMILY_EVM,
                       driver_transfer(nonce, wei));
}

static uint64_t held(driver *drv, uint64_t nonce, uint64_t wei)
{
    zc_reply reply = pay(drv, nonce, wei);
    assert_int_equal(reply.status, ZC_STATUS_REVIEW);
    assert_true(reply.denial.has_entry);
    return reply.denial.entry;
}

static void sign__under_review__is_one_entry_however_often_it_is_asked(void **state)
{
    (void)state;
    driver *drv = reviewed();
    zc_reply reply = pay(drv, 1, 5);
    assert_int_equal(reply.status, ZC_STATUS_REVIEW);
    assert_true(zc_slice_eq_text(reply.denial.rule, "big"));
    assert_int_equal(reply.denial.reason, ZC_POLICY_NEEDS_APPROVAL);
    assert_int_equal(reply.denial.limit.limb[0], 2);
    assert_int_equal(drv->reply_after, drv->ordinal);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_DECISION);
    assert_int_equal(entry.decision, ZC_AUDIT_REVIEW);
    assert_int_equal(entry.sequence, reply.denial.entry);
    size_t entries = drv->store.entry_count;
    assert_int_equal(held(drv, 1, 5), entry.sequence);
    assert_int_equal(drv->store.entry_count, entries);
    assert_int_not_equal(held(drv, 1, 6), entry.sequence);
    driver_free(drv);
}

static void reviews__who_may_see_them__sees_the_enclaves_own_words(void **state)
{
    (void)state;
    driver *drv = reviewed();
    uint64_t entry = held(drv, 7, 5);
    const unsigned sees[] = {ALICE, BOB, BOT, AUDITOR};
    for (size_t i = 0; i < sizeof sees / sizeof sees[0]; i++) {
        zc_reply reply = review_list(drv, sees[i]);
        zc_review_info info;
        assert_int_equal(reply.list.count, 1);
        assert_int_equal(reply.list.total, 1);
        zc_reader items = zc_reader_of(reply.list.items);
        assert_ok(zc_review_info_read(&items, &info));
        assert_ok(zc_reader_end(&items));
        assert_int_equal(info.entry, entry);
        assert_true(zc_slice_eq_text(info.principal, "bot"));
        assert_true(zc_slice_eq_text(info.key, "evm"));
        assert_true(zc_slice_eq_text(info.rule, "big"));
        assert_int_equal(info.needed, 2);
        assert_int_equal(info.state, ZC_REVIEW_PENDING);
        /* Whether an approval of theirs would count. */
        assert_int_equal(info.valid_ms, sees[i] == ALICE || sees[i] == BOB ? VALID_S * 1000 : 0);
    }
    zc_reply shown = review_show(drv, BOB, entry);
    assert_int_equal(shown.status, ZC_STATUS_OK);
    char text[4096];
    assert_true(shown.review.text.len < sizeof text);
    memcpy(text, shown.review.text.data, shown.review.text.len);
    text[shown.review.text.len] = '\0';
    assert_non_null(strstr(text, "0x3535353535353535353535353535353535353535"));
    assert_non_null(strstr(text, "ETH"));
    assert_failed(review_show(drv, BOB, entry + 1), ZC_POLICY_APPROVAL_UNKNOWN);
    driver_free(drv);
}

static void approve__enough_of_two_organisations__is_signed_once(void **state)
{
    (void)state;
    driver *drv = reviewed();
    uint64_t entry = held(drv, 1, 5);
    zc_reply reply = approve(drv, ALICE, entry);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(drv->reply_after, drv->ordinal);
    zc_audit_entry logged = driver_last_entry(drv);
    uint8_t leaf[32];
    leaf_of(drv, entry, leaf);
    assert_int_equal(logged.kind, ZC_AUDIT_APPROVAL);
    assert_int_equal(logged.sequence, reply.logged.entry);
    assert_memory_equal(logged.digest, leaf, 32);
    reply = pay(drv, 1, 5);
    assert_int_equal(reply.status, ZC_STATUS_REVIEW);
    assert_int_equal(reply.denial.measured.limb[0], 1);
    assert_int_equal(approve(drv, BOB, entry).status, ZC_STATUS_OK);
    zc_review_info info;
    zc_reader items = zc_reader_of(review_list(drv, ALICE).list.items);
    assert_ok(zc_review_info_read(&items, &info));
    assert_int_equal(info.state, ZC_REVIEW_APPROVED);
    assert_int_equal(info.have, 2);
    assert_int_equal(pay(drv, 2, 5).status, ZC_STATUS_REVIEW); /* another request */
    assert_signed(pay(drv, 1, 5));
    assert_int_not_equal(held(drv, 1, 5), entry); /* used up */
    assert_failed(approve(drv, CAROL, entry), ZC_POLICY_APPROVAL_UNKNOWN);
    driver_free(drv);
}

static void approve__restart_in_between__counts_on(void **state)
{
    (void)state;
    driver *drv = reviewed();
    uint64_t entry = held(drv, 1, 5);
    assert_int_equal(approve(drv, ALICE, entry).status, ZC_STATUS_OK);
    driver_start(drv);
    assert_alive(drv);
    assert_int_equal(review_show(drv, BOB, entry).status, ZC_STATUS_OK);
    assert_int_equal(approve(drv, CAROL, entry).status, ZC_STATUS_OK);
    driver_start(drv);
    assert_alive(drv);
    assert_signed(pay(drv, 1, 5));
    driver_start(drv);
    assert_alive(drv);
    assert_int_equal(pay(drv, 1, 5).status, ZC_STATUS_REVIEW);
    assert_int_equal(review_list(drv, ALICE).list.total, 1);
    driver_free(drv);
}

static void approve__what_does_not_count__is_refused_and_not_logged(void **state)
{
    (void)state;
    driver *drv = reviewed();
    uint64_t entry = held(drv, 1, 5);
    uint8_t leaf[32], other[32] = {1};
    int64_t later = drv->now_ms + DRIVER_MINUTE;
    leaf_of(drv, entry, leaf);
    size_t entries = drv->store.entry_count;
    assert_failed(approve_as(drv, BOB, CAROL, leaf, later), ZC_POLICY_APPROVAL_SIGNATURE);
    assert_failed(approve_as(drv, BOB, BOB, other, later), ZC_POLICY_APPROVAL_UNKNOWN);
    assert_failed(approve_as(drv, BOB, BOB, leaf, drv->now_ms), ZC_POLICY_APPROVAL_EXPIRY);
    assert_failed(approve_as(drv, BOB, BOB, leaf, drv->now_ms + VALID_S * 1000 + 1),
                  ZC_POLICY_APPROVAL_EXPIRY);
    assert_failed(approve_as(drv, BOT, BOT, leaf, later), ZC_POLICY_APPROVAL_PRINCIPAL);
    assert_failed(approve_as(drv, AUDITOR, AUDITOR, leaf, later), ZC_POLICY_APPROVAL_PRINCIPAL);
    assert_int_equal(drv->store.entry_count, entries);
    /* Nor what has expired when it is used. */
    assert_int_equal(approve(drv, ALICE, entry).status, ZC_STATUS_OK);
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(approve(drv, BOB, entry).status, ZC_STATUS_OK);
    assert_int_equal(pay(drv, 1, 5).status, ZC_STATUS_REVIEW);
    assert_int_equal(approve(drv, ALICE, entry).status, ZC_STATUS_OK);
    assert_signed(pay(drv, 1, 5));
    driver_free(drv);
}

static void approve__what_a_rule_denies__stays_denied(void **state)
{
    (void)state;
    static zc_mission mission;
    review_rule(&mission);
    zc_rule *rule = driver_rule(&mission, "limit", ZC_RULE_LIMIT_RATE);
    rule->count = 1;
    rule->window_s = 3600;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "evm", ZC_CURVE_SECP256K1);
    uint64_t first = held(drv, 1, 5), second = held(drv, 2, 5);
    approve(drv, ALICE, first);
    approve(drv, BOB, first);
    approve(drv, ALICE, second);
    approve(drv, BOB, second);
    assert_signed(pay(drv, 1, 5));
    zc_reply reply = pay(drv, 2, 5);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_RATE);
    driver_free(drv);
}

static void sign__reviews_over_the_quota__are_counted_and_not_held(void **state)
{
    (void)state;
    driver *drv = reviewed();
    for (uint64_t nonce = 1; nonce <= 10; nonce++) {
        held(drv, nonce, 5);
    }
    size_t entries = drv->store.entry_count;
    zc_reply reply = pay(drv, 11, 5);
    assert_int_equal(reply.status, ZC_STATUS_REVIEW);
    assert_false(reply.denial.has_entry);
    assert_int_equal(drv->store.entry_count, entries);
    assert_int_equal(review_list(drv, ALICE).list.total, 10);
    driver_free(drv);
}

/* The approver signs what the enclave decoded: a request that comes back changed is another. */
static void sign__approved_request_changed__is_held_anew(void **state)
{
    (void)state;
    driver *drv = reviewed();
    uint64_t entry = held(drv, 1, 5);
    approve(drv, ALICE, entry);
    approve(drv, BOB, entry);
    assert_int_equal(pay(drv, 1, 6).status, ZC_STATUS_REVIEW);
    assert_int_equal(driver_sign(drv, driver_connect(drv, ALICE), "evm", ZC_USE_TX, ZC_FAMILY_EVM,
                                 driver_transfer(1, 5))
                         .status,
                     ZC_STATUS_DENIED); /* not a signer */
    assert_signed(pay(drv, 1, 5));
    driver_free(drv);
}

static zc_decimal decimal(uint64_t units, uint8_t scale)
{
    return (zc_decimal){.present = true, .scale = scale, .units = zc_u256_of(units)};
}

static zc_reply place(driver *drv, uint64_t price, uint64_t quantity)
{
    zc_order order = {.venue = ZC_VENUE_BINANCE_SPOT,
                      .action = ZC_OPERATION_ORDER_PLACE,
                      .side = ZC_SIDE_BUY,
                      .type = ZC_ORDER_LIMIT,
                      .tif = ZC_TIF_GTC,
                      .price = decimal(price, 2),
                      .quantity = decimal(quantity, 1)};
    strcpy(order.market, "BTCUSDT");
    drv->now_ms += DRIVER_SECOND; /* its bytes hold the time: each is another */
    return driver_sign_order(drv, driver_connect(drv, BOT), "bn", &order);
}

/* What was approved of an order is an envelope: no more of it, at about this price, once. */
static void approve__order__holds_for_the_envelope(void **state)
{
    (void)state;
    static zc_mission mission;
    zc_rule *rule = review_rule(&mission);
    rule->scope = zc_scope_any(zc_use_bit(ZC_USE_ORDER));
    rule->panel.range_bps = 100;
    mission.denial_quota = 20;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    zc_key_material material = driver_mac(ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    driver_import(drv, driver_connect(drv, ALICE), "bn", &material, "api", ZC_VENUE_BINANCE_SPOT);
    zc_reply reply = place(drv, 3000000, 5);
    assert_int_equal(reply.status, ZC_STATUS_REVIEW);
    uint64_t entry = reply.denial.entry;
    assert_int_equal(place(drv, 3000000, 5).denial.entry, entry);
    assert_int_equal(approve(drv, ALICE, entry).status, ZC_STATUS_OK);
    assert_int_equal(approve(drv, BOB, entry).status, ZC_STATUS_OK);
    assert_int_equal(place(drv, 3000000, 6).status, ZC_STATUS_REVIEW);
    assert_int_equal(place(drv, 3030001, 5).status, ZC_STATUS_REVIEW);
    assert_int_equal(place(drv, 2969999, 5).status, ZC_STATUS_REVIEW);
    assert_int_equal(place(drv, 3030000, 4).status, ZC_STATUS_OK);
    assert_int_equal(place(drv, 3000000, 5).status, ZC_STATUS_REVIEW);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__under_review__is_one_entry_however_often_it_is_asked),
        cmocka_unit_test(reviews__who_may_see_them__sees_the_enclaves_own_words),
        cmocka_unit_test(approve__enough_of_two_organisations__is_signed_once),
        cmocka_unit_test(approve__restart_in_between__counts_on),
        cmocka_unit_test(approve__what_does_not_count__is_refused_and_not_logged),
        cmocka_unit_test(approve__what_a_rule_denies__stays_denied),
        cmocka_unit_test(sign__reviews_over_the_quota__are_counted_and_not_held),
        cmocka_unit_test(sign__approved_request_changed__is_held_anew),
        cmocka_unit_test(approve__order__holds_for_the_envelope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
