/* Change is what is proven to come back, never what is said to. */
#include "build.h"
#include "crypto/bip32.h"
#include "crypto/hash.h"
#include "intent/bitcoin/owner.h"

static test_psbt with_change(zc_address script)
{
    return (test_psbt){
        .input_count = 1,
        .output_count = 2,
        .inputs = {test_proven(100000)},
        .outputs = {{.script = test_script(2, ZC_BITCOIN_P2WPKH), .amount = 60000},
                    {.script = script, .amount = 39000}},
    };
}

static void expect_second(test_psbt *psbt, const zc_bitcoin_account *account, zc_movement_kind kind)
{
    static zc_intent intent;
    assert_true(zc_ok(zc_intent_decode_psbt(test_build(psbt), account, &intent, NULL)));
    test_expect_movement(&intent, 1, kind, 39000);
}

static void change__same_key_same_lock__received(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = with_change(test_script(1, ZC_BITCOIN_P2WPKH));
    expect_second(&psbt, &account, ZC_MOVEMENT_RECEIVE);
}

static void change__same_key_other_lock__out(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = with_change(test_script(1, ZC_BITCOIN_P2PKH));
    expect_second(&psbt, &account, ZC_MOVEMENT_OUT);
    psbt = with_change(test_script(1, ZC_BITCOIN_P2TR));
    expect_second(&psbt, &account, ZC_MOVEMENT_OUT);
}

static void change__open_sighash__out(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    test_psbt psbt = with_change(test_script(1, ZC_BITCOIN_P2WPKH));
    psbt.inputs[0].sighash = 0x81;
    expect_second(&psbt, &account, ZC_MOVEMENT_OUT);
}

/* An account that branches off at m/84'/0'/0', and a record that says where a key of it is. */
typedef struct test_branch {
    zc_bitcoin_account account;
    zc_bip32_public child;
    uint8_t record[1 + 34 + 1 + 24];
} test_branch;

static test_branch branch(uint32_t step, uint32_t number)
{
    static const uint32_t path[3] = {0x80000054, 0x80000000, 0x80000000};
    test_branch made = {.account = test_account(1)};
    zc_bitcoin_account parent = test_account(9);
    zc_bip32_public between;
    made.account.has_branch = true;
    made.account.path_len = 3;
    memcpy(made.account.path, path, sizeof path);
    memcpy(made.account.master, "\x01\x02\x03\x04", 4);
    memset(made.account.branch.chain_code, 5, 32);
    assert_true(zc_ok(zc_pubkey_compress(&parent.key, made.account.branch.key)));
    assert_true(zc_ok(zc_bip32_derive_public(&made.account.branch, step, &between)));
    assert_true(zc_ok(zc_bip32_derive_public(&between, number, &made.child)));
    uint32_t steps[5] = {path[0], path[1], path[2], step, number};
    uint8_t *at = made.record;
    *at++ = 34;
    *at++ = 0x02;
    memcpy(at, made.child.key, 33);
    at += 33;
    *at++ = 24;
    memcpy(at, made.account.master, 4);
    memcpy(at + 4, steps, sizeof steps); /* little-endian, as this machine */
    return made;
}

static test_psbt psbt_of_branch(const test_branch *made)
{
    zc_btc_key key = zc_btc_key_of(made->child.key);
    test_psbt psbt = with_change(zc_btc_key_script(&key, ZC_BITCOIN_P2WPKH));
    psbt.outputs[1].record = ZC_SLICE_OF_ARRAY(made->record);
    return psbt;
}

static void change__derived_key__received(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    test_psbt psbt = psbt_of_branch(&made);
    expect_second(&psbt, &made.account, ZC_MOVEMENT_RECEIVE);
}

static void change__derivation_absent_or_false__out(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    test_psbt psbt = psbt_of_branch(&made);
    psbt.outputs[1].record = zc_slice_of(NULL, 0);
    expect_second(&psbt, &made.account, ZC_MOVEMENT_OUT);
    psbt = psbt_of_branch(&made);
    made.record[sizeof made.record - 4] ^= 1; /* another number */
    expect_second(&psbt, &made.account, ZC_MOVEMENT_OUT);
    made = branch(1, 77);
    psbt = psbt_of_branch(&made);
    psbt.outputs[1].script = test_script(2, ZC_BITCOIN_P2WPKH); /* the record alone is no proof */
    expect_second(&psbt, &made.account, ZC_MOVEMENT_OUT);
    made = branch(1, 77);
    psbt = psbt_of_branch(&made);
    made.account.branch.chain_code[0] ^= 1;
    expect_second(&psbt, &made.account, ZC_MOVEMENT_OUT);
}

static void change__path_that_no_wallet_searches__out(void **state)
{
    (void)state;
    test_branch far = branch(1, 1 << 20);
    test_psbt psbt = psbt_of_branch(&far);
    expect_second(&psbt, &far.account, ZC_MOVEMENT_OUT);
    test_branch aside = branch(2, 5);
    psbt = psbt_of_branch(&aside);
    expect_second(&psbt, &aside.account, ZC_MOVEMENT_OUT);
}

/* A script with our key and a stranger's: money sent there is not ours, even if an input that we
 * sign has the same. */
static void change__multisig_of_one_input_among_others__out(void **state)
{
    (void)state;
    zc_bitcoin_account account = test_account(1);
    zc_bitcoin_account other = test_account(8);
    uint8_t script[71] = {0x51, 0x21};
    uint8_t hash[32];
    assert_true(zc_ok(zc_pubkey_compress(&account.key, script + 2)));
    script[35] = 0x21;
    assert_true(zc_ok(zc_pubkey_compress(&other.key, script + 36)));
    script[69] = 0x52;
    script[70] = 0xae;
    zc_sha256(ZC_SLICE_OF_ARRAY(script), hash);
    zc_address lock = zc_btc_script_make(ZC_BTC_P2WSH, hash);
    test_psbt psbt = with_change(lock);
    psbt.input_count = 2;
    psbt.inputs[1] = (test_input){.script = lock,
                                  .amount = 600,
                                  .has_previous = true,
                                  .witness_script = ZC_SLICE_OF_ARRAY(script)};
    expect_second(&psbt, &account, ZC_MOVEMENT_OUT);
    psbt.input_count = 1;
    psbt.inputs[0] = psbt.inputs[1];
    psbt.inputs[0].amount = 100000;
    expect_second(&psbt, &account, ZC_MOVEMENT_RECEIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(change__same_key_same_lock__received),
        cmocka_unit_test(change__same_key_other_lock__out),
        cmocka_unit_test(change__open_sighash__out),
        cmocka_unit_test(change__derived_key__received),
        cmocka_unit_test(change__derivation_absent_or_false__out),
        cmocka_unit_test(change__path_that_no_wallet_searches__out),
        cmocka_unit_test(change__multisig_of_one_input_among_others__out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
