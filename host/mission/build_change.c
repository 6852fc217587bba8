/* The section "mission-change": who may put another mission in this one's place, and when. */
#include "mission/build.h"
#include "mission/value.h"

/* A week to collect what is needed, where the mission does not say. */
#define VALID_S (7 * 86400)

static void read_count(const zc_place *section, const char *key, uint32_t *ret_count)
{
    zc_place part;
    uint64_t number = 0;
    if (zc_place_need(section, key, "how many must agree", &part) &&
        zc_value_number(&part, key, 1, ZC_MISSION_MAX_PRINCIPALS, &number)) {
        *ret_count = (uint32_t)number;
    }
}

static void read_time(const zc_place *part, uint32_t *ret_seconds)
{
    const char *fault = zc_text_window(zc_place_text(part), ret_seconds);
    if (fault != NULL) {
        zc_place_error(part, "%s", fault);
    }
}

static void read_times(const zc_place *section, zc_mission *mission)
{
    zc_place part;
    mission->change.valid_s = VALID_S;
    if (zc_place_member(section, "valid", &part)) {
        read_time(&part, &mission->change.valid_s);
    }
    if (zc_place_need(section, "delay", "how long a change waits, such as 24h, or none", &part) &&
        !zc_slice_eq_text(zc_place_text(&part), "none")) {
        read_time(&part, &mission->change_delay_s);
    }
    if (mission->change_delay_s >= mission->change.valid_s) {
        zc_place_error(section, "'valid' must be longer than 'delay', or nothing ever changes");
    }
}

static void check_seats(const zc_build *build, const zc_place *by)
{
    const zc_mission *mission = &build->mission;
    unsigned seats = (unsigned)__builtin_popcountll(mission->change.principals);
    for (size_t i = 0; i < mission->principal_count; i++) {
        bool sits = (mission->change.principals >> i & 1) != 0;
        if (sits && (mission->principals[i].roles & ZC_ROLE_APPROVER) == 0) {
            zc_place_error(by, "'%s' does not have the role 'approver'",
                           mission->principals[i].name);
        }
    }
    if (mission->change.needed > seats) {
        zc_place_error(by, "%u must agree, and %u are named", mission->change.needed, seats);
    }
    if (mission->change.organisations > mission->change.needed) {
        zc_place_error(by, "%u signatures can't come from %u organisations", mission->change.needed,
                       mission->change.organisations);
    }
}

void zc_build_change(zc_build *build, const zc_place *root)
{
    static const char *const keys[] = {"approvals", "organisations", "delay", "valid", "by", NULL};
    zc_place section;
    zc_place by;
    zc_mission *mission = &build->mission;
    if (!zc_place_member(root, "mission-change", &section) ||
        !zc_place_want_mapping(&section, "approvals, organisations, delay, valid and by")) {
        return;
    }
    zc_place_only_keys(&section, keys);
    mission->has_change = true;
    read_count(&section, "approvals", &mission->change.needed);
    read_count(&section, "organisations", &mission->change.organisations);
    read_times(&section, mission);
    if (zc_place_need(&section, "by", "principals with the role 'approver'", &by)) {
        zc_build_seats(build, &by, &mission->change.principals);
        check_seats(build, &by);
    }
}
