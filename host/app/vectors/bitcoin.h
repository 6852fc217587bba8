/* Groups of the folder bitcoin. */
#ifndef ZC_VECTORS_BITCOIN_H
#define ZC_VECTORS_BITCOIN_H

#include "crypto/signer.h"
#include "fields.h"
#include "intent/bitcoin.h"
#include "intent/bitcoin/sighash.h"

void zc_run_psbt_cases(zc_report *report, json_t *root);
void zc_run_psbt_roles(zc_report *report, json_t *root);
void zc_run_bip322(zc_report *report, json_t *root);
void zc_run_bip341(zc_report *report, json_t *root);
void zc_run_bip340(zc_report *report, const char *text);
void zc_run_bip143(zc_report *report, const char *text);
void zc_run_bip32_text(zc_report *report, const char *text);
void zc_run_bech32_text(zc_report *report, const char *text);
void zc_run_psbt_text(zc_report *report, const char *text);
void zc_run_bip32(zc_report *report, json_t *root);
void zc_run_slip10(zc_report *report, json_t *root);
void zc_run_bitcoin_addresses(zc_report *report, json_t *root);
void zc_run_bitcoin_signatures(zc_report *report, json_t *root);
void zc_run_bitcoin_ecdsa(zc_report *report, json_t *root);
void zc_run_base58_keys(zc_report *report, json_t *root);
void zc_run_canonical(zc_report *report, json_t *root);
void zc_run_sighash(zc_report *report, json_t *root);

/* A private key as wallets export it, of a compressed public key or not. */
bool zc_wif_read(const char *text, zc_secret32 *ret_key, bool *ret_is_compressed,
                 bool *ret_is_test);
/* The account of a private key on a network. The caller clears the signer. */
bool zc_bitcoin_account_of(zc_report *report, const zc_secret32 *key, uint64_t chain,
                           zc_signer *ret_signer, zc_bitcoin_account *ret_account);
/* Makes the signature that is asked for, without randomness. */
zc_result zc_bitcoin_sign(const zc_signer *signer, const zc_bitcoin_signing *signing,
                          zc_signature *ret_signature);
/* scriptPubKey of an address of any of the networks. */
bool zc_bitcoin_address_script(const char *text, zc_address *ret_script, uint64_t *ret_chain);
/* A DER signature with a hash type as BIP-66 wants it. */
bool zc_is_canonical_signature(zc_slice bytes);

/* Whether input `input` unlocks what it spends. Locks: P2PKH, P2WPKH, multisig, and both in P2SH or
 * P2WSH, taproot's key path. `*ret_supported` is false for others, which the product does not sign
 * for. */
bool zc_bitcoin_verify_input(const zc_btc_tx *tx, const zc_btc_output *spent, size_t input,
                             bool *ret_supported);

#endif
