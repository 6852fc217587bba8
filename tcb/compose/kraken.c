/* https://docs.kraken.com/api/docs/rest-api/add-order; spot. */
#include "compose/table.h"
#include "crypto/hash.h"

/* Words: ordertype, timeinforce, oflags. */
static const zc_compose_style styles[] = {
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, {"limit"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, false, {"limit", "GTC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, false, {"limit", "IOC"}},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, {"limit", "FOK"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTD, false, {"limit", "GTD"}},
    {ZC_ORDER_LIMIT, ZC_TIF_NONE, true, {"limit", NULL, "post"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, {"limit", "GTC", "post"}},
    {ZC_ORDER_LIMIT, ZC_TIF_GTD, true, {"limit", "GTD", "post"}},
    {ZC_ORDER_MARKET, ZC_TIF_NONE, false, {"market"}},
    {ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, {"stop-loss"}},
    {0},
};
static const zc_compose_style stop_limit_styles[] = {
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, {"stop-loss-limit"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, false, {"stop-loss-limit", "GTC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_IOC, false, {"stop-loss-limit", "IOC"}},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTD, false, {"stop-loss-limit", "GTD"}},
    {0},
};

#define PLACE(...)                                                                                 \
    {                                                                                              \
        ZC_NEED("pair", MARKET), ZC_WORD("type", SIDE, zc_compose_side_lower),                     \
            ZC_STYLE("ordertype", 0), __VA_ARGS__, ZC_MAY("reduce_only", REDUCE_ONLY),             \
            ZC_STYLE("timeinforce", 1), ZC_MAY_AS("expiretm", EXPIRY, ZC_PARAM_SECONDS),           \
            ZC_STYLE("oflags", 2), ZC_PARAMS_END                                                   \
    }

static const zc_compose_param place[] =
    PLACE(ZC_NEED("volume", QUANTITY), ZC_MAY("cl_ord_id", CLIENT_ID), ZC_MAY("price", PRICE));
/* Volume in the quote currency. */
static const zc_compose_param place_quote[] = PLACE(
    ZC_NEED("volume", QUOTE_QUANTITY), ZC_MAY("cl_ord_id", CLIENT_ID), ZC_FIXED("oflags", "viqc"));
static const zc_compose_param place_stop[] = PLACE(
    ZC_NEED("volume", QUANTITY), ZC_MAY("cl_ord_id", CLIENT_ID), ZC_NEED("price", TRIGGER_PRICE));
static const zc_compose_param place_stop_limit[] =
    PLACE(ZC_NEED("volume", QUANTITY), ZC_MAY("cl_ord_id", CLIENT_ID),
          ZC_NEED("price", TRIGGER_PRICE), ZC_NEED("price2", PRICE));

static const zc_compose_param amend[] = {
    ZC_MAY("txid", ORDER_ID),
    ZC_MAY("cl_ord_id", CLIENT_ID),
    ZC_MAY("order_qty", QUANTITY),
    ZC_MAY("limit_price", PRICE),
    ZC_MAY("trigger_price", TRIGGER_PRICE),
    ZC_MAY("post_only", POST_ONLY),
    ZC_PARAMS_END,
};
static const zc_compose_param one_order[] = {
    ZC_MAY("txid", ORDER_ID),
    ZC_MAY("cl_ord_id", CLIENT_ID),
    ZC_PARAMS_END,
};
static const zc_compose_param order_by_id[] = {ZC_NEED("txid", ORDER_ID), ZC_PARAMS_END};
static const zc_compose_param none[] = {ZC_PARAMS_END};

/* Destination: the name that the account's owner gave to the address; the address itself stands at
 * the venue, and tag or network with it. */
static const zc_compose_param withdraw[] = {
    ZC_NEED("asset", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_NEED("key", TO),
    ZC_PARAMS_END,
};
static const zc_compose_param transfer[] = {
    ZC_NEED("amount", AMOUNT),
    ZC_FIXED("from", "Spot Wallet"),
    ZC_NEED("to", TO),
    ZC_NEED("asset", ASSET),
    ZC_PARAMS_END,
};
static const zc_compose_param account_transfer[] = {
    ZC_NEED("asset", ASSET),
    ZC_NEED("amount", AMOUNT),
    ZC_NEED_PART("from", 1, zc_compose_any_part),
    ZC_NEED("to", TO),
    ZC_PARAMS_END,
};

#define POST(what, where, list)                                                                    \
    .action = ZC_OPERATION_##what, .form = ZC_COMPOSE_FORM_BODY, .method = ZC_COMPOSE_POST,        \
    .path = "/0/private/" where, .params = (list)

static const zc_compose_call calls[] = {
    {POST(ORDER_PLACE, "AddOrder", place_quote), .types = ZC_TYPE_BIT(MARKET),
     .with = ZC_ORDER_BIT(QUOTE_QUANTITY), .styles = styles},
    {POST(ORDER_PLACE, "AddOrder", place), .types = ZC_TYPES_PLAIN, .styles = styles},
    {POST(ORDER_PLACE, "AddOrder", place_stop), .types = ZC_TYPE_BIT(STOP_MARKET),
     .styles = styles},
    {POST(ORDER_PLACE, "AddOrder", place_stop_limit), .types = ZC_TYPE_BIT(STOP_LIMIT),
     .styles = stop_limit_styles},
    {POST(ORDER_AMEND, "AmendOrder", amend)},
    {POST(ORDER_CANCEL, "CancelOrder", one_order)},
    {POST(ORDER_CANCEL_ALL, "CancelAll", none)},
    {POST(VENUE_READ, "BalanceEx", none), .name = "balances"},
    {POST(VENUE_READ, "OpenPositions", none), .name = "positions"},
    {POST(VENUE_READ, "OpenOrders", none), .name = "open-orders"},
    {POST(VENUE_READ, "QueryOrders", order_by_id), .name = "order"},
    {POST(VENUE_READ, "TradesHistory", none), .name = "fills"},
    {POST(VENUE_READ, "TradeBalance", none), .name = "trade-balance"},
    {POST(VENUE_WITHDRAW, "Withdraw", withdraw)},
    {POST(VENUE_TRANSFER, "WalletTransfer", transfer)},
    {POST(VENUE_TRANSFER, "AccountTransfer", account_transfer), .account = "subaccount"},
    {0},
};

static const zc_compose_param head[] = {
    {.name = "nonce", .source = ZC_PARAM_NONCE},
    ZC_PARAMS_END,
};

/* path ‖ SHA-256(nonce ‖ body): the nonce stands in the body too, as its first parameter. */
static zc_result frame(zc_compose_job *job, zc_compose_form form)
{
    zc_composition *out = job->out;
    char nonce[ZC_U256_DECIMAL_SIZE];
    uint8_t hash[32];
    zc_sha256_ctx sha256;
    const zc_u256 number = zc_u256_of(job->nonce);
    (void)form; /* always in the body */
    zc_sha256_init(&sha256);
    zc_sha256_update(&sha256, zc_slice_of(nonce, zc_u256_to_decimal(&number, nonce)));
    zc_sha256_update(&sha256, zc_compose_text_slice(&out->body));
    zc_sha256_final(&sha256, hash);
    ZC_TRY(zc_compose_preimage_add(out, zc_compose_text_slice(&out->path)));
    ZC_TRY(zc_compose_preimage_add(out, ZC_SLICE_OF_ARRAY(hash)));
    ZC_TRY(zc_compose_add_signing(out, ZC_COMPOSE_HMAC_SHA512));
    ZC_TRY(zc_compose_add_header(out, "API-Key", job->account->api_key));
    ZC_TRY(zc_compose_add_header_hole(out, "API-Sign", 0, ZC_COMPOSE_BASE64));
    return zc_compose_add_header(out, "Content-Type",
                                 zc_slice_of_text("application/x-www-form-urlencoded"));
}

static const zc_compose_rest rest = {
    .calls = calls,
    .head = head,
    .market = {32, "./:-"},
    .client_id = {36, "-_."},
    .order_id = {36, "-"},
    .frame = frame,
};

static zc_result prepare(zc_compose_job *job)
{
    return zc_compose_by_table(job, &rest);
}

const zc_compose_venue zc_compose_kraken = {
    .venue = ZC_VENUE_KRAKEN,
    .keys = 1u << ZC_COMPOSE_KEY_HMAC,
    .api_key_max = 64,
    .prepare = prepare,
    .frame = frame,
};
