/* Certificates, lists and statements without any evidence: do they come from who they say? */
#include <openssl/x509v3.h>

#include "certificates.h"
#include "quote.h"

static zc_result check_certificate(const zc_pool *pool, X509 *certificate,
                                   const zc_evidence_options *options)
{
    zc_chain chain;
    zc_chain_rules amd = zc_chain_rules_amd(options);
    zc_chain_rules intel = zc_chain_rules_intel(options);
    amd.may_be_authority = true;
    intel.may_be_authority = true;
    zc_result under_amd = zc_chain_build(pool, certificate, &amd, &chain);
    if (zc_ok(under_amd)) {
        return under_amd;
    }
    zc_result under_intel = zc_chain_build(pool, certificate, &intel, &chain);
    bool is_intel = X509_get_signature_nid(certificate) == intel.signature_nid;
    return zc_ok(under_intel) || is_intel ? under_intel : under_amd;
}

static zc_result check_crl(const zc_pool *pool, X509_CRL *crl, int64_t at)
{
    zc_result why = zc_fail(ZC_EVIDENCE_NO_CERTIFICATE);
    for (size_t i = 0; i < pool->certificate_count; i++) {
        X509 *issuer = pool->certificate[i];
        if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0) {
            continue;
        }
        if (X509_check_ca(issuer) == 0 || X509_CRL_verify(crl, X509_get0_pubkey(issuer)) != 1) {
            why = zc_fail(ZC_EVIDENCE_BAD_CRL);
            continue;
        }
        int where =
            zc_asn1_window(X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl), at);
        return where == 0 ? ZC_OK
                          : zc_fail(where < 0 ? ZC_EVIDENCE_NOT_YET_VALID : ZC_EVIDENCE_EXPIRED);
    }
    return why;
}

/* How much of each list of the pool comes from the pieces that are asked about. */
typedef struct extent {
    size_t certificates;
    size_t crls;
    size_t tcb_infos;
    size_t qe_identities;
} extent;

static zc_result check_pool(const zc_pool *pool, const extent *asked,
                            const zc_evidence_options *options)
{
    const zc_chain_rules rules = zc_chain_rules_intel(options);
    for (size_t i = 0; i < asked->certificates; i++) {
        ZC_TRY(check_certificate(pool, pool->certificate[i], options));
    }
    for (size_t i = 0; i < asked->crls; i++) {
        ZC_TRY(check_crl(pool, pool->crl[i], options->at_seconds));
    }
    for (size_t i = 0; i < asked->tcb_infos; i++) {
        ZC_TRY(zc_statement_check_signature(pool, &rules, &pool->tcb_info[i]));
    }
    for (size_t i = 0; i < asked->qe_identities; i++) {
        ZC_TRY(zc_statement_check_signature(pool, &rules, &pool->qe_identity[i]));
    }
    return ZC_OK;
}

zc_result zc_evidence_check_endorsements(const zc_evidence_options *options, size_t first)
{
    ZC_POOL zc_pool pool = {0};
    zc_evidence_options part = *options;
    part.root_der = zc_slice_of(NULL, 0);
    part.collateral_count = first <= options->collateral_count ? first : 0;
    ZC_TRY(zc_pool_add_all(&pool, &part));
    const extent asked = {.certificates = pool.certificate_count,
                          .crls = pool.crl_count,
                          .tcb_infos = pool.tcb_info_count,
                          .qe_identities = pool.qe_identity_count};
    part.collateral += part.collateral_count;
    part.collateral_count = options->collateral_count - part.collateral_count;
    part.root_der = options->root_der;
    ZC_TRY(zc_pool_add_all(&pool, &part));
    return check_pool(&pool, &asked, options);
}
