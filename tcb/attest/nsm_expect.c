/* Reading the answer to a known question. */
#include "attest/nsm.h"

static zc_result refused(zc_nsm_error error)
{
    switch (error) {
    case ZC_NSM_ERROR_NONE:
        return ZC_OK;
    case ZC_NSM_ERROR_INVALID_ARGUMENT:
        return zc_fail(ZC_ATTEST_NSM_INVALID_ARGUMENT);
    case ZC_NSM_ERROR_INVALID_INDEX:
        return zc_fail(ZC_ATTEST_NSM_INVALID_INDEX);
    case ZC_NSM_ERROR_READ_ONLY_INDEX:
        return zc_fail(ZC_ATTEST_NSM_READ_ONLY);
    case ZC_NSM_ERROR_INVALID_OPERATION:
        return zc_fail(ZC_ATTEST_NSM_INVALID_OPERATION);
    case ZC_NSM_ERROR_INPUT_TOO_LARGE:
    case ZC_NSM_ERROR_BUFFER_TOO_SMALL:
        return zc_fail(ZC_ATTEST_NSM_TOO_LARGE);
    default:
        return zc_fail(ZC_ATTEST_NSM_INTERNAL);
    }
}

zc_result zc_nsm_response_expect(zc_slice response, zc_nsm_op op, zc_nsm_response *ret_response)
{
    zc_nsm_response parsed;
    ZC_TRY(zc_nsm_response_parse(response, &parsed));
    ZC_TRY(refused(parsed.error));
    if (parsed.op != op) {
        return zc_fail(ZC_ATTEST_WRONG_RESPONSE);
    }
    *ret_response = parsed;
    return ZC_OK;
}

zc_result zc_nsm_response_random(zc_slice response, zc_slice *ret_random)
{
    zc_nsm_response parsed;
    ZC_TRY(zc_nsm_response_expect(response, ZC_NSM_GET_RANDOM, &parsed));
    if (parsed.bytes.len == 0) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    *ret_random = parsed.bytes;
    return ZC_OK;
}

static zc_result pcr_value(zc_slice response, zc_nsm_op op, uint8_t ret_value[static 48],
                           bool *ret_locked)
{
    zc_nsm_response parsed;
    ZC_TRY(zc_nsm_response_expect(response, op, &parsed));
    if (parsed.bytes.len != ZC_NSM_PCR_SIZE) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    memcpy(ret_value, parsed.bytes.data, ZC_NSM_PCR_SIZE);
    *ret_locked = parsed.locked;
    return ZC_OK;
}

zc_result zc_nsm_response_pcr(zc_slice response, uint8_t ret_value[static 48], bool *ret_locked)
{
    return pcr_value(response, ZC_NSM_DESCRIBE_PCR, ret_value, ret_locked);
}

zc_result zc_nsm_response_extended(zc_slice response, uint8_t ret_value[static 48])
{
    bool unused;
    return pcr_value(response, ZC_NSM_EXTEND_PCR, ret_value, &unused);
}

zc_result zc_nsm_response_done(zc_slice response, zc_nsm_op op)
{
    zc_nsm_response parsed;
    return zc_nsm_response_expect(response, op, &parsed);
}

zc_result zc_nsm_response_document(zc_slice response, zc_slice *ret_document)
{
    zc_nsm_response parsed;
    ZC_TRY(zc_nsm_response_expect(response, ZC_NSM_ATTESTATION, &parsed));
    if (parsed.bytes.len == 0) {
        return zc_fail(ZC_ATTEST_BAD_RESPONSE);
    }
    *ret_document = parsed.bytes;
    return ZC_OK;
}
