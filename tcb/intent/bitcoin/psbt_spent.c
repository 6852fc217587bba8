#include "crypto/hash160.h"
#include "intent/bitcoin/psbt.h"
#include "intent/bitcoin/wire.h"

/* P2SH may wrap a witness program: then a witness UTXO is in its place. */
static bool has_witness_program(const zc_psbt_map *map, zc_slice script)
{
    if (zc_btc_script_kind_of(script) == ZC_BTC_P2SH) {
        if (!zc_psbt_has(map, ZC_PSBT_REDEEM)) {
            return true; /* nobody can tell yet; nothing is signed before it is known */
        }
        script = map->slot[ZC_PSBT_REDEEM];
    }
    switch (zc_btc_script_kind_of(script)) {
    case ZC_BTC_P2WPKH:
    case ZC_BTC_P2WSH:
    case ZC_BTC_P2TR:
    case ZC_BTC_WITNESS:
        return true;
    default:
        return false;
    }
}

static zc_result from_previous_tx(zc_psbt *psbt, size_t at)
{
    uint8_t txid[ZC_BTC_TXID_SIZE];
    const zc_btc_input *input = &psbt->tx.inputs[at];
    zc_result result = zc_btc_tx_output(psbt->inputs[at].slot[ZC_PSBT_PREVIOUS_TX], input->index,
                                        txid, &psbt->spent[at]);
    if (zc_is(result, ZC_INTENT_PSBT_PREVIOUS_TX)) {
        return result;
    }
    if (!zc_ok(result)) {
        return zc_fail(ZC_INTENT_BITCOIN_TX);
    }
    if (memcmp(txid, input->txid, sizeof(txid)) != 0) {
        return zc_fail(ZC_INTENT_PSBT_PREVIOUS_TX);
    }
    psbt->is_known[at] = true;
    psbt->is_proven[at] = true;
    return ZC_OK;
}

static zc_result from_witness_utxo(zc_psbt *psbt, size_t at)
{
    const zc_psbt_map *map = &psbt->inputs[at];
    zc_reader reader = zc_reader_of(map->slot[ZC_PSBT_WITNESS_UTXO]);
    zc_btc_output claimed;
    if (!zc_ok(zc_btc_read_output(&reader, &claimed)) || !zc_ok(zc_reader_end(&reader))) {
        return zc_fail(ZC_INTENT_PSBT_RECORD);
    }
    if (!has_witness_program(map, claimed.script)) {
        return zc_fail(ZC_INTENT_PSBT_WITNESS_UTXO);
    }
    if (psbt->is_known[at] && (psbt->spent[at].amount != claimed.amount ||
                               !zc_slice_eq(psbt->spent[at].script, claimed.script))) {
        return zc_fail(ZC_INTENT_PSBT_UTXO_CONFLICT);
    }
    psbt->spent[at] = claimed;
    psbt->is_known[at] = true;
    return ZC_OK;
}

/* Each script given must be the one that the script around it commits to. */
static zc_result check_scripts(const zc_psbt_map *map, zc_slice script)
{
    uint8_t hash[32];
    zc_slice payload = zc_btc_script_payload(script);
    if (zc_psbt_has(map, ZC_PSBT_REDEEM)) {
        zc_hash160(map->slot[ZC_PSBT_REDEEM], hash);
        if (zc_btc_script_kind_of(script) != ZC_BTC_P2SH || memcmp(hash, payload.data, 20) != 0) {
            return zc_fail(ZC_INTENT_PSBT_SCRIPT_MISMATCH);
        }
        script = map->slot[ZC_PSBT_REDEEM];
        payload = zc_btc_script_payload(script);
    }
    if (zc_psbt_has(map, ZC_PSBT_WITNESS_SCRIPT)) {
        zc_sha256(map->slot[ZC_PSBT_WITNESS_SCRIPT], hash);
        if (zc_btc_script_kind_of(script) != ZC_BTC_P2WSH || memcmp(hash, payload.data, 32) != 0) {
            return zc_fail(ZC_INTENT_PSBT_SCRIPT_MISMATCH);
        }
    }
    return ZC_OK;
}

static zc_result resolve_input(zc_psbt *psbt, size_t at)
{
    const zc_psbt_map *map = &psbt->inputs[at];
    psbt->is_known[at] = false;
    psbt->is_proven[at] = false;
    psbt->spent[at] = (zc_btc_output){0};
    if (zc_psbt_has(map, ZC_PSBT_PREVIOUS_TX)) {
        ZC_TRY(from_previous_tx(psbt, at));
    }
    if (zc_psbt_has(map, ZC_PSBT_WITNESS_UTXO)) {
        ZC_TRY(from_witness_utxo(psbt, at));
    }
    if (!psbt->is_known[at]) {
        return ZC_OK;
    }
    if (psbt->spent[at].amount > ZC_BTC_MAX_MONEY) {
        return zc_fail(ZC_INTENT_BITCOIN_AMOUNT);
    }
    return check_scripts(map, psbt->spent[at].script);
}

static bool is_spent_before(const zc_btc_tx *tx, size_t at)
{
    const zc_btc_input *input = &tx->inputs[at];
    for (size_t i = 0; i < at; i++) {
        if (tx->inputs[i].index == input->index &&
            memcmp(tx->inputs[i].txid, input->txid, ZC_BTC_TXID_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

zc_result zc_psbt_resolve(zc_psbt *psbt)
{
    for (size_t i = 0; i < psbt->tx.input_count; i++) {
        if (is_spent_before(&psbt->tx, i)) {
            return zc_fail(ZC_INTENT_BITCOIN_INPUT_TWICE);
        }
        ZC_TRY(resolve_input(psbt, i));
    }
    return ZC_OK;
}

static zc_psbt_rules rules_of(zc_btc_script_kind kind)
{
    switch (kind) {
    case ZC_BTC_P2WPKH:
    case ZC_BTC_P2WSH:
        return ZC_PSBT_V0;
    case ZC_BTC_P2TR:
        return ZC_PSBT_TAPROOT;
    default:
        return ZC_PSBT_LEGACY;
    }
}

static void enter(zc_psbt_lock *lock, zc_slice script)
{
    lock->script = script;
    lock->kind = zc_btc_script_kind_of(script);
}

zc_psbt_lock zc_psbt_lock_of(const zc_psbt *psbt, size_t input)
{
    const zc_psbt_map *map = &psbt->inputs[input];
    zc_psbt_lock lock = {0};
    enter(&lock, psbt->spent[input].script);
    if (lock.kind == ZC_BTC_P2SH && zc_psbt_has(map, ZC_PSBT_REDEEM)) {
        lock.is_p2sh = true;
        enter(&lock, map->slot[ZC_PSBT_REDEEM]);
        /* BIP-341 gives taproot no meaning inside P2SH, nor has P2SH one inside itself. */
        if (lock.kind == ZC_BTC_P2TR || lock.kind == ZC_BTC_P2SH) {
            lock.kind = ZC_BTC_ODD;
        }
    }
    lock.rules = rules_of(lock.kind);
    if (lock.kind == ZC_BTC_P2WSH && zc_psbt_has(map, ZC_PSBT_WITNESS_SCRIPT)) {
        lock.is_p2wsh = true;
        enter(&lock, map->slot[ZC_PSBT_WITNESS_SCRIPT]);
        /* As the innermost script only those have a meaning that are no address forms. */
        if (lock.kind != ZC_BTC_P2PK && lock.kind != ZC_BTC_P2PKH && lock.kind != ZC_BTC_MULTISIG) {
            lock.kind = ZC_BTC_ODD;
        }
    }
    return lock;
}

zc_slice zc_psbt_script_code(const zc_psbt_lock *lock, zc_address *storage)
{
    if (lock->kind != ZC_BTC_P2WPKH) {
        return lock->script;
    }
    *storage = zc_btc_script_make(ZC_BTC_P2PKH, zc_btc_script_payload(lock->script).data);
    return zc_address_slice(storage);
}
