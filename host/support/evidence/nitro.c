/* AWS Nitro: the verdict is attest's; here it becomes a table and claims. */
#include <stdio.h>

#include "attest/measure.h"
#include "evidence/internal.h"

/* The stages of zc_attest_verify() in their order, and the reasons that end each. */
typedef struct stage {
    const char *name;
    int last; /* the highest reason that belongs to it */
    const char *detail;
} stage;
static const stage stages[] = {
    {"form", ZC_ATTEST_WRONG_DIGEST, "COSE_Sign1 in canonical CBOR, a Nitro payload"},
    {"root", ZC_ATTEST_FOREIGN_ROOT, ""},
    {"certificates", ZC_ATTEST_NOT_YET_VALID,
     "signatures, CA bits, path lengths, key usage; all in date"},
    {"signature", ZC_ATTEST_BAD_SIGNATURE, "ES384 by the leaf, over every byte"},
    {"debug mode", ZC_ATTEST_DEBUG_MODE, "off: PCR0 to PCR2 are not zero"},
};

static zc_result tell_stages(zc_result verdict, bool pinned, zc_evidence_result *result)
{
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        const char *detail = stages[i].detail;
        if (i == 1) {
            detail = pinned ? "the AWS Nitro Enclaves root G1, pinned here"
                            : "a root of yours: it proves nothing about hardware";
        }
        bool failed_here = !zc_ok(verdict) && verdict.code <= (uint16_t)stages[i].last;
        ZC_TRY(zc_check_result(result, stages[i].name, failed_here ? verdict : ZC_OK, detail));
    }
    /* A reason of no stage: out of memory and the like. */
    return zc_ok(verdict) ? ZC_OK : zc_check_result(result, "verification", verdict, "");
}

static void claim(const zc_attest_doc *doc, zc_evidence_result *result)
{
    for (unsigned i = 0; i < ZC_ATTEST_PCRS; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "PCR%u", i);
        if ((doc->pcr_mask >> i & 1) != 0) {
            zc_claim_measurement(result, name, ZC_SLICE_OF_ARRAY(doc->pcr[i]));
        }
    }
    zc_claim_text(result->module_id, sizeof result->module_id, doc->module_id);
    result->has_time = true;
    result->timestamp_ms = doc->timestamp_ms;
    result->nonce_len = zc_claim_bytes(result->nonce, sizeof result->nonce, doc->nonce);
    result->user_data_len =
        zc_claim_bytes(result->user_data, sizeof result->user_data, doc->user_data);
    result->public_key_len =
        zc_claim_bytes(result->public_key, sizeof result->public_key, doc->public_key);
    result->has_binding =
        doc->has_user_data && zc_ok(zc_attest_binding_parse(doc->user_data, &result->binding));
}

/* An archived document was made while its certificates lived; one from the future was not made. */
static zc_result check_time(const zc_attest_doc *doc, int64_t at_seconds)
{
    int64_t made = (int64_t)(doc->timestamp_ms / 1000);
    return made > at_seconds && made - at_seconds > ZC_ATTEST_CLOCK_SKEW_MS / 1000
               ? zc_fail(ZC_ATTEST_FROM_THE_FUTURE)
               : ZC_OK;
}

zc_result zc_nitro_verify(zc_slice document, const zc_evidence_options *options,
                          zc_evidence_result *result)
{
    zc_attest_doc doc;
    zc_slice root = options->root_der.len > 0 ? options->root_der : zc_evidence_aws_root();
    zc_result verdict =
        zc_attest_verify_cached(document, root, options->at_seconds, options->cache, &doc);
    result->debug = zc_is(verdict, ZC_ATTEST_DEBUG_MODE);
    ZC_TRY(tell_stages(verdict, zc_slice_eq(root, zc_evidence_aws_root()), result));
    ZC_TRY(zc_check_result(result, "time", check_time(&doc, options->at_seconds),
                           "made no later than the time it is held against"));
    claim(&doc, result);
    return ZC_OK;
}
