#include "runtime/buffers.h"

#include "base/secret.h"

void zc_buffers_init(zc_buffers *buffers)
{
    for (size_t i = 0; i < ZC_BUFFERS_COUNT; i++) {
        buffers->idle[i] = buffers->memory[ZC_BUFFERS_COUNT - 1 - i];
    }
    buffers->idle_count = ZC_BUFFERS_COUNT;
}

uint8_t *zc_buffers_take(zc_buffers *buffers)
{
    return buffers->idle_count == 0 ? NULL : buffers->idle[--buffers->idle_count];
}

void zc_buffers_give(zc_buffers *buffers, uint8_t *buffer, size_t used)
{
    if (buffers->idle_count == ZC_BUFFERS_COUNT || used > ZC_BUFFER_SIZE) {
        __builtin_trap(); /* given back twice */
    }
    zc_wipe(buffer, used);
    buffers->idle[buffers->idle_count++] = buffer;
}
