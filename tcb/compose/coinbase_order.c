/* Orders of Coinbase Advanced: placed, changed, cancelled. */
#include "compose/coinbase.h"

/* What the venue's order configurations hold. */
typedef enum config_field {
    BASE_SIZE = 1,
    QUOTE_SIZE = 2,
    LIMIT_PRICE = 4,
    STOP_PRICE = 8, /* and its direction */
    END_TIME = 16,
    POST_ONLY = 32,
} config_field;

typedef struct order_config {
    zc_order_type type;
    zc_time_in_force tif; /* NONE is looked up as the default of the type */
    const char *key;
    uint32_t fields;
} order_config;

static const order_config configs[] = {
    {ZC_ORDER_MARKET, ZC_TIF_IOC, "market_market_ioc", BASE_SIZE | QUOTE_SIZE},
    {ZC_ORDER_MARKET, ZC_TIF_FOK, "market_market_fok", BASE_SIZE | QUOTE_SIZE},
    {ZC_ORDER_LIMIT, ZC_TIF_IOC, "sor_limit_ioc", BASE_SIZE | LIMIT_PRICE},
    {ZC_ORDER_LIMIT, ZC_TIF_GTC, "limit_limit_gtc", BASE_SIZE | LIMIT_PRICE | POST_ONLY},
    {ZC_ORDER_LIMIT, ZC_TIF_GTD, "limit_limit_gtd", BASE_SIZE | LIMIT_PRICE | END_TIME | POST_ONLY},
    {ZC_ORDER_LIMIT, ZC_TIF_FOK, "limit_limit_fok", BASE_SIZE | LIMIT_PRICE},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTC, "stop_limit_stop_limit_gtc",
     BASE_SIZE | LIMIT_PRICE | STOP_PRICE},
    {ZC_ORDER_STOP_LIMIT, ZC_TIF_GTD, "stop_limit_stop_limit_gtd",
     BASE_SIZE | LIMIT_PRICE | STOP_PRICE | END_TIME},
};

static const order_config *find_config(const zc_order *order)
{
    const zc_time_in_force usual = order->type == ZC_ORDER_MARKET ? ZC_TIF_IOC : ZC_TIF_GTC;
    const zc_time_in_force tif = order->tif == ZC_TIF_NONE ? usual : order->tif;
    for (size_t i = 0; i < sizeof(configs) / sizeof(*configs); i++) {
        if (configs[i].type == order->type && configs[i].tif == tif) {
            return &configs[i];
        }
    }
    return NULL;
}

static zc_result put_size(zc_compose_job *job, uint32_t fields, zc_json *json)
{
    if ((fields & QUOTE_SIZE) != 0 && zc_compose_has(job, ZC_ORDER_FIELD_QUOTE_QUANTITY)) {
        zc_compose_take(job, ZC_ORDER_FIELD_QUOTE_QUANTITY);
        return zc_coinbase_decimal(json, "quote_size", &job->order->quote_quantity);
    }
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_QUANTITY));
    return zc_coinbase_decimal(json, "base_size", &job->order->quantity);
}

static zc_result put_end_time(zc_compose_job *job, zc_json *json)
{
    uint8_t text[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_EXPIRY));
    ZC_TRY(zc_compose_write_iso8601(&writer, job->order->expiry_ms));
    return zc_json_pair(json, "end_time", zc_writer_written(&writer));
}

static zc_result put_prices(zc_compose_job *job, uint32_t fields, zc_json *json)
{
    const zc_order *order = job->order;
    if ((fields & LIMIT_PRICE) != 0) {
        ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_PRICE));
        ZC_TRY(zc_coinbase_decimal(json, "limit_price", &order->price));
    }
    if ((fields & STOP_PRICE) != 0) {
        ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_TRIGGER_PRICE));
        ZC_TRY(zc_coinbase_decimal(json, "stop_price", &order->trigger_price));
    }
    return ZC_OK;
}

static zc_result put_config(zc_compose_job *job, const order_config *config, zc_json *json)
{
    const zc_order *order = job->order;
    const bool buys = order->side == ZC_SIDE_BUY;
    ZC_TRY(zc_json_key(json, "order_configuration"));
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(zc_json_key(json, config->key));
    ZC_TRY(zc_json_open_object(json));
    ZC_TRY(put_size(job, config->fields, json));
    ZC_TRY(put_prices(job, config->fields, json));
    if ((config->fields & END_TIME) != 0) {
        ZC_TRY(put_end_time(job, json));
    }
    if ((config->fields & STOP_PRICE) != 0) {
        ZC_TRY(zc_coinbase_pair(json, "stop_direction",
                                buys ? "STOP_DIRECTION_STOP_UP" : "STOP_DIRECTION_STOP_DOWN"));
    }
    if ((config->fields & POST_ONLY) != 0) {
        zc_compose_take(job, ZC_ORDER_FIELD_POST_ONLY);
        ZC_TRY(zc_json_key(json, "post_only"));
        ZC_TRY(zc_json_bool(json, order->post_only));
    }
    ZC_TRY(zc_json_close_object(json));
    return zc_json_close_object(json);
}

zc_result zc_coinbase_place(zc_compose_job *job)
{
    const zc_order *order = job->order;
    const order_config *config = find_config(order);
    if (config == NULL || (order->post_only && (config->fields & POST_ONLY) == 0)) {
        return zc_fail(ZC_COMPOSE_STYLE);
    }
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_CLIENT_ID));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_MARKET));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_SIDE));
    zc_compose_take(job, ZC_ORDER_FIELD_TYPE);
    zc_compose_take(job, ZC_ORDER_FIELD_TIF);
    if (!zc_coinbase_is_id(zc_slice_of_text(order->market))) {
        return zc_fail(ZC_COMPOSE_MARKET);
    }
    ZC_TRY(zc_coinbase_path(job, "/api/v3/brokerage/orders"));
    zc_writer body = zc_compose_begin(&job->out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_coinbase_pair(&json, "client_order_id", order->client_id));
    ZC_TRY(zc_coinbase_pair(&json, "product_id", order->market));
    ZC_TRY(zc_coinbase_pair(&json, "side", order->side == ZC_SIDE_BUY ? "BUY" : "SELL"));
    ZC_TRY(put_config(job, config, &json));
    ZC_TRY(zc_json_close_object(&json));
    zc_compose_end(&job->out->body, &body);
    return zc_coinbase_end(job, ZC_COMPOSE_POST, zc_slice_of(NULL, 0));
}

static zc_result need_order_id(zc_compose_job *job)
{
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_ORDER_ID));
    return zc_coinbase_is_id(zc_slice_of_text(job->order->order_id)) ? ZC_OK
                                                                     : zc_fail(ZC_COMPOSE_ORDER_ID);
}

zc_result zc_coinbase_amend(zc_compose_job *job)
{
    const zc_order *order = job->order;
    ZC_TRY(need_order_id(job));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_PRICE));
    ZC_TRY(zc_compose_need(job, ZC_ORDER_FIELD_QUANTITY));
    ZC_TRY(zc_coinbase_path(job, "/api/v3/brokerage/orders/edit"));
    zc_writer body = zc_compose_begin(&job->out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_coinbase_pair(&json, "order_id", order->order_id));
    ZC_TRY(zc_coinbase_decimal(&json, "size", &order->quantity));
    ZC_TRY(zc_coinbase_decimal(&json, "price", &order->price));
    ZC_TRY(zc_json_close_object(&json));
    zc_compose_end(&job->out->body, &body);
    return zc_coinbase_end(job, ZC_COMPOSE_POST, zc_slice_of(NULL, 0));
}

zc_result zc_coinbase_cancel(zc_compose_job *job)
{
    ZC_TRY(need_order_id(job));
    ZC_TRY(zc_coinbase_path(job, "/api/v3/brokerage/orders/batch_cancel"));
    zc_writer body = zc_compose_begin(&job->out->body);
    zc_json json = zc_json_of(&body);
    ZC_TRY(zc_json_open_object(&json));
    ZC_TRY(zc_json_key(&json, "order_ids"));
    ZC_TRY(zc_json_open_array(&json));
    ZC_TRY(zc_json_text(&json, zc_slice_of_text(job->order->order_id)));
    ZC_TRY(zc_json_close_array(&json));
    ZC_TRY(zc_json_close_object(&json));
    zc_compose_end(&job->out->body, &body);
    return zc_coinbase_end(job, ZC_COMPOSE_POST, zc_slice_of(NULL, 0));
}
