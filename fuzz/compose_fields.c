/* An order straight from the input's bytes, without its encoding: choices, numbers, then texts up
 * to a zero byte each. Reaches the venues' tables sooner than CBOR does. */
#include "compose_check.h"

static void take_text(zc_reader *reader, char *text, size_t size)
{
    zc_slice rest = zc_reader_rest(reader);
    const uint8_t *end = rest.len == 0 ? NULL : memchr(rest.data, 0, rest.len);
    size_t len = end == NULL ? rest.len : (size_t)(end - rest.data);
    size_t kept = len < size ? len : size - 1;
    if (kept > 0) {
        memcpy(text, rest.data, kept);
    }
    fuzz_any(zc_skip(reader, end == NULL ? len : len + 1));
}

static uint8_t take(zc_reader *reader)
{
    uint8_t value = 0;
    fuzz_any(zc_read_u8(reader, &value));
    return value;
}

static void take_decimal(zc_reader *reader, uint8_t which, zc_decimal *decimal)
{
    if (which == 0) {
        return;
    }
    decimal->present = true;
    decimal->scale = take(reader) % (ZC_DECIMAL_MAX_SCALE + 1);
    decimal->units = zc_u256_of(take(reader));
    for (uint8_t left = take(reader); left > 0 && decimal->units.limb[3] >> 48 == 0; left--) {
        fuzz_any(zc_u256_mul_u64(&decimal->units, 250, &decimal->units));
    }
}

static void take_numbers(zc_reader *reader, zc_order *order)
{
    uint8_t which = take(reader);
    take_decimal(reader, which & 1, &order->price);
    take_decimal(reader, which & 2, &order->trigger_price);
    take_decimal(reader, which & 4, &order->quantity);
    take_decimal(reader, which & 8, &order->quote_quantity);
    take_decimal(reader, which & 16, &order->amount);
    order->time_ms = (which & 32) != 0 ? UINT64_C(1700000000000) + take(reader) : 0;
    order->window_ms = (which & 64) != 0 ? (uint64_t)take(reader) * 100 : 0;
    order->expiry_ms = (which & 128) != 0 ? UINT64_C(1700000000000) * take(reader) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_reader reader = zc_reader_of(zc_slice_of(data, size));
    zc_order order = {0};
    order.venue = (zc_venue)(1 + take(&reader) % 13);
    order.action = (uint8_t)(ZC_OPERATION_ORDER_PLACE + take(&reader) % 8);
    order.side = (zc_order_side)(take(&reader) % 3);
    order.type = (zc_order_type)(take(&reader) % 5);
    order.tif = (zc_time_in_force)(take(&reader) % 5);
    uint8_t flags = take(&reader);
    order.reduce_only = (flags & 1) != 0;
    order.post_only = (flags & 2) != 0;
    order.test_network = (flags & 4) != 0;
    take_numbers(&reader, &order);
    take_text(&reader, order.account, sizeof order.account);
    take_text(&reader, order.market, sizeof order.market);
    take_text(&reader, order.client_id, sizeof order.client_id);
    take_text(&reader, order.order_id, sizeof order.order_id);
    take_text(&reader, order.asset, sizeof order.asset);
    take_text(&reader, order.network, sizeof order.network);
    take_text(&reader, order.to, sizeof order.to);
    take_text(&reader, order.tag, sizeof order.tag);
    take_text(&reader, order.call, sizeof order.call);
    check_compose(&order);
    return 0;
}
