/* SGX and TDX quotes as bytes. Only for this module.
 * Source: Intel, SGX ECDSA QuoteLibReference (quote v3); TDX DCAP Quoting Library API (v4, v5). */
#ifndef ZC_EVIDENCE_QUOTE_PARSE_H
#define ZC_EVIDENCE_QUOTE_PARSE_H

#include "base/reader.h"
#include "evidence/reasons.h"

#define ZC_QUOTE_TEE_SGX 0x00u
#define ZC_QUOTE_TEE_TDX 0x81u
#define ZC_SGX_REPORT_SIZE ((size_t)384)
#define ZC_TD_REPORT_SIZE ((size_t)584)
#define ZC_TD_REPORT15_SIZE ((size_t)648)

/* Views of an enclave report. */
typedef struct zc_sgx_report {
    zc_slice cpu_svn; /* 16 */
    uint32_t misc_select;
    zc_slice attributes; /* 16 */
    zc_slice mr_enclave;
    zc_slice mr_signer;
    uint16_t isv_prod_id;
    uint16_t isv_svn;
    zc_slice report_data; /* 64 */
    zc_slice whole;
} zc_sgx_report;

typedef struct zc_td_report {
    zc_slice tee_tcb_svn; /* 16 */
    zc_slice mr_seam;
    zc_slice mr_signer_seam;
    zc_slice seam_attributes; /* 8 */
    zc_slice td_attributes;   /* 8 */
    zc_slice xfam;            /* 8 */
    zc_slice mr_td;
    zc_slice mr_config_id;
    zc_slice mr_owner;
    zc_slice mr_owner_config;
    zc_slice rtmr[4];
    zc_slice report_data; /* 64 */
    bool is_15;
    zc_slice tee_tcb_svn2; /* 16; TD 1.5 */
    zc_slice mr_service_td;
} zc_td_report;

typedef struct zc_quote {
    uint16_t version;
    bool is_tdx;
    zc_sgx_report sgx; /* one of the two */
    zc_td_report td;
    zc_slice signed_bytes;
    uint8_t signature[64];
    zc_slice attestation_key; /* x ‖ y on P-256 */
    zc_sgx_report qe;         /* the quoting enclave's own report */
    uint8_t qe_signature[64];
    zc_slice qe_auth_data;
    zc_slice pck_chain; /* PEM; empty: the quote names its platform by id only */
} zc_quote;

/* Reads a quote of version 3, 4 or 5 with an ECDSA P-256 key. Behind it only zeros may stand, which
 * fill the buffers that some drivers hand out. Errors: ZC_EVIDENCE_BAD_QUOTE,
 * ZC_EVIDENCE_UNSUPPORTED. */
ZC_MUST_USE zc_result zc_quote_parse(zc_slice bytes, zc_quote *ret_quote);

#endif
