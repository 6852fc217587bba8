/* Orders of Hyperliquid: placed, changed, cancelled. */
#include "compose/hyperliquid.h"

static zc_result put_decimal(zc_hl_action *action, const char *key, const zc_decimal *decimal)
{
    uint8_t text[ZC_U256_DECIMAL_SIZE + 2];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_hl_write_decimal(&writer, decimal));
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_text(action, zc_writer_written(&writer));
}

static zc_result put_text(zc_hl_action *action, const char *key, const char *text)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_text(action, zc_slice_of_text(text));
}

static zc_result put_bool(zc_hl_action *action, const char *key, bool value)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_bool(action, value);
}

static zc_result put_u64(zc_hl_action *action, const char *key, uint64_t value)
{
    ZC_TRY(zc_hl_key(action, key));
    return zc_hl_u64(action, value);
}

/* The venue's name of a time in force; NULL for a combination that it has not. */
static const char *tif_name(const zc_order *order)
{
    if (order->post_only) {
        return order->tif == ZC_TIF_NONE || order->tif == ZC_TIF_GTC ? "Alo" : NULL;
    }
    if (order->type == ZC_ORDER_MARKET) {
        return order->tif == ZC_TIF_NONE || order->tif == ZC_TIF_IOC ? "Ioc" : NULL;
    }
    switch (order->tif) {
    case ZC_TIF_NONE:
    case ZC_TIF_GTC:
        return "Gtc";
    case ZC_TIF_IOC:
        return "Ioc";
    case ZC_TIF_FOK:
    case ZC_TIF_GTD:
        break;
    }
    return NULL;
}

static zc_result put_limit(zc_hl_action *action, const zc_order *order)
{
    const char *tif = tif_name(order);
    if (tif == NULL) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    ZC_TRY(zc_hl_open_map(action, 1));
    ZC_TRY(zc_hl_key(action, "limit"));
    ZC_TRY(zc_hl_open_map(action, 1));
    ZC_TRY(put_text(action, "tif", tif));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_close_map(action);
}

static zc_result put_trigger(zc_hl_action *action, zc_compose_job *job)
{
    const zc_order *order = job->order;
    /* A triggered order is at rest until then, whatever becomes of it. */
    if (order->post_only || (order->tif != ZC_TIF_NONE && order->tif != ZC_TIF_GTC)) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TRIGGER_PRICE));
    ZC_TRY(zc_hl_open_map(action, 1));
    ZC_TRY(zc_hl_key(action, "trigger"));
    ZC_TRY(zc_hl_open_map(action, 3));
    ZC_TRY(put_bool(action, "isMarket", order->type == ZC_ORDER_STOP_MARKET));
    ZC_TRY(put_decimal(action, "triggerPx", &order->trigger_price));
    ZC_TRY(put_text(action, "tpsl", "sl"));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_close_map(action);
}

static zc_result put_type(zc_hl_action *action, zc_compose_job *job)
{
    ZC_TRY(zc_hl_key(action, "t"));
    zc_compose_take(job, ZC_ORDER_FIELD_TIF);
    zc_compose_take(job, ZC_ORDER_FIELD_POST_ONLY);
    switch (job->order->type) {
    case ZC_ORDER_LIMIT:
    case ZC_ORDER_MARKET:
        return put_limit(action, job->order);
    case ZC_ORDER_STOP_LIMIT:
    case ZC_ORDER_STOP_MARKET:
        return put_trigger(action, job);
    case ZC_ORDER_TYPE_NONE:
        break;
    }
    return zc_fail(ZC_COMPOSE_NEEDS_TYPE);
}

/* What each order says, new or changed. */
static zc_result put_order(zc_hl_action *action, zc_compose_job *job)
{
    const zc_order *order = job->order;
    const zc_slice cloid = zc_slice_of_text(order->client_id);
    uint32_t asset;
    ZC_TRY(zc_hl_asset(job, &asset));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TYPE));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_SIDE));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_PRICE));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_QUANTITY));
    ZC_TRY(zc_hl_open_map(action, cloid.len != 0 ? 7 : 6));
    ZC_TRY(put_u64(action, "a", asset));
    ZC_TRY(put_bool(action, "b", order->side == ZC_SIDE_BUY));
    ZC_TRY(put_decimal(action, "p", &order->price));
    ZC_TRY(put_decimal(action, "s", &order->quantity));
    ZC_TRY(put_bool(action, "r", order->reduce_only));
    zc_compose_take(job, ZC_ORDER_FIELD_REDUCE_ONLY);
    ZC_TRY(put_type(action, job));
    if (cloid.len != 0) {
        if (!zc_hl_is_hex(cloid, 32)) {
            return zc_fail(ZC_COMPOSE_CLIENT_ID);
        }
        zc_compose_take(job, ZC_ORDER_FIELD_CLIENT_ID);
        ZC_TRY(put_text(action, "c", order->client_id));
    }
    return zc_hl_close_map(action);
}

static zc_result order_id(zc_compose_job *job, uint64_t *ret_id)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ORDER_ID));
    return zc_compose_read_u64(zc_slice_of_text(job->order->order_id), UINT64_MAX, ret_id)
               ? ZC_OK
               : zc_fail(ZC_COMPOSE_ORDER_ID);
}

zc_result zc_hl_place(zc_compose_job *job)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange order");
    ZC_TRY(zc_hl_open_map(action, 3));
    ZC_TRY(put_text(action, "type", "order"));
    ZC_TRY(zc_hl_key(action, "orders"));
    ZC_TRY(zc_hl_open_array(action, 1));
    ZC_TRY(put_order(action, job));
    ZC_TRY(zc_hl_close_array(action));
    ZC_TRY(put_text(action, "grouping", "na"));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

/* Which order is changed: by the venue's number, else by the client's own. */
static zc_result put_changed(zc_hl_action *action, zc_compose_job *job)
{
    ZC_TRY(zc_hl_key(action, "oid"));
    if (!zc_compose_has(job, ZC_ORDER_FIELD_ORDER_ID)) {
        return zc_hl_text(action, zc_slice_of_text(job->order->client_id));
    }
    uint64_t id;
    ZC_TRY(order_id(job, &id));
    return zc_hl_u64(action, id);
}

zc_result zc_hl_amend(zc_compose_job *job)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange batchModify");
    ZC_TRY(zc_hl_open_map(action, 2));
    ZC_TRY(put_text(action, "type", "batchModify"));
    ZC_TRY(zc_hl_key(action, "modifies"));
    ZC_TRY(zc_hl_open_array(action, 1));
    ZC_TRY(zc_hl_open_map(action, 2));
    ZC_TRY(put_changed(action, job));
    ZC_TRY(zc_hl_key(action, "order"));
    ZC_TRY(put_order(action, job));
    ZC_TRY(zc_hl_close_map(action));
    ZC_TRY(zc_hl_close_array(action));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

static zc_result put_cancel_by_id(zc_hl_action *action, zc_compose_job *job, uint32_t asset)
{
    uint64_t id;
    ZC_TRY(order_id(job, &id));
    ZC_TRY(put_u64(action, "a", asset));
    return put_u64(action, "o", id);
}

static zc_result put_cancel_by_cloid(zc_hl_action *action, zc_compose_job *job, uint32_t asset)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_CLIENT_ID));
    if (!zc_hl_is_hex(zc_slice_of_text(job->order->client_id), 32)) {
        return zc_fail(ZC_COMPOSE_CLIENT_ID);
    }
    ZC_TRY(put_u64(action, "asset", asset));
    return put_text(action, "cloid", job->order->client_id);
}

zc_result zc_hl_cancel(zc_compose_job *job)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    const bool by_id = zc_compose_has(job, ZC_ORDER_FIELD_ORDER_ID);
    uint32_t asset;
    ZC_TRY(zc_hl_asset(job, &asset));
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST,
                        by_id ? "/exchange cancel" : "/exchange cancelByCloid");
    /* Triggered or not, the venue finds it by its number. */
    zc_compose_take(job, ZC_ORDER_FIELD_TYPE);
    ZC_TRY(zc_hl_open_map(action, 2));
    ZC_TRY(put_text(action, "type", by_id ? "cancel" : "cancelByCloid"));
    ZC_TRY(zc_hl_key(action, "cancels"));
    ZC_TRY(zc_hl_open_array(action, 1));
    ZC_TRY(zc_hl_open_map(action, 2));
    ZC_TRY(by_id ? put_cancel_by_id(action, job, asset) : put_cancel_by_cloid(action, job, asset));
    ZC_TRY(zc_hl_close_map(action));
    ZC_TRY(zc_hl_close_array(action));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}

zc_result zc_hl_cancel_all(zc_compose_job *job)
{
    zc_hl_request request;
    zc_hl_action *action = &request.action;
    ZC_TRY(zc_hl_l1_begin(&request, job));
    zc_compose_set_call(job->out, ZC_COMPOSE_POST, "/exchange scheduleCancel");
    ZC_TRY(zc_hl_open_map(action, 2));
    ZC_TRY(put_text(action, "type", "scheduleCancel"));
    ZC_TRY(put_u64(action, "time", job->nonce + ZC_HL_CANCEL_ALL_MS));
    ZC_TRY(zc_hl_close_map(action));
    return zc_hl_l1_end(&request, true);
}
