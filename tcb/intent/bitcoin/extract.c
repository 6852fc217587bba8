/* From signatures to the transaction that the network takes: BIP-174's finalizer and extractor. */
#include "crypto/hash160.h"
#include "intent/bitcoin/psbt.h"
#include "intent/bitcoin/wire.h"

/* What unlocks an input, in the order in which it goes on the stack. */
typedef struct zc_unlocking {
    size_t count;
    zc_slice item[ZC_BTC_MAX_MULTISIG + 2];
} zc_unlocking;

static void push(zc_unlocking *unlocking, zc_slice item)
{
    unlocking->item[unlocking->count++] = item;
}

/* The signature of the key that has this hash, and that key. */
static zc_result find_by_hash(const zc_psbt *psbt, size_t input, zc_slice hash,
                              zc_unlocking *unlocking)
{
    uint8_t own[20];
    zc_psbt_record record;
    zc_reader records = zc_reader_of(psbt->inputs[input].records);
    while (zc_psbt_next_record(&records, &record)) {
        if (record.type != ZC_PSBT_IN_PARTIAL_SIG) {
            continue;
        }
        zc_hash160(record.key_data, own);
        if (zc_slice_eq(ZC_SLICE_OF_ARRAY(own), hash)) {
            push(unlocking, record.value);
            push(unlocking, record.key_data);
            return ZC_OK;
        }
    }
    return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
}

static zc_result find_one(const zc_psbt *psbt, size_t input, zc_slice key, zc_unlocking *unlocking)
{
    zc_slice signature;
    if (!zc_psbt_partial_signature(psbt, input, key, &signature)) {
        return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
    }
    push(unlocking, signature);
    return ZC_OK;
}

/* As many signatures as the script wants, in the order of its keys, after the item that
 * OP_CHECKMULTISIG takes too much. */
static zc_result find_multisig(const zc_psbt *psbt, size_t input, zc_slice script,
                               zc_unlocking *unlocking)
{
    zc_btc_multisig multisig;
    if (!zc_btc_script_multisig(script, &multisig)) {
        return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
    }
    push(unlocking, zc_slice_of(NULL, 0));
    for (size_t i = 0; i < multisig.count && unlocking->count <= multisig.required; i++) {
        zc_slice signature;
        if (zc_psbt_partial_signature(psbt, input, multisig.keys[i], &signature)) {
            push(unlocking, signature);
        }
    }
    return unlocking->count == multisig.required + 1u ? ZC_OK : zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
}

static zc_result find_unlocking(const zc_psbt *psbt, size_t input, const zc_psbt_lock *lock,
                                zc_unlocking *ret_unlocking)
{
    zc_slice payload = zc_btc_script_payload(lock->script);
    ret_unlocking->count = 0;
    switch (lock->kind) {
    case ZC_BTC_P2PKH:
    case ZC_BTC_P2WPKH:
        return find_by_hash(psbt, input, payload, ret_unlocking);
    case ZC_BTC_P2PK:
        return find_one(psbt, input, payload, ret_unlocking);
    case ZC_BTC_MULTISIG:
        return find_multisig(psbt, input, lock->script, ret_unlocking);
    case ZC_BTC_P2TR:
        if (zc_psbt_has(&psbt->inputs[input], ZC_PSBT_TAP_SIG)) {
            push(ret_unlocking, psbt->inputs[input].slot[ZC_PSBT_TAP_SIG]);
            return ZC_OK;
        }
        break;
    default:
        break;
    }
    return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
}

/* Pushes of the input's script: the unlocking itself where there is no witness, then what P2SH
 * wraps. */
static zc_result write_pushes(zc_writer *writer, const zc_psbt *psbt, size_t input,
                              const zc_psbt_lock *lock)
{
    zc_unlocking unlocking;
    if (lock->rules == ZC_PSBT_LEGACY) {
        ZC_TRY(find_unlocking(psbt, input, lock, &unlocking));
        for (size_t i = 0; i < unlocking.count; i++) {
            ZC_TRY(zc_btc_write_push(writer, unlocking.item[i]));
        }
    }
    return lock->is_p2sh ? zc_btc_write_push(writer, psbt->inputs[input].slot[ZC_PSBT_REDEEM])
                         : ZC_OK;
}

static zc_result write_script_sig(zc_writer *writer, const zc_psbt *psbt, size_t input)
{
    uint8_t script[ZC_BTC_MAX_MULTISIG * 74 + 2048];
    zc_writer pushes = ZC_WRITER_OF_ARRAY(script);
    if (zc_psbt_is_final(psbt, input)) {
        return zc_btc_write_bytes(writer, psbt->inputs[input].slot[ZC_PSBT_FINAL_SCRIPT_SIG]);
    }
    zc_psbt_lock lock = zc_psbt_lock_of(psbt, input);
    ZC_TRY(write_pushes(&pushes, psbt, input, &lock));
    return zc_btc_write_bytes(writer, zc_writer_written(&pushes));
}

static bool has_witness(const zc_psbt *psbt, size_t input)
{
    if (zc_psbt_is_final(psbt, input)) {
        return zc_psbt_has(&psbt->inputs[input], ZC_PSBT_FINAL_WITNESS);
    }
    return zc_psbt_lock_of(psbt, input).rules != ZC_PSBT_LEGACY;
}

static zc_result write_witness(zc_writer *writer, const zc_psbt *psbt, size_t input)
{
    zc_unlocking unlocking;
    if (!has_witness(psbt, input)) {
        return zc_write_u8(writer, 0);
    }
    if (zc_psbt_is_final(psbt, input)) {
        return zc_write_slice(writer, psbt->inputs[input].slot[ZC_PSBT_FINAL_WITNESS]);
    }
    zc_psbt_lock lock = zc_psbt_lock_of(psbt, input);
    ZC_TRY(find_unlocking(psbt, input, &lock, &unlocking));
    if (lock.is_p2wsh) {
        push(&unlocking, lock.script);
    }
    ZC_TRY(zc_btc_write_count(writer, unlocking.count));
    for (size_t i = 0; i < unlocking.count; i++) {
        ZC_TRY(zc_btc_write_bytes(writer, unlocking.item[i]));
    }
    return ZC_OK;
}

static zc_result write_input(zc_writer *writer, const zc_psbt *psbt, size_t at)
{
    const zc_btc_input *input = &psbt->tx.inputs[at];
    ZC_TRY(zc_write_slice(writer, ZC_SLICE_OF_ARRAY(input->txid)));
    ZC_TRY(zc_btc_write_u32(writer, input->index));
    ZC_TRY(write_script_sig(writer, psbt, at));
    return zc_btc_write_u32(writer, input->sequence);
}

static zc_result write_tx(zc_writer *writer, const zc_psbt *psbt, bool is_segwit)
{
    const zc_btc_tx *tx = &psbt->tx;
    ZC_TRY(zc_btc_write_u32(writer, tx->version));
    if (is_segwit) {
        ZC_TRY(zc_write_u8(writer, 0));
        ZC_TRY(zc_write_u8(writer, 1));
    }
    ZC_TRY(zc_btc_write_count(writer, tx->input_count));
    for (size_t i = 0; i < tx->input_count; i++) {
        ZC_TRY(write_input(writer, psbt, i));
    }
    ZC_TRY(zc_btc_write_count(writer, tx->output_count));
    for (size_t i = 0; i < tx->output_count; i++) {
        ZC_TRY(zc_btc_write_u64(writer, tx->outputs[i].amount));
        ZC_TRY(zc_btc_write_bytes(writer, tx->outputs[i].script));
    }
    for (size_t i = 0; is_segwit && i < tx->input_count; i++) {
        ZC_TRY(write_witness(writer, psbt, i));
    }
    return zc_btc_write_u32(writer, tx->locktime);
}

zc_result zc_psbt_extract(zc_slice psbt, zc_writer *writer)
{
    zc_psbt parsed;
    size_t offset;
    bool is_segwit = false;
    zc_writer at = *writer;
    ZC_TRY(zc_psbt_parse(psbt, &parsed, &offset));
    ZC_TRY(zc_psbt_resolve(&parsed));
    if (parsed.tx.input_count == 0) {
        return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
    }
    for (size_t i = 0; i < parsed.tx.input_count; i++) {
        if (!parsed.is_known[i] && !zc_psbt_is_final(&parsed, i)) {
            return zc_fail(ZC_INTENT_PSBT_INCOMPLETE);
        }
        is_segwit = is_segwit || has_witness(&parsed, i);
    }
    ZC_TRY(write_tx(&at, &parsed, is_segwit));
    *writer = at;
    return ZC_OK;
}
