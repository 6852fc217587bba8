#include "duration.h"

#include <stddef.h>
#include <string.h>

#define DIGITS_MAX 6

bool zc_duration_ms(const char *text, uint64_t *ret_ms)
{
    static const char units[] = "smhd";
    static const uint64_t ms[] = {1000, 60000, 3600000, 86400000};
    size_t digits = strspn(text, "0123456789");
    const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : NULL;
    uint64_t number = 0;
    if (digits == 0 || digits > DIGITS_MAX || unit == NULL || text[digits + 1] != '\0') {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        number = 10 * number + (uint64_t)(text[i] - '0');
    }
    *ret_ms = number * ms[unit - units];
    return number > 0;
}
