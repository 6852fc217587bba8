/* Any bytes as a signed transaction. */
#include "intent/decode.h"
#include "intent/message.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    zc_signature signature;
    size_t offset = 0;
    uint64_t gas;
    uint64_t floor;
    const zc_slice tx = zc_slice_of(data, size);
    if (!zc_ok(zc_intent_decode_evm_signed_tx(tx, NULL, &intent, &signature, &offset))) {
        require(offset <= size);
        return 0;
    }
    require(zc_ok(zc_evm_intrinsic_gas(tx, &gas, &floor)) && gas >= 21000 && floor >= 21000);
    check_intent(&intent);
    const zc_address account = intent.account;
    require(zc_is(zc_intent_decode_message(ZC_FAMILY_EVM, tx, &account, &intent),
                  size > ZC_INTENT_MAX_MESSAGE ? ZC_INTENT_TOO_LONG
                                               : ZC_INTENT_MESSAGE_IS_TRANSACTION));
    return 0;
}
