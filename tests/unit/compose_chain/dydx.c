#include "chain.h"

static zc_composition out;
static zc_intent intent;

#define OTHER "dydx165sfn2k3vucvq7gklauy2r3agyjw4c3m60ascn"

static zc_order short_term(void)
{
    zc_order order = {.venue = ZC_VENUE_DYDX,
                      .action = ZC_OPERATION_ORDER_PLACE,
                      .side = ZC_SIDE_SELL,
                      .type = ZC_ORDER_LIMIT,
                      .price = dec("60000.5"),
                      .quantity = dec("0.01")};
    set_text(order.market, "BTC-USD@0,-10,-9");
    set_text(order.account, "0@12345");
    set_text(order.client_id, "77@1000000");
    return order;
}

static uint64_t argument(const char *label)
{
    uint64_t value = UINT64_MAX;
    for (size_t i = 0; i < intent.argument_count; i++) {
        if (strcmp(intent.arguments[i].label, label) == 0) {
            OK(zc_u256_to_u64(&intent.arguments[i].number, &value));
        }
    }
    return value;
}

static void place__decimals__quantums_and_subticks_are_seen(void **state)
{
    (void)state;
    zc_order order = short_term();
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_true(argument("quantums") == 100000000);
    assert_true(argument("subticks") == 6000050000);
    assert_true(argument("clobPairId") == 0);
    assert_true(argument("goodTilBlock") == 1000000);
    assert_int_equal(intent.nonce, NOW + 7);
    order.price = dec("60000.000001");
    FAILS(ZC_COMPOSE_NUMBER, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void place__odd_names__refused(void **state)
{
    (void)state;
    static const char *const markets[] = {
        "BTC-USD",          "BTC-USD@0",         "BTC-USD@0,-10",     "@0,-10,-9",
        "BTC-USD@0,-31,-9", "BTC-USD@-1,-10,-9", "BTC-USD@0,-10,-9,", "BTC-USD@4294967296,-10,-9"};
    static const char *const ids[] = {
        "", "x", "-1", "4294967296", "77@", "77@0", "77@4294967296", "77,78@9", ",77@9", "77 @9"};
    static const char *const accounts[] = {"0", "@1", "128001@1", "0@", "0@-1", "wallet@1", "x@1"};
    zc_order order = short_term();
    for (size_t i = 0; i < sizeof(markets) / sizeof(*markets); i++) {
        set_text(order.market, markets[i]);
        FAILS(ZC_COMPOSE_MARKET, prepare(&order, ZC_CURVE_SECP256K1, &out));
    }
    order = short_term();
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        set_text(order.client_id, ids[i]);
        assert_false(zc_ok(prepare(&order, ZC_CURVE_SECP256K1, &out)));
    }
    order = short_term();
    for (size_t i = 0; i < sizeof(accounts) / sizeof(*accounts); i++) {
        set_text(order.account, accounts[i]);
        FAILS(ZC_COMPOSE_ACCOUNT, prepare(&order, ZC_CURVE_SECP256K1, &out));
    }
}

static void place__styles__only_those_of_the_chain(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        zc_order_type type;
        zc_time_in_force tif;
        bool post_only;
        uint64_t expiry_ms;
        int code;
    } cases[] = {
        {"7@9", ZC_ORDER_LIMIT, ZC_TIF_NONE, true, 0, 0},
        {"7@9", ZC_ORDER_LIMIT, ZC_TIF_GTC, false, 0, ZC_COMPOSE_STYLE},
        {"7@9", ZC_ORDER_LIMIT, ZC_TIF_FOK, false, 0, ZC_COMPOSE_STYLE},
        {"7@9", ZC_ORDER_LIMIT, ZC_TIF_IOC, true, 0, ZC_COMPOSE_STYLE},
        {"7@9", ZC_ORDER_LIMIT, ZC_TIF_NONE, false, NOW + 5000, ZC_COMPOSE_TAKES_NO_EXPIRY},
        {"7@9", ZC_ORDER_STOP_LIMIT, ZC_TIF_NONE, false, 0, ZC_COMPOSE_STYLE},
        {"7", ZC_ORDER_LIMIT, ZC_TIF_GTD, false, NOW + 5000, 0},
        {"7", ZC_ORDER_LIMIT, ZC_TIF_NONE, false, 0, ZC_COMPOSE_NEEDS_EXPIRY},
        {"7", ZC_ORDER_LIMIT, ZC_TIF_NONE, false, NOW + 5001, ZC_COMPOSE_EXPIRY},
        {"7", ZC_ORDER_LIMIT, ZC_TIF_NONE, false, NOW, ZC_COMPOSE_EXPIRY},
        {"7", ZC_ORDER_LIMIT, ZC_TIF_NONE, false, UINT64_C(5000000000000), ZC_COMPOSE_EXPIRY},
        {"7", ZC_ORDER_MARKET, ZC_TIF_NONE, false, NOW + 5000, ZC_COMPOSE_STYLE},
        {"7", ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, false, NOW + 5000, 0},
        {"7", ZC_ORDER_STOP_MARKET, ZC_TIF_NONE, true, NOW + 5000, ZC_COMPOSE_STYLE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        zc_order order = short_term();
        set_text(order.client_id, cases[i].id);
        order.type = cases[i].type;
        order.tif = cases[i].tif;
        order.post_only = cases[i].post_only;
        order.expiry_ms = cases[i].expiry_ms;
        if (order.type == ZC_ORDER_STOP_LIMIT || order.type == ZC_ORDER_STOP_MARKET) {
            order.trigger_price = dec("1");
        }
        FAILS(cases[i].code, prepare(&order, ZC_CURVE_SECP256K1, &out));
    }
}

static void cancel__by_type__where_the_chain_keeps_it(void **state)
{
    (void)state;
    zc_order order = {.venue = ZC_VENUE_DYDX, .action = ZC_OPERATION_ORDER_CANCEL};
    set_text(order.market, "BTC-USD@0,-10,-9");
    set_text(order.account, "0@12345");
    set_text(order.client_id, "1,2,3@9");
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    assert_string_equal(out.call, "POST /dydxprotocol.clob.MsgBatchCancel");
    set_text(order.client_id, "1");
    order.expiry_ms = NOW + 1000;
    FAILS(ZC_COMPOSE_NEEDS_TYPE, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order.type = ZC_ORDER_STOP_LIMIT;
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    set_text(order.client_id, "1,2");
    FAILS(ZC_COMPOSE_CLIENT_ID, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order.action = ZC_OPERATION_ORDER_CANCEL_ALL;
    order.client_id[0] = '\0';
    FAILS(ZC_COMPOSE_CALL, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void withdraw__usdc__movement_fee_and_flag(void **state)
{
    (void)state;
    zc_order order = {
        .venue = ZC_VENUE_DYDX, .action = ZC_OPERATION_VENUE_WITHDRAW, .amount = dec("1.5")};
    set_text(order.account, "0@12345");
    set_text(order.asset, "USDC");
    set_text(order.to, OTHER);
    OK(prepare(&order, ZC_CURVE_SECP256K1, &out));
    OK(zc_compose_intent(&order, &out, &intent));
    assert_true((intent.flags & ZC_FLAG_WITHDRAWAL) != 0);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_FEE);
    order.amount = dec("0.0000001");
    FAILS(ZC_COMPOSE_NUMBER, prepare(&order, ZC_CURVE_SECP256K1, &out));
    order.amount = dec("1");
    set_text(order.to, "dydx165sfn2k3vucvq7gklauy2r3agyjw4c3m60ascm");
    FAILS(ZC_COMPOSE_DESTINATION, prepare(&order, ZC_CURVE_SECP256K1, &out));
    set_text(order.to, "DYDX165SFN2K3VUCVQ7GKLAUY2R3AGYJW4C3M60ASCN");
    FAILS(ZC_COMPOSE_DESTINATION, prepare(&order, ZC_CURVE_SECP256K1, &out));
    set_text(order.to, OTHER);
    set_text(order.account, "wallet@1");
    FAILS(ZC_COMPOSE_ACCOUNT, prepare(&order, ZC_CURVE_SECP256K1, &out));
}

static void prepare__no_public_key__refused(void **state)
{
    (void)state;
    zc_order order = short_term();
    zc_compose_account account = {.key = ZC_COMPOSE_KEY_SECP256K1};
    FAILS(ZC_COMPOSE_KEY_KIND, zc_compose_prepare(&order, &account, NOW, NOW, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place__decimals__quantums_and_subticks_are_seen),
        cmocka_unit_test(place__odd_names__refused),
        cmocka_unit_test(place__styles__only_those_of_the_chain),
        cmocka_unit_test(cancel__by_type__where_the_chain_keeps_it),
        cmocka_unit_test(withdraw__usdc__movement_fee_and_flag),
        cmocka_unit_test(prepare__no_public_key__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
