#include "intent/order.h"

#include "intent/intent.h"

#define FIELD(name) ZC_ORDER_BIT(name)

/* What each action takes, and what it never goes without. Which of it a venue takes is another
 * matter: tcb/compose. The type of an order to change or cancel says where the venue keeps it. */
static const struct {
    zc_operation action;
    uint32_t takes;
    uint32_t needs;
} actions[] = {
    {ZC_OPERATION_ORDER_PLACE,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(SIDE) | FIELD(TYPE) | FIELD(TIF) | FIELD(REDUCE_ONLY) |
         FIELD(POST_ONLY) | FIELD(CLIENT_ID) | FIELD(PRICE) | FIELD(TRIGGER_PRICE) |
         FIELD(QUANTITY) | FIELD(QUOTE_QUANTITY) | FIELD(EXPIRY),
     FIELD(MARKET) | FIELD(SIDE) | FIELD(TYPE)},
    {ZC_OPERATION_ORDER_AMEND,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(SIDE) | FIELD(TYPE) | FIELD(TIF) | FIELD(REDUCE_ONLY) |
         FIELD(POST_ONLY) | FIELD(CLIENT_ID) | FIELD(ORDER_ID) | FIELD(PRICE) |
         FIELD(TRIGGER_PRICE) | FIELD(QUANTITY) | FIELD(QUOTE_QUANTITY) | FIELD(EXPIRY),
     0},
    {ZC_OPERATION_ORDER_CANCEL,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(SIDE) | FIELD(TYPE) | FIELD(CLIENT_ID) |
         FIELD(ORDER_ID) | FIELD(EXPIRY),
     0},
    {ZC_OPERATION_ORDER_CANCEL_ALL,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(SIDE) | FIELD(TYPE) | FIELD(ASSET) | FIELD(EXPIRY), 0},
    {ZC_OPERATION_VENUE_READ,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(TYPE) | FIELD(CLIENT_ID) | FIELD(ORDER_ID) |
         FIELD(ASSET) | FIELD(NETWORK) | FIELD(CALL),
     FIELD(CALL)},
    {ZC_OPERATION_VENUE_WITHDRAW,
     FIELD(ACCOUNT) | FIELD(CLIENT_ID) | FIELD(ASSET) | FIELD(AMOUNT) | FIELD(NETWORK) | FIELD(TO) |
         FIELD(TAG) | FIELD(EXPIRY),
     FIELD(ASSET) | FIELD(AMOUNT) | FIELD(TO)},
    {ZC_OPERATION_VENUE_TRANSFER,
     FIELD(ACCOUNT) | FIELD(CLIENT_ID) | FIELD(ASSET) | FIELD(AMOUNT) | FIELD(TO) | FIELD(MARKET) |
         FIELD(EXPIRY),
     FIELD(ASSET) | FIELD(AMOUNT) | FIELD(TO)},
    {ZC_OPERATION_VENUE_ADMIN,
     FIELD(ACCOUNT) | FIELD(MARKET) | FIELD(ASSET) | FIELD(AMOUNT) | FIELD(TO) | FIELD(TAG) |
         FIELD(CALL) | FIELD(EXPIRY),
     FIELD(CALL)},
};

/* Of every action. */
#define ALWAYS (FIELD(TIME) | FIELD(WINDOW) | FIELD(TEST_NETWORK))

const char *zc_venue_name(zc_venue venue)
{
    switch (venue) {
#define CASE(name, number, text, title)                                                            \
    case ZC_VENUE_##name:                                                                          \
        return text;
        ZC_VENUES(CASE)
#undef CASE
    }
    return NULL;
}

const char *zc_venue_title(zc_venue venue)
{
    switch (venue) {
#define CASE(name, number, text, title)                                                            \
    case ZC_VENUE_##name:                                                                          \
        return title;
        ZC_VENUES(CASE)
#undef CASE
    }
    return NULL;
}

bool zc_venue_of_name(zc_slice name, zc_venue *ret_venue)
{
#define TRY(which, number, text, title)                                                            \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_venue = ZC_VENUE_##which;                                                             \
        return true;                                                                               \
    }
    ZC_VENUES(TRY)
#undef TRY
    return false;
}

static const char *name_of(const char *const *names, size_t count, unsigned number)
{
    return number < count ? names[number] : NULL;
}

const char *zc_order_side_name(zc_order_side side)
{
    static const char *const names[] = {NULL, "buy", "sell"};
    return name_of(names, sizeof(names) / sizeof(*names), side);
}

const char *zc_order_type_name(zc_order_type type)
{
    static const char *const names[] = {NULL, "limit", "market", "stop-limit", "stop-market"};
    return name_of(names, sizeof(names) / sizeof(*names), type);
}

const char *zc_time_in_force_name(zc_time_in_force tif)
{
    static const char *const names[] = {NULL, "gtc", "ioc", "fok", "gtd"};
    return name_of(names, sizeof(names) / sizeof(*names), tif);
}

const char *zc_order_field_name(zc_order_field field)
{
    static const char *const names[] = {
#define NAME(name, bit, text, words) [(bit)] = (text),
        ZC_ORDER_FIELDS(NAME)
#undef NAME
    };
    return name_of(names, sizeof(names) / sizeof(*names), field);
}

uint32_t zc_order_fields(const zc_order *order)
{
    const bool has[ZC_ORDER_FIELD_COUNT] = {
        [ZC_ORDER_FIELD_ACCOUNT] = order->account[0] != '\0',
        [ZC_ORDER_FIELD_MARKET] = order->market[0] != '\0',
        [ZC_ORDER_FIELD_SIDE] = order->side != ZC_SIDE_NONE,
        [ZC_ORDER_FIELD_TYPE] = order->type != ZC_ORDER_TYPE_NONE,
        [ZC_ORDER_FIELD_TIF] = order->tif != ZC_TIF_NONE,
        [ZC_ORDER_FIELD_REDUCE_ONLY] = order->reduce_only,
        [ZC_ORDER_FIELD_POST_ONLY] = order->post_only,
        [ZC_ORDER_FIELD_CLIENT_ID] = order->client_id[0] != '\0',
        [ZC_ORDER_FIELD_ORDER_ID] = order->order_id[0] != '\0',
        [ZC_ORDER_FIELD_PRICE] = order->price.present,
        [ZC_ORDER_FIELD_TRIGGER_PRICE] = order->trigger_price.present,
        [ZC_ORDER_FIELD_QUANTITY] = order->quantity.present,
        [ZC_ORDER_FIELD_QUOTE_QUANTITY] = order->quote_quantity.present,
        [ZC_ORDER_FIELD_TIME] = order->time_ms != 0,
        [ZC_ORDER_FIELD_WINDOW] = order->window_ms != 0,
        [ZC_ORDER_FIELD_EXPIRY] = order->expiry_ms != 0,
        [ZC_ORDER_FIELD_ASSET] = order->asset[0] != '\0',
        [ZC_ORDER_FIELD_AMOUNT] = order->amount.present,
        [ZC_ORDER_FIELD_NETWORK] = order->network[0] != '\0',
        [ZC_ORDER_FIELD_TO] = order->to[0] != '\0',
        [ZC_ORDER_FIELD_TAG] = order->tag[0] != '\0',
        [ZC_ORDER_FIELD_CALL] = order->call[0] != '\0',
        [ZC_ORDER_FIELD_TEST_NETWORK] = order->test_network,
    };
    uint32_t mask = 0;
    for (unsigned i = 0; i < ZC_ORDER_FIELD_COUNT; i++) {
        mask |= (has[i] ? UINT32_C(1) : 0) << i;
    }
    return mask;
}

static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\0') {
            return true;
        }
        if (text[i] < 0x20 || text[i] > 0x7e) {
            return false;
        }
    }
    return false; /* not terminated */
}

#define IS_TEXT(field) is_text((field), sizeof(field))

static bool are_texts(const zc_order *order)
{
    return IS_TEXT(order->account) && IS_TEXT(order->market) && IS_TEXT(order->client_id) &&
           IS_TEXT(order->order_id) && IS_TEXT(order->asset) && IS_TEXT(order->network) &&
           IS_TEXT(order->to) && IS_TEXT(order->tag) && IS_TEXT(order->call);
}

static bool is_decimal(const zc_decimal *decimal)
{
    return decimal->present ? decimal->scale <= ZC_DECIMAL_MAX_SCALE
                            : decimal->scale == 0 && zc_u256_is_zero(&decimal->units);
}

static zc_result check_values(const zc_order *order)
{
    if (zc_venue_name(order->venue) == NULL) {
        return zc_fail(ZC_INTENT_ORDER_VENUE);
    }
    if (!are_texts(order)) {
        return zc_fail(ZC_INTENT_ORDER_TEXT);
    }
    if (!is_decimal(&order->price) || !is_decimal(&order->trigger_price) ||
        !is_decimal(&order->quantity) || !is_decimal(&order->quote_quantity) ||
        !is_decimal(&order->amount)) {
        return zc_fail(ZC_INTENT_ORDER_DECIMAL);
    }
    if ((unsigned)order->side > ZC_SIDE_SELL || (unsigned)order->type > ZC_ORDER_STOP_MARKET ||
        (unsigned)order->tif > ZC_TIF_GTD) {
        return zc_fail(ZC_INTENT_ORDER_CHOICE);
    }
    return ZC_OK;
}

static zc_result check_action(const zc_order *order, uint32_t fields)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
        if (actions[i].action != order->action) {
            continue;
        }
        if ((fields & ~(actions[i].takes | ALWAYS)) != 0) {
            return zc_fail(ZC_INTENT_ORDER_FIELD);
        }
        return (actions[i].needs & ~fields) == 0 ? ZC_OK : zc_fail(ZC_INTENT_ORDER_MISSING);
    }
    return zc_fail(ZC_INTENT_ORDER_ACTION);
}

zc_result zc_order_check(const zc_order *order)
{
    ZC_TRY(check_values(order));
    const uint32_t fields = zc_order_fields(order);
    ZC_TRY(check_action(order, fields));
    if (order->action == ZC_OPERATION_ORDER_AMEND || order->action == ZC_OPERATION_ORDER_CANCEL) {
        /* An amendment may name both where the client id is the new one. */
        const bool named = (fields & (FIELD(ORDER_ID) | FIELD(CLIENT_ID))) != 0;
        return named ? ZC_OK : zc_fail(ZC_INTENT_ORDER_WHICH);
    }
    return ZC_OK;
}

zc_result zc_decimal_read(zc_slice text, zc_decimal *ret_decimal)
{
    uint8_t digits[ZC_U256_DECIMAL_SIZE];
    size_t count = 0;
    size_t point = text.len;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.' && point == text.len) {
            point = i;
        } else if (count == sizeof(digits)) {
            return zc_fail(ZC_INTENT_ORDER_DECIMAL);
        } else {
            digits[count++] = text.data[i];
        }
    }
    size_t scale = point == text.len ? 0 : text.len - point - 1;
    const bool bare_point = point != text.len && scale == 0;
    const bool leading_zero = point > 1 && text.data[0] == '0';
    zc_decimal decimal = {.present = true, .scale = (uint8_t)scale};
    if (point == 0 || bare_point || leading_zero || scale > ZC_DECIMAL_MAX_SCALE ||
        !zc_ok(zc_u256_from_decimal(zc_slice_of(digits, count), &decimal.units))) {
        return zc_fail(ZC_INTENT_ORDER_DECIMAL);
    }
    *ret_decimal = decimal;
    return ZC_OK;
}

zc_result zc_decimal_write(const zc_decimal *decimal, zc_writer *writer)
{
    char digits[ZC_U256_DECIMAL_SIZE];
    zc_writer trial = *writer;
    size_t len = zc_u256_to_decimal(&decimal->units, digits);
    const uint8_t *bytes = (const uint8_t *)digits;
    size_t whole = len > decimal->scale ? len - decimal->scale : 0;
    if (whole == 0) {
        ZC_TRY(zc_write_u8(&trial, '0'));
    }
    ZC_TRY(zc_write_slice(&trial, zc_slice_of(bytes, whole)));
    if (decimal->scale > 0) {
        ZC_TRY(zc_write_u8(&trial, '.'));
        for (size_t zeros = len; zeros < decimal->scale; zeros++) {
            ZC_TRY(zc_write_u8(&trial, '0'));
        }
        ZC_TRY(zc_write_slice(&trial, zc_slice_of(bytes + whole, len - whole)));
    }
    *writer = trial;
    return ZC_OK;
}
