#include "codec/cbor.h"
#include "evidence/internal.h"

#include <jansson.h>

/* Bit 2 of the indicator: this message is evidence. */
#define IND_EVIDENCE 4u
/* RFC 9277: tags that carry a CoAP content format. */
#define TAG_FIRST UINT64_C(1668546817)
#define TAG_LAST UINT64_C(1668612095)

static zc_result check_indicator(uint64_t indicator)
{
    return (indicator & IND_EVIDENCE) != 0 ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
}

/* [type, value, ? indicator]: the type is a content format or a media type. */
static zc_result open_record(zc_slice bytes, zc_slice *ret_inner)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_cbor_type type;
    size_t count;
    zc_slice value;
    ZC_TRY(zc_cbor_get_array(&reader, 3, &count));
    ZC_TRY(zc_cbor_peek_type(&reader, &type));
    if (count < 2 || (type != ZC_CBOR_UINT && type != ZC_CBOR_TEXT)) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    ZC_TRY(zc_cbor_skip(&reader));
    ZC_TRY(zc_cbor_get_bytes(&reader, &value));
    if (count == 3) {
        uint64_t indicator;
        ZC_TRY(zc_cbor_get_uint(&reader, &indicator));
        ZC_TRY(check_indicator(indicator));
    }
    ZC_TRY(zc_reader_end(&reader));
    *ret_inner = value;
    return ZC_OK;
}

static zc_result open_tag(zc_slice bytes, zc_slice *ret_inner)
{
    zc_reader reader = zc_reader_of(bytes);
    uint64_t tag;
    zc_slice value;
    ZC_TRY(zc_cbor_get_tag(&reader, &tag));
    if (tag < TAG_FIRST || tag > TAG_LAST) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    ZC_TRY(zc_cbor_get_bytes(&reader, &value));
    ZC_TRY(zc_reader_end(&reader));
    *ret_inner = value;
    return ZC_OK;
}

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
        ZC_TRY(check_indicator(bits > 0 ? (uint64_t)bits : 0));
    }
    return decode_base64url(zc_slice_of(json_string_value(value), json_string_length(value)), room,
                            ret_inner);
}

static zc_result open_json(zc_slice bytes, uint8_t *room, zc_slice *ret_inner)
{
    json_t *record = json_loadb((const char *)bytes.data, bytes.len, JSON_REJECT_DUPLICATES, NULL);
    zc_result opened = json_is_array(record) ? open_json_record(record, room, ret_inner)
                                             : zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    json_decref(record);
    return opened;
}

zc_result zc_wrapper_open(zc_slice evidence, uint8_t *room, zc_slice *ret_inner)
{
    zc_slice inner = evidence;
    zc_result opened = ZC_OK;
    uint8_t first = evidence.len > 0 ? evidence.data[0] : 0;
    if (first == '[') {
        opened = open_json(evidence, room, &inner);
    } else if (first == 0x82 || first == 0x83) {
        opened = open_record(evidence, &inner);
    } else if (first == 0xda) {
        opened = open_tag(evidence, &inner);
    }
    if (!zc_ok(opened)) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    *ret_inner = inner;
    return ZC_OK;
}
