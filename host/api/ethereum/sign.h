/* Signing for accounts. A false, or a NULL, means that the call has failed and says why. */
#ifndef ZC_API_ETHEREUM_SIGN_H
#define ZC_API_ETHEREUM_SIGN_H

#include "api/ethereum/account.h"
#include "support/bytes.h"

/* How the last byte of r ‖ s ‖ v is written: 27 and 28 as wallets do, or 0 and 1. */
typedef enum zc_signature_v { ZC_V_WALLET = 27, ZC_V_PARITY = 0 } zc_signature_v;
json_t *zc_account_signature_json(const zcp_signature *signature, zc_signature_v v);

bool zc_account_sign(zc_rpc_call *call, const zcp_sign_request *request,
                     zcp_signature *ret_signature);
/* A personal message (EIP-191 version 0x45): data in hexadecimal. The result is the signature. */
void zc_account_sign_message(zc_rpc_call *call, const json_t *address, const json_t *message);
/* EIP-712, as an object or as text that holds one. */
bool zc_account_sign_typed_data(zc_rpc_call *call, const json_t *address, const json_t *data,
                                zcp_signature *ret_signature);
/* What policy cannot look into: it needs the raw use of the key. */
bool zc_account_sign_digest(zc_rpc_call *call, const json_t *address,
                            const uint8_t digest[static 32], zcp_signature *ret_signature);

typedef struct zc_signed_transaction {
    zc_bytes raw; /* the caller clears */
    uint8_t type;
    zcp_signature signature;
} zc_signed_transaction;

/* Signs a transaction object (ethereum/transaction.h). The interface's chain is filled in where
 * chainId is missing; one of another chain is an error. */
bool zc_account_sign_transaction(zc_rpc_call *call, json_t *object,
                                 zc_signed_transaction *ret_signed);
/* Methods that interfaces share: (address, data) for a personal message; (address, typed data);
 * (transaction) with the answer of zc_account_envelope(). */
void zc_account_run_message(zc_rpc_call *call);
void zc_account_run_typed_data(zc_rpc_call *call);
void zc_account_run_transaction(zc_rpc_call *call);

/* {"raw", "tx"}, as execution clients answer: with v, r, s and hash. */
json_t *zc_account_envelope(const json_t *object, const zc_signed_transaction *made);

#endif
