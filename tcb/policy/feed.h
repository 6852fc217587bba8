/* Taking in what feeds say (source.h). */
#ifndef ZC_POLICY_FEED_H
#define ZC_POLICY_FEED_H

#include "policy/policy.h"

/* Checks a feed's message whole, then takes all of it. A message that changes what decisions come
 * to is an entry of the log, and a replay calls this for it with the entry's time.
 * Errors: ZC_POLICY_FEED_…, codec's, base's; the state is then untouched but for its clock. */
ZC_MUST_USE zc_result zc_policy_feed(zc_policy_state *state, const zc_mission *mission,
                                     const uint8_t deployment_id[static 32], zc_slice message,
                                     const uint8_t signature[static 64], int64_t now_ms);

#endif
