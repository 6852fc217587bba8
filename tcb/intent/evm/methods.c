#include "intent/evm_methods.h"

static const zc_evm_method methods[] = {
    {{0xa9, 0x05, 0x9c, 0xbb}, zc_erc20_transfer},      /* transfer(address,uint256) */
    {{0x23, 0xb8, 0x72, 0xdd}, zc_erc20_transfer_from}, /* transferFrom(address,address,uint256) */
    {{0x09, 0x5e, 0xa7, 0xb3}, zc_erc20_approve},       /* approve(address,uint256) */
    {{0x39, 0x50, 0x93, 0x51},
     zc_erc20_increase_allowance}, /* increaseAllowance(address,uint256) */
};

static const zc_evm_method *find_method(const uint8_t selector[static ZC_EVM_SELECTOR_SIZE])
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (memcmp(methods[i].selector, selector, ZC_EVM_SELECTOR_SIZE) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}

zc_result zc_evm_decode_call(zc_slice calldata, zc_intent *intent)
{
    zc_reader reader = zc_reader_of(calldata);
    intent->operation = ZC_OPERATION_CONTRACT_CALL;
    if (!zc_ok(zc_read_copy(&reader, intent->selector, ZC_EVM_SELECTOR_SIZE))) {
        intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA;
        return ZC_OK;
    }
    intent->has_selector = true;
    const zc_evm_method *method = find_method(intent->selector);
    if (method == NULL) {
        intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA;
        return ZC_OK;
    }
    zc_result result = method->decode(&reader, intent);
    if (zc_is(result, ZC_INTENT_TOO_MANY_MOVEMENTS)) {
        return result;
    }
    if (!zc_ok(result)) {
        /* Short arguments or dirty words: contracts differ in what they make of them (some pad,
         * some mask, some revert), so nothing is claimed but that the method was meant. */
        intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE;
    } else if (!zc_ok(zc_reader_end(&reader))) {
        /* Contracts ignore what follows the arguments, unless they read it on purpose. */
        intent->flags |= ZC_FLAG_PARTIAL_DECODE;
    }
    return ZC_OK;
}
