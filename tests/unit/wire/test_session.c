#include "checks.h"

#include "wire/session.h"

static void secrets_of__exporter__three_parts_and_wiped(void **state)
{
    (void)state;
    uint8_t exporter[ZC_SESSION_EXPORTER_SIZE];
    for (size_t i = 0; i < sizeof exporter; i++) {
        exporter[i] = (uint8_t)(i + 1);
    }
    zc_session_secrets secrets;
    zc_session_secrets_of(exporter, &secrets);
    assert_int_equal(secrets.to_core.byte[0], 1);
    assert_int_equal(secrets.to_client.byte[0], 33);
    assert_int_equal(secrets.binding[31], 96);
    zc_session_secrets_wipe(&secrets);
    static const zc_session_secrets zero;
    assert_memory_equal(&secrets, &zero, sizeof zero);
}

static void auth_tbs__three_parts__prefix_and_order(void **state)
{
    (void)state;
    uint8_t binding[32];
    uint8_t document[32];
    uint8_t deployment[32];
    memset(binding, 'b', sizeof binding);
    memset(document, 'd', sizeof document);
    memset(deployment, 'i', sizeof deployment);
    uint8_t buffer[ZC_SESSION_AUTH_TBS_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_ok(zc_session_auth_tbs(binding, document, deployment, &writer));
    assert_true(zc_slice_eq_text(zc_writer_written(&writer), "zcp-session-auth-v1"
                                                             "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                                                             "dddddddddddddddddddddddddddddddd"
                                                             "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii"));
    writer = zc_writer_of(buffer, sizeof buffer - 1);
    assert_fails(zc_session_auth_tbs(binding, document, deployment, &writer), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_of__exporter__three_parts_and_wiped),
        cmocka_unit_test(auth_tbs__three_parts__prefix_and_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
