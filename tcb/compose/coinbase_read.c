/* What can be asked of Coinbase Advanced without changing anything. */
#include "compose/coinbase.h"

/* One call: its name in an order, its path, which field of the order ends the path, and which field
 * narrows it by a parameter. */
typedef struct read_call {
    const char *name;
    const char *path;
    const char *parameter; /* of the market; NULL: it takes none */
    int in_path;           /* zc_order_field, or NOTHING */
} read_call;

enum { NOTHING = -1 };
#define ROOT "/api/v3/brokerage/"

static const read_call calls[] = {
    {"accounts", ROOT "accounts", NULL, NOTHING},
    {"account", ROOT "accounts/", NULL, ZC_ORDER_FIELD_ACCOUNT},
    {"order", ROOT "orders/historical/", NULL, ZC_ORDER_FIELD_ORDER_ID},
    {"orders", ROOT "orders/historical/batch", "product_ids", NOTHING},
    {"fills", ROOT "orders/historical/fills", "product_ids", NOTHING},
    {"products", ROOT "products", NULL, NOTHING},
    {"product", ROOT "products/", NULL, ZC_ORDER_FIELD_MARKET},
    {"best_bid_ask", ROOT "best_bid_ask", "product_ids", NOTHING},
    {"portfolios", ROOT "portfolios", NULL, NOTHING},
    {"portfolio", ROOT "portfolios/", NULL, ZC_ORDER_FIELD_ACCOUNT},
    {"transaction_summary", ROOT "transaction_summary", NULL, NOTHING},
    {"key_permissions", ROOT "key_permissions", NULL, NOTHING},
    {"payment_methods", ROOT "payment_methods", NULL, NOTHING},
    {"cfm.balance_summary", ROOT "cfm/balance_summary", NULL, NOTHING},
    {"cfm.positions", ROOT "cfm/positions", NULL, NOTHING},
    {"intx.positions", ROOT "intx/positions/", NULL, ZC_ORDER_FIELD_ACCOUNT},
};

static const read_call *find_call(const char *name)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        if (strcmp(calls[i].name, name) == 0) {
            return &calls[i];
        }
    }
    return NULL;
}

static const char *path_text(const zc_order *order, int field)
{
    switch (field) {
    case ZC_ORDER_FIELD_ACCOUNT:
        return order->account;
    case ZC_ORDER_FIELD_ORDER_ID:
        return order->order_id;
    default:
        return order->market;
    }
}

/* The end of the path: an id has no character that could begin another part of it. */
static zc_result put_path_text(zc_compose_job *job, int field)
{
    const char *text = path_text(job->order, field);
    ZC_TRY(zc_compose_need(job, (zc_order_field)field));
    if (!zc_coinbase_is_id(zc_slice_of_text(text))) {
        return zc_fail(field == ZC_ORDER_FIELD_ACCOUNT    ? ZC_COMPOSE_ACCOUNT
                       : field == ZC_ORDER_FIELD_ORDER_ID ? ZC_COMPOSE_ORDER_ID
                                                          : ZC_COMPOSE_MARKET);
    }
    return zc_coinbase_path(job, text);
}

zc_result zc_coinbase_read(zc_compose_job *job)
{
    uint8_t text[3 * ZC_ORDER_NAME_SIZE + 32];
    zc_writer query = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_CALL));
    if (strcmp(job->order->call, "websocket") == 0) {
        return zc_coinbase_subscribe(job);
    }
    const read_call *call = find_call(job->order->call);
    if (call == NULL) {
        return zc_fail(ZC_COMPOSE_CALL);
    }
    ZC_TRY(zc_coinbase_path(job, call->path));
    if (call->in_path != NOTHING) {
        ZC_TRY(put_path_text(job, call->in_path));
    }
    if (call->parameter != NULL && zc_compose_has(job, ZC_ORDER_FIELD_MARKET)) {
        zc_compose_take(job, ZC_ORDER_FIELD_MARKET);
        ZC_TRY(zc_write_text(&query, call->parameter));
        ZC_TRY(zc_write_u8(&query, '='));
        ZC_TRY(zc_compose_write_percent(&query, zc_slice_of_text(job->order->market)));
    }
    return zc_coinbase_end(job, ZC_COMPOSE_GET, zc_writer_written(&query));
}
