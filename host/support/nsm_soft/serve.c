/* The link between core and the software security module: packets over a socketpair. */
#include "nsm_soft/nsm.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attest/nsm.h"
#include "base/secret.h"

zc_result zc_nsm_soft_link(int ret_fds[static 2])
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) {
        return zc_fail(ZC_NSM_SOFT_LINK_FAILED);
    }
    ret_fds[0] = fds[0];
    ret_fds[1] = fds[1];
    return ZC_OK;
}

/* The length of the packet as it was sent: with MSG_TRUNC it may be more than the buffer took. */
static zc_result receive(int fd, zc_buffer packet, size_t *ret_len)
{
    ssize_t len;
    do {
        len = recv(fd, packet.data, packet.len, MSG_TRUNC);
    } while (len < 0 && errno == EINTR);
    if (len < 0) {
        return zc_fail(errno == ECONNRESET ? ZC_NSM_SOFT_LINK_CLOSED : ZC_NSM_SOFT_LINK_FAILED);
    }
    if (len == 0) {
        return zc_fail(ZC_NSM_SOFT_LINK_CLOSED);
    }
    *ret_len = (size_t)len;
    return ZC_OK;
}

static zc_result send_packet(int fd, zc_slice packet)
{
    ssize_t len;
    do {
        len = send(fd, packet.data, packet.len, MSG_NOSIGNAL);
    } while (len < 0 && errno == EINTR);
    if (len < 0 && (errno == EPIPE || errno == ECONNRESET)) {
        return zc_fail(ZC_NSM_SOFT_LINK_CLOSED);
    }
    return len == (ssize_t)packet.len ? ZC_OK : zc_fail(ZC_NSM_SOFT_LINK_FAILED);
}

zc_result zc_nsm_soft_serve_one(zc_nsm_soft *nsm, int fd)
{
    uint8_t request[ZC_NSM_REQUEST_MAX];
    uint8_t response[ZC_NSM_RESPONSE_MAX];
    size_t len;
    ZC_TRY(receive(fd, (zc_buffer){.data = request, .len = sizeof request}, &len));
    zc_buffer room = {.data = response, .len = sizeof response};
    size_t answered;
    if (len > sizeof request) {
        zc_writer writer = zc_writer_of(response, sizeof response);
        ZC_TRY(zc_nsm_response_write(&writer,
                                     &(zc_nsm_response){.error = ZC_NSM_ERROR_INPUT_TOO_LARGE}));
        answered = zc_writer_len(&writer);
    } else {
        answered = zc_nsm_soft_answer(nsm, zc_slice_of(request, len), room);
    }
    zc_result result = send_packet(fd, zc_slice_of(response, answered));
    zc_wipe(response, answered);
    return result;
}

zc_result zc_nsm_soft_serve(zc_nsm_soft *nsm, int fd)
{
    for (;;) {
        zc_result result = zc_nsm_soft_serve_one(nsm, fd);
        if (zc_is(result, ZC_NSM_SOFT_LINK_CLOSED)) {
            return ZC_OK;
        }
        ZC_TRY(result);
    }
}
