/* One line of JSON in, one out.
 *
 *   {"methods": true}                  every method that the product knows, with its type program
 *   {"types": hex, "data": hex}        the leaves of an ABI encoding in order
 *   {"unsigned": hex, "r", "s", "v"}   what the transaction says, and its signed form
 *   {"signed": hex}                    the same of a signed transaction, with its sender
 *   {"authorization": hex}             of an EIP-7702 authorization
 *
 * All answers are hex without 0x; {"error": …} where the product refuses. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/hex.h"
#include "intent/decode.h"
#include "intent/evm/methods.h"
#include "support/reason.h"

#define ROOM ((size_t)1 << 17)

static zc_intent intent;

static zc_slice hex_of(const json_t *question, const char *key, uint8_t *room)
{
    const char *text = json_string_value(json_object_get(question, key));
    size_t len = 0;
    if (text == NULL || !zc_ok(zc_hex_decode_some(zc_slice_of_text(text), room, ROOM, &len))) {
        return zc_slice_of(room, 0);
    }
    return zc_slice_of(room, len);
}

static void set_hex(json_t *object, const char *key, zc_slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(2 * bytes.len + 1);
    if (text == NULL) {
        abort();
    }
    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = digits[bytes.data[i] >> 4];
        text[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    text[2 * bytes.len] = '\0';
    (void)json_object_set_new(object, key, json_string(text));
    free(text);
}

static void set_number(json_t *object, const char *key, const zc_u256 *number)
{
    char text[ZC_U256_DECIMAL_SIZE];
    (void)zc_u256_to_decimal(number, text);
    (void)json_object_set_new(object, key, json_string(text));
}

static json_t *refused(zc_result result)
{
    return json_pack("{s:s}", "error", zc_reason_text(result));
}

static void add_methods(const zc_evm_methods *table, json_t *list)
{
    for (size_t i = 0; i < table->count; i++) {
        json_t *method = json_pack("{s:s}", "signature", table->items[i].signature);
        set_hex(method, "types", zc_slice_of_text(table->items[i].types));
        (void)json_array_append_new(list, method);
    }
}

static json_t *answer_methods(void)
{
    json_t *list = json_array();
    add_methods(&zc_evm_methods_token, list);
    add_methods(&zc_evm_methods_control, list);
    add_methods(&zc_evm_methods_batch, list);
    add_methods(&zc_evm_methods_swap, list);
    return json_pack("{s:o}", "methods", list);
}

static json_t *answer_leaves(const json_t *question)
{
    static uint8_t types[ROOM];
    static uint8_t data[ROOM];
    zc_abi_walk walk;
    zc_abi_leaf leaf;
    bool more = true;
    json_t *leaves = json_array();
    zc_result result =
        zc_abi_walk_begin(&walk, hex_of(question, "types", types), hex_of(question, "data", data));
    while (zc_ok(result)) {
        result = zc_abi_walk_next(&walk, &leaf, &more);
        if (!zc_ok(result) || !more) {
            break;
        }
        json_t *item = json_pack("{s:i}", "type", leaf.type);
        set_hex(item, "value", leaf.value);
        (void)json_array_append_new(leaves, item);
    }
    if (!zc_ok(result)) {
        json_decref(leaves);
        return refused(result);
    }
    return json_pack("{s:o,s:I}", "leaves", leaves, "left", (json_int_t)zc_abi_walk_left(&walk));
}

static json_t *describe_movements(void)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < intent.movement_count; i++) {
        const zc_movement *movement = &intent.movements[i];
        json_t *item = json_pack("{s:s}", "kind", zc_movement_kind_name(movement->kind));
        set_hex(item, "token", zc_asset_id_slice(&movement->asset));
        set_hex(item, "from", zc_address_slice(&movement->from));
        set_hex(item, "to", zc_address_slice(&movement->to));
        set_number(item, "amount", &movement->amount);
        (void)json_array_append_new(list, item);
    }
    return list;
}

static json_t *describe(void)
{
    json_t *object = json_object();
    const zc_u256 nonce = zc_u256_of(intent.nonce);
    const zc_u256 chain = zc_u256_of(intent.chain_id);
    set_hex(object, "digest", ZC_SLICE_OF_ARRAY(intent.digest));
    set_hex(object, "account", zc_address_slice(&intent.account));
    set_hex(object, "to", zc_address_slice(&intent.to));
    set_number(object, "nonce", &nonce);
    set_number(object, "chain", &chain);
    set_number(object, "gas", &intent.gas_limit);
    set_number(object, "price", &intent.gas_price);
    set_number(object, "tip", &intent.gas_tip);
    set_number(object, "value", &intent.value);
    (void)json_object_set_new(object, "type", json_integer(intent.tx_type));
    (void)json_object_set_new(object, "data", json_integer(intent.data_len));
    (void)json_object_set_new(object, "keys", json_integer(intent.access_keys));
    (void)json_object_set_new(object, "flags", json_integer((json_int_t)intent.flags));
    (void)json_object_set_new(object, "movements", describe_movements());
    return object;
}

static json_t *answer_unsigned(const json_t *question)
{
    static uint8_t bytes[ROOM];
    static uint8_t room[ROOM];
    static uint8_t parts[ROOM];
    static uint8_t from[ROOM];
    zc_signature signature = {0};
    const zc_slice tx = hex_of(question, "unsigned", bytes);
    const zc_address account = zc_address_of(hex_of(question, "from", from));
    zc_result result = zc_intent_decode_evm_tx(tx, &account, NULL, &intent, NULL);
    if (!zc_ok(result)) {
        return refused(result);
    }
    json_t *object = describe();
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    if (hex_of(question, "rs", parts).len == 64) {
        memcpy(signature.byte, parts, 64);
        signature.recovery = (uint8_t)json_integer_value(json_object_get(question, "parity"));
        result = zc_evm_write_signed(tx, &signature, &writer);
        if (!zc_ok(result)) {
            json_decref(object);
            return refused(result);
        }
        set_hex(object, "signed", zc_writer_written(&writer));
    }
    return object;
}

static json_t *answer_signed(const json_t *question)
{
    static uint8_t bytes[ROOM];
    zc_signature signature;
    zc_result result = zc_intent_decode_evm_signed_tx(hex_of(question, "signed", bytes), NULL,
                                                      &intent, &signature, NULL);
    return zc_ok(result) ? describe() : refused(result);
}

static json_t *answer_authorization(const json_t *question)
{
    static uint8_t bytes[ROOM];
    const zc_address nobody = {.len = ZC_EVM_ADDRESS_SIZE};
    zc_result result = zc_intent_decode_evm_authorization(hex_of(question, "authorization", bytes),
                                                          &nobody, &intent, NULL);
    return zc_ok(result) ? describe() : refused(result);
}

static json_t *answer(const json_t *question)
{
    if (json_object_get(question, "methods") != NULL) {
        return answer_methods();
    }
    if (json_object_get(question, "types") != NULL) {
        return answer_leaves(question);
    }
    if (json_object_get(question, "unsigned") != NULL) {
        return answer_unsigned(question);
    }
    return json_object_get(question, "signed") != NULL ? answer_signed(question)
                                                       : answer_authorization(question);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    while ((len = getline(&line, &capacity, stdin)) > 0) {
        json_t *question = json_loadb(line, (size_t)len, 0, NULL);
        json_t *said = answer(question);
        (void)json_dumpf(said, stdout, JSON_COMPACT);
        (void)fputc('\n', stdout);
        (void)fflush(stdout);
        json_decref(said);
        json_decref(question);
    }
    free(line);
    return 0;
}
