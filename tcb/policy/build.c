#include "policy/build.h"

#include <string.h>

#include "policy/mission_form.h"

/* One dimension's list and its pool: `size` bytes an item, `*used` of `capacity` taken. */
typedef struct item_pool {
    zc_list_kind kind;
    zc_list *list;
    uint8_t *items;
    size_t *used;
    size_t size;
    size_t capacity;
} item_pool;

zc_scope zc_scope_any(uint32_t uses)
{
    return (zc_scope){.uses = uses};
}

static zc_list *list_of(zc_scope *scope, zc_list_kind kind)
{
    switch (kind) {
    case ZC_LIST_KEYS:
        return &scope->keys;
    case ZC_LIST_CHAINS:
        return &scope->chains;
    case ZC_LIST_CONTRACTS:
        return &scope->contracts;
    case ZC_LIST_METHODS:
        return &scope->methods;
    case ZC_LIST_COUNTERPARTIES:
        break;
    }
    return &scope->counterparties;
}

static item_pool pool_of(zc_mission *mission, zc_scope *scope, zc_list_kind kind)
{
    zc_list *list = list_of(scope, kind);
    switch (kind) {
    case ZC_LIST_KEYS:
        return (item_pool){kind,
                           list,
                           (uint8_t *)mission->key_patterns,
                           &mission->key_pattern_count,
                           sizeof(zc_key_pattern),
                           ZC_MISSION_MAX_KEY_PATTERNS};
    case ZC_LIST_CHAINS:
        return (item_pool){kind,
                           list,
                           (uint8_t *)mission->chains,
                           &mission->chain_count,
                           sizeof(uint64_t),
                           ZC_MISSION_MAX_CHAINS};
    case ZC_LIST_METHODS:
        return (item_pool){kind,
                           list,
                           (uint8_t *)mission->methods,
                           &mission->method_count,
                           sizeof(zc_method),
                           ZC_MISSION_MAX_METHODS};
    case ZC_LIST_CONTRACTS:
    case ZC_LIST_COUNTERPARTIES:
        break;
    }
    return (item_pool){kind,
                       list,
                       (uint8_t *)mission->addresses,
                       &mission->address_count,
                       sizeof(zc_address),
                       ZC_MISSION_MAX_ADDRESSES};
}

static int compare(const item_pool *pool, const uint8_t *a, const uint8_t *b)
{
    if (pool->kind != ZC_LIST_CHAINS) {
        return memcmp(a, b, pool->size);
    }
    uint64_t left = 0;
    uint64_t right = 0;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

static zc_result insert(const item_pool *pool, const uint8_t *item)
{
    zc_list *list = pool->list;
    if (!list->listed || list->count == 0) {
        *list = (zc_list){.listed = true, .first = (uint16_t)*pool->used};
    }
    if ((size_t)list->first + list->count != *pool->used) {
        return zc_fail(ZC_POLICY_MISSION_ORDER);
    }
    size_t at = 0;
    uint8_t *start = pool->items + list->first * pool->size;
    while (at < list->count && compare(pool, start + at * pool->size, item) < 0) {
        at++;
    }
    uint8_t *slot = start + at * pool->size;
    if (at < list->count && compare(pool, slot, item) == 0) {
        return ZC_OK;
    }
    if (*pool->used == pool->capacity) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    memmove(slot + pool->size, slot, (list->count - at) * pool->size);
    memcpy(slot, item, pool->size);
    list->count++;
    (*pool->used)++;
    return ZC_OK;
}

void zc_scope_list_none(zc_scope *scope, zc_list_kind kind)
{
    list_of(scope, kind)->listed = true;
}

zc_result zc_scope_list_bytes(zc_mission *mission, zc_scope *scope, zc_list_kind kind,
                              zc_slice item)
{
    item_pool pool = pool_of(mission, scope, kind);
    if (kind == ZC_LIST_KEYS) {
        zc_key_pattern pattern = {0};
        if (!zc_key_pattern_valid(item)) {
            return zc_fail(ZC_POLICY_MISSION_KEY_PATTERN);
        }
        memcpy(pattern.text, item.data, item.len);
        return insert(&pool, (const uint8_t *)&pattern);
    }
    /* Addresses and methods: the length, the bytes, zeros. */
    uint8_t padded[1 + ZC_ADDRESS_MAX] = {0};
    _Static_assert(sizeof(zc_address) == sizeof padded && sizeof(zc_method) == sizeof padded,
                   "addresses and methods lie alike");
    if (kind == ZC_LIST_CHAINS || item.len == 0 || item.len >= sizeof padded) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    padded[0] = (uint8_t)item.len;
    memcpy(padded + 1, item.data, item.len);
    return insert(&pool, padded);
}

zc_result zc_scope_list_chain(zc_mission *mission, zc_scope *scope, uint64_t chain_id)
{
    item_pool pool = pool_of(mission, scope, ZC_LIST_CHAINS);
    return insert(&pool, (const uint8_t *)&chain_id);
}

zc_result zc_scope_list_principal(zc_scope *scope, size_t index)
{
    if (index >= ZC_MISSION_MAX_PRINCIPALS) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    scope->principals_listed = true;
    scope->principals |= UINT64_C(1) << index;
    return ZC_OK;
}

zc_result zc_scope_list_asset(zc_scope *scope, size_t index)
{
    if (index >= ZC_MISSION_MAX_ASSETS) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    scope->assets_listed = true;
    scope->assets[index / 64] |= UINT64_C(1) << (index % 64);
    return ZC_OK;
}
