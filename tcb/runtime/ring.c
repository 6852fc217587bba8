#include "runtime/ring.h"

#include <errno.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/reasons.h"
#include "base/secret.h"

static size_t place(const zc_ring *ring, uint64_t count)
{
    return (size_t)(count & (ring->capacity - 1));
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

zc_result zc_ring_put(zc_ring *ring, zc_slice bytes)
{
    if (bytes.len > zc_ring_left(ring)) {
        return zc_fail(ZC_BASE_FULL);
    }
    if (bytes.len == 0) {
        return ZC_OK;
    }
    size_t at = place(ring, ring->tail);
    size_t first = smaller(bytes.len, ring->capacity - at);
    memcpy(ring->data + at, bytes.data, first);
    memcpy(ring->data, bytes.data + first, bytes.len - first);
    ring->tail += bytes.len;
    return ZC_OK;
}

zc_result zc_ring_peek(const zc_ring *ring, uint8_t *ret_bytes, size_t len)
{
    if (len > zc_ring_len(ring)) {
        return zc_fail(ZC_BASE_TRUNCATED);
    }
    size_t at = place(ring, ring->head);
    size_t first = smaller(len, ring->capacity - at);
    memcpy(ret_bytes, ring->data + at, first);
    memcpy(ret_bytes + first, ring->data, len - first);
    return ZC_OK;
}

void zc_ring_drop(zc_ring *ring, size_t len)
{
    ring->head += smaller(len, zc_ring_len(ring));
}

zc_result zc_ring_take(zc_ring *ring, uint8_t *ret_bytes, size_t len)
{
    ZC_TRY(zc_ring_peek(ring, ret_bytes, len));
    zc_ring_drop(ring, len);
    return ZC_OK;
}

zc_result zc_ring_take_wiped(zc_ring *ring, uint8_t *ret_bytes, size_t len)
{
    ZC_TRY(zc_ring_peek(ring, ret_bytes, len));
    size_t at = place(ring, ring->head);
    size_t first = smaller(len, ring->capacity - at);
    zc_wipe(ring->data + at, first);
    zc_wipe(ring->data, len - first);
    zc_ring_drop(ring, len);
    return ZC_OK;
}

zc_result zc_ring_send(zc_ring *ring, int fd)
{
    while (zc_ring_len(ring) > 0) {
        size_t at = place(ring, ring->head);
        size_t first = smaller(zc_ring_len(ring), ring->capacity - at);
        struct iovec piece[2] = {
            {.iov_base = ring->data + at, .iov_len = first},
            {.iov_base = ring->data, .iov_len = zc_ring_len(ring) - first},
        };
        struct msghdr message = {.msg_iov = piece, .msg_iovlen = piece[1].iov_len == 0 ? 1 : 2};
        ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno == EAGAIN ? ZC_OK : zc_fail(ZC_RUNTIME_PEER_GONE);
        }
        zc_ring_drop(ring, (size_t)sent);
    }
    return ZC_OK;
}
