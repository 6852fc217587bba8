/* Sessions and errors stand in the log by the minute: told in full, and bounded whatever happens.
 */
#include "check.h"

#include "codec/cbor.h"

static uint64_t count_of(const driver *drv, zc_audit_kind kind, size_t from, size_t *ret_entries)
{
    uint64_t sum = 0;
    *ret_entries = 0;
    for (size_t i = from; i < drv->store.entry_count; i++) {
        zc_audit_entry entry = driver_entry_at(drv, i);
        zc_reader detail = zc_reader_of(entry.detail);
        uint64_t count = 0;
        size_t items = 0;
        if (entry.kind != kind) {
            continue;
        }
        if (kind == ZC_AUDIT_ERROR) {
            assert_ok(zc_cbor_get_array(&detail, 2, &items));
            assert_ok(zc_cbor_get_uint(&detail, &count));
        }
        assert_ok(zc_cbor_get_uint(&detail, &count));
        assert_ok(zc_reader_end(&detail));
        assert_int_equal(entry.has_commitment[ZC_AUDIT_PRINCIPAL], kind != ZC_AUDIT_ERROR);
        sum += count;
        ++*ret_entries;
    }
    return sum;
}

static void sessions__thousands_in_a_minute__are_two_entries_a_principal(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    drv->now_ms += DRIVER_MINUTE - drv->now_ms % DRIVER_MINUTE;
    driver_tick(drv, 0);
    size_t before = drv->store.entry_count;
    size_t entries;
    for (size_t i = 0; i < 1500; i++) {
        uint64_t session = driver_connect(drv, i % 2 == 0 ? BOT : AUDITOR);
        if (i % 3 == 0) {
            driver_step(drv, ZC_EVENT_SESSION_CLOSED, session, zc_slice_of(NULL, 0));
        }
    }
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(drv->store.entry_count, before);
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(count_of(drv, ZC_AUDIT_SESSION_START, before, &entries), 1500);
    assert_int_equal(entries, 2);
    assert_int_equal(count_of(drv, ZC_AUDIT_SESSION_END, before, &entries), 500);
    assert_int_equal(entries, 2);
    before = drv->store.entry_count;
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(drv->store.entry_count, before);
    driver_free(drv);
}

static void stop__open_sessions__have_ended_in_the_log_and_once(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    size_t entries;
    uint64_t sessions[5];
    for (size_t i = 0; i < 5; i++) {
        sessions[i] = driver_connect(drv, BOT);
    }
    driver_step(drv, ZC_EVENT_SESSION_CLOSED, sessions[0], zc_slice_of(NULL, 0));
    (void)driver_open(drv); /* nobody: it proved nothing */
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_STOP});
    driver_step(drv, ZC_EVENT_SESSION_CLOSED, sessions[1], zc_slice_of(NULL, 0));
    driver_tick(drv, DRIVER_MINUTE);
    driver_tick(drv, DRIVER_MINUTE);
    assert_int_equal(count_of(drv, ZC_AUDIT_SESSION_START, 0, &entries), 5);
    assert_int_equal(count_of(drv, ZC_AUDIT_SESSION_END, 0, &entries), 5);
    assert_int_equal(entries, 1);
    driver_free(drv);
}

static void errors__refused_credentials__are_counted_by_their_reason(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    size_t before = drv->store.entry_count;
    size_t entries;
    for (size_t i = 0; i < 300; i++) {
        zc_request request;
        uint64_t session = driver_open(drv);
        driver_auth_request(drv, session, STRANGER, &request);
        (void)driver_ask(drv, session, &request);
    }
    driver_tick(drv, 2 * DRIVER_MINUTE);
    assert_int_equal(count_of(drv, ZC_AUDIT_ERROR, before, &entries), 300);
    assert_int_equal(entries, 1);
    zc_reader detail = zc_reader_of(driver_entry_at(drv, drv->store.entry_count - 1).detail);
    size_t items;
    uint64_t code;
    assert_ok(zc_cbor_get_array(&detail, 2, &items));
    assert_ok(zc_cbor_get_uint(&detail, &code));
    assert_int_equal(code, ZC_ENCLAVE_UNKNOWN_PRINCIPAL);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions__thousands_in_a_minute__are_two_entries_a_principal),
        cmocka_unit_test(stop__open_sessions__have_ended_in_the_log_and_once),
        cmocka_unit_test(errors__refused_credentials__are_counted_by_their_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
