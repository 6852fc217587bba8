/* What was signed before a change of the mission, counted by the rules of the new one.
 *
 * The counters of a mission are those that it would have if it had been in force all along: each
 * signature that the log has was made, so it counts under every limit that it touches, whatever is
 * left there and whatever the rules would have said. Nothing is taken over from the old mission's
 * counters, so no name, window or split of a rule can lose anything. In particular
 *
 *  - amounts are base units, as they were signed;
 *  - a signature counts for whoever has the key or the name of who asked; when the mission knows
 *    neither, for everybody;
 *  - what can't be valued (no price, a silent feed, an unknown market) fills the limit that it
 *    touches;
 *  - what feeds said is theirs whatever they are called now; of a feed that is gone, reports of
 *    equity raise every peak, so that no drawdown begins anew.
 *
 * What can't be kept exactly is reported; the new mission then begins halted (enclave/replay.h). */
#ifndef ZC_POLICY_RECOUNT_H
#define ZC_POLICY_RECOUNT_H

#include "policy/policy.h"

/* Counts one signature. `whose`: bit i, principal i; context->principal is the first of them.
 * Errors: ZC_POLICY_REQUEST, and nothing has changed; ZC_POLICY_NOT_CARRIED when not all of it
 * could be counted. */
ZC_MUST_USE zc_result zc_policy_recount(zc_policy_state *state, const zc_mission *mission,
                                        const zc_request_context *context, uint64_t whose,
                                        const zc_intent *intent);

/* Takes in what a feed of an earlier mission said, which was checked then. */
void zc_policy_feed_past(zc_policy_state *state, const zc_mission *mission,
                         const uint8_t deployment_id[static 32], zc_slice message,
                         const uint8_t signature[static 64], int64_t now_ms);

/* Fills every limit in the reference currency, from now on for as long as its window: the units in
 * which what came before was valued are others now. */
void zc_policy_fill_notional(zc_policy_state *state, const zc_mission *mission, int64_t now_ms);

#endif
