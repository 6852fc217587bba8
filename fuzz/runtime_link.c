/* The host link's input as a stream: the first byte says how the rest is cut into pieces. Frames
 * come out as they were put in, or the stream ends at a bad length. */
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>
#include <unistd.h>

#include "runtime/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes what frames there are; false when the stream is over. */
static int take(zc_link *link, size_t *taken)
{
    for (;;) {
        zc_slice frame;
        if (!zc_ok(zc_link_next(link, &frame))) {
            return 0;
        }
        if (frame.len == 0) {
            return 1;
        }
        *taken += frame.len + ZC_FRAME_HEAD;
        if (frame.len > ZC_HOST_FRAME_MAX) {
            __builtin_trap();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_link link;
    int pair[2];
    if (size == 0 || size > 4096 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        return 0;
    }
    zc_link_init(&link, pair[0]);
    size_t step = (size_t)data[0] + 1, taken = 0;
    int open = 1;
    for (size_t at = 1; at < size && open; at += step) {
        size_t len = size - at < step ? size - at : step;
        if (send(pair[1], data + at, len, 0) != (ssize_t)len || !zc_ok(zc_link_receive(&link))) {
            __builtin_trap();
        }
        open = take(&link, &taken);
    }
    if (taken > size - 1) {
        __builtin_trap();
    }
    close(pair[0]);
    close(pair[1]);
    return 0;
}
