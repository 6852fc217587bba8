/* What a platform's certificate (PCK) says about it. Only for this module.
 * Source: Intel, SGX PCK Certificate and Certificate Revocation List Profile. */
#ifndef ZC_EVIDENCE_PCK_H
#define ZC_EVIDENCE_PCK_H

#include "certificates.h"

#define ZC_TCB_COMPONENTS 16

typedef struct zc_pck {
    uint8_t component_svn[ZC_TCB_COMPONENTS];
    uint16_t pce_svn;
    uint8_t pce_id[2];
    uint8_t fmspc[6];
} zc_pck;

/* Whether a certificate is a PCK certificate at all. */
bool zc_pck_is(X509 *certificate);
/* Errors: ZC_EVIDENCE_BAD_COLLATERAL. */
ZC_MUST_USE zc_result zc_pck_read(X509 *certificate, zc_pck *ret_pck);

#endif
