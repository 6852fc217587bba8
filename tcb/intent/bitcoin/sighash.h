/* What a signature commits to: the digests of old-style, segwit version 0 (BIP-143) and taproot key
 * path (BIP-341) spending. */
#ifndef ZC_INTENT_BITCOIN_SIGHASH_H
#define ZC_INTENT_BITCOIN_SIGHASH_H

#include "intent/bitcoin/tx.h"

enum {
    ZC_BTC_SIGHASH_DEFAULT = 0, /* taproot only */
    ZC_BTC_SIGHASH_ALL = 1,
    ZC_BTC_SIGHASH_NONE = 2,
    ZC_BTC_SIGHASH_SINGLE = 3,
    ZC_BTC_SIGHASH_ANYONECANPAY = 0x80,
};

/* Single SHA-256 of what many signatures share. */
typedef struct zc_btc_hashes {
    uint8_t prevouts[32];
    uint8_t sequences[32];
    uint8_t outputs[32];
    uint8_t amounts[32]; /* of the spent outputs; these two only for taproot */
    uint8_t scripts[32];
} zc_btc_hashes;

/* `spent` has an entry for each input, or is NULL where no taproot signature is made. */
void zc_btc_hashes_make(const zc_btc_tx *tx, const zc_btc_output *spent, zc_btc_hashes *ret_hashes);

/* Any 32-bit type, as consensus has it: SINGLE without an output, and an input that does not exist,
 * give the number 1. `code` is hashed without its OP_CODESEPARATORs. */
void zc_btc_sighash_legacy(const zc_btc_tx *tx, size_t input, zc_slice code, uint32_t type,
                           uint8_t ret_digest[static 32]);
void zc_btc_sighash_v0(const zc_btc_tx *tx, const zc_btc_hashes *hashes, size_t input,
                       zc_slice code, uint64_t amount, uint32_t type,
                       uint8_t ret_digest[static 32]);
/* SINGLE without an output must have been refused. */
void zc_btc_sighash_taproot(const zc_btc_tx *tx, const zc_btc_hashes *hashes,
                            const zc_btc_output *spent, size_t input, uint8_t type,
                            uint8_t ret_digest[static 32]);

#endif
