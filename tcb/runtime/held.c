#include "runtime/held.h"

#include <string.h>

#include "base/reasons.h"

void zc_held_init(zc_held *held)
{
    held->ring = (zc_ring){.data = held->memory, .capacity = ZC_HELD_BYTES};
    held->count = 0;
}

bool zc_held_has_room(const zc_held *held, size_t count, size_t len)
{
    return zc_ring_left(&held->ring) / 2 > len &&
           zc_ring_left(&held->ring) / 2 / sizeof(zc_held_reply) > count;
}

zc_result zc_held_put(zc_held *held, const zc_held_reply *given, zc_slice plain)
{
    zc_held_reply reply = *given;
    reply.len = plain.len;
    if (plain.len > zc_ring_left(&held->ring) ||
        sizeof reply > zc_ring_left(&held->ring) - plain.len) {
        return zc_fail(ZC_BASE_FULL);
    }
    ZC_TRY(zc_ring_put(&held->ring, zc_slice_of(&reply, sizeof reply)));
    ZC_TRY(zc_ring_put(&held->ring, plain));
    held->count++;
    return ZC_OK;
}

bool zc_held_peek(const zc_held *held, uint64_t acked, zc_held_reply *ret_reply)
{
    uint8_t head[sizeof(zc_held_reply)];
    if (!zc_ok(zc_ring_peek(&held->ring, head, sizeof head))) {
        return false;
    }
    zc_held_reply reply;
    memcpy(&reply, head, sizeof head);
    if (reply.ordinal > acked) {
        return false;
    }
    *ret_reply = reply;
    return true;
}

bool zc_held_take(zc_held *held, uint64_t acked, zc_buffer buffer, zc_held_reply *ret_reply)
{
    if (!zc_held_peek(held, acked, ret_reply)) {
        return false;
    }
    zc_ring_drop(&held->ring, sizeof *ret_reply);
    held->count--;
    if (ret_reply->len > buffer.len ||
        !zc_ok(zc_ring_take_wiped(&held->ring, buffer.data, ret_reply->len))) {
        __builtin_trap(); /* the queue is not what was put into it */
    }
    return true;
}
