/* All keys of a deployment: one record for each public key, found by name, id or public key.
 *
 * Keys are added and disabled, never removed. Lookups are variable-time in names and ids, which are
 * public. The signers themselves live in memory that the caller gives, a vault's. */
#ifndef ZC_KEYS_KEYRING_H
#define ZC_KEYS_KEYRING_H

#include "keys/record.h"

#define ZC_KEYS_MAX 4096
/* Twice as many places as keys, and a power of two. */
#define ZC_KEYS_SLOTS 8192

/* Keys of trading venues: those with a place in the second table (keys/holder.h). */
#define ZC_KEYS_MAX_VENUE 256

/* About 2 MiB. */
typedef struct zc_keyring {
    zc_signer *signers; /* the caller's, `capacity` of them; signer i belongs to key i */
    size_t capacity;
    zc_venue_secret *venues; /* the caller's too, taken in order */
    size_t venue_capacity;
    size_t venue_count;
    size_t count;
    uint16_t by_name[ZC_KEYS_SLOTS]; /* index + 1, 0 for a free place */
    uint16_t by_id[ZC_KEYS_SLOTS];
    zc_key key[ZC_KEYS_MAX];
} zc_keyring;

/* An empty ring over `capacity` zeroed signers (at most ZC_KEYS_MAX are used) and venues' places
 * (at most ZC_KEYS_MAX_VENUE) that outlive it. */
void zc_keyring_init(zc_keyring *ring, zc_signer *signers, size_t capacity, zc_venue_secret *venues,
                     size_t venue_capacity);
/* Clears every secret. */
void zc_keyring_clear(zc_keyring *ring);

/* Where the next key's secrets are to be put (zc_key_holder_take(), zc_signer_generate(),
 * zc_key_open()). Until zc_keyring_add() the same places are given again. Who gives up on the key
 * clears them. Errors: ZC_KEYS_FULL. */
ZC_MUST_USE zc_result zc_keyring_spare(zc_keyring *ring, zc_key_holder *ret_holder);

/* Adds the key whose secrets stand in the spare places. Kind and id of the record are taken from
 * them; the rest from `record`.
 * On failure the spare places are cleared. Errors: ZC_KEYS_FULL, ZC_KEYS_BAD_NAME,
 * ZC_KEYS_DUPLICATE_NAME, ZC_KEYS_DUPLICATE_KEY. */
ZC_MUST_USE zc_result zc_keyring_add(zc_keyring *ring, const zc_key *record, zc_key **ret_key);

/* NULL when there is none. */
zc_key *zc_keyring_by_name(zc_keyring *ring, zc_slice name);
zc_key *zc_keyring_by_id(zc_keyring *ring, const uint8_t id[static ZC_KEY_ID_SIZE]);
zc_key *zc_keyring_by_public(zc_keyring *ring, const zc_key_public *public_part);

#endif
