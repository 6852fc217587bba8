#include "mission/diff_parts.h"

#include <string.h>

#define PART "mission-change"

/* Both name the same keys, in whatever order the principals stand. */
static bool same_seats(const zc_mission *a, const zc_mission *b)
{
    for (size_t i = 0; i < a->principal_count; i++) {
        uint32_t there = 0;
        bool sits = (a->change.principals >> i & 1) != 0;
        if (sits && !(zc_mission_find_principal(b, a->principals[i].pubkey, &there) &&
                      (b->change.principals >> there & 1) != 0)) {
            return false;
        }
    }
    return true;
}

static void diff_number(zc_diff *diff, const char *what, bool less_is_wider, uint64_t old,
                        uint64_t now)
{
    if (old != now) {
        bool wider = less_is_wider == (now < old);
        zc_diff_tell(diff, wider ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, PART, "",
                     "%s: %llu → %llu", what, (unsigned long long)old, (unsigned long long)now);
    }
}

void zc_diff_change(zc_diff *diff)
{
    const zc_mission *old = diff->old;
    const zc_mission *now = diff->now;
    if (old->has_change != now->has_change) {
        zc_diff_tell(diff, now->has_change ? ZC_CHANGE_WIDER : ZC_CHANGE_NARROWER, PART, "",
                     now->has_change ? "the mission can be changed by a quorum"
                                     : "nobody can ever change the mission again");
        return;
    }
    if (!now->has_change) {
        return;
    }
    diff_number(diff, "signatures needed", true, old->change.needed, now->change.needed);
    diff_number(diff, "organisations needed", true, old->change.organisations,
                now->change.organisations);
    diff_number(diff, "seconds of delay", true, old->change_delay_s, now->change_delay_s);
    diff_number(diff, "seconds within which it must be done", false, old->change.valid_s,
                now->change.valid_s);
    if (!same_seats(old, now) || !same_seats(now, old)) {
        zc_diff_tell(diff, ZC_CHANGE_NEITHER, PART, "", "others may agree to a change");
    }
}
