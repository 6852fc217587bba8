/* What stands beside evidence: certificates, revocation lists, Intel's statements. Only for this
 * module. Untrusted until a chain to a pinned root holds. */
#ifndef ZC_EVIDENCE_CERTIFICATES_H
#define ZC_EVIDENCE_CERTIFICATES_H

#include <jansson.h>
#include <openssl/x509.h>

#include "evidence/internal.h"

#define ZC_POOL_CERTIFICATES 48
#define ZC_POOL_CRLS 12
#define ZC_POOL_STATEMENTS 12
#define ZC_CHAIN_MAX 4

/* A JSON text that Intel signed. */
typedef struct zc_statement {
    zc_slice text; /* exactly the signed bytes; lives as long as the pool */
    uint8_t signature[64];
} zc_statement;

typedef struct zc_pool {
    size_t certificate_count;
    X509 *certificate[ZC_POOL_CERTIFICATES];
    size_t crl_count;
    X509_CRL *crl[ZC_POOL_CRLS];
    size_t tcb_info_count;
    zc_statement tcb_info[ZC_POOL_STATEMENTS];
    size_t qe_identity_count;
    zc_statement qe_identity[ZC_POOL_STATEMENTS];
    size_t document_count;
    json_t *document[ZC_POOL_STATEMENTS]; /* own the texts of statements */
} zc_pool;

/* Reads one piece of collateral into the pool: PEM with certificates and lists, one of either in
 * DER, or Intel's JSON (a collateral object, a TCB info or QE identity response). What is there
 * twice is kept once. Errors: ZC_EVIDENCE_BAD_COLLATERAL, also when there is more than the pool
 * holds; ZC_EVIDENCE_NO_MEMORY. */
ZC_MUST_USE zc_result zc_pool_add(zc_pool *pool, zc_slice piece);
ZC_MUST_USE zc_result zc_pool_add_all(zc_pool *pool, const zc_evidence_options *options);
void zc_pool_clear(zc_pool *pool);
#define ZC_POOL __attribute__((cleanup(zc_pool_clear)))

/* collateral_json.c. */
ZC_MUST_USE zc_result zc_pool_add_json(zc_pool *pool, zc_slice text);
ZC_MUST_USE zc_result zc_pool_add_der(zc_pool *pool, zc_slice der);

/* Which chains a maker issues. */
typedef struct zc_chain_rules {
    const uint8_t (*root_spki_sha256)[32]; /* the pinned roots' keys */
    size_t root_count;
    int signature_nid; /* of every certificate's signature, with digest_nid */
    int digest_nid;
    int64_t at_seconds;
    zc_slice own_root;     /* a certificate of the caller's in place of the pins; empty: none */
    bool may_be_authority; /* the first certificate may itself issue */
} zc_chain_rules;

/* roots.c: AMD's and Intel's, at the time and under the root that the options ask for. */
zc_chain_rules zc_chain_rules_amd(const zc_evidence_options *options);
zc_chain_rules zc_chain_rules_intel(const zc_evidence_options *options);

/* From the leaf to the root. */
typedef struct zc_chain {
    X509 *certificate[ZC_CHAIN_MAX]; /* the pool's */
    size_t count;
} zc_chain;

/* Builds and checks the chain of `leaf` with certificates of the pool: names, signatures,
 * algorithms, dates, CA bits, key usage, path lengths, no critical extension that is unknown; its
 * last is a pinned root. Errors: ZC_EVIDENCE_FOREIGN_ROOT, ZC_EVIDENCE_BAD_CHAIN,
 * ZC_EVIDENCE_EXPIRED, ZC_EVIDENCE_NOT_YET_VALID. */
ZC_MUST_USE zc_result zc_chain_build(const zc_pool *pool, X509 *leaf, const zc_chain_rules *rules,
                                     zc_chain *ret_chain);

/* Whether the list of every authority in the chain is in the pool, valid at the time, signed by it,
 * and silent about what it issued. Errors: ZC_EVIDENCE_NO_COLLATERAL, ZC_EVIDENCE_BAD_CRL,
 * ZC_EVIDENCE_EXPIRED, ZC_EVIDENCE_NOT_YET_VALID, ZC_EVIDENCE_REVOKED. */
ZC_MUST_USE zc_result zc_chain_check_crls(const zc_pool *pool, const zc_chain *chain,
                                          int64_t at_seconds);

/* The public point of an EC key on the named curve ("P-256": 65 bytes, "P-384": 97); false for any
 * other key. */
bool zc_certificate_point(X509 *certificate, int curve_nid, uint8_t *ret_point, size_t len);
/* The content of an extension by OID in dotted form; false when it is not there exactly once. */
bool zc_certificate_extension(X509 *certificate, const char *oid, zc_slice *ret_value);
/* −1 before, 0 inside, 1 after the window. */
int zc_asn1_window(const ASN1_TIME *from, const ASN1_TIME *to, int64_t at_seconds);

#endif
