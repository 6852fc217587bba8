/* Private to libzcp: signing requests and their answers, as the wire has them and as zcp.h has
 * them. */
#ifndef ZC_CLIENT_OUTCOME_H
#define ZC_CLIENT_OUTCOME_H

#include "client/internal.h"

/* Borrows what the request borrows. */
zc_request zc_sign_request_of(const zcp_sign_request *request);
/* What a reply to it comes to; failures are reported. `ret_decision` may be NULL. */
zcp_result zc_sign_outcome(const zc_reply *reply, zcp_signature *ret_signature,
                           zcp_decision *ret_decision, zcp_error *error);

#endif
