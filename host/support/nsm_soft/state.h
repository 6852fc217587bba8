/* What the software security module holds. Only for this module. */
#ifndef ZC_NSM_SOFT_STATE_H
#define ZC_NSM_SOFT_STATE_H

#include "attest/document.h"
#include "attest/nsm.h"
#include "base/secret.h"
#include "nsm_soft/nsm.h"
#include "nsm_soft/root.h"

#include "cert.h"

#define ZC_NSM_SOFT_CERT_MAX ((size_t)1024)
#define ZC_NSM_SOFT_MODULE_ID_SIZE 48

typedef struct zc_der {
    uint8_t byte[ZC_NSM_SOFT_CERT_MAX];
    size_t len;
} zc_der;

/* Who signs documents: root → issuing → leaf. The root's private key is not kept. */
typedef struct zc_nsm_soft_issuer {
    zc_der root;
    zc_der issuing_der;
    X509 *issuing;
    EVP_PKEY *issuing_key;
    zc_der leaf_der;
    EVP_PKEY *leaf_key;
    int64_t leaf_made; /* seconds since 1970 */
} zc_nsm_soft_issuer;

struct zc_nsm_soft {
    zc_vault vault; /* holds the machine's secret */
    uint8_t pcr[ZC_NSM_PCRS][ZC_NSM_PCR_SIZE];
    uint32_t locked; /* bit i for PCR i */
    char module_id[ZC_NSM_SOFT_MODULE_ID_SIZE];
    zc_nsm_soft_issuer issuer;
};

static inline zc_secret32 *zc_nsm_soft_secret(const zc_nsm_soft *nsm)
{
    return (zc_secret32 *)(void *)nsm->vault.memory;
}

/* Reads the root from the open platform folder and certifies an issuing key for this run. */
ZC_MUST_USE zc_result zc_nsm_soft_issuer_init(zc_nsm_soft_issuer *issuer, int folder);
/* Sees to it that the leaf is in the first half of its life. Errors: ZC_NSM_SOFT_CRYPTO. */
ZC_MUST_USE zc_result zc_nsm_soft_issuer_refresh(zc_nsm_soft_issuer *issuer, int64_t now);
void zc_nsm_soft_issuer_clear(zc_nsm_soft_issuer *issuer);

#endif
