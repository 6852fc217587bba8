/* Status, attestation, checkpoints, and the kill switch. */
#include "check.h"

#include "audit/checkpoint.h"
#include "codec/cbor.h"

static zc_reply halt(driver *drv, uint64_t session, const char *reason)
{
    zc_request request = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text(reason)}};
    return driver_ask(drv, session, &request);
}

static zc_reply resume(driver *drv, uint64_t session)
{
    zc_request request = {.op = ZC_OP_RESUME};
    return driver_ask(drv, session, &request);
}

static driver *with_key(void)
{
    driver *drv = driver_new_serving();
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256);
    return drv;
}

static void assert_halted(driver *drv)
{
    zc_reply reply = driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
    assert_int_equal(reply.status, ZC_STATUS_DENIED);
    assert_int_equal(reply.denial.reason, ZC_POLICY_HALTED);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_HALTED);
}

static void halt__any_approver__signs_no_more(void **state)
{
    (void)state;
    driver *drv = with_key();
    uint64_t bot = driver_connect(drv, BOT);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    zc_reply reply = halt(drv, driver_connect(drv, BOB), "drill");
    assert_int_equal(reply.status, ZC_STATUS_OK);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_HALT);
    assert_int_equal(entry.sequence, reply.logged.entry);
    assert_true(zc_slice_eq_text(entry.detail, "drill"));
    assert_int_equal(drv->reply_after, drv->ordinal);
    assert_halted(drv);
    /* What was signed a moment ago is not signed again, either. */
    assert_int_equal(driver_sign_text(drv, bot, "k", "hello").status, ZC_STATUS_DENIED);
    driver_free(drv);
}

static void halt__without_the_role__refused(void **state)
{
    (void)state;
    driver *drv = with_key();
    assert_failed(halt(drv, driver_connect(drv, BOT), "no"), ZC_ENCLAVE_NOT_PERMITTED);
    assert_failed(halt(drv, driver_connect(drv, AUDITOR), "no"), ZC_ENCLAVE_NOT_PERMITTED);
    assert_failed(resume(drv, driver_connect(drv, BOT)), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(zc_enclave_phase(drv->enclave), ZC_PHASE_SERVING);
    driver_free(drv);
}

static void halt__again__logged_again(void **state)
{
    (void)state;
    driver *drv = with_key();
    halt(drv, driver_connect(drv, ALICE), "one");
    size_t entries = drv->store.entry_count;
    assert_int_equal(halt(drv, driver_connect(drv, BOB), "two").status, ZC_STATUS_OK);
    assert_int_equal(drv->store.entry_count, entries + 1);
    driver_free(drv);
}

static void halted__everything_but_signing__works(void **state)
{
    (void)state;
    driver *drv = with_key();
    uint64_t alice = driver_connect(drv, ALICE);
    halt(drv, alice, "drill");
    zc_request status = {.op = ZC_OP_STATUS}, attest = {.op = ZC_OP_ATTEST},
               show = {.op = ZC_OP_KEY_SHOW, .key_name = {zc_slice_of_text("k")}},
               disable = {.op = ZC_OP_KEY_DISABLE, .key_name = {zc_slice_of_text("k")}};
    assert_int_equal(driver_ask(drv, alice, &status).state.phase, ZC_PHASE_HALTED);
    assert_int_equal(driver_ask(drv, alice, &attest).status, ZC_STATUS_OK);
    assert_int_equal(driver_ask(drv, alice, &show).status, ZC_STATUS_OK);
    assert_int_equal(driver_create(drv, alice, "k2", ZC_CURVE_P256).status, ZC_STATUS_OK);
    assert_int_equal(driver_ask(drv, alice, &disable).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void resume__one_of_two__is_not_enough(void **state)
{
    (void)state;
    driver *drv = with_key();
    uint64_t alice = driver_connect(drv, ALICE);
    halt(drv, alice, "drill");
    size_t entries = drv->store.entry_count;
    /* Nor is one who asks twice, in two sessions. */
    for (int i = 0; i < 3; i++) {
        zc_reply reply = resume(drv, i == 2 ? driver_connect(drv, ALICE) : alice);
        assert_int_equal(reply.status, ZC_STATUS_REVIEW);
        assert_true(zc_slice_eq_text(reply.denial.rule, "quorum.resume"));
        assert_int_equal(reply.denial.measured.limb[0], 1);
        assert_int_equal(reply.denial.limit.limb[0], 2);
    }
    assert_int_equal(drv->store.entry_count, entries);
    assert_halted(drv);
    driver_free(drv);
}

static void resume__quorum__signs_again_and_names_them(void **state)
{
    (void)state;
    driver *drv = with_key();
    uint64_t alice = driver_connect(drv, ALICE), bob = driver_connect(drv, BOB);
    halt(drv, alice, "drill");
    resume(drv, alice);
    zc_reply reply = resume(drv, bob);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_RESUME);
    assert_int_equal(entry.sequence, reply.logged.entry);
    zc_reader reader = zc_reader_of(entry.detail);
    size_t count;
    uint8_t voter[32];
    assert_ok(zc_cbor_get_array(&reader, 64, &count));
    assert_int_equal(count, 2);
    for (unsigned who = ALICE; who <= BOB; who++) {
        assert_ok(zc_cbor_get_fixed_bytes(&reader, voter, sizeof voter));
        assert_memory_equal(voter, driver_principal(who)->pubkey.byte, 32);
    }
    assert_ok(zc_reader_end(&reader));
    assert_signed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"));
    assert_failed(resume(drv, alice), ZC_ENCLAVE_NOT_HALTED);
    driver_free(drv);
}

/* A vote is for ending this halt, not the next. */
static void resume__vote_before_the_next_halt__does_not_count(void **state)
{
    (void)state;
    driver *drv = with_key();
    uint64_t alice = driver_connect(drv, ALICE), bob = driver_connect(drv, BOB);
    halt(drv, alice, "one");
    resume(drv, alice);
    halt(drv, bob, "two");
    assert_int_equal(resume(drv, bob).status, ZC_STATUS_REVIEW);
    assert_halted(drv);
    assert_int_equal(resume(drv, driver_connect(drv, CAROL)).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void halted__restart__is_still_halted(void **state)
{
    (void)state;
    driver *drv = with_key();
    halt(drv, driver_connect(drv, ALICE), "drill");
    resume(drv, driver_connect(drv, ALICE));
    driver_start(drv);
    assert_true(drv->serving);
    assert_halted(drv);
    /* Votes do not outlive the boot: they stand in no log. */
    assert_int_equal(resume(drv, driver_connect(drv, BOB)).status, ZC_STATUS_REVIEW);
    assert_int_equal(resume(drv, driver_connect(drv, CAROL)).status, ZC_STATUS_OK);
    driver_start(drv);
    assert_signed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"));
    driver_free(drv);
}

static void status__all__as_it_is(void **state)
{
    (void)state;
    driver *drv = with_key();
    driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
    driver_sign_text(drv, driver_connect(drv, AUDITOR), "k", "hello");
    drv->now_ms += 1234;
    zc_request request = {.op = ZC_OP_STATUS};
    zc_reply_status is = driver_ask(drv, driver_connect(drv, AUDITOR), &request).state;
    assert_int_equal(is.phase, ZC_PHASE_SERVING);
    assert_memory_equal(is.deployment_id, drv->deployment_id, 32);
    uint8_t hash[32];
    zc_mission_hash(driver_slice(&drv->store.mission), hash);
    assert_memory_equal(is.mission_hash, hash, 32);
    assert_true(zc_slice_eq_text(is.mission, "tests"));
    assert_int_equal(is.log_next, drv->store.entry_count);
    assert_memory_equal(is.log_head, drv->verifier.log.head, 32);
    assert_int_equal(is.keys, 1);
    assert_int_equal(is.uptime_ms, 1234);
    assert_int_equal(is.isolation, 5);
    assert_int_equal(is.vault_kind, ZC_VAULT_LOCKED);
    assert_true(zc_slice_eq_text(is.platform, "test"));
    assert_false(is.rollback_protected);
    assert_int_equal(is.time_ms, drv->now_ms);
    assert_int_equal(is.signatures, 1);
    assert_int_equal(is.denials, 1);
    assert_int_equal(is.max_unacked, 0);
    driver_free(drv);
}

static void attest__nonce__is_in_the_document(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    zc_request request = {.op = ZC_OP_ATTEST, .attest = {.nonce = zc_slice_of_text("my nonce")}};
    zc_slice document = driver_ask(drv, driver_connect(drv, AUDITOR), &request).attest.document;
    assert_true(document.len > 8);
    assert_memory_equal(document.data + document.len - 8, "my nonce", 8);
    driver_free(drv);
}

static void attest__more_than_wait_at_once__busy(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, AUDITOR);
    /* With a nonce of its own: without one, the current document is the answer. */
    zc_request request = {.op = ZC_OP_ATTEST, .attest = {.nonce = zc_slice_of_text("mine")}};
    drv->auto_nsm = false;
    for (int i = 0; i < ZC_ENCLAVE_WAITS_MAX; i++) {
        driver_send(drv, session, &request);
        assert_int_equal(drv->reply_count, 0);
    }
    assert_failed(driver_ask(drv, session, &request), ZC_ENCLAVE_BUSY);
    /* Full or not, a tick that wants a document of its own is no reason to stop. */
    driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS);
    assert_alive(drv);
    drv->auto_nsm = true;
    driver_answer(drv);
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(drv->pending_count, 0);
    driver_free(drv);
}

static void evidence__clients_who_ask_without_pause__is_renewed_all_the_same(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, AUDITOR);
    /* With a nonce of its own: without one, the current document is the answer. */
    zc_request request = {.op = ZC_OP_ATTEST, .attest = {.nonce = zc_slice_of_text("mine")}};
    drv->auto_nsm = false;
    driver_send(drv, session, &request);
    driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS);
    assert_int_equal(drv->pending_count, 2);
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(drv->pending_count, 2); /* once is enough */
    driver_answer(drv);
    driver_answer(drv);
    assert_int_equal(drv->evidence_count, 2);
    driver_free(drv);
}

static void evidence__old__is_renewed(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    assert_int_equal(drv->evidence_count, 1);
    driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS - 1);
    assert_int_equal(drv->evidence_count, 1);
    driver_tick(drv, 1);
    assert_int_equal(drv->evidence_count, 2);
    /* The module may fail for a while. */
    drv->refuses = true;
    driver_tick(drv, ZC_ENCLAVE_DOCUMENT_MS);
    assert_alive(drv);
    assert_int_equal(drv->evidence_count, 2);
    drv->refuses = false;
    driver_tick(drv, DRIVER_SECOND);
    assert_int_equal(drv->evidence_count, 3);
    driver_free(drv);
}

static void checkpoint__tick__covers_what_is_durable(void **state)
{
    (void)state;
    driver *drv = with_key();
    driver_tick(drv, DRIVER_SECOND);
    zc_audit_checkpoint checkpoint;
    assert_ok(zc_audit_checkpoint_verify(driver_slice(&drv->store.checkpoint), drv->deployment_id,
                                         drv->enclave->genesis.log_key, &checkpoint));
    assert_int_equal(checkpoint.size, drv->store.entry_count);
    uint8_t root[32];
    zc_audit_log_root(&drv->verifier.log, root);
    assert_memory_equal(checkpoint.root, root, 32);
    uint64_t ordinal = drv->ordinal;
    driver_tick(drv, DRIVER_SECOND); /* nothing new */
    assert_int_equal(drv->ordinal, ordinal);
    driver_free(drv);
}

static void checkpoint__entry_not_durable__waits(void **state)
{
    (void)state;
    driver *drv = with_key();
    driver_tick(drv, DRIVER_SECOND);
    size_t covered = drv->store.entry_count;
    drv->auto_ack = false;
    driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
    zc_audit_checkpoint checkpoint;
    for (int i = 0; i < 3; i++) {
        driver_tick(drv, DRIVER_SECOND);
        assert_ok(zc_audit_checkpoint_verify(driver_slice(&drv->store.checkpoint),
                                             drv->deployment_id, drv->enclave->genesis.log_key,
                                             &checkpoint));
        assert_int_equal(checkpoint.size, covered);
    }
    driver_ack(drv, drv->ordinal);
    driver_tick(drv, DRIVER_SECOND);
    assert_ok(zc_audit_checkpoint_verify(driver_slice(&drv->store.checkpoint), drv->deployment_id,
                                         drv->enclave->genesis.log_key, &checkpoint));
    assert_int_equal(checkpoint.size, covered + 1);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halt__any_approver__signs_no_more),
        cmocka_unit_test(halt__without_the_role__refused),
        cmocka_unit_test(halt__again__logged_again),
        cmocka_unit_test(halted__everything_but_signing__works),
        cmocka_unit_test(resume__one_of_two__is_not_enough),
        cmocka_unit_test(resume__quorum__signs_again_and_names_them),
        cmocka_unit_test(resume__vote_before_the_next_halt__does_not_count),
        cmocka_unit_test(halted__restart__is_still_halted),
        cmocka_unit_test(status__all__as_it_is),
        cmocka_unit_test(attest__nonce__is_in_the_document),
        cmocka_unit_test(attest__more_than_wait_at_once__busy),
        cmocka_unit_test(evidence__clients_who_ask_without_pause__is_renewed_all_the_same),
        cmocka_unit_test(evidence__old__is_renewed),
        cmocka_unit_test(checkpoint__tick__covers_what_is_durable),
        cmocka_unit_test(checkpoint__entry_not_durable__waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
