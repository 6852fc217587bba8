/* The same semantics once more, slow and plain: every charge ever made is kept in a list and summed
 * for each request; every rule is tried against every request. Amounts fit in 64 bits here. */
#ifndef TESTS_POLICY_REFERENCE_H
#define TESTS_POLICY_REFERENCE_H

#include "policy/policy.h"

void reference_init(void);
zc_decision reference_decide(const zc_mission *mission, const zc_request_context *context,
                             const zc_intent *intent);
/* Reservations of which a charge still counts. */
size_t reference_pending(void);

#endif
