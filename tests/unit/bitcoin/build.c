#include "build.h"

#include "crypto/hash160.h"
#include "intent/bitcoin/wire.h"

#define MUST(expr) assert_true(zc_ok(expr))

zc_bitcoin_account test_account(uint8_t number)
{
    zc_secret32 key = {{[31] = number}};
    zc_signer signer;
    MUST(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key));
    return (zc_bitcoin_account){.chain_id = ZC_CHAIN_BITCOIN, .key = signer.pubkey};
}

zc_address test_script(uint8_t number, zc_bitcoin_lock lock)
{
    zc_bitcoin_account account = test_account(number);
    zc_address script;
    MUST(zc_bitcoin_script(&account.key, lock, &script));
    return script;
}

test_input test_proven(uint64_t amount)
{
    return (test_input){
        .script = test_script(1, ZC_BITCOIN_P2WPKH), .amount = amount, .has_previous = true};
}

test_input test_claimed(uint64_t amount, uint64_t claim)
{
    return (test_input){
        .script = test_script(1, ZC_BITCOIN_P2WPKH), .amount = amount, .claim = claim};
}

/* A transaction whose only output is the one spent; `number` makes it a different one each time. */
static zc_slice previous(const test_input *input, uint32_t number, uint8_t *room, uint8_t *ret_txid)
{
    zc_writer writer = zc_writer_of(room, 512);
    uint8_t *txid;
    zc_btc_output output;
    MUST(zc_btc_write_u32(&writer, 2));
    MUST(zc_btc_write_count(&writer, 1));
    MUST(zc_write_reserve(&writer, 32, &txid));
    memset(txid, 7, 32);
    MUST(zc_btc_write_u32(&writer, number));
    MUST(zc_btc_write_count(&writer, 0));
    MUST(zc_btc_write_u32(&writer, 0));
    MUST(zc_btc_write_count(&writer, 1));
    MUST(zc_btc_write_u64(&writer, input->amount));
    MUST(zc_btc_write_bytes(&writer, zc_address_slice(&input->script)));
    MUST(zc_btc_write_u32(&writer, 0));
    MUST(zc_btc_tx_output(zc_writer_written(&writer), 0, ret_txid, &output));
    return zc_writer_written(&writer);
}

static void record(zc_writer *writer, uint8_t type, zc_slice value)
{
    MUST(zc_btc_write_bytes(writer, zc_slice_of(&type, 1)));
    MUST(zc_btc_write_bytes(writer, value));
}

static zc_slice utxo(const test_input *input, uint8_t *room)
{
    zc_writer writer = zc_writer_of(room, 128);
    MUST(zc_btc_write_u64(&writer, input->claim));
    MUST(zc_btc_write_bytes(&writer, zc_address_slice(&input->script)));
    return zc_writer_written(&writer);
}

static void write_input(zc_writer *writer, const test_input *input, uint32_t number)
{
    uint8_t room[512];
    uint8_t txid[32];
    uint8_t type[4] = {(uint8_t)input->sighash};
    if (input->has_previous) {
        record(writer, 0x00,
               previous(input, input->is_other_txid ? number + 99 : number, room, txid));
    }
    for (int i = 0; input->claim > 0 && i < (input->is_twice ? 2 : 1); i++) {
        record(writer, 0x01, utxo(input, room));
    }
    if (input->sighash > 0) {
        record(writer, 0x03, ZC_SLICE_OF_ARRAY(type));
    }
    if (input->redeem.len > 0) {
        record(writer, 0x04, input->redeem);
    }
    if (input->witness_script.len > 0) {
        record(writer, 0x05, input->witness_script);
    }
    if (input->is_final) {
        record(writer, 0x08, zc_slice_of("\x01\x00", 2));
    }
    if (input->tap_key != NULL) {
        record(writer, 0x17, zc_slice_of(input->tap_key, 32));
    }
    MUST(zc_write_u8(writer, 0));
}

static zc_slice unsigned_tx(const test_psbt *psbt, uint8_t *room)
{
    zc_writer writer = zc_writer_of(room, 1024);
    uint8_t other[512];
    uint8_t txid[32];
    MUST(zc_btc_write_u32(&writer, 2));
    MUST(zc_btc_write_count(&writer, psbt->input_count));
    for (uint32_t i = 0; i < psbt->input_count; i++) {
        (void)previous(&psbt->inputs[i], i, other, txid);
        MUST(zc_write_slice(&writer, ZC_SLICE_OF_ARRAY(txid)));
        MUST(zc_btc_write_u32(&writer, 0));
        MUST(zc_btc_write_count(&writer, 0));
        MUST(zc_btc_write_u32(&writer, UINT32_MAX));
    }
    MUST(zc_btc_write_count(&writer, psbt->output_count));
    for (size_t i = 0; i < psbt->output_count; i++) {
        MUST(zc_btc_write_u64(&writer, psbt->outputs[i].amount));
        MUST(zc_btc_write_bytes(&writer, zc_address_slice(&psbt->outputs[i].script)));
    }
    MUST(zc_btc_write_u32(&writer, 0));
    return zc_writer_written(&writer);
}

zc_slice test_build(test_psbt *psbt)
{
    uint8_t tx[1024];
    zc_writer writer = ZC_WRITER_OF_ARRAY(psbt->room);
    MUST(zc_write_slice(&writer, zc_slice_of("psbt\xff", 5)));
    record(&writer, 0x00, unsigned_tx(psbt, tx));
    MUST(zc_write_u8(&writer, 0));
    for (uint32_t i = 0; i < psbt->input_count; i++) {
        write_input(&writer, &psbt->inputs[i], i);
    }
    for (size_t i = 0; i < psbt->output_count; i++) {
        MUST(zc_write_slice(&writer, psbt->outputs[i].record));
        MUST(zc_write_u8(&writer, 0));
    }
    return zc_writer_written(&writer);
}

const zc_intent *test_decode(test_psbt *psbt, zc_result *ret_result)
{
    static zc_intent intent;
    zc_bitcoin_account account = test_account(1);
    *ret_result = zc_intent_decode_psbt(test_build(psbt), &account, &intent, NULL);
    return &intent;
}

void test_expect_code(test_psbt *psbt, int code)
{
    zc_result result;
    const zc_intent *intent = test_decode(psbt, &result);
    assert_int_equal(result.code, code);
    assert_int_equal(intent->movement_count, 0);
    assert_int_equal(intent->family, ZC_FAMILY_NONE);
}

void test_expect_movement(const zc_intent *intent, size_t at, zc_movement_kind kind,
                          uint64_t amount)
{
    zc_u256 wanted = zc_u256_of(amount);
    assert_true(at < intent->movement_count);
    assert_int_equal(intent->movements[at].kind, kind);
    assert_true(zc_u256_eq(&intent->movements[at].amount, &wanted));
}
