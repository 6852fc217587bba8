/* Bytes on their way out of the process: a queue in memory of the caller's, drained by a socket
 * that takes what it can. */
#ifndef ZC_RUNTIME_RING_H
#define ZC_RUNTIME_RING_H

#include "base/slice.h"
#include "runtime/reasons.h"

typedef struct zc_ring {
    uint8_t *data;
    size_t capacity; /* a power of two */
    uint64_t head;   /* bytes ever taken out */
    uint64_t tail;   /* bytes ever put in */
} zc_ring;

static inline size_t zc_ring_len(const zc_ring *ring)
{
    return (size_t)(ring->tail - ring->head);
}

static inline size_t zc_ring_left(const zc_ring *ring)
{
    return ring->capacity - zc_ring_len(ring);
}

/* All of `bytes` or nothing: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_ring_put(zc_ring *ring, zc_slice bytes);
/* Copies out and drops exactly `len` bytes: ZC_BASE_TRUNCATED when there are fewer. */
ZC_MUST_USE zc_result zc_ring_take(zc_ring *ring, uint8_t *ret_bytes, size_t len);
/* The same, left in place. */
ZC_MUST_USE zc_result zc_ring_peek(const zc_ring *ring, uint8_t *ret_bytes, size_t len);
/* Drops `len` bytes, which must be there. */
void zc_ring_drop(zc_ring *ring, size_t len);
/* zc_ring_take(), and nothing of it stays in the ring. */
ZC_MUST_USE zc_result zc_ring_take_wiped(zc_ring *ring, uint8_t *ret_bytes, size_t len);
/* Sends what the socket takes without blocking; success also when it takes nothing now. Errors:
 * ZC_RUNTIME_PEER_GONE. */
ZC_MUST_USE zc_result zc_ring_send(zc_ring *ring, int fd);

#endif
