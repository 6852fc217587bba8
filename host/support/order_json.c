#include "support/order_json.h"

#include <string.h>

#include "intent/intent.h"
#include "support/json.h"
#include "support/reasons.h"

static zc_result bad(zc_error *error, const char *key, const char *wanted)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_JSON, "cannot read the order", "",
                                    "see `zcp sign order --help`");
    zc_error_why(error, "\"%.40s\" is not %s", key, wanted);
    return result;
}

/* Where the texts, decimals, times and flags of an order are; by their names in JSON. */
typedef struct zc_order_place {
    char *text;
    size_t size;
    zc_decimal *decimal;
    uint64_t *time;
    bool *flag;
} zc_order_place;

static zc_order_place text_place(zc_order *order, const char *key)
{
    const struct {
        const char *key;
        char *text;
        size_t size;
    } texts[] = {
        {"account", order->account, sizeof(order->account)},
        {"market", order->market, sizeof(order->market)},
        {"client_id", order->client_id, sizeof(order->client_id)},
        {"order_id", order->order_id, sizeof(order->order_id)},
        {"asset", order->asset, sizeof(order->asset)},
        {"network", order->network, sizeof(order->network)},
        {"to", order->to, sizeof(order->to)},
        {"tag", order->tag, sizeof(order->tag)},
        {"call", order->call, sizeof(order->call)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(key, texts[i].key) == 0) {
            return (zc_order_place){.text = texts[i].text, .size = texts[i].size};
        }
    }
    return (zc_order_place){0};
}

static zc_order_place number_place(zc_order *order, const char *key)
{
    const struct {
        const char *key;
        zc_order_place place;
    } numbers[] = {
        {"price", {.decimal = &order->price}},
        {"trigger_price", {.decimal = &order->trigger_price}},
        {"quantity", {.decimal = &order->quantity}},
        {"quote_quantity", {.decimal = &order->quote_quantity}},
        {"amount", {.decimal = &order->amount}},
        {"time_ms", {.time = &order->time_ms}},
        {"window_ms", {.time = &order->window_ms}},
        {"expiry_ms", {.time = &order->expiry_ms}},
        {"reduce_only", {.flag = &order->reduce_only}},
        {"post_only", {.flag = &order->post_only}},
        {"test_network", {.flag = &order->test_network}},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(key, numbers[i].key) == 0) {
            return numbers[i].place;
        }
    }
    return (zc_order_place){0};
}

static bool is_name(const char *name, const char *text)
{
    return name != NULL && strcmp(name, text) == 0;
}

static zc_result read_venue(const char *text, zc_order *order, zc_error *error)
{
    return zc_venue_of_name(zc_slice_of_text(text), &order->venue)
               ? ZC_OK
               : bad(error, "venue", "a venue that is known");
}

static zc_result read_action(const char *text, zc_order *order, zc_error *error)
{
    zc_operation operation;
    if (!zc_operation_of_name(zc_slice_of_text(text), &operation)) {
        return bad(error, "action", "something that a venue can be asked");
    }
    order->action = (uint8_t)operation;
    return ZC_OK;
}

static zc_result read_side(const char *text, zc_order *order, zc_error *error)
{
    for (zc_order_side side = ZC_SIDE_BUY; side <= ZC_SIDE_SELL; side++) {
        if (is_name(zc_order_side_name(side), text)) {
            order->side = side;
            return ZC_OK;
        }
    }
    return bad(error, "side", "\"buy\" or \"sell\"");
}

static zc_result read_type(const char *text, zc_order *order, zc_error *error)
{
    for (zc_order_type type = ZC_ORDER_LIMIT; type <= ZC_ORDER_STOP_MARKET; type++) {
        if (is_name(zc_order_type_name(type), text)) {
            order->type = type;
            return ZC_OK;
        }
    }
    return bad(error, "type", "limit, market, stop-limit or stop-market");
}

static zc_result read_tif(const char *text, zc_order *order, zc_error *error)
{
    for (zc_time_in_force tif = ZC_TIF_GTC; tif <= ZC_TIF_GTD; tif++) {
        if (is_name(zc_time_in_force_name(tif), text)) {
            order->tif = tif;
            return ZC_OK;
        }
    }
    return bad(error, "time_in_force", "gtc, ioc, fok or gtd");
}

static zc_result read_text(const char *key, const json_t *value, const zc_order_place *place,
                           zc_error *error)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (text == NULL || len == 0 || len >= place->size || strlen(text) != len) {
        zc_result result = bad(error, key, "a text");
        zc_error_why(error, "\"%.40s\" is not a text of 1 to %zu characters", key, place->size - 1);
        return result;
    }
    memcpy(place->text, text, len + 1);
    return ZC_OK;
}

static zc_result read_number(const char *key, const json_t *value, const zc_order_place *place,
                             zc_error *error)
{
    if (place->flag != NULL) {
        *place->flag = json_is_true(value);
        return json_is_boolean(value) ? ZC_OK : bad(error, key, "true or false");
    }
    if (place->time != NULL) {
        if (!json_is_integer(value) || json_integer_value(value) < 0) {
            return bad(error, key, "a whole number of milliseconds");
        }
        *place->time = (uint64_t)json_integer_value(value);
        return ZC_OK;
    }
    zc_slice text = zc_slice_of(json_string_value(value), json_string_length(value));
    if (!json_is_string(value) || !zc_ok(zc_decimal_read(text, place->decimal))) {
        return bad(error, key, "a decimal number in a text, like \"0.10\"");
    }
    return ZC_OK;
}

static zc_result read_choice(const char *key, const json_t *value, zc_order *order, zc_error *error)
{
    static const struct {
        const char *key;
        zc_result (*read)(const char *text, zc_order *order, zc_error *error);
    } choices[] = {
        {"venue", read_venue}, {"action", read_action},     {"side", read_side},
        {"type", read_type},   {"time_in_force", read_tif},
    };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (strcmp(key, choices[i].key) == 0) {
            return json_is_string(value) ? choices[i].read(json_string_value(value), order, error)
                                         : bad(error, key, "a text");
        }
    }
    return bad(error, key, "something that an order has");
}

static zc_result read_member(const char *key, const json_t *value, zc_order *order, zc_error *error)
{
    const zc_order_place text = text_place(order, key);
    const zc_order_place number = number_place(order, key);
    if (text.text != NULL) {
        return read_text(key, value, &text, error);
    }
    if (number.decimal != NULL || number.time != NULL || number.flag != NULL) {
        return read_number(key, value, &number, error);
    }
    return read_choice(key, value, order, error);
}

zc_result zc_order_of_json(const json_t *object, zc_order *ret_order, zc_error *error)
{
    zc_order order = {0};
    const char *key;
    const json_t *value;
    void *at = json_object_iter((json_t *)(uintptr_t)object);
    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
        key = json_object_iter_key(at);
        value = json_object_iter_value(at);
        ZC_TRY(read_member(key, value, &order, error));
    }
    zc_result result = zc_order_check(&order);
    if (!zc_ok(result)) {
        return zc_error_from(error, result, "cannot read the order", "see `zcp sign order --help`");
    }
    *ret_order = order;
    return ZC_OK;
}

static bool set_place(json_t *object, const char *key, zc_order *order)
{
    const zc_order_place text = text_place(order, key);
    const zc_order_place number = number_place(order, key);
    uint8_t digits[ZC_U256_DECIMAL_SIZE + ZC_DECIMAL_MAX_SCALE + 3];
    if (text.text != NULL) {
        return zc_json_set_text(object, key, text.text);
    }
    if (number.time != NULL) {
        return zc_json_set_u64(object, key, *number.time);
    }
    if (number.flag != NULL) {
        return zc_json_set_bool(object, key, true);
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(digits);
    return number.decimal != NULL && zc_ok(zc_decimal_write(number.decimal, &writer)) &&
           zc_json_set_slice_text(object, key, zc_writer_written(&writer));
}

static bool set_field(json_t *object, zc_order_field field, zc_order *order)
{
    const char *key = zc_order_field_name(field);
    switch (field) {
    case ZC_ORDER_FIELD_SIDE:
        return zc_json_set_text(object, key, zc_order_side_name(order->side));
    case ZC_ORDER_FIELD_TYPE:
        return zc_json_set_text(object, key, zc_order_type_name(order->type));
    case ZC_ORDER_FIELD_TIF:
        return zc_json_set_text(object, key, zc_time_in_force_name(order->tif));
    default:
        return set_place(object, key, order);
    }
}

json_t *zc_order_to_json(const zc_order *order)
{
    zc_order copy = *order;
    const uint32_t fields = zc_order_fields(order);
    json_t *object = json_object();
    bool ok = object != NULL && zc_ok(zc_order_check(order)) &&
              zc_json_set_text(object, "venue", zc_venue_name(order->venue)) &&
              zc_json_set_text(object, "action", zc_operation_name((zc_operation)order->action));
    for (unsigned field = 0; ok && field < ZC_ORDER_FIELD_COUNT; field++) {
        ok = (fields >> field & 1) == 0 || set_field(object, (zc_order_field)field, &copy);
    }
    if (!ok) {
        json_decref(object);
        return NULL;
    }
    return object;
}
