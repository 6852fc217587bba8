/* What a document proves, held against what the caller pinned. */
#include "client/internal.h"

#include <stdio.h>
#include <time.h>

#include "attest/document.h"
#include "attest/genesis.h"
#include "base/ct.h"
#include "crypto/hash.h"
#include "crypto/x509.h"
#include "evidence/evidence.h"

static zcp_result not_verified(zcp_error *error, zc_result why, const char *next)
{
    return zc_report_code(error, ZCP_NOT_VERIFIED, why.code, "the attestation does not hold", next);
}

static void describe(const zc_attest_doc *doc, bool hardware, zcp_evidence *ret_evidence)
{
    *ret_evidence = (zcp_evidence){
        .hardware = hardware, .timestamp_ms = doc->timestamp_ms, .pcr_mask = doc->pcr_mask};
    zc_copy_text(ret_evidence->module_id, sizeof ret_evidence->module_id, doc->module_id);
    memcpy(ret_evidence->pcr, doc->pcr, sizeof ret_evidence->pcr);
    zc_attest_binding binding;
    if (!doc->has_user_data || !zc_ok(zc_attest_binding_parse(doc->user_data, &binding))) {
        return;
    }
    ret_evidence->ours = true;
    memcpy(ret_evidence->deployment_id, binding.deployment_id, 32);
    memcpy(ret_evidence->mission_hash, binding.mission_hash, 32);
    memcpy(ret_evidence->log_key, binding.log_key, 32);
    memcpy(ret_evidence->boot_id, binding.boot_id, 16);
}

/* The first PCR that differs, by name: "wrong PCR" alone helps nobody at 3 a.m. */
static void name_pcr(const zc_attest_doc *doc, const zcp_expectation *expect, zcp_error *error)
{
    for (unsigned i = 0; error != NULL && i < ZC_ATTEST_PCRS; i++) {
        bool expected = (expect->pcr_mask >> i & 1) != 0;
        if (expected && memcmp(doc->pcr[i], expect->pcr[i], ZC_ATTEST_PCR_SIZE) != 0) {
            (void)snprintf(error->next, sizeof error->next,
                           "compare PCR%u of `zcp verify` with the published measurement", i);
            return;
        }
    }
}

static zcp_result check_expected(const zc_attest_doc *doc, const zcp_expectation *expect,
                                 zcp_error *error)
{
    zc_attest_expect wanted = {.pcr_mask = expect->pcr_mask,
                               .has_nonce = expect->nonce != NULL,
                               .nonce = zc_slice_of(expect->nonce, expect->nonce_len)};
    if (expect->nonce != NULL && !(doc->has_nonce && zc_slice_eq(doc->nonce, wanted.nonce))) {
        return not_verified(error, zc_fail(ZC_ATTEST_WRONG_NONCE),
                            "ask for a fresh document with your own nonce");
    }
    if (expect->pcr_mask == 0) {
        return ZCP_OK;
    }
    for (unsigned i = 0; i < ZC_ATTEST_PCRS; i++) {
        if ((expect->pcr_mask >> i & 1) != 0) {
            memcpy(wanted.pcr[i], expect->pcr[i], ZC_ATTEST_PCR_SIZE);
        }
    }
    zc_result held = zc_attest_check(doc, &wanted);
    if (!zc_ok(held)) {
        not_verified(error, held, "");
        name_pcr(doc, expect, error);
        return ZCP_NOT_VERIFIED;
    }
    return ZCP_OK;
}

zcp_result zcp_verify_document(const uint8_t *document, size_t len, const zcp_expectation *expect,
                               zcp_evidence *ret_evidence, zcp_error *error)
{
    uint8_t root[2048];
    zc_slice root_der = zc_evidence_aws_root();
    if (expect->root_pem != NULL) {
        size_t root_len;
        zcp_result read = zc_place_root(expect->root_pem, root, sizeof root, &root_len, error);
        if (read != ZCP_OK) {
            return read;
        }
        root_der = zc_slice_of(root, root_len);
    }
    zc_attest_doc doc;
    zc_result verified =
        zc_attest_verify(zc_slice_of(document, len), root_der, expect->at_seconds, &doc);
    if (!zc_ok(verified)) {
        return not_verified(error, verified,
                            zc_is(verified, ZC_ATTEST_EXPIRED)
                                ? "for an archived document give its own time with --at"
                                : "do not trust this enclave");
    }
    zcp_result held = check_expected(&doc, expect, error);
    if (held != ZCP_OK) {
        return held;
    }
    /* Hardware means AWS's root and nothing else, whatever root the caller pinned. */
    describe(&doc, zc_slice_eq(root_der, zc_evidence_aws_root()), ret_evidence);
    return ZCP_OK;
}

/* The evidence must vouch for this very channel: its key, its deployment, its birth. */
static zc_result check_binding(const zc_place *place, const zc_attest_binding *binding,
                               zc_slice genesis, zc_slice tls_certificate)
{
    zc_genesis_record record;
    ZC_TRY(zc_genesis_record_parse(genesis, &record));
    uint8_t genesis_sha256[32];
    zc_sha256(genesis, genesis_sha256);
    bool same = memcmp(place->deployment_id, binding->deployment_id, 32) == 0 &&
                memcmp(record.genesis.deployment_id, binding->deployment_id, 32) == 0 &&
                memcmp(record.genesis.identity, binding->identity, 33) == 0 &&
                memcmp(record.genesis.log_key, binding->log_key, 32) == 0 &&
                memcmp(genesis_sha256, binding->genesis_sha256, 32) == 0;
    if (!same) {
        return zc_fail(ZC_ATTEST_WRONG_DEPLOYMENT_ID);
    }
    zc_pubkey identity;
    ZC_TRY(zc_pubkey_parse(ZC_CURVE_P256, ZC_SLICE_OF_ARRAY(binding->identity), &identity));
    return zc_x509_check_issued_by(tls_certificate, &identity,
                                   ZC_SLICE_OF_ARRAY(binding->tls_spki_sha256));
}

/* The code that was pinned, in the register that names code on this kind of machine. */
static zc_result check_code(const zc_place *place, const zc_evidence_result *result)
{
    const char *wanted = zc_evidence_code_register(result->kind);
    for (size_t i = 0; i < result->measurement_count; i++) {
        const zc_measurement *found = &result->measurement[i];
        if (strcmp(found->name, wanted) == 0) {
            bool same = found->len <= sizeof place->pcr0 &&
                        memcmp(found->value, place->pcr0, found->len) == 0 &&
                        zc_ct_is_zero(place->pcr0 + found->len, sizeof place->pcr0 - found->len) &&
                        !zc_ct_is_zero(place->pcr0, sizeof place->pcr0);
            return same ? ZC_OK : zc_fail(ZC_ATTEST_WRONG_PCR);
        }
    }
    return zc_fail(ZC_ATTEST_MISSING_PCR);
}

static void describe_session(const zc_evidence_result *result, zcp_evidence *ret_evidence)
{
    const zc_attest_binding *binding = &result->binding;
    *ret_evidence = (zcp_evidence){
        .hardware = result->hardware, .ours = true, .timestamp_ms = result->timestamp_ms};
    zc_copy_text(ret_evidence->module_id, sizeof ret_evidence->module_id,
                 zc_slice_of_text(result->module_id));
    for (size_t i = 0; i < result->measurement_count; i++) {
        const zc_measurement *from = &result->measurement[i];
        unsigned index;
        char rest;
        bool is_pcr = sscanf(from->name, "PCR%2u%c", &index, &rest) == 1;
        if (is_pcr && index < ZC_ATTEST_PCRS && from->len == ZC_ATTEST_PCR_SIZE) {
            ret_evidence->pcr_mask |= UINT32_C(1) << index;
            memcpy(ret_evidence->pcr[index], from->value, from->len);
        }
    }
    memcpy(ret_evidence->deployment_id, binding->deployment_id, 32);
    memcpy(ret_evidence->mission_hash, binding->mission_hash, 32);
    memcpy(ret_evidence->log_key, binding->log_key, 32);
    memcpy(ret_evidence->boot_id, binding->boot_id, 16);
}

zcp_result zc_evidence_of_session(zcp_session *session, zc_slice wrapped, zc_slice genesis,
                                  zc_slice tls_certificate, uint8_t ret_sha256[static 32],
                                  zcp_error *error)
{
    const zc_place *place = &session->place;
    const zc_evidence_options options = {.at_seconds = (int64_t)time(NULL),
                                         .root_der = zc_slice_of(place->root_der, place->root_len),
                                         .cache = zc_cache_of_thread()};
    zc_evidence_result result;
    zc_result held = zc_evidence_verify(wrapped, &options, &result);
    if (!zc_ok(held)) {
        return zc_report_evidence(error, held, "do not trust this enclave: check --dir and --root");
    }
    held = check_code(place, &result);
    if (!zc_ok(held)) {
        return not_verified(error, held,
                            "compare PCR0 of `zcp verify` with the published measurement");
    }
    held = result.has_binding ? check_binding(place, &result.binding, genesis, tls_certificate)
                              : zc_fail(ZC_ATTEST_BAD_BINDING);
    if (!zc_ok(held)) {
        return not_verified(
            error, held, "this is another deployment, or someone stands in between: check --dir");
    }
    describe_session(&result, &session->evidence);
    memcpy(ret_sha256, result.evidence_sha256, 32);
    return ZCP_OK;
}
