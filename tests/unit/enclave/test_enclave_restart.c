/* Coming back from what the host kept. */
#include "check.h"
#include "worked.h"
#include "ring.h"

static void policy_digest(const driver *drv, uint8_t ret_digest[static 32])
{
    zc_policy_digest(&drv->enclave->policy, &drv->enclave->mission, ret_digest);
}

static void restart__same_store__same_state(void **state)
{
    (void)state;
    driver *drv = worked();
    static zc_key keys[3];
    zc_audit_key_track tracks[3];
    uint8_t before[32], after[32];
    policy_digest(drv, before);
    zc_audit_log log = drv->enclave->log;
    for (size_t i = 0; i < 3; i++) {
        keys[i] = *ring_key(drv, (uint32_t)i);
        tracks[i] = ring_track(drv, (uint32_t)i);
    }
    for (int boot = 0; boot < 3; boot++) {
        driver_power_on(drv);
        driver_front_key(drv);
        driver_boot(drv);
        driver_load_keys(drv);
        driver_load_entries(drv);
        policy_digest(drv, after);
        assert_memory_equal(before, after, 32);
        if (boot == 0) {
            assert_memory_equal(&log, &drv->enclave->log, sizeof log);
        }
        driver_load_done(drv);
        assert_true(drv->serving);
        assert_int_equal(drv->enclave->keyring.count, 3);
        for (size_t i = 0; i < 3; i++) {
            const zc_key *is = ring_key(drv, (uint32_t)i), *was = &keys[i];
            const zc_audit_key_track track = ring_track(drv, (uint32_t)i);
            assert_string_equal(is->name, was->name);
            assert_string_equal(is->owner, was->owner);
            assert_memory_equal(is->id, was->id, sizeof is->id);
            assert_memory_equal(is->signer->pubkey.byte, was->public_part.byte, 65);
            assert_memory_equal(&track, &tracks[i], sizeof track);
            assert_int_equal(is->created_ms, was->created_ms);
            assert_int_equal(is->nonce_mode, was->nonce_mode);
        }
    }
    driver_free(drv);
}

static zc_reply transfer(driver *drv, uint64_t session, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, session, "evm", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, wei));
}

static void restart__limit_was_nearly_spent__is_nearly_spent(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_start(drv);
    uint64_t bot = driver_connect(drv, BOT);
    assert_int_equal(transfer(drv, bot, 6, 11).status, ZC_STATUS_DENIED);
    assert_signed(transfer(drv, bot, 5, 10)); /* the same as before: charges nothing */
    assert_signed(transfer(drv, bot, 6, 10));
    driver_start(drv);
    bot = driver_connect(drv, BOT);
    assert_int_equal(transfer(drv, bot, 7, 0).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

/* Whatever is asked: who never stopped and who came back answer alike. */
static void restart__same_questions__same_decisions(void **state)
{
    (void)state;
    driver *stayed = worked(), *back = worked();
    driver_start(back);
    uint64_t one = driver_connect(stayed, BOT), other = driver_connect(back, BOT);
    for (uint64_t i = 0; i < 40; i++) {
        stayed->now_ms = back->now_ms = stayed->now_ms + 31 * DRIVER_MINUTE;
        zc_reply a = transfer(stayed, one, 5 + i % 7, i % 13);
        zc_reply b = transfer(back, other, 5 + i % 7, i % 13);
        assert_int_equal(a.status, b.status);
        uint8_t left[32], right[32];
        policy_digest(stayed, left);
        policy_digest(back, right);
        assert_memory_equal(left, right, 32);
    }
    driver_free(stayed);
    driver_free(back);
}

static void restart__clock_set_back__time_goes_on_from_the_log(void **state)
{
    (void)state;
    driver *drv = worked();
    int64_t last = drv->now_ms;
    drv->now_ms = DRIVER_T0 - 365 * INT64_C(86400000);
    driver_start(drv);
    assert_true(drv->serving);
    assert_true((int64_t)driver_last_entry(drv).time_ms >= last - DRIVER_SECOND);
    assert_int_equal(transfer(drv, driver_connect(drv, BOT), 7, 11).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart__same_store__same_state),
        cmocka_unit_test(restart__limit_was_nearly_spent__is_nearly_spent),
        cmocka_unit_test(restart__same_questions__same_decisions),
        cmocka_unit_test(restart__clock_set_back__time_goes_on_from_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
