#include "keys/keyring.h"

#include <string.h>

void zc_keyring_init(zc_keyring *ring, zc_signer *signers, size_t capacity, zc_venue_secret *venues,
                     size_t venue_capacity)
{
    memset(ring, 0, sizeof *ring);
    ring->signers = signers;
    ring->capacity = capacity < ZC_KEYS_MAX ? capacity : ZC_KEYS_MAX;
    ring->venues = venues;
    ring->venue_capacity = venue_capacity < ZC_KEYS_MAX_VENUE ? venue_capacity : ZC_KEYS_MAX_VENUE;
}

void zc_keyring_clear(zc_keyring *ring)
{
    for (size_t i = 0; i < ring->capacity; i++) {
        zc_signer_clear(&ring->signers[i]);
    }
    for (size_t i = 0; i < ring->venue_capacity; i++) {
        zc_venue_secret_clear(&ring->venues[i]);
    }
    memset(ring, 0, sizeof *ring);
}

zc_result zc_keyring_spare(zc_keyring *ring, zc_key_holder *ret_holder)
{
    if (ring->count >= ring->capacity) {
        return zc_fail(ZC_KEYS_FULL);
    }
    const bool free = ring->venue_count < ring->venue_capacity;
    ret_holder->signer = &ring->signers[ring->count];
    ret_holder->venue = free ? &ring->venues[ring->venue_count] : NULL;
    return ZC_OK;
}

/* FNV-1a. Who may create keys could choose names that collide; a search then passes over all of
 * his, at most ZC_KEYS_MAX. */
static size_t name_hash(zc_slice name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ name.data[i]) * UINT64_C(0x100000001b3);
    }
    return (size_t)(hash ^ hash >> 32);
}

/* An id is a hash already. */
static size_t id_hash(const uint8_t id[static ZC_KEY_ID_SIZE])
{
    uint64_t word;
    memcpy(&word, id, sizeof word);
    return (size_t)word;
}

/* The place that holds the name, or the free place where it belongs. At most half of the places are
 * taken, so there is one. */
static size_t name_slot(const zc_keyring *ring, zc_slice name)
{
    size_t slot = name_hash(name) % ZC_KEYS_SLOTS;
    while (ring->by_name[slot] != 0 &&
           !zc_slice_eq_text(name, ring->key[ring->by_name[slot] - 1].name)) {
        slot = (slot + 1) % ZC_KEYS_SLOTS;
    }
    return slot;
}

static size_t id_slot(const zc_keyring *ring, const uint8_t id[static ZC_KEY_ID_SIZE])
{
    size_t slot = id_hash(id) % ZC_KEYS_SLOTS;
    while (ring->by_id[slot] != 0 &&
           memcmp(id, ring->key[ring->by_id[slot] - 1].id, ZC_KEY_ID_SIZE) != 0) {
        slot = (slot + 1) % ZC_KEYS_SLOTS;
    }
    return slot;
}

static zc_key *key_at(zc_keyring *ring, uint16_t number)
{
    return number == 0 ? NULL : &ring->key[number - 1];
}

zc_key *zc_keyring_by_name(zc_keyring *ring, zc_slice name)
{
    return key_at(ring, ring->by_name[name_slot(ring, name)]);
}

zc_key *zc_keyring_by_id(zc_keyring *ring, const uint8_t id[static ZC_KEY_ID_SIZE])
{
    return key_at(ring, ring->by_id[id_slot(ring, id)]);
}

zc_key *zc_keyring_by_public(zc_keyring *ring, const zc_key_public *public_part)
{
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_key_id(public_part, id);
    zc_key *key = zc_keyring_by_id(ring, id);
    if (key == NULL) {
        return NULL;
    }
    const zc_key_public held = zc_key_public_part(key);
    return zc_slice_eq(zc_key_public_slice(&held), zc_key_public_slice(public_part)) ? key : NULL;
}

/* Everything that can be refused, before anything is changed. */
static zc_result check_addition(const zc_keyring *ring, zc_slice name,
                                const uint8_t id[static ZC_KEY_ID_SIZE])
{
    ZC_TRY(zc_key_name_check(name));
    if (ring->by_name[name_slot(ring, name)] != 0) {
        return zc_fail(ZC_KEYS_DUPLICATE_NAME);
    }
    if (ring->by_id[id_slot(ring, id)] != 0) {
        return zc_fail(ZC_KEYS_DUPLICATE_KEY);
    }
    return ZC_OK;
}

zc_result zc_keyring_add(zc_keyring *ring, const zc_key *record, zc_key **ret_key)
{
    zc_key_holder holder;
    ZC_TRY(zc_keyring_spare(ring, &holder));
    const zc_key_public public_part = zc_key_holder_public(&holder);
    const bool has_venue = holder.venue != NULL && holder.venue->kind != 0;
    uint8_t id[ZC_KEY_ID_SIZE];
    zc_slice name = zc_slice_of(record->name, strnlen(record->name, sizeof record->name));
    zc_key_id(&public_part, id);
    zc_result fits = check_addition(ring, name, id);
    if (!zc_ok(fits)) {
        zc_key_holder_clear(&holder);
        return fits;
    }
    zc_key *key = &ring->key[ring->count];
    *key = *record;
    memcpy(key->id, id, sizeof key->id);
    key->kind = public_part.kind;
    key->signer = zc_key_kind_has_curve(key->kind) ? holder.signer : NULL;
    key->venue_secret = has_venue ? holder.venue : NULL;
    size_t by_name = name_slot(ring, name);
    size_t by_id = id_slot(ring, id);
    ring->count++;
    ring->venue_count += has_venue ? 1 : 0;
    ring->by_name[by_name] = (uint16_t)ring->count;
    ring->by_id[by_id] = (uint16_t)ring->count;
    *ret_key = key;
    return ZC_OK;
}
