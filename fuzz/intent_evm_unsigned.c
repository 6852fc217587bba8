/* Any bytes as an unsigned transaction or authorization; what decodes is signed, and what is signed
 * reads back. */
#include "intent/decode.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* r and s of 1 are in range; whose signature it is does not matter. */
static const zc_signature signature = {.byte = {[31] = 1, [63] = 1}, .recovery = 1};
static const zc_address account = {.len = ZC_EVM_ADDRESS_SIZE, .byte = {1}};

static void check_authorization(zc_slice bytes)
{
    static zc_intent intent;
    uint8_t room[256];
    size_t offset = 0;
    if (!zc_ok(zc_intent_decode_evm_authorization(bytes, &account, &intent, &offset))) {
        require(offset <= bytes.len);
        return;
    }
    check_intent(&intent);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    require(zc_ok(zc_evm_write_authorization(bytes, &signature, &writer)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static uint8_t room[ZC_EVM_MAX_TX + 128];
    size_t offset = 0;
    check_authorization(zc_slice_of(data, size));
    if (!zc_ok(
            zc_intent_decode_evm_tx(zc_slice_of(data, size), &account, NULL, &intent, &offset))) {
        require(offset <= size);
        return 0;
    }
    check_intent(&intent);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    require(zc_ok(zc_evm_write_signed(zc_slice_of(data, size), &signature, &writer)));
    require(zc_is(
        zc_intent_decode_evm_tx(zc_writer_written(&writer), &account, NULL, &intent, &offset),
        zc_writer_len(&writer) > ZC_EVM_MAX_TX ? ZC_INTENT_TOO_LONG : ZC_INTENT_ALREADY_SIGNED));
    return 0;
}
