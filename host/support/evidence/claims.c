#include <stdarg.h>
#include <stdio.h>

#include "evidence/internal.h"

void zc_check_add(zc_evidence_result *result, const char *name, zc_check_state state,
                  const char *format, ...)
{
    if (result->check_count == ZC_EVIDENCE_CHECKS) {
        return;
    }
    zc_check *check = &result->check[result->check_count++];
    va_list arguments;
    check->name = name;
    check->state = state;
    va_start(arguments, format);
    (void)vsnprintf(check->detail, sizeof check->detail, format, arguments);
    va_end(arguments);
}

zc_result zc_check_result(zc_evidence_result *result, const char *name, zc_result made,
                          const char *detail)
{
    const char *why = zc_evidence_reason_text(made);
    if (zc_ok(made)) {
        zc_check_add(result, name, ZC_CHECK_PASSED, "%s", detail);
        return made;
    }
    /* Words for other modules' reasons are put in by whoever has them. */
    zc_check_add(result, name, ZC_CHECK_FAILED, "%s", why != NULL ? why : "");
    if (zc_ok(result->reason)) {
        result->reason = made;
    }
    return made;
}

void zc_claim_measurement(zc_evidence_result *result, const char *name, zc_slice value)
{
    if (result->measurement_count == ZC_EVIDENCE_MEASUREMENTS ||
        value.len > sizeof result->measurement[0].value) {
        return;
    }
    zc_measurement *at = &result->measurement[result->measurement_count++];
    (void)snprintf(at->name, sizeof at->name, "%s", name);
    at->len = value.len;
    memcpy(at->value, value.data, value.len);
}

const zc_measurement *zc_claim_find(const zc_evidence_result *result, const char *name)
{
    for (size_t i = 0; i < result->measurement_count; i++) {
        if (strcmp(result->measurement[i].name, name) == 0) {
            return &result->measurement[i];
        }
    }
    return NULL;
}

size_t zc_claim_bytes(uint8_t *ret_bytes, size_t capacity, zc_slice from)
{
    size_t len = from.len < capacity ? from.len : capacity;
    if (len > 0) {
        memcpy(ret_bytes, from.data, len);
    }
    return len;
}

void zc_claim_text(char *ret_text, size_t capacity, zc_slice from)
{
    size_t len = from.len < capacity - 1 ? from.len : capacity - 1;
    for (size_t i = 0; i < len; i++) {
        ret_text[i] = from.data[i] >= 0x20 && from.data[i] < 0x7f ? (char)from.data[i] : '?';
    }
    ret_text[len] = '\0';
}
