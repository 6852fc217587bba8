/* dYdX v4: what its files share. Private to the venue.
 *
 * A request is a Cosmos transaction with one message, SIGN_MODE_DIRECT; the finished body is the
 * TxRaw, which the host broadcasts as its node wants it (REST wants it in base64). How an order's
 * fields become a message:
 *
 *   account    "0@12345": the subaccount, then the chain's number of the account, which is signed.
 *              "wallet@12345" is the account's own balance
 *   market     "BTC-USD@0,-10,-9": a name for people, the venue's number of the order book, its
 *              atomic resolution and its quantum conversion exponent. With them price and quantity
 *              become subticks and quantums here, exactly or not at all. Policy judges the whole
 *              text: a rule that names the market thereby names how the market counts, and
 *              quantums and subticks are arguments of the intent as well.
 *   client id  "77" of an order that rests in the chain's state, "77@1000000" of a short-term
 * order, good until that block. In a cancellation more of the latter: "77,78,79@1000000" type stops
 * are conditional orders. "market" is IOC at the worst price that the order gives. In a
 * cancellation the type says where the chain keeps the order expiry     good-til-block-time of
 * orders in state, whole seconds time       the sequence, as the chain's timestamp nonces have it:
 * milliseconds near its clock tag        the memo
 *
 * Orders are free. What moves money pays the fee below, a fixed one, because what is signed must
 * not depend on what a node says. The venue changes no order: cancel and place; it has no cancel
 * all; its reads need no signature; keys of others (authenticators) are not supported. */
#ifndef ZC_COMPOSE_DYDX_H
#define ZC_COMPOSE_DYDX_H

#include "codec/protobuf.h"
#include "compose/chain_number.h"
#include "compose/venue.h"

#define ZC_DYDX_MAX_SUBACCOUNT 128000
#define ZC_DYDX_MAX_RESOLUTION 30
#define ZC_DYDX_USDC_RESOLUTION 6
#define ZC_DYDX_ADDRESS_MAX 64
/* Of messages that are not free. The fee is in millionths of USDC: 0.025 a unit of gas. */
#define ZC_DYDX_GAS 500000
#define ZC_DYDX_FEE 12500
#define ZC_DYDX_ORDER_GAS 1000000
#define ZC_DYDX_MAX_BATCH 16

typedef struct zc_dydx_market {
    uint32_t pair;
    int quantity_exponent; /* quantums = quantity × 10^this */
    int price_exponent;    /* subticks = price × 10^this */
} zc_dydx_market;

typedef struct zc_dydx_client_id {
    bool is_short_term;
    uint8_t count;
    uint32_t block;
    uint32_t id[ZC_DYDX_MAX_BATCH];
} zc_dydx_client_id;

typedef struct zc_dydx_account {
    bool is_wallet;
    uint32_t subaccount;
    uint64_t number;
    uint8_t len;
    uint8_t address[ZC_DYDX_ADDRESS_MAX]; /* bech32 text of the key's account */
} zc_dydx_account;

/* Errors: ZC_COMPOSE_MARKET, ZC_COMPOSE_CLIENT_ID. */
ZC_MUST_USE zc_result zc_dydx_market_of(const zc_order *order, zc_dydx_market *ret_market);
ZC_MUST_USE zc_result zc_dydx_client_id_of(const zc_order *order, zc_dydx_client_id *ret_id);
/* "dydx1…" of 20 bytes, in lower case. */
bool zc_dydx_is_address(zc_slice text);

/* The one message of the transaction: its fields. */
typedef struct zc_dydx_tx zc_dydx_tx;
typedef zc_result zc_dydx_put_fn(const zc_dydx_tx *tx, zc_writer *writer);
struct zc_dydx_tx {
    zc_compose_job *job;
    zc_dydx_account account;
    zc_dydx_market market;
    zc_dydx_client_id client_id;
    zc_dydx_put_fn *put;
    const char *type_url;
    bool is_free;
};

/* Reads the account out of the order and the key; takes the field. */
ZC_MUST_USE zc_result zc_dydx_begin(zc_dydx_tx *tx, zc_compose_job *job);
/* SubaccountId as field `field`. */
ZC_MUST_USE zc_result zc_dydx_put_subaccount(zc_writer *writer, uint32_t field, zc_slice owner,
                                             uint32_t number);
zc_slice zc_dydx_owner(const zc_dydx_tx *tx);
/* Writes transaction and what is signed of it. */
ZC_MUST_USE zc_result zc_dydx_end(zc_dydx_tx *tx, const char *type_url, zc_dydx_put_fn *put);

/* dydx_order.c */
ZC_MUST_USE zc_result zc_dydx_place(zc_compose_job *job);
ZC_MUST_USE zc_result zc_dydx_cancel(zc_compose_job *job);
ZC_MUST_USE zc_result zc_dydx_order_intent(const zc_order *order, zc_intent *intent);

/* dydx_move.c */
ZC_MUST_USE zc_result zc_dydx_withdraw(zc_compose_job *job);
ZC_MUST_USE zc_result zc_dydx_transfer(zc_compose_job *job);
ZC_MUST_USE zc_result zc_dydx_move_intent(const zc_order *order, zc_intent *intent);

#endif
