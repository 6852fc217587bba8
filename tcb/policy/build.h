/* Puts items into the lists of a mission that is being compiled, in the order that its form wants.
 *
 * For the compiler on the host and for tests; the enclave only parses. Start from a zeroed
 * zc_mission and a zc_scope from zc_scope_any(). A list grows at the end of its pool, so the lists
 * of one dimension are filled one after the other; an item that is there already is left out. The
 * first call makes the list present, also with zc_scope_list_none() for a list that stays empty.
 *
 * Errors: ZC_POLICY_MISSION_LISTS_FULL; ZC_POLICY_MISSION_ORDER when another list of the pool was
 * begun in between; ZC_POLICY_MISSION_INDEX; ZC_POLICY_MISSION_KEY_PATTERN. */
#ifndef ZC_POLICY_BUILD_H
#define ZC_POLICY_BUILD_H

#include "policy/mission.h"

typedef enum zc_list_kind {
    ZC_LIST_KEYS,
    ZC_LIST_CHAINS,
    ZC_LIST_CONTRACTS,
    ZC_LIST_METHODS,
    ZC_LIST_COUNTERPARTIES,
} zc_list_kind;

/* Any principal, key, chain, operation, contract, method, asset and counterparty; the uses given,
 * and no accepted flags. */
zc_scope zc_scope_any(uint32_t uses);

/* Makes a list present (empty, if it was not). */
void zc_scope_list_none(zc_scope *scope, zc_list_kind kind);
/* A key pattern's text, a method's bytes or an address. */
ZC_MUST_USE zc_result zc_scope_list_bytes(zc_mission *mission, zc_scope *scope, zc_list_kind kind,
                                          zc_slice item);
ZC_MUST_USE zc_result zc_scope_list_chain(zc_mission *mission, zc_scope *scope, uint64_t chain_id);
ZC_MUST_USE zc_result zc_scope_list_principal(zc_scope *scope, size_t index);
ZC_MUST_USE zc_result zc_scope_list_asset(zc_scope *scope, size_t index);
ZC_MUST_USE zc_result zc_scope_list_market(zc_scope *scope, size_t index);
/* The same for the list of a condition. Each of the two pools grows at its end. */
ZC_MUST_USE zc_result zc_address_list_add(zc_mission *mission, zc_address_list *list,
                                          zc_slice item);

#endif
