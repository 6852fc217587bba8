#include "audit/keytable.h"

#include <string.h>

#include "audit/reasons.h"

static size_t slots_of(const zc_audit_keys *keys)
{
    return 2 * keys->capacity;
}

void zc_audit_keys_init(zc_audit_keys *keys, void *memory, size_t capacity)
{
    zc_audit_key_track *track = memory;
    *keys = (zc_audit_keys){
        .capacity = capacity, .track = track, .slot = (uint32_t *)(void *)(track + capacity)};
}

void zc_audit_keys_clear(zc_audit_keys *keys)
{
    if (keys->count == 0) {
        return; /* nothing of it was touched */
    }
    memset(keys->track, 0, keys->count * sizeof keys->track[0]);
    memset(keys->slot, 0, slots_of(keys) * sizeof keys->slot[0]);
    keys->count = 0;
}

/* The place of a key, or the free place where it belongs. At most half of the places are taken, so
 * there is one. Key ids are hashes already: their first bytes are as good as any. */
static size_t slot_of(const zc_audit_keys *keys, const uint8_t id[static ZC_AUDIT_KEY_ID_SIZE])
{
    uint64_t word;
    memcpy(&word, id, sizeof word);
    size_t mask = slots_of(keys) - 1;
    size_t slot = (size_t)word & mask;
    while (keys->slot[slot] != 0 &&
           memcmp(keys->track[keys->slot[slot] - 1].id, id, ZC_AUDIT_KEY_ID_SIZE) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

zc_audit_key_track *zc_audit_keys_find(const zc_audit_keys *keys,
                                       const uint8_t id[static ZC_AUDIT_KEY_ID_SIZE])
{
    uint32_t number = keys->slot[slot_of(keys, id)];
    return number == 0 ? NULL : &keys->track[number - 1];
}

zc_result zc_audit_keys_add(zc_audit_keys *keys, const uint8_t id[static ZC_AUDIT_KEY_ID_SIZE],
                            zc_audit_key_track **ret_track)
{
    if (keys->count == keys->capacity) {
        return zc_fail(ZC_AUDIT_TOO_MANY_KEYS);
    }
    size_t slot = slot_of(keys, id);
    zc_audit_key_track *track = &keys->track[keys->count++];
    *track = (zc_audit_key_track){0};
    memcpy(track->id, id, sizeof track->id);
    keys->slot[slot] = (uint32_t)keys->count;
    *ret_track = track;
    return ZC_OK;
}
