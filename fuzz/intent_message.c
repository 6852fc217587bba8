/* Any bytes as a message of either kind; a transaction is never one. */
#include "intent/decode.h"
#include "intent/message.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static zc_intent tx;
    static const zc_address account = {.len = 20, .byte = {1}};
    const zc_slice payload = zc_slice_of(data, size);
    static const zc_family families[] = {ZC_FAMILY_EVM, ZC_FAMILY_NONE};
    for (size_t i = 0; i < 2; i++) {
        if (zc_ok(zc_intent_decode_message(families[i], payload, &account, &intent))) {
            check_intent(&intent);
            require(!zc_ok(zc_intent_decode_evm_tx(payload, &account, NULL, &tx, NULL)));
        }
    }
    return 0;
}
