#include "daemon.h"

#include <errno.h>

#include <sys/socket.h>
#include <unistd.h>

#define CHUNK ((size_t)65536)

bool zc_stream_read(zc_stream *stream)
{
    for (;;) {
        if (!zc_bytes_reserve(&stream->in, CHUNK)) {
            return false;
        }
        ssize_t got = recv(stream->fd, stream->in.data + stream->in.len, CHUNK, MSG_DONTWAIT);
        if (got > 0) {
            stream->in.len += (size_t)got;
            if ((size_t)got < CHUNK) {
                return true;
            }
            continue;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
}

bool zc_stream_write(zc_stream *stream)
{
    size_t sent = 0;
    while (sent < stream->out.len) {
        ssize_t put = send(stream->fd, stream->out.data + sent, stream->out.len - sent,
                           MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                return false;
            }
            break;
        }
        sent += (size_t)put;
    }
    if (sent > 0) {
        memmove(stream->out.data, stream->out.data + sent, stream->out.len - sent);
        stream->out.len -= sent;
    }
    return true;
}

bool zc_stream_put(zc_stream *stream, zc_slice bytes)
{
    return zc_bytes_append(&stream->out, bytes);
}

void zc_stream_taken(zc_stream *stream, size_t len)
{
    if (len > 0) {
        memmove(stream->in.data, stream->in.data + len, stream->in.len - len);
        stream->in.len -= len;
    }
}

void zc_stream_close(zc_stream *stream)
{
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    zc_bytes_clear(&stream->in);
    zc_bytes_clear(&stream->out);
    *stream = (zc_stream){.fd = -1};
}
