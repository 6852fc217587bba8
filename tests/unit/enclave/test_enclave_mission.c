/* Another mission in the place of the one in force: who may, when, and what carries over. */
#include "approvals.h"
#include "audit/change.h"
#include "feeding.h"

#define DELAY_S 60
#define CHANGE_S 3600
#define HOUR_S 3600
#define FEE 21000

static zc_mission mission;
static uint8_t compiled[65536];

/* One limit over everything in ETH; two of three members, of two organisations. */
static zc_rule *prepare(const char *limit_name, uint64_t amount, uint32_t window_s)
{
    driver_mission(&mission);
    strcpy(mission.principals[BOB].organisation, mission.principals[ALICE].organisation);
    driver_allow_all(&mission);
    zc_rule *limit = driver_rule(&mission, limit_name, ZC_RULE_LIMIT_WINDOW);
    limit->measure = ZC_MEASURE_VALUE;
    limit->has_asset = true;
    limit->asset = ETH;
    limit->has_amount = true;
    limit->amount = zc_u256_of(amount);
    limit->window_s = window_s;
    mission.has_change = true;
    mission.change_delay_s = DELAY_S;
    mission.change =
        (zc_panel){.needed = 2, .organisations = 2, .valid_s = CHANGE_S, .principals = FOUNDERS};
    return limit;
}

static zc_slice compile(void)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(compiled);
    assert_ok(zc_mission_write(&mission, &writer));
    return zc_writer_written(&writer);
}

static driver *begin(void)
{
    prepare("cap", 1000000, HOUR_S);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    driver_create(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_SECP256K1);
    return drv;
}

static zc_reply ask(driver *drv, unsigned who, zc_mission_step step, const uint8_t to[static 32])
{
    zc_request request = {.op = ZC_OP_MISSION, .mission = {.step = (uint8_t)step}};
    memcpy(request.mission.mission, to, 32);
    return driver_ask(drv, driver_connect(drv, who), &request);
}

typedef struct signing {
    unsigned session; /* who asks */
    unsigned signer;  /* whose key signs */
    const uint8_t *to;
    uint64_t begun;
    int64_t expires_ms;
} signing;

static zc_reply sign_with(driver *drv, const signing *terms)
{
    zc_request request = {.op = ZC_OP_MISSION,
                          .mission = {.step = ZC_MISSION_SIGN,
                                      .begun = terms->begun,
                                      .expires_ms = (uint64_t)terms->expires_ms}};
    zc_audit_change statement = {.begun = terms->begun, .expires_ms = (uint64_t)terms->expires_ms};
    uint8_t bytes[ZC_AUDIT_CHANGE_STATEMENT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_signature signature;
    zc_mission_hash(driver_slice(&drv->store.mission), statement.from);
    memcpy(statement.to, terms->to, 32);
    assert_ok(zc_audit_change_statement(drv->deployment_id, &statement, &writer));
    assert_ok(zc_sign_message_ed25519(driver_principal(terms->signer), zc_writer_written(&writer),
                                      &signature));
    memcpy(request.mission.mission, terms->to, 32);
    memcpy(request.mission.signature, signature.byte, 64);
    return driver_ask(drv, driver_connect(drv, terms->session), &request);
}

static zc_reply sign(driver *drv, unsigned who, const uint8_t *to, uint64_t begun)
{
    return sign_with(drv, &(signing){who, who, to, begun, drv->now_ms + 30 * INT64_C(60000)});
}

/* The mission as it stands now, begun and signed by these; returns the begin entry. */
static uint64_t propose(driver *drv, unsigned members, uint8_t ret_to[static 32])
{
    zc_mission_hash(compile(), ret_to);
    zc_reply reply = ask(drv, ALICE, ZC_MISSION_BEGIN, ret_to);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    uint64_t begun = reply.mission.entry;
    for (unsigned who = ALICE; who <= CAROL; who++) {
        if ((members >> who & 1) != 0) {
            assert_int_equal(sign(drv, who, ret_to, begun).status, ZC_STATUS_OK);
        }
    }
    return begun;
}

/* What an honest host does once the enclave has stopped. */
static void change_over(driver *drv)
{
    driver_blob_set(&drv->store.mission, compile());
    while (drv->store.piece_count > 0) {
        driver_blob_free(&drv->store.piece[--drv->store.piece_count]);
    }
    driver_start(drv);
}

static void change(driver *drv)
{
    uint8_t to[32];
    propose(drv, (1u << ALICE) | (1u << CAROL), to);
    driver_tick(drv, DELAY_S * 1000);
    zc_reply reply = ask(drv, CAROL, ZC_MISSION_ACTIVATE, to);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_memory_equal(reply.mission.next, to, 32);
    assert_int_equal(driver_last_entry(drv).kind, ZC_AUDIT_MISSION);
    change_over(drv);
    assert_alive(drv);
}

static zc_reply pay(driver *drv, uint64_t nonce, uint64_t wei)
{
    return driver_sign(drv, driver_connect(drv, BOT), "k", ZC_USE_TX, ZC_FAMILY_EVM,
                       driver_transfer(nonce, wei));
}

static void assert_left(driver *drv, uint64_t nonce, uint64_t wei)
{
    assert_int_equal(pay(drv, nonce, wei - FEE + 1).status, ZC_STATUS_DENIED);
    assert_signed(pay(drv, nonce, wei - FEE));
}

static void activate__quorum_and_delay__next_serves_and_keys_live(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    uint8_t old[32];
    assert_signed(pay(drv, 1, 1));
    zc_mission_hash(driver_slice(&drv->store.mission), old);
    prepare("other", 1000000, HOUR_S);
    uint64_t begun = propose(drv, 1u << ALICE, to);
    assert_failed(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_CHANGE_QUORUM);
    assert_int_equal(sign(drv, BOB, to, begun).status, ZC_STATUS_OK); /* of alice's organisation */
    driver_tick(drv, DELAY_S * 1000 - 1);
    assert_failed(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_CHANGE_QUORUM);
    driver_start(drv); /* what was begun stands in the log */
    zc_reply shown = sign(drv, CAROL, to, begun);
    assert_int_equal(shown.mission.have, 3);
    assert_int_equal(shown.mission.organisations, 2);
    assert_int_equal(shown.mission.earliest_ms, driver_entry_at(drv, begun).time_ms + 60000);
    int64_t early = (int64_t)shown.mission.earliest_ms - 1 - drv->now_ms;
    if (early > 0) {
        driver_tick(drv, early);
        assert_failed(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_CHANGE_EARLY);
    }
    driver_tick(drv, 1000);
    assert_failed(ask(drv, BOT, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to).status, ZC_STATUS_OK);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_MISSION);
    assert_memory_equal(entry.mission, old, 32);
    assert_memory_equal(entry.digest, to, 32);
    assert_failed(pay(drv, 2, 1), ZC_ENCLAVE_STOPPING);
    change_over(drv);
    assert_alive(drv);
    assert_signed(pay(drv, 2, 1));
    shown = ask(drv, AUDITOR, ZC_MISSION_SHOW, to);
    assert_memory_equal(shown.mission.mission, to, 32);
    assert_memory_equal(shown.mission.born, old, 32);
    assert_false(shown.mission.begun);
    driver_start(drv);
    assert_signed(pay(drv, 3, 1));
    driver_free(drv);
}

static void sign__anything_but_this_change_by_this_member__refused(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    uint8_t other[32] = {1};
    prepare("other", 1000000, HOUR_S);
    uint64_t begun = propose(drv, 0, to);
    int64_t soon = drv->now_ms + 60000;
    const struct {
        signing terms;
        int reason;
    } cases[] = {
        {{BOB, ALICE, to, begun, soon}, ZC_ENCLAVE_CHANGE_SIGNATURE}, /* another's signature */
        {{BOT, BOT, to, begun, soon}, ZC_ENCLAVE_NOT_PERMITTED},
        {{BOB, BOB, other, begun, soon}, ZC_ENCLAVE_NO_CHANGE},
        {{BOB, BOB, to, begun + 1, soon}, ZC_ENCLAVE_NO_CHANGE},
        {{BOB, BOB, to, begun, drv->now_ms}, ZC_ENCLAVE_CHANGE_EXPIRY},
        {{BOB, BOB, to, begun, drv->now_ms + (CHANGE_S + 1) * INT64_C(1000)},
         ZC_ENCLAVE_CHANGE_EXPIRY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_failed(sign_with(drv, &cases[i].terms), cases[i].reason);
    }
    assert_int_equal(sign(drv, BOB, to, begun).status, ZC_STATUS_OK);
    assert_failed(sign(drv, BOB, to, begun), ZC_ENCLAVE_CHANGE_SIGNED);
    driver_free(drv);
}

/* A signature is good for one begin entry: begun anew, the same words are another change. */
static void withdraw__begun_anew__old_signatures_are_void(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    uint8_t same[32];
    prepare("other", 1000000, HOUR_S);
    uint64_t first = propose(drv, (1u << ALICE) | (1u << CAROL), to);
    assert_failed(ask(drv, BOB, ZC_MISSION_BEGIN, to), ZC_ENCLAVE_CHANGE_UNDER_WAY);
    assert_failed(ask(drv, BOT, ZC_MISSION_WITHDRAW, to), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(ask(drv, BOB, ZC_MISSION_WITHDRAW, to).status, ZC_STATUS_OK);
    driver_tick(drv, DELAY_S * 1000);
    assert_failed(ask(drv, BOB, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_NO_CHANGE);
    driver_start(drv);
    uint64_t second = propose(drv, 0, same);
    assert_memory_equal(same, to, 32);
    assert_failed(sign_with(drv, &(signing){ALICE, ALICE, to, first, drv->now_ms + 1000}),
                  ZC_ENCLAVE_NO_CHANGE);
    assert_int_equal(sign(drv, ALICE, to, second).mission.have, 1);
    driver_free(drv);
}

static void change__not_in_force_in_time__is_void(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    prepare("other", 1000000, HOUR_S);
    propose(drv, (1u << ALICE) | (1u << CAROL), to);
    driver_tick(drv, 31 * INT64_C(60000)); /* the signatures were good for 30 minutes */
    assert_failed(ask(drv, BOB, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_CHANGE_QUORUM);
    driver_tick(drv, CHANGE_S * INT64_C(1000));
    assert_failed(ask(drv, BOB, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_NO_CHANGE);
    change(drv);
    driver_free(drv);
}

static void change__member_revoked__counts_no_more_and_stays_revoked(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    prepare("other", 1000000, HOUR_S);
    uint64_t begun = propose(drv, (1u << ALICE) | (1u << CAROL), to);
    zc_request request = {
        .op = ZC_OP_REVOKE,
        .revoke = {.kind = ZC_REVOKE_PRINCIPAL, .name = zc_slice_of_text("alice")}};
    driver_ask(drv, driver_connect(drv, BOB), &request);
    assert_int_equal(driver_ask(drv, driver_connect(drv, CAROL), &request).status, ZC_STATUS_OK);
    driver_tick(drv, DELAY_S * 1000);
    assert_failed(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_CHANGE_QUORUM);
    assert_failed(sign(drv, ALICE, to, begun), ZC_ENCLAVE_NOT_PERMITTED);
    assert_int_equal(sign(drv, BOB, to, begun).status, ZC_STATUS_OK);
    assert_int_equal(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to).status, ZC_STATUS_OK);
    change_over(drv);
    assert_alive(drv);
    assert_int_equal(status_of(drv).revoked, 1);
    assert_failed(ask(drv, ALICE, ZC_MISSION_BEGIN, to), ZC_ENCLAVE_NOT_PERMITTED);
    assert_failed(ask(drv, BOB, ZC_MISSION_BEGIN, to), ZC_ENCLAVE_CHANGE_NOTHING);
    driver_free(drv);
}

static void change__while_halted__goes_on_and_stays_halted(void **state)
{
    (void)state;
    driver *drv = begin();
    zc_request halt = {.op = ZC_OP_HALT, .halt = {.reason = zc_slice_of_text("")}};
    driver_ask(drv, driver_connect(drv, BOB), &halt);
    prepare("other", 1000000, HOUR_S);
    change(drv);
    assert_int_equal(pay(drv, 1, 1).denial.reason, ZC_POLICY_HALTED);
    driver_free(drv);
}

static void mission__says_nothing__cannot_be_changed(void **state)
{
    (void)state;
    prepare("cap", 1000000, HOUR_S);
    mission.has_change = false;
    driver *drv = driver_new(&mission);
    driver_start(drv);
    uint8_t to[32] = {7};
    assert_failed(ask(drv, ALICE, ZC_MISSION_BEGIN, to), ZC_ENCLAVE_MISSION_FIXED);
    assert_failed(ask(drv, ALICE, ZC_MISSION_ACTIVATE, to), ZC_ENCLAVE_MISSION_FIXED);
    assert_false(ask(drv, ALICE, ZC_MISSION_SHOW, to).mission.changeable);
    driver_free(drv);
}

/* What was spent is counted by the new rules: name, window, split and unit lose nothing of it. */
static void change__renamed_split_widened__not_one_unit_is_fresh(void **state)
{
    (void)state;
    driver *drv = begin();
    assert_signed(pay(drv, 1, 400000 - FEE));
    prepare("renamed", 1000000, HOUR_S);
    change(drv);
    assert_int_equal(pay(drv, 2, 600000 - FEE + 1).status, ZC_STATUS_DENIED);
    prepare("one-half", 1000000, 24 * HOUR_S);
    zc_rule *half = &mission.rules[mission.rule_count];
    *half = mission.rules[mission.rule_count - 1];
    strcpy(half->name, "other-half");
    mission.rule_count++;
    change(drv);
    assert_int_equal(pay(drv, 2, 600000 - FEE + 1).status, ZC_STATUS_DENIED);
    assert_signed(pay(drv, 2, 300000 - FEE));
    assert_int_equal(pay(drv, 3, 300000 - FEE + 1).status, ZC_STATUS_DENIED);
    driver_start(drv);
    assert_left(drv, 3, 300000);
    assert_int_equal(pay(drv, 4, 1).status, ZC_STATUS_DENIED);
    driver_free(drv);
}

static void change__asset_gone_and_back_in_other_units__counted_and_halted(void **state)
{
    (void)state;
    driver *drv = begin();
    assert_left(drv, 1, 1000000);
    prepare("cap", 1000000, HOUR_S);
    mission.assets[ETH].id = zc_asset_id_native(10);
    change(drv);
    assert_signed(pay(drv, 2, 1)); /* nobody limits that asset any more: the quorum said so */
    prepare("cap", 1100000, HOUR_S);
    mission.assets[ETH].decimals = 9;
    change(drv);
    assert_int_equal(pay(drv, 3, 1).denial.reason, ZC_POLICY_HALTED);
    resume_as(drv, ALICE);
    assert_int_equal(resume_as(drv, BOB).status, ZC_STATUS_OK);
    assert_int_equal(pay(drv, 3, 100000 - FEE).status, ZC_STATUS_DENIED);
    assert_left(drv, 3, 100000 - FEE - 1);
    driver_start(drv);
    assert_alive(drv);
    driver_free(drv);
}

/* Whoever has the key of who asked, or the name; and when nobody has, everybody. */
static void change__principal_renamed_or_gone__spending_follows(void **state)
{
    (void)state;
    driver *drv = begin();
    assert_signed(pay(drv, 1, 400000 - FEE));
    for (int gone = 0; gone < 2; gone++) {
        zc_rule *limit = prepare("cap", 1000000, HOUR_S);
        limit->per = ZC_PER_PRINCIPAL;
        strcpy(mission.principals[BOT].name, gone ? "newcomer" : "robot");
        if (gone) {
            memcpy(mission.principals[BOT].pubkey, driver_principal(STRANGER)->pubkey.byte, 32);
            mission.principals[ALICE].roles |= ZC_ROLE_SIGNER;
        }
        change(drv);
        unsigned who = gone ? ALICE : BOT;
        zc_reply reply = driver_sign(drv, driver_connect(drv, who), "k", ZC_USE_TX, ZC_FAMILY_EVM,
                                     driver_transfer(2, 600000 - FEE + 1));
        assert_int_equal(reply.status, ZC_STATUS_DENIED);
        assert_int_equal(reply.denial.reason, ZC_POLICY_WINDOW);
    }
    driver_free(drv);
}

/* A host that has one of the two by itself, or the log of before. */
static void host__swaps_by_itself__refused(void **state)
{
    (void)state;
    driver *drv = begin();
    driver_store before = driver_store_copy(&drv->store);
    prepare("other", 1000000, HOUR_S);
    driver_blob_set(&drv->store.mission, compile());
    driver_start(drv);
    assert_int_equal(drv->fatal, ZC_ENCLAVE_WRONG_MISSION);
    driver_store_free(&drv->store);
    drv->store = driver_store_copy(&before);
    driver_start(drv);
    assert_alive(drv);
    change(drv);
    driver_store after = driver_store_copy(&drv->store);

    /* The old mission and its root again, over the whole log. */
    driver_blob_set(&drv->store.mission, driver_slice(&before.mission));
    driver_blob_set(&drv->store.root, driver_slice(&before.root));
    driver_start(drv);
    assert_int_equal(drv->fatal, ZC_ENCLAVE_MISSION_SUPERSEDED);

    /* The new mission under the old root, and the new root under a log without the change. */
    driver_blob_set(&drv->store.mission, driver_slice(&after.mission));
    driver_start(drv);
    assert_int_equal(drv->fatal, ZC_ENCLAVE_WRONG_MISSION);
    driver_store_free(&drv->store);
    drv->store = driver_store_copy(&before);
    driver_blob_set(&drv->store.mission, driver_slice(&after.mission));
    driver_blob_set(&drv->store.root, driver_slice(&after.root));
    driver_start(drv);
    assert_int_equal(drv->fatal, ZC_ENCLAVE_WRONG_MISSION);

    driver_store_free(&drv->store);
    drv->store = driver_store_copy(&after);
    driver_start(drv);
    assert_alive(drv);
    driver_store_free(&before);
    driver_store_free(&after);
    driver_free(drv);
}

static void change__platform_refuses__goes_on_as_before(void **state)
{
    (void)state;
    driver *drv = begin();
    uint8_t to[32];
    prepare("other", 1000000, HOUR_S);
    propose(drv, (1u << ALICE) | (1u << CAROL), to);
    driver_tick(drv, DELAY_S * 1000);
    drv->auto_nsm = false;
    drv->refuses = true;
    zc_request request = {.op = ZC_OP_MISSION, .mission = {.step = ZC_MISSION_ACTIVATE}};
    memcpy(request.mission.mission, to, 32);
    driver_send(drv, driver_connect(drv, CAROL), &request);
    assert_failed(ask(drv, BOB, ZC_MISSION_WITHDRAW, to), ZC_ENCLAVE_CHANGE_UNDER_WAY);
    driver_answer(drv);
    drv->refuses = false;
    drv->auto_nsm = true;
    assert_signed(pay(drv, 1, 1));
    assert_int_equal(ask(drv, CAROL, ZC_MISSION_ACTIVATE, to).status, ZC_STATUS_OK);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activate__quorum_and_delay__next_serves_and_keys_live),
        cmocka_unit_test(sign__anything_but_this_change_by_this_member__refused),
        cmocka_unit_test(withdraw__begun_anew__old_signatures_are_void),
        cmocka_unit_test(change__not_in_force_in_time__is_void),
        cmocka_unit_test(change__member_revoked__counts_no_more_and_stays_revoked),
        cmocka_unit_test(change__while_halted__goes_on_and_stays_halted),
        cmocka_unit_test(mission__says_nothing__cannot_be_changed),
        cmocka_unit_test(change__renamed_split_widened__not_one_unit_is_fresh),
        cmocka_unit_test(change__asset_gone_and_back_in_other_units__counted_and_halted),
        cmocka_unit_test(change__principal_renamed_or_gone__spending_follows),
        cmocka_unit_test(host__swaps_by_itself__refused),
        cmocka_unit_test(change__platform_refuses__goes_on_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
