#include "attest/document.h"

#include "base/ct.h"
#include "codec/cose.h"
#include "loose.h"

#include "envelope.h"

#define NAME_MAX_LEN 256
/* Certificates of real documents have about 640 bytes; the guide allows 1024. */
#define CERTIFICATE_MAX ((size_t)1024)

enum {
    F_MODULE_ID,
    F_DIGEST,
    F_TIMESTAMP,
    F_PCRS,
    F_CERTIFICATE,
    F_CABUNDLE,
    F_PUBLIC_KEY,
    F_USER_DATA,
    F_NONCE,
    F_COUNT
};
static const char *const field_names[F_COUNT] = {"module_id",  "digest",      "timestamp",
                                                 "pcrs",       "certificate", "cabundle",
                                                 "public_key", "user_data",   "nonce"};
#define BIT(field) (UINT32_C(1) << (field))
/* The optional three may be missing altogether; as a rule they are there and null. */
#define REQUIRED                                                                                   \
    (BIT(F_MODULE_ID) | BIT(F_DIGEST) | BIT(F_TIMESTAMP) | BIT(F_PCRS) | BIT(F_CERTIFICATE) |      \
     BIT(F_CABUNDLE))

static zc_result get_pcr(zc_reader *reader, zc_attest_doc *doc)
{
    uint64_t index;
    zc_slice value;
    ZC_TRY(zc_loose_get_uint(reader, ZC_ATTEST_PCRS - 1, &index));
    ZC_TRY(zc_loose_get_bytes(reader, ZC_ATTEST_PCR_SIZE, &value));
    if (value.len != ZC_ATTEST_PCR_SIZE) {
        return zc_fail(ZC_ATTEST_WRONG_DIGEST);
    }
    if ((doc->pcr_mask & BIT(index)) != 0) {
        return zc_fail(ZC_ATTEST_DUPLICATE_FIELD);
    }
    doc->pcr_mask |= BIT(index);
    memcpy(doc->pcr[index], value.data, ZC_ATTEST_PCR_SIZE);
    return ZC_OK;
}

static zc_result get_pcrs(zc_reader *reader, zc_attest_doc *doc)
{
    zc_cbor_container map;
    ZC_TRY(zc_cbor_enter_map_any(reader, &map));
    for (int pairs = 0; pairs <= ZC_ATTEST_PCRS; pairs++) {
        bool more;
        ZC_TRY(zc_cbor_container_next(reader, &map, &more));
        if (!more) {
            return doc->pcr_mask != 0 ? ZC_OK : zc_fail(ZC_ATTEST_MISSING_FIELD);
        }
        ZC_TRY(get_pcr(reader, doc));
    }
    return zc_fail(ZC_ATTEST_BAD_PAYLOAD);
}

static zc_result get_certificate(zc_reader *reader, zc_slice *ret_der)
{
    ZC_TRY(zc_loose_get_bytes(reader, CERTIFICATE_MAX, ret_der));
    return ret_der->len > 0 ? ZC_OK : zc_fail(ZC_ATTEST_BAD_PAYLOAD);
}

static zc_result get_cabundle(zc_reader *reader, zc_attest_doc *doc)
{
    zc_cbor_container array;
    ZC_TRY(zc_cbor_enter_array_any(reader, &array));
    for (size_t i = 0; i <= ZC_ATTEST_CABUNDLE_MAX; i++) {
        bool more;
        ZC_TRY(zc_cbor_container_next(reader, &array, &more));
        if (!more) {
            doc->cabundle_count = i;
            return i > 0 ? ZC_OK : zc_fail(ZC_ATTEST_MISSING_FIELD);
        }
        if (i == ZC_ATTEST_CABUNDLE_MAX) {
            break;
        }
        ZC_TRY(get_certificate(reader, &doc->cabundle[i]));
    }
    return zc_fail(ZC_ATTEST_BAD_PAYLOAD);
}

static zc_result get_optional(zc_reader *reader, bool *ret_has, zc_slice *ret_bytes)
{
    bool was_null;
    ZC_TRY(zc_cbor_take_null(reader, &was_null));
    if (was_null) {
        return ZC_OK;
    }
    ZC_TRY(zc_loose_get_bytes(reader, ZC_ATTEST_FIELD_MAX, ret_bytes));
    *ret_has = true;
    return ZC_OK;
}

static zc_result get_digest(zc_reader *reader)
{
    zc_slice name;
    ZC_TRY(zc_loose_get_text(reader, NAME_MAX_LEN, &name));
    return zc_slice_eq_text(name, "SHA384") ? ZC_OK : zc_fail(ZC_ATTEST_WRONG_DIGEST);
}

/* A NitroTPM document uses the same envelope and the same root: its module is "i-…-tpm…". */
static zc_result get_module_id(zc_reader *reader, zc_slice *ret_id)
{
    ZC_TRY(zc_loose_get_text(reader, NAME_MAX_LEN, ret_id));
    bool is_enclave = ret_id->len >= 4 && memmem(ret_id->data, ret_id->len, "-enc", 4) != NULL;
    return is_enclave ? ZC_OK : zc_fail(ZC_ATTEST_NOT_AN_ENCLAVE);
}

static zc_result read_field(void *self, unsigned field, zc_reader *reader)
{
    zc_attest_doc *doc = self;
    switch (field) {
    case F_MODULE_ID:
        return get_module_id(reader, &doc->module_id);
    case F_DIGEST:
        return get_digest(reader);
    case F_TIMESTAMP:
        return zc_loose_get_uint(reader, INT64_MAX, &doc->timestamp_ms);
    case F_PCRS:
        return get_pcrs(reader, doc);
    case F_CERTIFICATE:
        return get_certificate(reader, &doc->certificate);
    case F_CABUNDLE:
        return get_cabundle(reader, doc);
    case F_PUBLIC_KEY:
        return get_optional(reader, &doc->has_public_key, &doc->public_key);
    case F_USER_DATA:
        return get_optional(reader, &doc->has_user_data, &doc->user_data);
    default:
        return get_optional(reader, &doc->has_nonce, &doc->nonce);
    }
}

/* What a codec refused becomes a word about documents; our own reasons stay. */
static zc_result payload_reason(zc_result result)
{
    if (zc_is(result, ZC_CODEC_KEY_ORDER)) {
        return zc_fail(ZC_ATTEST_DUPLICATE_FIELD);
    }
    return (result.code >> 8) == ZC_MODULE_ATTEST ? result : zc_fail(ZC_ATTEST_BAD_PAYLOAD);
}

static zc_result parse_payload(zc_slice payload, zc_attest_doc *doc)
{
    zc_loose_fields fields = {.names = field_names,
                              .count = F_COUNT,
                              .skip_unknown = true,
                              .read = read_field,
                              .self = doc};
    zc_reader reader = zc_reader_of(payload);
    uint32_t seen;
    zc_result read = zc_loose_get_map(&reader, &fields, &seen);
    if (!zc_ok(read)) {
        return payload_reason(read);
    }
    if (!zc_ok(zc_reader_end(&reader))) {
        return zc_fail(ZC_ATTEST_BAD_PAYLOAD);
    }
    return (seen & REQUIRED) == REQUIRED ? ZC_OK : zc_fail(ZC_ATTEST_MISSING_FIELD);
}

zc_result zc_attest_open_envelope(zc_slice document, zc_cose_sign1 *ret_envelope)
{
    static const uint8_t protected_es384[] = {ZC_ATTEST_PROTECTED_ES384};
    static const uint8_t no_headers[] = {0xa0};
    if (document.len > ZC_ATTEST_DOCUMENT_MAX) {
        return zc_fail(ZC_ATTEST_DOCUMENT_TOO_LONG);
    }
    zc_cose_sign1 envelope;
    if (!zc_ok(zc_cose_sign1_parse(document, &envelope))) {
        return zc_fail(ZC_ATTEST_NOT_SIGN1);
    }
    if (!zc_slice_eq(envelope.protected_header, ZC_SLICE_OF_ARRAY(protected_es384))) {
        return zc_fail(ZC_ATTEST_WRONG_ALGORITHM);
    }
    /* Nobody signs the unprotected headers: with any in it, one document would have many hashes. */
    if (!zc_slice_eq(envelope.unprotected, ZC_SLICE_OF_ARRAY(no_headers)) ||
        envelope.signature.len != ZC_ATTEST_SIGNATURE_SIZE) {
        return zc_fail(ZC_ATTEST_NOT_SIGN1);
    }
    *ret_envelope = envelope;
    return ZC_OK;
}

zc_result zc_attest_parse_opened(const zc_cose_sign1 *envelope, zc_attest_doc *ret_doc)
{
    zc_attest_doc doc = {0};
    ZC_TRY(parse_payload(envelope->payload, &doc));
    *ret_doc = doc;
    return ZC_OK;
}

zc_result zc_attest_parse(zc_slice document, zc_attest_doc *ret_doc)
{
    zc_cose_sign1 envelope;
    ZC_TRY(zc_attest_open_envelope(document, &envelope));
    return zc_attest_parse_opened(&envelope, ret_doc);
}

bool zc_attest_is_debug(const zc_attest_doc *doc)
{
    return zc_ct_is_zero(doc->pcr[0], ZC_ATTEST_PCR_SIZE) &&
           zc_ct_is_zero(doc->pcr[1], ZC_ATTEST_PCR_SIZE) &&
           zc_ct_is_zero(doc->pcr[2], ZC_ATTEST_PCR_SIZE);
}
