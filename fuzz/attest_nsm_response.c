/* Whatever parses is written again, canonically, and then parses and writes to the same bytes. */
#include <stdlib.h>

#include "attest/nsm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_each(zc_slice response)
{
    zc_nsm_response parsed;
    zc_slice bytes;
    uint8_t pcr[48];
    bool locked;
    for (int op = ZC_NSM_DESCRIBE; op <= ZC_NSM_ATTESTATION; op++) {
        (void)!zc_ok(zc_nsm_response_expect(response, (zc_nsm_op)op, &parsed));
    }
    (void)!zc_ok(zc_nsm_response_random(response, &bytes));
    (void)!zc_ok(zc_nsm_response_pcr(response, pcr, &locked));
    (void)!zc_ok(zc_nsm_response_extended(response, pcr));
    (void)!zc_ok(zc_nsm_response_document(response, &bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[2][2 * ZC_NSM_RESPONSE_MAX];
    zc_nsm_response response;
    expect_each(zc_slice_of(data, size));
    if (!zc_ok(zc_nsm_response_parse(zc_slice_of(data, size), &response))) {
        return 0;
    }
    zc_writer first = ZC_WRITER_OF_ARRAY(bytes[0]);
    zc_writer second = ZC_WRITER_OF_ARRAY(bytes[1]);
    if (!zc_ok(zc_nsm_response_write(&first, &response))) {
        abort();
    }
    /* An error that was not known is written under a longer name. */
    if (zc_writer_len(&first) > ZC_NSM_RESPONSE_MAX) {
        return 0;
    }
    if (!zc_ok(zc_nsm_response_parse(zc_writer_written(&first), &response)) ||
        !zc_ok(zc_nsm_response_write(&second, &response)) ||
        !zc_slice_eq(zc_writer_written(&first), zc_writer_written(&second))) {
        abort();
    }
    return 0;
}
