/* Replies that may not leave before the host has stored what they rest on. First in, first out:
 * ordinals only grow. */
#ifndef ZC_RUNTIME_HELD_H
#define ZC_RUNTIME_HELD_H

#include "runtime/ring.h"

#define ZC_HELD_BYTES ((size_t)1 << 22)

typedef struct zc_held_reply {
    uint64_t session;
    uint64_t ordinal; /* leaves once this one is acknowledged */
    size_t len;
    uint64_t work;    /* and this signature is made (runtime/signers.h); 0: it is in there */
    uint64_t request; /* of that signature */
    uint32_t place;
} zc_held_reply;

typedef struct zc_held {
    zc_ring ring;
    size_t count;
    uint8_t memory[ZC_HELD_BYTES];
} zc_held;

void zc_held_init(zc_held *held);
/* Whether replies of `len` bytes in all, `count` of them, still fit. */
bool zc_held_has_room(const zc_held *held, size_t count, size_t len);
/* `reply` but for its length. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_held_put(zc_held *held, const zc_held_reply *reply, zc_slice plain);
/* The oldest reply, if `acked` covers it; it stays where it is. */
bool zc_held_peek(const zc_held *held, uint64_t acked, zc_held_reply *ret_reply);
/* Takes the oldest reply if `acked` covers it: writes it to `buffer` and returns true. A reply
 * longer than the buffer can't have been put. */
bool zc_held_take(zc_held *held, uint64_t acked, zc_buffer buffer, zc_held_reply *ret_reply);

#endif
