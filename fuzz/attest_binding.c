/* A binding has one form: what parses is written again byte for byte. */
#include <stdlib.h>

#include "attest/binding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[ZC_ATTEST_BINDING_SIZE];
    zc_slice input = zc_slice_of(data, size);
    zc_attest_binding binding;
    if (!zc_ok(zc_attest_binding_parse(input, &binding))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    if (!zc_ok(zc_attest_binding_write(&binding, &writer)) ||
        !zc_slice_eq(zc_writer_written(&writer), input)) {
        abort();
    }
    return 0;
}
