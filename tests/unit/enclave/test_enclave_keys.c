/* Keys: made, brought in, listed, shown, disabled. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/box.h"
#include "keys/birth.h"
#include "ring.h"

static zc_reply named(driver *drv, uint64_t session, zc_op op, const char *name)
{
    zc_request request = {.op = op, .key_name = {zc_slice_of_text(name)}};
    return driver_ask(drv, session, &request);
}

static zc_reply list(driver *drv, uint64_t session, uint64_t from, uint64_t max)
{
    zc_request request = {.op = ZC_OP_KEY_LIST, .key_list = {.from = from, .max = max}};
    return driver_ask(drv, session, &request);
}

static void create__each_curve__born_logged_and_stored(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    static const zc_curve curves[] = {ZC_CURVE_SECP256K1, ZC_CURVE_P256, ZC_CURVE_ED25519};
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%zu", i);
        zc_reply reply = driver_create(drv, session, name, curves[i]);
        assert_int_equal(reply.status, ZC_STATUS_OK);
        assert_true(zc_slice_eq_text(reply.key.name, name));
        assert_true(zc_slice_eq_text(reply.key.owner, "alice"));
        assert_int_equal(reply.key.kind, curves[i]);
        assert_int_equal(reply.key.origin, ZC_ORIGIN_GENERATED);
        assert_int_equal(reply.key.state, ZC_KEY_ACTIVE);
        assert_int_equal(reply.key.uses, 0);
        /* The reply waits for the sealed key, which comes after the entry. */
        assert_int_equal(drv->reply_after, drv->ordinal);
        assert_int_equal(drv->store.key_count, i + 1);
        zc_audit_entry entry = driver_last_entry(drv);
        assert_int_equal(entry.kind, ZC_AUDIT_KEY_CREATED);
        assert_true(zc_slice_eq(entry.detail, reply.key.birth));
        zc_birth birth;
        assert_ok(zc_birth_verify(reply.key.birth, &drv->enclave->secrets->identity.pubkey,
                                  drv->deployment_id, &birth));
        assert_true(zc_slice_eq(zc_key_public_slice(&birth.public_part), reply.key.public_key));
        assert_int_equal(birth.created_ms, drv->now_ms);
    }
    driver_free(drv);
}

static void create__name_taken__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    driver_create(drv, session, "k", ZC_CURVE_P256);
    size_t entries = drv->store.entry_count;
    assert_failed(driver_create(drv, session, "k", ZC_CURVE_ED25519), ZC_KEYS_DUPLICATE_NAME);
    assert_int_equal(drv->store.entry_count, entries);
    assert_int_equal(drv->store.key_count, 1);
    assert_int_equal(driver_create(drv, session, "other", ZC_CURVE_P256).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void create__bad_name__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    static const char *const names[] = {"-k", "K", "a b", "a/b", "a\x01"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_failed(driver_create(drv, session, names[i], ZC_CURVE_P256), ZC_KEYS_BAD_NAME);
    }
    assert_int_equal(drv->store.key_count, 0);
    driver_free(drv);
}

static void create__without_the_role__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    static const unsigned others[] = {BOB, BOT, AUDITOR};
    for (size_t i = 0; i < 3; i++) {
        uint64_t session = driver_connect(drv, others[i]);
        assert_failed(driver_create(drv, session, "k", ZC_CURVE_P256), ZC_ENCLAVE_NOT_PERMITTED);
        zc_request begin = {.op = ZC_OP_KEY_IMPORT_BEGIN};
        assert_failed(driver_ask(drv, session, &begin), ZC_ENCLAVE_NOT_PERMITTED);
    }
    assert_int_equal(drv->store.entry_count, 2);
    driver_free(drv);
}

/* The first key made room long ago, the last is resident still. */
static void assert_sign_both_ends(driver *drv)
{
    uint64_t bot = driver_connect(drv, BOT);
    assert_int_equal(drv->enclave->keyring.place[0].resident, 0);
    assert_signed(driver_sign_text(drv, bot, drv->store.key[0].name, "x"));
    assert_int_not_equal(drv->enclave->keyring.place[0].resident, 0);
    assert_signed(driver_sign_text(drv, bot, drv->store.key[DRIVER_KEYS - 1].name, "x"));
}

/* As many as fit, with the longest names, twice as many as are resident; then one more. */
static void create__ring_full__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    for (int i = 0; i < DRIVER_KEYS; i++) {
        char name[64];
        snprintf(name, sizeof name, "k%062d", i);
        assert_int_equal(driver_create(drv, session, name, ZC_CURVE_ED25519).status, ZC_STATUS_OK);
    }
    size_t entries = drv->store.entry_count;
    assert_failed(driver_create(drv, session, "one-more", ZC_CURVE_ED25519),
                  ZC_ENCLAVE_KEYRING_FULL);
    assert_int_equal(drv->store.entry_count, entries);
    assert_sign_both_ends(drv);
    driver_start(drv);
    assert_true(drv->serving);
    assert_int_equal(drv->enclave->keyring.count, DRIVER_KEYS);
    assert_sign_both_ends(drv);
    driver_free(drv);
}

static void list__longest_of_everything__fits(void **state)
{
    (void)state;
    static zc_mission mission;
    driver_mission(&mission);
    memset(mission.principals[ALICE].name, 'a', ZC_MISSION_NAME_SIZE - 1);
    driver *drv = driver_new(&mission);
    driver_start(drv);
    uint64_t session = driver_connect(drv, ALICE);
    for (int i = 0; i < ZC_KEY_LIST_MAX + 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "k%062d", i);
        static uint8_t api_key[ZC_API_KEY_MAX];
        memset(api_key, 'a', sizeof api_key);
        zc_request request = {.op = ZC_OP_KEY_CREATE,
                              .key_create = {.name = zc_slice_of_text(name),
                                             .kind = ZC_KEY_KIND_SECP256K1,
                                             .tier = ZC_TIER_HOT,
                                             .nonce_mode = ZC_NONCE_HEDGED,
                                             .has_api_key = true,
                                             .api_key = ZC_SLICE_OF_ARRAY(api_key),
                                             .has_venue = true,
                                             .venue = ZC_VENUE_DYDX}};
        assert_int_equal(driver_ask(drv, session, &request).status, ZC_STATUS_OK);
    }
    zc_reply reply = list(drv, session, 0, ZC_KEY_LIST_MAX);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(reply.key_list.count, ZC_KEY_LIST_MAX);
    assert_int_equal(reply.key_list.total, ZC_KEY_LIST_MAX + 3);
    driver_free(drv);
}

static void list__pages__have_each_key_once(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    for (int i = 0; i < 5; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%d", i);
        driver_create(drv, session, name, ZC_CURVE_P256);
    }
    for (uint64_t from = 0; from < 7; from += 2) {
        zc_reply reply = list(drv, session, from, 2);
        assert_int_equal(reply.key_list.total, 5);
        zc_reader infos = zc_reader_of(reply.key_list.infos);
        for (uint64_t i = from; i < from + 2 && i < 5; i++) {
            zc_key_info info;
            char name[8];
            snprintf(name, sizeof name, "k%d", (int)i);
            assert_ok(zc_key_info_read(&infos, &info));
            assert_true(zc_slice_eq_text(info.name, name));
        }
        assert_ok(zc_reader_end(&infos));
    }
    assert_int_equal(list(drv, session, UINT64_MAX, 2).key_list.count, 0);
    driver_free(drv);
}

static void show__key__as_created(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    driver_create(drv, session, "k", ZC_CURVE_P256);
    driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello");
    zc_reply reply = named(drv, driver_connect(drv, AUDITOR), ZC_OP_KEY_SHOW, "k");
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(reply.key.uses, 1);
    assert_failed(named(drv, session, ZC_OP_KEY_SHOW, "nothing"), ZC_ENCLAVE_UNKNOWN_KEY);
    driver_free(drv);
}

static void disable__key__signs_no_more(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE), bot = driver_connect(drv, BOT);
    driver_create(drv, alice, "k", ZC_CURVE_P256);
    assert_signed(driver_sign_text(drv, bot, "k", "hello"));
    assert_failed(named(drv, bot, ZC_OP_KEY_DISABLE, "k"), ZC_ENCLAVE_NOT_PERMITTED);
    /* An approver may pull a key, too. */
    zc_reply reply = named(drv, driver_connect(drv, BOB), ZC_OP_KEY_DISABLE, "k");
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(reply.key.state, ZC_KEY_DISABLED);
    assert_int_equal(drv->reply_after, drv->ordinal);
    zc_audit_entry entry = driver_last_entry(drv);
    assert_int_equal(entry.kind, ZC_AUDIT_KEY_DISABLED);
    assert_int_equal(entry.key_uses, 1);
    assert_failed(driver_sign_text(drv, bot, "k", "hello"), ZC_ENCLAVE_KEY_DISABLED);
    assert_failed(named(drv, alice, ZC_OP_KEY_DISABLE, "k"), ZC_ENCLAVE_KEY_DISABLED);
    assert_failed(named(drv, alice, ZC_OP_KEY_DISABLE, "none"), ZC_ENCLAVE_UNKNOWN_KEY);
    assert_failed(driver_create(drv, alice, "k", ZC_CURVE_P256), ZC_KEYS_DUPLICATE_NAME);
    driver_start(drv);
    assert_failed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"),
                  ZC_ENCLAVE_KEY_DISABLED);
    driver_free(drv);
}

/* Imports. */

static void begin_import(driver *drv, uint64_t session, uint8_t ret_key[static 32])
{
    zc_request request = {.op = ZC_OP_KEY_IMPORT_BEGIN,
                          .attest = {.nonce = zc_slice_of_text("fresh")}};
    zc_reply reply = driver_ask(drv, session, &request);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_true(reply.import_begin.document.len > 0);
    memcpy(ret_key, reply.import_begin.import_key, 32);
}

/* Of the private key whose bytes are all `fill`. */
static zc_request import_request(const char *name, zc_curve curve, uint8_t fill,
                                 const uint8_t recipient[static 32])
{
    static uint8_t sealed[32 + ZC_BOX_OVERHEAD];
    static const uint8_t seed[32] = {5};
    uint8_t private_key[32];
    zc_drbg drbg;
    memset(private_key, fill, sizeof private_key);
    zc_drbg_init(&drbg, seed);
    assert_ok(zc_box_seal(recipient, &drbg, private_key, sizeof private_key, sealed));
    return (zc_request){.op = ZC_OP_KEY_IMPORT,
                        .key_import = {.name = zc_slice_of_text(name),
                                       .kind = (uint8_t)curve,
                                       .tier = ZC_TIER_HOT,
                                       .nonce_mode = ZC_NONCE_DETERMINISTIC,
                                       .sealed = ZC_SLICE_OF_ARRAY(sealed)}};
}

static zc_reply import(driver *drv, uint64_t session, const char *name, zc_curve curve,
                       uint8_t fill)
{
    uint8_t recipient[32];
    begin_import(drv, session, recipient);
    zc_request request = import_request(name, curve, fill, recipient);
    return driver_ask(drv, session, &request);
}

static void import__key__has_its_public_key(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    zc_reply reply = import(drv, session, "k", ZC_CURVE_SECP256K1, 0x46);
    assert_int_equal(reply.status, ZC_STATUS_OK);
    assert_int_equal(reply.key.origin, ZC_ORIGIN_IMPORTED);
    zc_secret32 private_key;
    zc_signer signer;
    memset(private_key.byte, 0x46, 32);
    assert_ok(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &private_key));
    assert_true(zc_slice_eq(reply.key.public_key, zc_pubkey_slice(&signer.pubkey)));
    assert_int_equal(driver_last_entry(drv).kind, ZC_AUDIT_KEY_IMPORTED);
    driver_start(drv);
    assert_signed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"));
    driver_free(drv);
}

static void import__public_key_taken__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    assert_int_equal(import(drv, session, "k", ZC_CURVE_P256, 0x46).status, ZC_STATUS_OK);
    size_t entries = drv->store.entry_count;
    assert_failed(import(drv, session, "k2", ZC_CURVE_P256, 0x46), ZC_KEYS_DUPLICATE_KEY);
    assert_failed(import(drv, session, "k", ZC_CURVE_P256, 0x47), ZC_KEYS_DUPLICATE_NAME);
    assert_int_equal(drv->store.entry_count, entries);
    /* Another curve makes another key. */
    assert_int_equal(import(drv, session, "k3", ZC_CURVE_ED25519, 0x46).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void import__key_of_zeros_or_beyond_the_order__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    assert_failed(import(drv, session, "k", ZC_CURVE_SECP256K1, 0), ZC_CRYPTO_BAD_PRIVATE_KEY);
    assert_failed(import(drv, session, "k", ZC_CURVE_P256, 0xff), ZC_CRYPTO_BAD_PRIVATE_KEY);
    assert_int_equal(drv->store.key_count, 0);
    assert_int_equal(import(drv, session, "k", ZC_CURVE_P256, 1).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void import__without_begin__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    uint8_t recipient[32] = {9};
    zc_request request = import_request("k", ZC_CURVE_P256, 0x46, recipient);
    assert_failed(driver_ask(drv, session, &request), ZC_ENCLAVE_NO_IMPORT_KEY);
    driver_free(drv);
}

static void import__import_key_a_second_time__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    uint8_t recipient[32];
    begin_import(drv, session, recipient);
    zc_request request = import_request("k", ZC_CURVE_P256, 0x46, recipient);
    assert_int_equal(driver_ask(drv, session, &request).status, ZC_STATUS_OK);
    request = import_request("k2", ZC_CURVE_P256, 0x47, recipient);
    assert_failed(driver_ask(drv, session, &request), ZC_ENCLAVE_NO_IMPORT_KEY);
    /* Nor does the next import key open what was sealed to the one before. */
    uint8_t next[32];
    begin_import(drv, session, next);
    assert_memory_not_equal(recipient, next, 32);
    assert_failed(driver_ask(drv, session, &request), ZC_CRYPTO_BAD_TAG);
    driver_free(drv);
}

static void import__box_of_another_session__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t first = driver_connect(drv, ALICE), second = driver_connect(drv, CAROL);
    uint8_t of_first[32], of_second[32];
    begin_import(drv, first, of_first);
    begin_import(drv, second, of_second);
    assert_memory_not_equal(of_first, of_second, 32);
    zc_request request = import_request("k", ZC_CURVE_P256, 0x46, of_first);
    assert_failed(driver_ask(drv, second, &request), ZC_CRYPTO_BAD_TAG);
    /* A box that does not open has used up the import key, too. */
    request = import_request("k", ZC_CURVE_P256, 0x46, of_second);
    assert_failed(driver_ask(drv, second, &request), ZC_ENCLAVE_NO_IMPORT_KEY);
    request = import_request("k", ZC_CURVE_P256, 0x46, of_first);
    assert_int_equal(driver_ask(drv, first, &request).status, ZC_STATUS_OK);
    driver_free(drv);
}

static void import__box_of_another_length__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    uint8_t recipient[32];
    for (size_t len = 47; len <= 79; len += 16) {
        begin_import(drv, session, recipient);
        zc_request request = import_request("k", ZC_CURVE_P256, 0x46, recipient);
        request.key_import.sealed.len = len;
        assert_int_equal(driver_ask(drv, session, &request).status, ZC_STATUS_FAILED);
    }
    assert_int_equal(drv->store.key_count, 0);
    driver_free(drv);
}

static void import__module_refuses__client_is_told(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t session = driver_connect(drv, ALICE);
    drv->refuses = true;
    zc_request request = {.op = ZC_OP_KEY_IMPORT_BEGIN};
    assert_int_equal(driver_ask(drv, session, &request).status, ZC_STATUS_FAILED);
    assert_alive(drv);
    driver_free(drv);
}

/* The machine stopped between the entry and the sealed key, or the host threw it away. The log
 * must stay one that verifies. */
static void import__key_whose_seal_was_lost__refused_and_the_log_goes_on(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    assert_int_equal(import(drv, driver_connect(drv, ALICE), "k", ZC_CURVE_P256, 0x46).status, 0);
    assert_signed(driver_sign_text(drv, driver_connect(drv, BOT), "k", "hello"));
    free(drv->store.key[0].sealed.data);
    drv->store.key_count = 0;
    driver_start(drv);
    assert_true(drv->serving);
    uint64_t session = driver_connect(drv, ALICE);
    assert_failed(import(drv, session, "k", ZC_CURVE_P256, 0x46), ZC_ENCLAVE_KEY_LOST);
    assert_int_equal(import(drv, session, "k", ZC_CURVE_P256, 0x47).status, ZC_STATUS_OK);
    driver_start(drv);
    assert_true(drv->serving);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create__each_curve__born_logged_and_stored),
        cmocka_unit_test(create__name_taken__refused),
        cmocka_unit_test(create__bad_name__refused),
        cmocka_unit_test(create__without_the_role__refused),
        cmocka_unit_test(create__ring_full__refused),
        cmocka_unit_test(list__longest_of_everything__fits),
        cmocka_unit_test(list__pages__have_each_key_once),
        cmocka_unit_test(show__key__as_created),
        cmocka_unit_test(disable__key__signs_no_more),
        cmocka_unit_test(import__key__has_its_public_key),
        cmocka_unit_test(import__public_key_taken__refused),
        cmocka_unit_test(import__key_of_zeros_or_beyond_the_order__refused),
        cmocka_unit_test(import__without_begin__refused),
        cmocka_unit_test(import__import_key_a_second_time__refused),
        cmocka_unit_test(import__box_of_another_session__refused),
        cmocka_unit_test(import__box_of_another_length__refused),
        cmocka_unit_test(import__module_refuses__client_is_told),
        cmocka_unit_test(import__key_whose_seal_was_lost__refused_and_the_log_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
