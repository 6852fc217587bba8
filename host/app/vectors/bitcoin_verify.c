/* Whether a transaction's input is unlocked: what the network would say of the few locks that the
 * product signs for. Only here: the product itself never has to judge other people's signatures. */
#include "bitcoin.h"
#include "crypto/der.h"
#include "crypto/hash160.h"
#include "crypto/schnorr.h"
#include "crypto/verify.h"
#include "intent/bitcoin/script.h"
#include "intent/bitcoin/wire.h"

enum { MAX_ITEMS = 24 };

typedef struct zc_stack {
    size_t count;
    zc_slice item[MAX_ITEMS];
} zc_stack;

typedef struct zc_spend {
    const zc_btc_tx *tx;
    const zc_btc_output *spent;
    size_t input;
    zc_btc_hashes hashes;
    bool is_v0;
    bool *supported;
} zc_spend;

static bool read_pushes(zc_slice script, zc_stack *ret_stack)
{
    zc_reader reader = zc_reader_of(script);
    uint8_t opcode;
    zc_slice data;
    ret_stack->count = 0;
    while (zc_btc_script_next(&reader, &opcode, &data)) {
        if (opcode > ZC_BTC_OP_PUSHDATA4 || ret_stack->count == MAX_ITEMS) {
            return false;
        }
        ret_stack->item[ret_stack->count++] = data;
    }
    return zc_reader_left(&reader) == 0;
}

static bool read_witness(zc_slice witness, zc_stack *ret_stack)
{
    zc_reader reader = zc_reader_of(witness);
    uint64_t count = 0;
    ret_stack->count = 0;
    if (witness.len == 0) {
        return true;
    }
    if (!zc_ok(zc_btc_read_count(&reader, &count)) || count > MAX_ITEMS) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!zc_ok(zc_btc_read_bytes(&reader, &ret_stack->item[ret_stack->count++]))) {
            return false;
        }
    }
    return zc_reader_left(&reader) == 0;
}

static bool check_ecdsa(const zc_spend *spend, zc_slice code, zc_slice key, zc_slice signature)
{
    zc_pubkey point;
    uint8_t digest[32];
    if (!zc_is_canonical_signature(signature) ||
        signature.data[signature.len - 1] != ZC_BTC_SIGHASH_ALL ||
        !zc_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, key, &point))) {
        return false;
    }
    if (spend->is_v0) {
        zc_btc_sighash_v0(spend->tx, &spend->hashes, spend->input, code,
                          spend->spent[spend->input].amount, ZC_BTC_SIGHASH_ALL, digest);
    } else {
        zc_btc_sighash_legacy(spend->tx, spend->input, code, ZC_BTC_SIGHASH_ALL, digest);
    }
    return zc_ok(
        zc_verify_digest_der(&point, digest, zc_slice_of(signature.data, signature.len - 1)));
}

static bool check_key_hash(const zc_spend *spend, zc_slice hash, const zc_stack *items)
{
    uint8_t own[20];
    if (items->count != 2) {
        return false;
    }
    zc_hash160(items->item[1], own);
    zc_address code = zc_btc_script_make(ZC_BTC_P2PKH, own);
    return zc_slice_eq(hash, ZC_SLICE_OF_ARRAY(own)) &&
           check_ecdsa(spend, zc_address_slice(&code), items->item[1], items->item[0]);
}

static bool check_multisig(const zc_spend *spend, zc_slice script, const zc_stack *items)
{
    zc_btc_multisig multisig;
    if (!zc_btc_script_multisig(script, &multisig)) {
        *spend->supported = false;
        return false;
    }
    if (items->count != 1u + multisig.required || items->item[0].len != 0) {
        return false;
    }
    size_t next = 1;
    for (size_t i = 0; i < multisig.count && next < items->count; i++) {
        next += check_ecdsa(spend, script, multisig.keys[i], items->item[next]);
    }
    return next == items->count;
}

static bool check_taproot(const zc_spend *spend, zc_slice key, const zc_stack *items)
{
    uint8_t digest[32];
    if (items->count != 1) {
        *spend->supported = false;
        return false;
    }
    zc_slice signature = items->item[0];
    uint8_t type = signature.len == 65 ? signature.data[64] : ZC_BTC_SIGHASH_DEFAULT;
    if ((signature.len != 64 && signature.len != 65) ||
        (signature.len == 65 && type != ZC_BTC_SIGHASH_ALL)) {
        return false;
    }
    zc_btc_sighash_taproot(spend->tx, &spend->hashes, spend->spent, spend->input, type, digest);
    return zc_ok(zc_schnorr_verify(key.data, ZC_SLICE_OF_ARRAY(digest), signature.data));
}

static bool is_hash160_of(zc_slice hash, zc_slice script)
{
    uint8_t own[20];
    zc_hash160(script, own);
    return zc_slice_eq(hash, ZC_SLICE_OF_ARRAY(own));
}

static bool check_witness_script(const zc_spend *spend, zc_slice hash, zc_stack *items)
{
    uint8_t own[32];
    if (items->count == 0) {
        return false;
    }
    zc_slice script = items->item[--items->count];
    zc_sha256(script, own);
    return zc_slice_eq(hash, ZC_SLICE_OF_ARRAY(own)) && check_multisig(spend, script, items);
}

static bool check_program(zc_spend *spend, zc_slice script, const zc_btc_input *input)
{
    zc_stack items;
    zc_slice payload = zc_btc_script_payload(script);
    if (!read_witness(input->witness, &items)) {
        return false;
    }
    spend->is_v0 = true;
    switch (zc_btc_script_kind_of(script)) {
    case ZC_BTC_P2WPKH:
        return check_key_hash(spend, payload, &items);
    case ZC_BTC_P2WSH:
        return check_witness_script(spend, payload, &items);
    case ZC_BTC_P2TR:
        return check_taproot(spend, payload, &items);
    default:
        *spend->supported = false;
        return false;
    }
}

static bool check_p2sh(zc_spend *spend, zc_slice hash, const zc_btc_input *input)
{
    zc_stack items;
    if (!read_pushes(input->script_sig, &items) || items.count == 0) {
        return false;
    }
    zc_slice redeem = items.item[--items.count];
    if (!is_hash160_of(hash, redeem)) {
        return false;
    }
    zc_btc_script_kind kind = zc_btc_script_kind_of(redeem);
    if (kind == ZC_BTC_P2WPKH || kind == ZC_BTC_P2WSH) {
        return items.count == 0 && check_program(spend, redeem, input);
    }
    return check_multisig(spend, redeem, &items);
}

bool zc_bitcoin_verify_input(const zc_btc_tx *tx, const zc_btc_output *spent, size_t input,
                             bool *ret_supported)
{
    zc_stack items;
    zc_spend spend = {.tx = tx, .spent = spent, .input = input, .supported = ret_supported};
    const zc_btc_input *from = &tx->inputs[input];
    zc_slice script = spent[input].script;
    *ret_supported = true;
    zc_btc_hashes_make(tx, spent, &spend.hashes);
    switch (zc_btc_script_kind_of(script)) {
    case ZC_BTC_P2PKH:
        return from->witness.len <= 1 && read_pushes(from->script_sig, &items) &&
               check_key_hash(&spend, zc_btc_script_payload(script), &items);
    case ZC_BTC_P2SH:
        return check_p2sh(&spend, zc_btc_script_payload(script), from);
    default:
        return from->script_sig.len == 0 && check_program(&spend, script, from);
    }
}
