#include "calldata.h"

static zc_address address_of(const char *hex)
{
    calldata out = {.len = 0};
    put_hex(&out, hex);
    return zc_address_of_evm(out.data);
}

/* A Safe's execTransaction; `price` and safeTxGas of the refund. */
static calldata safe_call(const zc_address *to, uint64_t value, zc_slice data, uint64_t operation,
                          uint64_t price)
{
    calldata out = {.len = 0};
    const zc_address nobody = {.len = 20};
    put_hex(&out, "6a761202");
    put_address(&out, to);
    put_number(&out, value);
    put_number(&out, 320);
    put_number(&out, operation);
    put_number(&out, 1000);
    put_number(&out, 500);
    put_number(&out, price);
    put_address(&out, &nobody);
    put_address(&out, &friend);
    put_number(&out, 320 + 32 + (data.len + 31) / 32 * 32);
    put_bytes(&out, data);
    put_bytes(&out, zc_slice_of("signatures", 10));
    return out;
}

static void put_packed(calldata *out, uint8_t operation, const zc_address *to, uint64_t value,
                       zc_slice data)
{
    out->data[out->len++] = operation;
    memcpy(out->data + out->len, to->byte, 20);
    out->len += 20;
    put_number(out, value);
    put_number(out, data.len);
    if (data.len > 0) {
        memcpy(out->data + out->len, data.data, data.len);
    }
    out->len += data.len;
}

static calldata multi_send(const calldata *packed)
{
    calldata out = {.len = 0};
    put_hex(&out, "8d80ff0a");
    put_number(&out, 32);
    put_bytes(&out, slice_of(packed));
    return out;
}

/* multicall(bytes[]) with `count` times the same call. */
static calldata multicall_of(const calldata *inner, size_t count)
{
    calldata out = {.len = 0};
    const size_t each = 32 + (inner->len + 31) / 32 * 32;
    put_hex(&out, "ac9650d8");
    put_number(&out, 32);
    put_number(&out, count);
    for (size_t i = 0; i < count; i++) {
        put_number(&out, count * 32 + i * each);
    }
    for (size_t i = 0; i < count; i++) {
        put_bytes(&out, slice_of(inner));
    }
    return out;
}

static void read_calls__bybit__delegatecall_that_replaces_the_implementation(void **state)
{
    (void)state;
    const zc_address safe = address_of("1db92e2eebc8e0c075a02bea49a2935bcd2dfcf4");
    const zc_address foreign = address_of("96221423681a6d52e184d440a8efcebb105c7242");
    const zc_address replacement = address_of("bdd077f651ebe7f7b3ce16fe5f2b025be2969516");
    calldata inner = {.len = 0};
    put_hex(&inner, "a9059cbb");
    put_address(&inner, &replacement);
    put_number(&inner, 0);
    const calldata data = safe_call(&foreign, 0, slice_of(&inner), 1, 0);
    must(read_call(&safe, &data, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_DELEGATECALL | ZC_FLAG_PROXY_UPGRADE |
                                       ZC_FLAG_CONTROL_CHANGE | ZC_FLAG_UNKNOWN_CALLDATA);
    assert_int_equal(intent.operation, ZC_OPERATION_CONTROL);
    assert_int_equal(intent.call_count, 2);
    assert_true(intent.calls[1].is_delegate);
    assert_false(intent.calls[1].is_read);
    assert_int_equal(intent.calls[1].parent, 0);
    assert_true(zc_address_eq(&intent.calls[1].target, &foreign));
    /* No transfer is claimed; control of the Safe may pass to the code and to what it is given. */
    assert_int_equal(intent.movement_count, 2);
    check_movement(0, ZC_MOVEMENT_CONTROL, NULL, &safe, &foreign, 0);
    check_movement(1, ZC_MOVEMENT_CONTROL, NULL, &safe, &replacement, 0);
    assert_memory_equal(argument_of("word 1 of the data")->byte, replacement.byte, 20);
}

static void read_calls__safe_transfer__leaves_the_safe(void **state)
{
    (void)state;
    const calldata inner = transfer_of(5);
    const calldata data = safe_call(&token, 0, slice_of(&inner), 0, 0);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.movement_count, 1);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &contract, &friend, 5);
    assert_true(intent.calls[0].is_read);
    assert_true(intent.calls[1].is_read);
}

static void read_calls__safe_refund__is_a_movement(void **state)
{
    (void)state;
    const calldata data = safe_call(&token, 7, zc_slice_of(NULL, 0), 0, 3);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.operation, ZC_OPERATION_TRANSFER);
    assert_int_equal(intent.movement_count, 2);
    check_movement(0, ZC_MOVEMENT_OUT, NULL, &contract, &friend, 1500 * 3);
    check_movement(1, ZC_MOVEMENT_OUT, NULL, &contract, &token, 7);
}

static void read_calls__safe_operation_beyond_1__not_read(void **state)
{
    (void)state;
    const calldata data = safe_call(&token, 7, zc_slice_of(NULL, 0), 2, 0);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(intent.movement_count, 0);
}

static void read_calls__multi_send_by_delegatecall__batch_of_the_safe(void **state)
{
    (void)state;
    const zc_address library = address_of("40a2accbd92bca938b02010e17a5b8929b49130d");
    const calldata inner = transfer_of(5);
    calldata packed = {.len = 0};
    put_packed(&packed, 0, &token, 0, slice_of(&inner));
    put_packed(&packed, 0, &friend, 9, zc_slice_of(NULL, 0));
    const calldata batch = multi_send(&packed);
    const calldata data = safe_call(&library, 0, slice_of(&batch), 1, 0);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_DELEGATECALL);
    assert_int_equal(intent.operation, ZC_OPERATION_BATCH);
    assert_int_equal(intent.call_count, 4);
    assert_int_equal(intent.calls[2].parent, 1);
    assert_int_equal(intent.calls[3].parent, 1);
    assert_int_equal(intent.movement_count, 2);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &contract, &friend, 5);
    check_movement(1, ZC_MOVEMENT_OUT, NULL, &contract, &friend, 9);
    /* The same data to code that nobody knows: what it says is shown, what it does is not known. */
    const calldata foreign = safe_call(&coin, 0, slice_of(&batch), 1, 0);
    must(read_call(&contract, &foreign, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_DELEGATECALL | ZC_FLAG_PROXY_UPGRADE |
                                       ZC_FLAG_CONTROL_CHANGE | ZC_FLAG_UNKNOWN_CALLDATA);
    assert_int_equal(intent.movement_count, 3);
}

static void read_calls__nested_delegatecall_in_a_batch__flagged_with_target(void **state)
{
    (void)state;
    const zc_address library = address_of("40a2accbd92bca938b02010e17a5b8929b49130d");
    calldata packed = {.len = 0};
    put_packed(&packed, 0, &friend, 9, zc_slice_of(NULL, 0));
    put_packed(&packed, 1, &coin, 0, zc_slice_of("\1\2\3\4", 4));
    const calldata batch = multi_send(&packed);
    const calldata data = safe_call(&library, 0, slice_of(&batch), 1, 0);
    must(read_call(&contract, &data, 0, NULL));
    assert_true((intent.flags & ZC_FLAG_PROXY_UPGRADE) != 0);
    assert_true(intent.calls[3].is_delegate);
    check_movement(1, ZC_MOVEMENT_CONTROL, NULL, &contract, &coin, 0);
}

static void read_calls__damaged_multi_send__claims_nothing(void **state)
{
    (void)state;
    calldata packed = {.len = 0};
    put_packed(&packed, 0, &friend, 9, zc_slice_of(NULL, 0));
    const size_t len = packed.len;
    for (packed.len = 1; packed.len < len; packed.len++) {
        const calldata batch = multi_send(&packed);
        must(read_call(&contract, &batch, 0, NULL));
        assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
        assert_int_equal(intent.movement_count, 0);
        assert_int_equal(intent.call_count, 1);
    }
    packed.len = len;
    packed.data[0] = 2;
    const calldata batch = multi_send(&packed);
    must(read_call(&contract, &batch, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
}

static void read_calls__multicall_of_100__each_is_read(void **state)
{
    (void)state;
    const calldata inner = transfer_of(5);
    const calldata data = multicall_of(&inner, 100);
    must(read_call(&token, &data, 3, NULL));
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.call_count, 101);
    assert_int_equal(intent.movement_count, 101);
    for (size_t i = 0; i < 100; i++) {
        check_movement(i + 1, ZC_MOVEMENT_OUT, &token, &account, &friend, 5);
    }
    check_movement(0, ZC_MOVEMENT_OUT, NULL, &account, &token, 3);
    const calldata too_many = multicall_of(&inner, 128);
    assert_int_equal(read_call(&token, &too_many, 0, NULL).code, ZC_INTENT_TOO_MANY_CALLS);
}

static void read_calls__nesting__read_to_its_limit_then_flagged(void **state)
{
    (void)state;
    calldata data = transfer_of(5);
    for (size_t depth = 1; depth <= ZC_EVM_MAX_CALL_DEPTH + 2; depth++) {
        data = multicall_of(&data, 1);
        must(read_call(&token, &data, 0, NULL));
        const bool within = depth < ZC_EVM_MAX_CALL_DEPTH;
        assert_int_equal(intent.movement_count, within ? 1 : 0);
        assert_int_equal(intent.flags,
                         within ? 0 : ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
    }
}

/* What stands too deep is what an unknown delegatecall is: foreign code with the Safe's powers. */
static void
read_calls__multi_sends_by_delegatecall_in_each_other__read_to_the_same_limit(void **state)
{
    (void)state;
    const zc_address library = address_of("40a2accbd92bca938b02010e17a5b8929b49130d");
    calldata packed = {.len = 0};
    put_packed(&packed, 0, &friend, 9, zc_slice_of(NULL, 0));
    for (size_t depth = 1; depth <= ZC_EVM_MAX_CALL_DEPTH + 2; depth++) {
        const calldata batch = multi_send(&packed);
        const calldata data = safe_call(&library, 0, slice_of(&batch), 1, 0);
        const bool within = depth < ZC_EVM_MAX_CALL_DEPTH;
        must(read_call(&contract, &data, 0, NULL));
        assert_int_equal(intent.flags, within ? ZC_FLAG_DELEGATECALL
                                              : ZC_FLAG_DELEGATECALL | ZC_FLAG_PARTIAL_DECODE |
                                                    ZC_FLAG_PROXY_UPGRADE | ZC_FLAG_CONTROL_CHANGE |
                                                    ZC_FLAG_UNKNOWN_CALLDATA);
        assert_int_equal(intent.call_count, within ? depth + 2 : ZC_EVM_MAX_CALL_DEPTH + 1);
        if (within) {
            check_movement(0, ZC_MOVEMENT_OUT, NULL, &contract, &friend, 9);
        } else {
            check_movement(0, ZC_MOVEMENT_CONTROL, NULL, &contract, &library, 0);
        }
        packed.len = 0;
        put_packed(&packed, 1, &library, 0, slice_of(&batch));
    }
}

static void read_calls__every_truncation_of_a_batch__flagged(void **state)
{
    (void)state;
    const calldata inner = transfer_of(5);
    calldata data = multicall_of(&inner, 3);
    const size_t len = data.len;
    for (data.len = 4; data.len < len; data.len++) {
        must(read_call(&token, &data, 0, NULL));
        assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
        assert_int_equal(intent.movement_count, 0);
    }
    data.len = len + 1;
    must(read_call(&token, &data, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
    assert_false(intent.calls[0].is_read);
    assert_int_equal(intent.movement_count, 3);
}

static void read_calls__upgrades__flagged_with_the_new_code(void **state)
{
    (void)state;
    static const char *const selectors[] = {"3659cfe6", "d784d426", "7de7edef"};
    for (size_t i = 0; i < 3; i++) {
        calldata data = {.len = 0};
        put_hex(&data, selectors[i]);
        put_address(&data, &friend);
        must(read_call(&contract, &data, 0, NULL));
        assert_int_equal(intent.flags, ZC_FLAG_PROXY_UPGRADE | ZC_FLAG_CONTROL_CHANGE);
        assert_int_equal(intent.operation, ZC_OPERATION_CONTROL);
        check_movement(0, ZC_MOVEMENT_CONTROL, NULL, &contract, &friend, 0);
    }
    /* upgradeToAndCall: the new code runs at once, as the proxy. */
    calldata data = {.len = 0};
    put_hex(&data, "4f1ef286");
    put_address(&data, &friend);
    put_number(&data, 64);
    put_bytes(&data, zc_slice_of("\1\2\3\4", 4));
    must(read_call(&contract, &data, 0, NULL));
    assert_true((intent.flags & ZC_FLAG_DELEGATECALL) != 0);
    assert_int_equal(intent.operation, ZC_OPERATION_CONTROL);
    assert_true(intent.calls[1].is_delegate);
}

static void read_calls__nfts__say_which(void **state)
{
    (void)state;
    calldata data = {.len = 0};
    put_hex(&data, "2eb2c2d6"); /* safeBatchTransferFrom */
    put_address(&data, &account);
    put_address(&data, &friend);
    put_number(&data, 160);
    put_number(&data, 256);
    put_number(&data, 352);
    put_number(&data, 2);
    put_number(&data, 11);
    put_number(&data, 12);
    put_number(&data, 2);
    put_number(&data, 1);
    put_number(&data, 3);
    put_number(&data, 0);
    must(read_call(&token, &data, 0, NULL));
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 2);
    check_movement(1, ZC_MOVEMENT_OUT, &token, &account, &friend, 3);
    assert_true(intent.movements[1].has_item);
    assert_int_equal(intent.movements[1].item.limb[0], 12);
    /* One amount fewer than tokens: what a contract makes of that is its own affair. */
    data.data[4 + 32 * 8 + 31] = 1;
    must(read_call(&token, &data, 0, NULL));
    assert_true((intent.flags & ZC_FLAG_UNKNOWN_CALLDATA) != 0);
    assert_int_equal(intent.movement_count, 0);
}

static void read_calls__approval_for_all__flagged_when_given(void **state)
{
    (void)state;
    for (uint64_t approved = 0; approved < 2; approved++) {
        calldata data = {.len = 0};
        put_hex(&data, "a22cb465");
        put_address(&data, &friend);
        put_number(&data, approved);
        must(read_call(&token, &data, 0, NULL));
        assert_int_equal(intent.flags,
                         approved != 0 ? ZC_FLAG_APPROVAL_FOR_ALL | ZC_FLAG_UNLIMITED_APPROVAL : 0);
        assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_ALLOWANCE);
    }
}

/* `labels` by commas; their kinds by the first letter of each: a, n, b (address, number, bool). */
static void expect_arguments(const char *labels, const char *kinds)
{
    char found[256] = {0};
    for (uint32_t i = 0; i < intent.argument_count; i++) {
        const zc_argument *argument = &intent.arguments[i];
        strcat(found, i > 0 ? "," : "");
        strcat(found, argument->label);
        assert_true(argument->kind == (kinds[i] == 'a'   ? ZC_ARGUMENT_ADDRESS
                                       : kinds[i] == 'n' ? ZC_ARGUMENT_NUMBER
                                                         : ZC_ARGUMENT_BOOL));
        assert_int_equal(argument->is_said, kinds[i] != 'b');
    }
    assert_string_equal(found, labels);
    assert_int_equal(intent.argument_count, strlen(kinds));
}

/* A rule may look at any of them; people read them in the movement. */
static void read_calls__token_methods__every_argument_under_its_name(void **state)
{
    static const struct {
        const char *selector;
        const char *labels;
        const char *kinds;
    } methods[] = {
        {"a9059cbb", "to,amount", "an"},         {"095ea7b3", "spender,amount", "an"},
        {"23b872dd", "from,to,amount", "aan"},   {"42842e0e", "from,to,tokenId", "aan"},
        {"a22cb465", "operator,approved", "ab"}, {"39509351", "spender,amount", "an"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        calldata data = {.len = 0};
        put_hex(&data, methods[i].selector);
        for (const char *kind = methods[i].kinds; *kind != '\0'; kind++) {
            if (*kind == 'a') {
                put_address(&data, &friend);
            } else {
                put_number(&data, 1);
            }
        }
        must(read_call(&token, &data, 0, NULL));
        expect_arguments(methods[i].labels, methods[i].kinds);
        assert_int_equal(intent.arguments[intent.argument_count - 1].number.limb[0], 1);
        assert_memory_equal(intent.arguments[0].byte, friend.byte, 20);
    }
}

static void read_calls__batch__arguments_belong_to_their_own_calls(void **state)
{
    const calldata small = transfer_of(5);
    const calldata large = transfer_of(500);
    calldata packed = {.len = 0};
    calldata data = {.len = 0};
    (void)state;
    put_packed(&packed, 0, &token, 0, slice_of(&small));
    put_packed(&packed, 0, &token, 0, slice_of(&large));
    put_hex(&data, "8d80ff0a");
    put_number(&data, 32);
    put_bytes(&data, slice_of(&packed));
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.call_count, 3);
    assert_int_equal(intent.argument_count, 4);
    assert_int_equal(intent.arguments[1].call, 1);
    assert_int_equal(intent.arguments[1].number.limb[0], 5);
    assert_int_equal(intent.arguments[2].call, 2);
    assert_int_equal(intent.arguments[3].number.limb[0], 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_calls__token_methods__every_argument_under_its_name),
        cmocka_unit_test(read_calls__batch__arguments_belong_to_their_own_calls),
        cmocka_unit_test(read_calls__bybit__delegatecall_that_replaces_the_implementation),
        cmocka_unit_test(read_calls__safe_transfer__leaves_the_safe),
        cmocka_unit_test(read_calls__safe_refund__is_a_movement),
        cmocka_unit_test(read_calls__safe_operation_beyond_1__not_read),
        cmocka_unit_test(read_calls__multi_send_by_delegatecall__batch_of_the_safe),
        cmocka_unit_test(read_calls__nested_delegatecall_in_a_batch__flagged_with_target),
        cmocka_unit_test(read_calls__damaged_multi_send__claims_nothing),
        cmocka_unit_test(
            read_calls__multi_sends_by_delegatecall_in_each_other__read_to_the_same_limit),
        cmocka_unit_test(read_calls__multicall_of_100__each_is_read),
        cmocka_unit_test(read_calls__nesting__read_to_its_limit_then_flagged),
        cmocka_unit_test(read_calls__every_truncation_of_a_batch__flagged),
        cmocka_unit_test(read_calls__upgrades__flagged_with_the_new_code),
        cmocka_unit_test(read_calls__nfts__say_which),
        cmocka_unit_test(read_calls__approval_for_all__flagged_when_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
