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

static size_t market_place(uint64_t chain_id, const char *symbol)
{
    uint64_t hash = chain_id * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < ZC_ORDER_NAME_SIZE && symbol[i] != 0; i++) {
        hash = (hash ^ (uint8_t)symbol[i]) * UINT64_C(0x100000001b3);
    }
    return (size_t)((hash * UINT64_C(0x94d049bb133111eb)) >> 40) % ZC_SCOPE_MARKET_PLACES;
}

void zc_asset_index_init(zc_scope_index *index, const zc_mission *mission)
{
    for (size_t i = 0; i < mission->asset_count; i++) {
        size_t at = place_of(&mission->assets[i].id);
        while (index->asset[at] != 0) {
            at = (at + 1) % ZC_SCOPE_ASSET_PLACES;
        }
        index->asset[at] = (uint16_t)(i + 1);
    }
    for (size_t i = 0; i < mission->price_count; i++) {
        index->price_of[mission->prices[i].asset] = (uint16_t)(i + 1);
    }
    for (size_t i = 0; i < mission->market_count; i++) {
        size_t at = market_place(mission->markets[i].chain_id, mission->markets[i].symbol);
        while (index->market[at] != 0) {
            at = (at + 1) % ZC_SCOPE_MARKET_PLACES;
        }
        index->market[at] = (uint16_t)(i + 1);
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

uint16_t zc_market_index_find(const zc_scope_index *index, const zc_mission *mission,
                              uint64_t chain_id, const char *symbol)
{
    size_t at = market_place(chain_id, symbol);
    while (index->market[at] != 0) {
        uint16_t market = (uint16_t)(index->market[at] - 1);
        const zc_market *one = &mission->markets[market];
        if (one->chain_id == chain_id && strncmp(one->symbol, symbol, ZC_ORDER_NAME_SIZE) == 0) {
            return market;
        }
        at = (at + 1) % ZC_SCOPE_MARKET_PLACES;
    }
    return UINT16_MAX;
}

/* An address of a mission is chosen by who writes the mission, and one that is looked up by an
 * adversary: it can miss slowly, but no slower than the longest run of taken places, which the
 * mission's own addresses make. */
static size_t evm_place(uint32_t first, const uint8_t address[static 20])
{
    uint64_t low = 0;
    uint64_t high = 0;
    uint32_t end = 0;
    memcpy(&low, address, sizeof low);
    memcpy(&high, address + 8, sizeof high);
    memcpy(&end, address + 16, sizeof end);
    uint64_t hash = (low ^ first) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ high ^ (hash >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ end ^ (hash >> 29)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)(hash >> 32) % ZC_SCOPE_EVM_PLACES;
}

/* Lists that rules share stand in the pool once. */
static bool is_indexed(const zc_scope_index *index, const zc_mission *mission, uint32_t first)
{
    size_t at = evm_place(first, mission->evm[first].byte);
    while (index->evm[at] != 0 && index->evm[at] != first + 1) {
        at = (at + 1) % ZC_SCOPE_EVM_PLACES;
    }
    return index->evm[at] != 0;
}

static void add_addresses(zc_scope_index *index, const zc_mission *mission,
                          const zc_address_list *list)
{
    if (list->evm_count == 0 || is_indexed(index, mission, list->evm_first)) {
        return;
    }
    for (uint32_t i = 0; i < list->evm_count; i++) {
        size_t at = evm_place(list->evm_first, mission->evm[list->evm_first + i].byte);
        while (index->evm[at] != 0) {
            at = (at + 1) % ZC_SCOPE_EVM_PLACES;
        }
        index->evm[at] = list->evm_first + i + 1;
    }
}

void zc_address_index_init(zc_scope_index *index, const zc_mission *mission)
{
    for (size_t i = 0; i < mission->rule_count; i++) {
        add_addresses(index, mission, &mission->rules[i].scope.contracts);
        add_addresses(index, mission, &mission->rules[i].scope.counterparties);
    }
    for (size_t i = 0; i < mission->condition_count; i++) {
        add_addresses(index, mission, &mission->conditions[i].bytes);
    }
}

static bool same_address(const uint8_t a[static 20], const uint8_t b[static 20])
{
    uint64_t word[4];
    uint32_t end[2];
    memcpy(&word[0], a, 8);
    memcpy(&word[1], b, 8);
    memcpy(&word[2], a + 8, 8);
    memcpy(&word[3], b + 8, 8);
    memcpy(&end[0], a + 16, 4);
    memcpy(&end[1], b + 16, 4);
    return ((word[0] ^ word[1]) | (word[2] ^ word[3]) | (end[0] ^ end[1])) == 0;
}

/* A few lines of memory that lie together are read sooner than one far away, and from one end to
 * the other, without a branch that nobody can guess, sooner than by halves. */
#define SHORT_LIST 32
static bool short_list_has(const zc_mission *mission, const zc_address_list *list,
                           const uint8_t address[static 20])
{
    const zc_evm_item *item = &mission->evm[list->evm_first];
    for (size_t i = 0; i < list->evm_count; i++) {
        if (same_address(item[i].byte, address)) {
            return true;
        }
    }
    return false;
}

bool zc_evm_index_has(const zc_scope_index *index, const zc_mission *mission,
                      const zc_address_list *list, const uint8_t address[static 20])
{
    if (list->evm_count <= SHORT_LIST) {
        return short_list_has(mission, list, address);
    }
    size_t at = evm_place(list->evm_first, address);
    while (index->evm[at] != 0) {
        uint32_t item = index->evm[at] - 1;
        if (item - list->evm_first < list->evm_count &&
            same_address(mission->evm[item].byte, address)) {
            return true;
        }
        at = (at + 1) % ZC_SCOPE_EVM_PLACES;
    }
    return false;
}

void zc_evm_index_expect(const zc_scope_index *index, const zc_address_list *list,
                         const uint8_t address[static 20], zc_awaited *awaited)
{
    if (list->evm_count > SHORT_LIST && awaited->count < ZC_SCOPE_AWAITED) {
        uint32_t place = (uint32_t)evm_place(list->evm_first, address);
        __builtin_prefetch(&index->evm[place]);
        awaited->place[awaited->count++] = place;
    }
}

void zc_evm_index_expect_items(const zc_scope_index *index, const zc_mission *mission,
                               const zc_awaited *awaited)
{
    for (size_t i = 0; i < awaited->count; i++) {
        uint32_t item = index->evm[awaited->place[i]];
        if (item != 0) {
            __builtin_prefetch(mission->evm[item - 1].byte);
            __builtin_prefetch(mission->evm[item - 1].byte + ZC_EVM_ADDRESS_SIZE - 1);
        }
    }
}
