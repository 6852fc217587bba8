#include "unit.h"

#include <stdio.h>

#include "keys/keyring.h"

static zc_keyring ring;
static zc_signer signers[ZC_KEYS_MAX];
static zc_venue_secret venues[ZC_KEYS_MAX_VENUE];

static int empty_ring(void **state)
{
    (void)state;
    memset(signers, 0, sizeof signers);
    memset(venues, 0, sizeof venues);
    zc_keyring_init(&ring, signers, ZC_KEYS_MAX, venues, ZC_KEYS_MAX_VENUE);
    return 0;
}

static zc_key_holder spare(void)
{
    zc_key_holder holder;
    assert_ok(zc_keyring_spare(&ring, &holder));
    return holder;
}

static zc_result add(const char *name, zc_curve curve, uint8_t fill, zc_key **ret_key)
{
    zc_secret32 private_key = secret_of(fill);
    zc_key record = described(name);
    assert_ok(zc_signer_init(spare().signer, curve, &private_key));
    return zc_keyring_add(&ring, &record, ret_key);
}

static void add__three_curves__are_found_by_name_id_and_public_key(void **state)
{
    (void)state;
    static const char *const name[] = {"secp", "p256", "ed"};
    for (unsigned i = 0; i < 3; i++) {
        zc_key *key;
        assert_ok(add(name[i], (zc_curve)(i + 1), 7, &key));
        assert_int_equal(key->kind, i + 1);
        assert_ptr_equal(key->signer, &signers[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        zc_key *key = zc_keyring_by_name(&ring, zc_slice_of_text(name[i]));
        assert_ptr_equal(key, &ring.key[i]);
        assert_ptr_equal(zc_keyring_by_id(&ring, key->id), key);
        const zc_key_public public_part = zc_key_public_of(&key->signer->pubkey);
        assert_ptr_equal(zc_keyring_by_public(&ring, &public_part), key);
        assert_int_equal(key->state, ZC_KEY_ACTIVE);
        assert_int_equal(key->created_ms, 1700000000123);
    }
    assert_null(zc_keyring_by_name(&ring, zc_slice_of_text("p25")));
    assert_null(zc_keyring_by_name(&ring, zc_slice_of_text("")));
    assert_null(zc_keyring_by_name(&ring, zc_slice_of("ed\0", 3)));
}

static void assert_nothing_added(size_t count)
{
    assert_int_equal(ring.count, count);
    assert_true(zc_ct_is_zero(&signers[count].private_key, 32));
    assert_true(zc_ct_is_zero(&signers[count].expanded, 64));
}

static void add__same_public_key_under_another_name__is_refused_and_wiped(void **state)
{
    (void)state;
    zc_key *key;
    for (unsigned curve = 1; curve <= 3; curve++) {
        char name[8];
        snprintf(name, sizeof name, "k%u", curve);
        assert_ok(add(name, (zc_curve)curve, 9, &key));
        assert_fails(add("other", (zc_curve)curve, 9, &key), ZC_KEYS_DUPLICATE_KEY);
        assert_nothing_added(curve);
        assert_null(zc_keyring_by_name(&ring, zc_slice_of_text("other")));
    }
}

static void add__same_name_for_another_key__is_refused_and_wiped(void **state)
{
    (void)state;
    zc_key *key;
    assert_ok(add("one", ZC_CURVE_P256, 1, &key));
    assert_fails(add("one", ZC_CURVE_P256, 2, &key), ZC_KEYS_DUPLICATE_NAME);
    assert_nothing_added(1);
    assert_ok(add("two", ZC_CURVE_P256, 2, &key));
}

static void add__record_with_a_bad_name__is_refused_and_wiped(void **state)
{
    (void)state;
    zc_key *key;
    zc_secret32 private_key = secret_of(3);
    zc_key record = described("fine");
    memset(record.name, 'a', sizeof record.name); /* no terminator */
    assert_ok(zc_signer_init(spare().signer, ZC_CURVE_P256, &private_key));
    assert_fails(zc_keyring_add(&ring, &record, &key), ZC_KEYS_BAD_NAME);
    assert_nothing_added(0);
}

static void add__as_many_as_fit__are_all_found_and_one_more_is_not(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(4);
    zc_key *key;
    char name[32];
    for (unsigned i = 0; i < ZC_KEYS_MAX; i++) {
        snprintf(name, sizeof name, "key-%u", i);
        zc_key record = described(name);
        assert_ok(zc_signer_generate(spare().signer, ZC_CURVE_ED25519, &drbg));
        assert_ok(zc_keyring_add(&ring, &record, &key));
    }
    for (unsigned i = 0; i < ZC_KEYS_MAX; i++) {
        snprintf(name, sizeof name, "key-%u", i);
        assert_ptr_equal(zc_keyring_by_name(&ring, zc_slice_of_text(name)), &ring.key[i]);
        const zc_key_public public_part = zc_key_public_of(&signers[i].pubkey);
        assert_ptr_equal(zc_keyring_by_public(&ring, &public_part), &ring.key[i]);
    }
    assert_null(zc_keyring_by_name(&ring, zc_slice_of_text("key-4096")));
    zc_key_holder holder;
    assert_fails(zc_keyring_spare(&ring, &holder), ZC_KEYS_FULL);
    zc_key record = described("more");
    assert_fails(zc_keyring_add(&ring, &record, &key), ZC_KEYS_FULL);
}

static void clear__wipes_every_signer(void **state)
{
    (void)state;
    zc_key *key;
    assert_ok(add("one", ZC_CURVE_ED25519, 1, &key));
    zc_keyring_clear(&ring);
    assert_true(zc_ct_is_zero(signers, sizeof signers));
    assert_int_equal(ring.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(add__three_curves__are_found_by_name_id_and_public_key, empty_ring),
        cmocka_unit_test_setup(add__same_public_key_under_another_name__is_refused_and_wiped,
                               empty_ring),
        cmocka_unit_test_setup(add__same_name_for_another_key__is_refused_and_wiped, empty_ring),
        cmocka_unit_test_setup(add__record_with_a_bad_name__is_refused_and_wiped, empty_ring),
        cmocka_unit_test_setup(add__as_many_as_fit__are_all_found_and_one_more_is_not, empty_ring),
        cmocka_unit_test_setup(clear__wipes_every_signer, empty_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
