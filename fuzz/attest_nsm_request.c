/* Whatever parses is written again, canonically, and then parses and writes to the same bytes. */
#include <stdlib.h>

#include "attest/nsm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[2][2 * ZC_NSM_REQUEST_MAX];
    zc_nsm_request request;
    if (!zc_ok(zc_nsm_request_parse(zc_slice_of(data, size), &request))) {
        return 0;
    }
    zc_writer first = ZC_WRITER_OF_ARRAY(bytes[0]);
    zc_writer second = ZC_WRITER_OF_ARRAY(bytes[1]);
    if (!zc_ok(zc_nsm_request_write(&first, &request))) {
        abort();
    }
    /* Written out, an absent field is a null, which may take a request past its limit. */
    if (zc_writer_len(&first) > ZC_NSM_REQUEST_MAX) {
        return 0;
    }
    if (!zc_ok(zc_nsm_request_parse(zc_writer_written(&first), &request)) ||
        !zc_ok(zc_nsm_request_write(&second, &request)) ||
        !zc_slice_eq(zc_writer_written(&first), zc_writer_written(&second))) {
        abort();
    }
    return 0;
}
