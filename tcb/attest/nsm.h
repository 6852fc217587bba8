/* The language of the Nitro security module: CBOR requests and responses, both ways.
 *
 * Enclave code writes requests and reads responses; the software module (host/support/nsm_soft)
 * parses requests and writes responses. Readers take keys in any order and any well-formed CBOR, as
 * different modules write it; writers write definite lengths and shortest numbers.
 * Source: aws-nitro-enclaves-nsm-api, src/api/mod.rs; the kernel's drivers/misc/nsm.c for sizes. */
#ifndef ZC_ATTEST_NSM_H
#define ZC_ATTEST_NSM_H

#include "attest/reasons.h"
#include "base/reader.h"
#include "base/writer.h"

#define ZC_NSM_REQUEST_MAX ((size_t)0x1000)
#define ZC_NSM_RESPONSE_MAX ((size_t)0x3000)
#define ZC_NSM_PCRS 32
#define ZC_NSM_PCR_SIZE 48
/* Of each optional field of an attestation request. The guide says 512; real documents have 1024.
 */
#define ZC_NSM_FIELD_MAX ((size_t)1024)
#define ZC_NSM_RANDOM_MAX ((size_t)256)

typedef enum zc_nsm_op {
    ZC_NSM_DESCRIBE = 1,
    ZC_NSM_GET_RANDOM,
    ZC_NSM_DESCRIBE_PCR,
    ZC_NSM_EXTEND_PCR,
    ZC_NSM_LOCK_PCR,
    ZC_NSM_LOCK_PCRS,
    ZC_NSM_ATTESTATION,
} zc_nsm_op;

/* A byte string that may be null. */
typedef struct zc_nsm_field {
    bool present;
    zc_slice bytes;
} zc_nsm_field;

static inline zc_nsm_field zc_nsm_field_of(zc_slice bytes)
{
    return (zc_nsm_field){.present = true, .bytes = bytes};
}

typedef struct zc_nsm_request {
    zc_nsm_op op;
    uint16_t index;          /* of the PCR; for LOCK_PCRS the range: PCRs below it are locked */
    zc_slice data;           /* EXTEND_PCR */
    zc_nsm_field user_data;  /* ATTESTATION, as the next two */
    zc_nsm_field nonce;      /* */
    zc_nsm_field public_key; /* */
} zc_nsm_request;

/* Writing requests. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_nsm_request_write(zc_writer *writer, const zc_nsm_request *request);
ZC_MUST_USE zc_result zc_nsm_request_describe(zc_writer *writer);
ZC_MUST_USE zc_result zc_nsm_request_random(zc_writer *writer);
ZC_MUST_USE zc_result zc_nsm_request_describe_pcr(zc_writer *writer, uint16_t index);
ZC_MUST_USE zc_result zc_nsm_request_extend_pcr(zc_writer *writer, uint16_t index, zc_slice data);
ZC_MUST_USE zc_result zc_nsm_request_lock_pcr(zc_writer *writer, uint16_t index);
ZC_MUST_USE zc_result zc_nsm_request_lock_pcrs(zc_writer *writer, uint16_t range);
/* A field that is not present is sent as null. */
ZC_MUST_USE zc_result zc_nsm_request_attestation(zc_writer *writer, zc_nsm_field user_data,
                                                 zc_nsm_field nonce, zc_nsm_field public_key);

/* Parses a whole request; the result points into it. Sizes of fields are the module's to judge.
 * Errors: ZC_ATTEST_BAD_REQUEST for all. */
ZC_MUST_USE zc_result zc_nsm_request_parse(zc_slice request, zc_nsm_request *ret_request);

typedef enum zc_nsm_error {
    ZC_NSM_ERROR_NONE = 0,
    ZC_NSM_ERROR_INVALID_ARGUMENT,
    ZC_NSM_ERROR_INVALID_INDEX,
    ZC_NSM_ERROR_INVALID_RESPONSE,
    ZC_NSM_ERROR_READ_ONLY_INDEX,
    ZC_NSM_ERROR_INVALID_OPERATION,
    ZC_NSM_ERROR_BUFFER_TOO_SMALL,
    ZC_NSM_ERROR_INPUT_TOO_LARGE,
    ZC_NSM_ERROR_INTERNAL,
} zc_nsm_error;

typedef struct zc_nsm_response {
    zc_nsm_op op;         /* meaningless when there is an error */
    zc_nsm_error error;   /* ZC_NSM_ERROR_NONE, or what the module refused with */
    zc_slice bytes;       /* GET_RANDOM: random; DESCRIBE_PCR, EXTEND_PCR: the PCR's value;
                             ATTESTATION: the document */
    bool locked;          /* DESCRIBE_PCR */
    uint16_t version[3];  /* DESCRIBE, as the rest: major, minor, patch */
    uint16_t max_pcrs;    /* */
    uint32_t locked_pcrs; /* bit i for PCR i */
    zc_slice module_id;   /* UTF-8 */
    zc_slice digest;      /* "SHA384" */
} zc_nsm_response;

/* Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_nsm_response_write(zc_writer *writer, const zc_nsm_response *response);

/* Parses a whole response, also one that reports an error; the result points into it.
 * Errors: ZC_ATTEST_BAD_RESPONSE for all. */
ZC_MUST_USE zc_result zc_nsm_response_parse(zc_slice response, zc_nsm_response *ret_response);

/* The same for one question at a time. Errors: ZC_ATTEST_BAD_RESPONSE; ZC_ATTEST_WRONG_RESPONSE;
 * ZC_ATTEST_NSM_… when the module refused. */
ZC_MUST_USE zc_result zc_nsm_response_expect(zc_slice response, zc_nsm_op op,
                                             zc_nsm_response *ret_response);
/* ZC_ATTEST_BAD_RESPONSE when it is empty. */
ZC_MUST_USE zc_result zc_nsm_response_random(zc_slice response, zc_slice *ret_random);
ZC_MUST_USE zc_result zc_nsm_response_pcr(zc_slice response, uint8_t ret_value[static 48],
                                          bool *ret_locked);
ZC_MUST_USE zc_result zc_nsm_response_extended(zc_slice response, uint8_t ret_value[static 48]);
/* For the two locks, which answer nothing but their name. */
ZC_MUST_USE zc_result zc_nsm_response_done(zc_slice response, zc_nsm_op op);
/* A view into the response. */
ZC_MUST_USE zc_result zc_nsm_response_document(zc_slice response, zc_slice *ret_document);

#endif
