/* The conceptual message wrapper in CBOR: records, tags, and collections of records. */
#include "attest/wrapper.h"

#include "codec/cbor.h"
#include "evidence/internal.h"

/* RFC 9277: tags that carry a CoAP content format. */
#define TAG_FIRST UINT64_C(1668546817)
#define TAG_LAST UINT64_C(1668612095)

/* Evidence, what binds it to a deployment, and endorsements. */
#define MEMBERS_MAX (2 + ZC_EVIDENCE_COLLATERALS)

typedef struct record {
    zc_slice type; /* a media type; empty for a content format */
    zc_slice value;
    bool has_indicator;
    uint64_t indicator;
} record;

static zc_result read_type(zc_reader *reader, zc_slice *ret_type)
{
    zc_cbor_type type;
    ZC_TRY(zc_cbor_peek_type(reader, &type));
    if (type == ZC_CBOR_TEXT) {
        return zc_cbor_get_text(reader, ret_type);
    }
    uint64_t format;
    *ret_type = zc_slice_of(NULL, 0);
    return zc_cbor_get_uint(reader, &format);
}

/* [type, value, ? indicator]: the type is a content format or a media type. */
static zc_result read_record(zc_reader *reader, record *ret_record)
{
    record read = {0};
    size_t count;
    ZC_TRY(zc_cbor_get_array(reader, 3, &count));
    if (count < 2) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    ZC_TRY(read_type(reader, &read.type));
    ZC_TRY(zc_cbor_get_bytes(reader, &read.value));
    if (count == 3) {
        read.has_indicator = true;
        ZC_TRY(zc_cbor_get_uint(reader, &read.indicator));
    }
    *ret_record = read;
    return ZC_OK;
}

/* A record without an indicator may be anything; a type that is known names the kind. */
static zc_result take_evidence(const record *from, zc_wrapped *to)
{
    bool is_nitro = zc_slice_eq_text(from->type, ZC_CMW_TYPE_NITRO);
    bool fits = !is_nitro || zc_evidence_detect(from->value) == ZC_EVIDENCE_NITRO;
    bool is_evidence = !from->has_indicator || (from->indicator & ZC_CMW_EVIDENCE) != 0;
    if (!fits || !is_evidence || to->evidence.len > 0 || from->value.len == 0) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    to->evidence = from->value;
    return ZC_OK;
}

static zc_result take_binding(const record *from, zc_wrapped *to)
{
    if (to->has_binding || !zc_slice_eq_text(from->type, ZC_CMW_TYPE_BINDING)) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    to->has_binding = true;
    to->binding = from->value;
    return ZC_OK;
}

static zc_result take_endorsement(const record *from, zc_wrapped *to)
{
    if (!from->has_indicator || from->indicator != ZC_CMW_ENDORSEMENTS ||
        to->endorsement_count == ZC_EVIDENCE_COLLATERALS) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    to->endorsement[to->endorsement_count++] = from->value;
    return ZC_OK;
}

static zc_result read_member(zc_reader *reader, zc_wrapped *to)
{
    zc_slice label;
    record read;
    ZC_TRY(zc_cbor_get_text(reader, &label));
    if (zc_slice_eq_text(label, "__cmwc_t")) {
        zc_slice name;
        return zc_cbor_get_text(reader, &name);
    }
    ZC_TRY(read_record(reader, &read));
    if (zc_slice_eq_text(label, "evidence")) {
        return take_evidence(&read, to);
    }
    return zc_slice_eq_text(label, "binding") ? take_binding(&read, to)
                                              : take_endorsement(&read, to);
}

/* {"evidence": record, ? "binding": record, * name: record of endorsements}, canonical: no label
 * twice. */
static zc_result open_collection(zc_slice bytes, zc_wrapped *ret_wrapped)
{
    zc_wrapped wrapped = {0};
    zc_reader reader = zc_reader_of(bytes);
    size_t count;
    ZC_TRY(zc_cbor_check_canonical(bytes));
    ZC_TRY(zc_cbor_get_map(&reader, MEMBERS_MAX + 1, &count));
    for (size_t i = 0; i < count; i++) {
        ZC_TRY(read_member(&reader, &wrapped));
    }
    ZC_TRY(zc_reader_end(&reader));
    if (wrapped.evidence.len == 0) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    *ret_wrapped = wrapped;
    return ZC_OK;
}

static zc_result open_record(zc_slice bytes, zc_wrapped *ret_wrapped)
{
    zc_reader reader = zc_reader_of(bytes);
    record read;
    ZC_TRY(read_record(&reader, &read));
    ZC_TRY(zc_reader_end(&reader));
    return take_evidence(&read, ret_wrapped);
}

static zc_result open_tag(zc_slice bytes, zc_wrapped *ret_wrapped)
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
    ret_wrapped->evidence = value;
    return ZC_OK;
}

zc_result zc_wrapper_open(zc_slice evidence, uint8_t *room, zc_wrapped *ret_wrapped)
{
    zc_wrapped wrapped = {0};
    zc_result opened = ZC_OK;
    uint8_t first = evidence.len > 0 ? evidence.data[0] : 0;
    if (first == '[') {
        opened = zc_wrapper_open_json(evidence, room, &wrapped.evidence);
    } else if (first == 0x82 || first == 0x83) {
        opened = open_record(evidence, &wrapped);
    } else if (first > 0xa0 && first <= 0xb7) {
        opened = open_collection(evidence, &wrapped);
    } else if (first == 0xda) {
        opened = open_tag(evidence, &wrapped);
    } else {
        wrapped.evidence = evidence;
    }
    if (!zc_ok(opened)) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    *ret_wrapped = wrapped;
    return ZC_OK;
}
