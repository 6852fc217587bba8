/* The host link as a stream: frames in, frames out, each with its length in front. The host is
 * trusted with nothing, so the only things it can do here are to send a frame that is too long,
 * which ends the enclave, and to stop reading, which stops the service. */
#ifndef ZC_RUNTIME_LINK_H
#define ZC_RUNTIME_LINK_H

#include "runtime/ring.h"
#include "wire/hostlink.h"

/* What the host has not read yet. Below the reserve, nothing that could add to it is started. */
#define ZC_LINK_OUT_BYTES ((size_t)1 << 22)
#define ZC_LINK_OUT_RESERVE ((size_t)1 << 21)
#define ZC_LINK_IN_BYTES ((size_t)ZC_HOST_FRAME_MAX + ZC_FRAME_HEAD)

typedef struct zc_link {
    int fd;
    zc_ring out;
    size_t in_at;
    size_t in_len;
    uint8_t in[ZC_LINK_IN_BYTES];
    uint8_t out_memory[ZC_LINK_OUT_BYTES];
} zc_link;

/* `fd` stays the caller's. */
void zc_link_init(zc_link *link, int fd);
/* Reads once what there is, never blocking. Errors: ZC_RUNTIME_PEER_GONE. */
ZC_MUST_USE zc_result zc_link_receive(zc_link *link);
/* The next whole frame's content, or an empty slice while there is none; a view that lives until
 * zc_link_receive(). Errors: ZC_RUNTIME_BAD_FRAME. */
ZC_MUST_USE zc_result zc_link_next(zc_link *link, zc_slice *ret_frame);
/* Queues one frame. Errors: ZC_RUNTIME_BAD_FRAME, ZC_RUNTIME_HOST_STUCK. */
ZC_MUST_USE zc_result zc_link_put(zc_link *link, zc_slice content);
/* Sends what the host takes now. Errors: ZC_RUNTIME_PEER_GONE. */
ZC_MUST_USE zc_result zc_link_flush(zc_link *link);

static inline bool zc_link_has_room(const zc_link *link)
{
    return zc_ring_left(&link->out) >= ZC_LINK_OUT_RESERVE;
}

static inline bool zc_link_is_flushed(const zc_link *link)
{
    return zc_ring_len(&link->out) == 0;
}

#endif
