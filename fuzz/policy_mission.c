/* Compiled missions: what parses writes back to the same bytes, and is safe to index. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_mission mission;
    static uint8_t written[ZC_MISSION_MAX_BYTES];
    static zc_policy_state state;
    zc_slice bytes = zc_slice_of(data, size);
    if (!zc_ok(zc_mission_parse(bytes, &mission))) {
        FUZZ_CHECK(mission.rule_count == 0 && mission.principal_count == 0);
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(written);
    FUZZ_CHECK(zc_ok(zc_mission_write(&mission, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), bytes));
    FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(bytes)));
    zc_policy_init(&state, &mission);
    return 0;
}
