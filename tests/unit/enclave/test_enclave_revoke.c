/* Revocations: the quorum takes away at once; nothing comes back, whatever restarts. */
#include "approvals.h"
#include "feeding.h"

static driver *start(void)
{
    static zc_mission mission;
    review_rule(&mission);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    return drv;
}

static zc_reply revoke(driver *drv, unsigned who, zc_revoke_kind kind, const char *name)
{
    zc_request request = {.op = ZC_OP_REVOKE,
                          .revoke = {.kind = (uint8_t)kind, .name = zc_slice_of_text(name)}};
    return driver_ask(drv, driver_connect(drv, who), &request);
}

static zc_reply speak(driver *drv)
{
    return driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
}

static void revoke__principal__signs_nothing_any_more(void **state)
{
    (void)state;
    driver *drv = start();
    assert_signed(speak(drv));
    size_t entries = drv->store.entry_count;
    assert_int_equal(revoke(drv, ALICE, ZC_REVOKE_PRINCIPAL, "bot").status, ZC_STATUS_REVIEW);
    assert_int_equal(revoke(drv, ALICE, ZC_REVOKE_PRINCIPAL, "bot").status, ZC_STATUS_REVIEW);
    assert_int_equal(drv->store.entry_count, entries);
    assert_signed(speak(drv));
    zc_reply reply = revoke(drv, BOB, ZC_REVOKE_PRINCIPAL, "bot");
    assert_int_equal(reply.status, ZC_STATUS_OK);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_REVOCATION);
    assert_int_equal(entry.sequence, reply.logged.entry);
    for (int boot = 0; boot < 3; boot++) {
        reply = speak(drv);
        assert_int_equal(reply.status, ZC_STATUS_DENIED);
        assert_int_equal(reply.denial.reason, ZC_POLICY_REVOKED);
        assert_int_equal(status_of(drv).revoked, 1);
        driver_start(drv);
        assert_alive(drv);
    }
    assert_failed(revoke(drv, CAROL, ZC_REVOKE_PRINCIPAL, "bot"), ZC_ENCLAVE_REVOKED_ALREADY);
    driver_free(drv);
}

static void revoke__rule__allows_nothing_any_more(void **state)
{
    (void)state;
    driver *drv = start();
    revoke(drv, CAROL, ZC_REVOKE_RULE, "allow-all");
    assert_int_equal(revoke(drv, BOB, ZC_REVOKE_RULE, "allow-all").status, ZC_STATUS_OK);
    zc_reply reply = speak(drv);
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_NO_RULE);
    zc_policy_item item = item_of(drv, ZC_SECTION_REVOKED);
    assert_true(zc_slice_eq_text(item.name, "allow-all"));
    assert_int_equal(item.state, ZC_REVOKE_RULE);
    driver_start(drv);
    assert_int_equal(speak(drv).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

static void revoke__what_would_widen_or_is_nobodys__refused(void **state)
{
    (void)state;
    driver *drv = start();
    assert_failed(revoke(drv, ALICE, ZC_REVOKE_RULE, "big"), ZC_ENCLAVE_RULE_ALLOWS_NOTHING);
    assert_failed(revoke(drv, ALICE, ZC_REVOKE_RULE, "bot"), ZC_ENCLAVE_NOTHING_TO_REVOKE);
    assert_failed(revoke(drv, ALICE, ZC_REVOKE_PRINCIPAL, "big"), ZC_ENCLAVE_NOTHING_TO_REVOKE);
    assert_failed(revoke(drv, BOT, ZC_REVOKE_RULE, "allow-all"), ZC_ENCLAVE_NOT_PERMITTED);
    driver_free(drv);
}

/* Who is revoked votes on nothing and has no role left, also with a vote given before. */
static void revoke__approver__counts_in_no_quorum(void **state)
{
    (void)state;
    driver *drv = start();
    zc_request halt = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("")}};
    assert_int_equal(revoke(drv, ALICE, ZC_REVOKE_RULE, "allow-all").status, ZC_STATUS_REVIEW);
    driver_ask(drv, driver_connect(drv, ALICE), &halt);
    assert_int_equal(resume_as(drv, ALICE).status, ZC_STATUS_REVIEW);
    revoke(drv, BOB, ZC_REVOKE_PRINCIPAL, "alice");
    assert_int_equal(revoke(drv, CAROL, ZC_REVOKE_PRINCIPAL, "alice").status, ZC_STATUS_OK);
    assert_int_equal(resume_as(drv, BOB).status, ZC_STATUS_REVIEW);
    assert_failed(resume_as(drv, ALICE), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(driver_create(drv, driver_connect(drv, ALICE), "k2", ZC_CURVE_P256).status,
                     ZC_STATUS_FAILED);
    assert_int_equal(revoke(drv, BOB, ZC_REVOKE_RULE, "allow-all").status, ZC_STATUS_REVIEW);
    assert_int_equal(resume_as(drv, CAROL).status, ZC_STATUS_OK);
    assert_signed(speak(drv));
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revoke__principal__signs_nothing_any_more),
        cmocka_unit_test(revoke__rule__allows_nothing_any_more),
        cmocka_unit_test(revoke__what_would_widen_or_is_nobodys__refused),
        cmocka_unit_test(revoke__approver__counts_in_no_quorum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
