#include "calldata.h"

/* SwapRouter02's exactInputSingle; `recipient` may be one of its short numbers. */
static calldata exact_input_single(const zc_address *recipient)
{
    calldata out = {.len = 0};
    put_hex(&out, "04e45aaf");
    put_address(&out, &token);
    put_address(&out, &coin);
    put_number(&out, 3000);
    put_address(&out, recipient);
    put_number(&out, 100);
    put_number(&out, 90);
    put_number(&out, 0);
    return out;
}

static zc_address short_number(uint8_t number)
{
    zc_address out = {.len = 20};
    out.byte[19] = number;
    return out;
}

static void swaps__to_the_account__out_and_receive(void **state)
{
    (void)state;
    const zc_address sender = short_number(1);
    const zc_address *const recipients[] = {&account, &sender};
    for (size_t i = 0; i < 2; i++) {
        const calldata data = exact_input_single(recipients[i]);
        must(read_call(&contract, &data, 0, NULL));
        assert_int_equal(intent.flags, 0);
        assert_int_equal(intent.operation, ZC_OPERATION_SWAP);
        assert_int_equal(intent.movement_count, 2);
        check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &contract, 100);
        check_movement(1, ZC_MOVEMENT_RECEIVE, &coin, &contract, &account, 90);
        assert_int_equal(argument_of("fee")->number.limb[0], 3000);
    }
}

/* What the swap brings goes to somebody else: it leaves the account. */
static void swaps__to_another__both_leave(void **state)
{
    (void)state;
    const calldata data = exact_input_single(&friend);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.movement_count, 2);
    check_movement(1, ZC_MOVEMENT_OUT, &coin, &account, &friend, 90);
}

static void swaps__kept_by_the_router__on_its_way(void **state)
{
    (void)state;
    const zc_address router = short_number(2);
    const calldata data = exact_input_single(&router);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.movement_count, 1);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &contract, 100);
}

static calldata v2_swap(size_t tokens)
{
    calldata out = {.len = 0};
    put_hex(&out, "38ed1739");
    put_number(&out, 100);
    put_number(&out, 90);
    put_number(&out, 160);
    put_address(&out, &account);
    put_number(&out, 1800000000);
    put_number(&out, tokens);
    for (size_t i = 0; i < tokens; i++) {
        put_address(&out, i == 0 ? &token : i + 1 == tokens ? &coin : &friend);
    }
    return out;
}

static void swaps__v2_path__first_and_last_token(void **state)
{
    (void)state;
    for (size_t tokens = 2; tokens < 5; tokens++) {
        const calldata data = v2_swap(tokens);
        must(read_call(&contract, &data, 0, NULL));
        assert_int_equal(intent.flags, 0);
        check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &contract, 100);
        check_movement(1, ZC_MOVEMENT_RECEIVE, &coin, &contract, &account, 90);
    }
    const calldata nothing = v2_swap(0);
    must(read_call(&contract, &nothing, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(intent.movement_count, 0);
}

/* token, fee, coin, cut to `len` bytes. */
static calldata v3_path_swap(const char *selector, size_t len)
{
    calldata out = {.len = 0};
    uint8_t path[64] = {0};
    memcpy(path, token.byte, 20);
    memcpy(path + 23, coin.byte, 20);
    put_hex(&out, selector);
    put_number(&out, 32);
    put_number(&out, 128);
    put_address(&out, &account);
    put_number(&out, 100);
    put_number(&out, 90);
    put_bytes(&out, zc_slice_of(path, len));
    return out;
}

static void swaps__v3_path__its_ends(void **state)
{
    (void)state;
    const calldata in = v3_path_swap("b858183f", 43);
    must(read_call(&contract, &in, 0, NULL));
    assert_int_equal(intent.flags, 0);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &contract, 100);
    check_movement(1, ZC_MOVEMENT_RECEIVE, &coin, &contract, &account, 90);
    /* exactOutput goes backwards: amountOut, then amountInMaximum. */
    const calldata out = v3_path_swap("09b81346", 43);
    must(read_call(&contract, &out, 0, NULL));
    check_movement(0, ZC_MOVEMENT_OUT, &coin, &account, &contract, 90);
    check_movement(1, ZC_MOVEMENT_RECEIVE, &token, &contract, &account, 100);
    for (size_t len = 0; len < 43; len++) {
        const calldata cut = v3_path_swap("b858183f", len);
        must(read_call(&contract, &cut, 0, NULL));
        assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
        assert_int_equal(intent.movement_count, 0);
    }
}

/* Universal Router: execute(bytes commands, bytes[] inputs) of one command. */
static calldata router_command(uint8_t command, const calldata *input)
{
    calldata out = {.len = 0};
    put_hex(&out, "24856bc3");
    put_number(&out, 64);
    put_number(&out, 128);
    put_bytes(&out, zc_slice_of(&command, 1));
    put_number(&out, 1);
    put_number(&out, 32);
    put_bytes(&out, slice_of(input));
    return out;
}

/* V2_SWAP_EXACT_IN */
static calldata router_swap(bool payer_is_user, const zc_address *recipient)
{
    calldata input = {.len = 0};
    put_address(&input, recipient);
    put_number(&input, 100);
    put_number(&input, 90);
    put_number(&input, 160);
    put_number(&input, payer_is_user ? 1 : 0);
    put_number(&input, 2);
    put_address(&input, &token);
    put_address(&input, &coin);
    return router_command(0x08, &input);
}

static void universal_router__swap__who_pays_and_who_gets(void **state)
{
    (void)state;
    const zc_address sender = short_number(1);
    calldata data = router_swap(true, &sender);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.operation, ZC_OPERATION_SWAP);
    check_movement(0, ZC_MOVEMENT_OUT, &token, &account, &contract, 100);
    check_movement(1, ZC_MOVEMENT_RECEIVE, &coin, &contract, &account, 90);
    data = router_swap(false, &friend);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.movement_count, 1);
    check_movement(0, ZC_MOVEMENT_OUT, &coin, &account, &friend, 90);
}

static void universal_router__unknown_command__flagged(void **state)
{
    (void)state;
    calldata input = {.len = 0};
    put_number(&input, 0);
    const calldata data = router_command(0x3f, &input);
    must(read_call(&contract, &data, 0, NULL));
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swaps__to_the_account__out_and_receive),
        cmocka_unit_test(swaps__to_another__both_leave),
        cmocka_unit_test(swaps__kept_by_the_router__on_its_way),
        cmocka_unit_test(swaps__v2_path__first_and_last_token),
        cmocka_unit_test(swaps__v3_path__its_ends),
        cmocka_unit_test(universal_router__swap__who_pays_and_who_gets),
        cmocka_unit_test(universal_router__unknown_command__flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
