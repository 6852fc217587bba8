/* Any bytes as a Solana message, as an off-chain message and as a whole transaction. The account is
 * the fee payer that the bytes name, so that decoding goes past the signers. */
#include "intent/solana.h"
#include "intent/solana/shape.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first key, behind version, counts and number of keys. */
static void find_account(const uint8_t *data, size_t size, uint8_t account[32])
{
    const size_t at = size > 0 && (data[0] & 0x80) != 0 ? 5 : 4;
    memset(account, 7, 32);
    if (size >= at + 32) {
        memcpy(account, data + at, 32);
    }
}

static void check_signed(zc_slice message, const uint8_t account[32])
{
    static uint8_t room[ZC_SOLANA_MAX_MESSAGE + 256 * ZC_SOLANA_SIGNATURE_SIZE];
    static const uint8_t signature[64] = {1, 2, 3};
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_slice back;
    require(zc_ok(zc_solana_write_signed(message, account, signature, &writer)));
    require(zc_ok(zc_solana_take_message(zc_writer_written(&writer), &back)));
    require(zc_slice_eq(back, message));
    require(zc_ok(zc_solana_take_signature(zc_writer_written(&writer), account, &back)));
    require(zc_slice_eq(back, ZC_SLICE_OF_ARRAY(signature)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    uint8_t account[32];
    size_t offset;
    zc_slice message;
    const zc_slice bytes = zc_slice_of(data, size);
    find_account(data, size, account);
    if (zc_ok(zc_intent_decode_solana_tx(bytes, account, &intent, &offset))) {
        check_intent(&intent);
        check_signed(bytes, account);
        require(zc_solana_is_message(bytes));
        require(!zc_solana_is_offchain(bytes));
    } else {
        require(offset <= size);
        require(intent.movement_count == 0 && intent.call_count == 0);
    }
    if (zc_ok(zc_intent_decode_solana_offchain(bytes, account, &intent, NULL))) {
        check_intent(&intent);
        require(!zc_solana_is_message(bytes));
    }
    if (zc_ok(zc_solana_take_message(bytes, &message))) {
        require(zc_solana_is_message(message));
    }
    return 0;
}
