/* Any text: each byte string has one text, so what decodes is given back bit for bit. */
#include "fuzz.h"

#include "codec/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t plain[FUZZ_BUFFER];
    static uint8_t text[2 * FUZZ_BUFFER];
    size_t len;
    zc_slice input = zc_slice_of(data, size);
    if (!zc_ok(zc_base64_decode(input, plain, sizeof plain, &len))) {
        return 0;
    }
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    FUZZ_CHECK(zc_ok(zc_write_base64(&writer, zc_slice_of(plain, len))));
    FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    return 0;
}
