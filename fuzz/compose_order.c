/* Any bytes as an order: refused, or the one encoding of what was read, and composed. */
#include "compose_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_order order;
    uint8_t again[ZC_ORDER_MAX_ENCODED];
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (!zc_ok(zc_order_read(zc_slice_of(data, size), &order))) {
        return 0;
    }
    FUZZ_CHECK(zc_ok(zc_order_write(&order, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), zc_slice_of(data, size)));
    check_compose(&order);
    return 0;
}
