/* No rollback and no fork: the enclave and two witnesses that remember. */
#include "audit/checkpoint.h"
#include "audit/cosignature.h"
#include "check.h"

enum { FIRST, SECOND, WITNESSES };
static const char *const names[WITNESSES] = {"first.example/w", "second.example/w"};

static const zc_signer *witness_key(int which)
{
    static zc_signer signer[WITNESSES];
    zc_secret32 seed;
    memset(seed.byte, 0x70 + which, sizeof seed.byte);
    assert_ok(zc_signer_init(&signer[which], ZC_CURVE_ED25519, &seed));
    return &signer[which];
}

static void witnessed_mission(zc_mission *mission, uint32_t needed)
{
    driver_mission(mission);
    driver_allow_all(mission);
    mission->witnesses_needed = needed;
    for (int i = 0; i < WITNESSES; i++) {
        zc_witness *witness = &mission->witnesses[mission->witness_count++];
        strcpy(witness->name, names[i]);
        memcpy(witness->pubkey, witness_key(i)->pubkey.byte, sizeof witness->pubkey);
    }
}

static driver *witnessed(uint32_t needed)
{
    static zc_mission mission;
    memset(&mission, 0, sizeof mission);
    witnessed_mission(&mission, needed);
    return driver_new(&mission);
}

/* The checkpoint with the cosignatures of whoever is in `who`, as the host would bring it. */
static zc_slice cosigned(const driver *drv, unsigned who, bool forge)
{
    static uint8_t bytes[ZC_COSIGNED_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_note note;
    zc_slice checkpoint = driver_slice(&drv->store.checkpoint);
    assert_ok(zc_note_parse(checkpoint, &note));
    assert_ok(zc_write_slice(&writer, checkpoint));
    for (int i = 0; i < WITNESSES; i++) {
        if ((who >> i & 1) != 0) {
            assert_ok(zc_cosignature_write(note.text, zc_slice_of_text(names[i]), witness_key(i),
                                           1767225600, &writer));
        }
    }
    if (forge) {
        bytes[zc_writer_len(&writer) - 20] ^= 1; /* within the last signature's base64 */
    }
    return zc_writer_written(&writer);
}

static void bring(driver *drv, unsigned who)
{
    zc_host_message message = {.type = ZC_HOST_COSIGNED, .cosigned = {cosigned(drv, who, false)}};
    driver_host(drv, &message);
}

#define BOTH (1u << FIRST | 1u << SECOND)

static void boot__not_cosigned__does_not_serve(void **state)
{
    (void)state;
    driver *drv = witnessed(2);
    driver_start(drv);
    assert_false(drv->serving);
    assert_int_equal(drv->evidence_count, 0);
    driver_tick(drv, DRIVER_MINUTE);
    assert_false(drv->serving);
    bring(drv, 0);
    bring(drv, 1u << FIRST);
    assert_false(drv->serving);
    assert_alive(drv);
    bring(drv, BOTH);
    assert_true(drv->serving);
    driver_free(drv);
}

static void boot__one_of_two_needed__serves(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    bring(drv, 1u << SECOND);
    assert_true(drv->serving);
    driver_free(drv);
}

static void boot__forged_cosignature__does_not_serve(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    zc_slice note = cosigned(drv, 1u << FIRST, true);
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_COSIGNED, .cosigned = {note}});
    assert_false(drv->serving);
    assert_alive(drv);
    driver_free(drv);
}

/* What was cosigned before this boot, or for another copy of it, is of no use. */
static void boot__cosignature_of_another_boot__does_not_serve(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    static uint8_t kept[ZC_COSIGNED_MAX];
    zc_slice note = cosigned(drv, 1u << FIRST, false);
    memcpy(kept, note.data, note.len);
    bring(drv, 1u << FIRST);
    assert_true(drv->serving);
    drv->serving = false;
    driver_start(drv);
    zc_slice old = zc_slice_of(kept, note.len);
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_COSIGNED, .cosigned = {old}});
    assert_false(drv->serving);
    bring(drv, 1u << FIRST);
    assert_true(drv->serving);
    driver_free(drv);
}

static void serving__witnesses_fall_silent__signing_stops(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    bring(drv, 1u << FIRST);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    driver_tick(drv, DRIVER_SECOND);
    bring(drv, 1u << FIRST);
    /* A quiet day uses up nothing. */
    drv->now_ms += 24 * 60 * DRIVER_MINUTE;
    uint64_t bot = driver_connect(drv, BOT);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    driver_tick(drv, ZC_ENCLAVE_UNWITNESSED_MS);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    drv->now_ms += 1;
    assert_failed(driver_sign_text(drv, bot, "k", "hello"), ZC_ENCLAVE_NOT_WITNESSED);
    zc_request request = {.op = ZC_OP_STATUS};
    assert_false(driver_ask(drv, bot, &request).state.rollback_protected);
    driver_tick(drv, DRIVER_SECOND);
    bring(drv, 1u << FIRST);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    assert_true(driver_ask(drv, bot, &request).state.rollback_protected);
    driver_free(drv);
}

/* The founders' way out. */
static void lost_tail(driver *drv, unsigned founders, bool spoil)
{
    zc_host_message message = {.type = ZC_HOST_LOST_TAIL};
    for (unsigned who = 0; who <= CAROL; who++) {
        if ((founders >> who & 1) == 0) {
            continue;
        }
        zc_founder_signature *founder =
            &message.genesis_signed.founder[message.genesis_signed.count++];
        zc_signature signature;
        assert_ok(zc_sign_message_ed25519(driver_principal(who), driver_slice(&drv->statement),
                                          &signature));
        memcpy(founder->public_key, driver_principal(who)->pubkey.byte, 32);
        memcpy(founder->signature, signature.byte, 64);
        founder->signature[9] ^= spoil ? 1 : 0;
    }
    driver_host(drv, &message);
}

static void lost_tail__quorum_of_founders__serves_halted_and_says_so(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    lost_tail(drv, 1u << ALICE | 1u << BOB, false);
    assert_true(drv->serving);
    assert_int_equal(driver_last_entry(drv).kind, ZC_AUDIT_LOST_TAIL);
    assert_int_equal(drv->enclave->phase, ZC_PHASE_HALTED);
    zc_request request = {.op = ZC_OP_STATUS};
    assert_false(driver_ask(drv, driver_connect(drv, AUDITOR), &request).state.rollback_protected);
    /* The next start needs the witnesses, or the founders, again. */
    drv->serving = false;
    driver_start(drv);
    assert_false(drv->serving);
    bring(drv, 1u << FIRST);
    assert_true(drv->serving);
    assert_int_equal(drv->enclave->phase, ZC_PHASE_HALTED);
    driver_free(drv);
}

static void lost_tail__too_few_or_wrong__stops(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        driver *drv = witnessed(1);
        driver_start(drv);
        lost_tail(drv, i == 0 ? 1u << ALICE : FOUNDERS, i == 1);
        assert_false(drv->serving);
        assert_fatal(drv, ZC_ENCLAVE_QUORUM_NOT_MET);
        driver_free(drv);
    }
}

static void lost_tail__signatures_of_another_boot__are_refused(void **state)
{
    (void)state;
    driver *drv = witnessed(1);
    driver_start(drv);
    driver_blob old = {0};
    driver_blob_set(&old, driver_slice(&drv->statement));
    driver_start(drv);
    driver_blob_set(&drv->statement, driver_slice(&old));
    lost_tail(drv, FOUNDERS, false);
    assert_fatal(drv, ZC_ENCLAVE_QUORUM_NOT_MET);
    driver_blob_free(&old);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot__not_cosigned__does_not_serve),
        cmocka_unit_test(boot__one_of_two_needed__serves),
        cmocka_unit_test(boot__forged_cosignature__does_not_serve),
        cmocka_unit_test(boot__cosignature_of_another_boot__does_not_serve),
        cmocka_unit_test(serving__witnesses_fall_silent__signing_stops),
        cmocka_unit_test(lost_tail__quorum_of_founders__serves_halted_and_says_so),
        cmocka_unit_test(lost_tail__too_few_or_wrong__stops),
        cmocka_unit_test(lost_tail__signatures_of_another_boot__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
