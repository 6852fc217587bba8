/* The first byte is the operation, the rest a reply to it: what is taken is canonical and encodes
 * to the same bytes. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[FUZZ_BUFFER];
    if (size == 0) {
        return 0;
    }
    zc_slice input = zc_slice_of(data + 1, size - 1);
    zc_reply reply;
    if (!zc_ok(zc_reply_read(input, (zc_op)(data[0] & 31), &reply))) {
        return 0;
    }
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(input)));
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_reply_write(&reply, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    return 0;
}
