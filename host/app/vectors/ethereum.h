/* Groups of the folder ethereum. */
#ifndef ZC_VECTORS_ETHEREUM_H
#define ZC_VECTORS_ETHEREUM_H

#include "base/secret.h"
#include "crypto/signer.h"
#include "fields.h"
#include "intent/intent.h"

void zc_run_rlp_tests(zc_report *report, json_t *root);
void zc_run_ethers_rlp(zc_report *report, json_t *root);
void zc_run_transaction_tests(zc_report *report, json_t *root);
void zc_run_ethers_all_types(zc_report *report, json_t *root);
void zc_run_ethers_legacy(zc_report *report, json_t *root);
void zc_run_ethers_typed(zc_report *report, json_t *root);
void zc_run_eth_account(zc_report *report, json_t *root);
void zc_run_txtest(zc_report *report, json_t *root);
void zc_run_accounts(zc_report *report, json_t *root);
void zc_run_keyaddr(zc_report *report, json_t *root);
void zc_run_create(zc_report *report, json_t *root);
void zc_run_hashes(zc_report *report, json_t *root);
void zc_run_hmacs(zc_report *report, json_t *root);
void zc_run_personal_sign(zc_report *report, json_t *root);
void zc_run_trezor(zc_report *report, json_t *root);
void zc_run_ronin(zc_report *report, json_t *root);
void zc_run_authorization(zc_report *report, json_t *root);
void zc_run_multi_send(zc_report *report, json_t *root);
/* Cases of one trezor file whose keys are derived from its mnemonic. */
void zc_run_trezor_derived(zc_report *report, const json_t *setup, const json_t *test);
/* The flags and calls of a published incident's calldata. */
void zc_check_incident(zc_report *report, const json_t *test);

/* The secp256k1 signer of a field; the caller clears it. False, with a problem, if it is none. */
bool zc_field_signer(zc_report *report, const json_t *object, const char *key, zc_signer *signer);
/* The signer's account holds this address, given in hex of any case. */
void zc_check_address(zc_report *report, const zc_signer *signer, const json_t *object,
                      const char *key);
/* Decodes the unsigned transaction, signs it deterministically, writes it signed and reads that
 * again: the bytes are the published ones, the sender is the signer. `transaction` holds the fields
 * that it was made of, or is NULL. */
void zc_check_signing(zc_report *report, const zc_signer *signer, const json_t *transaction,
                      zc_slice unsigned_tx, zc_slice signed_tx);
/* An intent holds what the fields of a transaction say, as ethers names them. */
void zc_check_fields(zc_report *report, const json_t *transaction, const zc_intent *intent);

/* Builds a transaction's unsigned bytes from JSON (gas, gasPrice, maxFeePerGas, … as JSON-RPC names
 * them), with the product's RLP writer. Types 0 (no chain id: without EIP-155) to 4. */
zc_slice zc_build_unsigned(zc_report *report, const json_t *transaction, unsigned type);

#endif
