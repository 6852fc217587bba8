/* Compiled risk models from anywhere. */
#include "risk_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)fuzz_check_model(zc_slice_of(data, size));
    return 0;
}
