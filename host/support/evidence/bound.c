/* Evidence that has no room for a binding holds its hash; the binding stands beside. */
#include "attest/measure.h"
#include "crypto/hash.h"
#include "evidence/internal.h"

static zc_result check(const zc_wrapped *wrapped, const zc_evidence_result *result,
                       zc_attest_binding *ret_binding)
{
    uint8_t hash[64];
    if (result->kind == ZC_EVIDENCE_NITRO) {
        return zc_fail(ZC_EVIDENCE_BAD_WRAPPER);
    }
    zc_sha512(wrapped->binding, hash);
    if (result->nonce_len != sizeof hash || memcmp(result->nonce, hash, sizeof hash) != 0 ||
        !zc_ok(zc_attest_binding_parse(wrapped->binding, ret_binding))) {
        return zc_fail(ZC_EVIDENCE_NOT_BOUND);
    }
    return ZC_OK;
}

zc_result zc_bound_take(const zc_wrapped *wrapped, zc_evidence_result *result)
{
    zc_attest_binding binding;
    if (!wrapped->has_binding) {
        return ZC_OK;
    }
    ZC_TRY(zc_check_result(result, "binding", check(wrapped, result, &binding),
                           "the report data are the hash of the binding beside it"));
    result->has_binding = true;
    result->binding = binding;
    result->user_data_len =
        zc_claim_bytes(result->user_data, sizeof result->user_data, wrapped->binding);
    return ZC_OK;
}

bool zc_bound_mission(const zc_evidence_result *result, const uint8_t mission_hash[static 32])
{
    uint8_t pcr[48];
    zc_measure_mission(mission_hash, pcr);
    bool is_snp = result->kind == ZC_EVIDENCE_SNP;
    zc_slice wanted = is_snp ? zc_slice_of(mission_hash, 32) : ZC_SLICE_OF_ARRAY(pcr);
    const zc_measurement *found = zc_claim_find(result, is_snp ? "HOST_DATA" : "PCR16");
    return found != NULL && zc_slice_eq(zc_slice_of(found->value, found->len), wanted);
}
