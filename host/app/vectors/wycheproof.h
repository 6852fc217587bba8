/* The suites of C2SP's Wycheproof: groups of tests, each valid, invalid or acceptable. */
#ifndef ZC_VECTORS_WYCHEPROOF_H
#define ZC_VECTORS_WYCHEPROOF_H

#include "fields.h"

/* One test. Ends with zc_report_skip(), or returns true to be counted by what it found. */
typedef bool zc_wycheproof_fn(zc_report *report, const json_t *group, const json_t *test,
                              zc_expect expect);

bool zc_wycheproof_ecdsa(zc_report *report, const json_t *group, const json_t *test,
                         zc_expect expect);
bool zc_wycheproof_ed25519(zc_report *report, const json_t *group, const json_t *test,
                           zc_expect expect);
bool zc_wycheproof_gcm(zc_report *report, const json_t *group, const json_t *test,
                       zc_expect expect);
bool zc_wycheproof_hkdf_sha256(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect);
bool zc_wycheproof_hkdf_sha512(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect);
bool zc_wycheproof_hmac_sha256(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect);
bool zc_wycheproof_hmac_sha512(zc_report *report, const json_t *group, const json_t *test,
                               zc_expect expect);
bool zc_wycheproof_x25519(zc_report *report, const json_t *group, const json_t *test,
                          zc_expect expect);

bool zc_wycheproof_rsa_pkcs1(zc_report *report, const json_t *group, const json_t *test,
                             zc_expect expect);
bool zc_wycheproof_rsa_pss(zc_report *report, const json_t *group, const json_t *test,
                           zc_expect expect);

void zc_run_wycheproof(zc_report *report, json_t *root);

#endif
