/* Circuit breakers: what trips by itself and is set back by a quorum only.
 *
 * zc_policy_watch() looks and says which breaker should trip; it changes nothing. The enclave logs
 * that, and zc_policy_trip() makes it so; a replay calls zc_policy_trip() for the entry. Denials
 * are counted beside, by zc_policy_note_denial(): not every denial is in the log, but every trip.
 * A stricter mode is never replaced by a weaker one. */
#ifndef ZC_POLICY_BREAKER_H
#define ZC_POLICY_BREAKER_H

#include "policy/policy.h"

/* What only the enclave around the engine knows. */
typedef struct zc_watch {
    int64_t now_ms;
    uint32_t unacked;     /* log entries that are not acknowledged */
    int64_t clock_off_ms; /* how far the clock moved beside the machine's own counter, either way */
} zc_watch;

/* Counts a denial. Live only, never in a replay. */
void zc_policy_note_denial(zc_policy_state *state, const zc_mission *mission, int64_t now_ms);

/* The first breaker that should trip and would make the mode stricter, or ZC_POLICY_NONE. A feed
 * that never spoke is stale from the start. */
uint16_t zc_policy_watch(zc_policy_state *state, const zc_mission *mission, const zc_watch *watch);

/* Errors: ZC_POLICY_MISSION_INDEX. */
ZC_MUST_USE zc_result zc_policy_trip(zc_policy_state *state, const zc_mission *mission,
                                     uint16_t breaker);

/* As the quorum that resumes says: normal again. Counting begins anew, and peaks are today's
 * equity; or what tripped would trip at once. */
void zc_policy_reset(zc_policy_state *state, const zc_mission *mission);

/* For the engine: an account's equity was reported. */
void zc_breakers_see_equity(zc_policy_state *state, const zc_mission *mission, uint16_t feed,
                            const zc_u256 *equity, int64_t time_ms);
void zc_breakers_init(zc_policy_state *state, const zc_mission *mission);

#endif
