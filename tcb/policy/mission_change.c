/* What a mission says about its own change: who must agree, and how long everybody has to look. */
#include <string.h>

#include "codec/cbor.h"
#include "policy/mission_form.h"

#define FIELDS 5

zc_result zc_mission_read_change(zc_reader *reader, zc_mission *mission)
{
    zc_panel *panel = &mission->change;
    bool listed = false;
    uint64_t needed = 0;
    uint64_t organisations = 0;
    uint64_t valid = 0;
    uint64_t delay = 0;
    ZC_TRY(zc_cbor_get_key_uint(reader, 19));
    ZC_TRY(zc_mission_enter(reader, FIELDS));
    ZC_TRY(zc_mission_read_number(reader, 1, ZC_MISSION_MAX_PRINCIPALS, &needed));
    ZC_TRY(zc_mission_read_number(reader, 2, ZC_MISSION_MAX_PRINCIPALS, &organisations));
    ZC_TRY(zc_mission_read_number(reader, 3, ZC_MISSION_MAX_WINDOW_SECONDS, &valid));
    ZC_TRY(zc_mission_read_number(reader, 4, ZC_MISSION_MAX_WINDOW_SECONDS, &delay));
    ZC_TRY(zc_cbor_get_key_uint(reader, 5));
    ZC_TRY(zc_mission_read_bits(reader, mission->principal_count, &listed, &panel->principals));
    if (!listed) {
        return zc_fail(ZC_POLICY_MISSION_CHANGE);
    }
    mission->has_change = true;
    mission->change_delay_s = (uint32_t)delay;
    panel->needed = (uint32_t)needed;
    panel->organisations = (uint32_t)organisations;
    panel->valid_s = (uint32_t)valid;
    return ZC_OK;
}

static zc_result put_number(zc_writer *writer, uint64_t key, uint64_t value)
{
    ZC_TRY(zc_cbor_put_uint(writer, key));
    return zc_cbor_put_uint(writer, value);
}

zc_result zc_mission_write_change(const zc_mission *mission, zc_writer *writer)
{
    const zc_panel *panel = &mission->change;
    if (mission->principal_count < ZC_MISSION_MAX_PRINCIPALS &&
        panel->principals >> mission->principal_count != 0) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    ZC_TRY(zc_cbor_put_uint(writer, 19));
    ZC_TRY(zc_cbor_put_map(writer, FIELDS));
    ZC_TRY(put_number(writer, 1, panel->needed));
    ZC_TRY(put_number(writer, 2, panel->organisations));
    ZC_TRY(put_number(writer, 3, panel->valid_s));
    ZC_TRY(put_number(writer, 4, mission->change_delay_s));
    ZC_TRY(zc_cbor_put_uint(writer, 5));
    ZC_TRY(zc_cbor_put_array(writer, (size_t)__builtin_popcountll(panel->principals)));
    for (size_t i = 0; i < mission->principal_count; i++) {
        if ((panel->principals >> i & 1) != 0) {
            ZC_TRY(zc_cbor_put_uint(writer, i));
        }
    }
    return ZC_OK;
}

uint32_t zc_mission_organisations(const zc_mission *mission, uint64_t principals)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        bool seen = (principals >> i & 1) == 0;
        for (size_t j = 0; j < i && !seen; j++) {
            seen = (principals >> j & 1) != 0 && strcmp(mission->principals[i].organisation,
                                                        mission->principals[j].organisation) == 0;
        }
        count += !seen;
    }
    return count;
}

bool zc_mission_change_agreed(const zc_mission *mission, uint64_t principals)
{
    uint64_t members = principals & mission->change.principals;
    return mission->has_change &&
           (uint32_t)__builtin_popcountll(members) >= mission->change.needed &&
           zc_mission_organisations(mission, members) >= mission->change.organisations;
}

zc_result zc_mission_validate_change(const zc_mission *mission)
{
    const zc_panel *panel = &mission->change;
    unsigned seats = (unsigned)__builtin_popcountll(panel->principals);
    bool fits = panel->needed >= 1 && panel->needed <= seats && panel->organisations >= 1 &&
                panel->organisations <= panel->needed && panel->valid_s > mission->change_delay_s;
    return !mission->has_change || (fits && zc_mission_panel_sits(mission, panel))
               ? ZC_OK
               : zc_fail(ZC_POLICY_MISSION_CHANGE);
}
