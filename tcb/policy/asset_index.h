/* The mission's assets, markets and addresses by what the chain knows of them. */
#ifndef ZC_POLICY_ASSET_INDEX_H
#define ZC_POLICY_ASSET_INDEX_H

#include "policy/scope.h"

/* The index was zeroed. */
void zc_asset_index_init(zc_scope_index *index, const zc_mission *mission);
void zc_address_index_init(zc_scope_index *index, const zc_mission *mission);

/* The asset's index in the mission, or UINT16_MAX. */
uint16_t zc_asset_index_find(const zc_scope_index *index, const zc_mission *mission,
                             const zc_asset_id *id);
/* The market's index in the mission, or UINT16_MAX. */
uint16_t zc_market_index_find(const zc_scope_index *index, const zc_mission *mission,
                              uint64_t chain_id, const char *symbol);
/* Whether the run of addresses has this one. */
bool zc_evm_index_has(const zc_scope_index *index, const zc_mission *mission,
                      const zc_address_list *list, const uint8_t address[static 20]);
/* Hints to the processor that a list will be asked for an address, which is noted if it is far
 * away; some time later, that what stands at the places noted will be looked at. */
void zc_evm_index_expect(const zc_scope_index *index, const zc_address_list *list,
                         const uint8_t address[static 20], zc_awaited *awaited);
void zc_evm_index_expect_items(const zc_scope_index *index, const zc_mission *mission,
                               const zc_awaited *awaited);

#endif
