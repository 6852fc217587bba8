#include "chain.h"

#include "crypto/hash.h"

static zc_composition out;
static zc_intent intent;

static zc_order limit_order(void)
{
    zc_order order = {.venue = ZC_VENUE_HYPERLIQUID,
                      .action = ZC_OPERATION_ORDER_PLACE,
                      .side = ZC_SIDE_BUY,
                      .type = ZC_ORDER_LIMIT,
                      .price = dec("1670.10"),
                      .quantity = dec("0.01470")};
    set_text(order.market, "ETH@4");
    return order;
}

static zc_order move(zc_operation action, const char *asset, const char *to)
{
    zc_order order = {
        .venue = ZC_VENUE_HYPERLIQUID, .action = (uint8_t)action, .amount = dec("12.50")};
    set_text(order.asset, asset);
    set_text(order.to, to);
    return order;
}

#define ADDRESS "0x5e9ee1089755c3435139848e47e6635505d5a13a"

static void place__limit_order__body_in_the_venues_key_order(void **state)
{
    (void)state;
    zc_order order = limit_order();
    order.tif = ZC_TIF_IOC;
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_string_equal(
        unsigned_body(&out),
        "{\"action\":{\"type\":\"order\",\"orders\":[{\"a\":4,\"b\":true,\"p\":\"1670.1\","
        "\"s\":\"0.0147\",\"r\":false,\"t\":{\"limit\":{\"tif\":\"Ioc\"}}}],\"grouping\":\"na\"},"
        "\"nonce\":1770000000007,\"signature\":}");
    const char *body = body_of(&order, ZC_CURVE_SECP256K1);
    assert_true(holds(body, "\"signature\":{\"r\":\"0x"));
    assert_true(holds(body, "\",\"v\":2"));
}

static void place__each_style__as_the_venue_has_it_or_refused(void **state)
{
    (void)state;
    static const struct {
        zc_order_type type;
        zc_time_in_force tif;
        bool post_only;
        const char *part; /* NULL: refused */
    } cases[] = {
        {ZC_ORDER_LIMIT, ZC_TIF_NONE, false, "{\"limit\":{\"tif\":\"Gtc\"}}"},
        {ZC_ORDER_LIMIT, ZC_TIF_GTC, true, "{\"limit\":{\"tif\":\"Alo\"}}"},
        {ZC_ORDER_LIMIT, ZC_TIF_IOC, true, NULL},
        {ZC_ORDER_LIMIT, ZC_TIF_FOK, false, NULL},
        {ZC_ORDER_MARKET, ZC_TIF_NONE, false, "{\"limit\":{\"tif\":\"Ioc\"}}"},
        {ZC_ORDER_MARKET, ZC_TIF_GTC, false, NULL},
        {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false,
         "{\"trigger\":{\"isMarket\":false,\"triggerPx\":\"5\",\"tpsl\":\"sl\"}}"},
        {ZC_ORDER_STOP_MARKET, ZC_TIF_GTC, false,
         "{\"trigger\":{\"isMarket\":true,\"triggerPx\":\"5\",\"tpsl\":\"sl\"}}"},
        {ZC_ORDER_STOP_MARKET, ZC_TIF_IOC, false, NULL},
        {ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, true, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        zc_order order = limit_order();
        order.type = cases[i].type;
        order.tif = cases[i].tif;
        order.post_only = cases[i].post_only;
        if (order.type == ZC_ORDER_STOP_LIMIT || order.type == ZC_ORDER_STOP_MARKET) {
            order.trigger_price = dec("5.000");
        }
        if (cases[i].part == NULL) {
            FAILS(ZC_COMPOSE_STYLE, prepare(&order, ZC_CURVE_SECP256K1, &out));
        } else {
            OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
            assert_true(holds(unsigned_body(&out), cases[i].part));
        }
    }
}

static void place__odd_fields__refused(void **state)
{
    (void)state;
    static const char *const markets[] = {"BTC",    "BTC@",           "@0",     "BTC@01",
                                          "BTC@-1", "BTC@4294967296", "BTC@0x1"};
    zc_order order = limit_order();
    for (size_t i = 0; i < sizeof(markets) / sizeof(*markets); i++) {
        set_text(order.market, markets[i]);
        FAILS(ZC_COMPOSE_MARKET, prepare(&order, ZC_CURVE_SECP256K1, &out));
    }
    order = limit_order();
    order.price = dec("0.000000001");
    FAILS(ZC_COMPOSE_NUMBER, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order.price = dec("0.100000000000000000000000000000");
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    set_text(order.client_id, "0x0000000000000000000000000000000A");
    FAILS(ZC_COMPOSE_CLIENT_ID, prepare(&order, ZC_CURVE_SECP256K1, &out));
    set_text(order.client_id, "\",\"r\":true,\"x\":\"");
    FAILS(ZC_COMPOSE_TEXT, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = limit_order();
    set_text(order.account, "0x1234");
    FAILS(ZC_COMPOSE_ACCOUNT, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = limit_order();
    order.window_ms = UINT64_MAX;
    FAILS(ZC_COMPOSE_WINDOW, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = limit_order();
    order.expiry_ms = NOW + 1;
    FAILS(ZC_COMPOSE_TAKES_NO_EXPIRY, prepare(&order, ZC_CURVE_SECP256K1, &out));
    FAILS(ZC_COMPOSE_KEY_KIND, prepare(&order, ZC_CURVE_P256, &out));
    order = limit_order();
    order.type = ZC_ORDER_MARKET;
    order.price = (zc_decimal){0};
    FAILS(ZC_COMPOSE_NEEDS_PRICE, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = limit_order();
    /* A nonce that the venue would refuse is no use, and one far ahead would outlive the order. */
    FAILS(ZC_COMPOSE_TIME,
          zc_compose_prepare(&order, chain_account(ZC_CURVE_SECP256K1), NOW, NOW * 2, &out));
}

static void place__vault_window_and_test_network__each_changes_what_is_signed(void **state)
{
    (void)state;
    uint8_t digest[4][32];
    for (size_t i = 0; i < 4; i++) {
        zc_order order = limit_order();
        if (i == 1) {
            set_text(order.account, ADDRESS);
        } else if (i == 2) {
            order.window_ms = 1000;
        } else if (i == 3) {
            order.test_network = true;
        }
        OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
        OK(zc_compose_intent(&order, &out, &intent));
        memcpy(digest[i], intent.digest, 32);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(digest[i], digest[j], 32);
        }
    }
    zc_order order = limit_order();
    order.window_ms = 1000;
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_true(out.has_expiry && out.expiry_ms == NOW + 1000);
    assert_true(holds(unsigned_body(&out), ",\"expiresAfter\":1770000001000}"));
}

static void cancel_all__any__is_scheduled(void **state)
{
    (void)state;
    zc_order order = {.venue = ZC_VENUE_HYPERLIQUID, .action = ZC_OPERATION_ORDER_CANCEL_ALL};
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_true(holds(unsigned_body(&out), "{\"type\":\"scheduleCancel\",\"time\":1770000010007}"));
    set_text(order.market, "BTC@0");
    FAILS(ZC_COMPOSE_TAKES_NO_MARKET, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void withdraw__usdc__out_movement_and_flag(void **state)
{
    (void)state;
    zc_order order = move(ZC_OPERATION_VENUE_WITHDRAW, "USDC", ADDRESS);
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_true((intent.flags & ZC_FLAG_WITHDRAWAL) != 0);
    assert_int_equal(intent.movement_count, 1);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_true(zc_slice_eq_text(zc_address_slice(&intent.movements[0].to), ADDRESS));
    assert_true(holds(unsigned_body(&out), "\"amount\":\"12.5\""));
    order.window_ms = 1000;
    FAILS(ZC_COMPOSE_TAKES_NO_WINDOW, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = move(ZC_OPERATION_VENUE_WITHDRAW, "BTC", ADDRESS);
    FAILS(ZC_COMPOSE_ASSET, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = move(ZC_OPERATION_VENUE_WITHDRAW, "USDC", "0x5E9EE1089755C3435139848E47E6635505D5A13A");
    FAILS(ZC_COMPOSE_DESTINATION, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order = move(ZC_OPERATION_VENUE_WITHDRAW, "USDC", ADDRESS);
    set_text(order.network, "ethereum");
    FAILS(ZC_COMPOSE_NETWORK, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void transfer__by_destination__the_call_that_does_it(void **state)
{
    (void)state;
    static const struct {
        const char *asset;
        const char *account;
        const char *to;
        const char *call; /* NULL: refused */
    } cases[] = {
        {"USDC", "", "perp", "POST /exchange usdClassTransfer"},
        {"USDC", ADDRESS, "spot", "POST /exchange usdClassTransfer"},
        {"USDC", "", ADDRESS, "POST /exchange usdSend"},
        {"PURR:0xc4bf3f870c0e9465323c0b6ed28096c2", "", ADDRESS, "POST /exchange spotSend"},
        {"USDC", "", "vault:" ADDRESS, "POST /exchange vaultTransfer"},
        {"USDC", "sub:" ADDRESS, "self", "POST /exchange subAccountTransfer"},
        {"PURR", "", ADDRESS, NULL},
        {"USDC", "", "self", NULL},
        {"USDC", "vault:" ADDRESS, "vault:" ADDRESS, NULL},
        {"USDC", ADDRESS, ADDRESS, NULL},
        {"PURR:0xc4bf3f870c0e9465323c0b6ed28096c2", "", "spot", NULL},
        {"USDC", "", "vault:0x12", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        zc_order order = move(ZC_OPERATION_VENUE_TRANSFER, cases[i].asset, cases[i].to);
        set_text(order.account, cases[i].account);
        zc_result result = prepare(&order, ZC_CURVE_SECP256K1, &out);
        assert_int_equal(zc_ok(result), cases[i].call != NULL);
        if (cases[i].call != NULL) {
            assert_string_equal(out.call, cases[i].call);
        }
    }
}

static void approve_agent__any__control_and_key_management(void **state)
{
    (void)state;
    zc_order order = {.venue = ZC_VENUE_HYPERLIQUID, .action = ZC_OPERATION_VENUE_ADMIN};
    set_text(order.call, "approveAgent");
    set_text(order.to, ADDRESS);
    set_text(order.tag, "bot\",\"nonce\":1,\"x\":\"");
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_true(holds(unsigned_body(&out),
                      "\"agentName\":\"bot\\\",\\\"nonce\\\":1,\\\"x\\\":\\\"\",\"nonce\":"));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_true((intent.flags & ZC_FLAG_KEY_MANAGEMENT) != 0);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_CONTROL);
    assert_true(zc_slice_eq_text(zc_address_slice(&intent.movements[0].to), ADDRESS));
    order.tag[0] = '\0';
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_false(holds(unsigned_body(&out), "agentName"));
    set_text(order.call, "convertToMultiSigUser");
    FAILS(ZC_COMPOSE_CALL, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void finish__wrong_signature__refused(void **state)
{
    (void)state;
    static uint8_t room[ZC_COMPOSE_MAX_FINISHED];
    uint8_t signature[65] = {0};
    zc_slice signatures[ZC_COMPOSE_MAX_SIGNINGS] = {ZC_SLICE_OF_ARRAY(signature)};
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_order order = limit_order();
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    signature[64] = 2;
    FAILS(ZC_COMPOSE_SIGNATURE, zc_compose_finish(&out, signatures, NULL, &writer));
    signatures[0].len = 64;
    FAILS(ZC_COMPOSE_SIGNATURE, zc_compose_finish(&out, signatures, NULL, &writer));
    assert_int_equal(zc_writer_len(&writer), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place__limit_order__body_in_the_venues_key_order),
        cmocka_unit_test(place__each_style__as_the_venue_has_it_or_refused),
        cmocka_unit_test(place__odd_fields__refused),
        cmocka_unit_test(place__vault_window_and_test_network__each_changes_what_is_signed),
        cmocka_unit_test(cancel_all__any__is_scheduled),
        cmocka_unit_test(withdraw__usdc__out_movement_and_flag),
        cmocka_unit_test(transfer__by_destination__the_call_that_does_it),
        cmocka_unit_test(approve_agent__any__control_and_key_management),
        cmocka_unit_test(finish__wrong_signature__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
