/* A proof in one file: what is read is written again byte for byte, and checking it comes back. */
#include "fuzz.h"
#include "log/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_proof_bundle bundle;
    static zc_proof_facts facts;
    static uint8_t again[FUZZ_BUFFER];
    if (size > sizeof again || !zc_ok(zc_proof_read(zc_slice_of(data, size), &bundle))) {
        return 0;
    }
    zc_writer out = ZC_WRITER_OF_ARRAY(again);
    FUZZ_CHECK(zc_ok(zc_proof_write(&bundle, &out)));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&out), zc_slice_of(data, size)));
    fuzz_any(zc_proof_check(&bundle, &facts));
    return 0;
}
