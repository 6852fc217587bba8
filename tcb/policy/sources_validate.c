#include <string.h>

#include "policy/mission_form.h"

static bool feed_says(const zc_mission *mission, uint16_t feed, uint32_t what)
{
    return feed < mission->feed_count && (mission->feeds[feed].says & what) != 0;
}

static bool feeds_fit(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->feed_count; i++) {
        const zc_feed *feed = &mission->feeds[i];
        if (feed->says == 0 || feed->oldest_s == 0) {
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(feed->name, mission->feeds[j].name) == 0 ||
                memcmp(feed->pubkey, mission->feeds[j].pubkey, sizeof feed->pubkey) == 0) {
                return false;
            }
        }
    }
    return true;
}

static bool markets_fit(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->market_count; i++) {
        const zc_market *market = &mission->markets[i];
        if (zc_chain_family(market->chain_id) != ZC_FAMILY_VENUE ||
            market->asset >= mission->asset_count || zc_u256_is_zero(&market->multiplier)) {
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            const zc_market *other = &mission->markets[j];
            if (strcmp(market->name, other->name) == 0 ||
                (market->chain_id == other->chain_id &&
                 strcmp(market->symbol, other->symbol) == 0)) {
                return false;
            }
        }
    }
    return true;
}

static bool prices_fit(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->price_count; i++) {
        const zc_price *price = &mission->prices[i];
        bool ascends = i == 0 || mission->prices[i - 1].asset < price->asset;
        if (!ascends || price->asset >= mission->asset_count ||
            price->has_feed == price->has_fixed ||
            (price->has_feed && !feed_says(mission, price->feed, ZC_SAYS_PRICES))) {
            return false;
        }
    }
    return mission->price_count == 0 || mission->has_reference;
}

static bool breaker_fits(const zc_mission *mission, const zc_breaker *breaker)
{
    bool equity = breaker->trip == ZC_TRIP_LOSS || breaker->trip == ZC_TRIP_DRAWDOWN;
    bool fed = equity || breaker->trip == ZC_TRIP_STALE;
    bool window = breaker->trip != ZC_TRIP_DRAWDOWN && breaker->trip != ZC_TRIP_UNACKED;
    bool count = breaker->trip == ZC_TRIP_DENIALS || breaker->trip == ZC_TRIP_DRAWDOWN ||
                 breaker->trip == ZC_TRIP_UNACKED;
    return breaker->trip >= 1 && breaker->mode != ZC_MODE_NORMAL && breaker->has_feed == fed &&
           (!fed || feed_says(mission, breaker->feed, equity ? ZC_SAYS_EQUITY : ZC_SAYS_KNOWN)) &&
           window == (breaker->window_s != 0) && (count || breaker->count == 0) &&
           (breaker->trip == ZC_TRIP_LOSS || zc_u256_is_zero(&breaker->amount));
}

static bool breakers_fit(const zc_mission *mission)
{
    for (size_t i = 0; i < mission->breaker_count; i++) {
        if (!breaker_fits(mission, &mission->breakers[i])) {
            return false;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(mission->breakers[i].name, mission->breakers[j].name) == 0) {
                return false;
            }
        }
    }
    return true;
}

static uint32_t wanted_of(const zc_rule *rule)
{
    return rule->kind == ZC_RULE_POSITION   ? ZC_SAYS_POSITIONS
           : rule->kind == ZC_RULE_DRAWDOWN ? ZC_SAYS_EQUITY
                                            : ZC_SAYS_SETTLEMENTS;
}

static bool markets_exist(const zc_mission *mission, const zc_scope *scope)
{
    for (size_t i = mission->market_count; i < ZC_MISSION_MAX_MARKETS; i++) {
        if (((scope->markets[i / 64] >> (i % 64)) & 1) != 0) {
            return false;
        }
    }
    return true;
}

bool zc_mission_panel_sits(const zc_mission *mission, const zc_panel *panel)
{
    uint32_t organisations = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        if (((panel->principals >> i) & 1) == 0) {
            continue;
        }
        bool seen = false;
        for (size_t j = 0; j < i; j++) {
            seen = seen || (((panel->principals >> j) & 1) != 0 &&
                            strcmp(mission->principals[i].organisation,
                                   mission->principals[j].organisation) == 0);
        }
        organisations += !seen;
        if ((mission->principals[i].roles & ZC_ROLE_APPROVER) == 0) {
            return false;
        }
    }
    return organisations >= panel->organisations;
}

static zc_result check_rule(const zc_mission *mission, const zc_rule *rule)
{
    bool valued = rule->measure == ZC_MEASURE_NOTIONAL || rule->kind == ZC_RULE_POSITION ||
                  rule->kind == ZC_RULE_DRAWDOWN;
    if ((rule->has_zone && rule->zone >= mission->zone_count) ||
        (valued && !mission->has_reference) || !markets_exist(mission, &rule->scope)) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    if (rule->has_feed && !feed_says(mission, rule->feed, wanted_of(rule))) {
        return zc_fail(ZC_POLICY_MISSION_FEED);
    }
    return !rule->has_panel || zc_mission_panel_sits(mission, &rule->panel)
               ? ZC_OK
               : zc_fail(ZC_POLICY_MISSION_QUORUM);
}

zc_result zc_mission_validate_sources(const zc_mission *mission)
{
    if (!feeds_fit(mission) || !markets_fit(mission) || !prices_fit(mission) ||
        !breakers_fit(mission)) {
        return zc_fail(ZC_POLICY_MISSION_FEED);
    }
    for (size_t i = 1; i < mission->zone_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(mission->zones[i].name, mission->zones[j].name) == 0) {
                return zc_fail(ZC_POLICY_MISSION_DUPLICATE);
            }
        }
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        ZC_TRY(check_rule(mission, &mission->rules[i]));
    }
    return ZC_OK;
}
