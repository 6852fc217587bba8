#include "keys/keyring.h"

#include <string.h>

#include "base/ct.h"
#include "crypto/hash.h"
#include "keys/card.h"
#include "keys/residents.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void zc_keyring_init(zc_keyring *ring, const zc_keyring_room *room)
{
    memset(ring, 0, sizeof *ring);
    ring->room = *room;
    ring->room.residents = least(room->residents, ZC_KEYS_RESIDENT);
    ring->room.venue_count = least(room->venue_count, ZC_KEYS_MAX_VENUE);
    uint8_t *at = room->memory;
    zc_key_index_init(&ring->by_name, at, room->keys);
    at += ZC_KEY_INDEX_SIZE(room->keys);
    zc_key_index_init(&ring->by_id, at, room->keys);
    at += ZC_KEY_INDEX_SIZE(room->keys);
    ring->place = (zc_key_place *)(void *)at;
    at += room->keys * sizeof(zc_key_place);
    ring->cards = at;
    ring->long_used = room->keys * ZC_KEY_CARD_ROOM;
    ring->long_end = ring->long_used + ZC_KEY_CARDS_LONG(room->keys);
    zc_residents_init(ring);
}

zc_result zc_keyring_prepare(zc_keyring *ring, zc_drbg *drbg)
{
    ZC_SECRET zc_secret32 key;
    zc_drbg_bytes(drbg, key.byte, sizeof key.byte);
    zc_drbg_bytes(drbg, ring->hash_key, sizeof ring->hash_key);
    /* It need only be unknown before the start: where a name stands in a table shows no key. */
    zc_ct_public(ring->hash_key, sizeof ring->hash_key);
    ZC_TRY(zc_aead_init(&ring->stash, &key));
    ring->capacity = ring->room.keys;
    return ZC_OK;
}

void zc_keyring_clear(zc_keyring *ring)
{
    for (size_t i = 0; i < ring->room.residents; i++) {
        zc_signer_clear(&ring->room.signers[i]);
    }
    for (size_t i = 0; i < ring->room.venue_count; i++) {
        zc_venue_secret_clear(&ring->room.venues[i]);
    }
    zc_aead_clear(&ring->stash);
    memset(ring, 0, sizeof *ring);
}

static bool is_full(const zc_keyring *ring)
{
    return ring->count >= ring->capacity || ring->long_end - ring->long_used < ZC_KEY_CARD_MAX;
}

zc_result zc_keyring_spare(zc_keyring *ring, zc_key_holder *ret_holder)
{
    if (is_full(ring)) {
        return zc_fail(ZC_KEYS_FULL);
    }
    const uint16_t at = ring->spare_taken ? ring->oldest : zc_residents_vacate(ring);
    const bool free = ring->venue_count < ring->room.venue_count;
    ring->spare_taken = true;
    ret_holder->signer = &ring->room.signers[at];
    ret_holder->venue = free ? &ring->room.venues[ring->venue_count] : NULL;
    return ZC_OK;
}

static uint64_t hash_of(const zc_keyring *ring, zc_slice bytes)
{
    return zc_siphash(ring->hash_key, bytes);
}

/* Where the key's card most likely is, is fetched while its place is. */
static zc_slice name_of(const zc_keyring *ring, uint32_t number)
{
    const zc_key_place *place = &ring->place[number];
    const uint8_t *card = ring->cards + (size_t)number * ZC_KEY_CARD_ROOM;
    __builtin_prefetch(card);
    __builtin_prefetch(card + 64);
    __builtin_prefetch(card + 128);
    return place->resident != 0 ? zc_slice_of_text(ring->record[place->resident - 1].name)
                                : zc_key_card_name(ring->cards + place->card);
}

uint32_t zc_keyring_by_name(const zc_keyring *ring, zc_slice name)
{
    zc_key_walk walk = zc_key_index_walk(&ring->by_name, hash_of(ring, name));
    uint32_t number = zc_key_walk_next(&walk);
    while (number != ZC_KEYS_NONE && !zc_slice_eq(name_of(ring, number), name)) {
        number = zc_key_walk_next(&walk);
    }
    return number;
}

uint32_t zc_keyring_by_id(const zc_keyring *ring, const uint8_t id[static ZC_KEY_ID_SIZE])
{
    zc_key_walk walk =
        zc_key_index_walk(&ring->by_id, hash_of(ring, zc_slice_of(id, ZC_KEY_ID_SIZE)));
    uint32_t number = zc_key_walk_next(&walk);
    while (number != ZC_KEYS_NONE && memcmp(ring->place[number].id, id, ZC_KEY_ID_SIZE) != 0) {
        number = zc_key_walk_next(&walk);
    }
    return number;
}

uint32_t zc_keyring_by_public(const zc_keyring *ring, const zc_key_public *public_part)
{
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key held;
    zc_key_id(public_part, id);
    const uint32_t number = zc_keyring_by_id(ring, id);
    if (number == ZC_KEYS_NONE) {
        return ZC_KEYS_NONE;
    }
    zc_key_card_read(ring->cards + ring->place[number].card, &held);
    return zc_slice_eq(zc_key_public_slice(&held.public_part), zc_key_public_slice(public_part))
               ? number
               : ZC_KEYS_NONE;
}

/* What a record points to follows from where the key stands. */
static void point(zc_keyring *ring, zc_key *key)
{
    zc_key_place *place = &ring->place[key->number];
    key->place = place;
    memcpy(key->id, place->id, sizeof key->id);
    key->venue_secret = place->venue == 0 ? NULL : &ring->room.venues[place->venue - 1];
}

void zc_keyring_look(zc_keyring *ring, uint32_t number, zc_key *ret_key)
{
    zc_key_card_read(ring->cards + ring->place[number].card, ret_key);
    ret_key->number = number;
    point(ring, ret_key);
}

zc_result zc_keyring_open(zc_keyring *ring, uint32_t number, zc_key **ret_key)
{
    zc_key_place *place = &ring->place[number];
    if (place->resident != 0) {
        zc_residents_touch(ring, (uint16_t)(place->resident - 1));
        *ret_key = &ring->record[place->resident - 1];
        return ZC_OK;
    }
    const uint16_t at = zc_residents_vacate(ring);
    zc_key *key = &ring->record[at];
    ring->spare_taken = false;
    zc_keyring_look(ring, number, key);
    if (zc_key_kind_has_curve(key->kind)) {
        key->signer = &ring->room.signers[at];
        ZC_TRY(zc_key_card_open(&ring->stash, ring->cards + place->card, key, key->signer));
    }
    ring->opened++;
    zc_residents_settle(ring, at);
    *ret_key = key;
    return ZC_OK;
}

/* Everything that can be refused, before anything is changed. */
static zc_result check_addition(const zc_keyring *ring, zc_slice name,
                                const uint8_t id[static ZC_KEY_ID_SIZE])
{
    ZC_TRY(zc_key_name_check(name));
    if (zc_keyring_by_name(ring, name) != ZC_KEYS_NONE) {
        return zc_fail(ZC_KEYS_DUPLICATE_NAME);
    }
    return zc_keyring_by_id(ring, id) == ZC_KEYS_NONE ? ZC_OK : zc_fail(ZC_KEYS_DUPLICATE_KEY);
}

/* Puts a card into its key's room, or behind all of them. Returns where it stands. */
static uint64_t keep_card(zc_keyring *ring, uint32_t number, const uint64_t *card, size_t len)
{
    const bool is_long = len > ZC_KEY_CARD_ROOM;
    const size_t at = is_long ? ring->long_used : (size_t)number * ZC_KEY_CARD_ROOM;
    memcpy(ring->cards + at, card, len);
    ring->long_used += is_long ? len : 0;
    return at;
}

/* The record of the spare place becomes that of a key: card, place and indexes follow. */
static zc_result enter(zc_keyring *ring, zc_key *key, const zc_key_holder *holder)
{
    const bool has_venue = holder->venue != NULL && holder->venue->kind != 0;
    const bool has_curve = zc_key_kind_has_curve(key->kind);
    uint64_t card[ZC_KEY_CARD_MAX / sizeof(uint64_t)];
    const size_t len =
        zc_key_card_write(&ring->stash, key, has_curve ? holder->signer : NULL, (uint8_t *)card);
    if (len == 0) {
        return zc_fail(ZC_CRYPTO_LIBRARY);
    }
    zc_key_place *place = &ring->place[key->number];
    *place = (zc_key_place){.card = keep_card(ring, key->number, card, len)};
    memcpy(place->id, key->id, sizeof place->id);
    place->venue = has_venue ? (uint16_t)++ring->venue_count : 0;
    ring->count++;
    zc_key_index_put(&ring->by_name, hash_of(ring, zc_slice_of_text(key->name)), key->number);
    zc_key_index_put(&ring->by_id, hash_of(ring, ZC_SLICE_OF_ARRAY(key->id)), key->number);
    key->signer = has_curve ? holder->signer : NULL;
    point(ring, key);
    return ZC_OK;
}

static zc_result add(zc_keyring *ring, const zc_key *record, const zc_key_holder *holder,
                     zc_key **ret_key)
{
    const zc_key_public public_part = zc_key_holder_public(holder);
    const zc_slice name = zc_slice_of(record->name, strnlen(record->name, sizeof record->name));
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_id(&public_part, id);
    ZC_TRY(check_addition(ring, name, id));
    const uint16_t at = ring->oldest;
    zc_key *key = &ring->record[at];
    *key = *record;
    key->number = (uint32_t)ring->count;
    key->kind = public_part.kind;
    key->public_part = public_part;
    memcpy(key->id, id, sizeof key->id);
    ZC_TRY(enter(ring, key, holder));
    ring->spare_taken = false;
    zc_residents_settle(ring, at);
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_keyring_add(zc_keyring *ring, const zc_key *record, zc_key **ret_key)
{
    zc_key_holder holder;
    ZC_TRY(zc_keyring_spare(ring, &holder));
    zc_result added = add(ring, record, &holder, ret_key);
    if (!zc_ok(added)) {
        zc_key_holder_clear(&holder);
    }
    return added;
}
