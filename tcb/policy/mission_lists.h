/* The lists of a mission's rules. Their items lie in the mission's pools, one behind the other. */
#ifndef ZC_POLICY_MISSION_LISTS_H
#define ZC_POLICY_MISSION_LISTS_H

#include <stdbool.h>

#include "intent/intent.h"
#include "policy/mission_bounds.h"

/* A key name, or with a trailing * every name that begins with what stands before it. */
typedef struct zc_key_pattern {
    char text[ZC_MISSION_NAME_SIZE];
} zc_key_pattern;

/* An EVM selector, a Solana discriminator, a type URL or a venue's call (zc_call.method). */
typedef struct zc_method {
    uint8_t len;
    uint8_t byte[ZC_METHOD_MAX];
} zc_method;

/* A list: a run of items in one of the mission's pools. */
typedef struct zc_list {
    bool listed; /* false: any */
    uint16_t count;
    uint16_t first;
} zc_list;

/* A list of addresses: those of 20 bytes in one pool, all others in another. */
typedef struct zc_address_list {
    bool listed;
    uint32_t evm_count;
    uint32_t evm_first;
    uint32_t other_count;
    uint32_t other_first;
} zc_address_list;

typedef struct zc_evm_item {
    uint8_t byte[ZC_EVM_ADDRESS_SIZE];
} zc_evm_item;

/* How many addresses a list has. */
static inline size_t zc_address_list_count(const zc_address_list *list)
{
    return (size_t)list->evm_count + list->other_count;
}

/* Whether two lists are the same run of the pools, not merely alike. */
static inline bool zc_address_list_same(const zc_address_list *a, const zc_address_list *b)
{
    return a->listed == b->listed && a->evm_count == b->evm_count && a->evm_first == b->evm_first &&
           a->other_count == b->other_count && a->other_first == b->other_first;
}

#endif
