/* What instructions do, and what somebody could hide in them. */
#include "build.h"

static zc_intent intent;

static void decode(const sketch *self)
{
    uint8_t room[1024];
    assert_ok(zc_intent_decode_solana_tx(build(self, room, sizeof room), key_of(1), &intent, NULL));
}

static const zc_movement *only_movement(void)
{
    assert_int_equal(intent.movement_count, 2);
    return &intent.movements[0];
}

static void token__plain_transfer__names_no_mint(void **state)
{
    (void)state;
    static const uint8_t data[] = {3, 7, 0, 0, 0, 0, 0, 0, 0};
    const sketch self = SKETCH(program_token, 3, "\1\2\0", data);
    decode(&self);
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_OUT);
    assert_memory_equal(only_movement()->asset.token, key_of(2), 32);
    assert_memory_equal(only_movement()->to.byte, key_of(3), 32);
}

static void token__transfer_of_nothing_then_close__is_flagged(void **state)
{
    (void)state;
    static const uint8_t data[] = {9};
    const sketch self = SKETCH(program_token, 3, "\1\2\0", data);
    decode(&self);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_OUT);
    assert_int_equal(only_movement()->asset.kind, ZC_ASSET_NATIVE);
    assert_memory_equal(only_movement()->to.byte, key_of(3), 32);
    assert_true((intent.flags & ZC_FLAG_PARTIAL_DECODE) != 0);
}

static void token__close_to_oneself__is_received(void **state)
{
    (void)state;
    static const uint8_t data[] = {9};
    const sketch self = SKETCH(program_token, 2, "\1\0\0", data);
    decode(&self);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_RECEIVE);
    assert_int_equal(intent.flags, 0);
}

static void token__unlimited_approval__is_flagged(void **state)
{
    (void)state;
    static const uint8_t data[] = {13, 255, 255, 255, 255, 255, 255, 255, 255, 6};
    const sketch self = SKETCH(program_token, 4, "\1\2\3\0", data);
    decode(&self);
    assert_int_equal(intent.operation, ZC_OPERATION_APPROVE);
    assert_int_equal(intent.flags, ZC_FLAG_UNLIMITED_APPROVAL);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_ALLOWANCE);
    assert_memory_equal(only_movement()->asset.token, key_of(3), 32);
    assert_memory_equal(only_movement()->to.byte, key_of(4), 32);
}

static void token__owner_given_away__is_control(void **state)
{
    (void)state;
    uint8_t data[35] = {6, 2, 1};
    memset(data + 3, 0x77, 32);
    const sketch self = SKETCH(program_token, 2, "\1\0", data);
    decode(&self);
    assert_int_equal(intent.operation, ZC_OPERATION_CONTROL);
    assert_int_equal(intent.flags, ZC_FLAG_CONTROL_CHANGE);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_CONTROL);
    assert_memory_equal(only_movement()->to.byte, key_of(0x77), 32);
}

static void token__another_signer_pays__is_a_pull(void **state)
{
    (void)state;
    static const uint8_t data[] = {12, 7, 0, 0, 0, 0, 0, 0, 0, 6};
    sketch self = SKETCH(program_token, 5, "\2\3\4\1", data);
    self.required = 2;
    decode(&self);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_PULL);
}

static void token__signer_of_multisig__is_its_own(void **state)
{
    (void)state;
    static const uint8_t data[] = {12, 7, 0, 0, 0, 0, 0, 0, 0, 6};
    const sketch self = SKETCH(program_token, 5, "\1\2\3\4\0", data);
    decode(&self);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_OUT);
}

static void any__fewer_accounts_or_bytes__is_not_read(void **state)
{
    (void)state;
    static const uint8_t data[] = {12, 7, 0, 0, 0, 0, 0, 0, 0, 6};
    sketch self = SKETCH(program_token, 4, "\1\2\3", data);
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE | ZC_FLAG_UNKNOWN_CALLDATA);
    assert_false(intent.calls[0].is_read);
    self = (sketch)SKETCH(program_token, 4, "\1\2\3\0", data);
    self.data_len--;
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE | ZC_FLAG_UNKNOWN_CALLDATA);
}

static void any__bytes_left_over__still_moves_and_is_partial(void **state)
{
    (void)state;
    static const uint8_t data[] = {2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9};
    const sketch self = SKETCH(program_system, 2, "\0\1", data);
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
    assert_int_equal(only_movement()->amount.limb[0], 1);
    assert_false(intent.calls[0].is_read);
}

static void any__unknown_program_or_method__is_flagged(void **state)
{
    (void)state;
    static const uint8_t data[] = {200, 1, 0, 0};
    const sketch unknown = SKETCH(key_of(0x99), 2, "\0\1", data);
    decode(&unknown);
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA);
    assert_int_equal(intent.operation, ZC_OPERATION_CONTRACT_CALL);
    const sketch method = SKETCH(program_token, 2, "\0\1", data);
    decode(&method);
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA);
    /* A number of four bytes whose upper ones are set is another method. */
    const sketch wide = SKETCH(program_system, 2, "\0\1", data);
    decode(&wide);
    assert_int_equal(intent.flags, ZC_FLAG_UNKNOWN_CALLDATA);
}

static void system__nonce_advanced_first__never_expires(void **state)
{
    (void)state;
    static const uint8_t data[] = {4, 0, 0, 0};
    const sketch self = SKETCH(program_system, 3, "\1\2\0", data);
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_NO_EXPIRY);
}

static void system__assign__hands_over_the_account(void **state)
{
    (void)state;
    uint8_t data[36] = {1, 0, 0, 0};
    memset(data + 4, 0x66, 32);
    const sketch self = SKETCH(program_system, 1, "\0", data);
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_CONTROL_CHANGE);
    assert_int_equal(only_movement()->kind, ZC_MOVEMENT_CONTROL);
    assert_memory_equal(only_movement()->from.byte, key_of(1), 32);
}

static void system__seed_length_beyond_data__is_not_read(void **state)
{
    (void)state;
    uint8_t data[4 + 32 + 8 + 8] = {3, 0, 0, 0};
    memset(data + 36, 0xff, 8);
    const sketch self = SKETCH(program_system, 2, "\0\1", data);
    decode(&self);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE | ZC_FLAG_UNKNOWN_CALLDATA);
}

static void budget__greatest_price__is_exact_and_excessive(void **state)
{
    (void)state;
    static const uint8_t data[] = {3, 255, 255, 255, 255, 255, 255, 255, 255};
    const sketch self = SKETCH(program_budget, 1, "", data);
    decode(&self);
    /* The default of one built-in instruction is 3000 units. */
    const zc_u256 wanted =
        zc_u256_of(5000 + UINT64_C(55340232221128655)); /* ⌈(2^64−1)·3000/10^6⌉ */
    assert_true(zc_u256_eq(&intent.max_fee, &wanted));
    assert_true((intent.flags & ZC_FLAG_EXCESSIVE_FEE) != 0);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_FEE);
}

static void memo__hidden_direction__is_flagged(void **state)
{
    (void)state;
    static const uint8_t data[] = {'o', 'k', 0xe2, 0x80, 0xae, 'x'};
    const sketch self = SKETCH(program_memo, 1, "", data);
    decode(&self);
    assert_int_equal(intent.message.len, sizeof data);
    assert_int_equal(intent.flags, ZC_FLAG_UNREADABLE_MESSAGE);
    assert_true(intent.calls[0].is_read);
}

/* Creates account 3 of the table, then delegates account 4 of it: both are nobody. */
static void stake__delegate_of_unknown_account__borrows_no_amount(void **state)
{
    (void)state;
    static const uint8_t stake[32] = {0x06, 0xa1, 0xd8, 0x17, 0x91, 0x37, 0x54, 0x2a, 0x98, 0x34,
                                      0x37, 0xbd, 0xfe, 0x2a, 0x7a, 0xb2, 0x55, 0x7f, 0x53, 0x5c,
                                      0x8a, 0x78, 0x72, 0x2b, 0x68, 0xa4, 0x9d, 0xc0};
    uint8_t room[512];
    uint8_t create[52] = {0, 0, 0, 0, 9};
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    assert_ok(zc_write_slice(&writer, zc_slice_of("\x80\1\0\2\3", 5)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(1), 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(program_system, 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(stake, 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(0xbb), 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of("\2\1\2\0\3\64", 6)));
    assert_ok(zc_write_slice(&writer, ZC_SLICE_OF_ARRAY(create)));
    assert_ok(zc_write_slice(&writer, zc_slice_of("\2\6\4\4\4\4\4\0\4\2\0\0\0", 13)));
    assert_ok(zc_write_u8(&writer, 1));
    assert_ok(zc_write_slice(&writer, zc_slice_of(key_of(0xee), 32)));
    assert_ok(zc_write_slice(&writer, zc_slice_of("\2\7\10\0", 4)));
    assert_ok(zc_intent_decode_solana_tx(zc_writer_written(&writer), key_of(1), &intent, NULL));
    assert_int_equal(intent.movement_count, 3);
    assert_int_equal(intent.movements[0].amount.limb[0], 9);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_LOCK);
    assert_true(zc_u256_is_zero(&intent.movements[1].amount));
    assert_int_equal(intent.flags, ZC_FLAG_UNRESOLVED_ADDRESS | ZC_FLAG_PARTIAL_DECODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token__plain_transfer__names_no_mint),
        cmocka_unit_test(token__transfer_of_nothing_then_close__is_flagged),
        cmocka_unit_test(token__close_to_oneself__is_received),
        cmocka_unit_test(token__unlimited_approval__is_flagged),
        cmocka_unit_test(token__owner_given_away__is_control),
        cmocka_unit_test(token__another_signer_pays__is_a_pull),
        cmocka_unit_test(token__signer_of_multisig__is_its_own),
        cmocka_unit_test(any__fewer_accounts_or_bytes__is_not_read),
        cmocka_unit_test(any__bytes_left_over__still_moves_and_is_partial),
        cmocka_unit_test(any__unknown_program_or_method__is_flagged),
        cmocka_unit_test(system__nonce_advanced_first__never_expires),
        cmocka_unit_test(system__assign__hands_over_the_account),
        cmocka_unit_test(system__seed_length_beyond_data__is_not_read),
        cmocka_unit_test(budget__greatest_price__is_exact_and_excessive),
        cmocka_unit_test(stake__delegate_of_unknown_account__borrows_no_amount),
        cmocka_unit_test(memo__hidden_direction__is_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
