#include <stdio.h>

#include "samples.h"

static zc_intent intent;

static void decode_evm_tx__eip155_example__digest_and_fields(void **state)
{
    (void)state;
    const bytes tx = from_hex(EIP155_UNSIGNED);
    const bytes digest = from_hex(EIP155_DIGEST);
    must(decode(&tx, &intent));
    assert_memory_equal(intent.digest, digest.data, 32);
    assert_int_equal(intent.operation, ZC_OPERATION_TRANSFER);
    assert_true(intent.has_chain_id);
    assert_int_equal(intent.chain_id, 1);
    assert_int_equal(intent.nonce, 9);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);
    assert_int_equal(intent.movements[0].amount.limb[0], 1000000000000000000);
    assert_true(zc_address_eq(&intent.movements[0].to, &intent.to));
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_FEE);
    assert_int_equal(intent.movements[1].amount.limb[0], UINT64_C(20000000000) * 21000);
}

static void decode_evm_tx__each_type__chain_and_flags(void **state)
{
    (void)state;
    static const uint8_t types[] = {0, 155, 1, 2};
    for (size_t i = 0; i < 4; i++) {
        const bytes tx = build((sample){.type = types[i],
                                        .chain_id = INT64_MAX,
                                        .price = 3,
                                        .gas = 21000,
                                        .to = friend,
                                        .accesses = 2});
        must(decode(&tx, &intent));
        assert_int_equal(intent.has_chain_id, types[i] != 0);
        assert_int_equal(intent.chain_id, types[i] != 0 ? INT64_MAX : 0);
        assert_int_equal(intent.flags, types[i] != 0 ? 0 : ZC_FLAG_NO_REPLAY_PROTECTION);
        assert_int_equal(intent.access_addresses, i >= 2 ? 2 : 0);
        assert_int_equal(intent.access_keys, i >= 2 ? 4 : 0);
        assert_int_equal(intent.max_fee.limb[0], 63000);
        /* A transfer of nothing still names its recipient. */
        assert_int_equal(intent.movement_count, 2);
        assert_memory_equal(intent.movements[0].to.byte, friend, 20);
    }
}

static void decode_evm_tx__erc20_methods__movements(void **state)
{
    (void)state;
    const zc_u256 amount = zc_u256_of(500);
    bytes data = call("a9059cbb", friend, NULL, amount);
    bytes tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.flags, 0);
    assert_int_equal(intent.movement_count, 2);
    assert_int_equal(intent.movements[0].asset.kind, ZC_ASSET_TOKEN);
    assert_memory_equal(intent.movements[0].asset.token, token, 20);
    assert_memory_equal(intent.movements[0].from.byte, account.byte, 20);
    assert_memory_equal(intent.movements[0].to.byte, friend, 20);
    assert_true(zc_u256_eq(&intent.movements[0].amount, &amount));

    data = call("23b872dd", friend, token, amount);
    tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER_FROM);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_PULL);
    assert_memory_equal(intent.movements[0].from.byte, friend, 20);
    assert_memory_equal(intent.movements[0].to.byte, token, 20);

    /* Its own tokens leave the account by this road too. */
    data = call("23b872dd", account.byte, friend, amount);
    tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_OUT);

    data = call("095ea7b3", friend, NULL, amount);
    tx = build(token_call(&data));
    must(decode(&tx, &intent));
    assert_int_equal(intent.operation, ZC_OPERATION_APPROVE);
    assert_int_equal(intent.movements[0].kind, ZC_MOVEMENT_ALLOWANCE);
    assert_int_equal(intent.flags, 0);
}

static void decode_evm_tx__value_with_token_call__both_move(void **state)
{
    (void)state;
    const bytes data = call("a9059cbb", friend, NULL, zc_u256_of(5));
    sample with_value = token_call(&data);
    with_value.value = 9;
    const bytes tx = build(with_value);
    must(decode(&tx, &intent));
    assert_int_equal(intent.movement_count, 3);
    assert_int_equal(intent.movements[1].asset.kind, ZC_ASSET_NATIVE);
    assert_int_equal(intent.movements[1].kind, ZC_MOVEMENT_OUT);
    assert_memory_equal(intent.movements[1].to.byte, token, 20);
}

static void decode_evm_tx__approvals__unlimited_from_which_amount(void **state)
{
    (void)state;
    static const char *selectors[] = {"095ea7b3", "39509351"};
    const struct {
        zc_u256 amount;
        bool unlimited;
    } cases[] = {
        {ZC_U256_MAX, true},
        {{{0, 0, 0, UINT64_C(1) << 63}}, true},
        {{{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1}}, true},
        {{{UINT64_MAX - 1, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1}}, false},
        {{{UINT64_MAX, UINT64_MAX, UINT32_MAX, 0}}, true}, /* 2^160 − 1 */
        {{{UINT64_MAX, UINT32_MAX, 0, 0}}, true},          /* 2^96 − 1 */
        {{{UINT64_MAX, UINT32_MAX >> 1, 0, 0}}, false},
        {{{UINT64_MAX, 0, 0, 0}}, false},
        {{{0, 0, 0, 0}}, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t j = 0; j < 2; j++) {
            const bytes data = call(selectors[j], friend, NULL, cases[i].amount);
            const bytes tx = build(token_call(&data));
            must(decode(&tx, &intent));
            assert_int_equal(intent.operation, ZC_OPERATION_APPROVE);
            assert_int_equal(intent.flags, cases[i].unlimited ? ZC_FLAG_UNLIMITED_APPROVAL : 0);
        }
    }
}

static void decode_evm_tx__damaged_calldata__flagged_never_guessed(void **state)
{
    (void)state;
    const uint64_t unknown = ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE;
    const bytes whole = call("a9059cbb", friend, NULL, zc_u256_of(5));
    for (size_t len = 1; len < whole.len; len++) {
        bytes data = whole;
        data.len = len;
        const bytes tx = build(token_call(&data));
        must(decode(&tx, &intent));
        assert_int_equal(intent.operation, ZC_OPERATION_CONTRACT_CALL);
        assert_int_equal(intent.flags, len < 4 ? ZC_FLAG_UNKNOWN_CALLDATA : unknown);
        assert_int_equal(zc_intent_method(&intent).len, len >= 4 ? 4 : 0);
        assert_int_equal(intent.movement_count, 1);
    }
    for (size_t i = 4; i < 16; i++) { /* above the address */
        bytes data = whole;
        data.data[i] = 1;
        const bytes tx = build(token_call(&data));
        must(decode(&tx, &intent));
        assert_int_equal(intent.operation, ZC_OPERATION_CONTRACT_CALL);
        assert_int_equal(intent.flags, unknown);
        assert_int_equal(intent.movement_count, 1);
    }
    bytes longer = whole;
    longer.data[longer.len++] = 0;
    const bytes tx = build(token_call(&longer));
    must(decode(&tx, &intent));
    assert_int_equal(intent.operation, ZC_OPERATION_TOKEN_TRANSFER);
    assert_int_equal(intent.flags, ZC_FLAG_PARTIAL_DECODE);
}

static void decode_evm_tx__creation__flagged_with_its_address(void **state)
{
    (void)state;
    /* The first contract of the account of the Ethereum wiki's example. */
    const bytes creator = from_hex("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    const bytes created = from_hex("cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    const bytes code = from_hex("6000");
    const bytes tx = build((sample){.type = 1, .chain_id = 1, .value = 5, .data = slice_of(&code)});
    const zc_address by = zc_address_of_evm(creator.data);
    must(zc_intent_decode_evm_tx(slice_of(&tx), &by, NULL, &intent, NULL));
    assert_int_equal(intent.operation, ZC_OPERATION_CONTRACT_CREATE);
    assert_int_equal(intent.flags, ZC_FLAG_CONTRACT_CREATION);
    assert_int_equal(intent.to.len, 0);
    assert_int_equal(intent.call_count, 0);
    assert_memory_equal(intent.movements[0].to.byte, created.data, 20);
}

static void decode_evm_tx__broken__says_why_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int code;
        size_t offset;
    } cases[] = {
        {"", ZC_INTENT_EMPTY, 0},
        {"80", ZC_INTENT_NOT_A_TRANSACTION, 0},
        {"05c0", ZC_INTENT_TYPE_UNKNOWN, 0},
        {"00c0", ZC_INTENT_TYPE_UNKNOWN, 0},
        {"03c0", ZC_INTENT_FIELD_MISSING, 2},
        {"03c1c0", ZC_INTENT_BLOB_SIDECAR, 1},
        {"04c0", ZC_INTENT_FIELD_MISSING, 2},
        {"02c9888000000000000000808080808080c0", ZC_INTENT_CHAIN_ID, 2},
        {"02", ZC_BASE_TRUNCATED, 1},
        {"0280", ZC_INTENT_NOT_A_TRANSACTION, 1},
        {"c0", ZC_INTENT_FIELD_MISSING, 1},
        {"c3808080", ZC_INTENT_FIELD_MISSING, 4},
        {"c680808080808001", ZC_BASE_TRAILING, 7},
        {"c780808080808001", ZC_INTENT_FIELD_MISSING, 8},
        {"c9808080808080808080", ZC_INTENT_CHAIN_ID, 10},
        {"c9808080808080010101", ZC_INTENT_ALREADY_SIGNED, 7},
        {"c9808080808080018001", ZC_INTENT_ALREADY_SIGNED, 7},
        {"ca80808080808001808080", ZC_INTENT_FIELD_EXTRA, 10},
        {"c6c08080808080", ZC_INTENT_FIELD_KIND, 1},
        {"c6008080808080", ZC_INTENT_NONCE, 1},
        {"ce88ffffffffffffffff8080808080", ZC_INTENT_NONCE, 1},
        {"c6808080058080", ZC_INTENT_RECIPIENT, 4},
        {"c6808000808080", ZC_INTENT_GAS_LIMIT, 3},
        {"c6800080808080", ZC_INTENT_GAS_PRICE, 2},
        {"c6808080800080", ZC_INTENT_VALUE, 5},
        {"c78180808080808080", ZC_BASE_TRAILING, 8},
        {"c7817f8080808080", ZC_CODEC_RLP_NOT_CANONICAL, 1},
        {"f806808080808080", ZC_CODEC_RLP_NOT_CANONICAL, 0},
        {"02c98080808080808080c080", ZC_BASE_TRAILING, 11},
        {"02c98080018080808080c0", ZC_INTENT_TIP_ABOVE_MAX, 4},
        {"02c98080808080808080c1", ZC_BASE_TRUNCATED, 10},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const bytes tx = from_hex(cases[i].hex);
        size_t offset = 999;
        zc_result result = zc_intent_decode_evm_tx(slice_of(&tx), &account, NULL, &intent, &offset);
        if (result.code != cases[i].code || offset != cases[i].offset) {
            print_error("%s: %#x at %zu\n", cases[i].hex, result.code, offset);
        }
        assert_int_equal(result.code, cases[i].code);
        assert_int_equal(offset, cases[i].offset);
    }
}

static void decode_evm_tx__fee_beyond_256_bits__refused(void **state)
{
    (void)state;
    /* Gas price 2^255, gas limit 2; then with gas limit 1. */
    const bytes two =
        from_hex("e680a080000000000000000000000000000000000000000000000000000000000000000280"
                 "8080");
    const bytes one =
        from_hex("e680a080000000000000000000000000000000000000000000000000000000000000000180"
                 "8080");
    assert_int_equal(decode(&two, &intent).code, ZC_INTENT_FEE_OVERFLOW);
    must(decode(&one, &intent));
    assert_int_equal(intent.max_fee.limb[3], UINT64_C(1) << 63);
}

static void decode_evm_tx__too_long__refused_before_reading(void **state)
{
    (void)state;
    static uint8_t large[ZC_EVM_MAX_TX + 1] = {0xf9};
    size_t offset = 0;
    zc_result result =
        zc_intent_decode_evm_tx(ZC_SLICE_OF_ARRAY(large), &account, NULL, &intent, &offset);
    assert_int_equal(result.code, ZC_INTENT_TOO_LONG);
    assert_int_equal(offset, ZC_EVM_MAX_TX);
}

/* Three kinds with every field in use. */
static bytes full_sample(size_t which)
{
    static const uint8_t types[] = {155, 1, 2};
    static bytes data;
    data = call("a9059cbb", friend, NULL, ZC_U256_MAX);
    sample of = token_call(&data);
    of.type = types[which];
    of.chain_id = 0x1234;
    of.nonce = 0x99;
    of.value = 77;
    of.accesses = 3;
    return build(of);
}

static void decode_evm_tx__every_truncation_and_extension__fails(void **state)
{
    (void)state;
    for (size_t which = 0; which < 3; which++) {
        bytes tx = full_sample(which);
        const size_t len = tx.len;
        must(decode(&tx, &intent));
        for (tx.len = 0; tx.len < len; tx.len++) {
            assert_false(zc_ok(decode(&tx, &intent)));
        }
        tx.len = len + 1;
        for (unsigned byte = 0; byte < 256; byte++) {
            tx.data[len] = (uint8_t)byte;
            assert_false(zc_ok(decode(&tx, &intent)));
        }
    }
}

/* A flip gives an error, or another digest: never the same transaction from other bytes. */
static void decode_evm_tx__every_bit_flip__error_or_other_digest(void **state)
{
    (void)state;
    for (size_t which = 0; which < 3; which++) {
        bytes tx = full_sample(which);
        must(decode(&tx, &intent));
        uint8_t digest[32];
        memcpy(digest, intent.digest, 32);
        for (size_t bit = 0; bit < tx.len * 8; bit++) {
            size_t offset = 0;
            tx.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            zc_result result =
                zc_intent_decode_evm_tx(slice_of(&tx), &account, NULL, &intent, &offset);
            assert_true(zc_ok(result) ? memcmp(digest, intent.digest, 32) != 0 : offset <= tx.len);
            tx.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

static void decode_evm_tx__failure__intent_untouched(void **state)
{
    (void)state;
    static zc_intent before;
    const bytes good = full_sample(2);
    const bytes bad = from_hex("02c98080018080808080c0");
    must(decode(&good, &intent));
    memcpy(&before, &intent, sizeof(before));
    assert_false(zc_ok(decode(&bad, &intent)));
    assert_memory_equal(&before, &intent, sizeof(before));
}

static void decode_evm_tx__access_list__bounded_and_exact(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int code;
    } cases[] = {
        {"c0", 0},
        {"80", ZC_INTENT_FIELD_KIND},
        {"c180", ZC_INTENT_FIELD_KIND},
        {"c1c0", ZC_INTENT_FIELD_MISSING},
        {"d7d6940000000000000000000000000000000000000000c0", 0},
        {"d8d7940000000000000000000000000000000000000000c0c0", ZC_INTENT_ACCESS_LIST},
        {"d8d7940000000000000000000000000000000000000000c180", ZC_INTENT_ACCESS_LIST},
        {"d6d59300000000000000000000000000000000000000c0", ZC_INTENT_ACCESS_LIST},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[128] = "01";
        const bytes list = from_hex(cases[i].list);
        (void)snprintf(text + 2, sizeof(text) - 2, "%02x80808080808080%s",
                       (unsigned)(0xc0 + 7 + list.len), cases[i].list);
        const bytes tx = from_hex(text);
        assert_int_equal(decode(&tx, &intent).code, cases[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_evm_tx__eip155_example__digest_and_fields),
        cmocka_unit_test(decode_evm_tx__each_type__chain_and_flags),
        cmocka_unit_test(decode_evm_tx__erc20_methods__movements),
        cmocka_unit_test(decode_evm_tx__value_with_token_call__both_move),
        cmocka_unit_test(decode_evm_tx__approvals__unlimited_from_which_amount),
        cmocka_unit_test(decode_evm_tx__damaged_calldata__flagged_never_guessed),
        cmocka_unit_test(decode_evm_tx__creation__flagged_with_its_address),
        cmocka_unit_test(decode_evm_tx__broken__says_why_and_where),
        cmocka_unit_test(decode_evm_tx__fee_beyond_256_bits__refused),
        cmocka_unit_test(decode_evm_tx__too_long__refused_before_reading),
        cmocka_unit_test(decode_evm_tx__every_truncation_and_extension__fails),
        cmocka_unit_test(decode_evm_tx__every_bit_flip__error_or_other_digest),
        cmocka_unit_test(decode_evm_tx__failure__intent_untouched),
        cmocka_unit_test(decode_evm_tx__access_list__bounded_and_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
