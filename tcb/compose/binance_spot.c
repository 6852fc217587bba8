/* https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints */
#include "compose/binance_frame.h"

/* Words: type, timeInForce. A stop order is one that sells below and buys above the market. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"LIMIT", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"LIMIT", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"LIMIT", "IOC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"LIMIT", "FOK"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"LIMIT_MAKER"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"LIMIT_MAKER"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"MARKET"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"STOP_LOSS_LIMIT", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"STOP_LOSS_LIMIT", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {"STOP_LOSS_LIMIT", "IOC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_FOK, false, {"STOP_LOSS_LIMIT", "FOK"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"STOP_LOSS"}},
    {0},
};

static const zc_compose_param place[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_upper),
    ZC_MAY("newClientOrderId", CLIENT_ID),
    ZC_STYLE("type", 0),
    ZC_MAY("quantity", QUANTITY),
    ZC_MAY("quoteOrderQty", QUOTE_QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_MAY("stopPrice", TRIGGER_PRICE),
    ZC_STYLE("timeInForce", 1),
    ZC_PARAMS_END,
};

/* Cancels one order and places another at once; nothing is placed when the cancellation fails. */
static const zc_compose_param replace[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_upper),
    ZC_STYLE("type", 0),
    ZC_MAY("newClientOrderId", CLIENT_ID),
    ZC_NEED("quantity", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_MAY("stopPrice", TRIGGER_PRICE),
    ZC_STYLE("timeInForce", 1),
    ZC_FIXED("cancelReplaceMode", "STOP_ON_FAILURE"),
    ZC_NEED("cancelOrderId", ORDER_ID),
    ZC_PARAMS_END,
};

/* A smaller quantity; the order keeps its place in the queue. */
static const zc_compose_param reduce[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("origClientOrderId", CLIENT_ID),
    ZC_NEED("newQty", QUANTITY),
    ZC_PARAMS_END,
};

static const zc_compose_param one_order[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("origClientOrderId", CLIENT_ID),
    ZC_PARAMS_END,
};

static const zc_compose_param market[] = {ZC_NEED("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param any_market[] = {ZC_MAY("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param fills[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_MAY("coin", ASSET), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

static const zc_compose_param withdraw[] = {
    ZC_NEED("coin", ASSET),
    ZC_NEED("address", TO),
    ZC_MAY("addressTag", TAG),
    ZC_MAY("network", NETWORK),
    ZC_NEED("amount", AMOUNT),
    ZC_MAY("withdrawOrderId", CLIENT_ID),
    ZC_PARAMS_END,
};

/* The destination is the venue's own name for the pair of wallets: "MAIN_UMFUTURE". */
static const zc_compose_param transfer[] = {
    ZC_NEED("asset", ASSET), ZC_NEED("amount", AMOUNT),
    ZC_NEED("type", TO),     ZC_MAY("fromSymbol", MARKET),
    ZC_PARAMS_END,
};

static const zc_compose_param sub_transfer[] = {
    ZC_NEED("toEmail", TO),  ZC_FIXED("fromAccountType", "SPOT"), ZC_FIXED("toAccountType", "SPOT"),
    ZC_NEED("asset", ASSET), ZC_NEED("amount", AMOUNT),           ZC_MAY("clientTranId", CLIENT_ID),
    ZC_PARAMS_END,
};

/* Destination: the subaccount's address; tag: the name of its key. */
static const zc_compose_param key_restriction[] = {
    ZC_NEED("email", TO),
    ZC_NEED("subAccountApiKey", TAG),
    ZC_FIXED("status", "1"),
    ZC_PARAMS_END,
};

#define READ(title, where, list)                                                                   \
    {                                                                                              \
        .action = ZC_OPERATION_VENUE_READ, .method = ZC_COMPOSE_GET, .name = (title),              \
        .path = (where), .params = (list)                                                          \
    }

static const zc_compose_call calls[] = {
    {.action = ZC_OPERATION_ORDER_PLACE,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .path = "/api/v3/order",
     .params = place,
     .styles = styles},
    {.action = ZC_OPERATION_ORDER_AMEND,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .with = ZC_ORDER_BIT(SIDE) | ZC_ORDER_BIT(TYPE),
     .path = "/api/v3/order/cancelReplace",
     .params = replace,
     .styles = styles},
    {.action = ZC_OPERATION_ORDER_AMEND,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_PUT,
     .path = "/api/v3/order/amend/keepPriority",
     .params = reduce},
    {.action = ZC_OPERATION_ORDER_CANCEL,
     .method = ZC_COMPOSE_DELETE,
     .path = "/api/v3/order",
     .params = one_order},
    {.action = ZC_OPERATION_ORDER_CANCEL_ALL,
     .method = ZC_COMPOSE_DELETE,
     .path = "/api/v3/openOrders",
     .params = market},
    READ("balances", "/api/v3/account", none),
    READ("open-orders", "/api/v3/openOrders", any_market),
    READ("order", "/api/v3/order", one_order),
    READ("fills", "/api/v3/myTrades", fills),
    READ("withdrawals", "/sapi/v1/capital/withdraw/history", coin),
    READ("key-permissions", "/sapi/v1/account/apiRestrictions", none),
    {.action = ZC_OPERATION_VENUE_WITHDRAW,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .path = "/sapi/v1/capital/withdraw/apply",
     .params = withdraw},
    {.action = ZC_OPERATION_VENUE_TRANSFER,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .path = "/sapi/v1/asset/transfer",
     .params = transfer},
    {.action = ZC_OPERATION_VENUE_TRANSFER,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .account = "subaccount",
     .path = "/sapi/v1/sub-account/universalTransfer",
     .params = sub_transfer},
    {.action = ZC_OPERATION_VENUE_ADMIN,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .is_key_call = true,
     .name = "unrestrict-subaccount-key",
     .path = "/sapi/v2/sub-account/subAccountApi/ipRestriction",
     .params = key_restriction},
    {0},
};

static const zc_compose_rest rest = {
    .calls = calls,
    .head = zc_binance_head,
    .tail = zc_binance_tail,
    .market = {20, ""},
    .client_id = {36, ".:/_-"},
    .order_id = {20, ""},
    .frame = zc_binance_frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_binance_spot = {
    .venue = ZC_VENUE_BINANCE_SPOT,
    .keys = ZC_BINANCE_KEYS,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = zc_binance_frame,
};
