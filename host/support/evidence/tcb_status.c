#include <stdio.h>

#include "base/hex.h"
#include "evidence/accepted.h"
#include "tcb.h"

static const char *const names[] = {
    "",
    "UpToDate",
    "SWHardeningNeeded",
    "ConfigurationNeeded",
    "ConfigurationAndSWHardeningNeeded",
    "OutOfDate",
    "OutOfDateConfigurationNeeded",
    "Revoked",
};

const char *zc_tcb_status_name(zc_tcb_status status)
{
    return (size_t)status < sizeof names / sizeof *names ? names[status] : "";
}

zc_tcb_status zc_tcb_status_of(const char *name)
{
    for (size_t i = 1; name != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return (zc_tcb_status)i;
        }
    }
    return ZC_TCB_NONE;
}

zc_tcb_status zc_tcb_status_merge(zc_tcb_status platform, zc_tcb_status part)
{
    bool needs_configuration = platform == ZC_TCB_CONFIGURATION_NEEDED ||
                               platform == ZC_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED;
    if (part == ZC_TCB_OUT_OF_DATE && needs_configuration) {
        return ZC_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
    }
    /* Otherwise the worse of the two: the enumeration is in that order. */
    return platform > part ? platform : part;
}

static bool has_advisory(const zc_rating *rating, const char *advisory)
{
    for (size_t i = 0; i < rating->advisory_count; i++) {
        if (strcmp(rating->advisory[i], advisory) == 0) {
            return true;
        }
    }
    return false;
}

void zc_rating_merge(zc_rating *rating, const zc_rating *part)
{
    rating->status = zc_tcb_status_merge(rating->status, part->status);
    for (size_t i = 0; i < part->advisory_count; i++) {
        if (rating->advisory_count < ZC_EVIDENCE_ADVISORIES &&
            !has_advisory(rating, part->advisory[i])) {
            memcpy(rating->advisory[rating->advisory_count++], part->advisory[i],
                   sizeof part->advisory[i]);
        }
    }
}

zc_result zc_rating_read(const json_t *level, zc_rating *ret_rating)
{
    zc_rating rating = {0};
    const json_t *list = json_object_get(level, "advisoryIDs");
    size_t i;
    json_t *advisory;
    rating.status = zc_tcb_status_of(json_string_value(json_object_get(level, "tcbStatus")));
    if (rating.status == ZC_TCB_NONE || json_array_size(list) > ZC_EVIDENCE_ADVISORIES) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    json_array_foreach(list, i, advisory)
    {
        if (!json_is_string(advisory)) {
            return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
        }
        zc_claim_text(rating.advisory[rating.advisory_count++], sizeof rating.advisory[0],
                      zc_slice_of(json_string_value(advisory), json_string_length(advisory)));
    }
    *ret_rating = rating;
    return ZC_OK;
}

bool zc_tcb_hex(const json_t *object, const char *name, uint8_t *ret_bytes, size_t len)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && strlen(text) == 2 * len &&
           zc_ok(zc_hex_decode(zc_slice_of_text(text), ret_bytes, len));
}

bool zc_tcb_number(const json_t *object, const char *name, unsigned most, unsigned *ret_value)
{
    const json_t *value = json_object_get(object, name);
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > (json_int_t)most) {
        return false;
    }
    *ret_value = (unsigned)number;
    return true;
}

bool zc_tcb_masked(const uint8_t *found, const uint8_t *mask, const uint8_t *expected, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((found[i] & mask[i]) != expected[i]) {
            return false;
        }
    }
    return true;
}

static bool time_of(const json_t *object, const char *name, int64_t *ret_seconds)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && zc_evidence_time(zc_slice_of_text(text), ret_seconds);
}

zc_result zc_statement_check(const json_t *statement, const char *id, unsigned version,
                             int64_t at_seconds)
{
    unsigned found;
    int64_t from;
    int64_t to;
    const char *name = json_string_value(json_object_get(statement, "id"));
    if (name == NULL || !zc_tcb_number(statement, "version", 100, &found) ||
        !time_of(statement, "issueDate", &from) || !time_of(statement, "nextUpdate", &to)) {
        return zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    }
    if (strcmp(name, id) != 0 || found != version) {
        return zc_fail(ZC_EVIDENCE_WRONG_PLATFORM);
    }
    if (at_seconds < from) {
        return zc_fail(ZC_EVIDENCE_NOT_YET_VALID);
    }
    return at_seconds <= to ? ZC_OK : zc_fail(ZC_EVIDENCE_EXPIRED);
}
