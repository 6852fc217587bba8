#include "policy/breaker.h"

#include <string.h>

#include "policy/calendar.h"
#include "policy/exposure.h"

void zc_breakers_init(zc_policy_state *state, const zc_mission *mission)
{
    for (size_t i = 0; i < mission->breaker_count; i++) {
        memset(&state->breakers[i], 0, sizeof state->breakers[i]);
        if (mission->breakers[i].window_s != 0) {
            zc_window_init(&state->breakers[i].denials, mission->breakers[i].window_s);
        }
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        state->peaks[i] = (zc_peak){0};
    }
}

void zc_policy_note_denial(zc_policy_state *state, const zc_mission *mission, int64_t now_ms)
{
    const zc_u256 one = zc_u256_of(1);
    int64_t now = now_ms > state->now_ms ? now_ms : state->now_ms;
    for (size_t i = 0; i < mission->breaker_count; i++) {
        if (mission->breakers[i].trip == ZC_TRIP_DENIALS) {
            zc_window *denials = &state->breakers[i].denials;
            zc_window_advance(denials, now);
            zc_result added = zc_window_add(denials, &one);
            (void)added; /* 2^256 denials do not come */
        }
    }
}

/* The bucket of a LOSS breaker's window: 63 of them cover it. */
static int64_t loss_bucket(const zc_breaker *breaker, int64_t time_ms)
{
    int64_t width =
        ((int64_t)breaker->window_s * 1000 + ZC_WINDOW_BUCKETS - 2) / (ZC_WINDOW_BUCKETS - 1);
    return time_ms / (width > 0 ? width : 1);
}

static void enter_bucket(zc_breaker_state *state, int64_t bucket)
{
    int64_t steps = bucket - state->newest;
    for (int64_t i = 1; i <= steps && i <= ZC_WINDOW_BUCKETS; i++) {
        state->highest[(uint64_t)(state->newest + i) % ZC_WINDOW_BUCKETS] = ZC_U256_ZERO;
    }
    state->newest = steps > 0 ? bucket : state->newest;
}

static void raise_peak(zc_peak *peak, int64_t period, const zc_u256 *equity)
{
    bool anew = !peak->seen || period > peak->period;
    peak->equity = anew ? *equity : zc_u256_max(&peak->equity, equity);
    peak->period = anew ? period : peak->period;
    peak->seen = true;
}

void zc_breakers_see_equity(zc_policy_state *state, const zc_mission *mission, uint16_t feed,
                            const zc_u256 *equity, int64_t time_ms)
{
    for (size_t i = 0; i < mission->breaker_count; i++) {
        const zc_breaker *breaker = &mission->breakers[i];
        zc_breaker_state *own = &state->breakers[i];
        if (breaker->has_feed && breaker->feed == feed && breaker->trip == ZC_TRIP_LOSS) {
            enter_bucket(own, loss_bucket(breaker, time_ms));
            zc_u256 *highest = &own->highest[(uint64_t)own->newest % ZC_WINDOW_BUCKETS];
            *highest = zc_u256_max(highest, equity);
        }
        if (breaker->has_feed && breaker->feed == feed && breaker->trip == ZC_TRIP_DRAWDOWN) {
            raise_peak(&own->peak, 0, equity);
        }
    }
    for (size_t i = 0; i < mission->rule_count; i++) {
        const zc_rule *rule = &mission->rules[i];
        if (rule->kind == ZC_RULE_DRAWDOWN && rule->feed == feed) {
            bool daily = rule->period != ZC_PERIOD_NONE;
            raise_peak(&state->peaks[i],
                       daily ? zc_calendar_period(mission, rule->zone, rule->period, time_ms) : 0,
                       equity);
        }
    }
}

static bool fell_too_far(zc_policy_state *state, const zc_mission *mission, size_t at)
{
    const zc_breaker *breaker = &mission->breakers[at];
    const zc_feed_state *feed = &state->sources.feed[breaker->feed];
    zc_breaker_state *own = &state->breakers[at];
    zc_u256 highest = own->peak.equity;
    zc_u256 allowed = zc_exposure_share(&own->peak.equity, breaker->count);
    zc_u256 drop = ZC_U256_ZERO;
    if (breaker->trip == ZC_TRIP_LOSS) {
        allowed = breaker->amount;
        highest = ZC_U256_ZERO;
        for (size_t i = 0; i < ZC_WINDOW_BUCKETS; i++) {
            highest = zc_u256_max(&highest, &own->highest[i]);
        }
    }
    return feed->has_equity && zc_ok(zc_u256_sub(&highest, &feed->equity, &drop)) &&
           zc_u256_cmp(&drop, &allowed) > 0;
}

static bool trips(zc_policy_state *state, const zc_mission *mission, const zc_watch *watch,
                  size_t at)
{
    const zc_breaker *breaker = &mission->breakers[at];
    int64_t window_ms = (int64_t)breaker->window_s * 1000;
    int64_t off = watch->clock_off_ms < 0 ? -watch->clock_off_ms : watch->clock_off_ms;
    int64_t now = watch->now_ms > state->now_ms ? watch->now_ms : state->now_ms;
    zc_u256 count = zc_u256_of(breaker->count);
    switch (breaker->trip) {
    case ZC_TRIP_DENIALS:
        zc_window_advance(&state->breakers[at].denials, now);
        return zc_u256_cmp(&state->breakers[at].denials.total, &count) > 0;
    case ZC_TRIP_LOSS:
    case ZC_TRIP_DRAWDOWN:
        return fell_too_far(state, mission, at);
    case ZC_TRIP_UNACKED:
        return watch->unacked > breaker->count;
    case ZC_TRIP_STALE:
        return !state->sources.feed[breaker->feed].spoke ||
               now - state->sources.feed[breaker->feed].time_ms > window_ms;
    case ZC_TRIP_CLOCK:
        return off > window_ms;
    }
    return false;
}

uint16_t zc_policy_watch(zc_policy_state *state, const zc_mission *mission, const zc_watch *watch)
{
    for (size_t i = 0; i < mission->breaker_count; i++) {
        if (mission->breakers[i].mode > state->mode && trips(state, mission, watch, i)) {
            return (uint16_t)i;
        }
    }
    return ZC_POLICY_NONE;
}

zc_result zc_policy_trip(zc_policy_state *state, const zc_mission *mission, uint16_t breaker)
{
    if (breaker >= mission->breaker_count) {
        return zc_fail(ZC_POLICY_MISSION_INDEX);
    }
    if (mission->breakers[breaker].mode > state->mode) {
        state->mode = mission->breakers[breaker].mode;
        state->tripped = breaker;
    }
    return ZC_OK;
}

void zc_policy_reset(zc_policy_state *state, const zc_mission *mission)
{
    state->mode = ZC_MODE_NORMAL;
    state->tripped = ZC_POLICY_NONE;
    zc_breakers_init(state, mission);
    for (uint16_t i = 0; i < mission->feed_count; i++) {
        const zc_feed_state *feed = &state->sources.feed[i];
        if (feed->has_equity) {
            zc_breakers_see_equity(state, mission, i, &feed->equity, feed->equity_ms);
        }
    }
}
