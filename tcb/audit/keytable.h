/* What a log says about each of its keys: a table in memory that the caller gives, in the order of
 * the keys' first entries.
 *
 * A key takes 48 bytes, and memory that no key has needed is never touched, so that room for many
 * costs nothing until they are there. Everything in here is public, and lookups are variable-time.
 */
#ifndef ZC_AUDIT_KEYTABLE_H
#define ZC_AUDIT_KEYTABLE_H

#include "audit/entry.h"

/* The most that any log may have. A power of two. */
#define ZC_AUDIT_KEYS_MAX ((size_t)1 << 20)

typedef struct zc_audit_key_track {
    uint8_t id[ZC_AUDIT_KEY_ID_SIZE];
    uint64_t uses;
    uint64_t last; /* sequence of the key's last entry */
    bool disabled;
} zc_audit_key_track;

typedef struct zc_audit_keys {
    size_t capacity;
    size_t count;
    zc_audit_key_track *track; /* `count` of them */
    uint32_t *slot;            /* open addressing by id: number + 1, 0 for a free place */
} zc_audit_keys;

/* Bytes for so many keys, a power of two: each one's track, and twice as many places as keys. */
#define ZC_AUDIT_KEYS_SIZE(keys)                                                                   \
    ((size_t)(keys) * (sizeof(zc_audit_key_track) + 2 * sizeof(uint32_t)))

/* An empty table of `capacity` keys, a power of two of at most ZC_AUDIT_KEYS_MAX, in zeroed memory
 * of ZC_AUDIT_KEYS_SIZE(capacity) bytes, aligned as a track, that outlives it. */
void zc_audit_keys_init(zc_audit_keys *keys, void *memory, size_t capacity);
/* Empties it. */
void zc_audit_keys_clear(zc_audit_keys *keys);

/* NULL when there is none. */
zc_audit_key_track *zc_audit_keys_find(const zc_audit_keys *keys,
                                       const uint8_t id[static ZC_AUDIT_KEY_ID_SIZE]);
/* A new track, all zeros but for its id. The id is not in the table yet.
 * Errors: ZC_AUDIT_TOO_MANY_KEYS. */
ZC_MUST_USE zc_result zc_audit_keys_add(zc_audit_keys *keys,
                                        const uint8_t id[static ZC_AUDIT_KEY_ID_SIZE],
                                        zc_audit_key_track **ret_track);

#endif
