/* Whose word the enclave takes, and by which clocks, in the compiled mission: reference, feeds,
 * markets, prices, zones, breakers, each read and written by one table. */
#include <stddef.h>
#include <string.h>

#include "codec/cbor.h"
#include "policy/form_fields.h"
#include "policy/mission_form.h"

static const zc_form_field reference_fields[] = {
    ZC_FORM_ROW(1, ZC_FORM_NAME, zc_mission, reference, 0),
    ZC_FORM_ROW(2, ZC_FORM_NUMBER, zc_mission, reference_decimals, ZC_MISSION_MAX_SCALE),
};
static const zc_form_field feed_fields[] = {
    ZC_FORM_ROW(1, ZC_FORM_NAME, zc_feed, name, 0),
    ZC_FORM_ROW(2, ZC_FORM_KEY, zc_feed, pubkey, 0),
    ZC_FORM_ROW(3, ZC_FORM_NUMBER, zc_feed, says, ZC_SAYS_KNOWN),
    ZC_FORM_ROW(4, ZC_FORM_NUMBER, zc_feed, oldest_s, ZC_MISSION_MAX_WINDOW_SECONDS),
};
static const zc_form_field market_fields[] = {
    ZC_FORM_ROW(1, ZC_FORM_NAME, zc_market, name, 0),
    ZC_FORM_ROW(2, ZC_FORM_NUMBER, zc_market, chain_id, UINT64_MAX),
    ZC_FORM_ROW(3, ZC_FORM_NAME, zc_market, symbol, 0),
    ZC_FORM_ROW(4, ZC_FORM_NUMBER, zc_market, asset, UINT16_MAX),
    ZC_FORM_ROW(5, ZC_FORM_U256, zc_market, multiplier, 0),
    ZC_FORM_ROW(6, ZC_FORM_NUMBER, zc_market, scale, ZC_MISSION_MAX_SCALE),
    ZC_FORM_ROW_IF(7, ZC_FORM_INDEX, zc_market, has_base, base, ZC_MISSION_MAX_ASSETS),
};
static const zc_form_field price_fields[] = {
    ZC_FORM_ROW(1, ZC_FORM_NUMBER, zc_price, asset, UINT16_MAX),
    ZC_FORM_ROW_IF(2, ZC_FORM_INDEX, zc_price, has_feed, feed, ZC_MISSION_MAX_FEEDS),
    ZC_FORM_ROW(3, ZC_FORM_NUMBER, zc_price, haircut_bps, ZC_BASIS_POINTS),
    ZC_FORM_ROW_IF(4, ZC_FORM_AMOUNT, zc_price, has_fixed, fixed, 0),
};
static const zc_form_field breaker_fields[] = {
    ZC_FORM_ROW(1, ZC_FORM_NAME, zc_breaker, name, 0),
    ZC_FORM_ROW(2, ZC_FORM_NUMBER, zc_breaker, trip, ZC_TRIP_KINDS - 1),
    ZC_FORM_ROW(3, ZC_FORM_NUMBER, zc_breaker, mode, ZC_MODE_HALTED),
    ZC_FORM_ROW_IF(4, ZC_FORM_INDEX, zc_breaker, has_feed, feed, ZC_MISSION_MAX_FEEDS),
    ZC_FORM_ROW(5, ZC_FORM_NUMBER, zc_breaker, window_s, ZC_MISSION_MAX_WINDOW_SECONDS),
    ZC_FORM_ROW(6, ZC_FORM_NUMBER, zc_breaker, count, UINT32_MAX),
    ZC_FORM_ROW(7, ZC_FORM_U256, zc_breaker, amount, 0),
};

#define READ(table, reader, record) zc_form_read(reader, table, ZC_FORM_COUNT(table), record)
#define WRITE(table, writer, record) zc_form_write(writer, table, ZC_FORM_COUNT(table), record)

zc_result zc_mission_read_reference(zc_reader *reader, zc_mission *mission)
{
    bool none = false;
    ZC_TRY(zc_cbor_take_null(reader, &none));
    mission->has_reference = !none;
    return none ? ZC_OK : READ(reference_fields, reader, mission);
}

zc_result zc_mission_write_reference(const zc_mission *mission, zc_writer *writer)
{
    return mission->has_reference ? WRITE(reference_fields, writer, mission)
                                  : zc_cbor_put_null(writer);
}

zc_result zc_mission_read_feed(zc_reader *reader, zc_mission *mission)
{
    ZC_TRY(READ(feed_fields, reader, &mission->feeds[mission->feed_count]));
    mission->feed_count++;
    return ZC_OK;
}

zc_result zc_mission_write_feed(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return WRITE(feed_fields, writer, &mission->feeds[index]);
}

zc_result zc_mission_read_market(zc_reader *reader, zc_mission *mission)
{
    const zc_market *market = &mission->markets[mission->market_count];
    ZC_TRY(READ(market_fields, reader, &mission->markets[mission->market_count]));
    if (market->has_base && market->base >= mission->asset_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    mission->market_count++;
    return ZC_OK;
}

zc_result zc_mission_write_market(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return WRITE(market_fields, writer, &mission->markets[index]);
}

zc_result zc_mission_read_price(zc_reader *reader, zc_mission *mission)
{
    ZC_TRY(READ(price_fields, reader, &mission->prices[mission->price_count]));
    mission->price_count++;
    return ZC_OK;
}

zc_result zc_mission_write_price(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return WRITE(price_fields, writer, &mission->prices[index]);
}

zc_result zc_mission_read_breaker(zc_reader *reader, zc_mission *mission)
{
    ZC_TRY(READ(breaker_fields, reader, &mission->breakers[mission->breaker_count]));
    mission->breaker_count++;
    return ZC_OK;
}

zc_result zc_mission_write_breaker(zc_writer *writer, const zc_mission *mission, size_t index)
{
    return WRITE(breaker_fields, writer, &mission->breakers[index]);
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

zc_result zc_mission_write_zone(zc_writer *writer, const zc_mission *mission, size_t index)
{
    const zc_zone *zone = &mission->zones[index];
    if ((size_t)zone->first + zone->count > mission->transition_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    ZC_TRY(zc_cbor_put_map(writer, 3));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(
        zc_cbor_put_text(writer, zc_slice_of(zone->name, strnlen(zone->name, sizeof zone->name))));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    ZC_TRY(zc_cbor_put_int(writer, zone->offset_s));
    ZC_TRY(zc_cbor_put_uint(writer, 3));
    ZC_TRY(zc_cbor_put_array(writer, zone->count));
    for (size_t i = 0; i < zone->count; i++) {
        const zc_transition *transition = &mission->transitions[zone->first + i];
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_int(writer, transition->at_s));
        ZC_TRY(zc_cbor_put_int(writer, transition->offset_s));
    }
    return ZC_OK;
}
