/* Numbers of keys by what they are found by: open addressing in memory that the caller gives.
 * Internal to this module. Variable-time: names and ids are public. */
#ifndef ZC_KEYS_KEY_INDEX_H
#define ZC_KEYS_KEY_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define ZC_KEYS_NONE UINT32_MAX

typedef struct zc_key_index {
    uint64_t *slot; /* upper half of the hash ‖ number + 1; 0 for a free place */
    size_t mask;
} zc_key_index;

/* Bytes for so many keys, a power of two: twice as many places. */
#define ZC_KEY_INDEX_SIZE(keys) ((size_t)(keys)*2 * sizeof(uint64_t))

/* In zeroed memory of that size. */
void zc_key_index_init(zc_key_index *index, void *memory, size_t keys);
/* Adds a number below `keys`; the index never holds more than `keys` of them. */
void zc_key_index_put(zc_key_index *index, uint64_t hash, uint32_t number);

/* A walk over the numbers that may be those of `hash`: nearly always there is one at most. */
typedef struct zc_key_walk {
    const zc_key_index *index;
    uint64_t hash;
    size_t at;
} zc_key_walk;
zc_key_walk zc_key_index_walk(const zc_key_index *index, uint64_t hash);
/* ZC_KEYS_NONE at the end. */
uint32_t zc_key_walk_next(zc_key_walk *walk);

#endif
