#include "policy/mission.h"

#include <string.h>

#include "crypto/hash.h"

void zc_mission_hash(zc_slice bytes, uint8_t ret_hash[static 32])
{
    zc_sha256(bytes, ret_hash);
}

zc_descriptor_set zc_mission_descriptors(const zc_mission *mission)
{
    return (zc_descriptor_set){.items = mission->descriptors, .count = mission->descriptor_count};
}

zc_catalog zc_mission_catalog(const zc_mission *mission)
{
    return (zc_catalog){
        .assets = mission->assets,
        .asset_count = mission->asset_count,
        .contracts = mission->contracts,
        .contract_count = mission->contract_count,
    };
}

bool zc_mission_find_principal(const zc_mission *mission, const uint8_t pubkey[static 32],
                               uint32_t *ret_index)
{
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (memcmp(mission->principals[i].pubkey, pubkey, 32) == 0) {
            *ret_index = (uint32_t)i;
            return true;
        }
    }
    return false;
}

/* Shorter ones stand before those of 20 bytes, longer ones behind them. */
zc_address zc_address_list_at(const zc_mission *mission, const zc_address_list *list, size_t index)
{
    const zc_address *others = mission->others + list->other_first;
    size_t low = 0;
    size_t high = list->other_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (others[middle].len < ZC_EVM_ADDRESS_SIZE) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (index < low) {
        return others[index];
    }
    if (index - low < list->evm_count) {
        return zc_address_of_evm(mission->evm[list->evm_first + index - low].byte);
    }
    return others[index - list->evm_count];
}

const char *zc_trip_name(zc_trip trip)
{
    switch (trip) {
#define ZC_TRIP_NAME(name, number, text)                                                           \
    case ZC_TRIP_##name:                                                                           \
        return text;
        ZC_TRIPS(ZC_TRIP_NAME)
#undef ZC_TRIP_NAME
    }
    return NULL;
}
