#include "compose/compose.h"

#include "compose/venue.h"

static const zc_compose_venue *const venues[] = {
    &zc_compose_binance_spot, &zc_compose_binance_usdm, &zc_compose_bybit,
    &zc_compose_okx,          &zc_compose_kraken,       &zc_compose_bitget,
    &zc_compose_kucoin,       &zc_compose_gate,         &zc_compose_deribit,
    &zc_compose_bitmex,       &zc_compose_coinbase,     &zc_compose_hyperliquid,
    &zc_compose_dydx,
};

static const zc_compose_venue *find(zc_venue number)
{
    for (size_t i = 0; i < sizeof(venues) / sizeof(venues[0]); i++) {
        if (venues[i]->venue == number) {
            return venues[i];
        }
    }
    return NULL;
}

void zc_compose_passphrase_wipe(zc_compose_passphrase *passphrase)
{
    zc_wipe(passphrase, sizeof(*passphrase));
}

const char *zc_compose_method_name(zc_compose_method method)
{
    static const char *const names[] = {NULL, "GET", "POST", "PUT", "DELETE", "PATCH"};
    return (unsigned)method < sizeof(names) / sizeof(*names) ? names[method] : NULL;
}

/* The alphabets. A text in its alphabet is also encoded where it goes: either alone would do. */

#define NAME "-_.:/+=@,~"

static zc_result check_texts(const zc_order *order)
{
    const char *const names[] = {order->market, order->client_id, order->order_id,
                                 order->asset,  order->network,   order->call};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!zc_compose_is_made_of(zc_slice_of_text(names[i]), NAME)) {
            return zc_fail(ZC_COMPOSE_TEXT);
        }
    }
    if (!zc_compose_is_made_of(zc_slice_of_text(order->account), NAME " ") ||
        !zc_compose_is_made_of(zc_slice_of_text(order->to), NAME " ")) {
        return zc_fail(ZC_COMPOSE_TEXT);
    }
    return ZC_OK;
}

/* A price of zero is a market order at some venues, a quantity of zero "all of it" at others. */
static zc_result check_numbers(const zc_order *order)
{
    const zc_decimal *const numbers[] = {&order->price, &order->trigger_price, &order->quantity,
                                         &order->quote_quantity, &order->amount};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i]->present && zc_u256_is_zero(&numbers[i]->units)) {
            return zc_fail(ZC_COMPOSE_ZERO);
        }
    }
    return ZC_OK;
}

/* What the type of an order to be placed says of its prices, whatever the venue. */
static zc_result check_type(const zc_compose_venue *venue, const zc_order *order)
{
    if (order->action != ZC_OPERATION_ORDER_PLACE) {
        return ZC_OK;
    }
    const bool limit = order->type == ZC_ORDER_LIMIT || order->type == ZC_ORDER_STOP_LIMIT;
    const bool stop = order->type == ZC_ORDER_STOP_LIMIT || order->type == ZC_ORDER_STOP_MARKET;
    const bool priced = limit || venue->market_has_price;
    if (priced != order->price.present) {
        return zc_fail(priced ? ZC_COMPOSE_NEEDS_PRICE : ZC_COMPOSE_TAKES_NO_PRICE);
    }
    if (stop != order->trigger_price.present) {
        return zc_fail(ZC_COMPOSE_TRIGGER);
    }
    if (order->quote_quantity.present && order->type != ZC_ORDER_MARKET) {
        return zc_fail(ZC_COMPOSE_TAKES_NO_QUOTE_QUANTITY);
    }
    if (order->quantity.present == order->quote_quantity.present) {
        return zc_fail(order->quantity.present ? ZC_COMPOSE_TAKES_NO_QUOTE_QUANTITY
                                               : ZC_COMPOSE_NEEDS_QUANTITY);
    }
    return (order->tif == ZC_TIF_GTD) == (order->expiry_ms != 0) || order->tif == ZC_TIF_NONE
               ? ZC_OK
               : zc_fail(ZC_COMPOSE_EXPIRY);
}

static zc_result check_account(const zc_compose_venue *venue, const zc_compose_account *account)
{
    if (account->key < ZC_COMPOSE_KEY_HMAC || account->key > ZC_COMPOSE_KEY_SECP256K1 ||
        (venue->keys >> account->key & 1) == 0) {
        return zc_fail(ZC_COMPOSE_KEY_KIND);
    }
    if (account->api_key.len > venue->api_key_max ||
        (account->api_key.len == 0) != (venue->api_key_max == 0) ||
        !zc_compose_is_made_of(account->api_key, "-_./+=:")) {
        return zc_fail(ZC_COMPOSE_API_KEY);
    }
    return ZC_OK;
}

/* Milliseconds of a request: after 2001 and before 2286, where seconds have ten digits. */
static zc_result check_time(uint64_t time_ms)
{
    const uint64_t first = UINT64_C(1000000000000);
    return time_ms >= first && time_ms < 10 * first ? ZC_OK : zc_fail(ZC_COMPOSE_TIME);
}

static zc_result first_left(uint32_t left)
{
    for (int field = 0; field < ZC_ORDER_FIELD_COUNT; field++) {
        if ((left >> field & 1) != 0) {
            return zc_fail(ZC_COMPOSE_TAKES_NO(field));
        }
    }
    return ZC_OK;
}

zc_result zc_compose_prepare(const zc_order *order, const zc_compose_account *account,
                             uint64_t now_ms, uint64_t nonce, zc_composition *ret_composition)
{
    ZC_TRY(zc_order_check(order));
    const zc_compose_venue *venue = find(order->venue);
    if (venue == NULL) {
        return zc_fail(ZC_COMPOSE_VENUE);
    }
    ZC_TRY(check_account(venue, account));
    ZC_TRY(check_texts(order));
    ZC_TRY(check_numbers(order));
    ZC_TRY(check_type(venue, order));
    const bool own = order->time_ms != 0;
    zc_composition composition = {.venue = order->venue};
    zc_compose_job job = {
        .order = order,
        .account = account,
        .time_ms = own ? order->time_ms : now_ms,
        .nonce = own ? order->time_ms : nonce,
        .left = zc_order_fields(order) & ~ZC_ORDER_BIT(TIME),
        .out = &composition,
    };
    ZC_TRY(check_time(job.time_ms));
    zc_result result = venue->prepare(&job);
    if (zc_is(result, ZC_BASE_FULL)) {
        return zc_fail(ZC_COMPOSE_TOO_LONG);
    }
    ZC_TRY(result);
    ZC_TRY(first_left(job.left));
    *ret_composition = composition;
    return ZC_OK;
}

zc_slice zc_compose_preimage(const zc_composition *composition, size_t index)
{
    if (index >= composition->signing_count || composition->signings[index].is_passphrase) {
        return zc_slice_of(NULL, 0);
    }
    return zc_compose_text_slice(&composition->preimage);
}

const zc_compose_venue *zc_compose_venue_of(zc_venue venue)
{
    return find(venue);
}
