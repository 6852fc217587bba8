#include "api/stream_io.h"

#include <errno.h>
#include <sys/socket.h>

size_t zc_stream_read(const zc_api_call *call, int fd, void *ret_bytes, size_t room, bool idle)
{
    for (;;) {
        ssize_t got = recv(fd, ret_bytes, room, 0);
        if (got >= 0) {
            return (size_t)got;
        }
        bool silent = errno == EAGAIN || errno == EWOULDBLOCK;
        bool goes_on = errno == EINTR || (silent && idle && !zc_gateway_draining(call->gateway));
        if (!goes_on) {
            return 0;
        }
    }
}

bool zc_stream_write(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}
