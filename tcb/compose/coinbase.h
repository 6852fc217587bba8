/* Coinbase Advanced: what its files share. Private to the venue.
 *
 * Each request carries a token of two minutes that names method, host and path (jwt.h), not the
 * body: until it is void, whoever carries the request can put another body to it, and the venue
 * will take that. The key's own permissions at the venue are what bounds it. So everything but
 * reads and cancellations is flagged as signed only in part (unusual-sighash), and a rule has to
 * accept that by name.
 *
 *   market     product id, "BTC-USD"
 *   client id  client_order_id: needed to place, as the venue has it
 *   types      limit GTC, GTD, IOC (smart routed), FOK; market by quantity or value; stop limit GTC
 *              and GTD. A stop buys above its trigger and sells below it. No stop market.
 *   post-only  with GTC and GTD
 *   amend      by order id: price and quantity
 *   cancel     by order id. There is no cancel all
 *   withdraw   `account` is the wallet's id, `to` the address, `tag` the destination tag or memo
 *   transfer   move_funds between portfolios: from `account` to `to`, both ids
 *   read       `call` is one of the list in coinbase_read.c
 *   window     none: a token is good for two minutes, always */
#ifndef ZC_COMPOSE_COINBASE_H
#define ZC_COMPOSE_COINBASE_H

#include "codec/json_write.h"
#include "compose/venue.h"

#define ZC_COINBASE_HOST "api.coinbase.com"

/* Letters, digits and '-': ids of the venue's own. */
bool zc_coinbase_is_id(zc_slice text);
ZC_MUST_USE zc_result zc_coinbase_pair(zc_json *json, const char *key, const char *text);
ZC_MUST_USE zc_result zc_coinbase_decimal(zc_json *json, const char *key,
                                          const zc_decimal *decimal);
/* The request is complete but for its token: path without query is in out->path, `query` goes
 * behind it, the body is in out->body. */
ZC_MUST_USE zc_result zc_coinbase_end(zc_compose_job *job, zc_compose_method method,
                                      zc_slice query);
/* The path so far. */
ZC_MUST_USE zc_result zc_coinbase_path(zc_compose_job *job, const char *text);

/* The message that opens the user's WebSocket channel; there is no path. */
ZC_MUST_USE zc_result zc_coinbase_subscribe(zc_compose_job *job);

/* coinbase_order.c */
ZC_MUST_USE zc_result zc_coinbase_place(zc_compose_job *job);
ZC_MUST_USE zc_result zc_coinbase_amend(zc_compose_job *job);
ZC_MUST_USE zc_result zc_coinbase_cancel(zc_compose_job *job);

/* coinbase_read.c */
ZC_MUST_USE zc_result zc_coinbase_read(zc_compose_job *job);

#endif
