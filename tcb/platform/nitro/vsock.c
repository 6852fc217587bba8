#include "nitro/vsock.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#define ALIVE 0xB7
#define PATIENCE_S 5

static int vsock_socket(void)
{
    return socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

zc_result zc_vsock_listen(uint32_t port, int backlog, int *ret_fd)
{
    const struct sockaddr_vm address = {
        .svm_family = AF_VSOCK, .svm_port = port, .svm_cid = VMADDR_CID_ANY};
    int fd = vsock_socket();
    if (fd < 0) {
        return zc_fail(ZC_PLATFORM_NO_VSOCK);
    }
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, backlog) != 0) {
        close(fd);
        return zc_fail(ZC_PLATFORM_NO_VSOCK);
    }
    *ret_fd = fd;
    return ZC_OK;
}

zc_result zc_vsock_heartbeat(void)
{
    const struct sockaddr_vm parent = {
        .svm_family = AF_VSOCK, .svm_port = ZC_VSOCK_HEARTBEAT, .svm_cid = ZC_VSOCK_PARENT};
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    uint8_t byte = ALIVE;
    int fd = vsock_socket();
    if (fd < 0) {
        return zc_fail(ZC_PLATFORM_NO_VSOCK);
    }
    bool alive = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
                 setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
                 connect(fd, (const struct sockaddr *)&parent, sizeof parent) == 0 &&
                 send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) == 1 &&
                 byte == ALIVE;
    close(fd);
    return alive ? ZC_OK : zc_fail(ZC_PLATFORM_NO_HEARTBEAT);
}
