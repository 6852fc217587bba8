/* https://www.bitmex.com/app/apiKeysUsage and the API explorer. */
#include "compose/table.h"

/* How long a request holds where the order does not say. */
#define DEFAULT_WINDOW_MS 60000
#define MAX_WINDOW_MS 3600000

/* Words: ordType, timeInForce, execInst. An execInst of two words has a comma between them. */
#define STYLES(reduce, post_reduce)                                                                \
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"Limit", NULL, reduce}},                                 \
        {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"Limit", "GoodTillCancel", reduce}},                  \
        {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"Limit", "ImmediateOrCancel", reduce}},               \
        {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"Limit", "FillOrKill", reduce}},                      \
        {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"Limit", NULL, post_reduce}},                         \
        {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"Limit", "GoodTillCancel", post_reduce}},              \
        {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"Market", NULL, reduce}},                           \
        {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"StopLimit", NULL, reduce}},                    \
        {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"StopLimit", "GoodTillCancel", reduce}},         \
        {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"Stop", NULL, reduce}},                        \
    {                                                                                              \
        0                                                                                          \
    }
static const zc_compose_style styles[] = {STYLES(NULL, "ParticipateDoNotInitiate")};
static const zc_compose_style reduce_styles[] = {
    STYLES("ReduceOnly", "ParticipateDoNotInitiate,ReduceOnly")};

#define PLACE                                                                                      \
    {                                                                                              \
        ZC_NEED("symbol", MARKET), ZC_WORD("side", SIDE, zc_compose_side_title),                   \
            ZC_NEED_AS("orderQty", QUANTITY, ZC_PARAM_WHOLE | ZC_PARAM_BARE),                      \
            ZC_STYLE("ordType", 0), ZC_MAY_AS("price", PRICE, ZC_PARAM_BARE),                      \
            ZC_MAY_AS("stopPx", TRIGGER_PRICE, ZC_PARAM_BARE), ZC_STYLE("timeInForce", 1),         \
            ZC_STYLE("execInst", 2), ZC_MAY("clOrdID", CLIENT_ID), ZC_PARAMS_END                   \
    }
static const zc_compose_param place[] = PLACE;

#define CHANGES                                                                                    \
    ZC_MAY_AS("orderQty", QUANTITY, ZC_PARAM_WHOLE | ZC_PARAM_BARE),                               \
        ZC_MAY_AS("price", PRICE, ZC_PARAM_BARE),                                                  \
        ZC_MAY_AS("stopPx", TRIGGER_PRICE, ZC_PARAM_BARE), ZC_PARAMS_END
/* By the order's id, and then a client id is the new one; or by the client id. */
static const zc_compose_param amend[] = {
    ZC_NEED("orderID", ORDER_ID),
    ZC_MAY("clOrdID", CLIENT_ID),
    CHANGES,
};
static const zc_compose_param amend_by_client_id[] = {
    ZC_NEED("origClOrdID", CLIENT_ID),
    CHANGES,
};
static const zc_compose_param one_order[] = {
    ZC_MAY("orderID", ORDER_ID),
    ZC_MAY("clOrdID", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param any_market[] = {ZC_MAY("symbol", MARKET), ZC_PARAMS_END};
static const zc_compose_param open[] = {
    ZC_FIXED("filter", "{\"open\":true}"),
    ZC_MAY("symbol", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_MAY("currency", ASSET), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

/* The amount is in the smallest unit of the currency: "XBt" are satoshis. */
static const zc_compose_param withdraw[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED("network", NETWORK),
    ZC_NEED_AS("amount", AMOUNT, ZC_PARAM_WHOLE | ZC_PARAM_BARE),
    ZC_NEED("address", TO),
    ZC_MAY("memo", TAG),
    ZC_PARAMS_END,
};
static const zc_compose_param transfer[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED_AS("amount", AMOUNT, ZC_PARAM_WHOLE | ZC_PARAM_BARE),
    ZC_NEED_PART("fromAccountId", 1, zc_compose_any_part),
    ZC_NEED("targetAccountId", TO),
    ZC_PARAMS_END,
};
static const zc_compose_param leverage[] = {
    ZC_NEED("symbol", MARKET),
    ZC_NEED_AS("leverage", AMOUNT, ZC_PARAM_BARE),
    ZC_PARAMS_END,
};

#define CALL(what, how, where, list)                                                               \
    .action = ZC_OPERATION_##what, .method = ZC_COMPOSE_##how, .path = "/api/v1/" where,           \
    .params = (list)
#define BODY(what, how, where, list) CALL(what, how, where, list), .form = ZC_COMPOSE_JSON_BODY
#define READ(title, where, list)                                                                   \
    {                                                                                              \
        CALL(VENUE_READ, GET, where, list), .name = (title)                                        \
    }

static const zc_compose_call calls[] = {
    {BODY(ORDER_PLACE, POST, "order", place), .with = ZC_ORDER_BIT(REDUCE_ONLY),
     .says = ZC_ORDER_BIT(REDUCE_ONLY), .styles = reduce_styles},
    {BODY(ORDER_PLACE, POST, "order", place), .styles = styles},
    {BODY(ORDER_AMEND, PUT, "order", amend), .with = ZC_ORDER_BIT(ORDER_ID)},
    {BODY(ORDER_AMEND, PUT, "order", amend_by_client_id)},
    {BODY(ORDER_CANCEL, DELETE, "order", one_order)},
    {BODY(ORDER_CANCEL_ALL, DELETE, "order/all", any_market)},
    READ("balances", "user/margin", coin),
    READ("positions", "position", none),
    READ("open-orders", "order", open),
    READ("fills", "execution/tradeHistory", any_market),
    READ("keys", "apiKey", none),
    {BODY(VENUE_WITHDRAW, POST, "user/requestWithdrawal", withdraw)},
    {BODY(VENUE_TRANSFER, POST, "user/walletTransfer", transfer), .account = "subaccount"},
    {BODY(VENUE_ADMIN, POST, "position/leverage", leverage), .name = "set-leverage"},
    {0},
};

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    uint64_t window = job->order->window_ms == 0 ? DEFAULT_WINDOW_MS : job->order->window_ms;
    if (window < 1000 || window > MAX_WINDOW_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_WINDOW);
    uint64_t expires = (job->time_ms + window) / 1000;
    out->has_expiry = true;
    out->expiry_ms = expires * 1000;
    ZC_TRY(zc_compose_preimage_add(out, zc_slice_of_text(zc_compose_method_name(out->method))));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->path)));
    ZC_TRY(zc_compose_preimage_add_u64(out, expires));
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->body)));
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA256));
    if (form != ZC_COMPOSE_IN_QUERY) {
        ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    }
    ZC_TRY(zc_compose_add_header_u64(out, "api-expires", expires));
    ZC_TRY(zc_compose_add_header(out, "api-key", job->account->api_key));
    return zc_compose_add_header_hole(out, "api-signature", 0, ZC_COMPOSE_HEX);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "_"},
    .client_id = {36, "-_.:/+="},
    .order_id = {36, "-"},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_bitmex = {
    .venue = ZC_VENUE_BITMEX,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
