/* The order itself: decimals, encoding, which fields which action takes. */
#include "support.h"

static void assert_decimal(const char *text, bool valid)
{
    uint8_t bytes[160];
    zc_decimal decimal = {0};
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_result result = zc_decimal_read(zc_slice_of_text(text), &decimal);
    assert_int_equal(zc_ok(result), valid);
    if (valid) {
        assert_true(zc_ok(zc_decimal_write(&decimal, &writer)));
        assert_text(zc_writer_written(&writer), text);
    } else {
        assert_int_equal(result.code, ZC_INTENT_ORDER_DECIMAL);
        assert_false(decimal.present);
    }
}

static void decimal__written_as_read__same_text(void **state)
{
    (void)state;
    const char *const valid[] = {
        "0",
        "0.0",
        "0.10",
        "1",
        "10",
        "1.000",
        "0.000000000000000000000000000001",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935"};
    const char *const invalid[] = {
        "",
        ".",
        ".5",
        "5.",
        "1.2.3",
        "-1",
        "+1",
        "1e5",
        "01",
        "00.1",
        " 1",
        "1 ",
        "1,5",
        "0x1",
        "NaN",
        "0.0000000000000000000000000000001",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        assert_decimal(valid[i], true);
    }
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        assert_decimal(invalid[i], false);
    }
}

static size_t encode(const zc_order *order, uint8_t bytes[static ZC_ORDER_MAX_ENCODED])
{
    zc_writer writer = zc_writer_of(bytes, ZC_ORDER_MAX_ENCODED);
    assert_true(zc_ok(zc_order_write(order, &writer)));
    return zc_writer_len(&writer);
}

static void order_read__every_venue__round_trip(void **state)
{
    (void)state;
    for (int venue = ZC_VENUE_BINANCE_SPOT; venue <= ZC_VENUE_DYDX; venue++) {
        uint8_t bytes[ZC_ORDER_MAX_ENCODED];
        uint8_t again[ZC_ORDER_MAX_ENCODED];
        zc_order order = limit_order((zc_venue)venue);
        zc_order read;
        size_t len = encode(&order, bytes);
        assert_true(zc_ok(zc_order_read(zc_slice_of(bytes, len), &read)));
        assert_int_equal(encode(&read, again), len);
        assert_memory_equal(bytes, again, len);
        assert_int_equal(zc_order_fields(&read), zc_order_fields(&order));
    }
}

/* All fields at their longest. */
static void order_write__largest__fits(void **state)
{
    (void)state;
    zc_order order = {.venue = ZC_VENUE_DYDX, .action = 255, .side = 2, .type = 4, .tif = 4};
    const zc_decimal largest = {true, ZC_DECIMAL_MAX_SCALE, ZC_U256_MAX};
    uint8_t bytes[ZC_ORDER_MAX_ENCODED];
    char *const texts[] = {order.market, order.client_id, order.order_id,
                           order.asset,  order.network,   order.call};
    char *const long_texts[] = {order.account, order.to, order.tag};
    for (size_t i = 0; i < 6; i++) {
        memset(texts[i], 'a', ZC_ORDER_NAME_SIZE - 1);
    }
    for (size_t i = 0; i < 3; i++) {
        memset(long_texts[i], 'a', ZC_ORDER_TEXT_SIZE - 1);
    }
    order.price = order.trigger_price = order.quantity = order.quote_quantity = order.amount =
        largest;
    order.time_ms = order.window_ms = order.expiry_ms = UINT64_MAX;
    order.reduce_only = order.post_only = order.test_network = true;
    assert_true(encode(&order, bytes) > 900);
}

static void order_read__damaged__refused(void **state)
{
    (void)state;
    uint8_t bytes[ZC_ORDER_MAX_ENCODED + 1];
    zc_order order = limit_order(ZC_VENUE_BYBIT);
    zc_order read;
    size_t len = encode(&order, bytes);
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(zc_ok(zc_order_read(zc_slice_of(bytes, cut), &read)));
    }
    bytes[len] = 0;
    assert_int_equal(zc_order_read(zc_slice_of(bytes, len + 1), &read).code, ZC_BASE_TRAILING);
    /* {1: 3, 2: 22, 6: 0}: an empty enumeration has no place. */
    const uint8_t empty[] = {0xa3, 0x01, 0x03, 0x02, 0x16, 0x05, 0x00};
    assert_int_equal(zc_order_read(ZC_SLICE_OF_ARRAY(empty), &read).code, ZC_INTENT_ORDER_ENCODING);
    /* Market twice; market before account; a text with a newline; one that is empty. */
    const uint8_t twice[] = {0xa4, 0x01, 0x03, 0x02, 0x16, 0x04, 0x61, 'A', 0x04, 0x61, 'A'};
    const uint8_t unsorted[] = {0xa4, 0x01, 0x03, 0x02, 0x16, 0x04, 0x61, 'A', 0x03, 0x61, 'A'};
    const uint8_t newline[] = {0xa3, 0x01, 0x03, 0x02, 0x16, 0x04, 0x61, '\n'};
    const uint8_t no_text[] = {0xa3, 0x01, 0x03, 0x02, 0x16, 0x04, 0x60};
    assert_int_equal(zc_order_read(ZC_SLICE_OF_ARRAY(twice), &read).code, ZC_INTENT_ORDER_ENCODING);
    assert_int_equal(zc_order_read(ZC_SLICE_OF_ARRAY(unsorted), &read).code,
                     ZC_INTENT_ORDER_ENCODING);
    assert_int_equal(zc_order_read(ZC_SLICE_OF_ARRAY(newline), &read).code, ZC_INTENT_ORDER_TEXT);
    assert_int_equal(zc_order_read(ZC_SLICE_OF_ARRAY(no_text), &read).code,
                     ZC_INTENT_ORDER_ENCODING);
}

static void order_check__wrong_fields__refused(void **state)
{
    (void)state;
    zc_order order = limit_order(ZC_VENUE_OKX);
    order.amount = dec("1");
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_FIELD);
    order = limit_order(ZC_VENUE_OKX);
    order.side = ZC_SIDE_NONE;
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_MISSING);
    order = bare_order(ZC_VENUE_OKX, ZC_OPERATION_ORDER_CANCEL);
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_WHICH);
    order = bare_order(ZC_VENUE_OKX, ZC_OPERATION_TRANSFER);
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_ACTION);
    order = bare_order((zc_venue)99, ZC_OPERATION_ORDER_CANCEL_ALL);
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_VENUE);
    order = limit_order(ZC_VENUE_OKX);
    memset(order.market, 'A', sizeof(order.market)); /* no terminator */
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_TEXT);
    order = limit_order(ZC_VENUE_OKX);
    order.type = (zc_order_type)9;
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_CHOICE);
    order = limit_order(ZC_VENUE_OKX);
    order.price.scale = ZC_DECIMAL_MAX_SCALE + 1;
    assert_int_equal(zc_order_check(&order).code, ZC_INTENT_ORDER_DECIMAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal__written_as_read__same_text),
        cmocka_unit_test(order_read__every_venue__round_trip),
        cmocka_unit_test(order_write__largest__fits),
        cmocka_unit_test(order_read__damaged__refused),
        cmocka_unit_test(order_check__wrong_fields__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
