/* Any bytes as a message of the host link: what is taken is canonical and encodes to the same
 * bytes. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "wire/hostlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[ZC_HOST_FRAME_MAX];
    zc_slice input = zc_slice_of(data, size);
    zc_host_message message;
    size_t total;
    fuzz_any(zc_host_frame_peek(input, &total));
    if (!zc_ok(zc_host_message_read(input, &message))) {
        return 0;
    }
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(input)));
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_host_message_write(&message, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    return 0;
}
