/* The local platform as core sees it: a socket to the software security module, the kernel's random
 * bytes, and the host's clock. Works inside the core sandbox. */
#ifndef ZC_NSM_SOFT_LOCAL_H
#define ZC_NSM_SOFT_LOCAL_H

#include "nsm_soft/reasons.h"
#include "platform/platform.h"

typedef struct zc_local {
    int nsm_fd; /* the caller's to close */
    uint32_t isolation;
} zc_local;

/* In: core's end of the link (blocking), and the bits that the sandbox and the vault gave.
 * `local` outlives the platform. */
zc_platform zc_local_platform(zc_local *local, int nsm_fd, uint32_t isolation);

#endif
