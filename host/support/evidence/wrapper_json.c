#include "attest/wrapper.h"
#include "evidence/internal.h"

#include <jansson.h>

/* A JSON record: [media type, base64url of the message, ? indicator]. */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* base64url without padding; spare bits are zero. The bytes are fewer than the digits. */
static zc_result decode_base64url(zc_slice text, uint8_t *room, zc_slice *ret_bytes)
{
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_of((char)text.data[i]);
        if (digit < 0) {
            return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
        }
        bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            room[len++] = (uint8_t)(bits >> held);
        }
    }
    if (held >= 6 || (bits & ((1U << held) - 1)) != 0) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    *ret_bytes = zc_slice_of(room, len);
    return ZC_OK;
}

static zc_result open_json_record(const json_t *record, uint8_t *room, zc_slice *ret_inner)
{
    const json_t *type = json_array_get(record, 0);
    const json_t *value = json_array_get(record, 1);
    const json_t *indicator = json_array_get(record, 2);
    size_t count = json_array_size(record);
    if (count < 2 || count > 3 || !json_is_string(type) || !json_is_string(value)) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    if (count == 3) {
        json_int_t bits = json_is_integer(indicator) ? json_integer_value(indicator) : 0;
        if (bits <= 0 || ((uint64_t)bits & ZC_CMW_EVIDENCE) == 0) {
            return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
        }
    }
    return decode_base64url(zc_slice_of(json_string_value(value), json_string_length(value)), room,
                            ret_inner);
}

zc_result zc_wrapper_open_json(zc_slice bytes, uint8_t *room, zc_slice *ret_inner)
{
    json_t *record = json_loadb((const char *)bytes.data, bytes.len, JSON_REJECT_DUPLICATES, NULL);
    zc_result opened = json_is_array(record) ? open_json_record(record, room, ret_inner)
                                             : zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    json_decref(record);
    return opened;
}
