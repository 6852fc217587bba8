/* Private to the module: the contract methods whose effect is known, by selector.
 *
 * A method's decoder reads its arguments and only then changes the intent. Arguments that are not
 * exactly what a compiler would write are not interpreted: the call is then unknown calldata. */
#ifndef ZC_INTENT_EVM_METHODS_H
#define ZC_INTENT_EVM_METHODS_H

#include "base/reader.h"
#include "intent/intent.h"

#define ZC_EVM_SELECTOR_SIZE 4

typedef struct zc_evm_method {
    uint8_t selector[ZC_EVM_SELECTOR_SIZE];
    /* Reads the arguments and adds what they mean; `intent` holds account, chain and contract.
     * Fails with the intent unchanged. */
    zc_result (*decode)(zc_reader *arguments, zc_intent *intent);
} zc_evm_method;

/* EIP-20, in evm_erc20.c. */
ZC_MUST_USE zc_result zc_erc20_transfer(zc_reader *arguments, zc_intent *intent);
ZC_MUST_USE zc_result zc_erc20_transfer_from(zc_reader *arguments, zc_intent *intent);
ZC_MUST_USE zc_result zc_erc20_approve(zc_reader *arguments, zc_intent *intent);
ZC_MUST_USE zc_result zc_erc20_increase_allowance(zc_reader *arguments, zc_intent *intent);

/* Reads the calldata of a call to intent->to, which is not empty: sets operation, selector and
 * flags and adds movements. Whatever is not understood is flagged; it fails only where the intent
 * cannot hold what was understood (ZC_INTENT_TOO_MANY_MOVEMENTS). */
ZC_MUST_USE zc_result zc_evm_decode_call(zc_slice calldata, zc_intent *intent);

#endif
