/* SEV-SNP attestation reports as bytes. Only for this module.
 * Source: AMD, SEV Secure Nested Paging Firmware ABI Specification (56860), ATTESTATION_REPORT. */
#ifndef ZC_EVIDENCE_SNP_PARSE_H
#define ZC_EVIDENCE_SNP_PARSE_H

#include "base/reader.h"
#include "evidence/reasons.h"

#define ZC_SNP_REPORT_SIZE ((size_t)1184)
#define ZC_SNP_SIGNED_SIZE ((size_t)0x2a0)

typedef enum zc_snp_signer { ZC_SNP_VCEK = 0, ZC_SNP_VLEK = 1 } zc_snp_signer;

/* Slices are views of the report. */
typedef struct zc_snp_report {
    uint32_t version;
    uint32_t guest_svn;
    uint64_t policy;
    uint32_t vmpl;
    zc_snp_signer signer;
    bool chip_masked; /* the chip's id is zero on the owner's wish */
    zc_slice family_id;
    zc_slice image_id;
    zc_slice report_data;
    zc_slice measurement;
    zc_slice host_data;
    zc_slice id_key_digest;
    zc_slice author_key_digest;
    zc_slice report_id;
    zc_slice chip_id;
    uint8_t current_tcb[8];
    uint8_t reported_tcb[8];
    bool has_model; /* version 3 and later */
    uint8_t family;
    uint8_t model;
    uint8_t stepping;
    uint8_t current_build;
    uint8_t current_minor;
    uint8_t current_major;
    zc_slice signed_bytes;
    uint8_t signature[96]; /* r ‖ s, big-endian */
} zc_snp_report;

#define ZC_SNP_POLICY_DEBUG (UINT64_C(1) << 19)

/* Reads a report of version 2 to 5, signed with ECDSA P-384. What is not signed must be zero: a
 * report has one form. Errors: ZC_EVIDENCE_BAD_REPORT, ZC_EVIDENCE_UNSUPPORTED. */
ZC_MUST_USE zc_result zc_snp_parse(zc_slice bytes, zc_snp_report *ret_report);

#endif
