/* Any bytes as a packet of the front link: what is taken is canonical and encodes to the same
 * bytes. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "wire/frontlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[ZC_FRONT_PACKET_MAX];
    zc_slice input = zc_slice_of(data, size);
    zc_front_message message;
    if (!zc_ok(zc_front_message_read(input, &message))) {
        return 0;
    }
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(input)));
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_front_message_write(&message, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    zc_front_message_clear(&message);
    return 0;
}
