/* Any bytes as a SignDoc of Cosmos. The account is fixed; the corpus acts for it. */
#include "codec/protobuf.h"
#include "intent/cosmos.h"
#include "intent_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t account[20] = {0x0d, 0x82, 0xb1, 0xe7, 0xc9, 0x6d, 0xbf, 0xa4, 0x24, 0x62,
                                    0xfe, 0x61, 0x2c, 0x93, 0x2e, 0x6b, 0xff, 0x11, 0xd5, 0x1b};

/* Fields that are read and written again are the same bytes. */
static void check_protobuf(zc_slice bytes)
{
    static uint8_t room[1 << 20];
    zc_reader reader = zc_reader_of(bytes);
    zc_pb_field field;
    if (bytes.len > sizeof(room)) {
        return;
    }
    while (zc_reader_left(&reader) != 0) {
        const uint8_t *start = reader.at;
        zc_writer writer = ZC_WRITER_OF_ARRAY(room);
        if (!zc_ok(zc_pb_get_field(&reader, &field))) {
            require(reader.at == start);
            return;
        }
        if (field.wire == ZC_PB_VARINT) {
            require(zc_ok(zc_pb_put_uint_always(&writer, field.number, field.value)));
        } else if (field.wire == ZC_PB_BYTES) {
            require(zc_ok(zc_pb_put_bytes_always(&writer, field.number, field.bytes)));
        } else {
            continue;
        }
        require(zc_slice_eq(zc_writer_written(&writer),
                            zc_slice_of(start, (size_t)(reader.at - start))));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static zc_intent intent;
    static uint8_t room[ZC_COSMOS_MAX_SIGN_DOC + 128];
    static const uint8_t signature[64] = {1};
    size_t offset;
    const zc_slice bytes = zc_slice_of(data, size);
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    check_protobuf(bytes);
    if (zc_ok(zc_intent_decode_cosmos(bytes, ZC_SLICE_OF_ARRAY(account), &intent, &offset))) {
        check_intent(&intent);
        require(zc_cosmos_is_sign_doc(bytes));
        require(zc_ok(zc_cosmos_write_signed(bytes, signature, &writer)));
    } else {
        require(offset <= size);
        require(intent.movement_count == 0 && intent.call_count == 0);
    }
    return 0;
}
