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

/* An account that branches off at m/84'/0'/0', whose key 0/3 signs, and a record that says where a
 * key of it is. The account borrows the branch: use it where it is. */
typedef struct test_branch {
    zc_bitcoin_branch branch;
    zc_bip32_public child;
    uint8_t record[1 + 34 + 1 + 24];
} test_branch;

static zc_bip32_public derive(const zc_bip32_public *from, uint32_t step, uint32_t number)
{
    zc_bip32_public between;
    zc_bip32_public child;
    assert_true(zc_ok(zc_bip32_derive_public(from, step, &between)));
    assert_true(zc_ok(zc_bip32_derive_public(&between, number, &child)));
    return child;
}

static void put_record(test_branch *made, const uint8_t key[static 33], uint32_t step,
                       uint32_t number)
{
    const uint32_t *path = made->branch.path;
    uint32_t steps[5] = {path[0], path[1], path[2], step, number};
    uint8_t *at = made->record;
    *at++ = 34;
    *at++ = 0x02;
    memcpy(at, key, 33);
    at += 33;
    *at++ = 24;
    memcpy(at, made->branch.master, 4);
    memcpy(at + 4, steps, sizeof steps); /* little-endian, as this machine */
}

static test_branch branch(uint32_t step, uint32_t number)
{
    static const uint32_t path[3] = {0x80000054, 0x80000000, 0x80000000};
    test_branch made = {.branch = {.path_len = 3, .master = {1, 2, 3, 4}, .steps = {0, 3}}};
    zc_bitcoin_account parent = test_account(9);
    memcpy(made.branch.path, path, sizeof path);
    memset(made.branch.key.chain_code, 5, 32);
    assert_true(zc_ok(zc_pubkey_compress(&parent.key, made.branch.key.key)));
    made.child = derive(&made.branch.key, step, number);
    put_record(&made, made.child.key, step, number);
    return made;
}

/* The account of the key 0/3 below m/84'/0'/0', whatever has been done to the branch since. */
static zc_bitcoin_account account_of(const test_branch *made)
{
    const test_branch whole = branch(0, 3);
    zc_bitcoin_account account = {.chain_id = ZC_CHAIN_BITCOIN, .branch = &made->branch};
    assert_true(zc_ok(
        zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(whole.child.key), &account.key)));
    return account;
}

static test_psbt psbt_of_branch(const test_branch *made)
{
    const zc_bitcoin_account account = account_of(made);
    zc_btc_key key = zc_btc_key_of(made->child.key);
    test_psbt psbt = with_change(zc_btc_key_script(&key, ZC_BITCOIN_P2WPKH));
    assert_true(zc_ok(zc_bitcoin_script(&account.key, ZC_BITCOIN_P2WPKH, &psbt.inputs[0].script)));
    psbt.outputs[1].record = ZC_SLICE_OF_ARRAY(made->record);
    return psbt;
}

static void expect_of_branch(test_psbt *psbt, const test_branch *made, zc_movement_kind kind)
{
    const zc_bitcoin_account account = account_of(made);
    expect_second(psbt, &account, kind);
}

static void change__derived_key__received(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    test_psbt psbt = psbt_of_branch(&made);
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_RECEIVE);
    made = branch(0, 0);
    psbt = psbt_of_branch(&made);
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_RECEIVE);
    zc_bitcoin_account alone = account_of(&made); /* nobody says where the key comes from */
    alone.branch = NULL;
    expect_second(&psbt, &alone, ZC_MOVEMENT_OUT);
}

static void change__derivation_absent_or_false__out(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    test_psbt psbt = psbt_of_branch(&made);
    psbt.outputs[1].record = zc_slice_of(NULL, 0);
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
    psbt = psbt_of_branch(&made);
    made.record[sizeof made.record - 4] ^= 1; /* another number */
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
    made = branch(1, 77);
    psbt = psbt_of_branch(&made);
    psbt.outputs[1].script = test_script(2, ZC_BITCOIN_P2WPKH); /* the record alone is no proof */
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
}

/* A stranger's key, or one of another account, under a path that would be ours. */
static void change__foreign_key_at_a_path_of_ours__out(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    zc_bitcoin_account stranger = test_account(2);
    uint8_t key[33];
    assert_true(zc_ok(zc_pubkey_compress(&stranger.key, key)));
    test_psbt psbt = psbt_of_branch(&made);
    put_record(&made, key, 1, 77);
    psbt.outputs[1].script = test_script(2, ZC_BITCOIN_P2WPKH);
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
    zc_bip32_public other_account = made.branch.key;
    other_account.chain_code[0] ^= 1;
    made.child = derive(&other_account, 1, 77);
    psbt = psbt_of_branch(&made);
    put_record(&made, made.child.key, 1, 77);
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
}

/* The right key under another master's fingerprint, or said to be of another account. */
static void change__foreign_fingerprint_or_account__out(void **state)
{
    (void)state;
    for (size_t at = 0; at < 4 + 3 * 4; at++) {
        test_branch made = branch(1, 77);
        test_psbt psbt = psbt_of_branch(&made);
        made.record[36 + at] ^= 1;
        expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
    }
}

/* A branch proves nothing for a key that does not come from it. */
static void change__branch_of_another_key__out(void **state)
{
    (void)state;
    test_branch made = branch(1, 77);
    test_psbt psbt = psbt_of_branch(&made);
    made.branch.steps[1] = 4;
    expect_of_branch(&psbt, &made, ZC_MOVEMENT_OUT);
    made = branch(1, 77);
    psbt = psbt_of_branch(&made);
    zc_bitcoin_account other = test_account(1);
    other.branch = &made.branch;
    psbt.inputs[0] = test_proven(100000);
    expect_second(&psbt, &other, ZC_MOVEMENT_OUT);
    made.branch.steps[0] = ZC_BIP32_HARDENED;
    expect_second(&psbt, &other, ZC_MOVEMENT_OUT);
}

static void change__path_that_no_wallet_searches__out(void **state)
{
    (void)state;
    test_branch far = branch(1, 1 << 20);
    test_psbt psbt = psbt_of_branch(&far);
    expect_of_branch(&psbt, &far, ZC_MOVEMENT_OUT);
    test_branch aside = branch(2, 5);
    psbt = psbt_of_branch(&aside);
    expect_of_branch(&psbt, &aside, ZC_MOVEMENT_OUT);
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
        cmocka_unit_test(change__foreign_key_at_a_path_of_ours__out),
        cmocka_unit_test(change__foreign_fingerprint_or_account__out),
        cmocka_unit_test(change__branch_of_another_key__out),
        cmocka_unit_test(change__path_that_no_wallet_searches__out),
        cmocka_unit_test(change__multisig_of_one_input_among_others__out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
