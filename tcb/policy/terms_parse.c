/* What a rule has beyond its scope and amount. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

#define MINUTES_OF_DAY 1440

/* An array under `key`, for which `used` of `capacity` items of its pool are taken. */
static zc_result enter_pool(zc_reader *reader, uint64_t key, size_t used, size_t capacity,
                            zc_list *ret_list)
{
    size_t count = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, key));
    ZC_TRY(zc_cbor_get_array(reader, capacity, &count));
    if (count > capacity - used) {
        return zc_fail(ZC_POLICY_MISSION_LISTS_FULL);
    }
    *ret_list = (zc_list){
        .listed = count > 0, .count = (uint16_t)count, .first = count > 0 ? (uint16_t)used : 0};
    return ZC_OK;
}

static zc_result read_hours(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_pool(reader, 12, mission->hours_count, ZC_MISSION_MAX_HOURS, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        size_t fields = 0;
        uint64_t days = 0;
        uint64_t from = 0;
        uint64_t to = 0;
        ZC_TRY(zc_cbor_get_array(reader, 3, &fields));
        ZC_TRY(zc_cbor_get_uint_max(reader, 127, &days));
        ZC_TRY(zc_cbor_get_uint_max(reader, MINUTES_OF_DAY, &from));
        ZC_TRY(zc_cbor_get_uint_max(reader, MINUTES_OF_DAY, &to));
        if (fields != 3 || days == 0 || from >= to) {
            return zc_fail(ZC_POLICY_MISSION_ZONE);
        }
        mission->hours[mission->hours_count++] = (zc_hours){
            .days = (uint8_t)days, .from_minute = (uint16_t)from, .to_minute = (uint16_t)to};
    }
    return ZC_OK;
}

static zc_result read_dates(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    uint64_t least = 0;
    ZC_TRY(enter_pool(reader, 13, mission->date_count, ZC_MISSION_MAX_DATES, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        uint64_t date = 0;
        ZC_TRY(zc_cbor_get_uint_max(reader, UINT32_MAX - 1, &date));
        if (date < least) {
            return zc_fail(ZC_POLICY_MISSION_ORDER);
        }
        least = date + 1;
        mission->dates[mission->date_count++] = (uint32_t)date;
    }
    return ZC_OK;
}

static zc_result read_label(zc_reader *reader, char *ret_label)
{
    zc_slice label = {0};
    ZC_TRY(zc_cbor_get_text(reader, &label));
    if (label.len >= ZC_ARGUMENT_LABEL_SIZE) {
        return zc_fail(ZC_POLICY_MISSION_NAME);
    }
    for (size_t i = 0; i < label.len; i++) {
        if (label.data[i] < 0x20 || label.data[i] > 0x7e) {
            return zc_fail(ZC_POLICY_MISSION_NAME);
        }
    }
    if (label.len > 0) {
        memcpy(ret_label, label.data, label.len);
    }
    return ZC_OK;
}

static zc_result read_condition(zc_reader *reader, zc_mission *mission)
{
    zc_condition *condition = &mission->conditions[mission->condition_count];
    uint64_t test = 0;
    bool indexed = false;
    ZC_TRY(zc_mission_enter(reader, 5));
    ZC_TRY(zc_cbor_get_key_uint(reader, 1));
    ZC_TRY(read_label(reader, condition->label));
    ZC_TRY(zc_cbor_get_key_uint(reader, 2));
    ZC_TRY(zc_mission_read_index(reader, ZC_INTENT_MAX_ARGUMENTS, &indexed, &condition->index));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_TEST_AT_LEAST, &test));
    ZC_TRY(zc_cbor_get_key_uint(reader, 4));
    ZC_TRY(zc_cbor_get_u256(reader, &condition->number));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_mission_read_addresses(reader, mission, &condition->bytes));
    condition->test = (zc_test)test;
    bool listed = test == ZC_TEST_IN || test == ZC_TEST_NOT_IN;
    if (test == 0 || indexed == (condition->label[0] != 0) || listed != condition->bytes.listed ||
        (listed && !zc_u256_is_zero(&condition->number))) {
        return zc_fail(ZC_POLICY_MISSION_RULE_SHAPE);
    }
    mission->condition_count++;
    return ZC_OK;
}

static zc_result read_conditions(zc_reader *reader, zc_mission *mission, zc_list *ret_list)
{
    ZC_TRY(enter_pool(reader, 14, mission->condition_count, ZC_MISSION_MAX_CONDITIONS, ret_list));
    for (size_t i = 0; i < ret_list->count; i++) {
        ZC_TRY(read_condition(reader, mission));
    }
    return ZC_OK;
}

static zc_result read_panel(zc_reader *reader, const zc_mission *mission, zc_rule *rule)
{
    bool none = false;
    bool listed = false;
    uint64_t needed = 0;
    uint64_t organisations = 0;
    uint64_t valid = 0;
    uint64_t range = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 15));
    ZC_TRY(zc_cbor_take_null(reader, &none));
    if (none) {
        return ZC_OK;
    }
    ZC_TRY(zc_mission_enter(reader, 5));
    ZC_TRY(zc_mission_read_number(reader, 1, ZC_MISSION_MAX_PRINCIPALS, &needed));
    ZC_TRY(zc_mission_read_number(reader, 2, ZC_MISSION_MAX_PRINCIPALS, &organisations));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_MISSION_MAX_WINDOW_SECONDS, &valid));
    ZC_TRY(zc_mission_read_number(reader, 4, ZC_BASIS_POINTS, &range));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(
        zc_mission_read_bits(reader, mission->principal_count, &listed, &rule->panel.principals));
    rule->has_panel = true;
    rule->panel.needed = (uint32_t)needed;
    rule->panel.organisations = (uint32_t)organisations;
    rule->panel.valid_s = (uint32_t)valid;
    rule->panel.range_bps = (uint32_t)range;
    return listed ? ZC_OK : zc_fail(ZC_POLICY_MISSION_RULE_SHAPE);
}

static zc_result read_window(zc_reader *reader, zc_rule *rule)
{
    uint64_t count = 0;
    uint64_t window = 0;
    uint64_t period = 0;
    uint64_t per = 0;
    ZC_TRY(zc_mission_read_number(reader, 7, UINT32_MAX, &count));
    ZC_TRY(zc_mission_read_number(reader, 8, UINT32_MAX, &window));
    ZC_TRY(zc_mission_read_number(reader, 9, ZC_PERIOD_MONTH, &period));
    ZC_TRY(zc_mission_read_number(reader, 10, ZC_PER_KINDS - 1, &per));
    rule->count = (uint32_t)count;
    rule->window_s = (uint32_t)window;
    rule->period = (zc_period)period;
    rule->per = (zc_per)per;
    ZC_TRY(zc_cbor_get_key_uint(reader, 11));
    return zc_mission_read_index(reader, ZC_MISSION_MAX_ZONES, &rule->has_zone, &rule->zone);
}

zc_result zc_mission_read_terms(zc_reader *reader, zc_mission *mission, zc_rule *rule)
{
    uint64_t lease_s = 0;
    ZC_TRY(read_window(reader, rule));
    ZC_TRY(read_hours(reader, mission, &rule->hours));
    ZC_TRY(read_dates(reader, mission, &rule->dates));
    ZC_TRY(read_conditions(reader, mission, &rule->conditions));
    ZC_TRY(read_panel(reader, mission, rule));
    ZC_TRY(zc_cbor_get_key_uint(reader, 16));
    ZC_TRY(zc_mission_read_index(reader, ZC_MISSION_MAX_FEEDS, &rule->has_feed, &rule->feed));
    ZC_TRY(zc_cbor_get_key_uint(reader, 17));
    ZC_TRY(zc_mission_read_amount(reader, &rule->has_lease, &rule->lease));
    ZC_TRY(zc_mission_read_number(reader, 18, ZC_MISSION_MAX_WINDOW_SECONDS, &lease_s));
    rule->lease_s = (uint32_t)lease_s;
    ZC_TRY(zc_cbor_get_key_uint(reader, 19));
    ZC_TRY(zc_mission_read_amount(reader, &rule->has_release, &rule->release));
    return zc_mission_read_thresholds(reader, rule);
}
