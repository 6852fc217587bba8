/* Orders of the tests, composed. */
#ifndef ZC_TEST_COMPOSE_SUPPORT_H
#define ZC_TEST_COMPOSE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compose/compose.h"
#include "intent/order_cbor.h"

#define TEST_NOW UINT64_C(1700000000000)
#define TEST_NONCE UINT64_C(1700000000001)

/* The decimal that `text` is. */
zc_decimal dec(const char *text);
/* A limit order to buy 1.50 at 30000.10, on a market and in an account that the venue has. */
zc_order limit_order(zc_venue venue);
/* An order with nothing but venue and action. */
zc_order bare_order(zc_venue venue, zc_operation action);

/* With an HMAC key named "key". */
zc_result prepare(const zc_order *order, zc_composition *ret_composition);
/* It is composed, or refused for this reason. */
void assert_composes(const zc_order *order);
void assert_refused(const zc_order *order, int reason);
/* Method and path (with the query), and the body. */
void assert_request(const zc_order *order, const char *call, const char *body);
void assert_text(zc_slice got, const char *wanted);

#endif
