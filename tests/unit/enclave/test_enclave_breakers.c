/* Breakers: each kind trips, is an entry, holds over a restart, and is set back by the quorum only.
 */
#include "feeding.h"

#include "audit/detail.h"
#include "intent/order.h"

static zc_mission mission;

static driver *start(void)
{
    driver *drv = driver_new(&mission);
    driver_start(drv);
    assert_true(drv->serving);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    return drv;
}

static void begin(void)
{
    driver_mission(&mission);
    driver_allow_all(&mission);
    feeding_mission(&mission);
}

static zc_reply speak(driver *drv)
{
    return driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
}

static void assert_tripped(driver *drv, const char *name, zc_mode mode)
{
    zc_reply_status is = status_of(drv);
    assert_int_equal(is.mode, mode);
    assert_true(zc_slice_eq_text(is.tripped, name));
    zc_reply reply = speak(drv);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason,
                     mode == ZC_MODE_HALTED ? ZC_POLICY_HALTED : ZC_POLICY_REDUCE_ONLY);
}

static void assert_set_back_by_quorum(driver *drv)
{
    assert_int_equal(resume_as(drv, ALICE).status, ZC_STATUS_REVIEW);
    assert_failed(resume_as(drv, BOT), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(resume_as(drv, BOB).status, ZC_STATUS_OK);
    assert_int_equal(status_of(drv).mode, ZC_MODE_NORMAL);
    assert_signed(speak(drv));
}

static void trip__burst_of_denials__halts_before_the_next_signature(void **state)
{
    (void)state;
    begin();
    feeding_breaker(&mission, "burst", ZC_TRIP_DENIALS, ZC_MODE_HALTED)->count = 2;
    mission.breakers[0].window_s = 60;
    driver *drv = start();
    for (int i = 0; i < 2; i++) {
        driver_sign_text(drv, driver_connect(drv, AUDITOR), "k", "hello"); /* not a signer */
    }
    assert_signed(speak(drv));
    driver_sign_text(drv, driver_connect(drv, AUDITOR), "k", "hello");
    zc_audit_entry entry = driver_last_entry(drv);
    zc_audit_trip trip;
    assert_int_equal(entry.kind, ZC_AUDIT_TRIP);
    assert_ok(zc_audit_trip_read(entry.detail, &trip));
    assert_int_equal(trip.mode, ZC_MODE_HALTED);
    assert_int_equal(trip.breaker, 0);
    assert_tripped(drv, "burst", ZC_MODE_HALTED);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_HALTED);
    driver_start(drv);
    assert_alive(drv);
    assert_tripped(drv, "burst", ZC_MODE_HALTED);
    assert_set_back_by_quorum(drv);
    driver_start(drv);
    assert_alive(drv);
    assert_signed(speak(drv));
    driver_free(drv);
}

static void trip__silent_feed__reduces_until_it_speaks_and_the_quorum_resumes(void **state)
{
    (void)state;
    begin();
    zc_breaker *breaker = feeding_breaker(&mission, "silence", ZC_TRIP_STALE, ZC_MODE_REDUCE_ONLY);
    breaker->has_feed = true;
    breaker->window_s = 30;
    driver *drv = start();
    driver_tick(drv, DRIVER_SECOND);
    assert_tripped(drv, "silence", ZC_MODE_REDUCE_ONLY);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_SERVING);
    feed_equity(drv, 1, 1000);
    assert_set_back_by_quorum(drv);
    driver_tick(drv, 30 * DRIVER_SECOND);
    assert_signed(speak(drv));
    driver_tick(drv, DRIVER_SECOND);
    assert_tripped(drv, "silence", ZC_MODE_REDUCE_ONLY);
    /* A mode is left as it was found by whoever has nothing to set back. */
    driver_start(drv);
    assert_tripped(drv, "silence", ZC_MODE_REDUCE_ONLY);
    driver_free(drv);
}

static void trip__host_that_confirms_nothing__halts(void **state)
{
    (void)state;
    begin();
    mission.max_unacked = 1000;
    feeding_breaker(&mission, "behind", ZC_TRIP_UNACKED, ZC_MODE_HALTED)->count = 5;
    driver *drv = start();
    drv->auto_ack = false;
    /* What may be on its way without tripping it. */
    assert_int_equal(zc_enclave_lag(drv->enclave).most, 5);
    for (int i = 0; i < 6; i++) {
        assert_signed(speak(drv));
    }
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(driver_last_entry(drv).kind, ZC_AUDIT_TRIP);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_HALTED);
    driver_free(drv);
}

static void trip__clock_that_is_set__halts_either_way(void **state)
{
    (void)state;
    for (int64_t step = -4000; step <= 4000; step += 8000) {
        begin();
        feeding_breaker(&mission, "clock", ZC_TRIP_CLOCK, ZC_MODE_HALTED)->window_s = 3;
        driver *drv = start();
        driver_tick(drv, DRIVER_SECOND);
        driver_tick(drv, DRIVER_SECOND);
        assert_signed(speak(drv));
        const zc_event event = {.kind = ZC_EVENT_TICK,
                                .now_ms = drv->now_ms + DRIVER_SECOND + step,
                                .now_ns = drv->enclave->now_ns + UINT64_C(1000000000)};
        zc_effects_empty(drv->effects);
        zc_enclave_step(drv->enclave, &event, drv->effects);
        assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_HALTED);
        assert_int_equal(drv->enclave->policy.mode, ZC_MODE_HALTED);
        driver_free(drv);
    }
}

static void trip__losses_and_drawdown__the_stricter_wins(void **state)
{
    (void)state;
    begin();
    zc_breaker *loss = feeding_breaker(&mission, "loss", ZC_TRIP_LOSS, ZC_MODE_REDUCE_ONLY);
    loss->has_feed = true;
    loss->window_s = 3600;
    loss->amount = zc_u256_of(100);
    zc_breaker *drop = feeding_breaker(&mission, "drawdown", ZC_TRIP_DRAWDOWN, ZC_MODE_HALTED);
    drop->has_feed = true;
    drop->count = 2000;
    driver *drv = start();
    feed_equity(drv, 1, 1000);
    driver_tick(drv, DRIVER_SECOND);
    assert_signed(speak(drv));
    feed_equity(drv, 2, 850);
    driver_tick(drv, DRIVER_SECOND);
    assert_tripped(drv, "loss", ZC_MODE_REDUCE_ONLY);
    feed_equity(drv, 3, 790);
    driver_tick(drv, DRIVER_SECOND);
    assert_tripped(drv, "drawdown", ZC_MODE_HALTED);
    driver_start(drv);
    assert_alive(drv);
    assert_tripped(drv, "drawdown", ZC_MODE_HALTED);
    assert_set_back_by_quorum(drv);
    driver_free(drv);
}

/* What the mission lets pass a halt says so in its entry, for whoever verifies the log alone. */
static void halted__cancel_that_the_mission_lets_pass__is_signed_and_marked(void **state)
{
    (void)state;
    begin();
    mission.halt_passes = ZC_PASS_CANCELS;
    driver *drv = start();
    zc_key_material material = driver_mac(ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    assert_int_equal(driver_import(drv, driver_connect(drv, ALICE), "bn", &material, "api",
                                   ZC_VENUE_BINANCE_SPOT)
                         .status,
                     ZC_STATUS_OK);
    zc_order order = {.venue = ZC_VENUE_BINANCE_SPOT,
                      .action = ZC_OPERATION_ORDER_CANCEL,
                      .time_ms = (uint64_t)drv->now_ms};
    strcpy(order.market, "BTCUSDT");
    strcpy(order.order_id, "1");
    uint64_t bot = driver_connect(drv, BOT);
    zc_request request = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("")}};
    driver_ask(drv, driver_connect(drv, BOB), &request);
    zc_reply reply = driver_sign_order(drv, bot, "bn", &order);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_true(zc_audit_passes_halt(&entry));
    assert_int_equal(speak(drv).status, ZC_STATUS_DENIED);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trip__burst_of_denials__halts_before_the_next_signature),
        cmocka_unit_test(trip__silent_feed__reduces_until_it_speaks_and_the_quorum_resumes),
        cmocka_unit_test(trip__host_that_confirms_nothing__halts),
        cmocka_unit_test(trip__clock_that_is_set__halts_either_way),
        cmocka_unit_test(trip__losses_and_drawdown__the_stricter_wins),
        cmocka_unit_test(halted__cancel_that_the_mission_lets_pass__is_signed_and_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
