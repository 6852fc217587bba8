/* What a PSBT is believed, and what it is refused for. */
#include "build.h"

static test_psbt simple(uint64_t amount)
{
    return (test_psbt){
        .input_count = 1,
        .output_count = 1,
        .inputs = {test_proven(amount)},
        .outputs = {{.script = test_script(2, ZC_BITCOIN_P2WPKH), .amount = amount - 1000}},
    };
}

static void decode__one_proven_input__out_and_fee_without_flags(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, 0);
    assert_int_equal(intent->movement_count, 2);
    assert_int_equal(intent->signatures, 1);
    test_expect_movement(intent, 0, ZC_MOVEMENT_OUT, 99000);
    test_expect_movement(intent, 1, ZC_MOVEMENT_FEE, 1000);
}

static void decode__one_claimed_input_of_ours__fee_is_known(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.inputs[0] = test_claimed(100000, 100000);
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, 0);
}

static void decode__two_claimed_inputs__fee_is_unknown(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.input_count = 2;
    psbt.inputs[0] = test_claimed(100000, 100000);
    psbt.inputs[1] = test_claimed(900000, 500);
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, ZC_FLAG_UNKNOWN_FEE);
}

static void decode__claims_beside_taproot_of_ours__fee_is_known(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.input_count = 3;
    psbt.inputs[0] = test_claimed(100000, 100000);
    psbt.inputs[1] = test_claimed(2000, 2000);
    psbt.inputs[2] =
        (test_input){.script = test_script(1, ZC_BITCOIN_P2TR), .amount = 3000, .claim = 3000};
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, 0);
    assert_int_equal(intent->signatures, 3);
}

static void decode__witness_utxo_other_than_previous_tx__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.inputs[0].claim = 99999;
    test_expect_code(&psbt, ZC_INTENT_PSBT_UTXO_CONFLICT);
}

static void decode__previous_tx_of_other_txid__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.inputs[0].is_other_txid = true;
    test_expect_code(&psbt, ZC_INTENT_PSBT_PREVIOUS_TX);
}

static void decode__p2pkh_with_witness_utxo__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.inputs[0] =
        (test_input){.script = test_script(1, ZC_BITCOIN_P2PKH), .amount = 100000, .claim = 100000};
    test_expect_code(&psbt, ZC_INTENT_PSBT_WITNESS_UTXO);
}

static void decode__redeem_script_of_another_hash__refused(void **state)
{
    (void)state;
    zc_address program = test_script(2, ZC_BITCOIN_P2WPKH);
    test_psbt psbt = simple(100000);
    psbt.inputs[0].script = test_script(1, ZC_BITCOIN_P2SH_P2WPKH);
    psbt.inputs[0].redeem = zc_address_slice(&program);
    test_expect_code(&psbt, ZC_INTENT_PSBT_SCRIPT_MISMATCH);
}

static void decode__record_twice__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.inputs[0] = test_claimed(100000, 100000);
    psbt.inputs[0].is_twice = true;
    test_expect_code(&psbt, ZC_INTENT_PSBT_DUPLICATE);
}

static void decode__key_of_nobody_here__nothing_to_sign(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.inputs[0].script = test_script(3, ZC_BITCOIN_P2WPKH);
    test_expect_code(&psbt, ZC_INTENT_PSBT_NOTHING_TO_SIGN);
    psbt = simple(100000);
    psbt.inputs[0].is_final = true;
    test_expect_code(&psbt, ZC_INTENT_PSBT_NOTHING_TO_SIGN);
}

static void decode__outputs_above_inputs__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.outputs[0].amount = 100001;
    test_expect_code(&psbt, ZC_INTENT_BITCOIN_OVERSPENT);
    psbt.outputs[0].amount = UINT64_MAX;
    test_expect_code(&psbt, ZC_INTENT_BITCOIN_AMOUNT);
}

static void decode__sighash_types__flagged_or_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        int code;
        uint64_t flags;
    } cases[] = {
        {1, 0, 0},
        {2, 0, ZC_FLAG_UNUSUAL_SIGHASH | ZC_FLAG_UNKNOWN_FEE},
        {3, 0, ZC_FLAG_UNUSUAL_SIGHASH | ZC_FLAG_UNKNOWN_FEE},
        {0x81, 0, ZC_FLAG_UNUSUAL_SIGHASH | ZC_FLAG_UNKNOWN_FEE},
        {4, ZC_INTENT_PSBT_SIGHASH_TYPE, 0},
        {0x80, ZC_INTENT_PSBT_SIGHASH_TYPE, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zc_result result;
        test_psbt psbt = simple(100000);
        psbt.inputs[0].sighash = cases[i].type;
        const zc_intent *intent = test_decode(&psbt, &result);
        assert_int_equal(result.code, cases[i].code);
        assert_int_equal(intent->flags, cases[i].flags);
    }
}

static void decode__single_without_output__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    psbt.input_count = 2;
    psbt.inputs[1] = test_proven(5000);
    psbt.inputs[1].sighash = 3;
    test_expect_code(&psbt, ZC_INTENT_PSBT_SIGHASH_SINGLE);
}

static void decode__absurd_fee__flagged(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(1000000);
    psbt.outputs[0].amount = 890000; /* 11 % */
    assert_int_equal(test_decode(&psbt, &result)->flags, ZC_FLAG_EXCESSIVE_FEE);
    psbt.outputs[0].amount = 910000; /* 9 % of about 110 bytes */
    assert_int_equal(test_decode(&psbt, &result)->flags, 0);
    psbt = simple(100000000);
    psbt.outputs[0].amount = 99800000; /* 0.2 %, but 1800 satoshi a byte */
    assert_int_equal(test_decode(&psbt, &result)->flags, ZC_FLAG_EXCESSIVE_FEE);
}

static void decode__others_fund_more__out_is_at_most_ours(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.input_count = 2;
    psbt.inputs[1] = test_proven(900000);
    psbt.inputs[1].script = test_script(3, ZC_BITCOIN_P2WPKH);
    psbt.outputs[0].amount = 990000;
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    test_expect_movement(intent, 0, ZC_MOVEMENT_OUT, 100000);
    assert_int_equal(intent->signatures, 1);
}

static void decode__unknown_foreign_input__fee_is_unknown(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.input_count = 2;
    psbt.inputs[1] = (test_input){.script = test_script(3, ZC_BITCOIN_P2WPKH), .amount = 1};
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, ZC_FLAG_UNKNOWN_FEE);
    psbt.inputs[0] =
        (test_input){.script = test_script(1, ZC_BITCOIN_P2TR), .amount = 100000, .claim = 100000};
    test_expect_code(&psbt, ZC_INTENT_PSBT_TAPROOT_AMOUNTS);
}

static void decode__key_inside_unknown_script__refused(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = simple(100000);
    zc_address script = {.len = 37, .byte = {0x51, 0x69, 0x21}};
    assert_true(zc_ok(zc_pubkey_compress(&account.key, script.byte + 3)));
    script.byte[36] = 0xac;
    psbt.inputs[0].script = script;
    test_expect_code(&psbt, ZC_INTENT_PSBT_SCRIPT_UNKNOWN);
}

static void decode__internal_key_of_another_output__refused(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = simple(100000);
    psbt.inputs[0] = (test_input){.script = test_script(2, ZC_BITCOIN_P2TR),
                                  .amount = 100000,
                                  .claim = 100000,
                                  .tap_key = account.key.byte + 1};
    test_expect_code(&psbt, ZC_INTENT_PSBT_SCRIPT_MISMATCH);
}

static void decode__op_return__argument_and_flag(void **state)
{
    (void)state;
    zc_result result;
    test_psbt psbt = simple(100000);
    psbt.output_count = 2;
    psbt.outputs[1].script = (zc_address){.len = 4, .byte = {0x6a, 0x02, 'h', 'i'}};
    const zc_intent *intent = test_decode(&psbt, &result);
    assert_true(zc_ok(result));
    assert_int_equal(intent->flags, ZC_FLAG_ODD_SCRIPT);
    assert_int_equal(intent->movement_count, 2);
    assert_string_equal(intent->arguments[0].label, "OP_RETURN");
    assert_memory_equal(intent->arguments[0].byte, "hi", 2);
    psbt.outputs[1].amount = 500;
    intent = test_decode(&psbt, &result);
    test_expect_movement(intent, 1, ZC_MOVEMENT_OUT, 500);
}

static void decode__cut_anywhere__refused(void **state)
{
    (void)state;
    static zc_intent intent;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = simple(100000);
    zc_slice whole = test_build(&psbt);
    for (size_t len = 0; len < whole.len; len++) {
        size_t offset = 0;
        zc_result result =
            zc_intent_decode_psbt(zc_slice_of(whole.data, len), &account, &intent, &offset);
        assert_false(zc_ok(result));
        assert_true(offset <= len);
    }
    psbt.room[whole.len] = 0;
    assert_true(zc_is(
        zc_intent_decode_psbt(zc_slice_of(whole.data, whole.len + 1), &account, &intent, NULL),
        ZC_BASE_TRAILING));
}

static void decode__huge_counts__refused_at_once(void **state)
{
    (void)state;
    static const uint8_t inputs[] = "psbt\xff\x01\x00\x0d\x02\x00\x00\x00\xff\xff\xff\xff\xff\xff"
                                    "\xff\xff\xff";
    static const uint8_t record[] = "psbt\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    static zc_intent intent;
    zc_bitcoin_account account = test_account(1);
    assert_true(zc_is(
        zc_intent_decode_psbt(zc_slice_of(inputs, sizeof inputs - 1), &account, &intent, NULL),
        ZC_BASE_TRUNCATED));
    assert_true(zc_is(
        zc_intent_decode_psbt(zc_slice_of(record, sizeof record - 1), &account, &intent, NULL),
        ZC_BASE_TRUNCATED));
}

static void write_signed__wrong_count__refused(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    zc_bitcoin_account account = test_account(1);
    zc_signature signatures[2] = {0};
    uint8_t room[ROOM];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    assert_true(zc_is(zc_psbt_write_signed(test_build(&psbt), &account, signatures, 2, &writer),
                      ZC_INTENT_PSBT_SIGNATURES));
    assert_int_equal(zc_writer_len(&writer), 0);
}

static void extract__signed_psbt__is_a_transaction(void **state)
{
    (void)state;
    test_psbt psbt = simple(100000);
    zc_bitcoin_account account = test_account(1);
    zc_signature signature = {.byte = {[31] = 1, [63] = 1}};
    uint8_t room[ROOM];
    uint8_t tx[ROOM];
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_writer tx_writer = ZC_WRITER_OF_ARRAY(tx);
    zc_slice made = test_build(&psbt);
    assert_true(zc_is(zc_psbt_extract(made, &tx_writer), ZC_INTENT_PSBT_INCOMPLETE));
    assert_true(zc_ok(zc_psbt_write_signed(made, &account, &signature, 1, &writer)));
    assert_true(zc_ok(zc_psbt_extract(zc_writer_written(&writer), &tx_writer)));
    assert_true(zc_bitcoin_is_transaction(zc_writer_written(&tx_writer)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode__one_proven_input__out_and_fee_without_flags),
        cmocka_unit_test(decode__one_claimed_input_of_ours__fee_is_known),
        cmocka_unit_test(decode__two_claimed_inputs__fee_is_unknown),
        cmocka_unit_test(decode__claims_beside_taproot_of_ours__fee_is_known),
        cmocka_unit_test(decode__witness_utxo_other_than_previous_tx__refused),
        cmocka_unit_test(decode__previous_tx_of_other_txid__refused),
        cmocka_unit_test(decode__p2pkh_with_witness_utxo__refused),
        cmocka_unit_test(decode__redeem_script_of_another_hash__refused),
        cmocka_unit_test(decode__record_twice__refused),
        cmocka_unit_test(decode__key_of_nobody_here__nothing_to_sign),
        cmocka_unit_test(decode__outputs_above_inputs__refused),
        cmocka_unit_test(decode__sighash_types__flagged_or_refused),
        cmocka_unit_test(decode__single_without_output__refused),
        cmocka_unit_test(decode__absurd_fee__flagged),
        cmocka_unit_test(decode__others_fund_more__out_is_at_most_ours),
        cmocka_unit_test(decode__unknown_foreign_input__fee_is_unknown),
        cmocka_unit_test(decode__key_inside_unknown_script__refused),
        cmocka_unit_test(decode__internal_key_of_another_output__refused),
        cmocka_unit_test(decode__op_return__argument_and_flag),
        cmocka_unit_test(decode__cut_anywhere__refused),
        cmocka_unit_test(decode__huge_counts__refused_at_once),
        cmocka_unit_test(write_signed__wrong_count__refused),
        cmocka_unit_test(extract__signed_psbt__is_a_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
