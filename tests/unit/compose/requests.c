/* What each venue is sent, in full for one order each, and what has no place in it. */
#include "support.h"

#include "compose/venue.h"

static void place__limit__request_of_each_venue(void **state)
{
    (void)state;
    static const struct {
        zc_venue venue;
        const char *call;
        const char *body;
    } wanted[] = {
        {ZC_VENUE_BINANCE_SPOT, "POST /api/v3/order",
         "timestamp=1700000000000&symbol=BTCUSDT&side=BUY&newClientOrderId=id1&type=LIMIT&"
         "quantity=1.50&price=30000.10&timeInForce=GTC&signature="},
        {ZC_VENUE_BINANCE_USDM, "POST /fapi/v1/order",
         "timestamp=1700000000000&symbol=BTCUSDT&side=BUY&newClientOrderId=id1&type=LIMIT&"
         "quantity=1.50&price=30000.10&timeInForce=GTC&signature="},
        {ZC_VENUE_BYBIT, "POST /v5/order/create",
         "{\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderType\":\"Limit\",\"orderLinkId\":\"id1\","
         "\"price\":\"30000.10\",\"category\":\"linear\",\"qty\":\"1.50\"}"},
        {ZC_VENUE_OKX, "POST /api/v5/trade/order",
         "{\"instId\":\"BTCUSDT\",\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"1.50\","
         "\"tdMode\":\"cross\",\"px\":\"30000.10\",\"clOrdId\":\"id1\"}"},
        {ZC_VENUE_KRAKEN, "POST /0/private/AddOrder",
         "nonce=1700000000001&pair=BTCUSDT&type=buy&ordertype=limit&volume=1.50&cl_ord_id=id1&"
         "price=30000.10"},
        {ZC_VENUE_BITGET, "POST /api/v2/mix/order/place-order",
         "{\"symbol\":\"BTCUSDT\",\"orderType\":\"limit\",\"price\":\"30000.10\",\"force\":\"GTC\","
         "\"marginCoin\":\"USDT\",\"size\":\"1.50\",\"productType\":\"USDT-FUTURES\","
         "\"clientOid\":\"id1\",\"marginMode\":\"crossed\",\"side\":\"buy\"}"},
        {ZC_VENUE_KUCOIN, "POST /api/v1/hf/orders",
         "{\"clientOid\":\"id1\",\"side\":\"buy\",\"symbol\":\"BTCUSDT\",\"type\":\"limit\","
         "\"size\":\"1.50\",\"price\":\"30000.10\"}"},
        {ZC_VENUE_GATE, "POST /api/v4/spot/orders",
         "{\"currency_pair\":\"BTCUSDT\",\"type\":\"limit\",\"account\":\"spot\",\"side\":\"buy\","
         "\"amount\":\"1.50\",\"price\":\"30000.10\",\"text\":\"t-id1\"}"},
        {ZC_VENUE_DERIBIT,
         "GET /api/v2/private/buy?instrument_name=BTCUSDT&amount=1.50&type=limit&price=30000.10&"
         "label=id1",
         ""},
        {ZC_VENUE_BITMEX, "POST /api/v1/order",
         "{\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderQty\":100,\"ordType\":\"Limit\","
         "\"price\":30000.10,\"clOrdID\":\"id1\"}"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        zc_order order = limit_order(wanted[i].venue);
        assert_request(&order, wanted[i].call, wanted[i].body);
    }
}

static void place__reduce_only_at_bitmex__in_exec_inst(void **state)
{
    (void)state;
    zc_order order = limit_order(ZC_VENUE_BITMEX);
    order.reduce_only = true;
    order.post_only = true;
    assert_request(
        &order, "POST /api/v1/order",
        "{\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderQty\":100,\"ordType\":\"Limit\","
        "\"price\":30000.10,\"execInst\":\"ParticipateDoNotInitiate,ReduceOnly\","
        "\"clOrdID\":\"id1\"}");
}

static void place__gate_futures__size_is_signed(void **state)
{
    (void)state;
    zc_order order = limit_order(ZC_VENUE_GATE);
    strcpy(order.account, "futures:usdt");
    order.side = ZC_SIDE_SELL;
    order.quantity = dec("7");
    assert_request(
        &order, "POST /api/v4/futures/usdt/orders",
        "{\"contract\":\"BTCUSDT\",\"size\":-7,\"price\":\"30000.10\",\"text\":\"t-id1\"}");
    order.quantity = dec("7.0");
    assert_refused(&order, ZC_COMPOSE_QUANTITY);
}

static void place__field_without_place__refused(void **state)
{
    (void)state;
    zc_order order = limit_order(ZC_VENUE_BINANCE_SPOT);
    order.reduce_only = true;
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_REDUCE_ONLY);
    order = limit_order(ZC_VENUE_KRAKEN);
    order.window_ms = 5000;
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_WINDOW);
    order = limit_order(ZC_VENUE_KRAKEN);
    strcpy(order.account, "margin");
    assert_refused(&order, ZC_COMPOSE_ACCOUNT);
    order = limit_order(ZC_VENUE_BYBIT);
    order.test_network = true;
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_TEST_NETWORK);
    order = limit_order(ZC_VENUE_OKX);
    order.test_network = true;
    assert_composes(&order);
    order = limit_order(ZC_VENUE_KUCOIN);
    order.client_id[0] = '\0';
    assert_refused(&order, ZC_COMPOSE_NEEDS_CLIENT_ID);
    order = limit_order(ZC_VENUE_BYBIT);
    strcpy(order.account, "linear:1:2");
    assert_refused(&order, ZC_COMPOSE_ACCOUNT);
    strcpy(order.account, "linear:7");
    assert_refused(&order, ZC_COMPOSE_ACCOUNT);
    strcpy(order.account, "linear:1");
    assert_composes(&order);
}

static void place__type_and_numbers__fit(void **state)
{
    (void)state;
    zc_order order = limit_order(ZC_VENUE_BYBIT);
    order.price = (zc_decimal){0};
    assert_refused(&order, ZC_COMPOSE_NEEDS_PRICE);
    order.price = dec("0.00"); /* at some venues: at any price */
    assert_refused(&order, ZC_COMPOSE_ZERO);
    order = limit_order(ZC_VENUE_BYBIT);
    order.type = ZC_ORDER_MARKET;
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_PRICE);
    order = limit_order(ZC_VENUE_BYBIT);
    order.trigger_price = dec("1");
    assert_refused(&order, ZC_COMPOSE_TRIGGER);
    order = limit_order(ZC_VENUE_BYBIT);
    order.quantity = (zc_decimal){0};
    assert_refused(&order, ZC_COMPOSE_NEEDS_QUANTITY);
    order = limit_order(ZC_VENUE_BYBIT);
    order.tif = ZC_TIF_GTD;
    order.expiry_ms = TEST_NOW + 1000000;
    assert_refused(&order, ZC_COMPOSE_STYLE);
    order = limit_order(ZC_VENUE_BINANCE_USDM);
    order.tif = ZC_TIF_GTD;
    assert_refused(&order, ZC_COMPOSE_EXPIRY);
    order.expiry_ms = TEST_NOW + 1000000;
    assert_composes(&order);
    order.tif = ZC_TIF_NONE; /* would be good till cancelled, and say otherwise */
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_EXPIRY);
    order = limit_order(ZC_VENUE_BINANCE_SPOT);
    order.quote_quantity = order.quantity;
    order.quantity = (zc_decimal){0};
    assert_refused(&order, ZC_COMPOSE_TAKES_NO_QUOTE_QUANTITY);
    order = limit_order(ZC_VENUE_KUCOIN);
    strcpy(order.account, "cross");
    order.type = ZC_ORDER_STOP_LIMIT;
    order.trigger_price = dec("1");
    assert_refused(&order, ZC_COMPOSE_STYLE); /* no stop orders on margin */
}

static void cancel__each_venue__by_order_id(void **state)
{
    (void)state;
    static const struct {
        zc_venue venue;
        const char *call;
        const char *body;
    } wanted[] = {
        {ZC_VENUE_BINANCE_SPOT,
         "DELETE /api/v3/order?timestamp=1700000000000&symbol=BTCUSDT&orderId=123&signature=", ""},
        {ZC_VENUE_OKX, "POST /api/v5/trade/cancel-order",
         "{\"instId\":\"BTCUSDT\",\"ordId\":\"123\"}"},
        {ZC_VENUE_KUCOIN, "DELETE /api/v1/hf/orders/123?symbol=BTCUSDT", ""},
        {ZC_VENUE_GATE, "DELETE /api/v4/spot/orders/123?account=spot&currency_pair=BTCUSDT", ""},
        {ZC_VENUE_BITGET, "POST /api/v2/mix/order/cancel-order",
         "{\"symbol\":\"BTCUSDT\",\"orderId\":\"123\",\"productType\":\"USDT-FUTURES\"}"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        zc_order order = bare_order(wanted[i].venue, ZC_OPERATION_ORDER_CANCEL);
        strcpy(order.market, "BTCUSDT");
        strcpy(order.order_id, "123");
        strcpy(order.account, wanted[i].venue == ZC_VENUE_GATE     ? "spot"
                              : wanted[i].venue == ZC_VENUE_BITGET ? "USDT-FUTURES"
                                                                   : "");
        assert_request(&order, wanted[i].call, wanted[i].body);
    }
}

static void intent__withdrawal__movement_and_flags(void **state)
{
    (void)state;
    static zc_composition composition;
    static zc_intent intent;
    zc_order order = bare_order(ZC_VENUE_BINANCE_SPOT, ZC_OPERATION_VENUE_WITHDRAW);
    strcpy(order.asset, "USDT");
    strcpy(order.to, "TXYZ");
    strcpy(order.network, "TRX");
    order.amount = dec("1.50");
    assert_int_equal(prepare(&order, &composition).code, 0);
    assert_int_equal(zc_compose_intent(&order, &composition, &intent).code, 0);
    const zc_u256 amount = zc_u256_of(UINT64_C(1500000000000000000));
    assert_int_equal(intent.operation, ZC_OPERATION_VENUE_WITHDRAW);
    assert_true(intent.chain_id == ZC_CHAIN_VENUE(ZC_VENUE_BINANCE_SPOT));
    assert_true(intent.flags == ZC_FLAG_WITHDRAWAL);
    assert_int_equal(intent.movement_count, 1);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_true(zc_u256_eq(&intent.movements[0].amount, &amount));
    assert_text(zc_address_slice(&intent.movements[0].to), "TXYZ");
    assert_text(zc_asset_id_slice(&intent.movements[0].asset), "USDT");
    assert_text(zc_intent_method(&intent), "POST /sapi/v1/capital/withdraw/apply");
    assert_true(intent.has_expiry && intent.expiry_ms == TEST_NOW + 5000);
    order.amount = dec("0.0000000000000000001"); /* 19 places, a unit has 18 */
    assert_int_equal(prepare(&order, &composition).code, 0);
    assert_int_equal(zc_compose_intent(&order, &composition, &intent).code, ZC_COMPOSE_AMOUNT);
    assert_int_equal(intent.movement_count, 0);
}

static void intent__key_call__flagged(void **state)
{
    (void)state;
    static zc_composition composition;
    static zc_intent intent;
    zc_order order = bare_order(ZC_VENUE_DERIBIT, ZC_OPERATION_VENUE_ADMIN);
    strcpy(order.call, "remove-key");
    strcpy(order.to, "17");
    assert_request(&order, "GET /api/v2/private/remove_api_key?id=17", "");
    assert_int_equal(prepare(&order, &composition).code, 0);
    assert_int_equal(zc_compose_intent(&order, &composition, &intent).code, 0);
    assert_true((intent.flags & ZC_FLAG_KEY_MANAGEMENT) != 0);
    strcpy(order.call, "make-me-rich");
    assert_refused(&order, ZC_COMPOSE_CALL);
}

static void iso8601__leap_days_and_ends__as_calendars_have_them(void **state)
{
    (void)state;
    static const struct {
        uint64_t ms;
        const char *text;
    } times[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {UINT64_C(951782400000), "2000-02-29T00:00:00.000Z"},
        {UINT64_C(951868799999), "2000-02-29T23:59:59.999Z"},
        {UINT64_C(1607418537715), "2020-12-08T09:08:57.715Z"},
        {UINT64_C(4107542399000), "2100-02-28T23:59:59.000Z"},
        {UINT64_C(4107542400000), "2100-03-01T00:00:00.000Z"},
        {UINT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
    };
    uint8_t text[32];
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        assert_true(zc_ok(zc_compose_write_iso8601(&writer, times[i].ms)));
        assert_text(zc_writer_written(&writer), times[i].text);
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    assert_int_equal(zc_compose_write_iso8601(&writer, UINT64_C(253402300800000)).code,
                     ZC_COMPOSE_TIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place__limit__request_of_each_venue),
        cmocka_unit_test(place__reduce_only_at_bitmex__in_exec_inst),
        cmocka_unit_test(place__gate_futures__size_is_signed),
        cmocka_unit_test(place__field_without_place__refused),
        cmocka_unit_test(place__type_and_numbers__fit),
        cmocka_unit_test(cancel__each_venue__by_order_id),
        cmocka_unit_test(intent__withdrawal__movement_and_flags),
        cmocka_unit_test(intent__key_call__flagged),
        cmocka_unit_test(iso8601__leap_days_and_ends__as_calendars_have_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
