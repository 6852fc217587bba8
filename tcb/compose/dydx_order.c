/* Orders of dYdX: placed and cancelled. */
#include "compose/dydx.h"

enum { FLAGS_SHORT_TERM = 0, FLAGS_CONDITIONAL = 32, FLAGS_LONG_TERM = 64 };
enum { TIF_UNSPECIFIED = 0, TIF_IOC = 1, TIF_POST_ONLY = 2 };

static bool is_stop(const zc_order *order)
{
    return order->type == ZC_ORDER_STOP_LIMIT || order->type == ZC_ORDER_STOP_MARKET;
}

static bool is_market(const zc_order *order)
{
    return order->type == ZC_ORDER_MARKET || order->type == ZC_ORDER_STOP_MARKET;
}

static uint32_t flags_of(const zc_dydx_tx *tx)
{
    if (tx->client_id.is_short_term) {
        return FLAGS_SHORT_TERM;
    }
    return is_stop(tx->job->order) ? FLAGS_CONDITIONAL : FLAGS_LONG_TERM;
}

/* What the venue has: short-term orders are limit or market orders, orders in state rest there.
 * An order until cancelled it has not. */
static bool has_style(const zc_order *order, bool is_short_term)
{
    if (is_market(order) && order->post_only) {
        return false;
    }
    if (is_short_term) {
        const bool taker = order->tif == ZC_TIF_IOC && !order->post_only;
        return !is_stop(order) && (order->tif == ZC_TIF_NONE || taker);
    }
    return order->type != ZC_ORDER_MARKET &&
           (order->tif == ZC_TIF_NONE || order->tif == ZC_TIF_GTD);
}

static uint32_t tif_of(const zc_order *order)
{
    if (order->post_only) {
        return TIF_POST_ONLY;
    }
    return is_market(order) || order->tif == ZC_TIF_IOC ? TIF_IOC : TIF_UNSPECIFIED;
}

static zc_result read_names(zc_dydx_tx *tx, zc_compose_job *job)
{
    ZC_TRY(zc_dydx_begin(tx, job));
    tx->is_free = true;
    if (tx->account.is_wallet) {
        return zc_fail(ZC_COMPOSE_ACCOUNT);
    }
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_MARKET));
    ZC_TRY(zc_dydx_market_of(job->order, &tx->market));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_CLIENT_ID));
    return zc_dydx_client_id_of(job->order, &tx->client_id);
}

/* Until when: a block for short-term orders, else a time. */
static zc_result take_expiry(const zc_dydx_tx *tx)
{
    zc_compose_job *job = tx->job;
    if (tx->client_id.is_short_term) {
        return ZC_OK; /* an expiry is left, and so refused */
    }
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_EXPIRY));
    const uint64_t expiry = job->order->expiry_ms;
    if (expiry % 1000 != 0 || expiry / 1000 > UINT32_MAX || expiry <= job->time_ms) {
        return zc_fail(ZC_COMPOSE_EXPIRY);
    }
    job->out->has_expiry = true;
    job->out->expiry_ms = expiry;
    return ZC_OK;
}

static zc_result put_good_til(const zc_dydx_tx *tx, zc_writer *writer, uint32_t block_field,
                              uint32_t time_field)
{
    if (tx->client_id.is_short_term) {
        return zc_pb_put_uint_always(writer, block_field, tx->client_id.block);
    }
    return zc_pb_put_fixed32(writer, time_field, (uint32_t)(tx->job->order->expiry_ms / 1000));
}

static zc_result put_order_id(const zc_dydx_tx *tx, zc_writer *writer, uint32_t field)
{
    zc_pb_message id;
    zc_pb_begin(writer, field, &id);
    ZC_TRY(zc_dydx_put_subaccount(writer, 1, zc_dydx_owner(tx), tx->account.subaccount));
    ZC_TRY(zc_pb_put_fixed32(writer, 2, tx->client_id.id[0]));
    ZC_TRY(zc_pb_put_uint(writer, 3, flags_of(tx)));
    ZC_TRY(zc_pb_put_uint(writer, 4, tx->market.pair));
    return zc_pb_end(writer, &id);
}

/* What an order is in the venue's units. */
typedef struct counts {
    uint64_t quantums;
    uint64_t subticks;
    uint64_t trigger_subticks; /* 0 without a trigger */
} counts;

static zc_result count(const zc_order *order, const zc_dydx_market *market, counts *ret)
{
    ret->trigger_subticks = 0;
    ZC_TRY(zc_compose_scaled_u64(&order->quantity, market->quantity_exponent, &ret->quantums));
    ZC_TRY(zc_compose_scaled_u64(&order->price, market->price_exponent, &ret->subticks));
    if (order->trigger_price.present) {
        return zc_compose_scaled_u64(&order->trigger_price, market->price_exponent,
                                     &ret->trigger_subticks);
    }
    return ZC_OK;
}

static zc_result put_order(const zc_dydx_tx *tx, zc_writer *writer)
{
    const zc_order *order = tx->job->order;
    zc_pb_message message;
    counts in;
    ZC_TRY(count(order, &tx->market, &in));
    zc_pb_begin(writer, 1, &message);
    ZC_TRY(put_order_id(tx, writer, 1));
    ZC_TRY(zc_pb_put_uint(writer, 2, order->side == ZC_SIDE_BUY ? 1 : 2));
    ZC_TRY(zc_pb_put_uint(writer, 3, in.quantums));
    ZC_TRY(zc_pb_put_uint(writer, 4, in.subticks));
    ZC_TRY(put_good_til(tx, writer, 5, 6));
    ZC_TRY(zc_pb_put_uint(writer, 7, tif_of(order)));
    ZC_TRY(zc_pb_put_uint(writer, 8, order->reduce_only));
    /* The client's own mark, by which the venue's screens tell market orders. */
    ZC_TRY(zc_pb_put_uint(writer, 9, is_market(order)));
    ZC_TRY(zc_pb_put_uint(writer, 10, is_stop(order)));
    ZC_TRY(zc_pb_put_uint(writer, 11, in.trigger_subticks));
    return zc_pb_end(writer, &message);
}

zc_result zc_dydx_place(zc_compose_job *job)
{
    static const zc_order_field taken[] = {ZC_ORDER_FIELD_SIDE,      ZC_ORDER_FIELD_TYPE,
                                           ZC_ORDER_FIELD_TIF,       ZC_ORDER_FIELD_REDUCE_ONLY,
                                           ZC_ORDER_FIELD_POST_ONLY, ZC_ORDER_FIELD_TRIGGER_PRICE};
    zc_dydx_tx tx;
    ZC_TRY(read_names(&tx, job));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_QUANTITY));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_PRICE));
    if (tx.client_id.count != 1) {
        return zc_fail(ZC_COMPOSE_CLIENT_ID);
    }
    if (!has_style(job->order, tx.client_id.is_short_term)) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++) {
        zc_compose_take(job, taken[i]);
    }
    ZC_TRY(take_expiry(&tx));
    return zc_dydx_end(&tx, "/dydxprotocol.clob.MsgPlaceOrder", put_order);
}

static zc_result put_cancel(const zc_dydx_tx *tx, zc_writer *writer)
{
    ZC_TRY(put_order_id(tx, writer, 1));
    return put_good_til(tx, writer, 2, 3);
}

static zc_result put_batch_cancel(const zc_dydx_tx *tx, zc_writer *writer)
{
    zc_pb_message batch;
    zc_pb_message ids;
    ZC_TRY(zc_dydx_put_subaccount(writer, 1, zc_dydx_owner(tx), tx->account.subaccount));
    zc_pb_begin(writer, 2, &batch);
    ZC_TRY(zc_pb_put_uint(writer, 1, tx->market.pair));
    zc_pb_begin(writer, 2, &ids);
    for (size_t i = 0; i < tx->client_id.count; i++) {
        ZC_TRY(zc_pb_put_varint(writer, tx->client_id.id[i]));
    }
    ZC_TRY(zc_pb_end(writer, &ids));
    ZC_TRY(zc_pb_end(writer, &batch));
    return zc_pb_put_uint(writer, 3, tx->client_id.block);
}

zc_result zc_dydx_cancel(zc_compose_job *job)
{
    zc_dydx_tx tx;
    ZC_TRY(read_names(&tx, job));
    ZC_TRY(take_expiry(&tx));
    if (tx.client_id.is_short_term) {
        if (is_stop(job->order)) {
            return zc_fail(ZC_COMPOSE_STYLE);
        }
    } else if (!zc_compose_has(job, ZC_ORDER_FIELD_TYPE)) {
        return zc_fail(ZC_COMPOSE_NEEDS_TYPE);
    } else if (job->order->type == ZC_ORDER_MARKET) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    zc_compose_take(job, ZC_ORDER_FIELD_TYPE);
    if (tx.client_id.count == 1) {
        return zc_dydx_end(&tx, "/dydxprotocol.clob.MsgCancelOrder", put_cancel);
    }
    return tx.client_id.is_short_term
               ? zc_dydx_end(&tx, "/dydxprotocol.clob.MsgBatchCancel", put_batch_cancel)
               : zc_fail(ZC_COMPOSE_CLIENT_ID);
}

static zc_result add_number(zc_intent *intent, const char *label, uint64_t value)
{
    zc_argument *argument;
    ZC_TRY(zc_intent_add_argument(intent, 0, ZC_ARGUMENT_NUMBER, label, &argument));
    argument->number = zc_u256_of(value);
    return ZC_OK;
}

zc_result zc_dydx_order_intent(const zc_order *order, zc_intent *intent)
{
    zc_dydx_market market;
    zc_dydx_client_id id;
    counts in;
    ZC_TRY(zc_dydx_market_of(order, &market));
    ZC_TRY(zc_dydx_client_id_of(order, &id));
    ZC_TRY(add_number(intent, "clobPairId", market.pair));
    if (id.is_short_term) {
        ZC_TRY(add_number(intent, "goodTilBlock", id.block));
    }
    if (order->action != ZC_OPERATION_ORDER_PLACE) {
        return ZC_OK;
    }
    ZC_TRY(count(order, &market, &in));
    ZC_TRY(add_number(intent, "quantums", in.quantums));
    ZC_TRY(add_number(intent, "subticks", in.subticks));
    return in.trigger_subticks == 0 ? ZC_OK
                                    : add_number(intent, "triggerSubticks", in.trigger_subticks);
}
