/* How far the disk may lag: what leaves when, and when nothing leaves any more. */
#include "audit/checkpoint.h"
#include "check.h"
#include "codec/cbor.h"

static driver *lagging(uint32_t max_unacked)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    mission.max_unacked = max_unacked;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    drv->auto_ack = false;
    return drv;
}

static void strict__each_reply__waits_for_its_own_entry(void **state)
{
    (void)state;
    driver *drv = lagging(0);
    uint64_t bot = driver_connect(drv, BOT);
    for (int i = 0; i < 10; i++) {
        zc_reply reply = driver_sign_text(drv, bot, "k", "hello");
        assert_signed(reply);
        assert_int_equal(reply.sign.max_unacked, 0);
        assert_int_equal(drv->reply_after, drv->ordinal);
    }
    driver_free(drv);
}

static void bounded__replies__leave_at_most_so_many_behind(void **state)
{
    (void)state;
    driver *drv = lagging(4);
    uint64_t bot = driver_connect(drv, BOT);
    for (uint64_t i = 1; i <= 20; i++) {
        zc_reply reply = driver_sign_text(drv, bot, "k", "hello");
        assert_signed(reply);
        assert_int_equal(reply.sign.max_unacked, 4);
        /* Whoever holds this signature knows: at most four things after what is durable. */
        assert_true(drv->ordinal - drv->reply_after <= 4);
        assert_true(drv->reply_after >= drv->acked || i <= 4);
        zc_host_lag lag = zc_enclave_lag(drv->enclave);
        assert_int_equal(lag.now, drv->ordinal - drv->acked);
        assert_int_equal(lag.most, 4);
    }
    driver_free(drv);
}

/* What the deployment could not go on without is always durable first. */
static void bounded__new_key__its_signatures_wait_for_it(void **state)
{
    (void)state;
    driver *drv = lagging(100);
    uint64_t alice = driver_connect(drv, ALICE);
    driver_create(drv, alice, "young", ZC_CURVE_P256);
    uint64_t born = drv->ordinal;
    assert_int_equal(drv->reply_after, born);
    driver_sign_text(drv, driver_connect(drv, BOT), "young", "hello");
    assert_true(drv->reply_after >= born);
    driver_free(drv);
}

static void bounded__halt__is_durable_before_it_is_confirmed(void **state)
{
    (void)state;
    driver *drv = lagging(100);
    zc_request request = {.op = ZC_OP_HALT};
    driver_ask(drv, driver_connect(drv, ALICE), &request);
    assert_int_equal(drv->reply_after, drv->ordinal);
    driver_free(drv);
}

static void host__confirms_nothing__signing_stops_and_halting_does_not(void **state)
{
    (void)state;
    driver *drv = lagging(4);
    uint64_t bot = driver_connect(drv, BOT);
    zc_reply reply = driver_sign_text(drv, bot, "k", "hello");
    int made = 0;
    while (reply.status == ZC_STATUS_OK) {
        assert_true(++made <= 4 + ZC_ENCLAVE_IN_FLIGHT_MAX);
        reply = driver_sign_text(drv, bot, "k", "hello");
    }
    assert_failed(reply, ZC_ENCLAVE_LOG_BEHIND);
    assert_int_equal(drv->reply_after, 0);
    zc_request halt = {.op = ZC_OP_HALT};
    assert_int_equal(driver_ask(drv, driver_connect(drv, BOB), &halt).status, ZC_STATUS_OK);
    assert_int_equal(drv->enclave->phase, ZC_PHASE_HALTED);
    assert_alive(drv);
    driver_free(drv);
}

static void host__confirms_again__signing_goes_on(void **state)
{
    (void)state;
    driver *drv = lagging(0);
    uint64_t bot = driver_connect(drv, BOT);
    while (driver_sign_text(drv, bot, "k", "hello").status == ZC_STATUS_OK) {
    }
    driver_ack(drv, drv->ordinal);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    driver_free(drv);
}

static void boot__document__says_how_this_boot_logs(void **state)
{
    (void)state;
    driver *drv = lagging(7);
    /* The test's security module ends its documents with the nonce. */
    zc_slice document = driver_slice(&drv->document);
    zc_reader nonce = zc_reader_of(zc_slice_of(document.data + document.len - 37, 37));
    size_t parts;
    uint8_t fresh[32];
    uint64_t number;
    assert_ok(zc_cbor_get_array(&nonce, 3, &parts));
    assert_ok(zc_cbor_get_fixed_bytes(&nonce, fresh, sizeof fresh));
    assert_ok(zc_cbor_get_uint(&nonce, &number));
    assert_int_equal(number, 7);
    assert_ok(zc_cbor_get_uint(&nonce, &number));
    assert_int_equal(number, 0);
    assert_ok(zc_reader_end(&nonce));
    driver_free(drv);
}

static void stop__counted_refusals__are_logged_and_covered(void **state)
{
    (void)state;
    driver *drv = lagging(0);
    drv->auto_ack = true;
    uint64_t auditor = driver_connect(drv, AUDITOR);
    for (int i = 0; i < 10; i++) {
        driver_sign_text(drv, auditor, "k", "hello");
    }
    size_t before = drv->store.entry_count;
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_STOP});
    assert_int_equal(driver_entry_at(drv, before).kind, ZC_AUDIT_DENIALS);
    driver_tick(drv, 0);
    driver_ack(drv, drv->ordinal);
    zc_audit_checkpoint checkpoint;
    assert_ok(zc_audit_checkpoint_verify(driver_slice(&drv->store.checkpoint), drv->deployment_id,
                                         drv->enclave->genesis.log_key, &checkpoint));
    assert_int_equal(checkpoint.size, drv->store.entry_count);
    assert_failed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"),
                  ZC_ENCLAVE_STOPPING);
    driver_free(drv);
}

/* The clock of the machine against its monotonic one, as the runtime reports them. */
static void tick_at(driver *drv, int64_t wall_ms, int64_t monotonic_ms)
{
    zc_event event = {
        .kind = ZC_EVENT_TICK, .now_ms = wall_ms, .now_ns = (uint64_t)monotonic_ms * 1000000};
    zc_effects_empty(drv->effects);
    zc_enclave_step(drv->enclave, &event, drv->effects);
}

static void clock__set__is_logged_with_its_step(void **state)
{
    (void)state;
    driver *drv = lagging(0);
    int64_t now = drv->now_ms;
    uint64_t before = drv->enclave->log.next;
    tick_at(drv, now + 1000, 1000);
    tick_at(drv, now + 2500, 2000); /* half a second is no step */
    assert_int_equal(drv->enclave->log.next, before);
    tick_at(drv, now + 2500 - 60000, 3000);
    assert_int_equal(drv->enclave->log.next, before + 1);
    tick_at(drv, now + 3500 - 60000, 4000);
    assert_int_equal(drv->enclave->log.next, before + 1);
    tick_at(drv, now + 4500, 5000);
    assert_int_equal(drv->enclave->log.next, before + 2);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strict__each_reply__waits_for_its_own_entry),
        cmocka_unit_test(bounded__replies__leave_at_most_so_many_behind),
        cmocka_unit_test(bounded__new_key__its_signatures_wait_for_it),
        cmocka_unit_test(bounded__halt__is_durable_before_it_is_confirmed),
        cmocka_unit_test(host__confirms_nothing__signing_stops_and_halting_does_not),
        cmocka_unit_test(host__confirms_again__signing_goes_on),
        cmocka_unit_test(boot__document__says_how_this_boot_logs),
        cmocka_unit_test(clock__set__is_logged_with_its_step),
        cmocka_unit_test(stop__counted_refusals__are_logged_and_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
