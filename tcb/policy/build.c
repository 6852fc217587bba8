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
    case ZC_LIST_METHODS:
    case ZC_LIST_CONTRACTS:
    case ZC_LIST_COUNTERPARTIES:
        break;
    }
    return &scope->methods;
}

static zc_address_list *address_list_of(zc_scope *scope, zc_list_kind kind)
{
    return kind == ZC_LIST_CONTRACTS ? &scope->contracts : &scope->counterparties;
}

static bool is_address_list(zc_list_kind kind)
{
    return kind == ZC_LIST_CONTRACTS || kind == ZC_LIST_COUNTERPARTIES;
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
    case ZC_LIST_CONTRACTS:
    case ZC_LIST_COUNTERPARTIES:
        break;
    }
    return (item_pool){kind,
                       list,
                       (uint8_t *)mission->methods,
                       &mission->method_count,
                       sizeof(zc_method),
                       ZC_MISSION_MAX_METHODS};
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
    if (is_address_list(kind)) {
        address_list_of(scope, kind)->listed = true;
    } else {
        list_of(scope, kind)->listed = true;
    }
}

/* One of the two runs of a list of addresses: at the end of its pool, ascending. */
static zc_result insert_run(uint8_t *items, size_t size, size_t capacity, size_t *used,
                            uint32_t *first, uint32_t *count, const uint8_t *item)
{
    if (*count == 0) {
        *first = (uint32_t)*used;
    }
    if ((size_t)*first + *count != *used) {
        return zc_fail(ZC_POLICY_MISSION_ORDER);
    }
    uint8_t *start = items + *first * size;
    size_t low = 0;
    size_t high = *count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(start + middle * size, item, size) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint8_t *slot = start + low * size;
    if (low < *count && memcmp(slot, item, size) == 0) {
        return ZC_OK;
    }
    if (*used == capacity) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    memmove(slot + size, slot, (*count - low) * size);
    memcpy(slot, item, size);
    ++*count;
    ++*used;
    return ZC_OK;
}

zc_result zc_address_list_add(zc_mission *mission, zc_address_list *list, zc_slice item)
{
    if (item.len == 0 || item.len > ZC_ADDRESS_MAX) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    list->listed = true;
    if (item.len == ZC_EVM_ADDRESS_SIZE) {
        return insert_run((uint8_t *)mission->evm, sizeof(zc_evm_item), ZC_MISSION_MAX_EVM,
                          &mission->evm_count, &list->evm_first, &list->evm_count, item.data);
    }
    zc_address address = {0};
    address.len = (uint8_t)item.len;
    memcpy(address.byte, item.data, item.len);
    return insert_run((uint8_t *)mission->others, sizeof(zc_address), ZC_MISSION_MAX_OTHERS,
                      &mission->other_count, &list->other_first, &list->other_count,
                      (const uint8_t *)&address);
}

zc_result zc_scope_list_bytes(zc_mission *mission, zc_scope *scope, zc_list_kind kind,
                              zc_slice item)
{
    if (is_address_list(kind)) {
        return zc_address_list_add(mission, address_list_of(scope, kind), item);
    }
    item_pool pool = pool_of(mission, scope, kind);
    if (kind == ZC_LIST_KEYS) {
        zc_key_pattern pattern = {0};
        if (!zc_key_pattern_valid(item)) {
            return zc_fail(ZC_POLICY_MISSION_KEY_PATTERN);
        }
        memcpy(pattern.text, item.data, item.len);
        return insert(&pool, (const uint8_t *)&pattern);
    }
    /* A method: the length, the bytes, zeros. */
    uint8_t padded[sizeof(zc_method)] = {0};
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

zc_result zc_scope_list_market(zc_scope *scope, size_t index)
{
    if (index >= ZC_MISSION_MAX_MARKETS) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    scope->markets_listed = true;
    scope->markets[index / 64] |= UINT64_C(1) << (index % 64);
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
