/* https://www.okx.com/docs-v5/en/
 *
 * Account: how the order trades (cash, cross, isolated, spot_isolated), and behind a colon the
 * position of a hedged account: "cross:long". Of a transfer: the account number that it comes from.
 */
#include "compose/table.h"

#define MODES "cash cross isolated spot_isolated"
#define MAX_WINDOW_MS 60000

static const char *const modes[] = {"cash", "cross", "isolated", "spot_isolated", NULL};
static const char *const positions[] = {"long", "short", "net", NULL};
static const char *const margins[] = {"cross", "isolated", NULL};

/* Word: ordType. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"ioc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"fok"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"post_only"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"post_only"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market"}},
    {0},
};

/* Words: ordType, orderPx of a market order. */
static const zc_compose_style stop_styles[] = {
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"trigger", NULL}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"trigger", "-1"}},
    {0},
};

#define PLACE(size_unit, size_field)                                                               \
    {                                                                                              \
        ZC_NEED("instId", MARKET), ZC_WORD("side", SIDE, zc_compose_side_lower),                   \
            ZC_STYLE("ordType", 0), ZC_NEED("sz", size_field), ZC_NEED_PART("tdMode", 0, modes),   \
            size_unit ZC_MAY("px", PRICE), ZC_MAY("clOrdId", CLIENT_ID),                           \
            ZC_MAY_AS("reduceOnly", REDUCE_ONLY, ZC_PARAM_BARE),                                   \
            ZC_MAY_PART("posSide", 1, positions), ZC_PARAMS_END                                    \
    }
#define BASE_UNIT ZC_FIXED("tgtCcy", "base_ccy"),
#define QUOTE_UNIT ZC_FIXED("tgtCcy", "quote_ccy"),
#define NO_UNIT

static const zc_compose_param place[] = PLACE(NO_UNIT, QUANTITY);
static const zc_compose_param place_base[] = PLACE(BASE_UNIT, QUANTITY);
static const zc_compose_param place_quote[] = PLACE(QUOTE_UNIT, QUOTE_QUANTITY);

#define PLACE_STOP(size_unit)                                                                      \
    {                                                                                              \
        ZC_NEED("instId", MARKET), ZC_WORD("side", SIDE, zc_compose_side_lower),                   \
            ZC_STYLE("ordType", 0), ZC_NEED("sz", QUANTITY), ZC_NEED_PART("tdMode", 0, modes),     \
            size_unit ZC_NEED("triggerPx", TRIGGER_PRICE), ZC_MAY("orderPx", PRICE),               \
            ZC_STYLE("orderPx", 1), ZC_MAY("algoClOrdId", CLIENT_ID),                              \
            ZC_MAY_AS("reduceOnly", REDUCE_ONLY, ZC_PARAM_BARE),                                   \
            ZC_MAY_PART("posSide", 1, positions), ZC_PARAMS_END                                    \
    }
static const zc_compose_param place_stop[] = PLACE_STOP(NO_UNIT);
static const zc_compose_param place_stop_base[] = PLACE_STOP(BASE_UNIT);

static const zc_compose_param amend[] = {
    ZC_NEED("instId", MARKET), ZC_MAY("ordId", ORDER_ID), ZC_MAY("clOrdId", CLIENT_ID),
    ZC_MAY("newSz", QUANTITY), ZC_MAY("newPx", PRICE),    ZC_PARAMS_END,
};
static const zc_compose_param one_order[] = {
    ZC_NEED("instId", MARKET),
    ZC_MAY("ordId", ORDER_ID),
    ZC_MAY("clOrdId", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param one_stop[] = {
    ZC_MAY("algoId", ORDER_ID),
    ZC_MAY("algoClOrdId", CLIENT_ID),
    ZC_NEED("instId", MARKET),
    ZC_PARAMS_END,
};

/* Of the markets that share a family: "BTC-USD". OKX cancels all at once for options alone, and
 * for the rest by a dead man's switch: cancel everything in ten seconds, the least that it takes.
 */
static const zc_compose_param cancel_all[] = {ZC_FIXED("timeOut", "10"), ZC_PARAMS_END};

static const zc_compose_param any_market[] = {ZC_MAY("instId", MARKET), ZC_PARAMS_END};
static const zc_compose_param fills[] = {
    ZC_MAY("instId", MARKET),
    ZC_MAY("ordId", ORDER_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_MAY("ccy", ASSET), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

/* To an address on a chain; a tag follows the address behind a colon. */
static const zc_compose_param withdraw[] = {
    ZC_NEED("ccy", ASSET),
    {.name = "toAddr", .source = ZC_PARAM_TO_AND_TAG},
    ZC_FIXED("dest", "4"),
    ZC_NEED("amt", AMOUNT),
    ZC_NEED("chain", NETWORK),
    ZC_MAY("clientId", CLIENT_ID),
    ZC_PARAMS_END,
};

static const zc_compose_param transfer[] = {
    ZC_NEED("ccy", ASSET), ZC_NEED("amt", AMOUNT),
    ZC_FIXED("type", "0"), ZC_NEED_PART("from", 0, zc_compose_any_part),
    ZC_NEED("to", TO),     ZC_MAY("clientId", CLIENT_ID),
    ZC_PARAMS_END,
};
/* From the main account's funding wallet (6) to that of a subaccount. */
static const zc_compose_param sub_transfer[] = {
    ZC_NEED("ccy", ASSET),         ZC_NEED("amt", AMOUNT), ZC_FIXED("type", "1"),
    ZC_FIXED("from", "6"),         ZC_FIXED("to", "6"),    ZC_NEED("subAcct", TO),
    ZC_MAY("clientId", CLIENT_ID), ZC_PARAMS_END,
};

static const zc_compose_param leverage[] = {
    ZC_NEED("instId", MARKET),
    ZC_NEED("lever", AMOUNT),
    ZC_NEED_PART("mgnMode", 0, margins),
    ZC_MAY_PART("posSide", 1, positions),
    ZC_PARAMS_END,
};

/* Destination: the subaccount; tag: the name of its key. */
static const zc_compose_param delete_key[] = {
    ZC_NEED("subAcct", TO),
    ZC_NEED("apiKey", TAG),
    ZC_PARAMS_END,
};

#define READ(title, where, list)                                                                   \
    {                                                                                              \
        .action = ZC_OPERATION_VENUE_READ, .method = ZC_COMPOSE_GET, .name = (title),              \
        .path = (where), .params = (list)                                                          \
    }
#define POST(what, of, words, where, list)                                                         \
    .action = ZC_OPERATION_##what, .types = (of), .form = ZC_COMPOSE_JSON_BODY,                    \
    .method = ZC_COMPOSE_POST, .account = (words), .path = (where), .params = (list)

static const zc_compose_call calls[] = {
    {POST(ORDER_PLACE, ZC_TYPE_BIT(MARKET), "cash", "/api/v5/trade/order", place_quote),
     .with = ZC_ORDER_BIT(QUOTE_QUANTITY), .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_PLAIN, "cash", "/api/v5/trade/order", place_base),
     .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_PLAIN, MODES, "/api/v5/trade/order", place), .styles = styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, "cash", "/api/v5/trade/order-algo", place_stop_base),
     .styles = stop_styles},
    {POST(ORDER_PLACE, ZC_TYPES_STOP, MODES, "/api/v5/trade/order-algo", place_stop),
     .styles = stop_styles},
    {POST(ORDER_AMEND, ZC_TYPES_PLAIN, NULL, "/api/v5/trade/amend-order", amend)},
    {POST(ORDER_CANCEL, ZC_TYPES_PLAIN, NULL, "/api/v5/trade/cancel-order", one_order)},
    {.action = ZC_OPERATION_ORDER_CANCEL,
     .types = ZC_TYPES_STOP,
     .form = ZC_COMPOSE_JSON_LIST,
     .method = ZC_COMPOSE_POST,
     .path = "/api/v5/trade/cancel-algos",
     .params = one_stop},
    {POST(ORDER_CANCEL_ALL, 0, NULL, "/api/v5/trade/cancel-all-after", cancel_all)},
    READ("balances", "/api/v5/account/balance", coin),
    READ("funding-balances", "/api/v5/asset/balances", coin),
    READ("positions", "/api/v5/account/positions", any_market),
    READ("open-orders", "/api/v5/trade/orders-pending", any_market),
    READ("order", "/api/v5/trade/order", one_order),
    READ("fills", "/api/v5/trade/fills", fills),
    READ("account-config", "/api/v5/account/config", none),
    {POST(VENUE_WITHDRAW, 0, NULL, "/api/v5/asset/withdrawal", withdraw)},
    {POST(VENUE_TRANSFER, 0, "6 18", "/api/v5/asset/transfer", transfer)},
    {POST(VENUE_TRANSFER, 0, "subaccount", "/api/v5/asset/transfer", sub_transfer)},
    {POST(VENUE_ADMIN, 0, "cross isolated", "/api/v5/account/set-leverage", leverage),
     .name = "set-leverage"},
    {POST(VENUE_ADMIN, 0, NULL, "/api/v5/users/subaccount/delete-apikey", delete_key),
     .name = "delete-subaccount-key", .is_key_call = true},
    {0},
};

static zc_result add_window(zc_compose_job *job)
{
    zc_composition *out = job->out;
    if (job->order->window_ms == 0) {
        return ZC_OK;
    }
    /* Looked at by the calls that place and amend; elsewhere it would say nothing. */
    if ((job->order->action != ZC_OPERATION_ORDER_PLACE &&
         job->order->action != ZC_OPERATION_ORDER_AMEND) ||
        job->order->window_ms > MAX_WINDOW_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_WINDOW);
    out->has_expiry = true;
    out->expiry_ms = job->time_ms + job->order->window_ms;
    return zc_compose_add_header_u64(out, "expTime", out->expiry_ms);
}

static zc_result add_test_network(zc_compose_job *job)
{
    if (!job->order->test_network) {
        return ZC_OK;
    }
    zc_compose_take(job, ZC_ORDER_FIELD_TEST_NETWORK);
    return zc_compose_add_header(job->out, "x-simulated-trading", zc_slice_of_text("1"));
}

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    zc_writer writer = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_compose_write_iso8601(&writer, job->time_ms));
    zc_slice time = zc_writer_written(&writer);
    ZC_TRY(zc_compose_add_header(out, "OK-ACCESS-KEY", job->account->api_key));
    ZC_TRY(zc_compose_add_header_hole(out, "OK-ACCESS-PASSPHRASE", ZC_COMPOSE_OF_PASSPHRASE,
                                      ZC_COMPOSE_PLAIN));
    ZC_TRY(zc_compose_add_header(out, "OK-ACCESS-TIMESTAMP", time));
    if (form != ZC_COMPOSE_IN_QUERY) {
        ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    }
    ZC_TRY(add_window(job));
    ZC_TRY(add_test_network(job));
    ZC_TRY(zc_write_text(&writer, zc_compose_method_name(out->method)));
    ZC_TRY(zc_write_slice(&writer, zc_compose_text_slice(&out->path)));
    ZC_TRY(zc_write_slice(&writer, zc_compose_text_slice(&out->body)));
    zc_compose_end(&out->preimage, &writer);
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA256));
    return zc_compose_add_header_hole(out, "OK-ACCESS-SIGN", 0, ZC_COMPOSE_BASE64);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "-"},
    .client_id = {32, ""},
    .order_id = {32, ""},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_okx = {
    .venue = ZC_VENUE_OKX,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
