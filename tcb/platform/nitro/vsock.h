/* The enclave's only way out: stream sockets to the parent instance. */
#ifndef ZC_NITRO_VSOCK_H
#define ZC_NITRO_VSOCK_H

#include "platform/reasons.h"

#define ZC_VSOCK_PARENT 3       /* the context id of a Nitro parent instance */
#define ZC_VSOCK_HEARTBEAT 9000 /* where the parent waits for an enclave's first sign of life */
#define ZC_VSOCK_CLIENTS 5000   /* front listens here */
#define ZC_VSOCK_HOST 5001      /* the host link; one connection in the life of an enclave */

/* A listening socket on any context id. Errors: ZC_PLATFORM_NO_VSOCK. */
ZC_MUST_USE zc_result zc_vsock_listen(uint32_t port, int backlog, int *ret_fd);
/* Sends 0xB7 to the parent and expects it back, within five seconds. Errors:
 * ZC_PLATFORM_NO_HEARTBEAT. */
ZC_MUST_USE zc_result zc_vsock_heartbeat(void);

#endif
