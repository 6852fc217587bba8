/* A deployment is born once. */
#include "check.h"

#include "attest/genesis.h"

static void genesis__all_founders__serves(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, FOUNDERS);
    assert_alive(drv);
    assert_true(drv->hello && drv->serving);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_SERVING);
    assert_int_equal(drv->store.entry_count, 2);
    assert_int_equal(driver_entry_at(drv, 0).kind, ZC_AUDIT_GENESIS);
    assert_int_equal(driver_entry_at(drv, 1).kind, ZC_AUDIT_BOOT);
    assert_true(zc_slice_eq(driver_entry_at(drv, 0).detail, driver_slice(&drv->store.genesis)));
    assert_true(zc_slice_eq(driver_entry_at(drv, 1).detail, driver_slice(&drv->document)));
    driver_free(drv);
}

static void genesis__quorum_of_founders__serves(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, 1u << BOB | 1u << CAROL);
    assert_true(drv->serving);
    driver_free(drv);
}

static void genesis__too_few_founders__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, 1u << ALICE);
    assert_fatal(drv, ZC_ATTEST_QUORUM_NOT_MET);
    assert_int_equal(drv->store.genesis.len, 0);
    driver_free(drv);
}

static void genesis__nobody__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, 0);
    assert_true(drv->exited && drv->fatal != 0);
    driver_free(drv);
}

static void genesis__stranger_among_founders__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, FOUNDERS | 1u << STRANGER);
    assert_fatal(drv, ZC_ATTEST_UNKNOWN_FOUNDER);
    driver_free(drv);
}

static void genesis__principal_who_is_no_founder__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, 1u << ALICE | 1u << BOT);
    assert_fatal(drv, ZC_ATTEST_UNKNOWN_FOUNDER);
    driver_free(drv);
}

static void found_with(driver *drv, unsigned first, unsigned second, uint8_t flip)
{
    zc_host_message message = {.type = ZC_HOST_GENESIS_SIGNED, .genesis_signed = {.count = 2}};
    const unsigned who[] = {first, second};
    for (size_t i = 0; i < 2; i++) {
        zc_signature signature;
        assert_ok(zc_sign_message_ed25519(driver_principal(who[i]), driver_slice(&drv->statement),
                                          &signature));
        zc_founder_signature *founder = &message.genesis_signed.founder[i];
        memcpy(founder->public_key, driver_principal(who[i])->pubkey.byte, 32);
        memcpy(founder->signature, signature.byte, 64);
    }
    message.genesis_signed.founder[1].signature[0] ^= flip;
    driver_host(drv, &message);
}

static void genesis__one_founder_twice__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    found_with(drv, ALICE, ALICE, 0);
    assert_fatal(drv, ZC_ATTEST_DUPLICATE_FOUNDER);
    driver_free(drv);
}

static void genesis__broken_signature__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    found_with(drv, ALICE, BOB, 1);
    assert_fatal(drv, ZC_ATTEST_BAD_FOUNDER_SIGNATURE);
    driver_free(drv);
}

static void genesis__a_second_time__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    driver_found(drv, FOUNDERS);
    driver_found(drv, FOUNDERS);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void genesis__not_durable__does_not_serve(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    drv->auto_ack = false;
    driver_found(drv, FOUNDERS);
    assert_alive(drv);
    assert_true(drv->store.genesis.len > 0 && drv->store.root.len > 0);
    assert_false(drv->serving);
    driver_ack(drv, drv->ordinal - 1);
    assert_false(drv->serving);
    assert_int_equal(drv->store.entry_count, 0);
    driver_ack(drv, drv->ordinal);
    assert_true(drv->serving);
    driver_free(drv);
}

static void genesis__record_without_root__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    drv->store.root.len = 0;
    driver_start(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_ROOT);
    driver_free(drv);
}

static void genesis__stopped_before_the_log_began__comes_back(void **state)
{
    (void)state;
    driver *drv = driver_new_unborn();
    drv->auto_ack = false;
    driver_found(drv, FOUNDERS);
    assert_int_equal(drv->store.entry_count, 0);
    drv->auto_ack = true;
    driver_start(drv);
    assert_true(drv->serving);
    assert_int_equal(driver_entry_at(drv, 0).kind, ZC_AUDIT_GENESIS);
    driver_start(drv);
    assert_true(drv->serving);
    driver_free(drv);
}

static void genesis__two_machines__are_two_deployments(void **state)
{
    (void)state;
    driver *one = driver_new_serving();
    driver *other = driver_new_powered();
    driver_free(other);
    static zc_mission mission;
    driver_mission(&mission);
    other = driver_new(&mission);
    other->boot = 9;
    driver_start(other);
    assert_true(other->serving);
    assert_memory_not_equal(one->deployment_id, other->deployment_id, 32);
    driver_free(one);
    driver_free(other);
}

static void start__pcr0_not_locked__refused(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    driver *drv = driver_new(&mission);
    drv->pcr0_unlocked = true;
    driver_power_on(drv);
    assert_fatal(drv, ZC_ENCLAVE_NSM_FAILED);
    driver_free(drv);
}

static void start__mission_pcr_used_before__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    drv->pcr[16][0] = 1;
    driver_boot(drv);
    assert_fatal(drv, ZC_ENCLAVE_NSM_FAILED);
    driver_free(drv);
}

static void start__module_refuses__stops(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    drv->refuses = true;
    driver_boot(drv);
    assert_true(drv->exited && drv->fatal != 0);
    driver_free(drv);
}

static void start__no_wrapping_key__stops(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    drv->auto_nsm = false;
    driver_boot(drv);
    while (!drv->pending_wrap[0]) {
        driver_answer(drv);
    }
    drv->pending[0].len = 0;
    driver_answer(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRAP_KEY_FAILED);
    driver_free(drv);
}

static void start__short_entropy__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    memset(drv->enclave, 0, zc_enclave_size(DRIVER_KEYS));
    zc_enclave_config config = {.platform = "test", .signers = &drv->vault};
    assert_non_null(zc_enclave_init(drv->enclave, zc_enclave_size(DRIVER_KEYS), &config));
    driver_step(drv, ZC_EVENT_START, 0, zc_slice_of("only this", 9));
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void start__twice__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    uint8_t entropy[64] = {1};
    driver_step(drv, ZC_EVENT_START, 0, ZC_SLICE_OF_ARRAY(entropy));
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void start__answer_nobody_asked_for__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    driver_step(drv, ZC_EVENT_NSM, 0, zc_slice_of_text("x"));
    assert_fatal(drv, ZC_ENCLAVE_NSM_FAILED);
    driver_free(drv);
}

static void start__wrapping_key_nobody_asked_for__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    uint8_t key[32] = {1};
    driver_step(drv, ZC_EVENT_WRAP_KEY, 0, ZC_SLICE_OF_ARRAY(key));
    assert_fatal(drv, ZC_ENCLAVE_WRAP_KEY_FAILED);
    assert_int_equal(drv->statement.len, 0);
    driver_free(drv);
}

static void start__second_front_key__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    driver_front_key(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void init__too_little_memory__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_powered();
    zc_enclave_config config = {.platform = "test", .signers = &drv->vault};
    assert_null(zc_enclave_init(drv->enclave, zc_enclave_size(1) - 1, &config));
    drv->vault.len--;
    assert_null(zc_enclave_init(drv->enclave, zc_enclave_size(DRIVER_KEYS), &config));
    drv->vault.len++;
    driver_free(drv);
}

/* A list of a hundred thousand recipients: more than two frames hold. */
static driver *with_long_list(uint32_t count)
{
    static zc_mission mission;
    driver_mission(&mission);
    zc_rule *rule = driver_rule(&mission, "list", ZC_RULE_DENY);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t address[20] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        assert_ok(zc_scope_list_bytes(&mission, &rule->scope, ZC_LIST_COUNTERPARTIES,
                                      ZC_SLICE_OF_ARRAY(address)));
    }
    return driver_new(&mission);
}

static void boot__mission_longer_than_a_frame__is_measured_whole(void **state)
{
    (void)state;
    driver *drv = with_long_list(100000);
    uint8_t hash[32];
    assert_true(drv->store.mission.len > 2 * ZC_MISSION_MAX);
    zc_mission_hash(driver_slice(&drv->store.mission), hash);
    driver_start(drv);
    assert_true(drv->serving);
    assert_memory_equal(drv->enclave->mission_hash, hash, 32);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

static void boot__parts_beyond_any_mission__refused(void **state)
{
    (void)state;
    static uint8_t part[ZC_MISSION_MAX];
    driver *drv = with_long_list(1);
    driver_power_on(drv);
    for (size_t i = 0; i < ZC_MISSION_MAX_BYTES / sizeof part; i++) {
        driver_host(drv, &(zc_host_message){.type = ZC_HOST_MISSION,
                                            .mission = {.part = ZC_SLICE_OF_ARRAY(part)}});
        assert_alive(drv);
    }
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_MISSION,
                                        .mission = {.part = ZC_SLICE_OF_ARRAY(part)}});
    assert_fatal(drv, ZC_POLICY_MISSION_TOO_LONG);
    driver_free(drv);
}

static void boot__a_part_after_the_mission__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_MISSION,
                                        .mission = {.part = zc_slice_of_text("x")}});
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot__mission_longer_than_a_frame__is_measured_whole),
        cmocka_unit_test(boot__parts_beyond_any_mission__refused),
        cmocka_unit_test(boot__a_part_after_the_mission__refused),
        cmocka_unit_test(genesis__all_founders__serves),
        cmocka_unit_test(genesis__quorum_of_founders__serves),
        cmocka_unit_test(genesis__too_few_founders__refused),
        cmocka_unit_test(genesis__nobody__refused),
        cmocka_unit_test(genesis__stranger_among_founders__refused),
        cmocka_unit_test(genesis__principal_who_is_no_founder__refused),
        cmocka_unit_test(genesis__one_founder_twice__refused),
        cmocka_unit_test(genesis__broken_signature__refused),
        cmocka_unit_test(genesis__a_second_time__refused),
        cmocka_unit_test(genesis__not_durable__does_not_serve),
        cmocka_unit_test(genesis__record_without_root__refused),
        cmocka_unit_test(genesis__stopped_before_the_log_began__comes_back),
        cmocka_unit_test(genesis__two_machines__are_two_deployments),
        cmocka_unit_test(start__pcr0_not_locked__refused),
        cmocka_unit_test(start__mission_pcr_used_before__refused),
        cmocka_unit_test(start__module_refuses__stops),
        cmocka_unit_test(start__no_wrapping_key__stops),
        cmocka_unit_test(start__short_entropy__refused),
        cmocka_unit_test(start__twice__refused),
        cmocka_unit_test(start__answer_nobody_asked_for__refused),
        cmocka_unit_test(start__wrapping_key_nobody_asked_for__refused),
        cmocka_unit_test(start__second_front_key__refused),
        cmocka_unit_test(init__too_little_memory__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
