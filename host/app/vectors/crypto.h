/* Groups of the folder crypto. */
#ifndef ZC_VECTORS_CRYPTO_H
#define ZC_VECTORS_CRYPTO_H

#include "fields.h"

void zc_run_ed25519_sign(zc_report *report, json_t *root);
void zc_run_ed25519_zip215(zc_report *report, json_t *root);
void zc_run_ed25519_edge_cases(zc_report *report, json_t *root);
void zc_run_rfc6979_nist(zc_report *report, json_t *root);
void zc_run_rfc6979_k(zc_report *report, json_t *root);
void zc_run_rfc6979_secp256k1(zc_report *report, json_t *root);

#endif
