/* Requests to the software security module and what it answers. */
#include "nsm_soft/nsm.h"

#include <sys/random.h>
#include <time.h>

#include "attest/measure.h"
#include "codec/cbor.h"
#include "crypto/hkdf.h"

#include "state.h"

#define MISSION_PCR 16
#define BIT(index) (UINT32_C(1) << (index))

/* Room for what an answer points to. */
typedef struct answer_scratch {
    uint8_t random[ZC_NSM_RANDOM_MAX];
    uint8_t payload[ZC_ATTEST_DOCUMENT_MAX];
    uint8_t document[ZC_ATTEST_DOCUMENT_MAX];
} answer_scratch;

static void refuse(zc_nsm_response *response, zc_nsm_error error)
{
    *response = (zc_nsm_response){.error = error};
}

static void describe(const zc_nsm_soft *nsm, zc_nsm_response *response)
{
    response->version[0] = 1;
    response->max_pcrs = ZC_NSM_PCRS;
    response->locked_pcrs = nsm->locked;
    response->module_id = zc_slice_of_text(nsm->module_id);
    response->digest = zc_slice_of_text("SHA384");
}

static void give_random(answer_scratch *scratch, zc_nsm_response *response)
{
    if (getrandom(scratch->random, sizeof scratch->random, 0) != (ssize_t)sizeof scratch->random) {
        refuse(response, ZC_NSM_ERROR_INTERNAL);
        return;
    }
    response->bytes = ZC_SLICE_OF_ARRAY(scratch->random);
}

static void extend(zc_nsm_soft *nsm, const zc_nsm_request *request, zc_nsm_response *response)
{
    if (request->data.len == 0) {
        refuse(response, ZC_NSM_ERROR_INVALID_ARGUMENT);
    } else if ((nsm->locked & BIT(request->index)) != 0) {
        refuse(response, ZC_NSM_ERROR_READ_ONLY_INDEX);
    } else {
        zc_pcr_extend(nsm->pcr[request->index], request->data);
        response->bytes = ZC_SLICE_OF_ARRAY(nsm->pcr[request->index]);
    }
}

static void lock_one(zc_nsm_soft *nsm, uint16_t index, zc_nsm_response *response)
{
    if ((nsm->locked & BIT(index)) != 0) {
        refuse(response, ZC_NSM_ERROR_READ_ONLY_INDEX);
    } else {
        nsm->locked |= BIT(index);
    }
}

/* About the one PCR that the request names. */
static void answer_pcr(zc_nsm_soft *nsm, const zc_nsm_request *request, zc_nsm_response *response)
{
    if (request->index >= ZC_NSM_PCRS) {
        refuse(response, ZC_NSM_ERROR_INVALID_INDEX);
    } else if (request->op == ZC_NSM_DESCRIBE_PCR) {
        response->locked = (nsm->locked & BIT(request->index)) != 0;
        response->bytes = ZC_SLICE_OF_ARRAY(nsm->pcr[request->index]);
    } else if (request->op == ZC_NSM_EXTEND_PCR) {
        extend(nsm, request, response);
    } else {
        lock_one(nsm, request->index, response);
    }
}

static void lock_range(zc_nsm_soft *nsm, uint16_t range, zc_nsm_response *response)
{
    if (range > ZC_NSM_PCRS) {
        refuse(response, ZC_NSM_ERROR_INVALID_INDEX);
        return;
    }
    for (unsigned i = 0; i < range; i++) {
        nsm->locked |= BIT(i);
    }
}

static zc_result sign_document(void *self, const uint8_t digest[static 48],
                               uint8_t ret_signature[static 96])
{
    zc_nsm_soft_issuer *issuer = self;
    return zc_cert_sign(issuer->leaf_key, digest, ret_signature);
}

/* Documents show the locked PCRs and those that hold something, as real ones do. */
static void fill_pcrs(const zc_nsm_soft *nsm, zc_attest_doc *doc)
{
    doc->pcr_mask = nsm->locked;
    memcpy(doc->pcr, nsm->pcr, sizeof doc->pcr);
    for (unsigned i = 0; i < ZC_NSM_PCRS; i++) {
        static const uint8_t zero[ZC_NSM_PCR_SIZE];
        if (memcmp(nsm->pcr[i], zero, sizeof zero) != 0) {
            doc->pcr_mask |= BIT(i);
        }
    }
}

static bool fields_fit(const zc_nsm_request *request)
{
    return request->user_data.bytes.len <= ZC_NSM_FIELD_MAX &&
           request->nonce.bytes.len <= ZC_NSM_FIELD_MAX &&
           request->public_key.bytes.len <= ZC_NSM_FIELD_MAX;
}

static zc_result make_document(zc_nsm_soft *nsm, const zc_nsm_request *request,
                               answer_scratch *scratch, zc_slice *ret_document)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return zc_fail(ZC_NSM_SOFT_CRYPTO);
    }
    zc_nsm_soft_issuer *issuer = &nsm->issuer;
    ZC_TRY(zc_nsm_soft_issuer_refresh(issuer, now.tv_sec));
    zc_attest_doc doc = {
        .module_id = zc_slice_of_text(nsm->module_id),
        .timestamp_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
        .certificate = zc_slice_of(issuer->leaf_der.byte, issuer->leaf_der.len),
        .cabundle = {zc_slice_of(issuer->root.byte, issuer->root.len),
                     zc_slice_of(issuer->issuing_der.byte, issuer->issuing_der.len)},
        .cabundle_count = 2,
        .has_public_key = request->public_key.present,
        .has_user_data = request->user_data.present,
        .has_nonce = request->nonce.present,
        .public_key = request->public_key.bytes,
        .user_data = request->user_data.bytes,
        .nonce = request->nonce.bytes};
    fill_pcrs(nsm, &doc);
    zc_writer out = ZC_WRITER_OF_ARRAY(scratch->document);
    ZC_TRY(zc_attest_make(&doc, sign_document, issuer,
                          (zc_buffer){.data = scratch->payload, .len = sizeof scratch->payload},
                          &out));
    *ret_document = zc_writer_written(&out);
    return ZC_OK;
}

static void attest(zc_nsm_soft *nsm, const zc_nsm_request *request, answer_scratch *scratch,
                   zc_nsm_response *response)
{
    if (!fields_fit(request)) {
        refuse(response, ZC_NSM_ERROR_INPUT_TOO_LARGE);
    } else if (!zc_ok(make_document(nsm, request, scratch, &response->bytes))) {
        refuse(response, ZC_NSM_ERROR_INTERNAL);
    }
}

static void answer_request(zc_nsm_soft *nsm, const zc_nsm_request *request, answer_scratch *scratch,
                           zc_nsm_response *response)
{
    *response = (zc_nsm_response){.op = request->op};
    switch (request->op) {
    case ZC_NSM_DESCRIBE:
        describe(nsm, response);
        return;
    case ZC_NSM_GET_RANDOM:
        give_random(scratch, response);
        return;
    case ZC_NSM_LOCK_PCRS:
        lock_range(nsm, request->index, response);
        return;
    case ZC_NSM_ATTESTATION:
        attest(nsm, request, scratch, response);
        return;
    default:
        answer_pcr(nsm, request, response);
        return;
    }
}

static zc_result derive_wrap_key(const zc_nsm_soft *nsm, const uint8_t *pcr16, zc_secret32 *ret_key)
{
    uint8_t info[2 * ZC_NSM_PCR_SIZE];
    memcpy(info, nsm->pcr[0], ZC_NSM_PCR_SIZE);
    memcpy(info + ZC_NSM_PCR_SIZE, pcr16, ZC_NSM_PCR_SIZE);
    return zc_hkdf_sha256_secret(zc_nsm_soft_secret(nsm), zc_slice_of_text("zcp-local-wrap-v1"),
                                 ZC_SLICE_OF_ARRAY(info), ret_key->byte, sizeof ret_key->byte);
}

/* {"ZcLocalWrapKey": 32 bytes}. */
static zc_result put_wrap_key(const zc_nsm_soft *nsm, const uint8_t *pcr16, zc_writer *writer)
{
    ZC_SECRET zc_secret32 key = {0};
    ZC_TRY(derive_wrap_key(nsm, pcr16, &key));
    ZC_TRY(zc_cbor_put_map(writer, 1));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(ZC_NSM_SOFT_WRAP_REQUEST)));
    return zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(key.byte));
}

static bool is_wrap_request(zc_slice request)
{
    zc_reader reader = zc_reader_of(request);
    zc_slice text;
    return zc_ok(zc_cbor_get_text(&reader, &text)) && zc_ok(zc_reader_end(&reader)) &&
           zc_slice_eq_text(text, ZC_NSM_SOFT_WRAP_REQUEST);
}

/* {"ZcLocalWrapKey": PCR16 of the next mission}: the image is the same, and its code uses that key
 * to seal its own root alone. */
static bool is_next_request(zc_slice request, uint8_t ret_pcr16[static ZC_NSM_PCR_SIZE])
{
    zc_reader reader = zc_reader_of(request);
    size_t count;
    zc_slice text;
    return zc_ok(zc_cbor_get_map(&reader, 1, &count)) && count == 1 &&
           zc_ok(zc_cbor_get_text(&reader, &text)) &&
           zc_slice_eq_text(text, ZC_NSM_SOFT_WRAP_REQUEST) &&
           zc_ok(zc_cbor_get_fixed_bytes(&reader, ret_pcr16, ZC_NSM_PCR_SIZE)) &&
           zc_ok(zc_reader_end(&reader));
}

static zc_result answer_standard(zc_nsm_soft *nsm, zc_slice bytes, zc_writer *writer)
{
    answer_scratch scratch;
    zc_nsm_request request;
    zc_nsm_response response;
    if (zc_ok(zc_nsm_request_parse(bytes, &request))) {
        answer_request(nsm, &request, &scratch, &response);
    } else {
        refuse(&response, bytes.len > ZC_NSM_REQUEST_MAX ? ZC_NSM_ERROR_INPUT_TOO_LARGE
                                                         : ZC_NSM_ERROR_INVALID_ARGUMENT);
    }
    return zc_nsm_response_write(writer, &response);
}

size_t zc_nsm_soft_answer(zc_nsm_soft *nsm, zc_slice request, zc_buffer response)
{
    zc_writer writer = zc_writer_of(response.data, response.len);
    zc_result result;
    uint8_t next[ZC_NSM_PCR_SIZE];
    bool is_next = is_next_request(request, next);
    if (!is_next && !is_wrap_request(request)) {
        result = answer_standard(nsm, request, &writer);
    } else if ((nsm->locked & BIT(MISSION_PCR)) != 0) {
        result = put_wrap_key(nsm, is_next ? next : nsm->pcr[MISSION_PCR], &writer);
    } else {
        result = zc_nsm_response_write(&writer,
                                       &(zc_nsm_response){.error = ZC_NSM_ERROR_INVALID_OPERATION});
    }
    if (!zc_ok(result)) {
        writer = zc_writer_of(response.data, response.len);
        result = zc_nsm_response_write(&writer, &(zc_nsm_response){.error = ZC_NSM_ERROR_INTERNAL});
    }
    return zc_ok(result) ? zc_writer_len(&writer) : 0;
}
