/* Evidence of any kind with anything beside it: u16 length ‖ evidence ‖ collateral. Nothing that a
 * fuzzer makes is signed, so nothing is ever valid, and what is not valid claims nothing. */
#include "evidence/evidence.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_evidence_result result;
    static zc_attest_cache cache;
    if (size < 2) {
        return 0;
    }
    size_t len = (size_t)data[0] << 8 | data[1];
    len = len < size - 2 ? len : size - 2;
    zc_slice evidence = zc_slice_of(data + 2, len);
    zc_slice collateral = zc_slice_of(data + 2 + len, size - 2 - len);
    zc_evidence_options options = {.at_seconds = 1735689600,
                                   .collateral = &collateral,
                                   .collateral_count = collateral.len > 0 ? 1 : 0,
                                   .accept_debug = true,
                                   .tcb_accepted = UINT32_MAX,
                                   .cache = &cache};
    zc_result verified = zc_evidence_verify(evidence, &options, &result);
    FUZZ_CHECK(!zc_ok(verified) && !result.valid && !result.hardware);
    FUZZ_CHECK(result.measurement_count == 0 && result.nonce_len == 0 && !result.has_binding);
    FUZZ_CHECK(result.check_count > 0 &&
               result.check[result.check_count - 1].state == ZC_CHECK_FAILED);
    FUZZ_CHECK(result.reason.code == verified.code);
    return 0;
}
