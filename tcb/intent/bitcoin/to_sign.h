/* The parts of a message signature (BIP-322), for those who make and those who check one. */
#ifndef ZC_INTENT_BITCOIN_TO_SIGN_H
#define ZC_INTENT_BITCOIN_TO_SIGN_H

#include "intent/bitcoin/tx.h"

void zc_bip322_message_hash(zc_slice message, uint8_t ret_hash[static 32]);
/* Of the transaction whose only output the message's signature spends; it pays to `script`. */
void zc_bip322_to_spend_txid(zc_slice message, zc_slice script,
                             uint8_t ret_txid[static ZC_BTC_TXID_SIZE]);
/* The transaction that spends it, unsigned. */
void zc_bip322_to_sign(zc_slice message, zc_slice script, zc_btc_tx *ret_tx);
/* The older "Bitcoin Signed Message". */
void zc_bitcoin_message_digest(zc_slice message, uint8_t ret_digest[static 32]);

#endif
