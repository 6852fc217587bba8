/* Any bytes: what is canonical is well-formed, and the writer gives it back bit for bit. */
#include "fuzz.h"

#include "codec/cbor.h"

static uint8_t again[FUZZ_BUFFER];

static void read_as_everything(zc_slice input)
{
    zc_reader reader = zc_reader_of(input);
    uint64_t number;
    int64_t integer;
    zc_slice slice;
    size_t count;
    bool flag;
    zc_u256 amount;
    fuzz_any(zc_cbor_get_int(&reader, &integer));
    fuzz_any(zc_cbor_get_uint(&reader, &number));
    fuzz_any(zc_cbor_get_bytes(&reader, &slice));
    fuzz_any(zc_cbor_get_text(&reader, &slice));
    fuzz_any(zc_cbor_get_u256(&reader, &amount));
    fuzz_any(zc_cbor_take_null(&reader, &flag));
    fuzz_any(zc_cbor_get_bool(&reader, &flag));
    fuzz_any(zc_cbor_get_tag(&reader, &number));
    fuzz_any(zc_cbor_get_array(&reader, 100, &count));
    fuzz_any(zc_cbor_get_map(&reader, 100, &count));
    FUZZ_CHECK(reader.at >= reader.start && reader.at <= reader.end);
}

static void walk_any_map(zc_slice input)
{
    zc_reader reader = zc_reader_of(input);
    zc_cbor_container map;
    bool more;
    if (!zc_ok(zc_cbor_enter_map_any(&reader, &map))) {
        return;
    }
    while (zc_ok(zc_cbor_container_next(&reader, &map, &more)) && more) {
        if (!zc_ok(zc_cbor_skip(&reader)) || !zc_ok(zc_cbor_skip(&reader))) {
            return;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice input = zc_slice_of(data, size);
    read_as_everything(input);
    walk_any_map(input);
    bool well_formed = zc_ok(zc_cbor_check_well_formed(input));
    if (!zc_ok(zc_cbor_check_canonical(input))) {
        return 0;
    }
    FUZZ_CHECK(well_formed);
    zc_reader reader = zc_reader_of(input);
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    if (size <= sizeof again) {
        FUZZ_CHECK(zc_ok(zc_cbor_copy(&reader, &writer)));
        FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    }
    return 0;
}
