/* What feeds say about the account, held against limits: positions and equity. */
#ifndef ZC_POLICY_EXPOSURE_H
#define ZC_POLICY_EXPOSURE_H

#include "policy/policy.h"

/* For a POSITION rule: the value of the positions that the feed reported, in the order's market or
 * in all that the rule covers, and of what the order would add at most. Cancels, reductions and
 * whatever is no order add nothing, and are held against nothing. Returns 0 or STALE, NO_PRICE,
 * OVERFLOW. */
uint16_t zc_exposure_position(const zc_policy_state *state, const zc_question *question,
                              uint16_t rule, zc_u256 *ret_held, zc_u256 *ret_added);

/* For a DRAWDOWN rule: how far equity is below its peak, and how far it may be. */
uint16_t zc_exposure_drawdown(const zc_policy_state *state, const zc_mission *mission,
                              uint16_t rule, zc_u256 *ret_drop, zc_u256 *ret_limit);

/* ⌊amount × bps / 10,000⌋, exactly; of more than 10,000 bps all of it where that overflows. */
zc_u256 zc_exposure_share(const zc_u256 *amount, uint32_t bps);

#endif
