#include "chain.h"

static zc_composition out;
static zc_intent intent;

static zc_order limit_order(void)
{
    zc_order order = {.venue = ZC_VENUE_COINBASE,
                      .action = ZC_OPERATION_ORDER_PLACE,
                      .side = ZC_SIDE_BUY,
                      .type = ZC_ORDER_LIMIT,
                      .price = dec("30000.10"),
                      .quantity = dec("0.50")};
    set_text(order.market, "BTC-USD");
    set_text(order.client_id, "c-1");
    return order;
}

static void place__limit_order__numbers_as_given(void **state)
{
    (void)state;
    zc_order order = limit_order();
    OK(prepare(&order, ZC_CURVE_P256, &out));
    assert_string_equal(unsigned_body(&out),
                        "{\"client_order_id\":\"c-1\",\"product_id\":\"BTC-USD\",\"side\":\"BUY\","
                        "\"order_configuration\":{\"limit_limit_gtc\":{\"base_size\":\"0.50\","
                        "\"limit_price\":\"30000.10\",\"post_only\":false}}}");
    assert_string_equal(out.call, "POST /api/v3/brokerage/orders");
    assert_int_equal(out.signings[0].scheme, ZC_COMPOSE_ECDSA_SHA256);
    OK(prepare(&order, ZC_CURVE_ED25519, &out));
    assert_int_equal(out.signings[0].scheme, ZC_COMPOSE_ED25519);
    FAILS(ZC_COMPOSE_KEY_KIND, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void place__same_order_twice__tokens_differ(void **state)
{
    (void)state;
    static zc_composition other;
    zc_order order = limit_order();
    OK(zc_compose_prepare(&order, chain_account(ZC_CURVE_P256), NOW, 1, &out));
    OK(zc_compose_prepare(&order, chain_account(ZC_CURVE_P256), NOW, 2, &other));
    assert_int_equal(out.preimage.len, other.preimage.len);
    assert_memory_not_equal(out.preimage.byte, other.preimage.byte, out.preimage.len);
}

static void intent__what_a_body_decides__flagged_as_signed_in_part(void **state)
{
    (void)state;
    zc_order order = limit_order();
    OK(prepare(&order, ZC_CURVE_P256, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_true((intent.flags & ZC_FLAG_UNUSUAL_SIGHASH) != 0);
    assert_true(intent.has_expiry && intent.expiry_ms == NOW + 120000);
    order = (zc_order){.venue = ZC_VENUE_COINBASE, .action = ZC_OPERATION_VENUE_READ};
    set_text(order.call, "accounts");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_int_equal(intent.flags, 0);
    order = (zc_order){.venue = ZC_VENUE_COINBASE, .action = ZC_OPERATION_ORDER_CANCEL};
    set_text(order.order_id, "a-1");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_int_equal(intent.flags, 0);
}

static void place__styles__only_the_venues_configurations(void **state)
{
    (void)state;
    zc_order order = limit_order();
    order.tif = ZC_TIF_IOC;
    order.post_only = true;
    FAILS(ZC_COMPOSE_STYLE, prepare(&order, ZC_CURVE_P256, &out));
    order.post_only = false;
    order.reduce_only = true;
    FAILS(ZC_COMPOSE_TAKES_NO_REDUCE_ONLY, prepare(&order, ZC_CURVE_P256, &out));
    order = limit_order();
    order.type = ZC_ORDER_STOP_MARKET;
    order.price = (zc_decimal){0};
    order.trigger_price = dec("1");
    FAILS(ZC_COMPOSE_STYLE, prepare(&order, ZC_CURVE_P256, &out));
    order = limit_order();
    order.type = ZC_ORDER_STOP_LIMIT;
    order.side = ZC_SIDE_SELL;
    order.trigger_price = dec("31000");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    assert_true(holds(unsigned_body(&out), "\"stop_direction\":\"STOP_DIRECTION_STOP_DOWN\""));
    order = limit_order();
    order.client_id[0] = '\0';
    FAILS(ZC_COMPOSE_NEEDS_CLIENT_ID, prepare(&order, ZC_CURVE_P256, &out));
}

static void withdraw__hostile_tag__stays_a_text(void **state)
{
    (void)state;
    zc_order order = {
        .venue = ZC_VENUE_COINBASE, .action = ZC_OPERATION_VENUE_WITHDRAW, .amount = dec("1")};
    set_text(order.account, "a-1");
    set_text(order.asset, "XRP");
    set_text(order.to, "rDestination");
    set_text(order.tag, "1\",\"amount\":\"1000");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    assert_true(
        holds(unsigned_body(&out), "\"destination_tag\":\"1\\\",\\\"amount\\\":\\\"1000\"}"));
    set_text(order.account, "../../v3/orders?");
    assert_false(zc_ok(prepare(&order, ZC_CURVE_P256, &out)));
    set_text(order.account, "../x");
    FAILS(ZC_COMPOSE_ACCOUNT, prepare(&order, ZC_CURVE_P256, &out));
}

static void read__paths__no_text_leaves_its_place(void **state)
{
    (void)state;
    zc_order order = {.venue = ZC_VENUE_COINBASE, .action = ZC_OPERATION_VENUE_READ};
    set_text(order.call, "order");
    FAILS(ZC_COMPOSE_NEEDS_ORDER_ID, prepare(&order, ZC_CURVE_P256, &out));
    set_text(order.order_id, "batch/../x");
    FAILS(ZC_COMPOSE_ORDER_ID, prepare(&order, ZC_CURVE_P256, &out));
    set_text(order.order_id, "abc-1");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    order.order_id[0] = '\0';
    set_text(order.call, "orders");
    set_text(order.market, "BTC-USD,x=1");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    static const char path[] =
        "/api/v3/brokerage/orders/historical/batch?product_ids=BTC-USD%2Cx%3D1";
    assert_int_equal(out.path.len, sizeof(path) - 1);
    assert_memory_equal(out.path.byte, path, sizeof(path) - 1);
    set_text(order.call, "websocket");
    OK(prepare(&order, ZC_CURVE_P256, &out));
    assert_true(holds(unsigned_body(&out), "\"jwt\":\"ey"));
    set_text(order.call, "orders.delete");
    FAILS(ZC_COMPOSE_CALL, prepare(&order, ZC_CURVE_P256, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place__limit_order__numbers_as_given),
        cmocka_unit_test(place__same_order_twice__tokens_differ),
        cmocka_unit_test(intent__what_a_body_decides__flagged_as_signed_in_part),
        cmocka_unit_test(place__styles__only_the_venues_configurations),
        cmocka_unit_test(withdraw__hostile_tag__stays_a_text),
        cmocka_unit_test(read__paths__no_text_leaves_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
