#include "audit_filter.h"

#include <time.h>

static bool read_time(const char *text, uint64_t *ret_ms)
{
    struct tm utc = {0};
    if (text == NULL) {
        return true;
    }
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    time_t seconds = end != NULL && *end == '\0' ? timegm(&utc) : -1;
    *ret_ms = seconds > 0 ? (uint64_t)seconds * 1000 : 0;
    return seconds > 0;
}

bool zc_audit_filter_read(const zc_invocation *invocation, zc_audit_filter *ret_filter)
{
    const char *amount = zc_option_value(invocation, "min-amount");
    zc_audit_filter filter = {.principal = zc_option_value(invocation, "principal"),
                              .key = zc_option_value(invocation, "key"),
                              .decision = zc_option_value(invocation, "decision"),
                              .rule = zc_option_value(invocation, "rule"),
                              .has_amount = amount != NULL};
    bool good =
        read_time(zc_option_value(invocation, "since"), &filter.since_ms) &&
        read_time(zc_option_value(invocation, "until"), &filter.until_ms) &&
        (amount == NULL || zc_ok(zc_u256_from_decimal(zc_slice_of_text(amount), &filter.amount)));
    *ret_filter = filter;
    return good;
}

bool zc_audit_filter_public(const zc_audit_filter *filter, const zc_audit_entry *entry)
{
    static const char *const decisions[] = {"", "allow", "deny", "review"};
    return entry->time_ms >= filter->since_ms &&
           (filter->until_ms == 0 || entry->time_ms < filter->until_ms) &&
           (filter->decision == NULL || strcmp(filter->decision, decisions[entry->decision]) == 0);
}

static bool is(const json_t *entry, const char *field, const char *wanted)
{
    const char *text = json_string_value(json_object_get(entry, field));
    return wanted == NULL || (text != NULL && strcmp(text, wanted) == 0);
}

bool zc_audit_filter_private(const zc_audit_filter *filter, const json_t *entry)
{
    zc_u256 measured;
    if (filter->has_amount) {
        const char *text = json_string_value(json_object_get(entry, "measured"));
        if (text == NULL || !zc_ok(zc_u256_from_decimal(zc_slice_of_text(text), &measured)) ||
            zc_u256_cmp(&measured, &filter->amount) < 0) {
            return false;
        }
    }
    return is(entry, "principal", filter->principal) && is(entry, "rule", filter->rule) &&
           (is(entry, "key", filter->key) || is(entry, "key_id", filter->key));
}
