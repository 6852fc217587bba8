/* https://docs.deribit.com: JSON-RPC methods by HTTP GET, signed with "deri-hmac-sha256". */
#include "compose/table.h"

/* Words: type, time_in_force. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit", "good_til_cancelled"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"limit", "immediate_or_cancel"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"limit", "fill_or_kill"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"limit", "good_til_cancelled"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"stop_limit"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"stop_limit", "good_til_cancelled"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"stop_market"}},
    {0},
};

#define PLACE_HEAD                                                                                 \
    ZC_NEED("instrument_name", MARKET), ZC_NEED("amount", QUANTITY), ZC_STYLE("type", 0),          \
        ZC_MAY("price", PRICE)
#define PLACE_TAIL ZC_STYLE("time_in_force", 1), ZC_MAY("label", CLIENT_ID), ZC_PARAMS_END

static const zc_compose_param place[] = {
    PLACE_HEAD,
    ZC_MAY("reduce_only", REDUCE_ONLY),
    PLACE_TAIL,
};
/* Without the second flag the venue moves the price instead of refusing the order. */
static const zc_compose_param place_post_only[] = {
    PLACE_HEAD,
    ZC_MAY("reduce_only", REDUCE_ONLY),
    ZC_NEED("post_only", POST_ONLY),
    ZC_FIXED("reject_post_only", "true"),
    PLACE_TAIL,
};
static const zc_compose_param place_stop[] = {
    PLACE_HEAD,
    ZC_NEED("trigger_price", TRIGGER_PRICE),
    ZC_FIXED("trigger", "last_price"),
    ZC_MAY("reduce_only", REDUCE_ONLY),
    PLACE_TAIL,
};

static const zc_compose_param amend[] = {
    ZC_NEED("order_id", ORDER_ID),
    ZC_NEED("amount", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_MAY("trigger_price", TRIGGER_PRICE),
    ZC_MAY("post_only", POST_ONLY),
    ZC_MAY("reduce_only", REDUCE_ONLY),
    ZC_PARAMS_END,
};
static const zc_compose_param amend_by_label[] = {
    ZC_NEED("label", CLIENT_ID),
    ZC_NEED("instrument_name", MARKET),
    ZC_NEED("amount", QUANTITY),
    ZC_MAY("price", PRICE),
    ZC_MAY("trigger_price", TRIGGER_PRICE),
    ZC_PARAMS_END,
};
static const zc_compose_param by_id[] = {ZC_NEED("order_id", ORDER_ID), ZC_PARAMS_END};
static const zc_compose_param by_label[] = {ZC_NEED("label", CLIENT_ID), ZC_PARAMS_END};
static const zc_compose_param market[] = {
    ZC_NEED("instrument_name", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param coin[] = {ZC_NEED("currency", ASSET), ZC_PARAMS_END};
static const zc_compose_param any_coin[] = {ZC_MAY("currency", ASSET), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

static const zc_compose_param withdraw[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED("address", TO),
    ZC_NEED("amount", AMOUNT),
    ZC_PARAMS_END,
};
static const zc_compose_param transfer[] = {
    ZC_NEED("amount", AMOUNT),
    ZC_NEED("currency", ASSET),
    ZC_NEED("destination", TO),
    ZC_PARAMS_END,
};
/* Destination: the number of the key. */
static const zc_compose_param key[] = {ZC_NEED("id", TO), ZC_PARAMS_END};

#define CALL(what, where, list)                                                                    \
    .action = ZC_OPERATION_##what, .method = ZC_COMPOSE_GET, .path = "/api/v2/private/" where,     \
    .params = (list)
#define PLACE(where, sells, kinds, list)                                                           \
    {                                                                                              \
        CALL(ORDER_PLACE, where, list), .side = (sells), .types = (kinds), .styles = styles        \
    }
#define READ(title, where, list)                                                                   \
    {                                                                                              \
        CALL(VENUE_READ, where, list), .name = (title)                                             \
    }

static const zc_compose_call calls[] = {
    {CALL(ORDER_PLACE, "buy", place_post_only), .side = ZC_SIDE_BUY, .types = ZC_TYPE_BIT(LIMIT),
     .with = ZC_ORDER_BIT(POST_ONLY), .styles = styles},
    {CALL(ORDER_PLACE, "sell", place_post_only), .side = ZC_SIDE_SELL, .types = ZC_TYPE_BIT(LIMIT),
     .with = ZC_ORDER_BIT(POST_ONLY), .styles = styles},
    PLACE("buy", ZC_SIDE_BUY, ZC_TYPES_PLAIN, place),
    PLACE("sell", ZC_SIDE_SELL, ZC_TYPES_PLAIN, place),
    PLACE("buy", ZC_SIDE_BUY, ZC_TYPES_STOP, place_stop),
    PLACE("sell", ZC_SIDE_SELL, ZC_TYPES_STOP, place_stop),
    {CALL(ORDER_AMEND, "edit", amend), .with = ZC_ORDER_BIT(ORDER_ID)},
    {CALL(ORDER_AMEND, "edit_by_label", amend_by_label)},
    {CALL(ORDER_CANCEL, "cancel", by_id), .with = ZC_ORDER_BIT(ORDER_ID)},
    {CALL(ORDER_CANCEL, "cancel_by_label", by_label)},
    {CALL(ORDER_CANCEL_ALL, "cancel_all_by_instrument", market), .with = ZC_ORDER_BIT(MARKET)},
    {CALL(ORDER_CANCEL_ALL, "cancel_all_by_currency", coin), .with = ZC_ORDER_BIT(ASSET)},
    {CALL(ORDER_CANCEL_ALL, "cancel_all", none)},
    READ("balances", "get_account_summaries", none),
    READ("positions", "get_positions", any_coin),
    {CALL(VENUE_READ, "get_open_orders_by_instrument", market), .name = "open-orders",
     .with = ZC_ORDER_BIT(MARKET)},
    READ("open-orders", "get_open_orders", none),
    READ("order", "get_order_state", by_id),
    READ("fills", "get_user_trades_by_instrument", market),
    READ("keys", "list_api_keys", none),
    {CALL(VENUE_WITHDRAW, "withdraw", withdraw)},
    {CALL(VENUE_TRANSFER, "submit_transfer_to_subaccount", transfer)},
    {CALL(VENUE_ADMIN, "remove_api_key", key), .name = "remove-key", .is_key_call = true},
    {CALL(VENUE_ADMIN, "disable_api_key", key), .name = "disable-key", .is_key_call = true},
    {CALL(VENUE_ADMIN, "enable_api_key", key), .name = "enable-key", .is_key_call = true},
    {0},
};

static zc_result add_line(zc_composition *out, zc_slice text)
{
    ZC_TRY(zc_compose_preimage_add(out, text));
    return zc_compose_preimage_add(out, zc_slice_of_text("\n"));
}

static zc_result add_authorization(zc_compose_job *job)
{
    zc_composition *out = job->out;
    ZC_TRY(zc_compose_add_header(out, "Authorization", zc_slice_of_text("deri-hmac-sha256 id=")));
    ZC_TRY(zc_compose_header_add(out, job->account->api_key));
    ZC_TRY(zc_compose_header_add(out, zc_slice_of_text(",ts=")));
    ZC_TRY(zc_compose_header_add_u64(out, job->time_ms));
    ZC_TRY(zc_compose_header_add(out, zc_slice_of_text(",sig=")));
    ZC_TRY(zc_compose_add_hole(out, ZC_COMPOSE_HEADER, 0, ZC_COMPOSE_HEX));
    ZC_TRY(zc_compose_header_add(out, zc_slice_of_text(",nonce=")));
    return zc_compose_header_add_u64(out, job->nonce);
}

/* Lines: time, nonce, method, path with query, body. */
static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    (void)form; /* always in the query */
    out->nonce = job->nonce;
    ZC_TRY(zc_compose_preimage_add_u64(out, job->time_ms));
    ZC_TRY(add_line(out, zc_slice_of(NULL, 0)));
    ZC_TRY(zc_compose_preimage_add_u64(out, job->nonce));
    ZC_TRY(add_line(out, zc_slice_of(NULL, 0)));
    ZC_TRY(add_line(out, zc_slice_of_text(zc_compose_method_name(out->method))));
    ZC_TRY(add_line(out, zc_compose_text_slice(&out->path)));
    ZC_TRY(add_line(out, zc_compose_text_slice(&out->body)));
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA256));
    return add_authorization(job);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "-_"},
    .client_id = {63, "-_.:"},
    .order_id = {40, "-_"},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_deribit = {
    .venue = ZC_VENUE_DERIBIT,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
