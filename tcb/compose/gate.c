/* https://www.gate.com/docs/developers/apiv4/en/
 *
 * Account: of spot orders spot, margin, cross_margin or unified; of perpetual futures "futures" and
 * the coin that they settle in: "futures:usdt". Of a transfer: the wallet that it comes from. */
#include "base/hex.h"
#include "compose/table.h"
#include "crypto/hash.h"

#define SPOT "spot margin cross_margin unified"
#define MAX_WINDOW_MS 60000

static const char *const wallets[] = {"spot", "margin", "cross_margin", "unified", NULL};
static const char *const settles[] = {"usdt", "btc", NULL};
/* A stop order triggers at or above its price when it buys, at or below when it sells. */
static const char *const spot_rules[] = {NULL, ">=", "<="};
static const char *const rules[] = {NULL, "1", "2"};

/* Words: type, time_in_force. */
static const zc_compose_style spot_styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit", "gtc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"limit", "ioc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"limit", "fok"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"limit", "poc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"limit", "poc"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market", "ioc"}},
    {ZC_ORDER_MARKET, ZC_TIF_IOC, false, {"market", "ioc"}},
    {ZC_ORDER_MARKET, ZC_TIF_FOK, false, {"market", "fok"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"limit", "gtc"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"limit", "gtc"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {"limit", "ioc"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"market", "ioc"}},
    {0},
};

/* Words: price of a market order, tif. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {NULL}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {NULL, "gtc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {NULL, "ioc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {NULL, "fok"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {NULL, "poc"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {NULL, "poc"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"0", "ioc"}},
    {ZC_ORDER_MARKET, ZC_TIF_IOC, false, {"0", "ioc"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {NULL}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {NULL, "gtc"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {NULL, "ioc"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"0", "ioc"}},
    {0},
};

#define CLIENT_TEXT                                                                                \
    {                                                                                              \
        .name = "text", .source = ZC_ORDER_FIELD_CLIENT_ID, .text = "t-"                           \
    }

#define SPOT_PLACE(amount_field)                                                                   \
    {                                                                                              \
        ZC_NEED("currency_pair", MARKET), ZC_STYLE("type", 0),                                     \
            ZC_NEED_PART("account", 0, wallets), ZC_WORD("side", SIDE, zc_compose_side_lower),     \
            ZC_NEED("amount", amount_field), ZC_MAY("price", PRICE), ZC_STYLE("time_in_force", 1), \
            CLIENT_TEXT, ZC_PARAMS_END                                                             \
    }
static const zc_compose_param spot_place[] = SPOT_PLACE(QUANTITY);
/* A market order that buys is by value, always. */
static const zc_compose_param spot_buy[] = SPOT_PLACE(QUOTE_QUANTITY);

/* The trigger holds for a day, the venue's own example; it names no default. Stop orders have no
 * client id: what they would carry as text is not looked up. */
static const zc_compose_param spot_stop[] = {
    ZC_OBJECT("put"),
    ZC_STYLE("type", 0),
    ZC_WORD("side", SIDE, zc_compose_side_lower),
    ZC_MAY("price", PRICE),
    ZC_NEED("amount", QUANTITY),
    ZC_FIXED("account", "normal"),
    ZC_STYLE("time_in_force", 1),
    ZC_CLOSE,
    ZC_NEED("market", MARKET),
    ZC_OBJECT("trigger"),
    ZC_NEED("price", TRIGGER_PRICE),
    ZC_WORD("rule", SIDE, spot_rules),
    ZC_FIXED_BARE("expiration", "86400"),
    ZC_CLOSE,
    ZC_PARAMS_END,
};

#define SETTLE                                                                                     \
    {                                                                                              \
        .source = ZC_PARAM_PART, .form = ZC_PARAM_NEEDED | ZC_PARAM_IN_PATH, .index = 1,           \
        .words = settles                                                                           \
    }
/* Contracts: negative to sell. The side is in the sign. */
#define SIZE ZC_NEED_AS("size", QUANTITY, ZC_PARAM_SIGNED | ZC_PARAM_BARE)

static const zc_compose_param place[] = {
    SETTLE,
    ZC_NEED("contract", MARKET),
    SIZE,
    ZC_MAY("price", PRICE),
    ZC_STYLE("price", 0),
    ZC_MAY_AS("reduce_only", REDUCE_ONLY, ZC_PARAM_BARE),
    ZC_STYLE("tif", 1),
    CLIENT_TEXT,
    ZC_PARAMS_END,
};
static const zc_compose_param place_stop[] = {
    SETTLE,
    ZC_OBJECT("initial"),
    ZC_NEED("contract", MARKET),
    SIZE,
    ZC_MAY("price", PRICE),
    ZC_STYLE("price", 0),
    ZC_MAY_AS("reduce_only", REDUCE_ONLY, ZC_PARAM_BARE),
    ZC_STYLE("tif", 1),
    ZC_CLOSE,
    ZC_OBJECT("trigger"),
    ZC_FIXED_BARE("price_type", "0"),
    ZC_NEED("price", TRIGGER_PRICE),
    {.name = "rule",
     .source = ZC_ORDER_FIELD_SIDE,
     .form = ZC_PARAM_NEEDED | ZC_PARAM_BARE,
     .words = rules},
    ZC_CLOSE,
    ZC_PARAMS_END,
};

#define ORDER_IN_PATH ZC_NEED_AS(NULL, ORDER_ID, ZC_PARAM_IN_PATH)
/* In place of the order's id stands "t-" and the client's. */
#define CLIENT_IN_PATH                                                                             \
    {                                                                                              \
        .source = ZC_ORDER_FIELD_CLIENT_ID, .form = ZC_PARAM_NEEDED | ZC_PARAM_IN_PATH,            \
        .text = "t-"                                                                               \
    }
#define SPOT_ACCOUNT                                                                               \
    {                                                                                              \
        .name = "account", .source = ZC_PARAM_PART, .form = ZC_PARAM_NEEDED | ZC_PARAM_IN_QUERY,   \
        .words = wallets                                                                           \
    }

#define SPOT_AMEND(which)                                                                          \
    {                                                                                              \
        which, SPOT_ACCOUNT, ZC_NEED_AS("currency_pair", MARKET, ZC_PARAM_IN_QUERY),               \
            ZC_MAY("amount", QUANTITY), ZC_MAY("price", PRICE), ZC_PARAMS_END                      \
    }
static const zc_compose_param spot_amend[] = SPOT_AMEND(ORDER_IN_PATH);
static const zc_compose_param spot_amend_client[] = SPOT_AMEND(CLIENT_IN_PATH);

#define SPOT_ORDER(which)                                                                          \
    {                                                                                              \
        which, SPOT_ACCOUNT, ZC_NEED("currency_pair", MARKET), ZC_PARAMS_END                       \
    }
static const zc_compose_param spot_order[] = SPOT_ORDER(ORDER_IN_PATH);
static const zc_compose_param spot_order_client[] = SPOT_ORDER(CLIENT_IN_PATH);
static const zc_compose_param spot_stop_order[] = {ORDER_IN_PATH, ZC_PARAMS_END};
static const zc_compose_param spot_orders[] = {
    SPOT_ACCOUNT,
    ZC_MAY("currency_pair", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param spot_open[] = {SPOT_ACCOUNT, ZC_PARAMS_END};
static const zc_compose_param coin[] = {ZC_MAY("currency", ASSET), ZC_PARAMS_END};

#define AMEND(which)                                                                               \
    {                                                                                              \
        SETTLE, which, SIZE, ZC_MAY("price", PRICE), ZC_PARAMS_END                                 \
    }
static const zc_compose_param amend[] = AMEND(ORDER_IN_PATH);
static const zc_compose_param amend_client[] = AMEND(CLIENT_IN_PATH);
/* The contract is for the eye: the venue goes by the id. */
static const zc_compose_param order[] = {
    SETTLE,
    ORDER_IN_PATH,
    ZC_MAY("contract", MARKET),
    ZC_PARAMS_END,
};
static const zc_compose_param order_client[] = {SETTLE, CLIENT_IN_PATH, ZC_PARAMS_END};
static const zc_compose_param market[] = {SETTLE, ZC_NEED("contract", MARKET), ZC_PARAMS_END};
static const zc_compose_param any_market[] = {SETTLE, ZC_MAY("contract", MARKET), ZC_PARAMS_END};
static const zc_compose_param settle[] = {SETTLE, ZC_PARAMS_END};
static const zc_compose_param open[] = {
    SETTLE,
    ZC_MAY("contract", MARKET),
    ZC_FIXED("status", "open"),
    ZC_PARAMS_END,
};

static const zc_compose_param withdraw[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED("address", TO),
    ZC_NEED("amount", AMOUNT),
    ZC_MAY("memo", TAG),
    ZC_NEED("chain", NETWORK),
    ZC_MAY("withdraw_order_id", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param transfer[] = {
    ZC_NEED("currency", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_NEED_PART("from", 0, zc_compose_any_part),
    ZC_NEED("to", TO),
    ZC_MAY_PART("settle", 1, zc_compose_any_part),
    ZC_MAY("currency_pair", MARKET),
    ZC_PARAMS_END,
};
/* Destination: the subaccount's number. */
static const zc_compose_param sub_transfer[] = {
    ZC_NEED("currency", ASSET), ZC_NEED("sub_account", TO),           ZC_FIXED("direction", "to"),
    ZC_NEED("amount", AMOUNT),  ZC_MAY("client_order_id", CLIENT_ID), ZC_PARAMS_END,
};
/* Destination: the subaccount's number; tag: the name of its key. */
static const zc_compose_param delete_key[] = {
    ZC_NEED_AS(NULL, TO, ZC_PARAM_IN_PATH),
    ZC_NEED_AS(NULL, TAG, ZC_PARAM_IN_PATH),
    ZC_PARAMS_END,
};

#define CALL(what, how, words, where, list)                                                        \
    .action = ZC_OPERATION_##what, .method = ZC_COMPOSE_##how, .account = (words),                 \
    .path = "/api/v4/" where, .params = (list)
#define BODY(what, how, words, where, list)                                                        \
    CALL(what, how, words, where, list), .form = ZC_COMPOSE_JSON_BODY
#define BY_ID .with = ZC_ORDER_BIT(ORDER_ID)
#define PLAIN .types = ZC_TYPES_PLAIN
#define STOP .types = ZC_TYPES_STOP

static const zc_compose_call calls[] = {
    {BODY(ORDER_PLACE, POST, SPOT, "spot/orders", spot_buy), .types = ZC_TYPE_BIT(MARKET),
     .side = ZC_SIDE_BUY, .styles = spot_styles},
    {BODY(ORDER_PLACE, POST, SPOT, "spot/orders", spot_place), PLAIN, .styles = spot_styles},
    {BODY(ORDER_PLACE, POST, "spot", "spot/price_orders", spot_stop), STOP, .styles = spot_styles},
    {BODY(ORDER_PLACE, POST, "futures", "futures/{}/orders", place), PLAIN, .styles = styles},
    {BODY(ORDER_PLACE, POST, "futures", "futures/{}/price_orders", place_stop), STOP,
     .styles = styles},
    {BODY(ORDER_AMEND, PATCH, SPOT, "spot/orders/{}", spot_amend), BY_ID},
    {BODY(ORDER_AMEND, PATCH, SPOT, "spot/orders/{}", spot_amend_client)},
    {BODY(ORDER_AMEND, PUT, "futures", "futures/{}/orders/{}", amend), BY_ID},
    {BODY(ORDER_AMEND, PUT, "futures", "futures/{}/orders/{}", amend_client)},
    {CALL(ORDER_CANCEL, DELETE, SPOT, "spot/orders/{}", spot_order), PLAIN, BY_ID},
    {CALL(ORDER_CANCEL, DELETE, SPOT, "spot/orders/{}", spot_order_client), PLAIN},
    {CALL(ORDER_CANCEL, DELETE, "spot", "spot/price_orders/{}", spot_stop_order), STOP},
    {CALL(ORDER_CANCEL, DELETE, "futures", "futures/{}/orders/{}", order), PLAIN, BY_ID},
    {CALL(ORDER_CANCEL, DELETE, "futures", "futures/{}/orders/{}", order_client), PLAIN},
    {CALL(ORDER_CANCEL, DELETE, "futures", "futures/{}/price_orders/{}", order), STOP},
    {CALL(ORDER_CANCEL_ALL, DELETE, SPOT, "spot/orders", spot_orders)},
    {CALL(ORDER_CANCEL_ALL, DELETE, "futures", "futures/{}/price_orders", market), STOP},
    {CALL(ORDER_CANCEL_ALL, DELETE, "futures", "futures/{}/orders", market)},
    {CALL(VENUE_READ, GET, "- spot", "spot/accounts", coin), .name = "balances"},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/accounts", settle), .name = "balances"},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/positions", settle), .name = "positions"},
    {CALL(VENUE_READ, GET, SPOT, "spot/open_orders", spot_open), .name = "open-orders"},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/orders", open), .name = "open-orders"},
    {CALL(VENUE_READ, GET, SPOT, "spot/orders/{}", spot_order), .name = "order", BY_ID},
    {CALL(VENUE_READ, GET, SPOT, "spot/orders/{}", spot_order_client), .name = "order"},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/orders/{}", order), .name = "order", BY_ID},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/orders/{}", order_client), .name = "order"},
    {CALL(VENUE_READ, GET, SPOT, "spot/my_trades", spot_orders), .name = "fills"},
    {CALL(VENUE_READ, GET, "futures", "futures/{}/my_trades", any_market), .name = "fills"},
    {BODY(VENUE_WITHDRAW, POST, NULL, "withdrawals", withdraw)},
    {BODY(VENUE_TRANSFER, POST, "spot margin futures delivery options cross_margin unified",
          "wallet/transfers", transfer)},
    {BODY(VENUE_TRANSFER, POST, "subaccount", "wallet/sub_account_transfers", sub_transfer)},
    {CALL(VENUE_ADMIN, DELETE, NULL, "sub_accounts/{}/keys/{}", delete_key),
     .name = "delete-subaccount-key", .is_key_call = true},
    {0},
};

static zc_result add_hash(zc_composition *out)
{
    uint8_t hash[64];
    zc_sha512(zc_compose_text_slice(&out->body), hash);
    zc_writer writer = zc_compose_begin(&out->preimage);
    ZC_TRY(zc_write_hex(&writer, ZC_SLICE_OF_ARRAY(hash)));
    zc_compose_end(&out->preimage, &writer);
    return ZC_OK;
}

static zc_result add_line(zc_composition *out, zc_slice text)
{
    ZC_TRY(zc_compose_preimage_add(out, text));
    return zc_compose_preimage_add(out, zc_slice_of_text("\n"));
}

/* The venue refuses the request from then on. */
static zc_result add_window(zc_compose_job *job)
{
    zc_composition *out = job->out;
    if (job->order->window_ms == 0) {
        return ZC_OK;
    }
    if (job->order->window_ms > MAX_WINDOW_MS) {
        return zc_fail(ZC_COMPOSE_WINDOW);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_WINDOW);
    out->has_expiry = true;
    out->expiry_ms = job->time_ms + job->order->window_ms;
    return zc_compose_add_header_u64(out, "x-gate-exptime", out->expiry_ms);
}

static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    (void)form; /* query and body are both signed, empty or not */
    ZC_TRY(add_line(out, zc_slice_of_text(zc_compose_method_name(out->method))));
    ZC_TRY(add_line(out, zc_compose_bare_path(out)));
    ZC_TRY(add_line(out, zc_compose_query(out)));
    ZC_TRY(add_hash(out));
    ZC_TRY(add_line(out, zc_slice_of(NULL, 0)));
    ZC_TRY(zc_compose_preimage_add_u64(out, job->time_ms / 1000));
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA512));
    ZC_TRY(zc_compose_add_header(out, "KEY", job->account->api_key));
    ZC_TRY(zc_compose_add_header_u64(out, "Timestamp", job->time_ms / 1000));
    ZC_TRY(zc_compose_add_header_hole(out, "SIGN", 0, ZC_COMPOSE_HEX));
    ZC_TRY(zc_compose_add_header(out, "Content-Type", zc_slice_of_text("application/json")));
    return add_window(job);
}

static const zc_compose_rest rest = {
    .calls = calls,
    .market = {40, "_"},
    .client_id = {28, "-_"},
    .order_id = {32, ""},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_gate = {
    .venue = ZC_VENUE_GATE,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
