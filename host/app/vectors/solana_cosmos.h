/* Groups of the folder solana_cosmos. */
#ifndef ZC_VECTORS_SOLANA_COSMOS_H
#define ZC_VECTORS_SOLANA_COSMOS_H

#include "crypto/signer.h"
#include "fields.h"

void zc_run_solana_signed(zc_report *report, json_t *root);
void zc_run_solana_transfer(zc_report *report, json_t *root);
void zc_run_solana_trezor(zc_report *report, json_t *root);
void zc_run_cosmos_sign_doc(zc_report *report, json_t *root);

/* The signer at a path below a mnemonic (BIP-39), by SLIP-10 (Ed25519) or BIP-32 (secp256k1). The
 * caller clears it. False, with a problem, if there is none. */
bool zc_mnemonic_signer(zc_report *report, zc_curve curve, const char *mnemonic,
                        const char *passphrase, const char *path, zc_signer *signer);

/* The message that a case's "construct" describes; empty, with a problem, if it describes none.
 * `*ret_known` is how many of its instructions name their fields. */
zc_slice zc_build_solana(zc_report *report, const json_t *construct, size_t *ret_known);
/* 32 bytes of a base58 text. */
bool zc_solana_key_of(zc_report *report, const char *text, uint8_t ret_key[static 32]);

#endif
