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

const char *zc_rule_kind_name(zc_rule_kind kind)
{
    static const char *const names[ZC_RULE_KINDS] = {
        [ZC_RULE_ALLOW] = "allow",
        [ZC_RULE_DENY] = "deny",
        [ZC_RULE_LIMIT_PER_TX] = "limit-per-tx",
        [ZC_RULE_LIMIT_WINDOW] = "limit-window",
        [ZC_RULE_LIMIT_RATE] = "limit-rate",
        [ZC_RULE_RESTRICT_CHAINS] = "restrict-chains",
    };
    return (unsigned)kind < ZC_RULE_KINDS ? names[kind] : NULL;
}

const char *zc_use_name(zc_use use)
{
    switch (use) {
#define ZC_USE_NAME(name, number, text)                                                            \
    case ZC_USE_##name:                                                                            \
        return text;
        ZC_USES(ZC_USE_NAME)
#undef ZC_USE_NAME
    }
    return NULL;
}

bool zc_use_of_name(zc_slice name, zc_use *ret_use)
{
#define ZC_USE_OF_NAME(use, number, text)                                                          \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_use = ZC_USE_##use;                                                                   \
        return true;                                                                               \
    }
    ZC_USES(ZC_USE_OF_NAME)
#undef ZC_USE_OF_NAME
    return false;
}
