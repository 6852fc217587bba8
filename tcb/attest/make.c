#include "attest/document.h"

#include "codec/cbor.h"
#include "codec/cose.h"

#include "envelope.h"

static zc_result put_name(zc_writer *writer, const char *name)
{
    return zc_cbor_put_text(writer, zc_slice_of_text(name));
}

static zc_result put_pcrs(zc_writer *writer, const zc_attest_doc *doc)
{
    ZC_TRY(put_name(writer, "pcrs"));
    ZC_TRY(zc_cbor_put_map(writer, (size_t)__builtin_popcount(doc->pcr_mask)));
    for (unsigned i = 0; i < ZC_ATTEST_PCRS; i++) {
        if ((doc->pcr_mask & (UINT32_C(1) << i)) != 0) {
            ZC_TRY(zc_cbor_put_uint(writer, i));
            ZC_TRY(zc_cbor_put_bytes(writer, zc_slice_of(doc->pcr[i], ZC_ATTEST_PCR_SIZE)));
        }
    }
    return ZC_OK;
}

static zc_result put_certificates(zc_writer *writer, const zc_attest_doc *doc)
{
    ZC_TRY(put_name(writer, "certificate"));
    ZC_TRY(zc_cbor_put_bytes(writer, doc->certificate));
    ZC_TRY(put_name(writer, "cabundle"));
    ZC_TRY(zc_cbor_put_array(writer, doc->cabundle_count));
    for (size_t i = 0; i < doc->cabundle_count; i++) {
        ZC_TRY(zc_cbor_put_bytes(writer, doc->cabundle[i]));
    }
    return ZC_OK;
}

static zc_result put_optional(zc_writer *writer, const char *name, bool has, zc_slice bytes)
{
    ZC_TRY(put_name(writer, name));
    return has ? zc_cbor_put_bytes(writer, bytes) : zc_cbor_put_null(writer);
}

/* The order of the fields is that of real documents. */
static zc_result put_payload(zc_writer *writer, const zc_attest_doc *doc)
{
    ZC_TRY(zc_cbor_put_map(writer, 9));
    ZC_TRY(put_name(writer, "module_id"));
    ZC_TRY(zc_cbor_put_text(writer, doc->module_id));
    ZC_TRY(put_name(writer, "digest"));
    ZC_TRY(put_name(writer, "SHA384"));
    ZC_TRY(put_name(writer, "timestamp"));
    ZC_TRY(zc_cbor_put_uint(writer, doc->timestamp_ms));
    ZC_TRY(put_pcrs(writer, doc));
    ZC_TRY(put_certificates(writer, doc));
    ZC_TRY(put_optional(writer, "public_key", doc->has_public_key, doc->public_key));
    ZC_TRY(put_optional(writer, "user_data", doc->has_user_data, doc->user_data));
    return put_optional(writer, "nonce", doc->has_nonce, doc->nonce);
}

zc_result zc_attest_make(const zc_attest_doc *doc, zc_attest_sign_fn *sign, void *self,
                         zc_buffer payload_scratch, zc_writer *out)
{
    static const uint8_t protected_es384[] = {ZC_ATTEST_PROTECTED_ES384};
    if (doc->cabundle_count > ZC_ATTEST_CABUNDLE_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    zc_writer payload = zc_writer_of(payload_scratch.data, payload_scratch.len);
    ZC_TRY(put_payload(&payload, doc));
    zc_cose_sign1 envelope = {.protected_header = ZC_SLICE_OF_ARRAY(protected_es384),
                              .alg = ZC_COSE_ALG_ES384,
                              .payload = zc_writer_written(&payload)};
    uint8_t digest[48];
    uint8_t signature[ZC_ATTEST_SIGNATURE_SIZE];
    ZC_TRY(zc_attest_signed_digest(&envelope, digest));
    ZC_TRY(sign(self, digest, signature));
    zc_writer ahead = *out;
    ZC_TRY(zc_cose_sign1_write(&ahead, envelope.protected_header, envelope.payload,
                               ZC_SLICE_OF_ARRAY(signature), false));
    if ((size_t)(ahead.at - out->at) > ZC_ATTEST_DOCUMENT_MAX) {
        return zc_fail(ZC_BASE_FULL);
    }
    *out = ahead;
    return ZC_OK;
}
