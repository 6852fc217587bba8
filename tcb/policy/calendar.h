/* Days, weeks and months in the mission's time zones, and opening hours.
 *
 * A zone is a table of transitions, made when the mission was compiled: the enclave has no time
 * zone database and needs none. After the last transition its offset stays.
 *
 * Days only ever count up: where clocks are set back over midnight, the hour that comes twice
 * belongs to the later day. So no budget of a day is had twice. */
#ifndef ZC_POLICY_CALENDAR_H
#define ZC_POLICY_CALENDAR_H

#include "policy/mission.h"

/* The zone's offset from UTC at this moment, in seconds to the east. `now_ms` is not negative. */
int32_t zc_calendar_offset_s(const zc_mission *mission, uint16_t zone, int64_t now_ms);
/* The day at this moment, counted from 1970-01-01. `now_ms` is not negative. */
int64_t zc_calendar_day(const zc_mission *mission, uint16_t zone, int64_t now_ms);
/* The number of the period that the moment lies in; ascends with time. */
int64_t zc_calendar_period(const zc_mission *mission, uint16_t zone, zc_period period,
                           int64_t now_ms);
/* The first moment of the next one. */
int64_t zc_calendar_ends_ms(const zc_mission *mission, uint16_t zone, zc_period period,
                            int64_t now_ms);
/* Whether the moment lies within opening hours, by the clock on the wall; a list without any is
 * always open. */
bool zc_calendar_open(const zc_mission *mission, uint16_t zone, const zc_list *hours,
                      int64_t now_ms);
/* Whether today is one of the dates. */
bool zc_calendar_is_date(const zc_mission *mission, uint16_t zone, const zc_list *dates,
                         int64_t now_ms);

#endif
