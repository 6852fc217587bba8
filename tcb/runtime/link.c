#include "runtime/link.h"

#include <errno.h>
#include <string.h>

#include <sys/socket.h>

#include "base/reasons.h"

void zc_link_init(zc_link *link, int fd)
{
    link->fd = fd;
    link->in_at = 0;
    link->in_len = 0;
    link->out = (zc_ring){.data = link->out_memory, .capacity = ZC_LINK_OUT_BYTES};
}

zc_result zc_link_receive(zc_link *link)
{
    memmove(link->in, link->in + link->in_at, link->in_len - link->in_at);
    link->in_len -= link->in_at;
    link->in_at = 0;
    if (link->in_len == sizeof link->in) {
        return ZC_OK; /* a whole frame waits to be taken */
    }
    ssize_t got =
        recv(link->fd, link->in + link->in_len, sizeof link->in - link->in_len, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        return zc_fail(ZC_RUNTIME_PEER_GONE);
    }
    if (got > 0) {
        link->in_len += (size_t)got;
    }
    return ZC_OK;
}

zc_result zc_link_next(zc_link *link, zc_slice *ret_frame)
{
    zc_slice there = zc_slice_of(link->in + link->in_at, link->in_len - link->in_at);
    size_t total;
    zc_result peeked = zc_host_frame_peek(there, &total);
    if (zc_is(peeked, ZC_BASE_TRUNCATED)) {
        *ret_frame = (zc_slice){0};
        return ZC_OK;
    }
    if (!zc_ok(peeked) || total > sizeof link->in) {
        return zc_fail(ZC_RUNTIME_BAD_FRAME);
    }
    if (total > there.len) {
        *ret_frame = (zc_slice){0};
        return ZC_OK;
    }
    link->in_at += total;
    *ret_frame = zc_slice_of(there.data + ZC_FRAME_HEAD, total - ZC_FRAME_HEAD);
    return ZC_OK;
}

zc_result zc_link_put(zc_link *link, zc_slice content)
{
    if (content.len == 0 || content.len > ZC_HOST_FRAME_MAX) {
        return zc_fail(ZC_RUNTIME_BAD_FRAME);
    }
    if (zc_ring_left(&link->out) < content.len + ZC_FRAME_HEAD) {
        return zc_fail(ZC_RUNTIME_HOST_STUCK);
    }
    uint8_t head[ZC_FRAME_HEAD];
    zc_frame_head((uint32_t)content.len, head);
    ZC_TRY(zc_ring_put(&link->out, ZC_SLICE_OF_ARRAY(head)));
    return zc_ring_put(&link->out, content);
}

zc_result zc_link_flush(zc_link *link)
{
    return zc_ring_send(&link->out, link->fd);
}
