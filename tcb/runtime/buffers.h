/* A handful of long buffers for the few sessions that need one at the moment. */
#ifndef ZC_RUNTIME_BUFFERS_H
#define ZC_RUNTIME_BUFFERS_H

#include "base/slice.h"
#include "wire/record.h"

#define ZC_BUFFERS_COUNT 64
/* Each holds any record. */
#define ZC_BUFFER_SIZE ((size_t)ZC_RECORD_MAX)

typedef struct zc_buffers {
    uint8_t *idle[ZC_BUFFERS_COUNT];
    size_t idle_count;
    uint8_t memory[ZC_BUFFERS_COUNT][ZC_BUFFER_SIZE];
} zc_buffers;

void zc_buffers_init(zc_buffers *buffers);
/* NULL when all are in use. */
uint8_t *zc_buffers_take(zc_buffers *buffers);
/* Takes back the caller's buffer, of which `used` bytes were written, and wipes them. */
void zc_buffers_give(zc_buffers *buffers, uint8_t *buffer, size_t used);

#endif
