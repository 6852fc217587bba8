/* https://www.kucoin.com/docs-new; spot, by the calls of the fast ("HF") trading account, and
 * margin (account "cross" or "isolated"). Each order has a client id: the venue insists on one. */
#include "compose/table.h"

/* Words: type, timeInForce. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"limit", "IOC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"limit", "FOK"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"limit", "GTC"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"limit", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {"limit", "IOC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_FOK, false, {"limit", "FOK"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"market"}},
    {0},
};

/* Sells trigger when the price falls to the trigger price, buys when it rises to it. */
static const char *const stops[] = {NULL, "entry", "loss"};

#define PLACE(...)                                                                                 \
    {                                                                                              \
        ZC_NEED("clientOid", CLIENT_ID), ZC_WORD("side", SIDE, zc_compose_side_lower),             \
            ZC_NEED("symbol", MARKET), ZC_STYLE("type", 0), ZC_MAY("funds", QUOTE_QUANTITY),       \
            ZC_MAY("size", QUANTITY), ZC_MAY("price", PRICE),                                      \
            __VA_ARGS__ ZC_STYLE("timeInForce", 1), ZC_PARAMS_END                                  \
    }

/* Post-only has no word of its own: a flag beside the time in force. */
#define POST_ONLY {.name = "postOnly", .source = ZC_ORDER_FIELD_POST_ONLY, .form = ZC_PARAM_BARE},

static const zc_compose_param place[] = PLACE(POST_ONLY);
static const zc_compose_param place_stop[] =
    PLACE(ZC_WORD("stop", SIDE, stops), ZC_NEED("stopPrice", TRIGGER_PRICE), );
static const zc_compose_param place_cross[] =
    PLACE(POST_ONLY ZC_FIXED_BARE("isIsolated", "false"), );
static const zc_compose_param place_isolated[] =
    PLACE(POST_ONLY ZC_FIXED_BARE("isIsolated", "true"), );

static const zc_compose_param amend[] = {
    ZC_NEED("symbol", MARKET),   ZC_MAY("orderId", ORDER_ID), ZC_MAY("clientOid", CLIENT_ID),
    ZC_MAY("newSize", QUANTITY), ZC_MAY("newPrice", PRICE),   ZC_PARAMS_END,
};

static const zc_compose_param by_id[] = {
    ZC_NEED_AS(NULL, ORDER_ID, ZC_PARAM_IN_PATH),
    ZC_NEED("symbol", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param by_client_id[] = {
    ZC_NEED_AS(NULL, CLIENT_ID, ZC_PARAM_IN_PATH),
    ZC_NEED("symbol", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param stop_by_id[] = {
    ZC_NEED_AS(NULL, ORDER_ID, ZC_PARAM_IN_PATH),
    ZC_PARAMS_END,
};
static const zc_compose_param stop_by_client_id[] = {
    ZC_MAY("symbol", MARKET),
    ZC_NEED("clientOid", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param market[] = {ZC_NEED("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param any_market[] = {ZC_MAY("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param fills[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_MAY("currency", ASSET), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

static const zc_compose_param withdraw[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED("toAddress", TO),
    ZC_FIXED("withdrawType", "ADDRESS"),
    ZC_MAY("memo", TAG),
    ZC_NEED("chain", NETWORK),
    ZC_NEED_AS("amount", AMOUNT, ZC_PARAM_BARE),
    ZC_PARAMS_END,
};

/* Between the account's own wallets: "MAIN", "TRADE", "MARGIN", "CONTRACT". */
static const zc_compose_param transfer[] = {
    ZC_NEED("clientOid", CLIENT_ID),
    ZC_NEED("currency", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_FIXED("type", "INTERNAL"),
    ZC_NEED_PART("fromAccountType", 0, zc_compose_any_part),
    ZC_NEED("toAccountType", TO),
    ZC_PARAMS_END,
};
/* To a subaccount, by its number. */
static const zc_compose_param sub_transfer[] = {
    ZC_NEED("clientOid", CLIENT_ID),
    ZC_NEED("currency", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_FIXED("type", "PARENT_TO_SUB"),
    ZC_FIXED("fromAccountType", "MAIN"),
    ZC_FIXED("toAccountType", "MAIN"),
    ZC_NEED("toUserId", TO),
    ZC_PARAMS_END,
};

#define CALL(what, how, where, list)                                                               \
    .action = ZC_OPERATION_##what, .method = ZC_COMPOSE_##how, .path = (where), .params = (list)
#define POST(what, where, list) CALL(what, POST, where, list), .form = ZC_COMPOSE_JSON_BODY

static const zc_compose_call calls[] = {
    {POST(ORDER_PLACE, "/api/v1/hf/orders", place), .types = ZC_TYPES_PLAIN, .styles = styles},
    {POST(ORDER_PLACE, "/api/v1/stop-order", place_stop), .types = ZC_TYPES_STOP, .styles = styles},
    {POST(ORDER_PLACE, "/api/v3/hf/margin/order", place_cross), .types = ZC_TYPES_PLAIN,
     .account = "cross", .styles = styles},
    {POST(ORDER_PLACE, "/api/v3/hf/margin/order", place_isolated), .types = ZC_TYPES_PLAIN,
     .account = "isolated", .styles = styles},
    {POST(ORDER_AMEND, "/api/v1/hf/orders/alter", amend)},
    {CALL(ORDER_CANCEL, DELETE, "/api/v1/hf/orders/{}", by_id), .types = ZC_TYPES_PLAIN,
     .with = ZC_ORDER_BIT(ORDER_ID)},
    {CALL(ORDER_CANCEL, DELETE, "/api/v1/hf/orders/client-order/{}", by_client_id),
     .types = ZC_TYPES_PLAIN},
    {CALL(ORDER_CANCEL, DELETE, "/api/v1/stop-order/{}", stop_by_id), .types = ZC_TYPES_STOP,
     .with = ZC_ORDER_BIT(ORDER_ID)},
    {CALL(ORDER_CANCEL, DELETE, "/api/v1/stop-order/cancelOrderByClientOid", stop_by_client_id),
     .types = ZC_TYPES_STOP},
    {CALL(ORDER_CANCEL_ALL, DELETE, "/api/v1/stop-order/cancel", any_market),
     .types = ZC_TYPES_STOP},
    {CALL(ORDER_CANCEL_ALL, DELETE, "/api/v1/hf/orders", market), .with = ZC_ORDER_BIT(MARKET)},
    {CALL(ORDER_CANCEL_ALL, DELETE, "/api/v1/hf/orders/cancelAll", none)},
    {CALL(VENUE_READ, GET, "/api/v1/accounts", coin), .name = "balances"},
    {CALL(VENUE_READ, GET, "/api/v1/hf/orders/active", market), .name = "open-orders"},
    {CALL(VENUE_READ, GET, "/api/v1/hf/orders/{}", by_id), .name = "order",
     .with = ZC_ORDER_BIT(ORDER_ID)},
    {CALL(VENUE_READ, GET, "/api/v1/hf/orders/client-order/{}", by_client_id), .name = "order"},
    {CALL(VENUE_READ, GET, "/api/v1/hf/fills", fills), .name = "fills"},
    {CALL(VENUE_READ, GET, "/api/v1/user/api-key", none), .name = "key-permissions"},
    {POST(VENUE_WITHDRAW, "/api/v3/withdrawals", withdraw)},
    {POST(VENUE_TRANSFER, "/api/v3/accounts/universal-transfer", transfer),
     .account = "MAIN TRADE MARGIN MARGIN_V2 CONTRACT ISOLATED"},
    {POST(VENUE_TRANSFER, "/api/v3/accounts/universal-transfer", sub_transfer),
     .account = "subaccount"},
    {0},
};

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    ZC_TRY(zc_compose_preimage_add_u64(out, job->time_ms));
    ZC_TRY(zc_compose_preimage_add(out, zc_slice_of_text(zc_compose_method_name(out->method))));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->path)));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->body)));
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA256));
    ZC_TRY(zc_compose_sign_passphrase(out, ZC_COMPOSE_HMAC_SHA256));
    ZC_TRY(zc_compose_add_header(out, "KC-API-KEY-VERSION", zc_slice_of_text("2")));
    ZC_TRY(zc_compose_add_header(out, "KC-API-KEY", job->account->api_key));
    ZC_TRY(zc_compose_add_header_u64(out, "KC-API-TIMESTAMP", job->time_ms));
    if (form != ZC_COMPOSE_IN_QUERY) {
        ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    }
    ZC_TRY(zc_compose_add_header_hole(out, "KC-API-PASSPHRASE", 1, ZC_COMPOSE_BASE64));
    return zc_compose_add_header_hole(out, "KC-API-SIGN", 0, ZC_COMPOSE_BASE64);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {32, "-"},
    .client_id = {40, "-_"},
    .order_id = {32, "-"},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_kucoin = {
    .venue = ZC_VENUE_KUCOIN,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
