#include "policy/value.h"

#include "policy/policy.h"

#define TEN_TO_19 UINT64_C(10000000000000000000)
#define DIGITS_OF_LIMB 19

static uint64_t ten_to(unsigned digits)
{
    uint64_t power = 1;
    while (digits-- > 0) {
        power *= 10;
    }
    return power;
}

static bool times_ten_to(zc_u256 *value, unsigned digits)
{
    for (; digits >= DIGITS_OF_LIMB; digits -= DIGITS_OF_LIMB) {
        if (!zc_ok(zc_u256_mul_u64(value, TEN_TO_19, value))) {
            return false;
        }
    }
    return zc_ok(zc_u256_mul_u64(value, ten_to(digits), value));
}

/* ⌈value / divisor⌉; it cannot fail, because a quotient that is rounded up is no greater than the
 * value was, and the divisor is not zero. */
static void divide_up(zc_u256 *value, uint64_t divisor)
{
    uint64_t rest = 0;
    const zc_u256 one = zc_u256_of(1);
    zc_result done = zc_u256_div_u64(value, divisor, value, &rest);
    if (rest != 0) {
        done = zc_u256_add(value, &one, value);
    }
    (void)done;
}

/* ⌈value / 10^digits⌉: rounding up in steps comes to the same. */
static void over_ten_to(zc_u256 *value, unsigned digits)
{
    for (; digits >= DIGITS_OF_LIMB; digits -= DIGITS_OF_LIMB) {
        divide_up(value, TEN_TO_19);
    }
    divide_up(value, ten_to(digits));
}

/* ⌈value × 10^up / 10^down⌉ */
static bool shift_decimal(zc_u256 *value, unsigned up, unsigned down)
{
    if (up >= down) {
        return times_ten_to(value, up - down);
    }
    over_ten_to(value, down - up);
    return true;
}

static uint16_t add_haircut(const zc_price *price, zc_u256 *value)
{
    if (!zc_ok(zc_u256_mul_u64(value, ZC_BASIS_POINTS + (uint64_t)price->haircut_bps, value))) {
        return ZC_POLICY_OVERFLOW;
    }
    divide_up(value, ZC_BASIS_POINTS);
    return 0;
}

uint16_t zc_value_asset(zc_valuer *valuer, uint16_t asset, const zc_u256 *amount,
                        zc_u256 *ret_value)
{
    const zc_mission *mission = valuer->question->mission;
    if (zc_u256_is_zero(amount)) {
        *ret_value = ZC_U256_ZERO;
        return 0;
    }
    uint16_t at = asset == UINT16_MAX ? 0 : valuer->question->index->price_of[asset];
    if (at == 0) {
        return ZC_POLICY_NO_PRICE;
    }
    const zc_price *price = &mission->prices[at - 1];
    const zc_price_state *said = &valuer->sources->price[asset];
    zc_u256 value = *amount;
    zc_u256 factor = price->has_fixed ? price->fixed : said->price;
    unsigned down = mission->assets[asset].decimals;
    unsigned up = 0;
    if (price->has_feed) {
        valuer->feed = price->feed;
        if (!said->known) {
            return ZC_POLICY_NO_PRICE;
        }
        if (!zc_source_fresh(mission, price->feed, said->time_ms, valuer->now_ms)) {
            return ZC_POLICY_STALE;
        }
        up = mission->reference_decimals;
        down += said->scale;
    }
    if (!zc_ok(zc_u256_mul(&value, &factor, &value)) || !shift_decimal(&value, up, down)) {
        return ZC_POLICY_OVERFLOW;
    }
    uint16_t reason = add_haircut(price, &value);
    if (reason == 0) {
        *ret_value = value;
    }
    return reason;
}

bool zc_order_has_notional(const zc_intent *intent)
{
    return intent->has_order && (intent->operation == ZC_OPERATION_ORDER_PLACE ||
                                 intent->operation == ZC_OPERATION_ORDER_AMEND);
}

static bool has_bound(const zc_order *order)
{
    return order->price.present && order->quantity.present && order->type != ZC_ORDER_MARKET &&
           order->type != ZC_ORDER_STOP_MARKET;
}

uint16_t zc_order_notional(const zc_question *question, zc_u256 *ret_amount)
{
    const zc_order *order = &question->intent->order;
    if (question->market == UINT16_MAX) {
        return ZC_POLICY_NO_PRICE;
    }
    const zc_market *market = &question->mission->markets[question->market];
    unsigned decimals = question->mission->assets[market->asset].decimals;
    zc_u256 amount = ZC_U256_ZERO;
    unsigned down = 0;
    if (has_bound(order)) {
        if (!zc_ok(zc_u256_mul(&order->price.units, &order->quantity.units, &amount)) ||
            !zc_ok(zc_u256_mul(&amount, &market->multiplier, &amount))) {
            return ZC_POLICY_OVERFLOW;
        }
        down = (unsigned)order->price.scale + order->quantity.scale + market->scale;
    } else if (order->quote_quantity.present) {
        amount = order->quote_quantity.units;
        down = order->quote_quantity.scale;
    } else {
        return ZC_POLICY_NO_PRICE;
    }
    if (!shift_decimal(&amount, decimals, down)) {
        return ZC_POLICY_OVERFLOW;
    }
    *ret_amount = amount;
    return 0;
}

/* The quantity by what the market's base is worth. */
static uint16_t base_value(zc_valuer *valuer, zc_u256 *ret_value)
{
    const zc_question *question = valuer->question;
    const zc_market *market = &question->mission->markets[question->market];
    const zc_decimal *quantity = &question->intent->order.quantity;
    zc_u256 amount = ZC_U256_ZERO;
    if (!market->has_base || !quantity->present) {
        return ZC_POLICY_NO_PRICE;
    }
    if (!zc_ok(zc_u256_mul(&quantity->units, &market->multiplier, &amount)) ||
        !shift_decimal(&amount, question->mission->assets[market->base].decimals,
                       (unsigned)quantity->scale + market->scale)) {
        return ZC_POLICY_OVERFLOW;
    }
    return zc_value_asset(valuer, market->base, &amount, ret_value);
}

uint16_t zc_order_value(zc_valuer *valuer, zc_u256 *ret_value)
{
    const zc_question *question = valuer->question;
    zc_u256 amount = ZC_U256_ZERO;
    zc_u256 bound = ZC_U256_ZERO;
    zc_u256 base = ZC_U256_ZERO;
    if (question->market == UINT16_MAX) {
        return ZC_POLICY_NO_PRICE;
    }
    uint16_t reason = zc_order_notional(question, &amount);
    if (reason == 0) {
        reason = zc_value_asset(valuer, question->mission->markets[question->market].asset, &amount,
                                &bound);
    }
    if (reason != 0 && reason != ZC_POLICY_NO_PRICE) {
        return reason;
    }
    if (reason == 0 && question->intent->order.side == ZC_SIDE_BUY) {
        *ret_value = bound;
        return 0;
    }
    uint16_t without = base_value(valuer, &base);
    if (without != 0 && (without != ZC_POLICY_NO_PRICE || reason != 0)) {
        return without;
    }
    *ret_value = zc_u256_max(&bound, &base);
    return 0;
}
