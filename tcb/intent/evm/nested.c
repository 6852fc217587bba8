/* Calls within calls. */
#include "intent/evm/scope.h"

#define OPERATION_CALL 0
#define OPERATION_DELEGATE 1

/* As many calls as are above it have been read already, and are only still there. */
bool zc_evm_has_room(const zc_evm_work *work, uint8_t depth, size_t count)
{
    return work->pending + count <= (size_t)ZC_INTENT_MAX_CALLS + depth &&
           work->pending + count <= sizeof(work->stack) / sizeof(work->stack[0]);
}

zc_result zc_evm_push(zc_evm_work *work, const zc_evm_call *call)
{
    if (!zc_evm_has_room(work, call->depth, 1)) {
        return zc_fail(ZC_INTENT_TOO_MANY_CALLS);
    }
    work->stack[work->pending++] = *call;
    return ZC_OK;
}

void zc_evm_reverse(zc_evm_work *work, uint16_t from)
{
    for (uint16_t low = from, high = work->pending; low + 1 < high; low++) {
        high--;
        const zc_evm_call moved = work->stack[low];
        work->stack[low] = work->stack[high];
        work->stack[high] = moved;
    }
}

void zc_evm_child(const zc_evm_scope *scope, zc_evm_call *ret_child)
{
    ret_child->parent = scope->index;
    ret_child->depth = (uint8_t)(scope->call->depth + 1);
    ret_child->is_delegate = false;
    ret_child->is_self = false;
    ret_child->is_done = false;
    ret_child->is_detail = scope->call->is_detail;
    ret_child->value = ZC_U256_ZERO;
}

/* The columns of a method's calls, and how many calls they come to. */
typedef struct zc_nested_rows {
    zc_evm_column target, value, data, operation, actor;
    uint16_t count;
} zc_nested_rows;

static bool open_column(const zc_evm_scope *scope, uint8_t place, uint16_t rows,
                        zc_evm_column *ret_column)
{
    *ret_column = (zc_evm_column){.at = UINT16_MAX};
    if (!zc_evm_is_leaf_place(place)) {
        return true;
    }
    *ret_column = zc_evm_column_of(scope->values, place);
    return ret_column->is_repeated || ret_column->count == rows;
}

static bool open_nested(const zc_evm_scope *scope, const zc_evm_nested *nested,
                        zc_nested_rows *ret_rows)
{
    const uint16_t count = zc_evm_column_of(scope->values, nested->data).count;
    ret_rows->count = count;
    return open_column(scope, nested->target, count, &ret_rows->target) &&
           open_column(scope, nested->value, count, &ret_rows->value) &&
           open_column(scope, nested->data, count, &ret_rows->data) &&
           open_column(scope, nested->operation, count, &ret_rows->operation) &&
           open_column(scope, nested->actor, count, &ret_rows->actor);
}

static bool is_zero(const zc_address *address)
{
    for (size_t i = 0; i < address->len; i++) {
        if (address->byte[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Nobody is called: a target of zero, or no data where only data makes it a call. */
static bool is_no_call(const zc_evm_nested *nested, const zc_evm_call *child)
{
    return nested->delegate != 0 &&
           (is_zero(&child->target) ||
            (nested->delegate == ZC_EVM_DELEGATE_WITH_DATA && child->data.len == 0));
}

static zc_result fill_row(const zc_evm_scope *scope, const zc_evm_nested *nested,
                          zc_nested_rows *rows, zc_evm_call *child)
{
    const zc_abi_leaf *target = zc_evm_column_next(&rows->target);
    const zc_abi_leaf *value = zc_evm_column_next(&rows->value);
    const zc_abi_leaf *data = zc_evm_column_next(&rows->data);
    const zc_abi_leaf *operation = zc_evm_column_next(&rows->operation);
    const zc_abi_leaf *by = zc_evm_column_next(&rows->actor);
    const zc_u256 kind = operation != NULL ? zc_evm_value_number(operation) : ZC_U256_ZERO;
    if (!zc_u256_eq(&kind, &(zc_u256){{kind.limb[0], 0, 0, 0}}) ||
        kind.limb[0] > OPERATION_DELEGATE) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    zc_evm_child(scope, child);
    zc_evm_place_address(scope, nested->actor, by, &child->actor);
    zc_evm_place_address(scope, nested->target, target, &child->target);
    child->data = data->value;
    if (value != NULL) {
        child->value = zc_evm_value_number(value);
    }
    child->is_self = nested->is_self;
    child->is_delegate = nested->delegate != 0 || kind.limb[0] == OPERATION_DELEGATE;
    return ZC_OK;
}

/* The first call is read first, so it has to come to stand on top: the places are filled from the
 * last one down, and what was no call leaves a gap below. */
zc_result zc_evm_push_nested(zc_evm_scope *scope, const zc_evm_nested *nested, bool is_detail)
{
    zc_nested_rows rows;
    zc_evm_work *work = scope->work;
    if (!open_nested(scope, nested, &rows)) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    if (!zc_evm_has_room(work, (uint8_t)(scope->call->depth + 1), rows.count)) {
        return zc_fail(ZC_INTENT_TOO_MANY_CALLS);
    }
    zc_evm_call *bottom = &work->stack[work->pending];
    zc_evm_call *next = bottom + rows.count;
    for (uint16_t i = 0; i < rows.count; i++) {
        ZC_TRY(fill_row(scope, nested, &rows, next - 1));
        next[-1].is_detail = next[-1].is_detail || is_detail;
        next -= is_no_call(nested, next - 1) ? 0 : 1;
    }
    const size_t count = rows.count - (size_t)(next - bottom);
    if (next != bottom) {
        memmove(bottom, next, count * sizeof(*next));
    }
    work->pending = (uint16_t)(work->pending + count);
    return ZC_OK;
}

/* Of a Safe's MultiSend: operation (1 byte), target (20), value (32), length (32), data. */
static zc_result read_packed(zc_reader *packed, zc_evm_call *call)
{
    uint8_t operation;
    uint8_t target[ZC_EVM_ADDRESS_SIZE];
    uint64_t len;
    ZC_TRY(zc_read_u8(packed, &operation));
    ZC_TRY(zc_read_copy(packed, target, sizeof(target)));
    ZC_TRY(zc_abi_get_u256(packed, &call->value));
    ZC_TRY(zc_abi_get_u64(packed, &len));
    if (operation > OPERATION_DELEGATE || len > zc_reader_left(packed)) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    ZC_TRY(zc_read_slice(packed, (size_t)len, &call->data));
    call->target = zc_address_of_evm(target);
    call->is_delegate = operation == OPERATION_DELEGATE;
    return ZC_OK;
}

static zc_result push_packed(zc_evm_scope *scope, zc_slice transactions, const zc_address *actor)
{
    zc_reader packed = zc_reader_of(transactions);
    while (zc_reader_left(&packed) > 0) {
        zc_evm_call child;
        zc_evm_child(scope, &child);
        child.actor = *actor;
        if (!zc_ok(read_packed(&packed, &child))) {
            return zc_fail(ZC_INTENT_NOT_READ);
        }
        ZC_TRY(zc_evm_push(scope->work, &child));
    }
    return ZC_OK;
}

/* By delegatecall the batch is its caller's; called, it is MultiSend's own (the variant that only
 * calls allows it). */
zc_result zc_evm_multi_send(zc_evm_scope *scope)
{
    const uint16_t from = scope->work->pending;
    const zc_abi_leaf *transactions = zc_evm_value_first(scope->values, 0);
    const zc_evm_call *call = scope->call;
    zc_result result =
        push_packed(scope, transactions->value, call->is_delegate ? &call->actor : &call->target);
    if (!zc_ok(result)) {
        scope->work->pending = from;
        return result;
    }
    zc_evm_reverse(scope->work, from);
    return ZC_OK;
}

/* ERC-7579: the mode's first byte says how the rest is packed. */
#define MODE_SINGLE 0x00
#define MODE_BATCH 0x01
#define MODE_DELEGATE 0xff

static zc_result push_single(zc_evm_scope *scope, zc_slice packed, bool is_delegate)
{
    uint8_t target[ZC_EVM_ADDRESS_SIZE];
    zc_reader reader = zc_reader_of(packed);
    zc_evm_call child;
    zc_evm_child(scope, &child);
    child.actor = scope->call->target;
    child.is_delegate = is_delegate;
    if (!zc_ok(zc_read_copy(&reader, target, sizeof(target))) ||
        (!is_delegate && !zc_ok(zc_abi_get_u256(&reader, &child.value)))) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    child.target = zc_address_of_evm(target);
    child.data = zc_reader_rest(&reader);
    return zc_evm_push(scope->work, &child);
}

static zc_result push_batch(zc_evm_scope *scope, zc_slice encoded)
{
    static const uint8_t types[] = {ZC_ABI_ARRAY,   ZC_ABI_TUPLE,   3,
                                    ZC_ABI_ADDRESS, ZC_ABI_UINT256, ZC_ABI_BYTES};
    static const zc_evm_nested calls = {.is_there = true,
                                        .target = 3,
                                        .value = 4,
                                        .data = 5,
                                        .operation = ZC_DESCRIPTOR_NOTHING,
                                        .actor = ZC_DESCRIPTOR_CALLEE};
    zc_evm_values values;
    zc_evm_scope inner = *scope;
    inner.values = &values;
    zc_evm_values_init(&values);
    if (!zc_ok(zc_evm_values_read(&values, ZC_SLICE_OF_ARRAY(types), encoded)) ||
        values.left != 0) {
        return zc_fail(ZC_INTENT_NOT_READ);
    }
    return zc_evm_push_nested(&inner, &calls, false);
}

zc_result zc_evm_execute_7579(zc_evm_scope *scope)
{
    const zc_slice mode = zc_evm_value_first(scope->values, 0)->value;
    const zc_slice packed = zc_evm_value_first(scope->values, 1)->value;
    switch (mode.data[0]) {
    case MODE_SINGLE:
        return push_single(scope, packed, false);
    case MODE_BATCH:
        return push_batch(scope, packed);
    case MODE_DELEGATE:
        return push_single(scope, packed, true);
    default:
        return zc_fail(ZC_INTENT_NOT_READ);
    }
}
