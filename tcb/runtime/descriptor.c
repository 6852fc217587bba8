#include "runtime/descriptor.h"

#include <errno.h>
#include <string.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

void zc_fd_close(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

zc_result zc_fd_set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    return ZC_OK;
}

/* Room for one descriptor's control message, aligned as the kernel wants it. */
typedef union control {
    struct cmsghdr header;
    uint8_t byte[CMSG_SPACE(sizeof(int))];
} control;

static zc_result refused(void)
{
    return zc_fail(errno == EAGAIN || errno == EINTR || errno == ENOBUFS || errno == ETOOMANYREFS
                       ? ZC_RUNTIME_WOULD_BLOCK
                       : ZC_RUNTIME_PEER_GONE);
}

zc_result zc_packet_send(int fd, zc_slice packet, int passed)
{
    control space = {0};
    /* sendmsg only reads, but iovec has no const. */
    struct iovec piece = {.iov_base = (void *)(uintptr_t)packet.data, .iov_len = packet.len};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (passed >= 0) {
        message.msg_control = &space;
        message.msg_controllen = sizeof space.byte;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &passed, sizeof passed);
    }
    if (sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return refused();
    }
    return ZC_OK;
}

/* The descriptor in a received message, or −1. The control buffer holds exactly one: the kernel has
 * already dropped any others and set MSG_CTRUNC. */
static int passed_in(struct msghdr *message)
{
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
         header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
            header->cmsg_len == CMSG_LEN(sizeof(int))) {
            int passed;
            memcpy(&passed, CMSG_DATA(header), sizeof passed);
            return passed;
        }
    }
    return -1;
}

zc_result zc_packet_receive(int fd, zc_buffer buffer, size_t *ret_len, int *ret_passed)
{
    control space = {0};
    struct iovec piece = {.iov_base = buffer.data, .iov_len = buffer.len};
    /* CMSG_LEN, not CMSG_SPACE: the padding would let a second descriptor in. */
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &space,
                             .msg_controllen = CMSG_LEN(sizeof(int))};
    ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) {
        return refused();
    }
    int passed = passed_in(&message);
    if (got == 0 && passed < 0 && (message.msg_flags & MSG_CTRUNC) == 0) {
        return zc_fail(ZC_RUNTIME_PEER_GONE);
    }
    if (got == 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        zc_fd_close(&passed);
        return zc_fail(got > 0 && (message.msg_flags & MSG_CTRUNC) != 0 ? ZC_RUNTIME_NO_DESCRIPTOR
                                                                        : ZC_RUNTIME_BAD_PACKET);
    }
    *ret_len = (size_t)got;
    *ret_passed = passed;
    return ZC_OK;
}
