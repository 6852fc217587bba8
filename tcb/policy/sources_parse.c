/* Whose word the enclave takes, and by which clocks: reference, feeds, markets, prices, zones,
 * breakers. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

zc_result zc_mission_read_reference(zc_reader *reader, zc_mission *mission)
{
    bool none = false;
    uint64_t decimals = 0;
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (none) {
        return ZC_OK;
    }
    ZC_TRY(zc_mission_enter(reader, 2));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, mission->reference, sizeof mission->reference));
    ZC_TRY(zc_mission_read_number(reader, 2, ZC_MISSION_MAX_SCALE, &decimals));
    mission->has_reference = true;
    mission->reference_decimals = (uint8_t)decimals;
    return ZC_OK;
}

zc_result zc_mission_read_feed(zc_reader *reader, zc_mission *mission)
{
    zc_feed *feed = &mission->feeds[mission->feed_count];
    uint64_t says = 0;
    uint64_t oldest = 0;
    ZC_TRY(zc_mission_enter(reader, 4));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, feed->name, sizeof feed->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_cbor_get_fixed_bytes(reader, feed->pubkey, sizeof feed->pubkey));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_SAYS_KNOWN, &says));
    ZC_TRY(zc_mission_read_number(reader, 4, ZC_MISSION_MAX_WINDOW_SECONDS, &oldest));
    feed->says = (uint32_t)says;
    feed->oldest_s = (uint32_t)oldest;
    mission->feed_count++;
    return ZC_OK;
}

zc_result zc_mission_read_market(zc_reader *reader, zc_mission *mission)
{
    zc_market *market = &mission->markets[mission->market_count];
    uint64_t asset = 0;
    uint64_t scale = 0;
    ZC_TRY(zc_mission_enter(reader, 7));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, market->name, sizeof market->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_cbor_get_uint(reader, &market->chain_id));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_mission_read_name(reader, market->symbol, sizeof market->symbol));
    ZC_TRY(zc_mission_read_number(reader, 4, UINT16_MAX, &asset));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_cbor_get_u256(reader, &market->multiplier));
    ZC_TRY(zc_mission_read_number(reader, 6, ZC_MISSION_MAX_SCALE, &scale));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(zc_mission_read_index(reader, mission->asset_count, &market->has_base, &market->base));
    market->asset = (uint16_t)asset;
    market->scale = (uint8_t)scale;
    mission->market_count++;
    return ZC_OK;
}

zc_result zc_mission_read_price(zc_reader *reader, zc_mission *mission)
{
    zc_price *price = &mission->prices[mission->price_count];
    uint64_t asset = 0;
    uint64_t haircut = 0;
    ZC_TRY(zc_mission_enter(reader, 4));
    ZC_TRY(zc_mission_read_number(reader, 1, UINT16_MAX, &asset));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_mission_read_index(reader, ZC_MISSION_MAX_FEEDS, &price->has_feed, &price->feed));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_BASIS_POINTS, &haircut));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_mission_read_amount(reader, &price->has_fixed, &price->fixed));
    price->asset = (uint16_t)asset;
    price->haircut_bps = (uint32_t)haircut;
    mission->price_count++;
    return ZC_OK;
}

/* Seconds east of UTC: a day at most. */
static zc_result read_offset(zc_reader *reader, int32_t *ret_offset)
{
    int64_t offset = 0;
    ZC_TRY(zc_cbor_get_int(reader, &offset));
    if (offset < -86400 || offset > 86400) {
        return zc_fail(ZC_POLICY_MISSION_ZONE);
    }
    *ret_offset = (int32_t)offset;
    return ZC_OK;
}

static zc_result read_transition(zc_reader *reader, zc_mission *mission, bool first)
{
    size_t fields = 0;
    uint64_t at = 0;
    if (mission->transition_count == ZC_MISSION_MAX_TRANSITIONS) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    zc_transition *transition = &mission->transitions[mission->transition_count];
    ZC_TRY(zc_cbor_get_array(reader, 2, &fields));
    ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX * UINT64_C(4), &at));
    ZC_TRY(read_offset(reader, &transition->offset_s));
    transition->at_s = (int64_t)at;
    if (fields != 2 || (!first && transition[-1].at_s >= transition->at_s)) {
        return zc_fail(ZC_POLICY_MISSION_ZONE);
    }
    mission->transition_count++;
    return ZC_OK;
}

zc_result zc_mission_read_zone(zc_reader *reader, zc_mission *mission)
{
    zc_zone *zone = &mission->zones[mission->zone_count];
    size_t count = 0;
    ZC_TRY(zc_mission_enter(reader, 3));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, zone->name, sizeof zone->name));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(read_offset(reader, &zone->offset_s));
    ZC_TRY(zc_cbor_get_key_uint(reader, 3));
    ZC_TRY(zc_cbor_get_array(reader, ZC_MISSION_MAX_TRANSITIONS, &count));
    zone->first = (uint16_t)mission->transition_count;
    zone->count = (uint16_t)count;
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_transition(reader, mission, i == 0));
    }
    mission->zone_count++;
    return ZC_OK;
}

zc_result zc_mission_read_breaker(zc_reader *reader, zc_mission *mission)
{
    zc_breaker *breaker = &mission->breakers[mission->breaker_count];
    uint64_t trip = 0;
    uint64_t mode = 0;
    uint64_t window = 0;
    uint64_t count = 0;
    ZC_TRY(zc_mission_enter(reader, 7));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(zc_mission_read_name(reader, breaker->name, sizeof breaker->name));
    ZC_TRY(zc_mission_read_number(reader, 2, ZC_TRIP_KINDS - 1, &trip));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_MODE_HALTED, &mode));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_mission_read_index(reader, ZC_MISSION_MAX_FEEDS, &breaker->has_feed, &breaker->feed));
    ZC_TRY(zc_mission_read_number(reader, 5, ZC_MISSION_MAX_WINDOW_SECONDS, &window));
    ZC_TRY(zc_mission_read_number(reader, 6, UINT32_MAX, &count));
    ZC_TRY(zc_cbor_get_key_uint(reader, 7));
    ZC_TRY(zc_cbor_get_u256(reader, &breaker->amount));
    breaker->trip = (zc_trip)trip;
    breaker->mode = (zc_mode)mode;
    breaker->window_s = (uint32_t)window;
    breaker->count = (uint32_t)count;
    mission->breaker_count++;
    return ZC_OK;
}
