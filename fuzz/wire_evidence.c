/* Any bytes as the frame of evidence: what is taken encodes to the same bytes. */
#include "fuzz.h"

#include "wire/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[ZC_EVIDENCE_MAX];
    zc_slice input = zc_slice_of(data, size);
    zc_evidence evidence;
    if (!zc_ok(zc_evidence_read(input, &evidence))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_evidence_write(&evidence, &writer)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    return 0;
}
