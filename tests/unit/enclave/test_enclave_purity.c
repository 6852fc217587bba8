/* The step is a function of state and event; and no secret is in what it says. */
#include "check.h"
#include "ring.h"

#include <stdio.h>

static uint32_t dice;

static uint32_t roll(uint32_t sides)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % sides;
}

/* A life from genesis on, over two boots, every effect noted. */
static driver *lived(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    driver *drv = driver_new(&mission);
    drv->keep_transcript = true;
    driver_start(drv);
    static const zc_curve curves[] = {ZC_CURVE_SECP256K1, ZC_CURVE_P256, ZC_CURVE_ED25519};
    for (int boot = 0; boot < 2; boot++) {
        uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
        for (size_t i = 0; i < 3; i++) {
            char name[16];
            snprintf(name, sizeof name, "k%d-%zu", boot, i);
            driver_create(drv, alice, name, curves[i]);
            assert_signed(driver_sign_text(drv, bot, name, "hello"));
        }
        driver_sign(drv, bot, "k0-0", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(1, 5));
        driver_sign_text(drv, alice, "k0-1", "denied");
        zc_request begin = {.op = ZC_OP_KEY_IMPORT_BEGIN},
                   list = {.op = ZC_OP_KEY_LIST, .key_list = {0, 10}};
        driver_ask(drv, alice, &begin);
        driver_ask(drv, alice, &list);
        zc_request halt = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("why not")}};
        driver_ask(drv, alice, &halt);
        zc_request resume = {.op = ZC_OP_RESUME};
        driver_ask(drv, alice, &resume);
        driver_ask(drv, driver_connect(drv, BOB), &resume);
        driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS);
        if (boot == 0) {
            driver_start(drv);
            assert_true(drv->serving);
        }
    }
    return drv;
}

static void step__same_events_in_two_enclaves__same_effects_to_the_byte(void **state)
{
    (void)state;
    driver *one = lived(), *other = lived();
    assert_true(one->transcript.len > 10000);
    assert_int_equal(one->transcript.len, other->transcript.len);
    assert_memory_equal(one->transcript.data, other->transcript.data, one->transcript.len);
    driver_free(one);
    driver_free(other);
}

static bool holds(const driver_blob *bytes, const uint8_t *secret, size_t len)
{
    return memmem(bytes->data, bytes->len, secret, len) != NULL;
}

static void effects__a_whole_life__hold_no_secret(void **state)
{
    (void)state;
    driver *drv = lived();
    const zc_enclave_secrets *secrets = drv->enclave->secrets;
    assert_int_equal(drv->enclave->keyring.count, 6);
    for (size_t i = 0; i < 6; i++) {
        const zc_signer *signer = ring_key(drv, (uint32_t)i)->signer;
        assert_true(holds(&drv->transcript, signer->pubkey.byte, signer->pubkey.len));
        assert_false(holds(&drv->transcript, signer->private_key.byte, 32));
        if (signer->pubkey.curve == ZC_CURVE_ED25519) {
            assert_false(holds(&drv->transcript, signer->expanded.byte, 32));
        }
    }
    uint8_t wrap[32], entropy[32];
    memset(wrap, drv->wrap_key, sizeof wrap);
    memset(entropy, 0xe0, sizeof entropy);
    assert_false(holds(&drv->transcript, secrets->root.byte, 32));
    assert_false(holds(&drv->transcript, secrets->identity.private_key.byte, 32));
    assert_false(holds(&drv->transcript, secrets->log_key.private_key.byte, 32));
    assert_false(holds(&drv->transcript, secrets->drbg.state.byte, 32));
    assert_false(holds(&drv->transcript, (const uint8_t *)&secrets->tag_key, 32));
    assert_false(holds(&drv->transcript, wrap, sizeof wrap));
    assert_false(holds(&drv->transcript, entropy, sizeof entropy));
    driver_free(drv);
}

/* Nor does the enclave itself hold one outside its vault. */
static void memory__outside_the_vault__holds_no_secret(void **state)
{
    (void)state;
    driver *drv = lived();
    const zc_enclave_secrets *secrets = drv->enclave->secrets;
    driver_blob memory = {.data = (uint8_t *)drv->enclave, .len = zc_enclave_size(DRIVER_KEYS)};
    driver_blob effects = {.data = (uint8_t *)drv->effects, .len = sizeof *drv->effects};
    for (int i = 0; i < 2; i++) {
        const driver_blob *where = i == 0 ? &memory : &effects;
        assert_false(holds(where, secrets->root.byte, 32));
        assert_false(holds(where, secrets->identity.private_key.byte, 32));
        assert_false(holds(where, secrets->log_key.private_key.byte, 32));
        for (size_t key = 0; key < 6; key++) {
            const zc_signer *signer = ring_key(drv, (uint32_t)key)->signer;
            assert_false(holds(where, signer->private_key.byte, 32));
        }
    }
    driver_free(drv);
}

static void clear__afterwards__the_vault_is_empty(void **state)
{
    (void)state;
    driver *drv = lived();
    zc_enclave_clear(drv->enclave);
    for (size_t i = 0; i < sizeof(zc_enclave_secrets); i++) {
        assert_int_equal(drv->vault.memory[i], 0);
    }
    zc_request request = {.op = ZC_OP_STATUS};
    driver_send(drv, 1, &request);
    assert_int_equal(drv->effects->count, 0);
    driver_free(drv);
}

static void time__runs_backwards__entries_do_not(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_ED25519);
    uint64_t bot = driver_connect(drv, BOT);
    uint64_t last = 0;
    dice = 7;
    for (int i = 0; i < 200; i++) {
        drv->now_ms = i == 150 ? -5 : DRIVER_T0 + roll(1000000);
        assert_signed(driver_sign_text(drv, bot, "k", "hello"));
        uint64_t now = driver_last_entry(drv).time_ms;
        assert_true(now >= last);
        last = now;
        driver_tick(drv, 0);
    }
    driver_free(drv);
}

/* Clocks that can't be. Denying and stopping are allowed; overflowing is not. */
static void time__at_its_ends__nothing_breaks(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        static zc_mission mission;
        driver_mission(&mission);
        driver_allow_all(&mission);
        zc_rule *rule = driver_rule(&mission, "rate", ZC_RULE_LIMIT_RATE);
        rule->count = 2;
        rule->window_s = ZC_MISSION_MAX_WINDOW_SECONDS;
        driver *drv = driver_new(&mission);
        driver_start(drv);
        driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_ED25519);
        uint64_t bot = driver_connect(drv, BOT);
        drv->now_ms = times[i];
        unsigned is_signed = 0;
        for (int turn = 0; turn < 5; turn++) {
            char text[8];
            snprintf(text, sizeof text, "%d", turn);
            is_signed += driver_sign_text(drv, bot, "k", text).status == ZC_STATUS_OK;
        }
        assert_true(is_signed <= 2);
        driver_tick(drv, 0);
        driver_free(drv);
    }
}

/* Events from anywhere, in any order: nothing crashes, and what is stored is a log that verifies
 * (the driver ends the process over one that does not). */

static void random_host_message(driver *drv)
{
    switch (roll(8)) {
    case 0:
        driver_boot(drv);
        break;
    case 1:
        driver_found(drv, roll(64));
        break;
    case 2:
        driver_load_keys(drv);
        break;
    case 3:
        driver_load_entries(drv);
        break;
    case 4:
        /* Of a log cut short nobody could tell: that is another test's. */
        if (drv->enclave->log.next == drv->store.entry_count) {
            driver_load_done(drv);
        }
        break;
    case 5:
        driver_ack(drv, roll(20));
        break;
    default:
        driver_ack(drv, drv->ordinal);
        break;
    }
}

static void random_record(driver *drv)
{
    static const zc_op named[] = {ZC_OP_STATUS, ZC_OP_ATTEST, ZC_OP_KEY_LIST,
                                  ZC_OP_HALT,   ZC_OP_RESUME, ZC_OP_KEY_IMPORT_BEGIN};
    uint64_t session = 1 + roll((uint32_t)drv->last_session + 2);
    char name[8];
    snprintf(name, sizeof name, "k%u", roll(4));
    zc_request request;
    switch (roll(5)) {
    case 0:
        driver_auth_request(drv, session, roll(STRANGER + 1), &request);
        break;
    case 1:
        request = (zc_request){.op = ZC_OP_KEY_CREATE,
                               .key_create = {.name = zc_slice_of_text(name),
                                              .kind = (uint8_t)(1 + roll(3)),
                                              .tier = ZC_TIER_HOT,
                                              .nonce_mode = ZC_NONCE_HEDGED}};
        break;
    case 2:
        request = (zc_request){.op = ZC_OP_SIGN,
                               .sign = {.key = zc_slice_of_text(name),
                                        .use = (uint8_t)(1 + roll(5)),
                                        .family = (uint8_t)roll(3),
                                        .payload = driver_transfer(roll(9), roll(99))}};
        break;
    default:
        request = (zc_request){.op = named[roll(6)], .key_list = {.max = 3}};
        if (request.op != ZC_OP_KEY_LIST) {
            request.attest.nonce = zc_slice_of_text("");
        }
        break;
    }
    driver_send(drv, session, &request);
}

static void random_event(driver *drv)
{
    uint8_t noise[80];
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (uint8_t)roll(256);
    }
    switch (roll(16)) {
    case 0:
        random_host_message(drv);
        break;
    case 1:
        driver_open(drv);
        break;
    case 2:
        driver_step(drv, ZC_EVENT_SESSION_CLOSED, 1 + roll(9), zc_slice_of(NULL, 0));
        break;
    case 3:
        driver_tick(drv, roll(100000));
        break;
    case 4:
        driver_step(drv, ZC_EVENT_RECORD, 1 + roll(9), zc_slice_of(noise, roll(80)));
        break;
    case 5:
        drv->refuses = roll(4) == 0;
        break;
    case 6:
        drv->auto_nsm = roll(3) != 0;
        break;
    case 7:
        drv->auto_ack = roll(3) != 0;
        break;
    case 8:
        if (drv->pending_count > 0) {
            driver_answer(drv);
        }
        break;
    case 9:
        /* What the runtime would never do. */
        if (roll(20) == 0) {
            driver_step(drv, (zc_event_kind)roll(ZC_EVENT_KINDS + 1), roll(9),
                        zc_slice_of(noise, roll(80)));
        }
        break;
    default:
        random_record(drv);
        break;
    }
}

static void events__in_random_order__never_crash(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    for (uint32_t seed = 0; seed < 60; seed++) {
        dice = seed;
        driver *drv = driver_new(&mission);
        if (seed % 3 == 0) {
            driver_power_on(drv); /* and then whatever comes */
        } else {
            driver_start(drv);
        }
        for (int i = 0; i < 400; i++) {
            random_event(drv);
            if (drv->exited) {
                drv->refuses = false;
                drv->auto_nsm = drv->auto_ack = true;
                if (roll(2) == 0) {
                    driver_start(drv);
                    /* All of it was durable and nobody touched it. */
                    assert_true(drv->serving || drv->store.genesis.len == 0);
                } else {
                    driver_power_on(drv);
                }
            }
        }
        driver_free(drv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(step__same_events_in_two_enclaves__same_effects_to_the_byte),
        cmocka_unit_test(effects__a_whole_life__hold_no_secret),
        cmocka_unit_test(memory__outside_the_vault__holds_no_secret),
        cmocka_unit_test(clear__afterwards__the_vault_is_empty),
        cmocka_unit_test(time__runs_backwards__entries_do_not),
        cmocka_unit_test(time__at_its_ends__nothing_breaks),
        cmocka_unit_test(events__in_random_order__never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
