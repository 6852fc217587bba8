/* Signatures as scripts and witnesses carry them. */
#ifndef ZC_INTENT_BITCOIN_PSBT_SIGNATURE_H
#define ZC_INTENT_BITCOIN_PSBT_SIGNATURE_H

#include "base/writer.h"
#include "crypto/signer.h"

/* DER of an ECDSA signature with low s, and the hash type. */
#define ZC_BTC_MAX_SIGNATURE 73

ZC_MUST_USE zc_result zc_btc_write_ecdsa(zc_writer *writer, const zc_signature *signature,
                                         uint8_t sighash_type);
/* 64 bytes, and the hash type unless it is DEFAULT. */
ZC_MUST_USE zc_result zc_btc_write_schnorr(zc_writer *writer, const zc_signature *signature,
                                           uint8_t sighash_type);

#endif
