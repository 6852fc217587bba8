/* Speaking with zcpd over its control socket. */
#ifndef ZC_ZCP_DEPLOYMENT_H
#define ZC_ZCP_DEPLOYMENT_H

#include <jansson.h>

#include "invocation.h"

/* One question, one answer; NULL when nobody answers. The caller decrefs. Keeps the reference to
 * `question`. */
json_t *zc_ask_zcpd(const zc_invocation *invocation, const json_t *question);
json_t *zc_ask_zcpd_status(const zc_invocation *invocation);
/* The same, once zcpd is past its start: it answers when that is so. */
json_t *zc_ask_zcpd_started(const zc_invocation *invocation);
/* The supervisor's process (D/run/up.lock); 0 when none runs. */
pid_t zc_supervisor(const zc_invocation *invocation);

#endif
