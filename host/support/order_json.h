/* The order file: JSON that `zcp sign order FILE` takes, and the order it stands for.
 *
 *     {"venue": "binance-spot", "action": "order-place", "market": "BTCUSDT", "side": "buy",
 *      "type": "limit", "price": "30000.10", "quantity": "0.5"}
 *
 * `action` is the operation's name (order-place, order-amend, order-cancel, order-cancel-all,
 * venue-read, venue-withdraw, venue-transfer, venue-admin); the other keys are those of
 * ZC_ORDER_FIELDS (intent/order.h). Numbers are texts, because JSON readers round them; times are
 * whole numbers. What has no such key is an error: nothing is passed over. */
#ifndef ZC_SUPPORT_ORDER_JSON_H
#define ZC_SUPPORT_ORDER_JSON_H

#include <jansson.h>

#include "intent/order.h"
#include "support/error.h"

/* Errors: ZC_SUPPORT_BAD_JSON naming the key, or what zc_order_check() says of the whole. */
ZC_MUST_USE zc_result zc_order_of_json(const json_t *object, zc_order *ret_order, zc_error *error);
/* The other way. NULL when the machine gives no memory; the caller decrefs. */
json_t *zc_order_to_json(const zc_order *order);

#endif
