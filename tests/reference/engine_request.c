/* A request in words: who asks, by which key, for what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

zc_intent intent;
zc_request_context context;
static char key_name[64];

static zc_decimal decimal_of(const char *text)
{
    zc_decimal decimal = {0};
    unsigned long long units = 0;
    unsigned scale = 0;
    if (text != NULL && sscanf(text, "%llu:%u", &units, &scale) == 2) {
        decimal.present = true;
        decimal.units = zc_u256_of(units);
        decimal.scale = (uint8_t)scale;
    }
    return decimal;
}

static void read_order(void)
{
    zc_order *order = &intent.order;
    intent.has_order = true;
    order->venue = (zc_venue)(intent.chain_id & 0xff);
    order->action = (uint8_t)intent.operation;
    order->side = (zc_order_side)number_of("side");
    order->type = (zc_order_type)number_of("type");
    order->reduce_only = number_of("reduce") != 0;
    copy(order->market, sizeof order->market, value_of("market"));
    order->price = decimal_of(value_of("price"));
    order->quantity = decimal_of(value_of("quantity"));
    order->quote_quantity = decimal_of(value_of("quote"));
}

static zc_address address_of(const char *text)
{
    return zc_address_of(bytes_of(text));
}

/* kind,asset,from,to,amount */
static void read_movement(char *text)
{
    zc_movement movement = {.call = ZC_CALL_NONE};
    movement.kind = (zc_movement_kind)number(strsep(&text, ","));
    const char *asset = strsep(&text, ",");
    movement.asset = strcmp(asset, "-") == 0 ? zc_asset_id_native(intent.chain_id)
                                             : zc_asset_id_token(intent.chain_id, bytes_of(asset));
    movement.from = address_of(strsep(&text, ","));
    movement.to = address_of(strsep(&text, ","));
    movement.amount = wide(text);
    check(zc_intent_add_movement(&intent, &movement));
}

/* target,method */
static void read_call(char *text)
{
    zc_call *call = NULL;
    zc_address target = address_of(strsep(&text, ","));
    check(zc_intent_add_call(&intent, &target, ZC_CALL_NONE, &call));
    zc_slice method = bytes_of(text);
    call->method_len = (uint8_t)method.len;
    if (method.len > 0) {
        memcpy(call->method, method.data, method.len);
    }
}

/* kind,label,number,hex */
static void read_argument(char *text)
{
    zc_argument *argument = NULL;
    zc_argument_kind kind = (zc_argument_kind)number(strsep(&text, ","));
    const char *label = strsep(&text, ",");
    check(zc_intent_add_argument(&intent, ZC_CALL_NONE, kind, label, &argument));
    argument->number = wide(strsep(&text, ","));
    zc_slice bytes = bytes_of(text);
    argument->len = (uint8_t)bytes.len;
    if (bytes.len > 0) {
        memcpy(argument->byte, bytes.data, bytes.len);
    }
}

static void read_intent(void)
{
    zc_intent_reset(&intent);
    intent.family = (zc_family)number_of("family");
    intent.operation = (zc_operation)number_of("op");
    intent.flags = number_of("flags");
    intent.account = address_of(value_of("account"));
    intent.has_chain_id = value_of("chain") != NULL;
    intent.chain_id = number_of("chain");
    intent.nonce = number_of("nonce");
    intent.gas_limit = zc_u256_of(number_of("gas"));
    intent.gas_price = zc_u256_of(number_of("gasprice"));
    intent.to = address_of(value_of("target"));
    zc_slice digest = bytes_of(value_of("digest"));
    memcpy(intent.digest, digest.data, digest.len);
    for (size_t i = 0; i < word_count; i++) {
        if (strncmp(words[i], "m=", 2) == 0) {
            read_movement(words[i] + 2);
        } else if (strncmp(words[i], "c=", 2) == 0) {
            read_call(words[i] + 2);
        } else if (strncmp(words[i], "a=", 2) == 0) {
            read_argument(words[i] + 2);
        }
    }
    if (value_of("market") != NULL) {
        read_order();
    }
}

void read_request(void)
{
    zc_slice key_id = bytes_of(value_of("keyid"));
    copy(key_name, sizeof key_name, value_of("key"));
    context = (zc_request_context){.principal = (uint32_t)number_of("principal"),
                                   .key_name = zc_slice_of_text(key_name),
                                   .use = (uint8_t)number_of("use"),
                                   .now_ms = (int64_t)number_of("now"),
                                   .halted = number_of("halted") != 0};
    memcpy(context.key_id, key_id.data, key_id.len);
    read_intent();
}
