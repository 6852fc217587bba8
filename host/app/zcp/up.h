/* Starting and stopping. */
#ifndef ZC_ZCP_UP_H
#define ZC_ZCP_UP_H

#include <sys/types.h>

#include "deployment.h"

int zc_run_up(zc_invocation *invocation);
int zc_run_down(zc_invocation *invocation);

/* supervise.c: keeps zcpd running, here until a signal or in the background. */
int zc_supervise_here(const zc_invocation *invocation);
int zc_supervise_detached(const zc_invocation *invocation);

/* announce.c: waits until the enclave serves, lets the founders whose credentials are here sign a
 * new deployment, and says what runs. */
int zc_announce(const zc_invocation *invocation);

#endif
