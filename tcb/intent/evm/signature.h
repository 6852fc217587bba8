/* Private to the module: signatures as EVM transactions carry them. */
#ifndef ZC_INTENT_EVM_SIGNATURE_H
#define ZC_INTENT_EVM_SIGNATURE_H

#include "base/writer.h"
#include "crypto/signer.h"
#include "intent/evm/fields.h"

/* 0 < r < n and 0 < s ≤ n/2 (EIP-2): ZC_INTENT_SIGNATURE_RANGE, ZC_INTENT_SIGNATURE_HIGH_S. */
ZC_MUST_USE zc_result zc_evm_check_rs(const zc_u256 *r, const zc_u256 *s);

/* Reads the v of a signed transaction: the parity of R's y, and for a legacy one the chain (27 and
 * 28 name none, 35 + 2·chain + parity names one). ZC_INTENT_SIGNATURE_V, ZC_INTENT_CHAIN_ID. */
ZC_MUST_USE zc_result zc_evm_read_v(zc_evm_tx *tx, uint8_t *ret_parity);

/* Writes what a signed transaction's signature was made over. */
ZC_MUST_USE zc_result zc_evm_write_signing_payload(const zc_evm_tx *tx, zc_writer *writer);

/* Keccak-256 of 0x05 ‖ rlp([chain id, address, nonce]): what an authorization signs. */
ZC_MUST_USE zc_result zc_evm_authorization_digest(const zc_evm_authorization *tuple,
                                                  uint8_t ret_digest[static 32]);

#endif
