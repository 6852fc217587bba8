#include "log/cosigners.h"

static void count(zc_cosigned *cosigned, uint64_t time_s)
{
    bool first = cosigned->found == 0;
    cosigned->earliest_s = first || time_s < cosigned->earliest_s ? time_s : cosigned->earliest_s;
    cosigned->latest_s = first || time_s > cosigned->latest_s ? time_s : cosigned->latest_s;
    cosigned->found++;
}

/* A key that stands in the list twice is one witness. */
static bool repeats(const zc_cosigners *cosigners, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (memcmp(cosigners->key[i].public_key, cosigners->key[at].public_key, 32) == 0) {
            return true;
        }
    }
    return false;
}

zc_result zc_cosigners_check(const zc_cosigners *cosigners, zc_slice note,
                             zc_cosigned *ret_cosigned)
{
    static _Thread_local zc_note parsed;
    ZC_TRY(zc_note_parse(note, &parsed));
    zc_cosigned cosigned = {.lines = parsed.count > 0 ? parsed.count - 1 : 0};
    for (size_t i = 0; i < cosigners->count; i++) {
        uint64_t time_s = 0;
        zc_result checked = zc_cosignature_check(&parsed, &cosigners->key[i], &time_s);
        if (zc_ok(checked) && !repeats(cosigners, i)) {
            count(&cosigned, time_s);
        } else if (!zc_ok(checked) && !zc_is(checked, ZC_AUDIT_NOT_SIGNED)) {
            return zc_fail(ZC_LOG_BAD_COSIGNATURE);
        }
    }
    if (cosigned.found < cosigners->needed) {
        return zc_fail(ZC_LOG_NO_COSIGNATURE);
    }
    *ret_cosigned = cosigned;
    return ZC_OK;
}
