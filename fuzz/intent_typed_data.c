/* Any bytes as typed data. What is accepted has one form, means the same each time, and shows what
 * it was told to expect. */
#include "codec/cbor.h"
#include "intent/typed_data.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A call within a Safe's transaction is read by other decoders, so the intent may say more than the
 * form; what the form alone decides is compared. */
static void check_again(zc_slice form, const zc_intent *first)
{
    static zc_intent again;
    static const uint8_t account[ZC_EVM_ADDRESS_SIZE] = {1};
    const zc_typed_data_expectation other = {
        .has_chain = true,
        .chain = first->chain_id + 1,
        .has_contract = true,
        .contract = {0xff},
    };
    require(zc_ok(zc_intent_decode_typed_data(form, account, &other, &again, NULL)));
    require(memcmp(first->digest, again.digest, sizeof(again.digest)) == 0);
    require((again.flags & ZC_FLAG_WRONG_DOMAIN) != 0);
    require((again.flags | ZC_FLAG_WRONG_DOMAIN) == (first->flags | ZC_FLAG_WRONG_DOMAIN));
    require(again.movement_count == first->movement_count);
    require(again.argument_count == first->argument_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static const uint8_t account[ZC_EVM_ADDRESS_SIZE] = {1};
    const zc_slice form = zc_slice_of(data, size);
    size_t offset = 0;
    if (!zc_ok(zc_intent_decode_typed_data(form, account, NULL, &intent, &offset))) {
        require(offset <= size);
        require(intent.movement_count == 0 && intent.argument_count == 0 && intent.call_count == 0);
        return 0;
    }
    const zc_result canonical = zc_cbor_check_canonical(form);
    require(zc_ok(canonical) || zc_is(canonical, ZC_CODEC_TOO_DEEP));
    check_intent(&intent);
    check_again(form, &intent);
    require(zc_ok(zc_intent_decode_validator_data(zc_slice_of(data, size < 4096 ? size : 4096),
                                                  account, account, &intent)));
    check_intent(&intent);
    return 0;
}
