/* A start from a sealed snapshot and what follows it comes to the state of a start from the whole
 * log; and whatever a host brings instead changes nothing. */
#include "check.h"

#include <stdlib.h>

#include "policy/snapshot.h"
#include "ring.h"

#define WORK 900

static zc_mission mission;
static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* Limits that come and go within the history, a slice of budget, and reviews. */
static driver *born(uint64_t wei)
{
    driver_mission(&mission);
    driver_allow_all(&mission);
    zc_rule *rule = driver_rule(&mission, "minute", ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = true;
    rule->asset = ETH;
    rule->amount = zc_u256_of(wei);
    rule->window_s = 60;
    rule->measure = ZC_MEASURE_VALUE;
    rule = driver_rule(&mission, "leased", ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = rule->has_lease = true;
    rule->asset = ETH;
    rule->amount = zc_u256_of(4000000);
    rule->lease = zc_u256_of(300000);
    rule->lease_s = 40;
    rule->window_s = 3600;
    rule->measure = ZC_MEASURE_VALUE;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    uint64_t alice = driver_connect(drv, ALICE);
    driver_create(drv, alice, "evm", ZC_CURVE_SECP256K1);
    driver_create(drv, alice, "p256", ZC_CURVE_P256);
    return drv;
}

static void work(driver *drv, size_t steps)
{
    uint64_t alice = driver_connect(drv, ALICE);
    uint64_t bot = driver_connect(drv, BOT);
    for (size_t i = 0; i < steps; i++) {
        drv->now_ms += (int64_t)draw(4000);
        switch (draw(12)) {
        case 0:
            driver_sign_text(drv, bot, "p256", "hello");
            break;
        case 1: {
            zc_request request = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("a test")}};
            if (draw(12) == 0) {
                driver_ask(drv, alice, &request);
            }
            break;
        }
        case 2: {
            zc_request request = {.op = ZC_OP_RESUME};
            driver_ask(drv, alice, &request);
            driver_ask(drv, driver_connect(drv, BOB), &request);
            break;
        }
        default:
            driver_sign(drv, bot, "evm", ZC_USE_TX, ZC_FAMILY_EVM,
                        driver_transfer(draw(300), draw(20000)));
        }
        if (draw(9) == 0) {
            driver_tick(drv, DRIVER_SECOND);
        }
    }
}

static void stop(driver *drv)
{
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_STOP});
    for (int i = 0; i < 64 && drv->enclave->stop_ordinal == 0; i++) {
        driver_tick(drv, DRIVER_SECOND);
    }
    assert_true(drv->enclave->stop_ordinal != 0);
    assert_true(drv->store.piece_count > 0);
}

static void power(driver *drv)
{
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
    driver_load_keys(drv);
}

static void start_from_snapshot(driver *drv)
{
    power(drv);
    driver_load_snapshot(drv);
    assert_true(drv->snapshot_answered);
    assert_int_equal(drv->snapshot_code, 0);
    driver_load_entries_from(drv, (size_t)drv->snapshot_sequence);
}

/* Everything that the log settles. */
static void assert_same_state(driver *a, driver *b)
{
    uint8_t left[32];
    uint8_t right[32];
    zc_policy_digest(&a->enclave->policy, &a->enclave->mission, left);
    zc_policy_digest(&b->enclave->policy, &b->enclave->mission, right);
    assert_memory_equal(left, right, sizeof left);
    zc_audit_log_root(&a->enclave->log, left);
    zc_audit_log_root(&b->enclave->log, right);
    assert_memory_equal(left, right, sizeof left);
    assert_int_equal(a->enclave->log.next, b->enclave->log.next);
    assert_memory_equal(a->enclave->log.head, b->enclave->log.head, 32);
    assert_int_equal(a->enclave->halted_in_log, b->enclave->halted_in_log);
    assert_int_equal(a->enclave->verifier.halted, b->enclave->verifier.halted);
    assert_memory_equal(a->enclave->verifier.boot_id, b->enclave->verifier.boot_id, 16);
    assert_int_equal(a->enclave->verifier.keys.count, b->enclave->verifier.keys.count);
    assert_int_equal(a->enclave->keyring.count, b->enclave->keyring.count);
    for (size_t i = 0; i < a->enclave->keyring.count; i++) {
        const uint32_t number = (uint32_t)i;
        const zc_audit_key_track one = ring_track(a, number);
        const zc_audit_key_track other = ring_track(b, number);
        assert_memory_equal(&one, &other, sizeof one);
        assert_int_not_equal(a->enclave->keyring.place[i].log, 0);
        assert_int_equal(a->enclave->keyring.place[i].last_nonce,
                         b->enclave->keyring.place[i].last_nonce);
    }
}

/* A second machine over a copy of the first one's disk. */
static driver *copy_of(const driver *drv)
{
    driver *copy = driver_new(&mission);
    driver_store_free(&copy->store);
    copy->store = driver_store_copy(&drv->store);
    copy->now_ms = drv->now_ms;
    copy->boot = drv->boot;
    copy->check_log = false;
    return copy;
}

static void start__from_snapshots_of_generated_histories__is_as_from_the_whole_log(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= 6; i++) {
        seed = i * UINT64_C(0x9e3779b97f4a7c15);
        driver *drv = born(400000);
        work(drv, WORK);
        stop(drv);
        /* One more life after the snapshot, cut short: its entries follow. */
        start_from_snapshot(drv);
        driver_load_done(drv);
        assert_true(drv->serving);
        work(drv, 120);
        driver *whole = copy_of(drv);
        start_from_snapshot(drv);
        power(whole);
        driver_load_entries(whole);
        assert_same_state(drv, whole);
        driver_load_done(drv);
        driver_load_done(whole);
        assert_true(drv->serving && whole->serving);
        seed = i;
        work(drv, 60);
        seed = i;
        work(whole, 60);
        assert_int_equal(drv->enclave->signatures, whole->enclave->signatures);
        assert_int_equal(drv->enclave->denial_count, whole->enclave->denial_count);
        driver_free(drv);
        driver_free(whole);
    }
}

static driver *stopped(void)
{
    seed = 99;
    driver *drv = born(400000);
    work(drv, WORK);
    stop(drv);
    return drv;
}

/* The host is told, and the whole log makes up for it. */
static void assert_refused(driver *drv)
{
    power(drv);
    driver_load_snapshot(drv);
    assert_true(drv->snapshot_answered);
    assert_int_not_equal(drv->snapshot_code, 0);
    assert_int_equal(drv->snapshot_sequence, 0);
    driver_load_entries(drv);
    driver_load_done(drv);
    assert_alive(drv);
    assert_true(drv->serving);
}

static void take__any_byte_of_a_piece_changed__is_refused_and_the_log_does(void **state)
{
    (void)state;
    driver *drv = stopped();
    driver_blob *piece = &drv->store.piece[0];
    size_t steps[] = {0, 3, 17, 25, 60, piece->len / 2, piece->len - 1};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        piece->data[steps[i]] ^= 0x40;
        assert_refused(drv);
        piece->data[steps[i]] ^= 0x40;
    }
    driver_free(drv);
}

static void take__snapshot_of_another_deployment_or_mission__is_refused(void **state)
{
    (void)state;
    driver *drv = stopped();
    driver *other = stopped();
    /* The other was born of the same entropy: give it another birth. */
    driver *foreign = born(410000);
    work(foreign, WORK);
    stop(foreign);
    driver_keep_piece(&other->store, driver_slice(&foreign->store.piece[0]), true);
    for (size_t i = 1; i < foreign->store.piece_count; i++) {
        driver_keep_piece(&other->store, driver_slice(&foreign->store.piece[i]), false);
    }
    assert_refused(other);
    driver_free(foreign);
    driver_free(other);
    driver_free(drv);
}

static void take__pieces_out_of_order_or_of_two_snapshots__are_refused(void **state)
{
    (void)state;
    driver *drv = stopped();
    driver_blob first = {0};
    driver_blob_set(&first, driver_slice(&drv->store.piece[0]));
    /* Twice the first piece: where there is one, the second is ignored after the answer. */
    power(drv);
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_SNAPSHOT,
                                        .snapshot = {.piece = driver_slice(&first)}});
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_SNAPSHOT,
                                        .snapshot = {.piece = driver_slice(&first)}});
    assert_true(drv->snapshot_code != 0 || drv->fatal == ZC_ENCLAVE_WRONG_PHASE);
    driver_blob_free(&first);
    driver_free(drv);
}

/* An old snapshot with the entries since: the same state. With entries left out: the enclave knows
 * by the chain, and does not start. */
static void take__old_snapshot__goes_on_with_all_entries_since_and_with_no_fewer(void **state)
{
    (void)state;
    driver *drv = stopped();
    driver_store old = driver_store_copy(&drv->store);
    start_from_snapshot(drv);
    driver_load_done(drv);
    work(drv, WORK);
    stop(drv);
    while (drv->store.piece_count > 0) {
        driver_blob_free(&drv->store.piece[--drv->store.piece_count]);
    }
    for (size_t i = 0; i < old.piece_count; i++) {
        driver_keep_piece(&drv->store, driver_slice(&old.piece[i]), i == 0);
    }
    driver *whole = copy_of(drv);
    start_from_snapshot(drv);
    power(whole);
    driver_load_entries(whole);
    assert_same_state(drv, whole);

    power(drv);
    driver_load_snapshot(drv);
    driver_load_entries_from(drv, (size_t)drv->snapshot_sequence + 1);
    assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
    driver_store_free(&old);
    driver_free(whole);
    driver_free(drv);
}

/* A key whose blob the host kept, but whose birth is in no log that it brings, is not served. */
static void take__keys_of_the_host__still_need_their_birth_in_the_log(void **state)
{
    (void)state;
    driver *drv = stopped();
    start_from_snapshot(drv);
    driver_load_done(drv);
    size_t entries = drv->store.entry_count;
    driver_create(drv, driver_connect(drv, ALICE), "late", ZC_CURVE_P256);
    /* Back to before it. */
    while (drv->store.entry_count > entries) {
        drv->store.entry_count--;
        driver_blob_free(&drv->store.entry[drv->store.entry_count].entry);
        driver_blob_free(&drv->store.entry[drv->store.entry_count].opening);
    }
    start_from_snapshot(drv);
    driver_load_done(drv);
    assert_fatal(drv, ZC_ENCLAVE_KEY_WITHOUT_BIRTH);
    driver_free(drv);
}

static void make__many_entries__are_followed_by_a_snapshot_of_its_own(void **state)
{
    (void)state;
    seed = 5;
    driver *drv = born(60000000);
    uint64_t bot = driver_connect(drv, BOT);
    for (size_t i = 0; i < ZC_ENCLAVE_SNAPSHOT_FEWER; i++) {
        driver_sign_text(drv, bot, "p256", "hello");
    }
    assert_int_equal(drv->store.piece_count, 0);
    driver_tick(drv, DRIVER_SECOND);
    assert_true(drv->store.piece_count > 0);
    zc_snapshot_head head;
    assert_ok(zc_snapshot_peek(driver_slice(&drv->store.piece[0]), &head));
    assert_int_equal(head.sequence, drv->store.entry_count);
    for (size_t i = 0; i < ZC_ENCLAVE_SNAPSHOT_FEWER - 1; i++) {
        driver_sign_text(drv, bot, "p256", "hello");
    }
    driver_tick(drv, DRIVER_SECOND);
    zc_snapshot_head same;
    assert_ok(zc_snapshot_peek(driver_slice(&drv->store.piece[0]), &same));
    assert_memory_equal(&head, &same, sizeof head);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(start__from_snapshots_of_generated_histories__is_as_from_the_whole_log),
        cmocka_unit_test(take__any_byte_of_a_piece_changed__is_refused_and_the_log_does),
        cmocka_unit_test(take__snapshot_of_another_deployment_or_mission__is_refused),
        cmocka_unit_test(take__pieces_out_of_order_or_of_two_snapshots__are_refused),
        cmocka_unit_test(take__old_snapshot__goes_on_with_all_entries_since_and_with_no_fewer),
        cmocka_unit_test(take__keys_of_the_host__still_need_their_birth_in_the_log),
        cmocka_unit_test(make__many_entries__are_followed_by_a_snapshot_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
