/* Any bytes as calldata: the first byte says whether by delegatecall. */
#include "intent/evm/calldata.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parents stand before their children, and everything names a call that is there. */
static void check_tree(const zc_intent *intent)
{
    for (uint32_t i = 0; i < intent->call_count; i++) {
        require(i == 0 ? intent->calls[i].parent == ZC_CALL_NONE : intent->calls[i].parent < i);
        require(intent->calls[i].is_read ||
                (intent->flags & (ZC_FLAG_UNKNOWN_CALLDATA | ZC_FLAG_PARTIAL_DECODE)) != 0);
        require(!intent->calls[i].is_delegate || (intent->flags & ZC_FLAG_DELEGATECALL) != 0);
    }
    for (uint32_t i = 0; i < intent->movement_count; i++) {
        require(intent->movements[i].call < intent->call_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    if (size == 0) {
        return 0;
    }
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_EVM;
    intent.chain_id = 1;
    intent.has_chain_id = true;
    intent.account = (zc_address){.len = ZC_EVM_ADDRESS_SIZE, .byte = {1}};
    intent.to = (zc_address){.len = ZC_EVM_ADDRESS_SIZE, .byte = {2}};
    intent.data_len = (uint32_t)(size - 1);
    const zc_evm_call call = {.actor = intent.account,
                              .target = intent.to,
                              .data = zc_slice_of(data + 1, size - 1),
                              .parent = ZC_CALL_NONE,
                              .is_delegate = data[0] == 1};
    if (zc_ok(zc_evm_read_calls(&call, NULL, &intent))) {
        check_tree(&intent);
        check_intent(&intent);
    }
    return 0;
}
