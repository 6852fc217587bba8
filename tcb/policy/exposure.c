#include "policy/exposure.h"

#include "policy/value.h"

/* (q × 10,000 + r) × bps / 10,000 is q × bps + r × bps / 10,000: exact, and nothing overflows as
 * long as bps are no more than 10,000. */
zc_u256 zc_exposure_share(const zc_u256 *amount, uint32_t bps)
{
    zc_u256 share = ZC_U256_ZERO;
    uint64_t rest = 0;
    if (!zc_ok(zc_u256_div_u64(amount, ZC_BASIS_POINTS, &share, &rest))) {
        return *amount;
    }
    if (!zc_ok(zc_u256_mul_u64(&share, bps, &share))) {
        return *amount;
    }
    zc_u256 more = zc_u256_of(rest * bps / ZC_BASIS_POINTS);
    return zc_ok(zc_u256_add(&share, &more, &share)) ? share : *amount;
}

static bool counts(const zc_question *question, const zc_rule *rule, size_t market)
{
    if (rule->per == ZC_PER_MARKET) {
        return market == question->market;
    }
    return !rule->scope.markets_listed ||
           ((rule->scope.markets[market / 64] >> (market % 64)) & 1) != 0;
}

uint16_t zc_exposure_position(const zc_policy_state *state, const zc_question *question,
                              uint16_t at, zc_u256 *ret_held, zc_u256 *ret_added)
{
    const zc_rule *rule = &question->mission->rules[at];
    const zc_feed_state *feed = &state->sources.feed[rule->feed];
    zc_u256 held = ZC_U256_ZERO;
    if (!zc_order_has_notional(question->intent) || zc_intent_reduces(question->intent)) {
        return 0;
    }
    if (question->market == UINT16_MAX) {
        return ZC_POLICY_NO_PRICE;
    }
    if (!feed->has_positions ||
        !zc_source_fresh(question->mission, rule->feed, feed->positions_ms, state->now_ms)) {
        return ZC_POLICY_STALE;
    }
    for (size_t i = 0; i < question->mission->market_count; i++) {
        if (counts(question, rule, i) &&
            !zc_ok(zc_u256_add(&held, &state->sources.position[rule->feed][i], &held))) {
            return ZC_POLICY_OVERFLOW;
        }
    }
    zc_valuer valuer = {.question = question,
                        .sources = &state->sources,
                        .now_ms = state->now_ms,
                        .feed = ZC_SCOPE_NO_FEED};
    uint16_t reason = zc_order_value(&valuer, ret_added);
    *ret_held = held;
    return reason;
}

uint16_t zc_exposure_drawdown(const zc_policy_state *state, const zc_mission *mission, uint16_t at,
                              zc_u256 *ret_drop, zc_u256 *ret_limit)
{
    const zc_rule *rule = &mission->rules[at];
    const zc_feed_state *feed = &state->sources.feed[rule->feed];
    const zc_peak *peak = &state->peaks[at];
    if (!feed->has_equity ||
        !zc_source_fresh(mission, rule->feed, feed->equity_ms, state->now_ms)) {
        return ZC_POLICY_STALE;
    }
    *ret_limit = zc_exposure_share(&peak->equity, rule->count);
    if (!zc_ok(zc_u256_sub(&peak->equity, &feed->equity, ret_drop))) {
        *ret_drop = ZC_U256_ZERO;
    }
    return 0;
}
