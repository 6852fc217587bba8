#include "nitro/nitro.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "attest/nsm.h"

/* As drivers/misc/nsm.c of the kernel has it: struct nsm_raw. */
typedef struct raw_message {
    struct iovec request;
    struct iovec response;
} raw_message;

_Static_assert(sizeof(raw_message) == 32, "the ioctl's number holds this size");
_Static_assert(_IOWR(0x0A, 0, raw_message) == ZC_NITRO_IOCTL, "the ioctl's number");

zc_result zc_nitro_request(int nsm_fd, zc_slice request, zc_buffer response, size_t *ret_len)
{
    if (request.len == 0 || request.len > ZC_NSM_REQUEST_MAX) {
        return zc_fail(ZC_PLATFORM_NSM_REQUEST_TOO_LONG);
    }
    uint8_t sent[ZC_NSM_REQUEST_MAX];
    memcpy(sent, request.data, request.len);
    raw_message message = {.request = {.iov_base = sent, .iov_len = request.len},
                           .response = {.iov_base = response.data, .iov_len = response.len}};
    int done;
    do {
        done = ioctl(nsm_fd, ZC_NITRO_IOCTL, &message);
    } while (done != 0 && errno == EINTR);
    if (done != 0) {
        return zc_fail(errno == EMSGSIZE ? ZC_PLATFORM_NSM_RESPONSE_TOO_LONG
                                         : ZC_PLATFORM_NSM_UNREACHABLE);
    }
    /* The kernel says how much of the buffer the module filled; never more than there is. */
    if (message.response.iov_len == 0 || message.response.iov_len > response.len) {
        return zc_fail(ZC_PLATFORM_NSM_UNREACHABLE);
    }
    *ret_len = message.response.iov_len;
    return ZC_OK;
}
