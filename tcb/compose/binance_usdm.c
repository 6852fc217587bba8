/* https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api */
#include "compose/binance_frame.h"

/* Words: type, timeInForce. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"LIMIT", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"LIMIT", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"LIMIT", "IOC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"LIMIT", "FOK"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTD, false, {"LIMIT", "GTD"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"LIMIT", "GTX"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"LIMIT", "GTX"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"MARKET"}},
    {0},
};

/* Kept apart from other orders since the end of 2025, with ids of their own. */
static const zc_compose_style stop_styles[] = {
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"STOP"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"STOP", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {"STOP", "IOC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_FOK, false, {"STOP", "FOK"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, true, {"STOP", "GTX"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, true, {"STOP", "GTX"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"STOP_MARKET"}},
    {0},
};

static const char *const position_sides[] = {"BOTH", "LONG", "SHORT", NULL};
#define POSITION_SIDES "- BOTH LONG SHORT"

static const zc_compose_param place[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_upper),
    ZC_MAY("newClientOrderId", CLIENT_ID),
    ZC_STYLE("type", 0),
    ZC_NEED("quantity", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_STYLE("timeInForce", 1),
    ZC_MAY("goodTillDate", EXPIRY),
    ZC_MAY("reduceOnly", REDUCE_ONLY),
    ZC_MAY_PART("positionSide", 0, position_sides),
    ZC_PARAMS_END,
};

static const zc_compose_param place_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_upper),
    ZC_MAY("clientAlgoId", CLIENT_ID),
    ZC_STYLE("type", 0),
    ZC_NEED("quantity", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_NEED("triggerPrice", TRIGGER_PRICE),
    ZC_STYLE("timeInForce", 1),
    ZC_MAY("reduceOnly", REDUCE_ONLY),
    ZC_FIXED("algoType", "CONDITIONAL"),
    ZC_MAY_PART("positionSide", 0, position_sides),
    ZC_PARAMS_END,
};

static const zc_compose_param amend[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_upper),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("origClientOrderId", CLIENT_ID),
    ZC_NEED("quantity", QUANTITY),
    ZC_NEED("price", PRICE),
    ZC_PARAMS_END,
};

static const zc_compose_param one_order[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("origClientOrderId", CLIENT_ID),
    ZC_PARAMS_END,
};

static const zc_compose_param one_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("algoId", ORDER_ID),
    ZC_MAY("clientAlgoId", CLIENT_ID),
    ZC_PARAMS_END,
};

static const zc_compose_param market[] = {ZC_NEED("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param any_market[] = {ZC_MAY("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param fills[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param none[] = {ZC_PARAMS_END};

static const zc_compose_param leverage[] = {
    ZC_NEED("symbol", MARKET),
    ZC_NEED_AS("leverage", AMOUNT, ZC_PARAM_WHOLE),
    ZC_PARAMS_END,
};

#define READ(title, where, list)                                                                   \
    {                                                                                              \
        .action = ZC_OPERATION_VENUE_READ, .method = ZC_COMPOSE_GET, .name = (title),              \
        .path = (where), .params = (list)                                                          \
    }

static const zc_compose_call calls[] = {
    {.action = ZC_OPERATION_ORDER_PLACE,
     .types = ZC_TYPES_PLAIN,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .account = POSITION_SIDES,
     .path = "/fapi/v1/order",
     .params = place,
     .styles = styles},
    {.action = ZC_OPERATION_ORDER_PLACE,
     .types = ZC_TYPES_STOP,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .account = POSITION_SIDES,
     .path = "/fapi/v1/algoOrder",
     .params = place_stop,
     .styles = stop_styles},
    {.action = ZC_OPERATION_ORDER_AMEND,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_PUT,
     .path = "/fapi/v1/order",
     .params = amend},
    {.action = ZC_OPERATION_ORDER_CANCEL,
     .types = ZC_TYPES_PLAIN,
     .method = ZC_COMPOSE_DELETE,
     .path = "/fapi/v1/order",
     .params = one_order},
    {.action = ZC_OPERATION_ORDER_CANCEL,
     .types = ZC_TYPES_STOP,
     .method = ZC_COMPOSE_DELETE,
     .path = "/fapi/v1/algoOrder",
     .params = one_stop},
    {.action = ZC_OPERATION_ORDER_CANCEL_ALL,
     .types = ZC_TYPES_PLAIN,
     .method = ZC_COMPOSE_DELETE,
     .path = "/fapi/v1/allOpenOrders",
     .params = market},
    {.action = ZC_OPERATION_ORDER_CANCEL_ALL,
     .types = ZC_TYPES_STOP,
     .method = ZC_COMPOSE_DELETE,
     .path = "/fapi/v1/algoOpenOrders",
     .params = market},
    READ("balances", "/fapi/v3/account", none),
    READ("positions", "/fapi/v3/positionRisk", any_market),
    READ("open-orders", "/fapi/v1/openOrders", any_market),
    READ("order", "/fapi/v1/order", one_order),
    READ("fills", "/fapi/v1/userTrades", fills),
    {.action = ZC_OPERATION_VENUE_ADMIN,
     .form = ZC_COMPOSE_FORM_BODY,
     .method = ZC_COMPOSE_POST,
     .name = "set-leverage",
     .path = "/fapi/v1/leverage",
     .params = leverage},
    {0},
};

static const zc_compose_rest rest = {
    .calls = calls,
    .head = zc_binance_head,
    .tail = zc_binance_tail,
    .market = {32, "_"},
    .client_id = {36, ".:/_-"},
    .order_id = {20, ""},
    .frame = zc_binance_frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_binance_usdm = {
    .venue = ZC_VENUE_BINANCE_USDM,
    .keys = ZC_BINANCE_KEYS,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = zc_binance_frame,
};
