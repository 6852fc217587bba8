/* Any bytes as a request: what is taken is canonical and encodes to the same bytes. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[FUZZ_BUFFER];
    zc_slice input = zc_slice_of(data, size);
    zc_request request;
    uint64_t id;
    bool has_id = zc_ok(zc_request_peek_id(input, &id));
    if (!zc_ok(zc_request_read(input, &request))) {
        return 0;
    }
    FUZZ_CHECK(has_id && id == request.id);
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(input)));
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_request_write(&request, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    return 0;
}
