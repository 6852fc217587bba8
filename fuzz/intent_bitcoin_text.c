/* Any bytes as base58, bech32 and an address, and as what base58 and bech32 write; and as a
 * message. */
#include "codec/base58.h"
#include "codec/bech32.h"
#include "fuzz.h"
#include "intent/bitcoin.h"
#include "intent/bitcoin/base58check.h"

/* What base58 reads, it writes the same. */
static void check_base58(zc_slice text)
{
    uint8_t bytes[ZC_BASE58_MAX];
    uint8_t back[ZC_BASE58_MAX_TEXT];
    size_t len;
    zc_writer writer = ZC_WRITER_OF_ARRAY(back);
    if (zc_ok(zc_base58_read(text, bytes, sizeof bytes, &len))) {
        FUZZ_CHECK(zc_ok(zc_base58_write(zc_slice_of(bytes, len), &writer)));
        FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), text));
    }
}

static void check_bech32(zc_slice text)
{
    zc_bech32_text read;
    uint8_t back[ZC_BECH32_MAX_TEXT];
    zc_writer writer = ZC_WRITER_OF_ARRAY(back);
    if (!zc_ok(zc_bech32_read_groups(text, &read))) {
        return;
    }
    FUZZ_CHECK(zc_ok(zc_bech32_write_groups(zc_slice_of(read.hrp, read.hrp_len), read.kind,
                                            zc_slice_of(read.data, read.data_len), &writer)));
    FUZZ_CHECK(zc_writer_len(&writer) == text.len);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t character = text.data[i];
        FUZZ_CHECK(back[i] == character || back[i] == character + 32);
    }
}

/* What is written reads back: any bytes have a base58 text, programs an address. */
static void check_written(zc_slice bytes)
{
    uint8_t text[ZC_BASE58_MAX_TEXT];
    uint8_t back[ZC_BASE58_MAX];
    uint8_t version;
    size_t len;
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    if (bytes.len <= ZC_BASE58CHECK_MAX) {
        FUZZ_CHECK(zc_ok(zc_base58check_write(bytes, &writer)));
        FUZZ_CHECK(zc_ok(zc_base58check_read(zc_writer_written(&writer), back, sizeof back, &len)));
        FUZZ_CHECK(zc_slice_eq(zc_slice_of(back, len), bytes));
    }
    writer = ZC_WRITER_OF_ARRAY(text);
    const zc_slice hrp = zc_slice_of_text("bc");
    if (bytes.len > 1 &&
        zc_ok(zc_segwit_write(hrp, bytes.data[0] & 31, zc_slice_of(bytes.data + 1, bytes.len - 1),
                              &writer))) {
        FUZZ_CHECK(zc_ok(zc_segwit_read(hrp, zc_writer_written(&writer), &version, back, &len)));
        FUZZ_CHECK(version == (bytes.data[0] & 31) && len == bytes.len - 1);
        FUZZ_CHECK(memcmp(back, bytes.data + 1, len) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const zc_slice bytes = zc_slice_of(data, size);
    (void)zc_bitcoin_is_transaction(bytes);
    check_base58(bytes);
    check_bech32(bytes);
    check_written(bytes);
    return 0;
}
