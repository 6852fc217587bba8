#ifndef ZC_TESTS_ENCLAVE_WORKED_H
#define ZC_TESTS_ENCLAVE_WORKED_H

#include "check.h"

/* A day's work: three keys, a limit of 60 wei beside fees, some of it spent, one refusal, one key
 * disabled. Nonces 1 to 5 are taken. */
static inline driver *worked(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    zc_rule *rule = driver_rule(&mission, "limit", ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = true;
    rule->asset = ETH;
    rule->amount = zc_u256_of(UINT64_C(6) * 21000 + 60);
    rule->window_s = 24 * 3600;
    rule->measure = ZC_MEASURE_VALUE;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    driver_create(drv, alice, "evm", ZC_CURVE_SECP256K1);
    driver_create(drv, alice, "p256", ZC_CURVE_P256);
    driver_create(drv, alice, "gone", ZC_CURVE_ED25519);
    for (uint64_t nonce = 1; nonce <= 5; nonce++) {
        drv->now_ms += DRIVER_SECOND;
        driver_sign(drv, bot, "evm", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, 10));
        driver_sign_text(drv, bot, nonce % 2 == 0 ? "p256" : "gone", "hello");
    }
    driver_sign(drv, bot, "evm", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(6, 11));
    zc_request request = {.op = ZC_OP_KEY_DISABLE, .key_name = {zc_slice_of_text("gone")}};
    driver_ask(drv, alice, &request);
    driver_tick(drv, DRIVER_SECOND);
    return drv;
}

#endif
