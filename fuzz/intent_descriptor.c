/* Any bytes as a descriptor; what is read writes the same bytes, and reads calldata of any form:
 * the first byte is the descriptor's length in words of 8 bytes. */
#include "intent/evm/calldata.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static zc_descriptor descriptor;
    static uint8_t room[ZC_DESCRIPTOR_MAX_ENCODED];
    if (size == 0) {
        return 0;
    }
    const size_t len = (size_t)data[0] * 8 < size - 1 ? (size_t)data[0] * 8 : size - 1;
    zc_reader reader = zc_reader_of(zc_slice_of(data + 1, len));
    if (!zc_ok(zc_descriptor_read(&reader, &descriptor))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    require(zc_ok(zc_descriptor_write(&descriptor, &writer)));
    require(
        zc_slice_eq(zc_writer_written(&writer), zc_slice_of(data + 1, zc_reader_offset(&reader))));
    const zc_descriptor_set set = {&descriptor, 1};
    zc_intent_reset(&intent);
    intent.family = ZC_FAMILY_EVM;
    intent.chain_id = descriptor.chain_id;
    intent.account = (zc_address){.len = ZC_EVM_ADDRESS_SIZE, .byte = {1}};
    intent.to = descriptor.contract.len != 0 ? descriptor.contract : intent.account;
    const zc_evm_call call = {.actor = intent.account,
                              .target = intent.to,
                              .data = zc_slice_of(data + 1 + len, size - 1 - len),
                              .parent = ZC_CALL_NONE};
    if (zc_ok(zc_evm_read_calls(&call, &set, &intent))) {
        check_intent(&intent);
    }
    return 0;
}
