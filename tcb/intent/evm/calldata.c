#include "intent/evm/calldata.h"

zc_result zc_evm_read_calls(const zc_evm_call *call, const zc_descriptor_set *descriptors,
                            zc_intent *intent)
{
    zc_call *added;
    (void)descriptors;
    ZC_TRY(zc_intent_add_call(intent, &call->target, call->parent, &added));
    intent->operation = ZC_OPERATION_CONTRACT_CALL;
    intent->flags |= ZC_FLAG_UNKNOWN_CALLDATA;
    return ZC_OK;
}
