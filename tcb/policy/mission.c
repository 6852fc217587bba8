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

bool zc_rule_has_window(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_WINDOW || rule->kind == ZC_RULE_LIMIT_RATE ||
           rule->kind == ZC_RULE_POSITION;
}

bool zc_rule_is_limit(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_LIMIT_PER_TX || rule->kind == ZC_RULE_DRAWDOWN ||
           zc_rule_has_window(rule);
}

size_t zc_address_list_count(const zc_address_list *list)
{
    return (size_t)list->evm_count + list->other_count;
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

const char *zc_measure_name(zc_measure_kind measure)
{
    switch (measure) {
    case ZC_MEASURE_NONE:
        break;
#define ZC_MEASURE_NAME(name, number, text)                                                        \
    case ZC_MEASURE_##name:                                                                        \
        return text;
        ZC_MEASURES(ZC_MEASURE_NAME)
#undef ZC_MEASURE_NAME
    }
    return NULL;
}

const char *zc_per_name(zc_per per)
{
    switch (per) {
    case ZC_PER_NONE:
        break;
#define ZC_PER_NAME(name, number, text)                                                            \
    case ZC_PER_##name:                                                                            \
        return text;
        ZC_PERS(ZC_PER_NAME)
#undef ZC_PER_NAME
    }
    return NULL;
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

const char *zc_rule_kind_name(zc_rule_kind kind)
{
    static const char *const names[ZC_RULE_KINDS] = {
        [ZC_RULE_ALLOW] = "allow",
        [ZC_RULE_DENY] = "deny",
        [ZC_RULE_LIMIT_PER_TX] = "limit-per-tx",
        [ZC_RULE_LIMIT_WINDOW] = "limit-window",
        [ZC_RULE_LIMIT_RATE] = "limit-rate",
        [ZC_RULE_RESTRICT_CHAINS] = "restrict-chains",
        [ZC_RULE_REVIEW] = "review",
        [ZC_RULE_HOURS] = "hours",
        [ZC_RULE_CONFINE] = "confine",
        [ZC_RULE_REDUCE_ONLY] = "reduce-only",
        [ZC_RULE_POSITION] = "limit-position",
        [ZC_RULE_DRAWDOWN] = "limit-drawdown",
        [ZC_RULE_RISK] = "risk",
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
