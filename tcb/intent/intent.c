#include "intent/intent.h"

const char *zc_operation_name(zc_operation operation)
{
#define ZC_CASE(name, number, text, title)                                                         \
    case ZC_OPERATION_##name:                                                                      \
        return text;
    switch (operation) {
        ZC_OPERATIONS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_operation_title(zc_operation operation)
{
#define ZC_CASE(name, number, text, title)                                                         \
    case ZC_OPERATION_##name:                                                                      \
        return title;
    switch (operation) {
        ZC_OPERATIONS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_flag_name(unsigned bit)
{
#define ZC_CASE(name, number, text, plain)                                                         \
    case (number):                                                                                 \
        return text;
    switch (bit) {
        ZC_FLAGS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_flag_text(unsigned bit)
{
#define ZC_CASE(name, number, text, plain)                                                         \
    case (number):                                                                                 \
        return plain;
    switch (bit) {
        ZC_FLAGS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

const char *zc_movement_kind_name(zc_movement_kind kind)
{
#define ZC_CASE(name, number, text)                                                                \
    case ZC_MOVEMENT_##name:                                                                       \
        return text;
    switch (kind) {
        ZC_MOVEMENT_KINDS(ZC_CASE)
    }
#undef ZC_CASE
    return NULL;
}

bool zc_operation_of_name(zc_slice name, zc_operation *ret_operation)
{
#define ZC_MATCH(operation, number, text, title)                                                   \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_operation = ZC_OPERATION_##operation;                                                 \
        return true;                                                                               \
    }
    ZC_OPERATIONS(ZC_MATCH)
#undef ZC_MATCH
    return false;
}

bool zc_flag_of_name(zc_slice name, unsigned *ret_bit)
{
#define ZC_MATCH(flag, number, text, plain)                                                        \
    if (zc_slice_eq_text(name, text)) {                                                            \
        *ret_bit = (number);                                                                       \
        return true;                                                                               \
    }
    ZC_FLAGS(ZC_MATCH)
#undef ZC_MATCH
    return false;
}

bool zc_asset_id_eq(const zc_asset_id *a, const zc_asset_id *b)
{
    return a->kind == b->kind && a->chain_id == b->chain_id && a->token_len == b->token_len &&
           memcmp(a->token, b->token, a->token_len) == 0;
}

zc_asset_id zc_asset_id_native(uint64_t chain_id)
{
    zc_asset_id id;
    id.kind = ZC_ASSET_NATIVE;
    id.token_len = 0;
    id.chain_id = chain_id;
    return id;
}

zc_asset_id zc_asset_id_token(uint64_t chain_id, zc_slice token)
{
    zc_asset_id id;
    id.kind = ZC_ASSET_TOKEN;
    id.token_len = (uint8_t)(token.len < ZC_TOKEN_MAX ? token.len : ZC_TOKEN_MAX);
    id.chain_id = chain_id;
    memcpy(id.token, token.data, id.token_len);
    return id;
}

zc_slice zc_asset_id_slice(const zc_asset_id *id)
{
    return zc_slice_of(id->token, id->token_len);
}

void zc_intent_reset(zc_intent *intent)
{
    /* The slots are left alone: clearing them would cost more than the whole decoding. */
    memset(intent, 0, offsetof(zc_intent, movements));
}

zc_result zc_intent_next_movement(zc_intent *intent, zc_movement **ret_movement)
{
    if (intent->movement_count >= ZC_INTENT_MAX_MOVEMENTS) {
        return zc_fail(ZC_INTENT_TOO_MANY_MOVEMENTS);
    }
    *ret_movement = &intent->movements[intent->movement_count];
    return ZC_OK;
}

zc_result zc_intent_add_movement(zc_intent *intent, const zc_movement *movement)
{
    zc_movement *next;
    ZC_TRY(zc_intent_next_movement(intent, &next));
    *next = *movement;
    intent->movement_count++;
    return ZC_OK;
}

zc_result zc_intent_add_call(zc_intent *intent, const zc_address *target, uint16_t parent,
                             zc_call **ret_call)
{
    if (intent->call_count >= ZC_INTENT_MAX_CALLS) {
        return zc_fail(ZC_INTENT_TOO_MANY_CALLS);
    }
    zc_call *call = &intent->calls[intent->call_count++];
    memset(call, 0, offsetof(zc_call, method));
    call->target = *target;
    call->parent = parent;
    call->data_len = 0;
    call->value = ZC_U256_ZERO;
    *ret_call = call;
    return ZC_OK;
}

zc_result zc_intent_add_argument(zc_intent *intent, uint16_t call, zc_argument_kind kind,
                                 const char *label, zc_argument **ret_argument)
{
    const zc_slice text = zc_slice_of(label, strnlen(label, ZC_ARGUMENT_LABEL_SIZE - 1));
    return zc_intent_add_labelled(intent, call, kind, text, ret_argument);
}

zc_result zc_intent_add_labelled(zc_intent *intent, uint16_t call, zc_argument_kind kind,
                                 zc_slice label, zc_argument **ret_argument)
{
    if (intent->argument_count >= ZC_INTENT_MAX_ARGUMENTS) {
        return zc_fail(ZC_INTENT_TOO_MANY_ARGUMENTS);
    }
    zc_argument *argument = &intent->arguments[intent->argument_count++];
    argument->kind = kind;
    argument->call = call;
    argument->is_hash = false;
    argument->is_said = false;
    argument->len = 0;
    argument->number = ZC_U256_ZERO;
    size_t len = label.len < ZC_ARGUMENT_LABEL_SIZE - 1 ? label.len : ZC_ARGUMENT_LABEL_SIZE - 1;
    memcpy(argument->label, label.data, len);
    argument->label[len] = 0;
    *ret_argument = argument;
    return ZC_OK;
}

zc_slice zc_intent_method(const zc_intent *intent)
{
    return intent->call_count == 0
               ? (zc_slice){0}
               : zc_slice_of(intent->calls[0].method, intent->calls[0].method_len);
}
