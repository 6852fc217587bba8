#include "keys/key_index.h"

#define TAG (UINT64_C(0xffffffff) << 32)

void zc_key_index_init(zc_key_index *index, void *memory, size_t keys)
{
    *index = (zc_key_index){.slot = memory, .mask = 2 * keys - 1};
}

void zc_key_index_put(zc_key_index *index, uint64_t hash, uint32_t number)
{
    size_t at = (size_t)hash & index->mask;
    while (index->slot[at] != 0) {
        at = (at + 1) & index->mask;
    }
    index->slot[at] = (hash & TAG) | (number + 1u);
}

zc_key_walk zc_key_index_walk(const zc_key_index *index, uint64_t hash)
{
    return (zc_key_walk){.index = index, .hash = hash, .at = (size_t)hash & index->mask};
}

uint32_t zc_key_walk_next(zc_key_walk *walk)
{
    const zc_key_index *index = walk->index;
    /* At least half of the places are free: one of them ends the walk. */
    while (index->slot[walk->at] != 0) {
        uint64_t slot = index->slot[walk->at];
        walk->at = (walk->at + 1) & index->mask;
        if ((slot & TAG) == (walk->hash & TAG)) {
            return (uint32_t)slot - 1;
        }
    }
    return ZC_KEYS_NONE;
}
