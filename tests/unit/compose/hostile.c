/* Texts of an order that try to become something else in the request. */
#include "support.h"

#include "compose/venue.h"

static const zc_venue venues[] = {
    ZC_VENUE_BINANCE_SPOT, ZC_VENUE_BINANCE_USDM, ZC_VENUE_BYBIT, ZC_VENUE_OKX,     ZC_VENUE_KRAKEN,
    ZC_VENUE_BITGET,       ZC_VENUE_KUCOIN,       ZC_VENUE_GATE,  ZC_VENUE_DERIBIT, ZC_VENUE_BITMEX,
};
#define VENUES (sizeof venues / sizeof *venues)

static const char *const attacks[] = {
    "A&quantity=999",
    "A\",\"qty\":\"999",
    "A\\",
    "A\r\nX-Evil: 1",
    "../withdraw",
    "A?b",
    "A#b",
    "A%26b",
    "A b",
    "A;b",
    "A\tb",
    "A{b",
    "<A>",
    "A'b",
    "A`b",
    "A|b",
    "A$b",
    "A\x7f",
    "A*b",
    "..",
};
#define ATTACKS (sizeof attacks / sizeof *attacks)

static void place__attack_in_market__refused_everywhere(void **state)
{
    (void)state;
    static zc_composition composition;
    for (size_t v = 0; v < VENUES; v++) {
        for (size_t a = 0; a < ATTACKS; a++) {
            zc_order order = limit_order(venues[v]);
            strcpy(order.market, attacks[a]);
            const bool dots = strchr("./", attacks[a][0]) != NULL && attacks[a][0] != '\0';
            zc_result result = prepare(&order, &composition);
            /* Kraken writes markets with dots and slashes; in a body they mean nothing. */
            assert_true(!zc_ok(result) || (dots && venues[v] == ZC_VENUE_KRAKEN));
        }
    }
}

static void place__attack_in_client_id__refused_everywhere(void **state)
{
    (void)state;
    static zc_composition composition;
    for (size_t v = 0; v < VENUES; v++) {
        for (size_t a = 0; a < ATTACKS; a++) {
            zc_order order = limit_order(venues[v]);
            strcpy(order.client_id, attacks[a]);
            zc_result result = prepare(&order, &composition);
            assert_true(!zc_ok(result) || attacks[a][0] == '.');
        }
    }
}

static void cancel__dots_in_path__refused(void **state)
{
    (void)state;
    static zc_composition composition;
    static const char *const ids[] = {".",   "..",     "...", "../orders",
                                      "a/b", "%2e%2e", "a.b", "a%2fb"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        zc_order order = bare_order(ZC_VENUE_GATE, ZC_OPERATION_ORDER_CANCEL);
        strcpy(order.market, "BTC_USDT");
        strcpy(order.account, "futures:usdt");
        strcpy(order.order_id, ids[i]);
        assert_false(zc_ok(prepare(&order, &composition)));
        order.order_id[0] = '\0';
        strcpy(order.client_id, ids[i]);
        assert_false(zc_ok(prepare(&order, &composition)));
        order = bare_order(ZC_VENUE_KUCOIN, ZC_OPERATION_ORDER_CANCEL);
        strcpy(order.market, "BTC-USDT");
        strcpy(order.order_id, ids[i]);
        assert_false(zc_ok(prepare(&order, &composition)));
    }
}

/* A tag may be any printable text; it stays a tag. */
static void withdraw__attack_in_tag__stays_inside(void **state)
{
    (void)state;
    zc_order order = bare_order(ZC_VENUE_BINANCE_SPOT, ZC_OPERATION_VENUE_WITHDRAW);
    strcpy(order.asset, "XRP");
    strcpy(order.to, "rAddress");
    order.amount = dec("5");
    strcpy(order.tag, "1&amount=999&address=rEvil#\"%");
    assert_request(&order, "POST /sapi/v1/capital/withdraw/apply",
                   "timestamp=1700000000000&coin=XRP&address=rAddress&addressTag="
                   "1%26amount%3D999%26address%3DrEvil%23%22%25&amount=5&signature=");
    order.venue = ZC_VENUE_GATE;
    strcpy(order.network, "XRP");
    strcpy(order.tag, "1\",\"amount\":\"999\\");
    assert_request(&order, "POST /api/v4/withdrawals",
                   "{\"currency\":\"XRP\",\"address\":\"rAddress\",\"amount\":\"5\",\"memo\":"
                   "\"1\\\",\\\"amount\\\":\\\"999\\\\\",\"chain\":\"XRP\"}");
}

static void withdraw__attack_in_address__refused(void **state)
{
    (void)state;
    for (size_t a = 0; a < ATTACKS; a++) {
        static zc_composition composition;
        zc_order order = bare_order(ZC_VENUE_KUCOIN, ZC_OPERATION_VENUE_WITHDRAW);
        strcpy(order.asset, "XRP");
        strcpy(order.network, "XRP");
        order.amount = dec("5");
        strcpy(order.to, attacks[a]);
        const bool harmless = attacks[a][0] == '.' || strcmp(attacks[a], "A b") == 0;
        assert_int_equal(zc_ok(prepare(&order, &composition)), harmless);
    }
}

static void prepare__bad_key__refused(void **state)
{
    (void)state;
    static zc_composition composition;
    const zc_order order = limit_order(ZC_VENUE_OKX);
    zc_compose_account account = {.key = ZC_COMPOSE_KEY_ED25519,
                                  .api_key = zc_slice_of_text("key")};
    assert_int_equal(zc_compose_prepare(&order, &account, TEST_NOW, 1, &composition).code,
                     ZC_COMPOSE_KEY_KIND);
    account.key = (zc_compose_key)77;
    assert_int_equal(zc_compose_prepare(&order, &account, TEST_NOW, 1, &composition).code,
                     ZC_COMPOSE_KEY_KIND);
    account.key = ZC_COMPOSE_KEY_HMAC;
    const char *const names[] = {"", "a\r\nX-Evil: 1", "a b", "a,ts=1", "a\"b"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        account.api_key = zc_slice_of_text(names[i]);
        assert_int_equal(zc_compose_prepare(&order, &account, TEST_NOW, 1, &composition).code,
                         ZC_COMPOSE_API_KEY);
    }
    account.api_key = zc_slice_of_text("key");
    assert_int_equal(zc_compose_prepare(&order, &account, 0, 1, &composition).code,
                     ZC_COMPOSE_TIME);
}

/* Every field at its longest fits, or is refused in words. */
static void prepare__longest_texts__no_overflow(void **state)
{
    (void)state;
    static zc_composition composition;
    for (size_t v = 0; v < VENUES; v++) {
        zc_order order = bare_order(venues[v], ZC_OPERATION_VENUE_WITHDRAW);
        const zc_decimal largest = {true, 30, ZC_U256_MAX};
        memset(order.asset, 'A', sizeof(order.asset) - 1);
        memset(order.network, 'A', sizeof(order.network) - 1);
        memset(order.to, ' ', sizeof(order.to) - 1);
        memset(order.tag, '"', sizeof(order.tag) - 1);
        order.amount = largest;
        zc_result result = prepare(&order, &composition);
        (void)result; /* either way nothing was written beyond */
        assert_true(composition.body.len <= ZC_COMPOSE_TEXT_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(place__attack_in_market__refused_everywhere),
        cmocka_unit_test(place__attack_in_client_id__refused_everywhere),
        cmocka_unit_test(cancel__dots_in_path__refused),
        cmocka_unit_test(withdraw__attack_in_tag__stays_inside),
        cmocka_unit_test(withdraw__attack_in_address__refused),
        cmocka_unit_test(prepare__bad_key__refused),
        cmocka_unit_test(prepare__longest_texts__no_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
