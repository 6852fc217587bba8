/* Any bytes: the parts of a message lie inside it, and its signed bytes are canonical CBOR. */
#include "fuzz.h"

#include "codec/cbor.h"
#include "codec/cose.h"

static uint8_t again[FUZZ_BUFFER];

static void check_inside(zc_slice part, const uint8_t *data, size_t size)
{
    FUZZ_CHECK(part.len == 0 || (part.data >= data && part.data + part.len <= data + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_cose_sign1 strict;
    zc_cose_sign1 message;
    bool is_strict = zc_ok(zc_cose_sign1_parse(zc_slice_of(data, size), &strict));
    if (!zc_ok(zc_cose_sign1_parse_unprotected(zc_slice_of(data, size), &message))) {
        FUZZ_CHECK(!is_strict);
        return 0;
    }
    check_inside(message.protected_header, data, size);
    check_inside(message.unprotected, data, size);
    check_inside(message.payload, data, size);
    check_inside(message.signature, data, size);
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (zc_ok(zc_cose_sign1_tbs(&message, zc_slice_of(NULL, 0), &writer))) {
        FUZZ_CHECK(zc_ok(zc_cbor_check_canonical(zc_writer_written(&writer))));
    }
    return 0;
}
