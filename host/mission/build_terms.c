/* What a rule has beside its scope: opening hours, dates, approvals, conditions; and time zones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "mission/build.h"
#include "mission/value.h"

/* Clock changes are compiled in for these years; later the last offset stays. */
#define ZONE_FROM INT64_C(1735689600) /* 2025-01-01 */
#define ZONE_TO INT64_C(2398377600)   /* 2046-01-01 */

static int32_t offset_at(int64_t second)
{
    struct tm local;
    time_t at = (time_t)second;
    return localtime_r(&at, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

/* The first second after `low` with another offset than there; `high` has it. */
static int64_t change_between(int64_t low, int64_t high)
{
    int32_t before = offset_at(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == before) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* The system's time zone database, asked day by day through the C library. */
static bool read_transitions(zc_mission *mission, zc_zone *zone)
{
    zone->offset_s = offset_at(ZONE_FROM);
    zone->first = (uint16_t)mission->transition_count;
    for (int64_t day = ZONE_FROM; day < ZONE_TO; day += 86400) {
        if (offset_at(day) == offset_at(day + 86400)) {
            continue;
        }
        if (mission->transition_count == ZC_MISSION_MAX_TRANSITIONS) {
            return false;
        }
        int64_t at = change_between(day, day + 86400);
        mission->transitions[mission->transition_count++] =
            (zc_transition){.at_s = at, .offset_s = offset_at(at)};
        zone->count++;
    }
    return true;
}

static bool zone_exists(const char *name)
{
    char path[128];
    bool plain = name[0] != '/' && name[0] != '.' && strstr(name, "..") == NULL;
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    return plain && access(path, R_OK) == 0;
}

bool zc_build_zone(zc_build *build, const zc_place *place, zc_slice name, uint16_t *ret_zone)
{
    zc_mission *mission = &build->mission;
    zc_zone zone = {0};
    for (size_t i = 0; i < mission->zone_count; i++) {
        if (zc_slice_eq_text(name, mission->zones[i].name)) {
            *ret_zone = (uint16_t)i;
            return true;
        }
    }
    if (name.len == 0 || name.len >= sizeof zone.name ||
        mission->zone_count == ZC_MISSION_MAX_ZONES) {
        zc_place_error(place, "a time zone such as Europe/Berlin or UTC is wanted here");
        return false;
    }
    memcpy(zone.name, name.data, name.len);
    if (!zone_exists(zone.name)) {
        zc_place_error(place, "this machine knows no time zone '%s' (wanted: Europe/Berlin, UTC)",
                       zone.name);
        return false;
    }
    char before[128] = "";
    const char *own = getenv("TZ");
    (void)snprintf(before, sizeof before, "%s", own == NULL ? "" : own);
    (void)setenv("TZ", zone.name, 1);
    tzset();
    bool read = read_transitions(mission, &zone);
    (void)(own == NULL ? unsetenv("TZ") : setenv("TZ", before, 1));
    tzset();
    if (!read) {
        zc_place_error(place, "the zones of this mission change their clocks too often");
        return false;
    }
    *ret_zone = (uint16_t)mission->zone_count;
    mission->zones[mission->zone_count++] = zone;
    return true;
}

static int weekday_of(const char *name)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++) {
        if (strcmp(days[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* "mon-fri 09:00-17:30" */
static bool read_hours(const zc_place *item, zc_hours *ret_hours)
{
    char text[64];
    char first[4] = "";
    char last[4] = "";
    unsigned numbers[4] = {0};
    int end = 0;
    zc_slice slice = zc_place_text(item);
    (void)snprintf(text, sizeof text, "%.*s", ZC_TEXT(slice));
    int got = sscanf(text, "%3[a-z]-%3[a-z] %u:%u-%u:%u%n", first, last, &numbers[0], &numbers[1],
                     &numbers[2], &numbers[3], &end);
    if (got != 6) {
        got = sscanf(text, "%3[a-z] %u:%u-%u:%u%n", first, &numbers[0], &numbers[1], &numbers[2],
                     &numbers[3], &end);
        (void)snprintf(last, sizeof last, "%s", first);
        got += got == 5;
    }
    int from = weekday_of(first);
    int to = weekday_of(last);
    unsigned opens = numbers[0] * 60 + numbers[1];
    unsigned closes = numbers[2] * 60 + numbers[3];
    if (got != 6 || text[end] != 0 || from < 0 || to < 0 || numbers[1] > 59 || numbers[3] > 59 ||
        opens >= closes || closes > 1440) {
        zc_place_error(item, "hours read 'mon-fri 09:00-17:30' or 'sat 10:00-24:00': not beyond "
                             "midnight");
        return false;
    }
    ret_hours->days = 0;
    for (int day = from;; day = (day + 1) % 7) {
        ret_hours->days |= (uint8_t)(1u << day);
        if (day == to) {
            break;
        }
    }
    ret_hours->from_minute = (uint16_t)opens;
    ret_hours->to_minute = (uint16_t)closes;
    return true;
}

static bool read_date(const zc_place *item, uint32_t *ret_day)
{
    char text[64];
    struct tm date = {0};
    zc_slice slice = zc_place_text(item);
    (void)snprintf(text, sizeof text, "%.*s", ZC_TEXT(slice));
    const char *end = strptime(text, "%Y-%m-%d", &date);
    time_t second = end == NULL || *end != 0 ? -1 : timegm(&date);
    if (second < 0) {
        zc_place_error(item, "a date reads 2026-12-25");
        return false;
    }
    *ret_day = (uint32_t)(second / 86400);
    return true;
}

static void keep_date(zc_mission *mission, zc_rule *rule, uint32_t day)
{
    uint32_t *dates = mission->dates + rule->dates.first;
    size_t at = rule->dates.count;
    while (at > 0 && dates[at - 1] > day) {
        at--;
    }
    if (at > 0 && dates[at - 1] == day) {
        return;
    }
    memmove(dates + at + 1, dates + at, (rule->dates.count - at) * sizeof *dates);
    dates[at] = day;
    rule->dates.count++;
    mission->date_count++;
}

void zc_build_hours(zc_build *build, const zc_place *value, zc_rule *rule)
{
    zc_mission *mission = &build->mission;
    zc_place part;
    if (zc_place_need(value, "zone", "the time zone whose clock counts", &part)) {
        rule->has_zone = zc_build_zone(build, &part, zc_place_text(&part), &rule->zone);
    }
    size_t count = zc_place_member(value, "open", &part) ? zc_place_items(&part) : 0;
    rule->hours.first = (uint16_t)(count > 0 ? mission->hours_count : 0);
    for (size_t i = 0; i < count && mission->hours_count < ZC_MISSION_MAX_HOURS; i++) {
        zc_place item = zc_place_item(&part, i);
        if (read_hours(&item, &mission->hours[mission->hours_count])) {
            mission->hours_count++;
            rule->hours.count++;
            rule->hours.listed = true;
        }
    }
    count = zc_place_member(value, "closed-on", &part) ? zc_place_items(&part) : 0;
    rule->dates.first = (uint16_t)(count > 0 ? mission->date_count : 0);
    for (size_t i = 0; i < count && mission->date_count < ZC_MISSION_MAX_DATES; i++) {
        zc_place item = zc_place_item(&part, i);
        uint32_t day = 0;
        if (read_date(&item, &day)) {
            rule->dates.listed = true;
            keep_date(mission, rule, day);
        }
    }
    if (rule->hours.count + rule->dates.count == 0) {
        zc_place_error(value, "'hours' needs 'open' (such as mon-fri 09:00-17:30) or 'closed-on'");
    }
}

void zc_build_seats(zc_build *build, const zc_place *list, uint64_t *ret_principals)
{
    zc_words principals = zc_build_principal_words(build);
    size_t count = zc_place_items(list);
    uint64_t seats = 0;
    for (size_t i = 0; i < count; i++) {
        zc_place item = zc_place_item(list, i);
        uint16_t index = 0;
        if (zc_build_pick(&item, zc_place_text(&item), &principals, "a principal of this mission",
                          &index)) {
            seats |= UINT64_C(1) << index;
        }
    }
    *ret_principals = seats;
}

void zc_build_panel(zc_build *build, const zc_place *value, zc_rule *rule)
{
    static const char *const keys[] = {"needed", "organisations", "valid", "range-bps", "by", NULL};
    zc_place place;
    zc_place part;
    uint64_t number = 0;
    if (!zc_place_need(value, "approvals", "how many of whom must agree", &place) ||
        !zc_place_want_mapping(&place, "needed, organisations, valid and by")) {
        return;
    }
    zc_place_only_keys(&place, keys);
    rule->has_panel = true;
    rule->panel.organisations = 1;
    if (zc_place_need(&place, "needed", "how many must agree", &part) &&
        zc_value_number(&part, "approvals", 1, ZC_MISSION_MAX_PRINCIPALS, &number)) {
        rule->panel.needed = (uint32_t)number;
    }
    if (zc_place_member(&place, "organisations", &part) &&
        zc_value_number(&part, "organisations", 1, ZC_MISSION_MAX_PRINCIPALS, &number)) {
        rule->panel.organisations = (uint32_t)number;
    }
    if (zc_place_member(&place, "range-bps", &part) &&
        zc_value_number(&part, "basis points", 0, ZC_BASIS_POINTS, &number)) {
        rule->panel.range_bps = (uint32_t)number;
    }
    if (zc_place_need(&place, "valid", "how long an approval lives, such as 15m", &part)) {
        const char *fault = zc_text_window(zc_place_text(&part), &rule->panel.valid_s);
        if (fault != NULL) {
            zc_place_error(&part, "%s", fault);
        }
    }
    if (!zc_place_need(&place, "by", "principals with the role 'approver'", &part)) {
        return;
    }
    zc_build_seats(build, &part, &rule->panel.principals);
}

/* A number as its shortest bytes, an address or hex as its bytes, else a name of the mission. */
static bool add_value(zc_build *build, const zc_place *item, zc_slice text, zc_condition *condition)
{
    uint8_t bytes[32];
    zc_u256 number = ZC_U256_ZERO;
    zc_words contracts = zc_build_contract_words(build);
    int index = zc_build_find(&contracts, text);
    zc_address address = {0};
    if (index >= 0) {
        address = build->mission.contracts[index].address;
    } else if (zc_ok(zc_u256_from_decimal(text, &number))) {
        size_t len = zc_u256_byte_len(&number);
        len = len == 0 ? 1 : len;
        zc_u256_to_be(&number, bytes);
        address = zc_address_of(zc_slice_of(bytes + 32 - len, len));
    } else if (!zc_ok(zc_address_read(1, text, &address))) {
        zc_place_error(item, "'%.*s' is no number, address or name of this mission", ZC_TEXT(text));
        return false;
    }
    return zc_ok(
        zc_address_list_add(&build->mission, &condition->bytes, zc_address_slice(&address)));
}

/* "LABEL <= N", "LABEL >= N", "LABEL in A, B", "LABEL not-in A, B"; #2 for the third argument. */
static void read_condition(zc_build *build, const zc_place *item, zc_condition *condition)
{
    static const char *const tests[] = {"in", "not-in", "<=", ">=", NULL};
    zc_words words = zc_words_of(tests);
    char text[512];
    char *rest = text;
    zc_slice slice = zc_place_text(item);
    (void)snprintf(text, sizeof text, "%.*s", (int)slice.len, (const char *)slice.data);
    const char *label = strsep(&rest, " ");
    const char *test = rest == NULL ? "" : strsep(&rest, " ");
    int index = zc_build_find(&words, zc_slice_of_text(test));
    if (index < 0 || rest == NULL || strlen(label) >= sizeof condition->label) {
        zc_place_error(item, "a condition reads 'amountIn <= 1000', 'recipient in treasury, 0x…' "
                             "or '#0 not-in 5'");
        return;
    }
    condition->test = (zc_test)(index + 1);
    if (label[0] == '#') {
        condition->index = (uint16_t)strtoul(label + 1, NULL, 10);
    } else {
        (void)snprintf(condition->label, sizeof condition->label, "%s", label);
    }
    if (index >= 2) {
        if (!zc_ok(zc_u256_from_decimal(zc_slice_of_text(rest), &condition->number))) {
            zc_place_error(item, "'%s' is not a whole number", rest);
        }
        return;
    }
    condition->bytes.listed = true;
    for (char *one = strsep(&rest, ","); one != NULL; one = strsep(&rest, ",")) {
        one += strspn(one, " ");
        if (!add_value(build, item, zc_slice_of_text(one), condition)) {
            return;
        }
    }
}

void zc_build_conditions(zc_build *build, const zc_place *value, zc_rule *rule)
{
    zc_mission *mission = &build->mission;
    zc_place place;
    if (!zc_place_member(value, "if", &place)) {
        return;
    }
    size_t count = zc_place_items(&place);
    rule->conditions.listed = count > 0;
    rule->conditions.first = (uint16_t)(count > 0 ? mission->condition_count : 0);
    for (size_t i = 0; i < count && mission->condition_count < ZC_MISSION_MAX_CONDITIONS; i++) {
        zc_place item = zc_place_item(&place, i);
        read_condition(build, &item, &mission->conditions[mission->condition_count++]);
        rule->conditions.count++;
    }
}
