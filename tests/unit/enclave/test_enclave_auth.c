/* Who speaks: sessions and their credentials. */
#include "check.h"

static void auth__principal__is_named(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, BOT, &request);
    zc_reply reply = driver_ask(drv, session, &request);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_true(zc_slice_eq_text(reply.auth.principal, "bot"));
    assert_memory_equal(reply.auth.deployment_id, drv->deployment_id, 32);
    assert_int_equal(reply.auth.phase, ZC_PHASE_SERVING);
    driver_free(drv);
}

/* The client is told why, and the session is gone. */
static void expect_refusal(driver *drv, uint64_t session, zc_request *request, int reason)
{
    size_t closed = drv->close_count;
    assert_failed(driver_ask(drv, session, request), reason);
    assert_int_equal(drv->close_count, closed + 1);
    assert_int_equal(drv->closed, session);
    assert_alive(drv);
    zc_request status = {.op = ZC_OP_STATUS};
    driver_send(drv, session, &status);
    assert_int_equal(drv->reply_count, 0);
}

static void auth__wrong_signature__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    for (size_t at = 0; at < 64; at += 21) {
        uint64_t session = driver_open(drv);
        zc_request request;
        driver_auth_request(drv, session, ALICE, &request);
        request.auth.signature[at] ^= 1;
        expect_refusal(drv, session, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    }
    driver_free(drv);
}

static void auth__signature_of_another_session__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t first = driver_open(drv);
    uint64_t second = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, first, ALICE, &request);
    expect_refusal(drv, second, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    assert_int_equal(driver_ask(drv, first, &request).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void auth__for_another_deployment__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_open(drv);
    zc_request request;
    drv->deployment_id[0] ^= 1;
    driver_auth_request(drv, session, ALICE, &request);
    expect_refusal(drv, session, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    driver_free(drv);
}

/* Front, or whoever is in its place, showed the client a document that core never made. */
static void auth__document_not_ours__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    drv->document.data[0] ^= 1;
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, ALICE, &request);
    expect_refusal(drv, session, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    driver_free(drv);
}

static void auth__credential_not_in_the_mission__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, STRANGER, &request);
    expect_refusal(drv, session, &request, ZC_ENCLAVE_UNKNOWN_PRINCIPAL);
    driver_free(drv);
}

static void auth__name_of_another__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_open(drv);
    zc_request request;
    driver_auth_request(drv, session, STRANGER, &request);
    memcpy(request.auth.public_key, driver_principal(ALICE)->pubkey.byte, 32);
    expect_refusal(drv, session, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    driver_free(drv);
}

/* Nobody changes who they are: not to another, not to themselves. */
static void auth__a_second_time__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    for (unsigned who = ALICE; who <= BOT; who += BOT) {
        uint64_t session = driver_connect(drv, BOT);
        zc_request request;
        driver_auth_request(drv, session, who, &request);
        expect_refusal(drv, session, &request, ZC_ENCLAVE_BAD_AUTHENTICATION);
    }
    driver_free(drv);
}

static void auth__document_before_the_last__accepted_and_older_refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    zc_request request;
    for (int age = 0; age < 3; age++) {
        uint64_t session = driver_open(drv);
        driver_auth_request(drv, session, BOT, &request);
        for (int i = 0; i < age; i++) {
            driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS);
        }
        zc_reply reply = driver_ask(drv, session, &request);
        if (age < 2) {
            assert_int_equal(reply.status, ZC_STATUS_OK);
        } else {
            assert_failed(reply, ZC_ENCLAVE_BAD_AUTHENTICATION);
        }
    }
    driver_free(drv);
}

static void request__before_auth__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    assert_int_equal(driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_ED25519).status,
                     0);
    size_t entries = drv->store.entry_count;
    uint64_t session = driver_open(drv);
    zc_request requests[] = {
        {.op = ZC_OP_STATUS},
        {.op = ZC_OP_ATTEST},
        {.op = ZC_OP_KEY_CREATE,
         .key_create = {.name = zc_slice_of_text("x"),
                        .kind = ZC_CURVE_P256,
                        .tier = ZC_TIER_HOT,
                        .nonce_mode = ZC_NONCE_HEDGED}},
        {.op = ZC_OP_KEY_LIST, .key_list = {0, 10}},
        {.op = ZC_OP_KEY_SHOW, .key_name = {zc_slice_of_text("k")}},
        {.op = ZC_OP_KEY_DISABLE, .key_name = {zc_slice_of_text("k")}},
        {.op = ZC_OP_KEY_IMPORT_BEGIN},
        {.op = ZC_OP_SIGN,
         .sign = {.key = zc_slice_of_text("k"),
                  .use = ZC_USE_MESSAGE,
                  .payload = zc_slice_of_text("hello")}},
        {.op = ZC_OP_HALT},
        {.op = ZC_OP_RESUME},
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        assert_failed(driver_ask(drv, session, &requests[i]), ZC_ENCLAVE_NOT_AUTHENTICATED);
    }
    assert_int_equal(drv->store.entry_count, entries);
    driver_free(drv);
}

static void session__without_all_its_bytes__closed(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint8_t bytes[65] = {0};
    for (size_t len = 0; len <= 65; len++) {
        if (len == 64) {
            continue;
        }
        size_t closed = drv->close_count;
        driver_step(drv, ZC_EVENT_SESSION_OPEN, 1000 + len, zc_slice_of(bytes, len));
        assert_int_equal(drv->close_count, closed + 1);
    }
    driver_step(drv, ZC_EVENT_SESSION_OPEN, 0, zc_slice_of(bytes, 64));
    assert_int_equal(drv->closed, 0);
    assert_alive(drv);
    driver_free(drv);
}

static void session__closed__hears_nothing(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    driver_step(drv, ZC_EVENT_SESSION_CLOSED, session, zc_slice_of(NULL, 0));
    driver_step(drv, ZC_EVENT_SESSION_CLOSED, session, zc_slice_of(NULL, 0));
    zc_request request = {.op = ZC_OP_STATUS};
    driver_send(drv, session, &request);
    assert_int_equal(drv->reply_count, 0);
    driver_free(drv);
}

static void sessions__too_many__the_next_is_closed_until_one_leaves(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    for (size_t i = 0; i < ZC_ENCLAVE_SESSIONS_MAX; i++) {
        driver_open(drv);
    }
    assert_int_equal(drv->close_count, 0);
    uint64_t refused = driver_open(drv);
    assert_int_equal(drv->closed, refused);
    driver_step(drv, ZC_EVENT_SESSION_CLOSED, 77, zc_slice_of(NULL, 0));
    uint64_t session = driver_connect(drv, BOT);
    assert_int_not_equal(session, refused);
    driver_free(drv);
}

/* Sessions come and go in every order, and each stays its own. */
static void sessions__come_and_go__none_is_lost(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    enum { COUNT = 3000 };
    static uint64_t open[COUNT];
    uint32_t dice = 1;
    for (size_t i = 0; i < COUNT; i++) {
        open[i] = driver_open(drv);
    }
    for (int round = 0; round < 3 * COUNT; round++) {
        dice = dice * 1664525 + 1013904223;
        size_t at = dice >> 8 & 0xfff;
        if (at >= COUNT) {
            continue;
        }
        driver_step(drv, ZC_EVENT_SESSION_CLOSED, open[at], zc_slice_of(NULL, 0));
        open[at] = driver_open(drv);
    }
    assert_int_equal(drv->enclave->session_count, COUNT);
    size_t taken = 0;
    for (size_t i = 0; i < ZC_ENCLAVE_SESSION_SLOTS; i++) {
        taken += drv->enclave->session[i].id != 0;
    }
    assert_int_equal(taken, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        zc_request request = {.op = ZC_OP_STATUS};
        assert_failed(driver_ask(drv, open[i], &request), ZC_ENCLAVE_NOT_AUTHENTICATED);
    }
    driver_free(drv);
}

/* Whatever a record holds, its sender gets an answer and the enclave goes on. */
static void record__unreadable__answered(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    static const char *const records[] = {"", "x", "\xa3\x01\x07\x02\x18\x63\x03\xa0",
                                          "\xa3\x01\x07\x02\x02\x03\xa1\x01\x01"};
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        drv->reply_count = 0;
        driver_step(drv, ZC_EVENT_RECORD, session, zc_slice_of_text(records[i]));
        assert_int_equal(drv->reply_count, 1);
        zc_reply reply;
        assert_ok(zc_reply_read(zc_slice_of(drv->reply, drv->reply_len), ZC_OP_STATUS, &reply));
        assert_int_equal(reply.status, ZC_STATUS_FAILED);
        assert_int_equal(reply.id, i < 2 ? 0 : 7);
        assert_alive(drv);
    }
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auth__principal__is_named),
        cmocka_unit_test(auth__wrong_signature__refused),
        cmocka_unit_test(auth__signature_of_another_session__refused),
        cmocka_unit_test(auth__for_another_deployment__refused),
        cmocka_unit_test(auth__document_not_ours__refused),
        cmocka_unit_test(auth__credential_not_in_the_mission__refused),
        cmocka_unit_test(auth__name_of_another__refused),
        cmocka_unit_test(auth__a_second_time__refused),
        cmocka_unit_test(auth__document_before_the_last__accepted_and_older_refused),
        cmocka_unit_test(request__before_auth__refused),
        cmocka_unit_test(session__without_all_its_bytes__closed),
        cmocka_unit_test(session__closed__hears_nothing),
        cmocka_unit_test(sessions__too_many__the_next_is_closed_until_one_leaves),
        cmocka_unit_test(sessions__come_and_go__none_is_lost),
        cmocka_unit_test(record__unreadable__answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
