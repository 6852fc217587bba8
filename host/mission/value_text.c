#include <string.h>

#include "base/checked.h"
#include "mission/value.h"
#include "policy/mission.h"

/* More digits than 256 bits can have, whatever the decimals. */
#define DIGITS_MAX 160

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(uint8_t c)
{
    return c == ',' || c == '_';
}

/* Copies the digits of a whole number. Separators stand, if at all, before every group of three and
 * are all the same. */
static const char *take_whole(zc_slice text, char *ret_digits, size_t *ret_count)
{
    static const char grouping[] =
        "commas stand before each group of three digits, as in 1,000,000, or nowhere";
    uint8_t separator = 0;
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        bool due = (text.len - i) % 4 == 0;
        if (is_separator(c)) {
            if (i == 0 || !due || (separator != 0 && c != separator) || (separator == 0 && i > 3)) {
                return grouping;
            }
            separator = c;
        } else if (!is_digit(c) || count == DIGITS_MAX) {
            return "an amount is written in digits, such as 5,000.25";
        } else if (separator != 0 && due) {
            return grouping;
        } else {
            ret_digits[count++] = (char)c;
        }
    }
    if (count == 0) {
        return "an amount is written in digits, such as 5,000.25";
    }
    if (count > 1 && ret_digits[0] == '0') {
        return "an amount does not begin with a zero that means nothing";
    }
    *ret_count = count;
    return NULL;
}

const char zc_text_too_fine[] = "it has more decimals than the asset";

const char *zc_text_amount(zc_slice text, unsigned decimals, zc_u256 *ret_amount)
{
    const uint8_t *point = text.len == 0 ? NULL : memchr(text.data, '.', text.len);
    size_t whole_len = point == NULL ? text.len : (size_t)(point - text.data);
    char digits[2 * DIGITS_MAX];
    size_t count = 0;
    const char *fault = take_whole(zc_slice_of(text.data, whole_len), digits, &count);
    if (fault != NULL) {
        return fault;
    }
    size_t fraction = point == NULL ? 0 : text.len - whole_len - 1;
    if (point != NULL && fraction == 0) {
        return "digits must follow the point";
    }
    if (fraction > decimals || decimals > ZC_ASSET_MAX_DECIMALS) {
        return zc_text_too_fine;
    }
    for (size_t i = 0; i < decimals; i++) {
        uint8_t c = i < fraction ? point[1 + i] : '0';
        if (!is_digit(c)) {
            return "an amount is written in digits, such as 5,000.25";
        }
        digits[count++] = (char)c;
    }
    size_t zeros = 0;
    while (zeros + 1 < count && digits[zeros] == '0') {
        zeros++;
    }
    if (!zc_ok(zc_u256_from_decimal(zc_slice_of(digits + zeros, count - zeros), ret_amount))) {
        return "it is more than 256 bits can hold";
    }
    return NULL;
}

const char *zc_text_count(zc_slice text, uint32_t *ret_count)
{
    zc_u256 wide;
    uint64_t count;
    const char *fault = zc_text_amount(text, 0, &wide);
    if (fault != NULL || !zc_ok(zc_u256_to_u64(&wide, &count)) || count > UINT32_MAX) {
        return "a number of signatures is a whole number below 2^32";
    }
    *ret_count = (uint32_t)count;
    return NULL;
}

static const struct unit {
    const char *word;
    char letter;
    uint32_t seconds;
} units[] = {
    {"second", 's', 1},  {"minute", 'm', 60},   {"hour", 'h', 3600},
    {"day", 'd', 86400}, {"week", 'w', 604800},
};

const char *zc_text_window(zc_slice text, uint32_t *ret_seconds)
{
    static const char form[] = "a window is a number and s, m, h, d or w, such as 30s, 1h, 7d; or "
                               "second, minute, hour, day, week";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (zc_slice_eq_text(text, units[i].word)) {
            *ret_seconds = units[i].seconds;
            return NULL;
        }
    }
    uint32_t number;
    if (text.len < 2 || zc_text_count(zc_slice_of(text.data, text.len - 1), &number) != NULL) {
        return form;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t seconds = (uint64_t)number * units[i].seconds;
        if (text.data[text.len - 1] != (uint8_t)units[i].letter) {
            continue;
        }
        if (seconds == 0 || seconds > ZC_MISSION_MAX_WINDOW_SECONDS) {
            return "a window is from 1 second to 366 days long";
        }
        *ret_seconds = (uint32_t)seconds;
        return NULL;
    }
    return form;
}
