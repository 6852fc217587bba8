/* Each message has its phase; what comes in another ends the enclave. */
#include "check.h"

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
        return driver_new_powered();
    }
    if (at == AT_GENESIS) {
        return driver_new_unborn();
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
