/* The mission's assets by what the chain knows of them. */
#ifndef ZC_POLICY_ASSET_INDEX_H
#define ZC_POLICY_ASSET_INDEX_H

#include "policy/scope.h"

void zc_asset_index_init(zc_scope_index *index, const zc_mission *mission);

/* The asset's index in the mission, or UINT16_MAX. */
uint16_t zc_asset_index_find(const zc_scope_index *index, const zc_mission *mission,
                             const zc_asset_id *id);

#endif
