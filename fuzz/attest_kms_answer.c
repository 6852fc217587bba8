/* Whatever parses lies within its limits and within the input. */
#include <stdlib.h>

#include "attest/kms_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_kms_answer answer;
    zc_slice input = zc_slice_of(data, size);
    if (!zc_ok(zc_kms_answer_parse(input, &answer))) {
        return 0;
    }
    bool sound = answer.wrapped_key.len == ZC_RECIPIENT_WRAPPED &&
                 answer.iv.len == ZC_RECIPIENT_IV && answer.content_len > 0 &&
                 answer.content_len <= sizeof answer.content && answer.content_len % 16 == 0 &&
                 answer.wrapped_key.data >= data && answer.iv.data + answer.iv.len <= data + size;
    if (!sound) {
        abort();
    }
    return 0;
}
