/* A transaction object, as wallets send it, to the bytes that the enclave reads. */
#ifndef ZC_API_ETHEREUM_TRANSACTION_H
#define ZC_API_ETHEREUM_TRANSACTION_H

#include "api/ethereum/quantity.h"

/* Appends the unsigned transaction that the object describes. The type follows from the fields
 * (EIP-2718): authorizationList 4, blobVersionedHashes 3, maxFeePerGas 2, accessList 1, else 0; a
 * "type" that says another is an error. Nothing is filled in: chainId, nonce, gas and a price must
 * be there. `data` and `input` may both stand there when they are equal. `from` is not looked at.
 * An unknown field is an error: it would not be signed. False with what is wrong. */
bool zc_transaction_write(json_t *object, zc_bytes *ret_unsigned, char ret_why[static 128]);

#endif
