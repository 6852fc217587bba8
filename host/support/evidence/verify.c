#include <stdlib.h>

#include "crypto/hash.h"
#include "evidence/internal.h"

typedef zc_result (*verify_fn)(zc_slice evidence, const zc_evidence_options *options,
                               zc_evidence_result *result);

/* By kind. */
static const verify_fn verifiers[] = {
    [ZC_EVIDENCE_ANY] = NULL,
    [ZC_EVIDENCE_NITRO] = zc_nitro_verify,
    [ZC_EVIDENCE_SNP] = zc_snp_verify,
    [ZC_EVIDENCE_SGX] = zc_quote_verify,
    [ZC_EVIDENCE_TDX] = zc_quote_verify,
};

static zc_result verify_bare(const zc_wrapped *wrapped, const zc_evidence_options *options,
                             zc_evidence_result *result)
{
    zc_slice evidence = wrapped->evidence;
    zc_evidence_kind kind = zc_evidence_detect(evidence);
    bool other = options->kind != ZC_EVIDENCE_ANY && options->kind != kind;
    if (kind == ZC_EVIDENCE_ANY || other) {
        return zc_check_result(result, "form", zc_fail(ZC_EVIDENCE_UNKNOWN_KIND), "");
    }
    result->kind = kind;
    result->development =
        options->root_der.len > 0 &&
        !(kind == ZC_EVIDENCE_NITRO && zc_slice_eq(options->root_der, zc_evidence_aws_root()));
    ZC_TRY(verifiers[kind](evidence, options, result));
    ZC_TRY(zc_bound_take(wrapped, result));
    zc_sha256(evidence, result->evidence_sha256);
    return zc_expect_all(options, result);
}

/* What the wrapper endorses is held against the maker's roots like all collateral; but a caller's
 * own is the only one then: an older statement, still in date, must not stand in for it. */
static zc_result verify_wrapped(const zc_wrapped *wrapped, const zc_evidence_options *options,
                                zc_evidence_result *result)
{
    zc_evidence_options with = *options;
    if (options->collateral_count == 0) {
        with.collateral = wrapped->endorsement;
        with.collateral_count = wrapped->endorsement_count;
    }
    return verify_bare(wrapped, &with, result);
}

static zc_result verify(zc_slice evidence, const zc_evidence_options *options,
                        zc_evidence_result *result)
{
    zc_wrapped wrapped;
    if (evidence.len > ZC_EVIDENCE_MAX) {
        return zc_check_result(result, "form", zc_fail(ZC_EVIDENCE_TOO_LONG), "");
    }
    uint8_t *room = malloc(evidence.len + 1);
    zc_result verified =
        room != NULL ? zc_wrapper_open(evidence, room, &wrapped) : zc_fail(ZC_EVIDENCE_NO_MEMORY);
    verified = zc_ok(verified) ? verify_wrapped(&wrapped, options, result)
                               : zc_check_result(result, "form", verified, "");
    free(room);
    return verified;
}

/* What did not verify says nothing: the table and the reason stay, the claims go. */
static void forget_claims(zc_evidence_result *result)
{
    zc_evidence_result kept = {.reason = result->reason,
                               .development = result->development,
                               .debug = result->debug,
                               .kind = result->kind,
                               .check_count = result->check_count};
    memcpy(kept.check, result->check, sizeof kept.check);
    *result = kept;
}

zc_result zc_evidence_verify(zc_slice evidence, const zc_evidence_options *options,
                             zc_evidence_result *ret_result)
{
    *ret_result = (zc_evidence_result){0};
    zc_result verified = verify(evidence, options, ret_result);
    ret_result->reason = verified;
    if (!zc_ok(verified)) {
        forget_claims(ret_result);
        return verified;
    }
    ret_result->valid = true;
    ret_result->hardware = !ret_result->development && !ret_result->debug;
    return ZC_OK;
}
