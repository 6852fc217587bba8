/* RFC 3339, to the millisecond. */
#include "mission/test_request.h"

/* `digits` digits at `at`; -1 when there are other characters. */
static int number_at(zc_slice text, size_t at, size_t digits)
{
    int value = 0;
    if (at + digits > text.len) {
        return -1;
    }
    for (size_t i = at; i < at + digits; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return -1;
        }
        value = value * 10 + (text.data[i] - '0');
    }
    return value;
}

static bool char_at(zc_slice text, size_t at, char wanted)
{
    return at < text.len && text.data[at] == (uint8_t)wanted;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Days since 1970-01-01 of a date from then on. */
static int64_t days_of(int year, int month, int day)
{
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int i = 1; i < month; i++) {
        days += days_in(year, i);
    }
    return days + day - 1;
}

/* Milliseconds behind the seconds; `at` moves behind them. */
static bool fraction(zc_slice text, size_t *at, int *ret_ms)
{
    int scale = 100;
    *ret_ms = 0;
    if (!char_at(text, *at, '.')) {
        return true;
    }
    size_t first = ++*at;
    while (number_at(text, *at, 1) >= 0) {
        *ret_ms += scale * number_at(text, *at, 1);
        scale /= 10;
        ++*at;
    }
    return *at > first;
}

static bool offset(zc_slice text, size_t at, int *ret_minutes)
{
    if (char_at(text, at, 'Z') && text.len == at + 1) {
        *ret_minutes = 0;
        return true;
    }
    int hours = number_at(text, at + 1, 2);
    int minutes = number_at(text, at + 4, 2);
    bool minus = char_at(text, at, '-');
    if (text.len != at + 6 || !char_at(text, at + 3, ':') || hours < 0 || hours > 23 ||
        minutes < 0 || minutes > 59 || !(minus || char_at(text, at, '+'))) {
        return false;
    }
    *ret_minutes = (minus ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool zc_test_time(zc_slice text, int64_t *ret_ms)
{
    int year = number_at(text, 0, 4);
    int month = number_at(text, 5, 2);
    int day = number_at(text, 8, 2);
    int hour = number_at(text, 11, 2);
    int minute = number_at(text, 14, 2);
    int second = number_at(text, 17, 2);
    size_t at = 19;
    int ms;
    int east;
    bool good = char_at(text, 4, '-') && char_at(text, 7, '-') && char_at(text, 10, 'T') &&
                char_at(text, 13, ':') && char_at(text, 16, ':') && year >= 1970 && month >= 1 &&
                month <= 12 && day >= 1 && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 &&
                second >= 0 && second <= 59;
    if (!good || day > days_in(year, month) || !fraction(text, &at, &ms) ||
        !offset(text, at, &east)) {
        return false;
    }
    int64_t seconds =
        days_of(year, month, day) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    int64_t result = (seconds - (int64_t)east * 60) * 1000 + ms;
    if (result < 0) {
        return false;
    }
    *ret_ms = result;
    return true;
}
