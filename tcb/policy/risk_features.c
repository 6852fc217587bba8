#include "policy/risk_features.h"

#include <string.h>

#include "policy/risk_gather.h"

#define DAY_S INT64_C(86400)
/* log2(10) and log2(1000) in units of 2^-32 and 2^-16. */
#define LOG2_TEN_32 INT64_C(14267572527)
#define LOG2_THOUSAND_16 INT64_C(653118)

/* What several features take from the intent, gathered when the first of them wants it. */
typedef struct zc_look {
    const zc_risk_history *history;
    const zc_risk_context *context;
    const zc_intent *intent;
    bool has_amounts;
    bool has_parties;
    zc_risk_amounts amounts;
    zc_risk_parties parties;
} zc_look;

static const zc_risk_amounts *amounts_of(zc_look *look)
{
    if (!look->has_amounts) {
        zc_risk_gather_amounts(look->intent, look->context->principal, &look->amounts);
        look->has_amounts = true;
    }
    return &look->amounts;
}

static const zc_risk_parties *parties_of(zc_look *look)
{
    if (!look->has_parties) {
        zc_risk_gather_parties(look->intent, look->context->principal, &look->parties);
        look->has_parties = true;
    }
    return &look->parties;
}

static int64_t counted(uint64_t count)
{
    uint64_t most = (uint64_t)ZC_RISK_FEATURE_MAX / (uint64_t)ZC_RISK_FEATURE_ONE;
    return (int64_t)(count < most ? count : most) * ZC_RISK_FEATURE_ONE;
}

static int64_t whether(bool holds)
{
    return holds ? ZC_RISK_FEATURE_ONE : 0;
}

static int64_t log2_or_missing(const zc_u256 *value)
{
    return zc_u256_is_zero(value) ? ZC_RISK_FEATURE_MISSING : zc_risk_log2(value);
}

static int64_t amount_log2(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    int64_t most = ZC_RISK_FEATURE_MISSING;
    const zc_risk_amounts *amounts = amounts_of(look);
    for (size_t i = 0; i < amounts->count; i++) {
        int64_t log = zc_risk_log2(&amounts->amount[i]);
        most = log > most ? log : most;
    }
    return most;
}

static int64_t ratio_of(const zc_look *look, const zc_risk_name *row, const zc_u256 *amount,
                        uint64_t window)
{
    zc_risk_sum past =
        zc_risk_history_sum(look->history, row, (zc_risk_window)window, look->context->now_ms);
    return past.count == 0 || zc_u256_is_zero(&past.sum)
               ? ZC_RISK_FEATURE_MISSING
               : zc_risk_ratio(amount, &past.sum, past.count);
}

static int64_t amount_ratio(zc_look *look, uint64_t window)
{
    int64_t most = ZC_RISK_FEATURE_MISSING;
    const zc_risk_amounts *amounts = amounts_of(look);
    for (size_t i = 0; i < amounts->count; i++) {
        int64_t ratio = ratio_of(look, &amounts->row[i], &amounts->amount[i], window);
        most = ratio > most ? ratio : most;
    }
    return most;
}

static int64_t volume_log2(zc_look *look, uint64_t window)
{
    int64_t most = ZC_RISK_FEATURE_MISSING;
    const zc_risk_amounts *amounts = amounts_of(look);
    for (size_t i = 0; i < amounts->count; i++) {
        zc_risk_sum past = zc_risk_history_sum(look->history, &amounts->row[i],
                                               (zc_risk_window)window, look->context->now_ms);
        if (!zc_ok(zc_u256_add(&past.sum, &amounts->amount[i], &past.sum))) {
            past.sum = ZC_U256_MAX;
        }
        int64_t log = zc_risk_log2(&past.sum);
        most = log > most ? log : most;
    }
    return most;
}

static int64_t request_count(zc_look *look, uint64_t window)
{
    return counted(zc_risk_history_requests(look->history, look->context->principal,
                                            (zc_risk_window)window, look->context->now_ms));
}

static int64_t counterparty_count(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    uint32_t least = UINT32_MAX;
    const zc_risk_parties *parties = parties_of(look);
    for (size_t i = 0; i < parties->count; i++) {
        uint32_t met = zc_risk_history_met(look->history, &parties->name[i]);
        least = met < least ? met : least;
    }
    return parties->count == 0 ? ZC_RISK_FEATURE_MISSING : counted(least);
}

static int64_t counterparty_new(zc_look *look, uint64_t parameter)
{
    int64_t count = counterparty_count(look, parameter);
    return count == ZC_RISK_FEATURE_MISSING ? count : whether(count == 0);
}

/* Seconds since a Monday before 1970, in the zone; −1 without the zone. */
static int64_t local_time(const zc_look *look, uint64_t zone)
{
    const zc_risk_context *context = look->context;
    if (zone >= context->zone_count || zone >= ZC_RISK_MAX_ZONES || context->now_ms < 0) {
        return -1;
    }
    /* 1970 began on a Thursday. Three days and a week before is a Monday, further back than any
     * zone's offset. */
    int64_t local = context->now_ms / 1000 + context->zone_offset_s[zone] + 10 * DAY_S;
    return local < 0 ? -1 : local;
}

static int64_t hour(zc_look *look, uint64_t zone)
{
    int64_t local = local_time(look, zone);
    return local < 0 ? ZC_RISK_FEATURE_MISSING : local % DAY_S * ZC_RISK_FEATURE_ONE / 3600;
}

static int64_t weekday(zc_look *look, uint64_t zone)
{
    int64_t local = local_time(look, zone);
    return local < 0 ? ZC_RISK_FEATURE_MISSING : local / DAY_S % 7 * ZC_RISK_FEATURE_ONE;
}

static int64_t chain_is(zc_look *look, uint64_t chain)
{
    return whether(look->intent->chain_id == chain);
}

static int64_t operation_is(zc_look *look, uint64_t operation)
{
    return whether((uint64_t)look->intent->operation == operation);
}

static int64_t flag_is(zc_look *look, uint64_t bit)
{
    return whether(((look->intent->flags >> bit) & 1) != 0);
}

static int64_t flag_count(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return counted((uint64_t)__builtin_popcountll(look->intent->flags));
}

static int64_t family_is(zc_look *look, uint64_t family)
{
    return whether((uint64_t)look->intent->family == family);
}

static int64_t gas_price_ratio(zc_look *look, uint64_t window)
{
    zc_risk_name row = zc_risk_gas_row(look->intent, look->context->principal);
    return zc_u256_is_zero(&look->intent->gas_price)
               ? ZC_RISK_FEATURE_MISSING
               : ratio_of(look, &row, &look->intent->gas_price, window);
}

static int64_t fee_log2(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return log2_or_missing(&look->intent->max_fee);
}

/* log2(units) less log2 of 10^scale. */
static int64_t decimal_log2(const zc_decimal *decimal)
{
    if (!decimal->present || zc_u256_is_zero(&decimal->units)) {
        return ZC_RISK_FEATURE_MISSING;
    }
    return zc_risk_log2(&decimal->units) - ((int64_t)decimal->scale * LOG2_TEN_32 >> 16);
}

static int64_t order_notional_log2(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    const zc_order *order = &look->intent->order;
    if (!look->intent->has_order) {
        return ZC_RISK_FEATURE_MISSING;
    }
    if (order->quote_quantity.present) {
        return decimal_log2(&order->quote_quantity);
    }
    int64_t price = decimal_log2(&order->price);
    int64_t quantity = decimal_log2(&order->quantity);
    return price == ZC_RISK_FEATURE_MISSING || quantity == ZC_RISK_FEATURE_MISSING
               ? ZC_RISK_FEATURE_MISSING
               : price + quantity;
}

static int64_t order_side(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    if (!look->intent->has_order || look->intent->order.side == ZC_SIDE_NONE) {
        return ZC_RISK_FEATURE_MISSING;
    }
    return look->intent->order.side == ZC_SIDE_BUY ? ZC_RISK_FEATURE_ONE : -ZC_RISK_FEATURE_ONE;
}

static int64_t order_reduce_only(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return look->intent->has_order ? whether(look->intent->order.reduce_only)
                                   : ZC_RISK_FEATURE_MISSING;
}

static int64_t movement_count(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return counted(look->intent->movement_count);
}

static int64_t call_count(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return counted(look->intent->call_count);
}

static int64_t unread_calls(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    uint64_t count = 0;
    for (size_t i = 0; i < look->intent->call_count && i < ZC_INTENT_MAX_CALLS; i++) {
        count += !look->intent->calls[i].is_read;
    }
    return counted(count);
}

static int64_t asset_count(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    return counted(amounts_of(look)->count);
}

static int64_t idle_log2(zc_look *look, uint64_t parameter)
{
    (void)parameter;
    uint32_t principal = look->context->principal;
    if (principal >= ZC_RISK_PRINCIPALS || !look->history->requests[principal].any) {
        return ZC_RISK_FEATURE_MISSING;
    }
    int64_t idle_ms = look->context->now_ms - look->history->requests[principal].last_ms;
    zc_u256 idle = zc_u256_of(idle_ms > 0 ? (uint64_t)idle_ms : 1);
    return zc_risk_log2(&idle) - LOG2_THOUSAND_16;
}

static int64_t nothing(zc_look *look, uint64_t parameter)
{
    (void)look;
    (void)parameter;
    return ZC_RISK_FEATURE_MISSING;
}

static int64_t (*const values[])(zc_look *, uint64_t) = {
    [ZC_RISK_FEATURE_NOTHING] = nothing,
    [ZC_RISK_FEATURE_AMOUNT_LOG2] = amount_log2,
    [ZC_RISK_FEATURE_AMOUNT_RATIO] = amount_ratio,
    [ZC_RISK_FEATURE_VOLUME_LOG2] = volume_log2,
    [ZC_RISK_FEATURE_REQUEST_COUNT] = request_count,
    [ZC_RISK_FEATURE_COUNTERPARTY_NEW] = counterparty_new,
    [ZC_RISK_FEATURE_COUNTERPARTY_COUNT] = counterparty_count,
    [ZC_RISK_FEATURE_HOUR] = hour,
    [ZC_RISK_FEATURE_WEEKDAY] = weekday,
    [ZC_RISK_FEATURE_CHAIN_IS] = chain_is,
    [ZC_RISK_FEATURE_OPERATION_IS] = operation_is,
    [ZC_RISK_FEATURE_FLAG_IS] = flag_is,
    [ZC_RISK_FEATURE_FLAG_COUNT] = flag_count,
    [ZC_RISK_FEATURE_FAMILY_IS] = family_is,
    [ZC_RISK_FEATURE_GAS_PRICE_RATIO] = gas_price_ratio,
    [ZC_RISK_FEATURE_FEE_LOG2] = fee_log2,
    [ZC_RISK_FEATURE_ORDER_NOTIONAL_LOG2] = order_notional_log2,
    [ZC_RISK_FEATURE_ORDER_SIDE] = order_side,
    [ZC_RISK_FEATURE_ORDER_REDUCE_ONLY] = order_reduce_only,
    [ZC_RISK_FEATURE_MOVEMENT_COUNT] = movement_count,
    [ZC_RISK_FEATURE_CALL_COUNT] = call_count,
    [ZC_RISK_FEATURE_UNREAD_CALLS] = unread_calls,
    [ZC_RISK_FEATURE_ASSET_COUNT] = asset_count,
    [ZC_RISK_FEATURE_IDLE_LOG2] = idle_log2,
};

void zc_risk_features(const zc_risk_feature *features, size_t count, const zc_risk_history *history,
                      const zc_risk_context *context, const zc_intent *intent,
                      zc_risk_vector *ret_vector)
{
    zc_look look;
    look.history = history;
    look.context = context;
    look.intent = intent;
    look.has_amounts = false;
    look.has_parties = false;
    ret_vector->count = (uint16_t)(count < ZC_RISK_MAX_FEATURES ? count : ZC_RISK_MAX_FEATURES);
    for (size_t i = 0; i < ret_vector->count; i++) {
        ret_vector->value[i] = zc_risk_feature_valid(&features[i])
                                   ? values[features[i].kind](&look, features[i].parameter)
                                   : ZC_RISK_FEATURE_MISSING;
    }
}

void zc_risk_observe(zc_risk_history *history, const zc_risk_context *context,
                     const zc_intent *intent)
{
    zc_risk_amounts amounts;
    zc_risk_parties parties;
    uint32_t principal = context->principal;
    zc_risk_gather_amounts(intent, principal, &amounts);
    zc_risk_gather_parties(intent, principal, &parties);
    zc_risk_history_add_request(history, principal, context->now_ms);
    for (size_t i = 0; i < amounts.count; i++) {
        zc_risk_history_add_amount(history, &amounts.row[i], &amounts.amount[i], context->now_ms);
    }
    if (!zc_u256_is_zero(&intent->gas_price)) {
        zc_risk_name row = zc_risk_gas_row(intent, principal);
        zc_risk_history_add_amount(history, &row, &intent->gas_price, context->now_ms);
    }
    for (size_t i = 0; i < parties.count; i++) {
        zc_risk_history_add_counterparty(history, &parties.name[i]);
    }
}
