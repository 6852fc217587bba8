/* https://www.bitget.com/api-doc/common/intro, version 2
 *
 * Account: none or "spot" for spot; for futures the kind, how the margin is kept, and its coin:
 * "USDT-FUTURES:crossed:USDT". Of a transfer: the wallet that it comes from. */
#include "compose/table.h"

#define FUTURES "USDT-FUTURES USDC-FUTURES COIN-FUTURES"

static const char *const products[] = {"USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES", NULL};
static const char *const margins[] = {"crossed", "isolated", NULL};

/* Words: orderType, force. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"limit", "IOC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"limit", "FOK"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"limit", "post_only"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"limit", "post_only"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"limit", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"limit", "GTC"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"market", "GTC"}},
    {0},
};

#define SPOT_PLACE(size_field)                                                                     \
    {                                                                                              \
        ZC_NEED("symbol", MARKET), ZC_STYLE("orderType", 0), ZC_MAY("price", PRICE),               \
            ZC_STYLE("force", 1), ZC_WORD("side", SIDE, zc_compose_side_lower),                    \
            ZC_MAY("clientOid", CLIENT_ID), ZC_NEED("size", size_field), ZC_PARAMS_END             \
    }
static const zc_compose_param spot_place[] = SPOT_PLACE(QUANTITY);
/* A market order that buys is by value, always. */
static const zc_compose_param spot_buy[] = SPOT_PLACE(QUOTE_QUANTITY);

static const zc_compose_param spot_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_STYLE("orderType", 0),
    ZC_MAY_AS("price", PRICE, ZC_PARAM_UNTAKEN),
    ZC_STYLE("force", 1),
    ZC_WORD("side", SIDE, zc_compose_side_lower),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_NEED("size", QUANTITY),
    ZC_FIXED("planType", "amount"),
    ZC_FIXED("triggerType", "mark_price"),
    ZC_NEED("triggerPrice", TRIGGER_PRICE),
    ZC_MAY("executePrice", PRICE),
    ZC_PARAMS_END,
};

static const zc_compose_param place[] = {
    ZC_NEED("symbol", MARKET),
    ZC_STYLE("orderType", 0),
    ZC_MAY("price", PRICE),
    ZC_STYLE("force", 1),
    ZC_NEED_PART("marginCoin", 2, zc_compose_any_part),
    ZC_NEED("size", QUANTITY),
    ZC_NEED_PART("productType", 0, products),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_NEED_PART("marginMode", 1, margins),
    {.name = "reduceOnly", .source = ZC_ORDER_FIELD_REDUCE_ONLY, .text = "YES"},
    ZC_WORD("side", SIDE, zc_compose_side_lower),
    ZC_PARAMS_END,
};
static const zc_compose_param place_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_STYLE("orderType", 0),
    ZC_MAY_AS("price", PRICE, ZC_PARAM_UNTAKEN),
    ZC_STYLE("force", 1),
    ZC_NEED_PART("marginCoin", 2, zc_compose_any_part),
    ZC_NEED("size", QUANTITY),
    ZC_NEED_PART("productType", 0, products),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_FIXED("triggerType", "mark_price"),
    ZC_FIXED("planType", "normal_plan"),
    ZC_NEED("triggerPrice", TRIGGER_PRICE),
    ZC_MAY("executePrice", PRICE),
    ZC_NEED_PART("marginMode", 1, margins),
    {.name = "reduceOnly", .source = ZC_ORDER_FIELD_REDUCE_ONLY, .text = "YES"},
    ZC_WORD("side", SIDE, zc_compose_side_lower),
    ZC_PARAMS_END,
};

/* Cancels the order and places it anew: both numbers are wanted. */
static const zc_compose_param spot_amend[] = {
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_NEED("size", QUANTITY),
    ZC_FIXED("orderType", "limit"),
    ZC_NEED("price", PRICE),
    ZC_NEED("symbol", MARKET),
    ZC_PARAMS_END,
};
/* The changed order has an id of its own: the client id, or the nonce. */
static const zc_compose_param amend[] = {
    ZC_NEED("orderId", ORDER_ID),
    ZC_NEED("symbol", MARKET),
    ZC_NEED_PART("productType", 0, products),
    ZC_NEED("newSize", QUANTITY),
    ZC_NEED("newPrice", PRICE),
    {.name = "newClientOid", .source = ZC_PARAM_RESULT_ID},
    ZC_PARAMS_END,
};

static const zc_compose_param spot_cancel[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param spot_cancel_stop[] = {
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param cancel[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_NEED_PART("productType", 0, products),
    ZC_PARAMS_END,
};
static const zc_compose_param cancel_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_ARRAY("orderIdList"),
    ZC_OBJECT(NULL),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_CLOSE,
    ZC_CLOSE,
    ZC_NEED_PART("productType", 0, products),
    ZC_PARAMS_END,
};
static const zc_compose_param market[] = {ZC_NEED("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param cancel_all[] = {
    ZC_MAY("symbol", MARKET),
    ZC_NEED_PART("productType", 0, products),
    ZC_PARAMS_END,
};

static const zc_compose_param spot_order[] = {
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param spot_orders[] = {ZC_MAY("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param order[] = {
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_MAY("orderId", ORDER_ID),
    ZC_NEED_PART("productType", 0, products),
    ZC_NEED("symbol", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param orders[] = {
    ZC_NEED_PART("productType", 0, products),
    ZC_MAY("symbol", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param positions[] = {
    ZC_MAY("marginCoin", ASSET),
    ZC_NEED_PART("productType", 0, products),
    ZC_PARAMS_END,
};
static const zc_compose_param product[] = {
    ZC_NEED_PART("productType", 0, products),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_MAY("coin", ASSET), ZC_PARAMS_END};

static const zc_compose_param withdraw[] = {
    ZC_NEED("coin", ASSET),
    ZC_NEED("address", TO),
    ZC_NEED("chain", NETWORK),
    ZC_NEED("size", AMOUNT),
    ZC_FIXED("transferType", "on_chain"),
    ZC_MAY("tag", TAG),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param transfer[] = {
    ZC_NEED_PART("fromType", 0, zc_compose_any_part),
    ZC_NEED("toType", TO),
    ZC_NEED("amount", AMOUNT),
    ZC_NEED("coin", ASSET),
    ZC_MAY("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param leverage[] = {
    ZC_NEED("symbol", MARKET),
    ZC_NEED_PART("productType", 0, products),
    ZC_NEED("marginCoin", ASSET),
    ZC_NEED("leverage", AMOUNT),
    ZC_PARAMS_END,
};

#define READ(title, words, where, list)                                                            \
    {                                                                                              \
        .action = ZC_OPERATION_VENUE_READ, .method = ZC_COMPOSE_GET, .name = (title),              \
        .account = (words), .path = (where), .params = (list)                                      \
    }
#define POST(what, of, words, where, list)                                                         \
    .action = ZC_OPERATION_##what, .types = (of), .form = ZC_COMPOSE_JSON_BODY,                    \
    .method = ZC_COMPOSE_POST, .account = (words), .path = (where), .params = (list)
#define SPOT "- spot"

static const zc_compose_call calls[] = {
    {POST(ORDER_PLACE, ZC_TYPE_BIT(MARKET), SPOT, "/api/v2/spot/trade/place-order", spot_buy),
     .side = ZC_SIDE_BUY, .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_PLAIN, SPOT, "/api/v2/spot/trade/place-order", spot_place),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, SPOT, "/api/v2/spot/trade/place-plan-order", spot_stop),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_PLAIN, FUTURES, "/api/v2/mix/order/place-order", place),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, FUTURES, "/api/v2/mix/order/place-plan-order", place_stop),
     .styles = styles},
    {POST(ORDER_AMEND, ZC_TYPE_BIT(LIMIT) | 1, SPOT, "/api/v2/spot/trade/cancel-replace-order",
          spot_amend)},
    {POST(ORDER_AMEND, ZC_TYPE_BIT(LIMIT) | 1, FUTURES, "/api/v2/mix/order/modify-order", amend)},
    {POST(ORDER_CANCEL, ZC_TYPES_PLAIN, SPOT, "/api/v2/spot/trade/cancel-order", spot_cancel)},
    {POST(ORDER_CANCEL, ZC_TYPES_STOP, SPOT, "/api/v2/spot/trade/cancel-plan-order",
          spot_cancel_stop)},
    {POST(ORDER_CANCEL, ZC_TYPES_PLAIN, FUTURES, "/api/v2/mix/order/cancel-order", cancel)},
    {POST(ORDER_CANCEL, ZC_TYPES_STOP, FUTURES, "/api/v2/mix/order/cancel-plan-order",
          cancel_stop)},
    {POST(ORDER_CANCEL_ALL, 0, SPOT, "/api/v2/spot/trade/cancel-symbol-order", market)},
    {POST(ORDER_CANCEL_ALL, 0, FUTURES, "/api/v2/mix/order/batch-cancel-orders", cancel_all)},
    READ("balances", SPOT, "/api/v2/spot/account/assets", coin),
    READ("balances", FUTURES, "/api/v2/mix/account/accounts", product),
    READ("positions", FUTURES, "/api/v2/mix/position/all-position", positions),
    READ("open-orders", SPOT, "/api/v2/spot/trade/unfilled-orders", spot_orders),
    READ("open-orders", FUTURES, "/api/v2/mix/order/orders-pending", orders),
    READ("order", SPOT, "/api/v2/spot/trade/orderInfo", spot_order),
    READ("order", FUTURES, "/api/v2/mix/order/detail", order),
    READ("fills", SPOT, "/api/v2/spot/trade/fills", market),
    READ("fills", FUTURES, "/api/v2/mix/order/fills", orders),
    {POST(VENUE_WITHDRAW, 0, SPOT, "/api/v2/spot/wallet/withdrawal", withdraw)},
    {POST(VENUE_TRANSFER, 0,
          "spot p2p coin_futures usdt_futures usdc_futures crossed_margin isolated_margin",
          "/api/v2/spot/wallet/transfer", transfer)},
    {POST(VENUE_ADMIN, 0, FUTURES, "/api/v2/mix/account/set-leverage", leverage),
     .name = "set-leverage"},
    {0},
};

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    ZC_TRY(zc_compose_preimage_add_u64(out, job->time_ms));
    ZC_TRY(zc_compose_preimage_add(out, zc_slice_of_text(zc_compose_method_name(out->method))));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->path)));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->body)));
    const bool hmac = job->account->key == ZC_COMPOSE_KEY_HMAC;
    ZC_TRY(
        zc_compose_add_signing(out, hmac ? ZC_COMPOSE_HMAC_SHA256 : ZC_COMPOSE_RSA_PKCS1_SHA256));
    ZC_TRY(zc_compose_add_header(out, "ACCESS-KEY", job->account->api_key));
    ZC_TRY(zc_compose_add_header_hole(out, "ACCESS-SIGN", 0, ZC_COMPOSE_BASE64));
    ZC_TRY(zc_compose_add_header_u64(out, "ACCESS-TIMESTAMP", job->time_ms));
    ZC_TRY(zc_compose_add_header_hole(out, "ACCESS-PASSPHRASE", ZC_COMPOSE_OF_PASSPHRASE,
                                      ZC_COMPOSE_PLAIN));
    if (job->order->test_network) {
        zc_compose_take(job, ZC_ORDER_FIELD_TEST_NETWORK);
        ZC_TRY(zc_compose_add_header(out, "paptrading", zc_slice_of_text("1")));
    }
    return form == ZC_COMPOSE_IN_QUERY
               ? ZC_OK
               : zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json"));
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "_"},
    .client_id = {50, "-_.:/"},
    .order_id = {32, ""},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_bitget = {
    .venue = ZC_VENUE_BITGET,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC | 1u << ZC_COMPOSE_KEY_RSA,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
