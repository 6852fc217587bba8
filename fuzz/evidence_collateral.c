/* What stands beside evidence, and published measurements, from whoever hands them in. */
#include "evidence/accepted.h"
#include "evidence/logged.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[32] = {1};
    static const zc_measurement measurement = {.name = "PCR0", .len = 48, .value = {1}};
    char label[96];
    zc_slice input = zc_slice_of(data, size);
    zc_evidence_options options = {
        .at_seconds = 1735689600, .collateral = &input, .collateral_count = 1};
    fuzz_any(zc_evidence_check_endorsements(&options, 1));
    /* Nobody has this key. */
    FUZZ_CHECK(!zc_ok(
        zc_accepted_check(input, key, ZC_EVIDENCE_NITRO, &measurement, 1, 1735689600, label)));
    FUZZ_CHECK(
        !zc_ok(zc_logged_check(input, key, ZC_EVIDENCE_NITRO, &measurement, 1, 1735689600, label)));
    return 0;
}
