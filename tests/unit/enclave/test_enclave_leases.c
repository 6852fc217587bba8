/* Slices of budget: what leaves when, what status shows, and a host that turns hostile. */
#include "audit/cosignature.h"
#include "feeding.h"

#define SLICE 1000000
#define LIMIT (10 * SLICE)
#define FEE 21000

static zc_mission mission;

/* Ten slices a day, each for a minute; nothing but transfers falls under them. */
static void begin(uint32_t max_unacked)
{
    driver_mission(&mission);
    driver_allow_all(&mission);
    mission.max_unacked = max_unacked;
    zc_rule *rule = driver_rule(&mission, "limit", ZC_RULE_LIMIT_WINDOW);
    rule->has_asset = rule->has_amount = rule->has_lease = true;
    rule->asset = ETH;
    rule->amount = zc_u256_of(LIMIT);
    rule->window_s = 24 * 3600;
    rule->measure = ZC_MEASURE_VALUE;
    rule->lease = zc_u256_of(SLICE);
    rule->lease_s = 60;
    rule->scope = zc_scope_any(zc_use_bit(ZC_USE_TX));
}

static driver *start(void)
{
    driver *drv = driver_new(&mission);
    driver_start(drv);
    assert_true(drv->serving);
    uint64_t alice = driver_connect(drv, ALICE);
    driver_create(drv, alice, "evm", ZC_CURVE_SECP256K1);
    driver_create(drv, alice, "p256", ZC_CURVE_P256);
    return drv;
}

static zc_reply pay(driver *drv, uint64_t session, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, session, "evm", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(nonce, wei));
}

static uint64_t radius(driver *drv)
{
    return item_of(drv, ZC_SECTION_RADIUS).amount.limb[0];
}

/* Whether the last reply left, or waits for an entry that the host has not confirmed. */
static bool left(const driver *drv)
{
    return drv->reply_after <= zc_enclave_acked(drv->enclave);
}

static void lease__taken__its_entry_comes_first_and_the_rest_leaves_at_once(void **state)
{
    (void)state;
    begin(1000);
    driver *drv = start();
    uint64_t bot = driver_connect(drv, BOT), other = driver_connect(drv, BOT);
    drv->auto_ack = false;
    assert_signed(pay(drv, bot, 1, 10));
    assert_int_equal(drv->reply_after, drv->ordinal);
    assert_false(left(drv));
    uint64_t slice = drv->reply_after;
    assert_int_equal(radius(drv), SLICE - FEE - 10);
    /* Of the same slice: waits with it. What spends nothing does not, but never overtakes. */
    assert_signed(pay(drv, other, 2, 10));
    assert_int_equal(drv->reply_after, slice);
    assert_signed(driver_sign_text(drv, bot, "p256", "hello"));
    assert_int_equal(drv->reply_after, slice);
    uint64_t third = driver_connect(drv, BOT);
    assert_signed(driver_sign_text(drv, third, "p256", "hello"));
    assert_true(left(drv));
    driver_ack(drv, drv->ordinal);
    assert_signed(pay(drv, other, 3, 10));
    assert_true(left(drv));
    driver_free(drv);
}

static void lease__strict_mission__waits_as_always(void **state)
{
    (void)state;
    begin(0);
    driver *drv = start();
    assert_signed(pay(drv, driver_connect(drv, BOT), 1, 10));
    assert_int_equal(drv->reply_after, drv->ordinal);
    assert_signed(pay(drv, driver_connect(drv, BOT), 2, 10));
    assert_int_equal(drv->reply_after, drv->ordinal);
    driver_free(drv);
}

static void lease__restart__rest_counts_as_spent_and_the_log_replays(void **state)
{
    (void)state;
    begin(0);
    driver *drv = start();
    /* Ten boots take ten slices, and spend next to nothing. */
    for (uint64_t nonce = 1; nonce <= 10; nonce++) {
        assert_signed(pay(drv, driver_connect(drv, BOT), nonce, 10));
        driver_start(drv);
        assert_alive(drv);
        assert_int_equal(radius(drv), 0);
    }
    zc_reply reply = pay(drv, driver_connect(drv, BOT), 11, 10);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_WINDOW);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

static void lease__over__goes_back(void **state)
{
    (void)state;
    begin(0);
    driver *drv = start();
    assert_signed(pay(drv, driver_connect(drv, BOT), 1, 10));
    zc_policy_item item = item_of(drv, ZC_SECTION_RADIUS);
    assert_true(zc_slice_eq_text(item.asset, "ETH"));
    assert_int_equal(item.time_ms, drv->now_ms + 60 * DRIVER_SECOND);
    item = item_of(drv, ZC_SECTION_LIMITS);
    assert_true(zc_slice_eq_text(item.name, "limit"));
    assert_int_equal(item.limit.limb[0], LIMIT);
    assert_int_equal(item.amount.limb[0], LIMIT - FEE - 10);
    assert_int_equal(item.leased.limb[0], SLICE - FEE - 10);
    driver_tick(drv, 60 * DRIVER_SECOND);
    assert_int_equal(radius(drv), 0);
    driver_free(drv);
}

static const zc_signer *witness_key(void)
{
    static zc_signer signer;
    zc_secret32 seed;
    memset(seed.byte, 0x70, sizeof seed.byte);
    assert_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &seed));
    return &signer;
}

static void cosign(driver *drv)
{
    uint8_t bytes[ZC_COSIGNED_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_note note;
    zc_slice checkpoint = driver_slice(&drv->store.checkpoint);
    assert_ok(zc_note_parse(checkpoint, &note));
    assert_ok(zc_write_slice(&writer, checkpoint));
    assert_ok(zc_cosignature_write(note.text, zc_slice_of_text("w.example/w"), witness_key(),
                                   1767225600, &writer));
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_COSIGNED,
                                        .cosigned = {.note = zc_writer_written(&writer)}});
}

/* That an entry is on a disk says nothing to the next one who is shown an older disk: where there
 * are witnesses, they must have seen the slice. */
static void lease__witnessed__waits_for_them(void **state)
{
    (void)state;
    begin(1000);
    mission.witnesses_needed = 1;
    zc_witness *witness = &mission.witnesses[mission.witness_count++];
    strcpy(witness->name, "w.example/w");
    memcpy(witness->pubkey, witness_key()->pubkey.byte, sizeof witness->pubkey);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    cosign(drv);
    assert_true(drv->serving);
    driver_create(drv, driver_connect(drv, ALICE), "evm", ZC_CURVE_SECP256K1);
    driver_create(drv, driver_connect(drv, ALICE), "p256", ZC_CURVE_P256);
    uint64_t bot = driver_connect(drv, BOT), other = driver_connect(drv, BOT);
    assert_signed(pay(drv, bot, 1, 10));
    assert_int_equal(drv->acked, drv->ordinal); /* durable, and still it waits */
    uint64_t slice = drv->reply_after;
    assert_false(left(drv));
    assert_signed(pay(drv, other, 2, 10));
    assert_int_equal(drv->reply_after, slice);
    assert_signed(driver_sign_text(drv, driver_connect(drv, BOT), "p256", "hello"));
    assert_true(left(drv));
    driver_tick(drv, DRIVER_SECOND);
    assert_true(slice > zc_enclave_acked(drv->enclave));
    cosign(drv);
    assert_true(slice <= zc_enclave_acked(drv->enclave));
    assert_signed(pay(drv, other, 3, 10));
    assert_true(left(drv));
    driver_free(drv);
}

/* What a hostile host gets out, in every order of what it can do: it confirms nothing more, repeats
 * old confirmations, cuts the log where it was last confirmed, and lets the clock stand still, run
 * or jump. Status was read just before; nothing beyond what it showed ever leaves. */
static void hostile_host__whatever_it_does__never_past_the_radius(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 12; round++) {
        begin(1000);
        driver *drv = start();
        uint64_t bot = driver_connect(drv, BOT);
        uint64_t nonce = 1;
        for (; nonce <= 1 + round % 5; nonce++) {
            drv->now_ms += 700 * round;
            assert_signed(pay(drv, bot, nonce, 17 * round));
        }
        uint64_t shown = radius(drv);
        uint64_t out = 0;
        drv->auto_ack = false; /* from here on */
        uint64_t confirmed = drv->acked;
        for (unsigned i = 0; i < 80; i++, nonce++) {
            uint64_t wei = (round * 7919 + i * 104729) % 60000;
            zc_reply reply = pay(drv, bot, nonce, wei);
            out += reply.status == ZC_STATUS_OK && left(drv) ? wei + FEE : 0;
            driver_ack(drv, i % 3 == 0 ? confirmed : 1 + i % confirmed);
            if (round % 4 == 1) {
                drv->now_ms += 900;
            } else if (round % 4 == 2 && i % 40 == 39) {
                driver_tick(drv, 61 * DRIVER_SECOND);
            } else if (round % 4 == 3) {
                drv->now_ms -= 5;
            }
        }
        assert_true(out <= shown);
        driver_free(drv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lease__taken__its_entry_comes_first_and_the_rest_leaves_at_once),
        cmocka_unit_test(lease__strict_mission__waits_as_always),
        cmocka_unit_test(lease__restart__rest_counts_as_spent_and_the_log_replays),
        cmocka_unit_test(lease__over__goes_back),
        cmocka_unit_test(lease__witnessed__waits_for_them),
        cmocka_unit_test(hostile_host__whatever_it_does__never_past_the_radius),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
