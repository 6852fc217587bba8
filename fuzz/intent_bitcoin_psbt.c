/* Any bytes as a PSBT. What decodes is signed for; the result reads back, and has nothing more for
 * this key to sign. */
#include "intent/bitcoin.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A branch that the key does not come from proves nothing, but is read all the same. */
static const zc_bitcoin_branch branch = {
    .path_len = 1,
    .path = {0x80000000},
    .key = {.key = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0,
                    0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d,
                    0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98}},
};

/* The key of the corpus: BIP-341's internal key of the generator times 1. */
static const zc_bitcoin_account account = {
    .chain_id = ZC_CHAIN_BITCOIN,
    .branch = &branch,
    .key = {.curve = ZC_CURVE_SECP256K1,
            .len = 65,
            .byte = {0x04, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95,
                     0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59,
                     0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98, 0x48, 0x3a, 0xda, 0x77, 0x26, 0xa3,
                     0xc4, 0x65, 0x5d, 0xa4, 0xfb, 0xfc, 0x0e, 0x11, 0x08, 0xa8, 0xfd, 0x17, 0xb4,
                     0x48, 0xa6, 0x85, 0x54, 0x19, 0x9c, 0x47, 0xd0, 0x8f, 0xfb, 0x10, 0xd4, 0xb8}},
};

static void check_sums(const zc_intent *intent)
{
    require(intent->signatures >= 1 && intent->signatures <= ZC_PSBT_MAX_INPUTS);
    require(intent->movement_count >= 1);
    require(intent->movements[intent->movement_count - 1].kind == ZC_MOVEMENT_FEE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static zc_bitcoin_signing list[ZC_PSBT_MAX_INPUTS];
    static zc_signature signatures[ZC_PSBT_MAX_INPUTS];
    static uint8_t room[ZC_PSBT_MAX + ZC_PSBT_MAX_INPUTS * ZC_PSBT_SIGNATURE_SIZE];
    static uint8_t extracted[2 * ZC_PSBT_MAX];
    const zc_slice psbt = zc_slice_of(data, size);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_writer tx = ZC_WRITER_OF_ARRAY(extracted);
    size_t offset = 0;
    size_t count = 0;
    if (zc_ok(zc_psbt_extract(psbt, &tx))) {
        require(zc_bitcoin_is_transaction(zc_writer_written(&tx)));
    }
    if (!zc_ok(zc_intent_decode_psbt(psbt, &account, &intent, &offset))) {
        require(offset <= size);
        return 0;
    }
    check_sums(&intent);
    check_intent(&intent);
    require(zc_ok(zc_psbt_signings(psbt, &account, list, &count)));
    require(count == intent.signatures);
    for (size_t i = 0; i < count; i++) {
        signatures[i].byte[31] = 1;
        signatures[i].byte[63] = 1;
    }
    require(zc_ok(zc_psbt_write_signed(psbt, &account, signatures, count, &writer)));
    zc_result again = zc_intent_decode_psbt(zc_writer_written(&writer), &account, &intent, &offset);
    require(zc_is(again, ZC_INTENT_PSBT_NOTHING_TO_SIGN) || zc_is(again, ZC_INTENT_TOO_LONG) ||
            zc_is(again, ZC_INTENT_PSBT_TOO_MANY));
    return 0;
}
