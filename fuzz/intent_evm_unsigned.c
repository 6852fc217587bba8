/* Any bytes as an unsigned transaction; what decodes is signed, and what is signed reads back. */
#include "intent/decode.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static uint8_t room[ZC_EVM_MAX_TX + 128];
    static const uint8_t account[20] = {1};
    /* r and s of 1 are in range; whose signature it is does not matter. */
    const zc_signature signature = {.byte = {[31] = 1, [63] = 1}, .recovery = 1};
    size_t offset = 0;
    if (!zc_ok(zc_intent_decode_evm_tx(zc_slice_of(data, size), account, &intent, &offset))) {
        require(offset <= size);
        return 0;
    }
    check_intent(&intent);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    require(zc_ok(zc_evm_write_signed(zc_slice_of(data, size), &signature, &writer)));
    require(zc_is(zc_intent_decode_evm_tx(zc_writer_written(&writer), account, &intent, &offset),
                  zc_writer_len(&writer) > ZC_EVM_MAX_TX ? ZC_INTENT_TOO_LONG
                                                         : ZC_INTENT_ALREADY_SIGNED));
    return 0;
}
