/* How Intel rates a platform: TCB info and QE identity. Only for this module.
 * Source: Intel, SGX and TDX Provisioning Certification Service API v4. */
#ifndef ZC_EVIDENCE_TCB_H
#define ZC_EVIDENCE_TCB_H

#include <jansson.h>

#include "pck.h"
#include "quote_parse.h"

/* A rating and the advisories that go with it. */
typedef struct zc_rating {
    zc_tcb_status status;
    size_t advisory_count;
    char advisory[ZC_EVIDENCE_ADVISORIES][24];
} zc_rating;

zc_tcb_status zc_tcb_status_of(const char *name);
/* Both together: neither hides what the other lacks. */
zc_tcb_status zc_tcb_status_merge(zc_tcb_status platform, zc_tcb_status part);
void zc_rating_merge(zc_rating *rating, const zc_rating *part);
/* Status and advisories of one level as Intel writes it. ZC_EVIDENCE_BAD_COLLATERAL. */
ZC_MUST_USE zc_result zc_rating_read(const json_t *level, zc_rating *ret_rating);

/* Members of Intel's statements; false when absent or of another form. */
bool zc_tcb_hex(const json_t *object, const char *name, uint8_t *ret_bytes, size_t len);
bool zc_tcb_number(const json_t *object, const char *name, unsigned most, unsigned *ret_value);
/* (found & mask) == expected, byte by byte. */
bool zc_tcb_masked(const uint8_t *found, const uint8_t *mask, const uint8_t *expected, size_t len);
/* Whether the statement is of this id and version, and valid at the time. Errors:
 * ZC_EVIDENCE_BAD_COLLATERAL, ZC_EVIDENCE_WRONG_PLATFORM, ZC_EVIDENCE_NOT_YET_VALID,
 * ZC_EVIDENCE_EXPIRED. */
ZC_MUST_USE zc_result zc_statement_check(const json_t *statement, const char *id, unsigned version,
                                         int64_t at_seconds);

/* What the TCB info says about this platform (and TDX module). `td` is NULL for SGX. Errors:
 * ZC_EVIDENCE_BAD_COLLATERAL, ZC_EVIDENCE_WRONG_PLATFORM, ZC_EVIDENCE_WRONG_TDX_MODULE,
 * ZC_EVIDENCE_BELOW_EVERY_LEVEL when no level is as low as the platform's. */
ZC_MUST_USE zc_result zc_tcb_info_rate(const json_t *info, const zc_pck *pck,
                                       const zc_td_report *td, zc_rating *ret_rating);
/* What the QE identity says about the quoting enclave. Errors: ZC_EVIDENCE_BAD_COLLATERAL,
 * ZC_EVIDENCE_WRONG_QE, ZC_EVIDENCE_BELOW_EVERY_LEVEL. */
ZC_MUST_USE zc_result zc_qe_identity_rate(const json_t *identity, const zc_sgx_report *qe,
                                          zc_rating *ret_rating);

#endif
