/* Many keys at once: brought in one message, signed with in any order, and what a host may do to
 * them. */
#include "check.h"

#include <stdio.h>

#include "ring.h"
#include "worked.h"

#define MANY 300

static driver *with_many(void)
{
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE);
    for (unsigned i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "bulk-%u", i);
        assert_int_equal(driver_create(drv, alice, name, (zc_curve)(1 + i % 3)).status,
                         ZC_STATUS_OK);
    }
    return drv;
}

/* Until keys are wanted. */
static void until_keys(driver *drv)
{
    driver_power_on(drv);
    driver_front_key(drv);
    driver_boot(drv);
}

static void send(driver *drv, zc_slice sealed)
{
    driver_host(drv, &(zc_host_message){.type = ZC_HOST_KEYS, .keys = {.sealed = sealed}});
}

static void keys__brought_together__serve_as_before(void **state)
{
    (void)state;
    driver *drv = with_many();
    uint64_t bot = driver_connect(drv, BOT);
    for (unsigned i = 0; i < MANY; i += 7) {
        assert_signed(driver_sign_text(drv, bot, drv->store.key[i].name, "x"));
    }
    until_keys(drv);
    driver_load_keys_together(drv);
    driver_load_entries(drv);
    driver_load_done(drv);
    assert_true(drv->serving);
    assert_int_equal(drv->enclave->keyring.count, MANY);
    bot = driver_connect(drv, BOT);
    for (unsigned i = 0; i < MANY; i++) {
        const uint32_t number = i * 131 % MANY;
        assert_int_equal(ring_track(drv, number).uses, number % 7 == 0 ? 1 : 0);
        assert_signed(driver_sign_text(drv, bot, drv->store.key[number].name, "y"));
    }
    driver_free(drv);
}

/* Some keys of a store, one behind the other. */
typedef struct sealed_list {
    uint8_t byte[8192];
    size_t len;
} sealed_list;

static void append(sealed_list *list, const driver_blob *sealed)
{
    assert_true(list->len + sealed->len <= sizeof list->byte);
    memcpy(list->byte + list->len, sealed->data, sealed->len);
    list->len += sealed->len;
}

static void refused(driver *drv, const sealed_list *list, uint16_t reason)
{
    until_keys(drv);
    send(drv, zc_slice_of(list->byte, list->len));
    assert_fatal(drv, reason);
}

static void keys__one_twice__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    sealed_list list = {.len = 0};
    append(&list, &drv->store.key[0].sealed);
    append(&list, &drv->store.key[1].sealed);
    append(&list, &drv->store.key[0].sealed);
    refused(drv, &list, ZC_KEYS_DUPLICATE_NAME);
    driver_free(drv);
}

static void keys__cut_anywhere__refused_or_fewer(void **state)
{
    (void)state;
    driver *drv = worked();
    sealed_list list = {.len = 0};
    append(&list, &drv->store.key[0].sealed);
    const size_t first = list.len;
    append(&list, &drv->store.key[1].sealed);
    for (size_t len = 1; len <= list.len; len++) {
        until_keys(drv);
        send(drv, zc_slice_of(list.byte, len));
        if (len == first || len == list.len) {
            assert_alive(drv);
            assert_int_equal(drv->enclave->keyring.count, len == first ? 1 : 2);
        } else {
            assert_fatal(drv, ZC_ENCLAVE_KEY_UNREADABLE);
        }
    }
    driver_free(drv);
}

static void keys__one_of_another_deployment_among_them__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    driver *other = driver_new_serving();
    driver_create(other, driver_connect(other, ALICE), "theirs", ZC_CURVE_P256);
    sealed_list list = {.len = 0};
    append(&list, &drv->store.key[0].sealed);
    append(&list, &other->store.key[0].sealed);
    refused(drv, &list, ZC_ENCLAVE_KEY_UNREADABLE);
    driver_free(other);
    driver_free(drv);
}

/* A header of one key before the box of another. */
static void keys__halves_exchanged__refused(void **state)
{
    (void)state;
    driver *drv = driver_new_serving();
    uint64_t alice = driver_connect(drv, ALICE);
    driver_create(drv, alice, "one", ZC_CURVE_P256);
    driver_create(drv, alice, "two", ZC_CURVE_P256);
    const driver_blob *one = &drv->store.key[0].sealed, *two = &drv->store.key[1].sealed;
    assert_int_equal(one->len, two->len);
    const size_t box = 63; /* nonce, private key and tag, with their heads */
    sealed_list list = {.len = 0};
    append(&list, one);
    memcpy(list.byte + one->len - box, two->data + two->len - box, box);
    refused(drv, &list, ZC_ENCLAVE_KEY_UNREADABLE);
    driver_free(drv);
}

static void keys__without_their_births__never_serve(void **state)
{
    (void)state;
    driver *drv = worked();
    until_keys(drv);
    driver_load_keys_together(drv);
    driver_load_done(drv);
    assert_fatal(drv, ZC_ENCLAVE_KEY_WITHOUT_BIRTH);
    driver_free(drv);
}

static void keys__behind_an_entry__refused(void **state)
{
    (void)state;
    driver *drv = worked();
    until_keys(drv);
    driver_load_keys_together(drv);
    driver_load_entries(drv);
    driver_load_keys_together(drv);
    assert_fatal(drv, ZC_ENCLAVE_WRONG_PHASE);
    driver_free(drv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__brought_together__serve_as_before),
        cmocka_unit_test(keys__one_twice__refused),
        cmocka_unit_test(keys__cut_anywhere__refused_or_fewer),
        cmocka_unit_test(keys__one_of_another_deployment_among_them__refused),
        cmocka_unit_test(keys__halves_exchanged__refused),
        cmocka_unit_test(keys__without_their_births__never_serve),
        cmocka_unit_test(keys__behind_an_entry__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
