/* What is asked of a trading venue. A structured order is the request; tcb/compose turns it into
 * the venue's bytes inside the enclave, so policy sees the order and never an opaque string.
 *
 * Numbers are decimals with their own scale, because venues judge them as text: 0.10 stays 0.10. */
#ifndef ZC_INTENT_ORDER_H
#define ZC_INTENT_ORDER_H

#include "base/slice.h"
#include "base/u256.h"
#include "base/writer.h"

/* Numbers are in logs and missions. X(NAME, number, name in JSON and missions, title) */
#define ZC_VENUES(X)                                                                               \
    X(BINANCE_SPOT, 1, "binance-spot", "Binance spot")                                             \
    X(BINANCE_USDM, 2, "binance-usdm", "Binance USD-M futures")                                    \
    X(BYBIT, 3, "bybit", "Bybit")                                                                  \
    X(OKX, 4, "okx", "OKX")                                                                        \
    X(KRAKEN, 5, "kraken", "Kraken")                                                               \
    X(COINBASE, 6, "coinbase", "Coinbase Advanced")                                                \
    X(BITGET, 7, "bitget", "Bitget")                                                               \
    X(KUCOIN, 8, "kucoin", "KuCoin")                                                               \
    X(GATE, 9, "gate", "Gate")                                                                     \
    X(DERIBIT, 10, "deribit", "Deribit")                                                           \
    X(BITMEX, 11, "bitmex", "BitMEX")                                                              \
    X(HYPERLIQUID, 12, "hyperliquid", "Hyperliquid")                                               \
    X(DYDX, 13, "dydx", "dYdX v4")

typedef enum zc_venue {
#define ZC_DECLARE_VENUE(name, number, text, title) ZC_VENUE_##name = (number),
    ZC_VENUES(ZC_DECLARE_VENUE)
#undef ZC_DECLARE_VENUE
} zc_venue;

typedef enum zc_order_side {
    ZC_SIDE_NONE = 0,
    ZC_SIDE_BUY = 1,
    ZC_SIDE_SELL = 2,
} zc_order_side;

typedef enum zc_order_type {
    ZC_ORDER_TYPE_NONE = 0,
    ZC_ORDER_LIMIT = 1,
    ZC_ORDER_MARKET = 2,
    ZC_ORDER_STOP_LIMIT = 3,  /* becomes LIMIT at the trigger price */
    ZC_ORDER_STOP_MARKET = 4, /* becomes MARKET at the trigger price */
} zc_order_type;

typedef enum zc_time_in_force {
    ZC_TIF_NONE = 0, /* the venue's default */
    ZC_TIF_GTC = 1,
    ZC_TIF_IOC = 2,
    ZC_TIF_FOK = 3,
    ZC_TIF_GTD = 4, /* until expiry_ms */
} zc_time_in_force;

/* units × 10^-scale. Absent: `present` is false and the rest zero. */
#define ZC_DECIMAL_MAX_SCALE 30
typedef struct zc_decimal {
    bool present;
    uint8_t scale;
    zc_u256 units;
} zc_decimal;

/* Room for a text of the order and its terminator; printable ASCII only. */
#define ZC_ORDER_NAME_SIZE 64
#define ZC_ORDER_TEXT_SIZE 132

/* One struct for all that a venue is asked; which fields an action takes stands in order.c. What an
 * action does not take is empty. The action itself is the intent's operation (ZC_OPERATION_ORDER_…
 * and ZC_OPERATION_VENUE_…). */
typedef struct zc_order {
    zc_venue venue;
    uint8_t action; /* zc_operation */
    zc_order_side side;
    zc_order_type type;
    zc_time_in_force tif;
    bool reduce_only;
    bool post_only;
    bool test_network;                /* the venue's test system, where its bytes differ */
    char account[ZC_ORDER_TEXT_SIZE]; /* subaccount, vault or category; empty: the key's own */
    char market[ZC_ORDER_NAME_SIZE];  /* as the venue writes it */
    char client_id[ZC_ORDER_NAME_SIZE];
    char order_id[ZC_ORDER_NAME_SIZE]; /* the venue's, for amend and cancel */
    zc_decimal price;
    zc_decimal trigger_price;
    zc_decimal quantity;       /* in units of the market (base, contracts) */
    zc_decimal quote_quantity; /* market orders by value, where the venue takes them */
    uint64_t time_ms;          /* the request's own timestamp or nonce; 0: the enclave's clock */
    uint64_t window_ms;        /* how long the venue may take it; 0: the venue's default */
    uint64_t expiry_ms;        /* GTD, and venues whose requests expire; 0: none */
    /* Withdrawals and transfers. */
    char asset[ZC_ORDER_NAME_SIZE];
    zc_decimal amount;
    char network[ZC_ORDER_NAME_SIZE];
    char to[ZC_ORDER_TEXT_SIZE];  /* address, or the account that receives a transfer */
    char tag[ZC_ORDER_TEXT_SIZE]; /* memo, destination tag */
    /* Reads and administration: which call, from the venue's own table. */
    char call[ZC_ORDER_NAME_SIZE];
} zc_order;

/* X(NAME, bit, key in JSON, in words). The bit plus 3 is the key of the field in CBOR
 * (order_cbor.h). */
#define ZC_ORDER_FIELDS(X)                                                                         \
    X(ACCOUNT, 0, "account", "account")                                                            \
    X(MARKET, 1, "market", "market")                                                               \
    X(SIDE, 2, "side", "side")                                                                     \
    X(TYPE, 3, "type", "order type")                                                               \
    X(TIF, 4, "time_in_force", "time in force")                                                    \
    X(REDUCE_ONLY, 5, "reduce_only", "reduce-only")                                                \
    X(POST_ONLY, 6, "post_only", "post-only")                                                      \
    X(CLIENT_ID, 7, "client_id", "client id")                                                      \
    X(ORDER_ID, 8, "order_id", "order id")                                                         \
    X(PRICE, 9, "price", "price")                                                                  \
    X(TRIGGER_PRICE, 10, "trigger_price", "trigger price")                                         \
    X(QUANTITY, 11, "quantity", "quantity")                                                        \
    X(QUOTE_QUANTITY, 12, "quote_quantity", "quantity by value")                                   \
    X(TIME, 13, "time_ms", "time of the request")                                                  \
    X(WINDOW, 14, "window_ms", "request window")                                                   \
    X(EXPIRY, 15, "expiry_ms", "expiry")                                                           \
    X(ASSET, 16, "asset", "asset")                                                                 \
    X(AMOUNT, 17, "amount", "amount")                                                              \
    X(NETWORK, 18, "network", "network")                                                           \
    X(TO, 19, "to", "destination")                                                                 \
    X(TAG, 20, "tag", "tag")                                                                       \
    X(CALL, 21, "call", "call")                                                                    \
    X(TEST_NETWORK, 22, "test_network", "test system")

typedef enum zc_order_field {
#define ZC_DECLARE_ORDER_FIELD(name, bit, text, words) ZC_ORDER_FIELD_##name = (bit),
    ZC_ORDER_FIELDS(ZC_DECLARE_ORDER_FIELD)
#undef ZC_DECLARE_ORDER_FIELD
} zc_order_field;
#define ZC_ORDER_FIELD_COUNT 23
#define ZC_ORDER_BIT(name) (UINT32_C(1) << ZC_ORDER_FIELD_##name)

/* The fields that are not empty, as a mask of 1 << zc_order_field. */
uint32_t zc_order_fields(const zc_order *order);
/* Whether the order is one: a known venue and action, texts of printable ASCII within their arrays,
 * decimals in range, no field that the action never takes, each that it always needs. What a venue
 * makes of it is tcb/compose's. Errors: ZC_INTENT_ORDER_… */
ZC_MUST_USE zc_result zc_order_check(const zc_order *order);

/* Names as JSON and missions have them; NULL for a number that is none (NONE included). */
const char *zc_order_side_name(zc_order_side side);
const char *zc_order_type_name(zc_order_type type);
const char *zc_time_in_force_name(zc_time_in_force tif);
const char *zc_order_field_name(zc_order_field field);

/* "digits[.digits]", no sign and no exponent: at least one digit on each side of the point, at most
 * ZC_DECIMAL_MAX_SCALE behind it. Errors: ZC_INTENT_ORDER_DECIMAL. */
ZC_MUST_USE zc_result zc_decimal_read(zc_slice text, zc_decimal *ret_decimal);
/* Digit for digit as it was given. Errors: ZC_BASE_FULL. */
ZC_MUST_USE zc_result zc_decimal_write(const zc_decimal *decimal, zc_writer *writer);

/* NULL for a number that is none. */
const char *zc_venue_name(zc_venue venue);
const char *zc_venue_title(zc_venue venue);
/* False for a name that is none. */
bool zc_venue_of_name(zc_slice name, zc_venue *ret_venue);

#endif
