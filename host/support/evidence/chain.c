#include "certificates.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "crypto/hash.h"

#define RSA_BITS_MIN 4096
#define SPKI_MAX 1024

int zc_asn1_window(const ASN1_TIME *from, const ASN1_TIME *to, int64_t at_seconds)
{
    time_t at = (time_t)at_seconds;
    /* −2 is an unreadable time: as good as expired. */
    int begins = ASN1_TIME_cmp_time_t(from, at);
    int ends = to != NULL ? ASN1_TIME_cmp_time_t(to, at) : 1;
    if (begins == 1) {
        return -1;
    }
    return begins == -2 || ends == -2 || ends == -1 ? 1 : 0;
}

static zc_result check_dates(const X509 *certificate, int64_t at)
{
    int where =
        zc_asn1_window(X509_get0_notBefore(certificate), X509_get0_notAfter(certificate), at);
    if (where == 0) {
        return ZC_OK;
    }
    return zc_fail(where < 0 ? ZC_EVIDENCE_NOT_YET_VALID : ZC_EVIDENCE_EXPIRED);
}

static bool is_root(X509 *certificate, const zc_chain_rules *rules)
{
    unsigned char *der = NULL;
    if (rules->own_root.len > 0) {
        int len = i2d_X509(certificate, &der);
        bool same = len > 0 && zc_slice_eq(zc_slice_of(der, (size_t)len), rules->own_root);
        OPENSSL_free(der);
        return same;
    }
    uint8_t hash[32];
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (len <= 0 || len > SPKI_MAX) {
        OPENSSL_free(der);
        return false;
    }
    zc_sha256(zc_slice_of(der, (size_t)len), hash);
    OPENSSL_free(der);
    for (size_t i = 0; i < rules->root_count; i++) {
        if (memcmp(hash, rules->root_spki_sha256[i], sizeof hash) == 0) {
            return true;
        }
    }
    return false;
}

static bool algorithm_fits(const X509 *certificate, const EVP_PKEY *issuer_key,
                           const zc_chain_rules *rules)
{
    int digest;
    if (X509_get_signature_nid(certificate) != rules->signature_nid ||
        X509_get_signature_info((X509 *)(uintptr_t)certificate, &digest, NULL, NULL, NULL) != 1 ||
        digest != rules->digest_nid) {
        return false;
    }
    return rules->signature_nid != NID_rsassaPss || EVP_PKEY_get_bits(issuer_key) >= RSA_BITS_MIN;
}

static bool signed_by(X509 *certificate, X509 *issuer, const zc_chain_rules *rules)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    return key != NULL && algorithm_fits(certificate, key, rules) &&
           X509_verify(certificate, key) == 1;
}

/* `below`: issuers between this one and the leaf. */
static bool may_issue(X509 *issuer, long below)
{
    uint32_t flags = X509_get_extension_flags(issuer);
    uint32_t usage = X509_get_key_usage(issuer);
    long most = X509_get_pathlen(issuer);
    return (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_CA) != 0 && usage != UINT32_MAX &&
           (usage & KU_KEY_CERT_SIGN) != 0 && (most < 0 || below <= most);
}

static bool extensions_sound(X509 *certificate)
{
    uint32_t flags = X509_get_extension_flags(certificate);
    return (flags & (EXFLAG_CRITICAL | EXFLAG_INVALID)) == 0;
}

/* The certificate of the pool that issued `certificate`; NULL with the reason. */
static X509 *find_issuer(const zc_pool *pool, X509 *certificate, long below,
                         const zc_chain_rules *rules, zc_result *ret_why)
{
    const X509_NAME *wanted = X509_get_issuer_name(certificate);
    *ret_why = zc_fail(ZC_EVIDENCE_FOREIGN_ROOT);
    for (size_t i = 0; i < pool->certificate_count; i++) {
        X509 *issuer = pool->certificate[i];
        if (X509_NAME_cmp(X509_get_subject_name(issuer), wanted) != 0) {
            continue;
        }
        if (!signed_by(certificate, issuer, rules) || !may_issue(issuer, below) ||
            !extensions_sound(issuer)) {
            *ret_why = zc_fail(ZC_EVIDENCE_BAD_CHAIN);
            continue;
        }
        zc_result dates = check_dates(issuer, rules->at_seconds);
        if (zc_ok(dates)) {
            return issuer;
        }
        *ret_why = dates;
    }
    return NULL;
}

zc_result zc_chain_build(const zc_pool *pool, X509 *leaf, const zc_chain_rules *rules,
                         zc_chain *ret_chain)
{
    zc_chain chain = {.certificate = {leaf}, .count = 1};
    bool is_authority = X509_check_ca(leaf) != 0;
    if ((is_authority && !rules->may_be_authority) || !extensions_sound(leaf)) {
        return zc_fail(ZC_EVIDENCE_BAD_CHAIN);
    }
    ZC_TRY(check_dates(leaf, rules->at_seconds));
    while (chain.count < ZC_CHAIN_MAX) {
        X509 *last = chain.certificate[chain.count - 1];
        long below = (long)chain.count - 1 + (is_authority && !is_root(last, rules) ? 1 : 0);
        zc_result why;
        X509 *issuer = find_issuer(pool, last, below, rules, &why);
        if (issuer == NULL) {
            return why;
        }
        chain.certificate[chain.count++] = issuer;
        if (is_root(issuer, rules)) {
            *ret_chain = chain;
            return ZC_OK;
        }
        if (issuer == last) {
            return zc_fail(ZC_EVIDENCE_FOREIGN_ROOT);
        }
    }
    return zc_fail(ZC_EVIDENCE_FOREIGN_ROOT);
}

static zc_result check_crl(X509_CRL *crl, X509 *issuer, X509 *certificate, int64_t at)
{
    X509_REVOKED *entry = NULL;
    if (X509_CRL_verify(crl, X509_get0_pubkey(issuer)) != 1) {
        return zc_fail(ZC_EVIDENCE_BAD_CRL);
    }
    int where = zc_asn1_window(X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl), at);
    if (where != 0 || X509_CRL_get0_nextUpdate(crl) == NULL) {
        return zc_fail(where < 0 ? ZC_EVIDENCE_NOT_YET_VALID : ZC_EVIDENCE_EXPIRED);
    }
    return X509_CRL_get0_by_cert(crl, &entry, certificate) == 0 ? ZC_OK
                                                                : zc_fail(ZC_EVIDENCE_REVOKED);
}

/* Every list of this authority is asked; one that is signed and in date must be there, and none
 * that is signed may name the certificate, however old it is. */
static zc_result check_revocation(const zc_pool *pool, X509 *certificate, X509 *issuer, int64_t at)
{
    zc_result why = zc_fail(ZC_EVIDENCE_NO_COLLATERAL);
    bool good = false;
    for (size_t i = 0; i < pool->crl_count; i++) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(pool->crl[i]), X509_get_subject_name(issuer)) != 0) {
            continue;
        }
        zc_result checked = check_crl(pool->crl[i], issuer, certificate, at);
        if (zc_is(checked, ZC_EVIDENCE_REVOKED)) {
            return checked;
        }
        good = good || zc_ok(checked);
        why = zc_ok(checked) ? why : checked;
    }
    return good ? ZC_OK : why;
}

zc_result zc_chain_check_crls(const zc_pool *pool, const zc_chain *chain, int64_t at_seconds)
{
    for (size_t i = 0; i + 1 < chain->count; i++) {
        ZC_TRY(
            check_revocation(pool, chain->certificate[i], chain->certificate[i + 1], at_seconds));
    }
    return ZC_OK;
}
