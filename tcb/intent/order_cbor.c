#include "intent/order_cbor.h"

#include "codec/cbor.h"
#include "intent/reasons.h"

#define FIRST_KEY 3
#define MAX_KEYS (2 + ZC_ORDER_FIELD_COUNT)

/* Where a field of an order is. One of them is not NULL. */
typedef struct zc_place {
    char *text;
    size_t size;
    zc_decimal *decimal;
    uint64_t *number;
    bool *flag;
} zc_place;

#define TEXT(field) ((zc_place){.text = order->field, .size = sizeof(order->field)})
#define DECIMAL(field) ((zc_place){.decimal = &order->field})
#define NUMBER(field) ((zc_place){.number = &order->field})
#define FLAG(field) ((zc_place){.flag = &order->field})

/* The three enumerations are none of these: they are read and written as what they are. */
static zc_place place_of(zc_order *order, zc_order_field field)
{
    switch (field) {
    case ZC_ORDER_FIELD_ACCOUNT:
        return TEXT(account);
    case ZC_ORDER_FIELD_MARKET:
        return TEXT(market);
    case ZC_ORDER_FIELD_CLIENT_ID:
        return TEXT(client_id);
    case ZC_ORDER_FIELD_ORDER_ID:
        return TEXT(order_id);
    case ZC_ORDER_FIELD_ASSET:
        return TEXT(asset);
    case ZC_ORDER_FIELD_NETWORK:
        return TEXT(network);
    case ZC_ORDER_FIELD_TO:
        return TEXT(to);
    case ZC_ORDER_FIELD_TAG:
        return TEXT(tag);
    case ZC_ORDER_FIELD_CALL:
        return TEXT(call);
    case ZC_ORDER_FIELD_PRICE:
        return DECIMAL(price);
    case ZC_ORDER_FIELD_TRIGGER_PRICE:
        return DECIMAL(trigger_price);
    case ZC_ORDER_FIELD_QUANTITY:
        return DECIMAL(quantity);
    case ZC_ORDER_FIELD_QUOTE_QUANTITY:
        return DECIMAL(quote_quantity);
    case ZC_ORDER_FIELD_AMOUNT:
        return DECIMAL(amount);
    case ZC_ORDER_FIELD_TIME:
        return NUMBER(time_ms);
    case ZC_ORDER_FIELD_WINDOW:
        return NUMBER(window_ms);
    case ZC_ORDER_FIELD_EXPIRY:
        return NUMBER(expiry_ms);
    case ZC_ORDER_FIELD_REDUCE_ONLY:
        return FLAG(reduce_only);
    case ZC_ORDER_FIELD_POST_ONLY:
        return FLAG(post_only);
    case ZC_ORDER_FIELD_TEST_NETWORK:
        return FLAG(test_network);
    case ZC_ORDER_FIELD_SIDE:
    case ZC_ORDER_FIELD_TYPE:
    case ZC_ORDER_FIELD_TIF:
        break;
    }
    return (zc_place){0};
}

static unsigned choice_of(const zc_order *order, zc_order_field field)
{
    switch (field) {
    case ZC_ORDER_FIELD_SIDE:
        return order->side;
    case ZC_ORDER_FIELD_TYPE:
        return order->type;
    default:
        return order->tif;
    }
}

static void set_choice(zc_order *order, zc_order_field field, uint64_t value)
{
    if (field == ZC_ORDER_FIELD_SIDE) {
        order->side = (zc_order_side)value;
    } else if (field == ZC_ORDER_FIELD_TYPE) {
        order->type = (zc_order_type)value;
    } else {
        order->tif = (zc_time_in_force)value;
    }
}

static zc_result put_field(zc_writer *writer, zc_order *order, zc_order_field field)
{
    const zc_place place = place_of(order, field);
    ZC_TRY(zc_cbor_put_uint(writer, (uint64_t)field + FIRST_KEY));
    if (place.text != NULL) {
        return zc_cbor_put_text(writer, zc_slice_of_text(place.text));
    }
    if (place.decimal != NULL) {
        ZC_TRY(zc_cbor_put_array(writer, 2));
        ZC_TRY(zc_cbor_put_uint(writer, place.decimal->scale));
        return zc_cbor_put_u256(writer, &place.decimal->units);
    }
    if (place.number != NULL) {
        return zc_cbor_put_uint(writer, *place.number);
    }
    return place.flag != NULL ? zc_cbor_put_bool(writer, true)
                              : zc_cbor_put_uint(writer, choice_of(order, field));
}

zc_result zc_order_write(const zc_order *order, zc_writer *writer)
{
    zc_order copy = *order;
    const uint32_t fields = zc_order_fields(order);
    zc_writer trial = *writer;
    ZC_TRY(zc_cbor_put_map(&trial, 2 + (size_t)__builtin_popcount(fields)));
    ZC_TRY(zc_cbor_put_uint(&trial, 1));
    ZC_TRY(zc_cbor_put_uint(&trial, order->venue));
    ZC_TRY(zc_cbor_put_uint(&trial, 2));
    ZC_TRY(zc_cbor_put_uint(&trial, order->action));
    for (unsigned field = 0; field < ZC_ORDER_FIELD_COUNT; field++) {
        if ((fields >> field & 1) != 0) {
            ZC_TRY(put_field(&trial, &copy, (zc_order_field)field));
        }
    }
    *writer = trial;
    return ZC_OK;
}

static zc_result get_text(zc_reader *reader, const zc_place *place)
{
    zc_slice text;
    ZC_TRY(zc_cbor_get_text(reader, &text));
    if (text.len == 0) {
        return zc_fail(ZC_INTENT_ORDER_ENCODING);
    }
    if (text.len >= place->size || memchr(text.data, 0, text.len) != NULL) {
        return zc_fail(ZC_INTENT_ORDER_TEXT);
    }
    memcpy(place->text, text.data, text.len);
    return ZC_OK;
}

static zc_result get_decimal(zc_reader *reader, zc_decimal *ret_decimal)
{
    size_t count;
    uint64_t scale;
    ZC_TRY(zc_cbor_get_array(reader, 2, &count));
    if (count != 2) {
        return zc_fail(ZC_INTENT_ORDER_ENCODING);
    }
    ZC_TRY(zc_cbor_get_uint_max(reader, ZC_DECIMAL_MAX_SCALE, &scale));
    ZC_TRY(zc_cbor_get_u256(reader, &ret_decimal->units));
    ret_decimal->present = true;
    ret_decimal->scale = (uint8_t)scale;
    return ZC_OK;
}

static zc_result get_number(zc_reader *reader, uint64_t max, uint64_t *ret_number)
{
    ZC_TRY(zc_cbor_get_uint_max(reader, max, ret_number));
    return *ret_number != 0 ? ZC_OK : zc_fail(ZC_INTENT_ORDER_ENCODING);
}

static zc_result get_field(zc_reader *reader, zc_order *order, zc_order_field field)
{
    const zc_place place = place_of(order, field);
    uint64_t number;
    if (place.text != NULL) {
        return get_text(reader, &place);
    }
    if (place.decimal != NULL) {
        return get_decimal(reader, place.decimal);
    }
    if (place.number != NULL) {
        return get_number(reader, UINT64_MAX, place.number);
    }
    if (place.flag != NULL) {
        ZC_TRY(zc_cbor_get_bool(reader, place.flag));
        return *place.flag ? ZC_OK : zc_fail(ZC_INTENT_ORDER_ENCODING);
    }
    /* 255 is beyond each of the three; zc_order_check() says which are known. */
    ZC_TRY(get_number(reader, UINT8_MAX, &number));
    set_choice(order, field, number);
    return ZC_OK;
}

static zc_result get_fields(zc_reader *reader, size_t count, zc_order *order)
{
    uint64_t last = FIRST_KEY - 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t key;
        ZC_TRY(zc_cbor_get_uint(reader, &key));
        if (key <= last || key >= FIRST_KEY + ZC_ORDER_FIELD_COUNT) {
            return zc_fail(ZC_INTENT_ORDER_ENCODING);
        }
        ZC_TRY(get_field(reader, order, (zc_order_field)(key - FIRST_KEY)));
        last = key;
    }
    return ZC_OK;
}

zc_result zc_order_get(zc_reader *reader, zc_order *ret_order)
{
    zc_reader trial = *reader;
    zc_order order = {0};
    size_t count;
    uint64_t venue;
    uint64_t action;
    ZC_TRY(zc_cbor_get_map(&trial, MAX_KEYS, &count));
    if (count < 2) {
        return zc_fail(ZC_INTENT_ORDER_ENCODING);
    }
    ZC_TRY(zc_cbor_get_key_uint(&trial, 1));
    ZC_TRY(zc_cbor_get_uint_max(&trial, UINT8_MAX, &venue));
    ZC_TRY(zc_cbor_get_key_uint(&trial, 2));
    ZC_TRY(zc_cbor_get_uint_max(&trial, UINT8_MAX, &action));
    order.venue = (zc_venue)venue;
    order.action = (uint8_t)action;
    ZC_TRY(get_fields(&trial, count - 2, &order));
    ZC_TRY(zc_order_check(&order));
    *reader = trial;
    *ret_order = order;
    return ZC_OK;
}

zc_result zc_order_read(zc_slice encoded, zc_order *ret_order)
{
    zc_reader reader = zc_reader_of(encoded);
    zc_order order;
    ZC_TRY(zc_order_get(&reader, &order));
    ZC_TRY(zc_reader_end(&reader));
    *ret_order = order;
    return ZC_OK;
}
