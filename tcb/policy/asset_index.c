#include "policy/asset_index.h"

#include <string.h>

/* Addresses and mints are as good as random already; of a longer name the two ends are. */
static size_t place_of(const zc_asset_id *id)
{
    uint64_t low = 0;
    uint64_t high = 0;
    size_t part = id->token_len < sizeof low ? id->token_len : sizeof low;
    memcpy(&low, id->token, part);
    memcpy(&high, id->token + id->token_len - part, part);
    uint64_t hash =
        (id->chain_id * 2 + (id->kind == ZC_ASSET_NATIVE)) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ low ^ (hash >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ high ^ (hash >> 29)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(hash >> 32) % ZC_SCOPE_ASSET_PLACES;
}

void zc_asset_index_init(zc_scope_index *index, const zc_mission *mission)
{
    memset(index->asset, 0, sizeof index->asset);
    for (size_t i = 0; i < mission->asset_count; i++) {
        size_t at = place_of(&mission->assets[i].id);
        while (index->asset[at] != 0) {
            at = (at + 1) % ZC_SCOPE_ASSET_PLACES;
        }
        index->asset[at] = (uint16_t)(i + 1);
    }
}

/* Ends at a free place, of which there are always half. */
uint16_t zc_asset_index_find(const zc_scope_index *index, const zc_mission *mission,
                             const zc_asset_id *id)
{
    size_t at = place_of(id);
    while (index->asset[at] != 0) {
        uint16_t asset = (uint16_t)(index->asset[at] - 1);
        if (zc_asset_id_eq(&mission->assets[asset].id, id)) {
            return asset;
        }
        at = (at + 1) % ZC_SCOPE_ASSET_PLACES;
    }
    return UINT16_MAX;
}
