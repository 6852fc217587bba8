/* The order file. */
#include "support.h"

#include <string.h>

#include "support/order_json.h"
#include "support/reasons.h"

static zc_result read(const char *text, zc_order *ret_order)
{
    zc_error error = {0};
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    zc_result result = zc_order_of_json(json, ret_order, &error);
    json_decref(json);
    assert_int_equal(zc_ok(result), error.why[0] == '\0');
    return result;
}

#define HEAD                                                                                       \
    "{\"venue\":\"okx\",\"action\":\"order-place\",\"market\":\"A\",\"side\":\"buy\",\"type\":"    \
    "\"limit\""

static void order_of_json__whole__read_and_written_again(void **state)
{
    (void)state;
    zc_order order;
    zc_order again;
    assert_true(zc_ok(read(HEAD ",\"price\":\"0.10\",\"quantity\":\"5\",\"time_in_force\":\"ioc\","
                                "\"post_only\":true,\"window_ms\":5000,\"account\":\"cash\"}",
                           &order)));
    assert_int_equal(order.venue, ZC_VENUE_OKX);
    assert_int_equal(order.action, ZC_OPERATION_ORDER_PLACE);
    assert_int_equal(order.tif, ZC_TIF_IOC);
    assert_int_equal(order.price.scale, 2);
    assert_true(order.post_only && order.window_ms == 5000);
    json_t *json = zc_order_to_json(&order);
    assert_non_null(json);
    assert_true(zc_ok(zc_order_of_json(json, &again, NULL)));
    json_decref(json);
    assert_memory_equal(&order, &again, sizeof order);
}

static void order_of_json__malformed__refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        HEAD ",\"price\":0.1}",
        HEAD ",\"price\":\"1e5\"}",
        HEAD ",\"leverage\":\"5\"}",
        HEAD ",\"post_only\":\"yes\"}",
        HEAD ",\"window_ms\":-1}",
        HEAD ",\"window_ms\":\"5\"}",
        HEAD ",\"account\":\"\"}",
        "{\"venue\":\"mtgox\"}",
        "{\"action\":\"steal\"}",
        "{\"side\":\"long\"}",
        "{\"time_in_force\":\"day\"}",
        "{\"venue\":1}",
        "{\"price\":null}",
    };
    zc_order order;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(read(bad[i], &order).code, ZC_SUPPORT_BAD_JSON);
    }
    assert_int_equal(read(HEAD ",\"asset\":\"BTC\"}", &order).code, ZC_INTENT_ORDER_FIELD);
    assert_int_equal(read(HEAD ",\"client_id\":\"a\\nb\"}", &order).code, ZC_INTENT_ORDER_TEXT);
    assert_int_equal(read("{\"venue\":\"okx\",\"action\":\"venue-read\"}", &order).code,
                     ZC_INTENT_ORDER_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_json__whole__read_and_written_again),
        cmocka_unit_test(order_of_json__malformed__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
