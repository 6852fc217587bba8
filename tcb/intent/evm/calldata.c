#include "intent/evm/calldata.h"

#include <endian.h>

#include "intent/decode.h"
#include "intent/evm/scope.h"

#define MULTI_SEND UINT32_C(0x8d80ff0a)
/* Words of a foreign delegatecall's data that people are shown. */
#define SHOWN_WORDS 8

/* Safe's own MultiSend and MultiSendCallOnly of 1.1.1, 1.3.0 (both factories) and 1.4.1, the
 * same on every chain (safe-deployments). What stands there is known; elsewhere it is not. */
static const uint8_t multi_sends[][ZC_EVM_ADDRESS_SIZE] = {
    {0x8d, 0x29, 0xbe, 0x29, 0x92, 0x3b, 0x68, 0xab, 0xfd, 0xd2,
     0x1e, 0x54, 0x1b, 0x93, 0x74, 0x73, 0x7b, 0x49, 0xcd, 0xad},
    {0xa2, 0x38, 0xcb, 0xeb, 0x14, 0x2c, 0x10, 0xef, 0x7a, 0xd8,
     0x44, 0x2c, 0x6d, 0x1f, 0x9e, 0x89, 0xe0, 0x7e, 0x77, 0x61},
    {0x99, 0x87, 0x39, 0xbf, 0xda, 0xad, 0xde, 0x7c, 0x93, 0x3b,
     0x94, 0x2a, 0x68, 0x05, 0x39, 0x33, 0x09, 0x8f, 0x9e, 0xda},
    {0x40, 0xa2, 0xac, 0xcb, 0xd9, 0x2b, 0xca, 0x93, 0x8b, 0x02,
     0x01, 0x0e, 0x17, 0xa5, 0xb8, 0x92, 0x9b, 0x49, 0x13, 0x0d},
    {0xa1, 0xda, 0xbe, 0xf3, 0x3b, 0x3b, 0x82, 0xc7, 0x81, 0x4b,
     0x6d, 0x82, 0xa7, 0x9e, 0x50, 0xf4, 0xac, 0x44, 0x10, 0x2b},
    {0x38, 0x86, 0x9b, 0xf6, 0x6a, 0x61, 0xcf, 0x6b, 0xdb, 0x99,
     0x6a, 0x6a, 0xe4, 0x0d, 0x58, 0x53, 0xfd, 0x43, 0xb5, 0x26},
    {0x96, 0x41, 0xd7, 0x64, 0xfc, 0x13, 0xc8, 0xb6, 0x24, 0xc0,
     0x44, 0x30, 0xc7, 0x35, 0x6c, 0x1c, 0x7c, 0x81, 0x02, 0xe2},
};

static bool is_multi_send(const zc_address *target)
{
    for (size_t i = 0; i < sizeof(multi_sends) / sizeof(multi_sends[0]); i++) {
        if (memcmp(target->byte, multi_sends[i], ZC_EVM_ADDRESS_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

static void count_action(const zc_evm_scope *scope, zc_operation operation)
{
    if (!scope->call->is_detail) {
        scope->work->actions++;
        scope->work->operation = operation;
    }
}

static void not_read(const zc_evm_scope *scope, uint64_t flags)
{
    scope->intent->flags |= flags;
    scope->intent->calls[scope->index].is_read = false;
}

static zc_result add_control(const zc_evm_scope *scope, const zc_address *to)
{
    zc_movement control = {.kind = ZC_MOVEMENT_CONTROL};
    control.asset = zc_asset_id_native(scope->intent->chain_id);
    control.from = scope->call->actor;
    control.to = *to;
    return zc_evm_add_movement(scope, &control);
}

static bool looks_like_address(const uint8_t *word)
{
    static const uint8_t zeros[12];
    static const uint8_t small[8];
    return memcmp(word, zeros, sizeof(zeros)) == 0 &&
           memcmp(word + sizeof(zeros), small, sizeof(small)) != 0;
}

/* Foreign code gets the words of the data to do with as it likes; in the first storage slot of a
 * proxy stands the address of its implementation. Each word that may be an address is therefore
 * shown as one that control may pass to. */
static zc_result add_foreign_words(const zc_evm_scope *scope)
{
    const zc_slice data = scope->call->data;
    char label[] = "word 1 of the data";
    for (size_t i = 0; i < SHOWN_WORDS && ZC_SELECTOR_SIZE + (i + 1) * ZC_ABI_WORD <= data.len;
         i++) {
        const uint8_t *word = data.data + ZC_SELECTOR_SIZE + i * ZC_ABI_WORD;
        const bool is_address = looks_like_address(word);
        const zc_abi_leaf leaf = {.type = is_address ? ZC_ABI_ADDRESS : ZC_ABI_UINT256,
                                  .value = zc_slice_of(word, ZC_ABI_WORD)};
        label[5] = (char)('1' + i);
        ZC_TRY(zc_evm_add_value(scope, label, &leaf));
        if (is_address) {
            const zc_address to = zc_evm_value_address(&leaf);
            ZC_TRY(add_control(scope, &to));
        }
    }
    return ZC_OK;
}

/* Whatever the code at the target does, it does as the actor: it may move everything, and replace
 * the actor's own code. */
static zc_result add_foreign_code(const zc_evm_scope *scope)
{
    not_read(scope, ZC_FLAG_PROXY_UPGRADE | ZC_FLAG_CONTROL_CHANGE | ZC_FLAG_UNKNOWN_CALLDATA);
    return add_control(scope, &scope->call->target);
}

static zc_result read_unknown(const zc_evm_scope *scope, uint64_t flags)
{
    count_action(scope, ZC_OPERATION_CONTRACT_CALL);
    not_read(scope, ZC_FLAG_UNKNOWN_CALLDATA | flags);
    return ZC_OK;
}

static zc_result apply_method(zc_evm_scope *scope, const zc_evm_method *method)
{
    const bool acts = method->operation != ZC_OPERATION_BATCH;
    scope->router = method->router;
    ZC_TRY(zc_evm_add_movements(scope, method->movement, method->movement_count));
    if (method->nested.is_there) {
        ZC_TRY(zc_evm_push_nested(scope, &method->nested, acts));
    }
    if (method->special != NULL) {
        ZC_TRY(method->special(scope));
    }
    ZC_TRY(zc_evm_add_arguments(scope, zc_slice_of_text(method->types), method->labels));
    if (acts) {
        count_action(scope, (zc_operation)method->operation);
    }
    return ZC_OK;
}

static zc_result apply_descriptor(zc_evm_scope *scope, const zc_descriptor *descriptor)
{
    ZC_TRY(zc_evm_add_movements(scope, descriptor->movements, descriptor->movement_count));
    ZC_TRY(zc_evm_add_fields(scope, descriptor));
    count_action(scope, (zc_operation)descriptor->operation);
    return ZC_OK;
}

/* Reads the arguments and applies what they mean. */
static zc_result read_with(zc_evm_scope *scope, const zc_evm_method *method,
                           const zc_descriptor *descriptor)
{
    const zc_slice data = scope->call->data;
    const zc_slice arguments =
        zc_slice_of(data.data + ZC_SELECTOR_SIZE, data.len - ZC_SELECTOR_SIZE);
    const zc_slice types = descriptor != NULL
                               ? zc_slice_of(descriptor->types, descriptor->types_len)
                               : zc_slice_of_text(method->types);
    if (!zc_ok(zc_evm_values_read(&scope->work->values, types, arguments))) {
        /* Short arguments, dirty words, offsets of nobody's making: contracts differ in what they
         * make of them (some pad, some mask, some revert), so nothing is claimed but that the
         * method was meant. */
        return read_unknown(scope, ZC_FLAG_PARTIAL_DECODE);
    }
    const uint16_t pending = scope->work->pending;
    scope->intent->calls[scope->index].is_read = true;
    if (descriptor == NULL) {
        /* Even where the arguments don't fit together: the method itself is known. */
        scope->intent->flags |= method->flags;
    }
    zc_result result =
        descriptor != NULL ? apply_descriptor(scope, descriptor) : apply_method(scope, method);
    if (zc_is(result, ZC_INTENT_NOT_READ)) {
        scope->work->pending = pending;
        return read_unknown(scope, ZC_FLAG_PARTIAL_DECODE);
    }
    ZC_TRY(result);
    if (scope->work->values.left != 0) {
        /* Contracts ignore what follows the arguments, unless they read it on purpose. */
        not_read(scope, ZC_FLAG_PARTIAL_DECODE);
    }
    return ZC_OK;
}

/* Batches repeat their methods. */
static const zc_evm_method *find_method(zc_evm_work *work, uint32_t selector)
{
    if (work->method == NULL || work->method->selector != selector) {
        work->method = zc_evm_method_find(selector);
    }
    return work->method;
}

/* What changes who commands a contract, or calls further, keeps that meaning whatever a descriptor
 * says; else the mission's word on this very contract goes before the general one. */
static zc_result read_method(zc_evm_scope *scope, uint32_t selector)
{
    const zc_evm_call *call = scope->call;
    const zc_evm_method *method = find_method(scope->work, selector);
    const bool is_fixed = method != NULL && (method->flags != 0 || method->nested.is_there ||
                                             method->operation == ZC_OPERATION_BATCH);
    const zc_descriptor *descriptor = NULL;
    if (!is_fixed) {
        descriptor = zc_descriptor_find(scope->work->descriptors, scope->intent->chain_id,
                                        &call->target, call->data.data);
        if (descriptor != NULL && method != NULL && descriptor->contract.len == 0) {
            descriptor = NULL;
        }
    }
    if (method == NULL && descriptor == NULL) {
        return read_unknown(scope, 0);
    }
    return read_with(scope, method, descriptor);
}

static zc_result read_delegate(zc_evm_scope *scope, uint32_t selector)
{
    const bool is_too_deep = scope->call->depth >= ZC_EVM_MAX_CALL_DEPTH;
    scope->intent->flags |= ZC_FLAG_DELEGATECALL;
    if (is_too_deep) {
        not_read(scope, ZC_FLAG_PARTIAL_DECODE);
    }
    if (selector == MULTI_SEND && !is_too_deep) {
        ZC_TRY(read_method(scope, selector));
        return is_multi_send(&scope->call->target) ? ZC_OK : add_foreign_code(scope);
    }
    count_action(scope, ZC_OPERATION_CONTROL);
    ZC_TRY(add_foreign_code(scope));
    return add_foreign_words(scope);
}

static uint32_t selector_of(const uint8_t data[static ZC_SELECTOR_SIZE])
{
    uint32_t selector;
    memcpy(&selector, data, sizeof(selector));
    return be32toh(selector);
}

static zc_result read_data(zc_evm_scope *scope)
{
    const zc_evm_call *call = scope->call;
    const bool has_selector = call->data.len >= ZC_SELECTOR_SIZE;
    const uint32_t selector = has_selector ? selector_of(call->data.data) : 0;
    if (call->is_delegate) {
        return read_delegate(scope, selector);
    }
    if (call->data.len == 0) {
        count_action(scope, ZC_OPERATION_TRANSFER);
        scope->intent->calls[scope->index].is_read = true;
        return ZC_OK;
    }
    if (!has_selector) {
        return read_unknown(scope, 0);
    }
    return call->depth >= ZC_EVM_MAX_CALL_DEPTH ? read_unknown(scope, ZC_FLAG_PARTIAL_DECODE)
                                                : read_method(scope, selector);
}

/* The value goes to whoever is called. A plain transfer of nothing is a movement too, so that its
 * recipient is judged. A contract's call of itself and a delegatecall send nothing anew. */
static zc_result add_value(const zc_evm_scope *scope)
{
    const zc_evm_call *call = scope->call;
    if (call->is_self || call->is_delegate ||
        (zc_u256_is_zero(&call->value) && call->data.len != 0)) {
        return ZC_OK;
    }
    zc_movement out = {.kind = ZC_MOVEMENT_OUT};
    out.asset = zc_asset_id_native(scope->intent->chain_id);
    out.from = call->actor;
    out.to = call->target;
    out.amount = call->value;
    return zc_evm_add_movement(scope, &out);
}

static zc_result add_call(zc_evm_scope *scope)
{
    const zc_evm_call *call = scope->call;
    zc_call *added;
    scope->index = (uint16_t)scope->intent->call_count;
    ZC_TRY(zc_intent_add_call(scope->intent, &call->target, call->parent, &added));
    added->is_delegate = call->is_delegate;
    added->data_len = (uint32_t)call->data.len;
    added->value = call->value;
    if (call->data.len >= ZC_SELECTOR_SIZE) {
        added->method_len = ZC_SELECTOR_SIZE;
        memcpy(added->method, call->data.data, ZC_SELECTOR_SIZE);
    }
    return ZC_OK;
}

static zc_result read_call(zc_evm_work *work, const zc_evm_call *call)
{
    zc_evm_scope scope = {
        .work = work, .intent = work->intent, .call = call, .values = &work->values};
    ZC_TRY(add_call(&scope));
    ZC_TRY(read_data(&scope));
    return add_value(&scope);
}

zc_result zc_evm_read_calls(const zc_evm_call *call, const zc_descriptor_set *descriptors,
                            zc_intent *intent)
{
    zc_evm_work work;
    work.intent = intent;
    work.descriptors = descriptors;
    work.actions = 0;
    work.operation = ZC_OPERATION_CONTRACT_CALL;
    work.pending = 0;
    work.method = NULL;
    zc_evm_values_init(&work.values);
    ZC_TRY(zc_evm_push(&work, call));
    while (work.pending > 0) {
        zc_evm_call *next = &work.stack[work.pending - 1];
        if (next->is_done) {
            work.pending--;
            continue;
        }
        next->is_done = true;
        ZC_TRY(read_call(&work, next));
    }
    intent->operation = work.actions > 1 ? ZC_OPERATION_BATCH : work.operation;
    return ZC_OK;
}
