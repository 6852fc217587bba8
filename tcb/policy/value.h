/* Values in the mission's reference currency, and what orders are worth. All are rounded up, and a
 * haircut is added: what leaves is rather worth more than less.
 *
 * Each returns 0 or the reason why there is no value: NO_PRICE, STALE or OVERFLOW. */
#ifndef ZC_POLICY_VALUE_H
#define ZC_POLICY_VALUE_H

#include "policy/scope.h"
#include "policy/source.h"

/* What values are made of. `ret_feed` of a value is the feed whose price it took, or stays. */
typedef struct zc_valuer {
    const zc_question *question;
    const zc_sources *sources;
    int64_t now_ms;
    uint16_t feed; /* the last feed whose price was taken, or ZC_SCOPE_NO_FEED */
} zc_valuer;
#define ZC_SCOPE_NO_FEED UINT16_MAX

/* `amount` base units of the mission's asset. Nothing is worth nothing without any price. */
uint16_t zc_value_asset(zc_valuer *valuer, uint16_t asset, const zc_u256 *amount,
                        zc_u256 *ret_value);

/* Whether the intent is an order that takes on risk: placed or changed. */
bool zc_order_has_notional(const zc_intent *intent);
/* The order's price × quantity in base units of the asset that its market is priced in: of a limit
 * order its price, else its quantity by value. NO_PRICE where there is neither. */
uint16_t zc_order_notional(const zc_question *question, zc_u256 *ret_amount);
/* The same in the reference. An order without a price is worth what the market's base is; one that
 * sells, which may fill above its price, is worth the higher of the two where both are known. */
uint16_t zc_order_value(zc_valuer *valuer, zc_u256 *ret_value);

#endif
