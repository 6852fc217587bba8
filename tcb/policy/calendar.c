#include "policy/calendar.h"

#define DAY_S INT64_C(86400)

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* How many of the zone's transitions are not after this second. */
static size_t passed(const zc_mission *mission, const zc_zone *zone, int64_t second)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mission->transitions[zone->first + middle].at_s <= second) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int64_t offset_after(const zc_mission *mission, const zc_zone *zone, size_t transitions)
{
    return transitions == 0 ? zone->offset_s
                            : mission->transitions[zone->first + transitions - 1].offset_s;
}

static int64_t local_second(const zc_mission *mission, const zc_zone *zone, int64_t second)
{
    return second + offset_after(mission, zone, passed(mission, zone, second));
}

static int64_t day_of(const zc_mission *mission, const zc_zone *zone, int64_t second)
{
    size_t now = passed(mission, zone, second);
    int64_t day = floor_div(second + offset_after(mission, zone, now), DAY_S);
    if (now > 0) {
        int64_t before = mission->transitions[zone->first + now - 1].at_s - 1;
        int64_t until = floor_div(before + offset_after(mission, zone, now - 1), DAY_S);
        day = until > day ? until : day;
    }
    return day;
}

/* Months since year 0 of a day, after Howard Hinnant's civil_from_days. */
static int64_t month_of_day(int64_t day)
{
    int64_t shifted = day + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march = (5 * of_year + 2) / 153; /* months since March */
    int64_t month = march < 10 ? march + 2 : march - 10;
    int64_t year = year_of_era + era * 400 + (month < 2 ? 1 : 0);
    return year * 12 + month;
}

/* The first day of a month that is counted like that. */
static int64_t first_day_of_month(int64_t months)
{
    int64_t year = floor_div(months, 12);
    int64_t month = months - year * 12;
    int64_t march_year = month < 2 ? year - 1 : year;
    int64_t march = month < 2 ? month + 10 : month - 2;
    int64_t era = floor_div(march_year, 400);
    int64_t year_of_era = march_year - era * 400;
    int64_t of_year = (153 * march + 2) / 5;
    int64_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    return era * 146097 + of_era - 719468;
}

/* 1970-01-01 was a Thursday; weeks begin on Mondays. */
static int64_t period_of_day(zc_period period, int64_t day)
{
    return period == ZC_PERIOD_MONTH  ? month_of_day(day)
           : period == ZC_PERIOD_WEEK ? floor_div(day + 3, 7)
                                      : day;
}

static int64_t first_day_of(zc_period period, int64_t number)
{
    return period == ZC_PERIOD_MONTH  ? first_day_of_month(number)
           : period == ZC_PERIOD_WEEK ? number * 7 - 3
                                      : number;
}

int32_t zc_calendar_offset_s(const zc_mission *mission, uint16_t zone, int64_t now_ms)
{
    const zc_zone *table = &mission->zones[zone];
    return (int32_t)offset_after(mission, table, passed(mission, table, now_ms / 1000));
}

int64_t zc_calendar_day(const zc_mission *mission, uint16_t zone, int64_t now_ms)
{
    return day_of(mission, &mission->zones[zone], now_ms / 1000);
}

int64_t zc_calendar_period(const zc_mission *mission, uint16_t zone, zc_period period,
                           int64_t now_ms)
{
    return period_of_day(period, zc_calendar_day(mission, zone, now_ms));
}

int64_t zc_calendar_ends_ms(const zc_mission *mission, uint16_t zone, zc_period period,
                            int64_t now_ms)
{
    const zc_zone *table = &mission->zones[zone];
    int64_t number = zc_calendar_period(mission, zone, period, now_ms);
    int64_t local = first_day_of(period, number + 1) * DAY_S;
    /* In each stretch of one offset, the moment when the wall shows that midnight; the first that
     * lies within its stretch. At most as many stretches as the zone has left. */
    for (size_t i = passed(mission, table, now_ms / 1000); i < table->count; i++) {
        int64_t end = mission->transitions[table->first + i].at_s;
        int64_t at = local - offset_after(mission, table, i);
        int64_t from = i == 0 ? 0 : mission->transitions[table->first + i - 1].at_s;
        if (at < end) {
            return (at > from ? at : from) * 1000;
        }
    }
    int64_t from =
        table->count == 0 ? 0 : mission->transitions[table->first + table->count - 1].at_s;
    int64_t at = local - offset_after(mission, table, table->count);
    return (at > from ? at : from) * 1000;
}

bool zc_calendar_open(const zc_mission *mission, uint16_t zone, const zc_list *hours,
                      int64_t now_ms)
{
    int64_t local = local_second(mission, &mission->zones[zone], now_ms / 1000);
    int64_t day = floor_div(local, DAY_S);
    int64_t minute = (local - day * DAY_S) / 60;
    unsigned weekday = (unsigned)(day + 3 - floor_div(day + 3, 7) * 7);
    for (size_t i = 0; i < hours->count; i++) {
        const zc_hours *open = &mission->hours[hours->first + i];
        if (((open->days >> weekday) & 1) != 0 && minute >= open->from_minute &&
            minute < open->to_minute) {
            return true;
        }
    }
    return hours->count == 0;
}

bool zc_calendar_is_date(const zc_mission *mission, uint16_t zone, const zc_list *dates,
                         int64_t now_ms)
{
    int64_t today = floor_div(local_second(mission, &mission->zones[zone], now_ms / 1000), DAY_S);
    size_t low = dates->first;
    size_t high = low + dates->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((int64_t)mission->dates[middle] == today) {
            return true;
        }
        if ((int64_t)mission->dates[middle] < today) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}
