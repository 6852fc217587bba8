/* The policy's state in `zcp status` and `zcp verify`: mode, what could still move, what is left.
 */
#ifndef ZC_ZCP_POLICY_STATE_H
#define ZC_ZCP_POLICY_STATE_H

#include "invocation.h"
#include "support/json.h"

/* Adds `mode`, `tripped`, `reviews`, `revoked` and the lists `radius`, `limits`, `feeds`,
 * `breakers`, `revocations`. False when an answer could not be had or put together. */
bool zc_policy_state_json(zcp_session *session, const zcp_status *status, json_t *out);
/* The same as text, a line each. */
void zc_policy_state_print(const zc_invocation *invocation, zcp_session *session,
                           const zcp_status *status);
/* Only what could still move: for `zcp verify`. */
json_t *zc_radius_json(zcp_session *session);
void zc_radius_lines(const zc_invocation *invocation, json_t *radius);

#endif
