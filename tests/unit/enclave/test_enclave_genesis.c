/* A deployment is born once; and each message has its phase. */
#include "check.h"

#include "attest/genesis.h"

static driver *powered(void)
{
    static zc_mission mission;
    driver_mission(&mission);
    driver_allow_all(&mission);
    driver *drv = driver_new(&mission);
    driver_power_on(drv);
    driver_front_key(drv);
    return drv;
}

/* Waiting for its founders. */
static driver *unborn(void)
{
    driver *drv = powered();
    driver_boot(drv);
    assert_true(drv->statement.len > 0);
    return drv;
}

static void genesis__all_founders__serves(void **state)
{
    (void)state;
    driver *drv = unborn();
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
    driver *drv = unborn();
    driver_found(drv, 1u << BOB | 1u << CAROL);
    assert_true(drv->serving);
    driver_free(drv);
}

static void genesis__too_few_founders__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
    driver_found(drv, 1u << ALICE);
    assert_fatal(drv, ZC_ATTEST_QUORUM_NOT_MET);
    assert_int_equal(drv->store.genesis.len, 0);
    driver_free(drv);
}

static void genesis__nobody__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
    driver_found(drv, 0);
    assert_true(drv->exited && drv->fatal != 0);
    driver_free(drv);
}

static void genesis__stranger_among_founders__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
    driver_found(drv, FOUNDERS | 1u << STRANGER);
    assert_fatal(drv, ZC_ATTEST_UNKNOWN_FOUNDER);
    driver_free(drv);
}

static void genesis__principal_who_is_no_founder__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
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
    driver *drv = unborn();
    found_with(drv, ALICE, ALICE, 0);
    assert_fatal(drv, ZC_ATTEST_DUPLICATE_FOUNDER);
    driver_free(drv);
}

static void genesis__broken_signature__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
    found_with(drv, ALICE, BOB, 1);
    assert_fatal(drv, ZC_ATTEST_BAD_FOUNDER_SIGNATURE);
    driver_free(drv);
}

static void genesis__a_second_time__refused(void **state)
{
    (void)state;
    driver *drv = unborn();
    driver_found(drv, FOUNDERS);
    driver_found(drv, FOUNDERS);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void genesis__not_durable__does_not_serve(void **state)
{
    (void)state;
    driver *drv = unborn();
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
    driver *drv = unborn();
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
    driver *other = powered();
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
    driver *drv = powered();
    drv->pcr[16][0] = 1;
    driver_boot(drv);
    assert_fatal(drv, ZC_ENCLAVE_NSM_FAILED);
    driver_free(drv);
}

static void start__module_refuses__stops(void **state)
{
    (void)state;
    driver *drv = powered();
    drv->refuses = true;
    driver_boot(drv);
    assert_true(drv->exited && drv->fatal != 0);
    driver_free(drv);
}

static void start__no_wrapping_key__stops(void **state)
{
    (void)state;
    driver *drv = powered();
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
    driver *drv = powered();
    memset(drv->enclave, 0, zc_enclave_size());
    zc_enclave_config config = {.platform = "test", .signers = &drv->vault};
    assert_non_null(zc_enclave_init(drv->enclave, zc_enclave_size(), &config));
    driver_step(drv, ZC_EVENT_START, 0, zc_slice_of("only this", 9));
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void start__twice__refused(void **state)
{
    (void)state;
    driver *drv = powered();
    uint8_t entropy[64] = {1};
    driver_step(drv, ZC_EVENT_START, 0, ZC_SLICE_OF_ARRAY(entropy));
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void start__answer_nobody_asked_for__refused(void **state)
{
    (void)state;
    driver *drv = powered();
    driver_step(drv, ZC_EVENT_NSM, 0, zc_slice_of_text("x"));
    assert_fatal(drv, ZC_ENCLAVE_NSM_FAILED);
    driver_free(drv);
}

static void start__wrapping_key_nobody_asked_for__refused(void **state)
{
    (void)state;
    driver *drv = powered();
    uint8_t key[32] = {1};
    driver_step(drv, ZC_EVENT_WRAP_KEY, 0, ZC_SLICE_OF_ARRAY(key));
    assert_fatal(drv, ZC_ENCLAVE_WRAP_KEY_FAILED);
    assert_int_equal(drv->statement.len, 0);
    driver_free(drv);
}

static void start__second_front_key__refused(void **state)
{
    (void)state;
    driver *drv = powered();
    driver_front_key(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void init__too_little_memory__refused(void **state)
{
    (void)state;
    driver *drv = powered();
    zc_enclave_config config = {.platform = "test", .signers = &drv->vault};
    assert_null(zc_enclave_init(drv->enclave, zc_enclave_size() - 1, &config));
    drv->vault.len--;
    assert_null(zc_enclave_init(drv->enclave, zc_enclave_size(), &config));
    drv->vault.len++;
    driver_free(drv);
}

/* Every message of the host in every phase that has no row for it. */

typedef enum stage {
    AT_START,
    AT_GENESIS,
    AT_LOADING,
    AT_LOADED,
    AT_SERVING,
    AT_HALTED,
    STAGES
} stage;

static void halt(driver *drv)
{
    zc_request request = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("drill")}};
    assert_int_equal(driver_ask(drv, driver_connect(drv, ALICE), &request).status, ZC_STATUS_OK);
}

static driver *at_stage(stage at)
{
    if (at == AT_START) {
        return powered();
    }
    if (at == AT_GENESIS) {
        return unborn();
    }
    driver *drv = driver_new_serving();
    if (at == AT_HALTED) {
        halt(drv);
    }
    if (at == AT_LOADING || at == AT_LOADED) {
        driver_power_on(drv);
        driver_front_key(drv);
        driver_boot(drv);
        if (at == AT_LOADED) {
            driver_load_entries(drv);
            drv->auto_nsm = false; /* the boot document stays out */
            driver_load_done(drv);
        }
    }
    assert_alive(drv);
    return drv;
}

static zc_host_message message_of(const driver *drv, zc_host_type type)
{
    zc_host_message message = {.type = type};
    switch (type) {
    case ZC_HOST_BOOT:
        message.boot = (zc_host_boot){.mission = driver_slice(&drv->store.mission)};
        break;
    case ZC_HOST_KEY_BLOB:
        message.key_blob =
            (zc_host_key_blob){.name = zc_slice_of_text("k"), .sealed = zc_slice_of_text("blob")};
        break;
    case ZC_HOST_ENTRY:
        message.entry = (zc_host_entry){.entry = zc_slice_of_text("entry")};
        break;
    case ZC_HOST_HELLO:
        message.hello.version = zc_slice_of_text("1");
        message.hello.vault_kind = ZC_VAULT_LOCKED;
        break;
    case ZC_HOST_GENESIS_STATEMENT:
        message.genesis_statement.statement = zc_slice_of_text("s");
        break;
    case ZC_HOST_SERVING:
        message.serving.document = zc_slice_of_text("d");
        break;
    case ZC_HOST_FATAL:
        message.fatal.code = 1;
        break;
    case ZC_HOST_ACK:
        message.ack.ordinal = 1000;
        break;
    default:
        break;
    }
    return message;
}

static void host__each_message_in_each_wrong_stage__ends_the_enclave(void **state)
{
    (void)state;
    static const struct {
        zc_host_type type;
        unsigned welcome; /* stages in which it is not refused for its phase */
    } rows[] = {
        {ZC_HOST_BOOT, 1u << AT_START},
        {ZC_HOST_GENESIS_SIGNED, 1u << AT_GENESIS},
        {ZC_HOST_KEY_BLOB, 1u << AT_LOADING},
        {ZC_HOST_ENTRY, 1u << AT_LOADING},
        {ZC_HOST_LOAD_DONE, 1u << AT_LOADING},
        {ZC_HOST_HELLO, 0},
        {ZC_HOST_GENESIS_STATEMENT, 0},
        {ZC_HOST_SERVING, 0},
        {ZC_HOST_FATAL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (stage at = AT_START; at < STAGES; at++) {
            if ((rows[i].welcome >> at & 1) != 0) {
                continue;
            }
            driver *drv = at_stage(at);
            zc_host_message message = message_of(drv, rows[i].type);
            driver_host(drv, &message);
            assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
            driver_free(drv);
        }
    }
}

static void host__acknowledges_the_future__ends_the_enclave(void **state)
{
    (void)state;
    for (stage at = AT_START; at < STAGES; at++) {
        driver *drv = at_stage(at);
        zc_host_message message = message_of(drv, ZC_HOST_ACK);
        driver_host(drv, &message);
        assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
        driver_free(drv);
    }
}

static void host__not_a_message__ends_the_enclave(void **state)
{
    (void)state;
    static const char *const frames[] = {"", "x", "\xa2\x01\x18\x63\x02\xa0", "\xa2\x01\x05"};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        driver *drv = at_stage(AT_SERVING);
        driver_step(drv, ZC_EVENT_HOST, 0, zc_slice_of_text(frames[i]));
        assert_true(drv->exited && drv->fatal != 0);
        driver_free(drv);
    }
}

static void host__after_the_end__hears_nothing_more(void **state)
{
    (void)state;
    driver *drv = at_stage(AT_SERVING);
    uint64_t session = driver_connect(drv, ALICE);
    driver_step(drv, ZC_EVENT_HOST, 0, zc_slice_of_text("x"));
    assert_true(drv->exited);
    zc_request request = {.op = ZC_OP_STATUS};
    driver_send(drv, session, &request);
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(drv->effects->count, 0);
    assert_int_equal(drv->reply_count, 0);
    driver_free(drv);
}

static void load_done__twice__one_boot_entry(void **state)
{
    (void)state;
    driver *drv = at_stage(AT_LOADED);
    driver_load_done(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    assert_int_equal(drv->pending_count, 1);
    driver_free(drv);
}

static void session__before_serving__closed(void **state)
{
    (void)state;
    for (stage at = AT_START; at <= AT_LOADED; at++) {
        driver *drv = at_stage(at);
        uint64_t session = driver_open(drv);
        assert_alive(drv);
        assert_int_equal(drv->close_count, 1);
        assert_int_equal(drv->closed, session);
        driver_free(drv);
    }
}

static void event__of_no_kind__ends_the_enclave(void **state)
{
    (void)state;
    driver *drv = at_stage(AT_SERVING);
    driver_step(drv, ZC_EVENT_KINDS, 0, zc_slice_of(NULL, 0));
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(host__each_message_in_each_wrong_stage__ends_the_enclave),
        cmocka_unit_test(host__acknowledges_the_future__ends_the_enclave),
        cmocka_unit_test(host__not_a_message__ends_the_enclave),
        cmocka_unit_test(host__after_the_end__hears_nothing_more),
        cmocka_unit_test(load_done__twice__one_boot_entry),
        cmocka_unit_test(session__before_serving__closed),
        cmocka_unit_test(event__of_no_kind__ends_the_enclave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
