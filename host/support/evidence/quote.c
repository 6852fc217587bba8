/* Intel SGX and TDX: quote ← attestation key ← quoting enclave ← PCK ← Intel, and what Intel says
 * about that platform. Source: Intel, SGX DCAP ECDSA quote verification. */
#include <stdio.h>

#include <openssl/objects.h>

#include "base/ct.h"
#include "certificates.h"
#include "crypto/hash.h"
#include "quote.h"
#include "tcb.h"

typedef struct zc_quote_run {
    const zc_evidence_options *options;
    zc_chain_rules rules;
    const zc_pool *pool;
    const zc_quote *quote;
    zc_pck pck;
    zc_rating rating;
} zc_quote_run;

static zc_result check_quote_signature(const zc_quote *quote)
{
    uint8_t point[65] = {0x04};
    memcpy(point + 1, quote->attestation_key.data, 64);
    return zc_signed_p256(point, quote->signed_bytes, quote->signature)
               ? ZC_OK
               : zc_fail(ZC_EVIDENCE_BAD_SIGNATURE);
}

/* The quoting enclave's report carries the hash of the key that it made. */
static zc_result check_qe_binding(const zc_quote *quote)
{
    uint8_t hash[32];
    zc_sha256_ctx context;
    zc_sha256_init(&context);
    zc_sha256_update(&context, quote->attestation_key);
    zc_sha256_update(&context, quote->qe_auth_data);
    zc_sha256_final(&context, hash);
    bool bound = memcmp(quote->qe.report_data.data, hash, sizeof hash) == 0 &&
                 zc_ct_is_zero(quote->qe.report_data.data + sizeof hash, 32);
    return bound ? ZC_OK : zc_fail(ZC_EVIDENCE_BAD_QE);
}

/* The platform's certificate: the one whose key signed the quoting enclave's report. */
static zc_result find_pck(zc_quote_run *run, X509 **ret_pck)
{
    zc_result why = zc_fail(ZC_EVIDENCE_NO_CERTIFICATE);
    for (size_t i = 0; i < run->pool->certificate_count; i++) {
        X509 *certificate = run->pool->certificate[i];
        uint8_t point[65];
        if (!zc_pck_is(certificate) ||
            !zc_certificate_point(certificate, NID_X9_62_prime256v1, point, sizeof point)) {
            continue;
        }
        if (zc_signed_p256(point, run->quote->qe.whole, run->quote->qe_signature)) {
            *ret_pck = certificate;
            return zc_pck_read(certificate, &run->pck);
        }
        why = zc_fail(ZC_EVIDENCE_BAD_QE);
    }
    return why;
}

static zc_result rate_tcb(zc_quote_run *run, const json_t *object)
{
    ZC_TRY(
        zc_statement_check(object, run->quote->is_tdx ? "TDX" : "SGX", 3, run->rules.at_seconds));
    return zc_tcb_info_rate(object, &run->pck, run->quote->is_tdx ? &run->quote->td : NULL,
                            &run->rating);
}

static zc_result rate_qe(zc_quote_run *run, const json_t *object)
{
    zc_rating part;
    ZC_TRY(
        zc_statement_check(object, run->quote->is_tdx ? "TD_QE" : "QE", 2, run->rules.at_seconds));
    ZC_TRY(zc_qe_identity_rate(object, &run->quote->qe, &part));
    zc_rating_merge(&run->rating, &part);
    return ZC_OK;
}

typedef zc_result (*rate_fn)(zc_quote_run *run, const json_t *object);

static zc_result use_statement(zc_quote_run *run, const zc_statement *statement, rate_fn rate)
{
    ZC_TRY(zc_statement_check_signature(run->pool, &run->rules, statement));
    json_t *object = json_loadb((const char *)statement->text.data, statement->text.len,
                                JSON_REJECT_DUPLICATES, NULL);
    zc_result rated =
        json_is_object(object) ? rate(run, object) : zc_fail(ZC_EVIDENCE_BAD_COLLATERAL);
    json_decref(object);
    return rated;
}

/* The first statement that is signed, in date and about this platform. One about another platform
 * says nothing here; any other fault outweighs that. */
static zc_result use_statements(zc_quote_run *run, const zc_statement *list, size_t count,
                                rate_fn rate)
{
    zc_result why = zc_fail(ZC_EVIDENCE_NO_COLLATERAL);
    for (size_t i = 0; i < count; i++) {
        zc_result used = use_statement(run, &list[i], rate);
        if (zc_ok(used)) {
            return used;
        }
        bool weightier = !zc_is(used, ZC_EVIDENCE_WRONG_PLATFORM) || i == 0;
        why = weightier ? used : why;
    }
    return why;
}

static zc_result check_level(const zc_quote_run *run)
{
    uint32_t accepted =
        run->options->tcb_accepted != 0 ? run->options->tcb_accepted : ZC_TCB_DEFAULT;
    if (run->rating.status == ZC_TCB_REVOKED) {
        return zc_fail(ZC_EVIDENCE_TCB_REVOKED);
    }
    return (accepted & ZC_TCB_BIT(run->rating.status)) != 0 ? ZC_OK
                                                            : zc_fail(ZC_EVIDENCE_TCB_NOT_ACCEPTED);
}

static zc_result check_platform(zc_quote_run *run, zc_evidence_result *result)
{
    X509 *pck = NULL;
    zc_chain chain = {0};
    char detail[96];
    ZC_TRY(zc_check_result(result, "quoting enclave", find_pck(run, &pck),
                           "signed by the platform's key, and it made the quote's key"));
    zc_result chained = zc_chain_build(run->pool, pck, &run->rules, &chain);
    if (zc_ok(chained) && chain.count != 3) {
        chained = zc_fail(ZC_EVIDENCE_BAD_CHAIN);
    }
    ZC_TRY(zc_check_result(result, "certificates", chained,
                           "PCK, its authority, pinned Intel root; all in date"));
    ZC_TRY(zc_check_result(result, "revocation",
                           zc_chain_check_crls(run->pool, &chain, run->rules.at_seconds),
                           "Intel's lists are signed, in date, and name none of them"));
    ZC_TRY(zc_check_result(
        result, "TCB info",
        use_statements(run, run->pool->tcb_info, run->pool->tcb_info_count, rate_tcb),
        "Intel's statement about this platform, signed and in date"));
    ZC_TRY(zc_check_result(
        result, "QE identity",
        use_statements(run, run->pool->qe_identity, run->pool->qe_identity_count, rate_qe),
        "Intel's statement about the quoting enclave, signed and in date"));
    (void)snprintf(detail, sizeof detail, "%s, %zu advisories",
                   zc_tcb_status_name(run->rating.status), run->rating.advisory_count);
    result->tcb_status = run->rating.status;
    result->advisory_count = run->rating.advisory_count;
    memcpy(result->advisory, run->rating.advisory, sizeof result->advisory);
    return zc_check_result(result, "TCB level", check_level(run), detail);
}

static void claim_td(const zc_td_report *td, zc_evidence_result *result)
{
    static const char *const names[] = {"RTMR0", "RTMR1", "RTMR2", "RTMR3"};
    zc_claim_measurement(result, "MRTD", td->mr_td);
    for (size_t i = 0; i < 4; i++) {
        zc_claim_measurement(result, names[i], td->rtmr[i]);
    }
    zc_claim_measurement(result, "MRCONFIGID", td->mr_config_id);
    zc_claim_measurement(result, "MROWNER", td->mr_owner);
    zc_claim_measurement(result, "MROWNERCONFIG", td->mr_owner_config);
    zc_claim_measurement(result, "MRSEAM", td->mr_seam);
    zc_claim_measurement(result, "TD_ATTRIBUTES", td->td_attributes);
    zc_claim_measurement(result, "XFAM", td->xfam);
    if (td->is_15) {
        zc_claim_measurement(result, "MRSERVICETD", td->mr_service_td);
    }
}

static void claim(const zc_quote *quote, const zc_pck *pck, zc_evidence_result *result)
{
    (void)snprintf(result->platform, sizeof result->platform,
                   "FMSPC %02x%02x%02x%02x%02x%02x, quote version %u", pck->fmspc[0], pck->fmspc[1],
                   pck->fmspc[2], pck->fmspc[3], pck->fmspc[4], pck->fmspc[5], quote->version);
    if (quote->is_tdx) {
        claim_td(&quote->td, result);
    } else {
        zc_claim_measurement(result, "MRENCLAVE", quote->sgx.mr_enclave);
        zc_claim_measurement(result, "MRSIGNER", quote->sgx.mr_signer);
        zc_claim_measurement(result, "ATTRIBUTES", quote->sgx.attributes);
    }
    result->nonce_len =
        zc_claim_bytes(result->nonce, sizeof result->nonce,
                       quote->is_tdx ? quote->td.report_data : quote->sgx.report_data);
}

/* SGX: attribute bit 1. TDX: the whole first byte, which only debugging and profiling set. */
static bool is_debug(const zc_quote *quote)
{
    return quote->is_tdx ? quote->td.td_attributes.data[0] != 0
                         : (quote->sgx.attributes.data[0] & 2) != 0;
}

static zc_result check_debug(const zc_quote *quote, const zc_evidence_options *options,
                             zc_evidence_result *result)
{
    result->debug = is_debug(quote);
    if (result->debug && options->accept_debug) {
        zc_check_add(result, "debug mode", ZC_CHECK_NOT_ASKED,
                     "on; accepted by flag, never hardware");
        return ZC_OK;
    }
    return zc_check_result(result, "debug mode",
                           result->debug ? zc_fail(ZC_EVIDENCE_DEBUG_MODE) : ZC_OK,
                           "off: the host can't read its memory");
}

static zc_result fill_pool(const zc_quote *quote, const zc_evidence_options *options, zc_pool *pool)
{
    ZC_TRY(zc_pool_add_all(pool, options));
    return quote->pck_chain.len > 0 ? zc_pool_add(pool, quote->pck_chain) : ZC_OK;
}

zc_result zc_quote_verify(zc_slice bytes, const zc_evidence_options *options,
                          zc_evidence_result *result)
{
    zc_quote quote;
    ZC_POOL zc_pool pool = {0};
    ZC_TRY(zc_check_result(result, "form", zc_quote_parse(bytes, &quote),
                           "a quote, every byte accounted for"));
    result->kind = quote.is_tdx ? ZC_EVIDENCE_TDX : ZC_EVIDENCE_SGX;
    ZC_TRY(zc_check_result(result, "collateral", fill_pool(&quote, options, &pool), "readable"));
    zc_result bound = check_quote_signature(&quote);
    ZC_TRY(zc_check_result(result, "signature", zc_ok(bound) ? check_qe_binding(&quote) : bound,
                           "ECDSA P-256 over the whole quote"));
    zc_quote_run run = {
        .options = options, .rules = zc_chain_rules_intel(options), .pool = &pool, .quote = &quote};
    ZC_TRY(check_platform(&run, result));
    claim(&quote, &run.pck, result);
    return check_debug(&quote, options, result);
}
