#ifndef ZC_COMPOSE_REASONS_H
#define ZC_COMPOSE_REASONS_H

#include "base/result.h"

/* 40 + n: the venue's call has no place for field n of an order; 80 + n: it needs that field. */
#define ZC_COMPOSE_REASONS(X)                                                                      \
    X(VENUE, 1, "orders for this venue are not supported")                                         \
    X(CALL, 2, "the venue has no such call")                                                       \
    X(STYLE, 3, "the venue has no order of this type with this time in force and post-only")       \
    X(KEY_KIND, 4, "the venue does not sign with this kind of key")                                \
    X(API_KEY, 5, "the name of the API key is missing, too long or has odd characters")            \
    X(ACCOUNT, 6, "the venue has no such account or category for this call")                       \
    X(MARKET, 7, "this is not how the venue writes a market")                                      \
    X(CLIENT_ID, 8, "the client id is not one that the venue takes")                               \
    X(ORDER_ID, 9, "the order id is not one that the venue gives")                                 \
    X(TEXT, 10, "a text of the order has characters that no name at a venue has")                  \
    X(TIME, 11, "the time of the request is out of range")                                         \
    X(WINDOW, 12, "the venue takes no request window of this length")                              \
    X(NUMBER, 13, "a number has more places than the venue takes here")                            \
    X(TOO_LONG, 14, "the request is longer than the limit")                                        \
    X(SIGNATURE, 15, "a signature is missing or has the wrong length")                             \
    X(PASSPHRASE_MISSING, 16, "the venue wants a passphrase and the key has none")                 \
    X(AMOUNT, 17, "the amount is zero or too large")                                               \
    X(TEST_NETWORK, 18, "the venue has no test system for this call")                              \
    X(TRIGGER, 19, "a trigger price belongs to stop orders, and each of them needs one")           \
    X(EXPIRY, 20, "the expiry is not one that the venue takes here")                               \
    X(SIDE, 21, "the venue wants the side here")                                                   \
    X(NETWORK, 22, "the venue has no such network")                                                \
    X(QUANTITY, 23, "the quantity is zero, or not a whole number where the venue wants one")       \
    X(ZERO, 24, "a price, quantity or amount is zero")                                             \
    X(DESTINATION, 30, "this is not how the venue writes a destination")                           \
    X(ASSET, 31, "the venue does not move this asset in this way")                                 \
    X(TAKES_NO_ACCOUNT, 40, "the venue's call has no place for an account or category")            \
    X(TAKES_NO_MARKET, 41, "the venue's call has no place for a market")                           \
    X(TAKES_NO_SIDE, 42, "the venue's call has no place for a side")                               \
    X(TAKES_NO_TYPE, 43, "the venue's call has no place for an order type")                        \
    X(TAKES_NO_TIF, 44, "the venue's call has no place for a time in force")                       \
    X(TAKES_NO_REDUCE_ONLY, 45, "the venue's call has no place for reduce-only")                   \
    X(TAKES_NO_POST_ONLY, 46, "the venue's call has no place for post-only")                       \
    X(TAKES_NO_CLIENT_ID, 47, "the venue's call has no place for a client id")                     \
    X(TAKES_NO_ORDER_ID, 48, "the venue's call has no place for an order id")                      \
    X(TAKES_NO_PRICE, 49, "the venue's call has no place for a price")                             \
    X(TAKES_NO_TRIGGER_PRICE, 50, "the venue's call has no place for a trigger price")             \
    X(TAKES_NO_QUANTITY, 51, "the venue's call has no place for a quantity")                       \
    X(TAKES_NO_QUOTE_QUANTITY, 52, "the venue's call has no place for a quantity by value")        \
    X(TAKES_NO_TIME, 53, "the venue's call has no place for a time of the request")                \
    X(TAKES_NO_WINDOW, 54, "the venue's call has no place for a request window")                   \
    X(TAKES_NO_EXPIRY, 55, "the venue's call has no place for an expiry")                          \
    X(TAKES_NO_ASSET, 56, "the venue's call has no place for an asset")                            \
    X(TAKES_NO_AMOUNT, 57, "the venue's call has no place for an amount")                          \
    X(TAKES_NO_NETWORK, 58, "the venue's call has no place for a network")                         \
    X(TAKES_NO_TO, 59, "the venue's call has no place for a destination")                          \
    X(TAKES_NO_TAG, 60, "the venue's call has no place for a tag")                                 \
    X(TAKES_NO_CALL, 61, "the venue's call has no place for the name of a call")                   \
    X(TAKES_NO_TEST_NETWORK, 62, "the venue's call has no place for a test system")                \
    X(NEEDS_ACCOUNT, 80, "the venue's call needs an account or category")                          \
    X(NEEDS_MARKET, 81, "the venue's call needs a market")                                         \
    X(NEEDS_SIDE, 82, "the venue's call needs a side")                                             \
    X(NEEDS_TYPE, 83, "the venue's call needs an order type")                                      \
    X(NEEDS_TIF, 84, "the venue's call needs a time in force")                                     \
    X(NEEDS_REDUCE_ONLY, 85, "the venue's call needs reduce-only")                                 \
    X(NEEDS_POST_ONLY, 86, "the venue's call needs post-only")                                     \
    X(NEEDS_CLIENT_ID, 87, "the venue's call needs a client id")                                   \
    X(NEEDS_ORDER_ID, 88, "the venue's call needs an order id")                                    \
    X(NEEDS_PRICE, 89, "the venue's call needs a price")                                           \
    X(NEEDS_TRIGGER_PRICE, 90, "the venue's call needs a trigger price")                           \
    X(NEEDS_QUANTITY, 91, "the venue's call needs a quantity")                                     \
    X(NEEDS_QUOTE_QUANTITY, 92, "the venue's call needs a quantity by value")                      \
    X(NEEDS_TIME, 93, "the venue's call needs a time of the request")                              \
    X(NEEDS_WINDOW, 94, "the venue's call needs a request window")                                 \
    X(NEEDS_EXPIRY, 95, "the venue's call needs an expiry")                                        \
    X(NEEDS_ASSET, 96, "the venue's call needs an asset")                                          \
    X(NEEDS_AMOUNT, 97, "the venue's call needs an amount")                                        \
    X(NEEDS_NETWORK, 98, "the venue's call needs a network")                                       \
    X(NEEDS_TO, 99, "the venue's call needs a destination")                                        \
    X(NEEDS_TAG, 100, "the venue's call needs a tag")                                              \
    X(NEEDS_CALL, 101, "the venue's call needs the name of a call")                                \
    X(NEEDS_TEST_NETWORK, 102, "the venue's call needs a test system")

#define ZC_DECLARE_COMPOSE_REASON(name, number, text)                                              \
    ZC_COMPOSE_##name = ZC_REASON_CODE(ZC_MODULE_COMPOSE, number),
enum { ZC_COMPOSE_REASONS(ZC_DECLARE_COMPOSE_REASON) };

/* The two reasons that name a field of an order. */
#define ZC_COMPOSE_TAKES_NO(field) (ZC_COMPOSE_TAKES_NO_ACCOUNT + (int)(field))
#define ZC_COMPOSE_NEEDS(field) (ZC_COMPOSE_NEEDS_ACCOUNT + (int)(field))

#endif
