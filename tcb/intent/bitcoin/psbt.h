/* A PSBT, taken apart: the transaction that it is about and what is said of its inputs and outputs.
 *
 * Everything borrows the bytes. What has been parsed is sound by itself; what it says of the spent
 * outputs is held against the previous transactions by zc_psbt_resolve(). About 100 KiB. */
#ifndef ZC_INTENT_BITCOIN_PSBT_H
#define ZC_INTENT_BITCOIN_PSBT_H

#include "intent/bitcoin/psbt_record.h"
#include "intent/bitcoin/script.h"
#include "intent/bitcoin/tx.h"

typedef struct zc_psbt {
    zc_slice bytes;
    uint32_t version; /* 0 or 2 */
    zc_psbt_map global;
    zc_btc_tx tx; /* as it would be signed, whichever the version */
    zc_psbt_map inputs[ZC_PSBT_MAX_INPUTS];
    zc_psbt_map outputs[ZC_PSBT_MAX_OUTPUTS];
    /* By zc_psbt_resolve(): */
    bool is_known[ZC_PSBT_MAX_INPUTS];  /* `spent` says what the input spends */
    bool is_proven[ZC_PSBT_MAX_INPUTS]; /* and the previous transaction says so too */
    zc_btc_output spent[ZC_PSBT_MAX_INPUTS];
} zc_psbt;

/* All of `bytes`. On failure *ret_offset is where. Errors: ZC_INTENT_PSBT_…, ZC_INTENT_BITCOIN_TX,
 * truncation and trailing bytes of base, ZC_INTENT_TOO_LONG. */
ZC_MUST_USE zc_result zc_psbt_parse(zc_slice bytes, zc_psbt *ret_psbt, size_t *ret_offset);

/* Establishes what the inputs spend, and that the scripts given are the ones committed to. Errors:
 * ZC_INTENT_PSBT_PREVIOUS_TX, _UTXO_CONFLICT, _WITNESS_UTXO, _SCRIPT_MISMATCH,
 * ZC_INTENT_BITCOIN_AMOUNT, ZC_INTENT_BITCOIN_INPUT_TWICE. */
ZC_MUST_USE zc_result zc_psbt_resolve(zc_psbt *psbt);

/* How an input is unlocked. */
typedef enum zc_psbt_rules {
    ZC_PSBT_LEGACY, /* signatures in the input's script */
    ZC_PSBT_V0,     /* in its witness, BIP-143 */
    ZC_PSBT_TAPROOT,
} zc_psbt_rules;

typedef struct zc_psbt_lock {
    zc_psbt_rules rules;
    bool is_p2sh;
    bool is_p2wsh;
    zc_btc_script_kind kind; /* of `script`: P2PK, P2PKH, P2WPKH, MULTISIG, P2TR, or what is not
                                signed for; P2SH or P2WSH where its script is not given */
    zc_slice script;         /* the innermost */
} zc_psbt_lock;

/* For an input that is_known. */
zc_psbt_lock zc_psbt_lock_of(const zc_psbt *psbt, size_t input);
/* The script that signatures commit to, BIP-143's scriptCode included; it is `lock->script` or is
 * made in `storage`. */
zc_slice zc_psbt_script_code(const zc_psbt_lock *lock, zc_address *storage);
bool zc_psbt_is_final(const zc_psbt *psbt, size_t input);
/* The partial signature of a key of 33 or 65 bytes, hash type included. */
bool zc_psbt_partial_signature(const zc_psbt *psbt, size_t input, zc_slice key,
                               zc_slice *ret_signature);

#endif
