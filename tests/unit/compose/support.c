#include "support.h"

#include <stdio.h>

#include "compose/venue.h"

zc_decimal dec(const char *text)
{
    zc_decimal decimal = {0};
    assert_true(zc_ok(zc_decimal_read(zc_slice_of_text(text), &decimal)));
    return decimal;
}

zc_order bare_order(zc_venue venue, zc_operation action)
{
    return (zc_order){.venue = venue, .action = (uint8_t)action};
}

static void set(char *text, size_t size, const char *value)
{
    assert_true(strlen(value) < size);
    memset(text, 0, size);
    memcpy(text, value, strlen(value));
}

zc_order limit_order(zc_venue venue)
{
    zc_order order = bare_order(venue, ZC_OPERATION_ORDER_PLACE);
    const bool whole = venue == ZC_VENUE_BITMEX;
    order.side = ZC_SIDE_BUY;
    order.type = ZC_ORDER_LIMIT;
    order.price = dec("30000.10");
    order.quantity = dec(whole ? "100" : "1.50");
    set(order.market, sizeof(order.market), "BTCUSDT");
    set(order.client_id, sizeof(order.client_id), "id1");
    set(order.account, sizeof(order.account),
        venue == ZC_VENUE_BYBIT    ? "linear"
        : venue == ZC_VENUE_OKX    ? "cross"
        : venue == ZC_VENUE_BITGET ? "USDT-FUTURES:crossed:USDT"
        : venue == ZC_VENUE_GATE   ? "spot"
                                   : "");
    return order;
}

zc_result prepare(const zc_order *order, zc_composition *ret_composition)
{
    const zc_compose_account account = {.key = ZC_COMPOSE_KEY_HMAC,
                                        .api_key = zc_slice_of_text("key")};
    return zc_compose_prepare(order, &account, TEST_NOW, TEST_NONCE, ret_composition);
}

void assert_composes(const zc_order *order)
{
    static zc_composition composition;
    assert_int_equal(prepare(order, &composition).code, 0);
}

void assert_refused(const zc_order *order, int reason)
{
    static zc_composition composition;
    static zc_composition untouched;
    memset(&composition, 0x5a, sizeof(composition));
    memset(&untouched, 0x5a, sizeof(untouched));
    assert_int_equal(prepare(order, &composition).code, reason);
    assert_memory_equal(&composition, &untouched, sizeof(untouched));
}

void assert_text(zc_slice got, const char *wanted)
{
    char text[ZC_COMPOSE_TEXT_MAX + 1];
    assert_true(got.len < sizeof(text));
    if (got.len > 0) {
        memcpy(text, got.data, got.len);
    }
    text[got.len] = '\0';
    assert_string_equal(text, wanted);
}

void assert_request(const zc_order *order, const char *call, const char *body)
{
    static zc_composition composition;
    char line[ZC_COMPOSE_TEXT_MAX + 16];
    assert_int_equal(prepare(order, &composition).code, 0);
    (void)snprintf(line, sizeof line, "%s %.*s", zc_compose_method_name(composition.method),
                   (int)composition.path.len, (const char *)composition.path.byte);
    assert_string_equal(line, call);
    assert_text(zc_compose_text_slice(&composition.body), body);
}
