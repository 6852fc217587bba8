/* Typed data (EIP-712) among the groups of the folder ethereum. */
#ifndef ZC_VECTORS_ETHEREUM_TYPED_H
#define ZC_VECTORS_ETHEREUM_TYPED_H

#include "fields.h"
#include "intent/typed_data.h"

/* Cases with a digest (ethers). */
void zc_run_typed_data(zc_report *report, json_t *root);
/* Cases with `message_type`: typed data, messages and authorizations (Trust Wallet). */
void zc_run_trust_messages(zc_report *report, json_t *root);
/* Safe transactions with their hash. */
void zc_run_safe_tx(zc_report *report, json_t *root);

/* Converts typed data from JSON and decodes it. False with a problem when it cannot be. */
bool zc_typed_decode(zc_report *report, const json_t *typed_data,
                     const zc_typed_data_expectation *expected, zc_intent *ret_intent);
/* A case of Trezor's with `data`: the hashes that it names, and the signature's account. */
void zc_check_trezor_typed(zc_report *report, const json_t *parameters, const json_t *result);
/* Why such a case is not used; NULL when it is. */
const char *zc_trezor_typed_skip(const json_t *parameters);

/* Signs the digest deterministically and compares r ‖ s and the parity, which v says in one of
 * three ways: 0 and 1, 27 and 28, or 35 + 2 · chain + parity, cut to a byte. */
void zc_check_rsv(zc_report *report, const json_t *test, const uint8_t digest[static 32]);
/* The account that made r ‖ s ‖ v. */
bool zc_recover_rsv(zc_report *report, const uint8_t digest[static 32], zc_slice rsv,
                    uint8_t ret_account[static ZC_EVM_ADDRESS_SIZE]);

#endif
