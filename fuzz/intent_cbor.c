/* Any bytes as an encoded intent: refused, or the one encoding of what was read. */
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static uint8_t again[ZC_INTENT_MAX_ENCODED];
    if (!zc_ok(zc_intent_read(zc_slice_of(data, size), &intent))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    require(zc_ok(zc_intent_write(&intent, &writer)));
    require(zc_slice_eq(zc_writer_written(&writer), zc_slice_of(data, size)));
    check_intent(&intent);
    return 0;
}
