#include "wire/frame.h"

#include "base/reader.h"

void zc_frame_head(uint32_t len, uint8_t ret_head[static ZC_FRAME_HEAD])
{
    for (unsigned i = 0; i < ZC_FRAME_HEAD; i++) {
        ret_head[i] = (uint8_t)(len >> (24 - 8 * i));
    }
}

zc_result zc_frame_peek(zc_slice head, size_t min, size_t max, size_t *ret_total)
{
    zc_reader reader = zc_reader_of(head);
    uint32_t len;
    ZC_TRY(zc_read_u32(&reader, &len));
    if (len < min) {
        return zc_fail(ZC_WIRE_FRAME_TOO_SHORT);
    }
    if (len > max) {
        return zc_fail(ZC_WIRE_FRAME_TOO_LONG);
    }
    *ret_total = ZC_FRAME_HEAD + (size_t)len;
    return ZC_OK;
}
