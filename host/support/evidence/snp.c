/* AMD SEV-SNP: report ← VCEK or VLEK ← ASK or ASVK ← ARK.
 * Source: AMD, VCEK Certificate and KDS Interface Specification (57230). */
#include <stdio.h>

#include <openssl/objects.h>

#include "base/ct.h"
#include "certificates.h"
#include "crypto/der.h"
#include "crypto/hash.h"
#include "crypto/verify.h"
#include "snp_parse.h"

#define OID_PRODUCT "1.3.6.1.4.1.3704.1.2"
#define OID_HARDWARE_ID "1.3.6.1.4.1.3704.1.4"

/* One byte of a firmware version number and the extension that names it. */
typedef struct tcb_part {
    uint8_t at;
    const char *oid;
} tcb_part;
static const tcb_part parts_milan[] = {{0, "1.3.6.1.4.1.3704.1.3.1"},
                                       {1, "1.3.6.1.4.1.3704.1.3.2"},
                                       {6, "1.3.6.1.4.1.3704.1.3.3"},
                                       {7, "1.3.6.1.4.1.3704.1.3.8"}};
static const tcb_part parts_turin[] = {{0, "1.3.6.1.4.1.3704.1.3.9"},
                                       {1, "1.3.6.1.4.1.3704.1.3.1"},
                                       {2, "1.3.6.1.4.1.3704.1.3.2"},
                                       {3, "1.3.6.1.4.1.3704.1.3.3"},
                                       {7, "1.3.6.1.4.1.3704.1.3.8"}};

static bool read_product(X509 *certificate, zc_slice *ret_name)
{
    zc_slice value;
    if (!zc_certificate_extension(certificate, OID_PRODUCT, &value)) {
        return false;
    }
    zc_reader reader = zc_reader_of(value);
    uint8_t tag;
    zc_slice whole;
    return zc_ok(zc_der_read_any(&reader, &tag, ret_name, &whole)) && zc_ok(zc_reader_end(&reader));
}

static bool part_fits(X509 *certificate, const char *oid, uint8_t expected)
{
    zc_slice value;
    uint8_t number;
    if (!zc_certificate_extension(certificate, oid, &value)) {
        return false;
    }
    zc_reader reader = zc_reader_of(value);
    return zc_ok(zc_der_read_unsigned(&reader, &number, 1)) && zc_ok(zc_reader_end(&reader)) &&
           number == expected;
}

static zc_result check_tcb(X509 *signer, zc_slice product, const zc_snp_report *report)
{
    bool turin = product.len >= 5 && memcmp(product.data, "Turin", 5) == 0;
    const tcb_part *parts = turin ? parts_turin : parts_milan;
    size_t count =
        turin ? sizeof parts_turin / sizeof *parts_turin : sizeof parts_milan / sizeof *parts_milan;
    for (size_t i = 0; i < count; i++) {
        if (!part_fits(signer, parts[i].oid, report->reported_tcb[parts[i].at])) {
            return zc_fail(ZC_EVIDENCE_WRONG_TCB);
        }
    }
    return ZC_OK;
}

/* A VCEK is one chip's; a VLEK is a cloud's and names none. Turin's ids have 8 bytes. */
static zc_result check_chip(X509 *signer, const zc_snp_report *report)
{
    zc_slice id;
    bool has_id = zc_certificate_extension(signer, OID_HARDWARE_ID, &id);
    if (report->signer == ZC_SNP_VLEK) {
        return has_id ? zc_fail(ZC_EVIDENCE_WRONG_CHIP) : ZC_OK;
    }
    if (!has_id || (id.len != 64 && id.len != 8)) {
        return zc_fail(ZC_EVIDENCE_WRONG_CHIP);
    }
    if (report->chip_masked) {
        return zc_ct_is_zero(report->chip_id.data, report->chip_id.len)
                   ? ZC_OK
                   : zc_fail(ZC_EVIDENCE_WRONG_CHIP);
    }
    bool same = memcmp(report->chip_id.data, id.data, id.len) == 0 &&
                zc_ct_is_zero(report->chip_id.data + id.len, report->chip_id.len - id.len);
    return same ? ZC_OK : zc_fail(ZC_EVIDENCE_WRONG_CHIP);
}

/* The certificate of the pool whose key signed the report. */
static zc_result find_signer(const zc_pool *pool, const zc_snp_report *report, X509 **ret_signer)
{
    uint8_t digest[48];
    uint8_t point[97];
    zc_result why = zc_fail(ZC_EVIDENCE_NO_CERTIFICATE);
    zc_sha384(report->signed_bytes, digest);
    for (size_t i = 0; i < pool->certificate_count; i++) {
        X509 *certificate = pool->certificate[i];
        if (!zc_certificate_point(certificate, NID_secp384r1, point, sizeof point)) {
            continue;
        }
        if (zc_ok(zc_verify_p384(point, digest, report->signature))) {
            *ret_signer = certificate;
            return ZC_OK;
        }
        why = zc_fail(ZC_EVIDENCE_BAD_SIGNATURE);
    }
    return why;
}

static void claim(const zc_snp_report *report, zc_slice product, zc_evidence_result *result)
{
    char name[32];
    zc_claim_text(name, sizeof name, product);
    (void)snprintf(result->platform, sizeof result->platform, "%s, firmware %u.%u.%u, VMPL %u",
                   name, report->current_major, report->current_minor, report->current_build,
                   report->vmpl);
    zc_claim_measurement(result, "MEASUREMENT", report->measurement);
    zc_claim_measurement(result, "HOST_DATA", report->host_data);
    zc_claim_measurement(result, "ID_KEY_DIGEST", report->id_key_digest);
    zc_claim_measurement(result, "AUTHOR_KEY_DIGEST", report->author_key_digest);
    zc_claim_measurement(result, "FAMILY_ID", report->family_id);
    zc_claim_measurement(result, "IMAGE_ID", report->image_id);
    zc_claim_measurement(result, "REPORT_ID", report->report_id);
    zc_claim_measurement(result, "CHIP_ID", report->chip_id);
    result->nonce_len = zc_claim_bytes(result->nonce, sizeof result->nonce, report->report_data);
}

static zc_result check_debug(const zc_snp_report *report, const zc_evidence_options *options,
                             zc_evidence_result *result)
{
    result->debug = (report->policy & ZC_SNP_POLICY_DEBUG) != 0;
    if (result->debug && options->accept_debug) {
        zc_check_add(result, "debug mode", ZC_CHECK_NOT_ASKED,
                     "the policy allows debugging; accepted by flag, never hardware");
        return ZC_OK;
    }
    return zc_check_result(result, "debug mode",
                           result->debug ? zc_fail(ZC_EVIDENCE_DEBUG_MODE) : ZC_OK,
                           "off: the host can't read the guest's memory");
}

static zc_result verify_signed(const zc_pool *pool, const zc_snp_report *report,
                               const zc_evidence_options *options, zc_evidence_result *result)
{
    const zc_chain_rules rules = zc_chain_rules_amd(options);
    X509 *signer = NULL;
    zc_chain chain = {0};
    zc_slice product = {0};
    ZC_TRY(zc_check_result(result, "signature", find_signer(pool, report, &signer),
                           "ECDSA P-384 over the whole report"));
    zc_result chained = zc_chain_build(pool, signer, &rules, &chain);
    if (zc_ok(chained) && !read_product(signer, &product)) {
        chained = zc_fail(ZC_EVIDENCE_BAD_CHAIN);
    }
    ZC_TRY(zc_check_result(result, "certificates", chained,
                           report->signer == ZC_SNP_VCEK ? "VCEK, ASK, pinned ARK; all in date"
                                                         : "VLEK, ASVK, pinned ARK; all in date"));
    ZC_TRY(zc_check_result(result, "firmware", check_tcb(signer, product, report),
                           "the versions in the report are those of the certificate"));
    ZC_TRY(zc_check_result(result, "chip", check_chip(signer, report),
                           report->signer == ZC_SNP_VLEK ? "a cloud's key: names no chip"
                           : report->chip_masked         ? "masked by its owner"
                                                         : "the certificate's own"));
    claim(report, product, result);
    return check_debug(report, options, result);
}

zc_result zc_snp_verify(zc_slice bytes, const zc_evidence_options *options,
                        zc_evidence_result *result)
{
    zc_snp_report report;
    ZC_POOL zc_pool pool = {0};
    ZC_TRY(zc_check_result(result, "form", zc_snp_parse(bytes, &report),
                           "a SEV-SNP report, every byte accounted for"));
    ZC_TRY(zc_check_result(result, "collateral", zc_pool_add_all(&pool, options), "readable"));
    return verify_signed(&pool, &report, options, result);
}
