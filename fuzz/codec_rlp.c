/* Any bytes: what is canonical at the top is given back bit for bit when written item by item. */
#include "fuzz.h"

#include "codec/rlp.h"

static uint8_t again[FUZZ_BUFFER];

/* Strings are written again; lists, one level down, are copied as they are. */
static bool write_items(zc_reader *items, zc_writer *writer)
{
    while (zc_reader_left(items) > 0) {
        zc_rlp_kind kind;
        zc_slice bytes;
        const uint8_t *start = items->at;
        FUZZ_CHECK(zc_ok(zc_rlp_peek(items, &kind)));
        if (kind == ZC_RLP_STRING) {
            FUZZ_CHECK(zc_ok(zc_rlp_get_string(items, &bytes)));
            if (!zc_ok(zc_rlp_put_string(writer, bytes))) {
                return false;
            }
        } else {
            FUZZ_CHECK(zc_ok(zc_rlp_skip(items)));
            if (!zc_ok(zc_write_slice(writer, zc_slice_of(start, (size_t)(items->at - start))))) {
                return false;
            }
        }
    }
    return true;
}

static void read_numbers(zc_slice input)
{
    zc_reader reader = zc_reader_of(input);
    zc_u256 wide;
    uint64_t narrow;
    uint8_t fixed[20];
    fuzz_any(zc_rlp_get_u256(&reader, &wide));
    fuzz_any(zc_rlp_get_u64(&reader, &narrow));
    fuzz_any(zc_rlp_get_fixed(&reader, fixed, sizeof fixed));
    FUZZ_CHECK(reader.at <= reader.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zc_slice input = zc_slice_of(data, size);
    read_numbers(input);
    if (!zc_ok(zc_rlp_check(input))) {
        return 0;
    }
    zc_reader reader = zc_reader_of(input);
    zc_reader items;
    zc_writer writer = ZC_WRITER_OF_ARRAY(again);
    zc_rlp_list list;
    if (!zc_ok(zc_rlp_get_list(&reader, &items))) {
        if (write_items(&reader, &writer)) {
            FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
        }
        return 0;
    }
    zc_rlp_list_begin(&writer, &list);
    if (write_items(&items, &writer) && zc_ok(zc_rlp_list_end(&writer, &list))) {
        FUZZ_CHECK(zc_slice_eq(zc_writer_written(&writer), input));
    }
    return 0;
}
