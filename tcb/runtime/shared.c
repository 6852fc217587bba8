#include "runtime/shared.h"

#include <string.h>

_Static_assert(2 * sizeof(zc_shared_lane) <= ZC_SHARED_HEAD, "both lanes' counts fit the head");
_Static_assert((ZC_SHARED_BYTES & (ZC_SHARED_BYTES - 1)) == 0, "places are masked counts");

zc_shared_end zc_shared_end_of(void *memory, zc_shared_side side)
{
    zc_shared_lane *lane = memory;
    uint8_t *bytes = (uint8_t *)memory + ZC_SHARED_HEAD;
    size_t in = side == ZC_SHARED_CORE ? 0 : 1;
    size_t out = 1 - in;
    return (zc_shared_end){.in = &lane[in],
                           .out = &lane[out],
                           .in_bytes = bytes + in * ZC_SHARED_BYTES,
                           .out_bytes = bytes + out * ZC_SHARED_BYTES};
}

static uint32_t place(uint32_t count)
{
    return count & (ZC_SHARED_BYTES - 1);
}

static uint32_t smaller(uint32_t a, size_t b)
{
    return a < b ? a : (uint32_t)b;
}

zc_result zc_shared_receive(zc_shared_end *end, uint8_t *ret_bytes, size_t room, size_t *ret_len)
{
    uint32_t there = atomic_load_explicit(&end->in->put, memory_order_acquire) - end->taken;
    if (there > ZC_SHARED_BYTES) {
        return zc_fail(ZC_RUNTIME_BAD_SHARED);
    }
    uint32_t len = smaller(there, room);
    uint32_t at = place(end->taken);
    uint32_t first = smaller(ZC_SHARED_BYTES - at, len);
    if (len > 0) {
        memcpy(ret_bytes, end->in_bytes + at, first);
        memcpy(ret_bytes + first, end->in_bytes, len - first);
        end->taken += len;
        atomic_store_explicit(&end->in->taken, end->taken, memory_order_release);
    }
    *ret_len = len;
    return ZC_OK;
}

zc_result zc_shared_send(zc_shared_end *end, const uint8_t *bytes, size_t len, size_t *ret_sent)
{
    uint32_t unread = end->put - atomic_load_explicit(&end->out->taken, memory_order_acquire);
    if (unread > ZC_SHARED_BYTES) {
        return zc_fail(ZC_RUNTIME_BAD_SHARED);
    }
    uint32_t sent = smaller(ZC_SHARED_BYTES - unread, len);
    uint32_t at = place(end->put);
    uint32_t first = smaller(ZC_SHARED_BYTES - at, sent);
    if (sent > 0) {
        memcpy(end->out_bytes + at, bytes, first);
        memcpy(end->out_bytes, bytes + first, sent - first);
        end->put += sent;
        atomic_store_explicit(&end->out->put, end->put, memory_order_release);
    }
    *ret_sent = sent;
    return ZC_OK;
}

static bool take_flag(_Atomic uint32_t *flag)
{
    return atomic_load_explicit(flag, memory_order_relaxed) != 0 && atomic_exchange(flag, 0) != 0;
}

bool zc_shared_must_ring(zc_shared_end *end)
{
    /* With the fence of the one who arms: either it sees the new count, or the flag is seen here.
     */
    atomic_thread_fence(memory_order_seq_cst);
    bool reader = take_flag(&end->out->reader_waits);
    bool writer = take_flag(&end->in->writer_waits);
    return reader || writer;
}

void zc_shared_arm(zc_shared_end *end, bool for_room)
{
    atomic_store_explicit(&end->in->reader_waits, 1, memory_order_relaxed);
    if (for_room) {
        atomic_store_explicit(&end->out->writer_waits, 1, memory_order_relaxed);
    }
    atomic_thread_fence(memory_order_seq_cst);
}

void zc_shared_disarm(zc_shared_end *end)
{
    atomic_store_explicit(&end->in->reader_waits, 0, memory_order_relaxed);
    atomic_store_explicit(&end->out->writer_waits, 0, memory_order_relaxed);
}
