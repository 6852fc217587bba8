/* Transactions as the network carries them. A view: all slices borrow the bytes that were parsed.
 */
#ifndef ZC_INTENT_BITCOIN_TX_H
#define ZC_INTENT_BITCOIN_TX_H

#include "base/reader.h"
#include "intent/bitcoin.h"

/* 21 million bitcoins in satoshi: no amount and no sum of amounts is more. */
#define ZC_BTC_MAX_MONEY UINT64_C(2100000000000000)
#define ZC_BTC_TXID_SIZE 32

typedef struct zc_btc_input {
    uint8_t txid[ZC_BTC_TXID_SIZE]; /* as in the bytes: explorers show it reversed */
    uint32_t index;
    uint32_t sequence;
    zc_slice script_sig;
    zc_slice witness; /* the stack with its count; empty where there is none */
} zc_btc_input;

typedef struct zc_btc_output {
    uint64_t amount; /* satoshi */
    zc_slice script; /* scriptPubKey */
} zc_btc_output;

typedef struct zc_btc_tx {
    uint32_t version;
    uint32_t locktime;
    uint32_t input_count;
    uint32_t output_count;
    bool has_witness;
    zc_btc_input inputs[ZC_PSBT_MAX_INPUTS];
    zc_btc_output outputs[ZC_PSBT_MAX_OUTPUTS];
} zc_btc_tx;

/* All of `bytes`, in witness form (BIP-144) only where `may_have_witness`. Amounts are not judged.
 * Errors: ZC_INTENT_BITCOIN_TX, ZC_INTENT_PSBT_TOO_MANY; truncation and trailing bytes of base. */
ZC_MUST_USE zc_result zc_btc_tx_parse(zc_slice bytes, bool may_have_witness, zc_btc_tx *ret_tx);

/* The txid of a transaction of any shape, and its output `index`. Reads it to the last byte without
 * keeping more. Errors as above; ZC_INTENT_PSBT_PREVIOUS_TX when there is no such output. */
ZC_MUST_USE zc_result zc_btc_tx_output(zc_slice bytes, uint32_t index,
                                       uint8_t ret_txid[static ZC_BTC_TXID_SIZE],
                                       zc_btc_output *ret_output);

/* One output, amount and script. */
ZC_MUST_USE zc_result zc_btc_read_output(zc_reader *reader, zc_btc_output *ret_output);
/* Bytes of the transaction without witnesses and with empty input scripts. */
size_t zc_btc_tx_base_size(const zc_btc_tx *tx);

#endif
