/* All keys of a ring, of which few are opened at a time. */
#include "unit.h"

#include <stdio.h>

#include "keys/card.h"
#include "keys/keyring.h"

#define KEYS 512
#define RESIDENTS 8

static zc_keyring ring;
static zc_signer signers[RESIDENTS];
static zc_venue_secret venues[4];
static uint64_t memory[ZC_KEYRING_SIZE(KEYS) / sizeof(uint64_t)];

static int ring_of(size_t residents, size_t keys)
{
    const zc_keyring_room room = {.signers = signers,
                                  .residents = residents,
                                  .venues = venues,
                                  .venue_count = 4,
                                  .memory = memory,
                                  .keys = keys};
    zc_drbg drbg = drbg_of(77);
    if (ring.capacity != 0) {
        zc_keyring_clear(&ring);
    }
    memset(signers, 0, sizeof signers);
    memset(venues, 0, sizeof venues);
    memset(memory, 0, sizeof memory);
    zc_keyring_init(&ring, &room);
    return zc_ok(zc_keyring_prepare(&ring, &drbg)) ? 0 : -1;
}

static int empty_ring(void **state)
{
    (void)state;
    return ring_of(RESIDENTS, KEYS);
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

static bool nobody_is_named(const char *name)
{
    return zc_keyring_by_name(&ring, zc_slice_of_text(name)) == ZC_KEYS_NONE;
}

static void add__three_curves__are_found_by_name_id_and_public_key(void **state)
{
    (void)state;
    static const char *const name[] = {"secp", "p256", "ed"};
    for (unsigned i = 0; i < 3; i++) {
        zc_key *key;
        assert_ok(add(name[i], (zc_curve)(i + 1), 7, &key));
        assert_int_equal(key->kind, i + 1);
        assert_int_equal(key->number, i);
    }
    for (uint32_t i = 0; i < 3; i++) {
        zc_key *key;
        assert_int_equal(zc_keyring_by_name(&ring, zc_slice_of_text(name[i])), i);
        assert_ok(zc_keyring_open(&ring, i, &key));
        assert_int_equal(zc_keyring_by_id(&ring, key->id), i);
        const zc_key_public public_part = zc_key_public_of(&key->signer->pubkey);
        assert_int_equal(zc_keyring_by_public(&ring, &public_part), i);
        assert_true(zc_key_public_eq(&public_part, &key->public_part));
        assert_int_equal(key->created_ms, 1700000000123);
    }
    assert_true(nobody_is_named("p25"));
    assert_true(nobody_is_named(""));
    assert_int_equal(zc_keyring_by_name(&ring, zc_slice_of("ed\0", 3)), ZC_KEYS_NONE);
}

/* Of all private keys that were in the ring, those of `count` residents are left in the vault. */
static void assert_nothing_added(size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < RESIDENTS; i++) {
        found += !zc_ct_is_zero(&signers[i], sizeof signers[i]);
    }
    assert_int_equal(ring.count, count);
    assert_int_equal(found, count);
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
        assert_true(nobody_is_named("other"));
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

static void name_it(char name[static 32], unsigned number)
{
    snprintf(name, 32, "key-%u", number);
}

/* Fills the ring, and keeps what was made. */
static zc_signer made[KEYS];

static void fill(void)
{
    zc_drbg drbg = drbg_of(4);
    char name[32];
    for (unsigned i = 0; i < KEYS; i++) {
        zc_key *key;
        name_it(name, i);
        zc_key record = described(name);
        zc_key_holder holder = spare();
        assert_ok(zc_signer_generate(holder.signer, (zc_curve)(1 + i % 3), &drbg));
        made[i] = *holder.signer;
        assert_ok(zc_keyring_add(&ring, &record, &key));
    }
}

static void add__as_many_as_fit__are_all_found_and_one_more_is_not(void **state)
{
    (void)state;
    char name[32];
    fill();
    for (uint32_t i = 0; i < KEYS; i++) {
        name_it(name, i);
        assert_int_equal(zc_keyring_by_name(&ring, zc_slice_of_text(name)), i);
        const zc_key_public public_part = zc_key_public_of(&made[i].pubkey);
        assert_int_equal(zc_keyring_by_public(&ring, &public_part), i);
    }
    assert_true(nobody_is_named("key-512"));
    zc_key *key;
    zc_key_holder holder;
    assert_fails(zc_keyring_spare(&ring, &holder), ZC_KEYS_FULL);
    zc_key record = described("more");
    assert_fails(zc_keyring_add(&ring, &record, &key), ZC_KEYS_FULL);
}

static void open__any_of_many__is_the_key_that_was_added(void **state)
{
    (void)state;
    fill();
    for (uint32_t step = 0; step < 2000; step++) {
        const uint32_t number = step * 2654435761u % KEYS;
        zc_key *key, read;
        char name[32];
        name_it(name, number);
        assert_ok(zc_keyring_open(&ring, number, &key));
        assert_string_equal(key->name, name);
        assert_string_equal(key->owner, "desk-one");
        assert_int_equal(key->number, number);
        assert_ptr_equal(key->place, &ring.place[number]);
        assert_memory_equal(key->signer, &made[number], sizeof made[number]);
        zc_keyring_look(&ring, number, &read);
        read.signer = key->signer;
        assert_memory_equal(key, &read, sizeof read);
    }
}

static void open__as_many_as_there_are_places__stay_where_they_are(void **state)
{
    (void)state;
    fill();
    zc_key *key[RESIDENTS], *again;
    for (uint32_t i = 0; i < RESIDENTS; i++) {
        assert_ok(zc_keyring_open(&ring, i, &key[i]));
    }
    const uint64_t opened = ring.opened;
    for (uint32_t i = 0; i < RESIDENTS; i++) {
        assert_ok(zc_keyring_open(&ring, i, &again));
        assert_ptr_equal(again, key[i]);
        assert_memory_equal(again->signer, &made[i], sizeof made[i]);
    }
    assert_int_equal(ring.opened, opened);
    /* One more takes the place of the one whose use is longest ago. */
    assert_ok(zc_keyring_open(&ring, 0, &again));
    assert_ok(zc_keyring_open(&ring, RESIDENTS, &again));
    assert_ptr_equal(again, key[1]);
    assert_int_equal(ring.place[1].resident, 0);
    assert_int_not_equal(ring.place[0].resident, 0);
}

static bool holds(const void *where, size_t len, const void *what)
{
    return memmem(where, len, what, 32) != NULL;
}

/* Who made room is gone from the vault, and never was in ordinary memory. */
static void open__over_and_over__leaves_no_private_key_behind(void **state)
{
    (void)state;
    fill();
    for (uint32_t number = 0; number < KEYS; number++) {
        zc_key *key;
        assert_ok(zc_keyring_open(&ring, number, &key));
    }
    for (uint32_t number = 0; number < KEYS; number++) {
        const bool resident = number >= KEYS - RESIDENTS;
        const uint8_t *secret = made[number].private_key.byte;
        assert_int_equal(holds(signers, sizeof signers, secret), resident);
        assert_false(holds(memory, sizeof memory, secret));
        assert_false(holds(&ring, sizeof ring, secret));
    }
}

/* Memory that was changed: another key's box, or a bit of its own. */
static void open__card_that_was_changed__is_refused_and_wiped(void **state)
{
    (void)state;
    assert_int_equal(ring_of(2, KEYS), 0);
    fill();
    static uint8_t before[sizeof memory];
    zc_key *key;
    memcpy(before, memory, sizeof memory);
    uint8_t *card = ring.cards + ring.place[0].card;
    const uint8_t *other = ring.cards + ring.place[3].card; /* on the same curve */
    for (size_t bit = 0; bit < (size_t)8 * 48; bit++) {
        card[16 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_fails(zc_keyring_open(&ring, 0, &key), ZC_KEYS_SEAL_BROKEN);
        assert_int_equal(ring.place[0].resident, 0);
        card[16 + bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    memcpy(card + 16, other + 16, 48);
    assert_fails(zc_keyring_open(&ring, 0, &key), ZC_KEYS_SEAL_BROKEN);
    assert_true(zc_ct_is_zero(&signers[ring.oldest], sizeof signers[0]));
    memcpy(memory, before, sizeof memory);
    assert_ok(zc_keyring_open(&ring, 0, &key));
    assert_memory_equal(key->signer, &made[0], sizeof made[0]);
}

/* A venue's secret stays, whoever else is opened. */
static void open__keys_of_venues__keep_their_places(void **state)
{
    (void)state;
    assert_int_equal(ring_of(2, 8), 0);
    zc_key_material material = {.kind = ZC_KEY_KIND_HMAC_SHA256, .secret.mac.len = 6};
    memcpy(material.secret.mac.byte, "secret", 6);
    zc_key_holder holder = spare();
    zc_key record = described("venue");
    zc_key *key;
    assert_ok(zc_key_bind(&record, zc_slice_of_text("api"), ZC_VENUE_OKX));
    assert_ok(zc_key_holder_take(&material, &holder));
    assert_ok(zc_keyring_add(&ring, &record, &key));
    const zc_venue_secret before = venues[0];
    for (uint8_t i = 1; i < 6; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%u", i);
        assert_ok(add(name, ZC_CURVE_P256, i, &key));
    }
    assert_int_equal(ring.place[0].resident, 0);
    assert_ok(zc_keyring_open(&ring, 0, &key));
    assert_ptr_equal(key->venue_secret, &venues[0]);
    assert_null(key->signer);
    assert_string_equal(key->api_key, "api");
    assert_int_equal(key->venue, ZC_VENUE_OKX);
    assert_memory_equal(&before, &venues[0], sizeof before);
}

static void init__without_a_key_of_its_own__takes_none(void **state)
{
    (void)state;
    const zc_keyring_room room = {.signers = signers, .residents = 2, .memory = memory, .keys = 8};
    zc_key_holder holder;
    zc_keyring_clear(&ring);
    zc_keyring_init(&ring, &room);
    assert_fails(zc_keyring_spare(&ring, &holder), ZC_KEYS_FULL);
}

static void card__longest_of_everything__fits(void **state)
{
    (void)state;
    static uint64_t room[ZC_KEY_CARD_MAX / sizeof(uint64_t)];
    zc_key key = described("k");
    zc_key back;
    memset(key.name, 'n', sizeof key.name - 1);
    memset(key.owner, 'o', sizeof key.owner - 1);
    memset(key.api_key, 'a', sizeof key.api_key - 1);
    key.kind = key.public_part.kind = ZC_KEY_KIND_SECP256K1;
    key.public_part.len = ZC_KEY_PUBLIC_MAX;
    memset(key.public_part.byte, 4, sizeof key.public_part.byte);
    const size_t len = zc_key_card_write(NULL, &key, NULL, (uint8_t *)room);
    assert_in_range(len, 1, ZC_KEY_CARD_MAX);
    zc_key_card_read((const uint8_t *)room, &back);
    assert_memory_equal(&back, &key, sizeof back);
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
        cmocka_unit_test_setup(open__any_of_many__is_the_key_that_was_added, empty_ring),
        cmocka_unit_test_setup(open__as_many_as_there_are_places__stay_where_they_are, empty_ring),
        cmocka_unit_test_setup(open__over_and_over__leaves_no_private_key_behind, empty_ring),
        cmocka_unit_test_setup(open__card_that_was_changed__is_refused_and_wiped, empty_ring),
        cmocka_unit_test_setup(open__keys_of_venues__keep_their_places, empty_ring),
        cmocka_unit_test_setup(init__without_a_key_of_its_own__takes_none, empty_ring),
        cmocka_unit_test_setup(card__longest_of_everything__fits, empty_ring),
        cmocka_unit_test_setup(clear__wipes_every_signer, empty_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
