/* What a hostile host might give back. Each case breaks one thing in a store and names what the
 * enclave says to it. */
#include "check.h"

#include <stdlib.h>

#include "worked.h"
#include "ring.h"

static void expect_refusal(driver *drv, int reason)
{
    driver_start(drv);
    assert_false(drv->serving);
    assert_fatal(drv, reason);
    driver_free(drv);
}

static void remove_entry(driver *drv, size_t at)
{
    driver_store *store = &drv->store;
    free(store->entry[at].entry.data);
    free(store->entry[at].opening.data);
    store->entry_count--;
    memmove(&store->entry[at], &store->entry[at + 1],
            (store->entry_count - at) * sizeof store->entry[0]);
}

static void host__any_byte_of_any_entry_changed__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    size_t count = drv->store.entry_count;
    for (size_t i = 0; i < count; i++) {
        driver_blob *parts[] = {&drv->store.entry[i].entry, &drv->store.entry[i].opening};
        for (size_t part = 0; part < 2; part++) {
            for (size_t at = i % 11; at < parts[part]->len; at += 11) {
                parts[part]->data[at] ^= 0x01;
                driver_power_on(drv);
                driver_front_key(drv);
                driver_boot(drv);
                driver_load_keys(drv);
                driver_load_entries(drv);
                assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
                parts[part]->data[at] ^= 0x01;
            }
        }
    }
    driver_start(drv);
    assert_true(drv->serving);
    driver_free(drv);
}

static void host__any_byte_of_a_tag_changed__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    for (size_t at = 0; at < 32; at++) {
        drv->store.entry[at % drv->store.entry_count].tag[at] ^= 0x80;
        driver_start(drv);
        assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
        drv->store.entry[at % drv->store.entry_count].tag[at] ^= 0x80;
    }
    driver_free(drv);
}

static void host__entry_missing_in_the_middle__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    size_t count = drv->store.entry_count;
    driver_store whole = driver_store_copy(&drv->store);
    for (size_t at = 0; at + 1 < count; at++) {
        driver_store_free(&drv->store);
        drv->store = driver_store_copy(&whole);
        remove_entry(drv, at);
        driver_start(drv);
        assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
    }
    driver_store_free(&whole);
    driver_free(drv);
}

static void host__two_entries_swapped__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_entry first = drv->store.entry[3];
    drv->store.entry[3] = drv->store.entry[4];
    drv->store.entry[4] = first;
    expect_refusal(drv, ZC_ENCLAVE_BAD_JOURNAL);
}

static void host__entry_twice__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
    driver_load_keys(drv);
    driver_load_entries(drv);
    assert_alive(drv);
    driver_load_entries(drv);
    assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
    driver_free(drv);
}

/* The place of a key's birth in the log. */
static size_t birth_of(const driver *drv, size_t key)
{
    size_t births = 0;
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        births += driver_entry_at(drv, i).kind == ZC_AUDIT_KEY_CREATED;
        if (births == key + 1) {
            return i;
        }
    }
    DRIVER_MUST(false);
    return 0;
}

/* A tail cut off at any place before a key's birth shows, because the key is there. */
static void host__tail_cut_before_a_birth__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    size_t last_birth = birth_of(drv, 2);
    driver_store whole = driver_store_copy(&drv->store);
    for (size_t keep = 0; keep <= last_birth; keep++) {
        driver_store_free(&drv->store);
        drv->store = driver_store_copy(&whole);
        while (drv->store.entry_count > keep) {
            remove_entry(drv, drv->store.entry_count - 1);
        }
        driver_start(drv);
        assert_false(drv->serving);
        assert_fatal(drv, ZC_ENCLAVE_KEY_WITHOUT_BIRTH);
    }
    driver_store_free(&whole);
    driver_free(drv);
}

/* A tail cut off later is what witnesses are for: without them it can't show, and status says so.
 */
static void host__tail_cut_after_the_births__status_admits_it(void **state)
{
    (void)state;
    driver *drv = worked();
    remove_entry(drv, drv->store.entry_count - 1);
    driver_start(drv);
    assert_true(drv->serving);
    zc_request request = {.op = ZC_OP_STATUS};
    zc_reply reply = driver_ask(drv, driver_connect(drv, AUDITOR), &request);
    assert_false(reply.state.rollback_protected);
    driver_free(drv);
}

static void host__openings_withheld__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    for (size_t i = 0; i < drv->store.entry_count; i++) {
        if (driver_entry_at(drv, i).kind == ZC_AUDIT_DECISION) {
            drv->store.entry[i].opening.len = 0;
            break;
        }
    }
    expect_refusal(drv, ZC_ENCLAVE_BAD_JOURNAL);
}

/* From another deployment of the same mission. */
static driver *another(void)
{
    driver *drv = worked();
    static zc_mission mission;
    DRIVER_MUST(zc_ok(zc_mission_parse(driver_slice(&drv->store.mission), &mission)));
    driver *other = driver_new(&mission);
    other->boot = 8;
    driver_start(other);
    driver_create(other, driver_connect(other, ALICE), "evm", ZC_CURVE_SECP256K1);
    driver_free(drv);
    return other;
}

static void swap(driver_blob *a, driver_blob *b)
{
    driver_blob kept = *a;
    *a = *b;
    *b = kept;
}

static void host__log_of_another_deployment__refused(void **state)
{
    (void)state;
    driver *drv = worked(), *other = another();
    drv->check_log = false;
    driver_entry *entries = drv->store.entry;
    size_t count = drv->store.entry_count;
    drv->store.entry = other->store.entry;
    drv->store.entry_count = other->store.entry_count;
    driver_start(drv);
    assert_fatal(drv, ZC_ENCLAVE_BAD_JOURNAL);
    drv->store.entry = entries;
    drv->store.entry_count = count;
    driver_free(drv);
    driver_free(other);
}

static void host__key_of_another_deployment__refused(void **state)
{
    (void)state;
    driver *drv = worked(), *other = another();
    swap(&drv->store.key[0].sealed, &other->store.key[0].sealed);
    driver_free(other);
    expect_refusal(drv, ZC_ENCLAVE_KEY_UNREADABLE);
}

static void host__root_of_another_deployment__refused(void **state)
{
    (void)state;
    driver *drv = worked(), *other = another();
    swap(&drv->store.root, &other->store.root);
    driver_free(other);
    expect_refusal(drv, ZC_ENCLAVE_ROOT_UNREADABLE);
}

static void host__genesis_of_another_deployment__refused(void **state)
{
    (void)state;
    driver *drv = worked(), *other = another();
    swap(&drv->store.genesis, &other->store.genesis);
    driver_free(other);
    expect_refusal(drv, ZC_ENCLAVE_ROOT_UNREADABLE);
}

static void host__genesis_with_too_few_signatures__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    zc_genesis_record record;
    assert_ok(zc_genesis_record_parse(driver_slice(&drv->store.genesis), &record));
    uint8_t bytes[ZC_GENESIS_RECORD_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_ok(zc_genesis_record_write(record.statement, record.signature, 1, &writer));
    driver_blob_set(&drv->store.genesis, zc_writer_written(&writer));
    expect_refusal(drv, ZC_ATTEST_QUORUM_NOT_MET);
}

static void host__another_mission__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    static zc_mission mission;
    assert_ok(zc_mission_parse(driver_slice(&drv->store.mission), &mission));
    mission.rules[1].amount = zc_u256_of(UINT64_MAX);
    static uint8_t bytes[65536];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    assert_ok(zc_mission_write(&mission, &writer));
    driver_blob_set(&drv->store.mission, zc_writer_written(&writer));
    expect_refusal(drv, ZC_ENCLAVE_WRONG_MISSION);
}

static void host__another_image__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    drv->pcr[0][47] ^= 1;
    expect_refusal(drv, ZC_ENCLAVE_ROOT_UNREADABLE);
}

static void host__another_machine__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    drv->wrap_key ^= 1;
    expect_refusal(drv, ZC_ENCLAVE_ROOT_UNREADABLE);
}

static void host__any_byte_of_a_seal_changed__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_blob *seals[] = {&drv->store.root, &drv->store.key[1].sealed};
    static const int reasons[] = {ZC_ENCLAVE_ROOT_UNREADABLE, ZC_ENCLAVE_KEY_UNREADABLE};
    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 0; at < seals[i]->len; at++) {
            seals[i]->data[at] ^= 0x01;
            driver_power_on(drv);
            driver_boot(drv);
            driver_load_keys(drv);
            assert_fatal(drv, reasons[i]);
            seals[i]->data[at] ^= 0x01;
        }
    }
    driver_free(drv);
}

/* The name that the host gives a blob means nothing: a key answers to the name in its seal. */
static void host__blobs_under_each_other_s_names__keys_keep_theirs(void **state)
{
    (void)state;
    driver *drv = worked();
    uint8_t id[16];
    memcpy(id, ring_named(drv, "evm")->id, 16);
    swap(&drv->store.key[0].sealed, &drv->store.key[1].sealed);
    driver_start(drv);
    assert_true(drv->serving);
    assert_memory_equal(id, ring_named(drv, "evm")->id, 16);
    driver_free(drv);
}

static void host__same_blob_twice__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_blob_set(&drv->store.key[1].sealed, driver_slice(&drv->store.key[0].sealed));
    expect_refusal(drv, ZC_KEYS_DUPLICATE_NAME);
}

static void host__key_after_the_log_began__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver_power_on(drv);
    driver_boot(drv);
    driver_load_entries(drv);
    driver_load_keys(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

static void host__genesis_and_root_withheld__another_deployment(void **state)
{
    (void)state;
    driver *drv = worked();
    uint8_t was[32];
    memcpy(was, drv->deployment_id, 32);
    drv->check_log = false;
    drv->store.genesis.len = drv->store.root.len = 0;
    driver_start(drv);
    assert_true(drv->serving);
    /* Which clients, who pin the id, will not speak to. */
    assert_memory_not_equal(was, drv->deployment_id, 32);
    assert_int_equal(drv->enclave->keyring.count, 0);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host__any_byte_of_any_entry_changed__refused),
        cmocka_unit_test(host__any_byte_of_a_tag_changed__refused),
        cmocka_unit_test(host__entry_missing_in_the_middle__refused),
        cmocka_unit_test(host__two_entries_swapped__refused),
        cmocka_unit_test(host__entry_twice__refused),
        cmocka_unit_test(host__tail_cut_before_a_birth__refused),
        cmocka_unit_test(host__tail_cut_after_the_births__status_admits_it),
        cmocka_unit_test(host__openings_withheld__refused),
        cmocka_unit_test(host__log_of_another_deployment__refused),
        cmocka_unit_test(host__key_of_another_deployment__refused),
        cmocka_unit_test(host__root_of_another_deployment__refused),
        cmocka_unit_test(host__genesis_of_another_deployment__refused),
        cmocka_unit_test(host__genesis_with_too_few_signatures__refused),
        cmocka_unit_test(host__another_mission__refused),
        cmocka_unit_test(host__another_image__refused),
        cmocka_unit_test(host__another_machine__refused),
        cmocka_unit_test(host__any_byte_of_a_seal_changed__refused),
        cmocka_unit_test(host__blobs_under_each_other_s_names__keys_keep_theirs),
        cmocka_unit_test(host__same_blob_twice__refused),
        cmocka_unit_test(host__key_after_the_log_began__refused),
        cmocka_unit_test(host__genesis_and_root_withheld__another_deployment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
