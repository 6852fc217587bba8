/* Evidence of any kind behind one interface: what does this attest, and does it hold?
 *
 * Words are those of RFC 9334: evidence is what the attester signed, endorsements and reference
 * values are what its maker and its users say about it, the result is what this verifier concludes.
 * Kinds: AWS Nitro documents, AMD SEV-SNP reports, Intel SGX and TDX quotes (DCAP); each bare or in
 * a conceptual message wrapper (draft-ietf-rats-msg-wrap). Nothing here asks the network: what
 * stands beside the evidence (certificates, revocation lists, Intel's statements) is handed in.
 *
 * Public data only. Pure, and safe from any thread as long as each has a cache of its own. */
#ifndef ZC_EVIDENCE_EVIDENCE_H
#define ZC_EVIDENCE_EVIDENCE_H

#include "attest/binding.h"
#include "attest/cache.h"
#include "base/slice.h"
#include "evidence/reasons.h"

typedef enum zc_evidence_kind {
    ZC_EVIDENCE_ANY = 0, /* found out from the bytes */
    ZC_EVIDENCE_NITRO,
    ZC_EVIDENCE_SNP,
    ZC_EVIDENCE_SGX,
    ZC_EVIDENCE_TDX,
} zc_evidence_kind;

/* The longest evidence, wrapped, and the largest piece of collateral. */
#define ZC_EVIDENCE_MAX ((size_t)1 << 16)
#define ZC_EVIDENCE_COLLATERAL_MAX ((size_t)1 << 20)
#define ZC_EVIDENCE_COLLATERALS 16
#define ZC_EVIDENCE_MEASUREMENTS 32
#define ZC_EVIDENCE_CHECKS 24
#define ZC_EVIDENCE_ADVISORIES 32

/* How Intel rates a platform; bits of zc_evidence_options.tcb_accepted. */
typedef enum zc_tcb_status {
    ZC_TCB_NONE = 0, /* not a platform that Intel rates */
    ZC_TCB_UP_TO_DATE,
    ZC_TCB_SW_HARDENING_NEEDED,
    ZC_TCB_CONFIGURATION_NEEDED,
    ZC_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
    ZC_TCB_OUT_OF_DATE,
    ZC_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
    ZC_TCB_REVOKED,
} zc_tcb_status;
#define ZC_TCB_BIT(status) (UINT32_C(1) << (status))
/* What is taken when the options say nothing. Revoked is never taken. */
#define ZC_TCB_DEFAULT (ZC_TCB_BIT(ZC_TCB_UP_TO_DATE) | ZC_TCB_BIT(ZC_TCB_SW_HARDENING_NEEDED))
/* "UpToDate", as Intel writes it; "" for none. */
const char *zc_tcb_status_name(zc_tcb_status status);

/* A register of the attester. Names: PCR0…PCR31 (Nitro), MEASUREMENT, HOST_DATA (SNP), MRENCLAVE,
 * MRSIGNER (SGX), MRTD, RTMR0…RTMR3, MRSEAM and the like (TDX). */
typedef struct zc_measurement {
    char name[24];
    size_t len; /* ≤ 64 */
    uint8_t value[64];
} zc_measurement;

typedef struct zc_evidence_options {
    zc_evidence_kind kind;
    int64_t at_seconds;         /* the time that everything is held against, since 1970 */
    zc_slice root_der;          /* a root of the caller's in place of the maker's: never hardware */
    const zc_slice *collateral; /* PEM or DER certificates and lists, Intel's JSON; any order */
    size_t collateral_count;    /* ≤ ZC_EVIDENCE_COLLATERALS */
    uint32_t tcb_accepted;      /* ZC_TCB_BIT()s; 0: ZC_TCB_DEFAULT */
    bool accept_debug;          /* SNP, SGX, TDX: valid then, but never hardware. Never Nitro */

    /* Reference values; all that are given must hold. */
    bool has_nonce; /* Nitro: the nonce. Others: report data, zeros behind a shorter one */
    zc_slice nonce;
    const zc_measurement *measurements;
    size_t measurement_count; /* ≤ ZC_EVIDENCE_MEASUREMENTS */
    bool has_module_id;
    zc_slice module_id;
    bool has_user_data;
    zc_slice user_data;
    const uint8_t *mission_hash;  /* 32: PCR16 and the binding; NULL: not asked */
    const uint8_t *log_key;       /* 32 */
    const uint8_t *deployment_id; /* 32 */
    bool has_accepted; /* published: a signed list (accepted.h) or an entry of the log (logged.h) */
    zc_slice accepted;
    uint8_t release_key[32]; /* Ed25519: signs that list */

    zc_attest_cache *cache; /* may be NULL: each chain is then checked anew */
} zc_evidence_options;

typedef enum zc_check_state {
    ZC_CHECK_PASSED = 1,
    ZC_CHECK_FAILED,
    ZC_CHECK_NOT_ASKED, /* nothing was given to hold it against */
} zc_check_state;

/* One line of the table: what was looked at, how it came out, and what that means. */
typedef struct zc_check {
    const char *name; /* "signature" */
    zc_check_state state;
    char detail[120];
} zc_check;

typedef struct zc_evidence_result {
    bool valid;
    zc_result reason; /* the first check that failed */
    bool hardware;    /* the maker's own root, no debug mode, and valid */
    bool development; /* under a root of the caller's */
    bool debug;
    zc_evidence_kind kind;
    size_t check_count;
    zc_check check[ZC_EVIDENCE_CHECKS];

    /* Claims. All of it is empty unless valid: what did not verify says nothing. */
    uint8_t evidence_sha256[32]; /* of the evidence without its wrapper */
    size_t measurement_count;
    zc_measurement measurement[ZC_EVIDENCE_MEASUREMENTS];
    char module_id[256];
    bool has_time;
    uint64_t timestamp_ms;
    size_t nonce_len; /* Nitro: nonce; others: report data */
    uint8_t nonce[1024];
    size_t user_data_len;
    uint8_t user_data[1024];
    size_t public_key_len;
    uint8_t public_key[1024];
    bool has_binding; /* user_data, vouched for by the evidence, describe a ZeroCopy deployment */
    zc_attest_binding binding;
    zc_tcb_status tcb_status;
    size_t advisory_count;
    char advisory[ZC_EVIDENCE_ADVISORIES][24];
    char platform[64];    /* product and firmware, for people: "Milan, firmware 3.0.21.209" */
    char accepted_as[96]; /* the label of the accepted entry that fits */
} zc_evidence_result;

/* Verifies, and tells everything about it. The result is always written; the returned reason is
 * result->reason: the first check that failed. Reasons are those of this module and of attest.
 * Checks stand in the order in which they were made; the last one is the one that failed. */
ZC_MUST_USE zc_result zc_evidence_verify(zc_slice evidence, const zc_evidence_options *options,
                                         zc_evidence_result *ret_result);

/* Holds the first `first` pieces of collateral against the pinned roots of AMD and Intel; all
 * pieces help: every certificate leads there, every revocation list and statement is signed by who
 * may, at the options' time. The dates inside statements are not looked at. Reasons: those of this
 * module.
 */
ZC_MUST_USE zc_result zc_evidence_check_endorsements(const zc_evidence_options *options,
                                                     size_t first);

/* What the bytes look like, without believing them. ZC_EVIDENCE_ANY: nothing known. */
zc_evidence_kind zc_evidence_detect(zc_slice evidence);
/* "AWS Nitro", "AMD SEV-SNP", "Intel SGX", "Intel TDX". */
const char *zc_evidence_kind_name(zc_evidence_kind kind);

/* The register that names the code itself: PCR0, MEASUREMENT, MRENCLAVE, MRTD; NULL for
 * ZC_EVIDENCE_ANY. */
const char *zc_evidence_code_register(zc_evidence_kind kind);

/* Name and words of one of this module's reasons; NULL for other modules' codes. */
const char *zc_evidence_reason_name(zc_result reason);
const char *zc_evidence_reason_text(zc_result reason);

/* The root certificate of the AWS Nitro Enclaves partition, in DER. */
zc_slice zc_evidence_aws_root(void);

#endif
