/* All keys of a deployment: one record for each public key, found by name, id or public key.
 *
 * Keys are added, never removed, and counted from 0 in the order in which they came: a key's number
 * is its own for as long as the enclave runs. What is known of all of them stands in ordinary
 * memory, their private keys sealed (keys/card.h). Those that were used last are resident: opened
 * and prepared, each in its place of the caller's vault, so that locked memory does not bound how
 * many keys there may be. The one whose last use is longest ago makes room for the next, and its
 * place is wiped.
 *
 * A resident key stays where it is until as many others as there are places have been opened. So
 * what is signed after the step that opened it finds it there. The secrets of trading venues have
 * places of their own, for good. Lookups are variable-time in names and ids, which are public. */
#ifndef ZC_KEYS_KEYRING_H
#define ZC_KEYS_KEYRING_H

#include "crypto/aead.h"
#include "keys/key_index.h"
#include "keys/record.h"

/* The most keys of a ring. A power of two. */
#define ZC_KEYS_MAX ((size_t)1 << 20)
/* The most that are resident. */
#define ZC_KEYS_RESIDENT 4096
/* Keys of trading venues: those with a place in the second table (keys/holder.h). */
#define ZC_KEYS_MAX_VENUE 256
/* Of ordinary memory: each key's record has its room; longer ones share some more. */
#define ZC_KEY_CARD_ROOM 256
#define ZC_KEY_CARDS_LONG(keys) ((size_t)(keys)*64 + 1024)

/* Bytes of ordinary memory for so many keys, a power of two. */
#define ZC_KEYRING_SIZE(keys)                                                                      \
    ((size_t)(keys) * (sizeof(zc_key_place) + ZC_KEY_CARD_ROOM) + ZC_KEY_CARDS_LONG(keys) +        \
     2 * ZC_KEY_INDEX_SIZE(keys))

/* What the caller gives: all of it outlives the ring. */
typedef struct zc_keyring_room {
    zc_signer *signers; /* in a vault, zeroed, `residents` of them: at least 2, at most
                           ZC_KEYS_RESIDENT are used */
    size_t residents;
    zc_venue_secret *venues; /* in a vault, zeroed; at most ZC_KEYS_MAX_VENUE are used */
    size_t venue_count;
    void *memory; /* zeroed, ZC_KEYRING_SIZE(keys) bytes, aligned to 8 */
    size_t keys;  /* a power of two, at most ZC_KEYS_MAX */
} zc_keyring_room;

/* About 2.3 MiB. */
typedef struct zc_keyring {
    zc_keyring_room room;
    size_t capacity; /* 0 until zc_keyring_prepare() */
    size_t count;
    size_t venue_count;
    zc_key_place *place;
    zc_key_index by_name;
    zc_key_index by_id;
    uint8_t *cards;
    size_t long_end; /* of the cards; those that are longer than their room come behind all rooms */
    size_t long_used;
    zc_aead stash;        /* seals what is not resident */
    uint8_t hash_key[16]; /* of the indexes */
    uint64_t opened;      /* cards, since the start */

    /* The residents, in the order of their last use. Places are numbered from 0. */
    bool spare_taken; /* the oldest place is a new key's: its secrets may stand there already */
    uint16_t newest;
    uint16_t oldest;
    uint16_t newer[ZC_KEYS_RESIDENT];
    uint16_t older[ZC_KEYS_RESIDENT];
    bool held[ZC_KEYS_RESIDENT]; /* by the key of its record */
    zc_key record[ZC_KEYS_RESIDENT];
} zc_keyring;

/* An empty ring that takes no key before zc_keyring_prepare(). */
void zc_keyring_init(zc_keyring *ring, const zc_keyring_room *room);
/* Draws the key that non-resident keys are sealed under, and that of the indexes. Errors:
 * ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_keyring_prepare(zc_keyring *ring, zc_drbg *drbg);
/* Clears every secret. */
void zc_keyring_clear(zc_keyring *ring);

/* Where the next key's secrets are to be put (zc_key_holder_take(), zc_signer_generate(),
 * zc_key_open()): the resident of longest ago makes room. Until zc_keyring_add() or
 * zc_keyring_open() the same places are given again. Who gives up on the key clears them.
 * Errors: ZC_KEYS_FULL. */
ZC_MUST_USE zc_result zc_keyring_spare(zc_keyring *ring, zc_key_holder *ret_holder);

/* Adds the key whose secrets stand in the spare places. Kind, public part and id of the record are
 * taken from them; the rest from `record`. The key is resident then.
 * On failure the spare places are cleared. Errors: ZC_KEYS_FULL, ZC_KEYS_BAD_NAME,
 * ZC_KEYS_DUPLICATE_NAME, ZC_KEYS_DUPLICATE_KEY, ZC_CRYPTO_LIBRARY. */
ZC_MUST_USE zc_result zc_keyring_add(zc_keyring *ring, const zc_key *record, zc_key **ret_key);

/* The key's number; ZC_KEYS_NONE when there is none. */
uint32_t zc_keyring_by_name(const zc_keyring *ring, zc_slice name);
uint32_t zc_keyring_by_id(const zc_keyring *ring, const uint8_t id[static ZC_KEY_ID_SIZE]);
uint32_t zc_keyring_by_public(const zc_keyring *ring, const zc_key_public *public_part);

/* The key with what it signs with, resident from now on. `number` is one of the ring's.
 * Errors: ZC_KEYS_SEAL_BROKEN: the memory that holds it was changed. */
ZC_MUST_USE zc_result zc_keyring_open(zc_keyring *ring, uint32_t number, zc_key **ret_key);
/* Its record alone, without what it signs with on a curve: nothing is opened. */
void zc_keyring_look(zc_keyring *ring, uint32_t number, zc_key *ret_key);

#endif
