/* https://bybit-exchange.github.io/docs/v5/guide
 *
 * Account: the category (spot, linear, inverse, option), and behind a colon the position of a
 * hedged account: "linear:1". Of a transfer: the wallet that it comes from. */
#include "compose/table.h"

#define DEFAULT_WINDOW_MS 5000
#define MAX_WINDOW_MS 60000
#define CATEGORIES "spot linear inverse option"

static const char *const categories[] = {"spot", "linear", "inverse", "option", NULL};
static const char *const positions[] = {"0", "1", "2", NULL};
/* Sells trigger when the price falls to the trigger price, buys when it rises to it. */
static const char *const trigger_directions[] = {NULL, "1", "2"};

/* Words: orderType, timeInForce. */
#define STYLES(limit, market)                                                                      \
    {(limit), ZC_TIF_NONE, false, {"Limit"}}, {(limit), ZC_TIF_GTC, false, {"Limit", "GTC"}},      \
        {(limit), ZC_TIF_IOC, false, {"Limit", "IOC"}},                                            \
        {(limit), ZC_TIF_FOK, false, {"Limit", "FOK"}},                                            \
        {(limit), ZC_TIF_NONE, true, {"Limit", "PostOnly"}},                                       \
        {(limit), ZC_TIF_GTC, true, {"Limit", "PostOnly"}},                                        \
        {(market), ZC_TIF_NONE, false, {"Market"}},                                                \
    {                                                                                              \
        (market), ZC_TIF_IOC, false,                                                               \
        {                                                                                          \
            "Market", "IOC"                                                                        \
        }                                                                                          \
    }

static const zc_compose_style styles[] = {
    STYLES(ZC_ORDER_LIMIT, ZC_ORDER_MARKET),
    STYLES(ZC_ORDER_STOP_LIMIT, ZC_ORDER_STOP_MARKET),
    {0},
};

#define PLACE_HEAD                                                                                 \
    ZC_NEED("symbol", MARKET), ZC_WORD("side", SIDE, zc_compose_side_title),                       \
        ZC_STYLE("orderType", 0), ZC_STYLE("timeInForce", 1), ZC_MAY("orderLinkId", CLIENT_ID),    \
        ZC_MAY("price", PRICE), ZC_NEED_PART("category", 0, categories)
#define PLACE_TAIL                                                                                 \
    ZC_MAY_AS("reduceOnly", REDUCE_ONLY, ZC_PARAM_BARE),                                           \
        {.name = "positionIdx",                                                                    \
         .source = ZC_PARAM_PART,                                                                  \
         .form = ZC_PARAM_BARE,                                                                    \
         .index = 1,                                                                               \
         .words = positions},                                                                      \
        ZC_PARAMS_END

static const zc_compose_param place[] = {PLACE_HEAD, ZC_NEED("qty", QUANTITY), PLACE_TAIL};

/* Spot market orders say in which coin the quantity is; the venue's default depends on the side. */
static const zc_compose_param place_base[] = {
    PLACE_HEAD,
    ZC_FIXED("marketUnit", "baseCoin"),
    ZC_NEED("qty", QUANTITY),
    PLACE_TAIL,
};
static const zc_compose_param place_quote[] = {
    PLACE_HEAD,
    ZC_FIXED("marketUnit", "quoteCoin"),
    ZC_NEED("qty", QUOTE_QUANTITY),
    PLACE_TAIL,
};

static const zc_compose_param place_stop[] = {
    PLACE_HEAD,
    ZC_NEED("qty", QUANTITY),
    {.name = "triggerDirection",
     .source = ZC_ORDER_FIELD_SIDE,
     .form = ZC_PARAM_BARE,
     .words = trigger_directions},
    ZC_NEED("triggerPrice", TRIGGER_PRICE),
    PLACE_TAIL,
};

static const zc_compose_param place_spot_stop[] = {
    ZC_NEED("symbol", MARKET),
    ZC_WORD("side", SIDE, zc_compose_side_title),
    ZC_STYLE("orderType", 0),
    ZC_STYLE("timeInForce", 1),
    ZC_MAY("orderLinkId", CLIENT_ID),
    ZC_FIXED("orderFilter", "StopOrder"),
    ZC_MAY("price", PRICE),
    ZC_NEED_PART("category", 0, categories),
    ZC_FIXED("marketUnit", "baseCoin"),
    ZC_NEED("qty", QUANTITY),
    ZC_NEED("triggerPrice", TRIGGER_PRICE),
    ZC_PARAMS_END,
};

static const zc_compose_param amend[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("orderLinkId", CLIENT_ID),
    ZC_NEED_PART("category", 0, categories),
    ZC_MAY("qty", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_MAY("triggerPrice", TRIGGER_PRICE),
    ZC_PARAMS_END,
};

static const zc_compose_param cancel[] = {
    ZC_NEED("symbol", MARKET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("orderLinkId", CLIENT_ID),
    ZC_NEED_PART("category", 0, categories),
    ZC_PARAMS_END,
};

#define CANCEL_SPOT(kind)                                                                          \
    {                                                                                              \
        ZC_NEED("symbol", MARKET), ZC_FIXED("orderFilter", kind), ZC_MAY("orderId", ORDER_ID),     \
            ZC_MAY("orderLinkId", CLIENT_ID), ZC_NEED_PART("category", 0, categories),             \
            ZC_PARAMS_END                                                                          \
    }
static const zc_compose_param cancel_spot[] = CANCEL_SPOT("Order");
static const zc_compose_param cancel_spot_stop[] = CANCEL_SPOT("StopOrder");

static const zc_compose_param cancel_market[] = {
    ZC_NEED("symbol", MARKET),
    ZC_NEED_PART("category", 0, categories),
    ZC_PARAMS_END,
};
static const zc_compose_param cancel_coin[] = {
    ZC_NEED_PART("category", 0, categories),
    ZC_MAY("settleCoin", ASSET),
    ZC_PARAMS_END,
};

static const zc_compose_param one_market[] = {
    ZC_NEED("symbol", MARKET),
    ZC_NEED_PART("category", 0, categories),
    ZC_PARAMS_END,
};
static const zc_compose_param orders[] = {
    ZC_MAY("symbol", MARKET),
    ZC_MAY("settleCoin", ASSET),
    ZC_MAY("orderId", ORDER_ID),
    ZC_MAY("orderLinkId", CLIENT_ID),
    ZC_NEED_PART("category", 0, categories),
    ZC_PARAMS_END,
};
static const zc_compose_param balances[] = {
    ZC_FIXED("accountType", "UNIFIED"),
    ZC_MAY("coin", ASSET),
    ZC_PARAMS_END,
};
static const zc_compose_param none[] = {ZC_PARAMS_END};

static const zc_compose_param withdraw[] = {
    ZC_NEED("coin", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_NEED("address", TO),
    {.name = "timestamp", .source = ZC_PARAM_NOW, .form = ZC_PARAM_BARE},
    ZC_FIXED("accountType", "UTA"),
    ZC_MAY("tag", TAG),
    ZC_NEED("chain", NETWORK),
    ZC_MAY("requestId", CLIENT_ID),
    ZC_PARAMS_END,
};

static const zc_compose_param transfer[] = {
    ZC_NEED("transferId", CLIENT_ID), ZC_NEED_PART("fromAccountType", 0, zc_compose_any_part),
    ZC_NEED("toAccountType", TO),     ZC_NEED("coin", ASSET),
    ZC_NEED("amount", AMOUNT),        ZC_PARAMS_END,
};

static const zc_compose_param leverage[] = {
    ZC_NEED_PART("category", 0, categories),
    ZC_NEED("symbol", MARKET),
    ZC_NEED_AS("buyLeverage", AMOUNT, ZC_PARAM_UNTAKEN),
    ZC_NEED("sellLeverage", AMOUNT),
    ZC_PARAMS_END,
};

/* Destination: the name of the subaccount's key. None: the key that signs deletes itself. */
static const zc_compose_param delete_key[] = {ZC_MAY("apikey", TO), ZC_PARAMS_END};

#define READ(title, words, where, list)                                                            \
    {                                                                                              \
        .action = ZC_OPERATION_VENUE_READ, .method = ZC_COMPOSE_GET, .name = (title),              \
        .account = (words), .path = (where), .params = (list)                                      \
    }
#define POST(what, of, words, where, list)                                                         \
    .action = ZC_OPERATION_##what, .types = (of), .form = ZC_COMPOSE_JSON_BODY,                    \
    .method = ZC_COMPOSE_POST, .account = (words), .path = (where), .params = (list)

static const zc_compose_call calls[] = {
    {POST(ORDER_PLACE, ZC_TYPE_BIT(MARKET), "spot", "/v5/order/create", place_quote),
     .with = ZC_ORDER_BIT(QUOTE_QUANTITY), .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPE_BIT(MARKET), "spot", "/v5/order/create", place_base),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, "spot", "/v5/order/create", place_spot_stop),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, "linear inverse", "/v5/order/create", place_stop),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_PLAIN, CATEGORIES, "/v5/order/create", place), .styles = styles},
    {POST(ORDER_AMEND, 0, CATEGORIES, "/v5/order/amend", amend)},
    {POST(ORDER_CANCEL, ZC_TYPES_STOP, "spot", "/v5/order/cancel", cancel_spot_stop)},
    {POST(ORDER_CANCEL, ZC_TYPES_PLAIN, "spot", "/v5/order/cancel", cancel_spot)},
    {POST(ORDER_CANCEL, 0x1f, "linear inverse option", "/v5/order/cancel", cancel)},
    {POST(ORDER_CANCEL_ALL, 0, CATEGORIES, "/v5/order/cancel-all", cancel_market),
     .with = ZC_ORDER_BIT(MARKET)},
    {POST(ORDER_CANCEL_ALL, 0, CATEGORIES, "/v5/order/cancel-all", cancel_coin)},
    READ("balances", NULL, "/v5/account/wallet-balance", balances),
    READ("positions", "linear inverse option", "/v5/position/list", orders),
    READ("open-orders", CATEGORIES, "/v5/order/realtime", orders),
    READ("order", CATEGORIES, "/v5/order/realtime", orders),
    READ("fills", CATEGORIES, "/v5/execution/list", orders),
    READ("fee-rate", CATEGORIES, "/v5/account/fee-rate", one_market),
    READ("key-permissions", NULL, "/v5/user/query-api", none),
    {POST(VENUE_WITHDRAW, 0, NULL, "/v5/asset/withdraw/create", withdraw)},
    {POST(VENUE_TRANSFER, 0, "SPOT CONTRACT UNIFIED FUND OPTION INVESTMENT",
          "/v5/asset/transfer/inter-transfer", transfer)},
    {POST(VENUE_ADMIN, 0, "linear inverse", "/v5/position/set-leverage", leverage),
     .name = "set-leverage"},
    {POST(VENUE_ADMIN, 0, NULL, "/v5/user/delete-sub-api", delete_key),
     .name = "delete-subaccount-key", .is_key_call = true},
    {0},
};

static zc_result set_expiry(zc_compose_job *job, uint64_t *ret_window)
{
    uint64_t window = job->order->window_ms == 0 ? DEFAULT_WINDOW_MS : job->order->window_ms;
    if (window > MAX_WINDOW_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_WINDOW);
    job->out->has_expiry = true;
    job->out->expiry_ms = job->time_ms + window;
    *ret_window = window;
    return ZC_OK;
}

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    const bool hmac = job->account->key == ZC_COMPOSE_KEY_HMAC;
    uint64_t window;
    ZC_TRY(set_expiry(job, &window));
    ZC_TRY(zc_compose_preimage_add_u64(out, job->time_ms));
    ZC_TRY(zc_compose_preimage_add(out, job->account->api_key));
    ZC_TRY(zc_compose_preimage_add_u64(out, window));
    ZC_TRY(zc_compose_preimage_add(out, form == ZC_COMPOSE_IN_QUERY
                                            ? zc_compose_query(out)
                                            : zc_compose_text_slice(&out->body)));
    ZC_TRY(
        zc_compose_add_signing(out, hmac ? ZC_COMPOSE_HMAC_SHA256 : ZC_COMPOSE_RSA_PKCS1_SHA256));
    ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    ZC_TRY(zc_compose_add_header(out, "X-BAPI-API-KEY", job->account->api_key));
    ZC_TRY(zc_compose_add_header_u64(out, "X-BAPI-TIMESTAMP", job->time_ms));
    ZC_TRY(zc_compose_add_header_u64(out, "X-BAPI-RECV-WINDOW", window));
    return zc_compose_add_header_hole(out, "X-BAPI-SIGN", 0,
                                      hmac ? ZC_COMPOSE_HEX : ZC_COMPOSE_BASE64);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "-"},
    .client_id = {45, "-_"},
    .order_id = {40, "-"},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_bybit = {
    .venue = ZC_VENUE_BYBIT,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC | 1u << ZC_COMPOSE_KEY_RSA,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
