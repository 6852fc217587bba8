/* The wire format: one form for each number, and nothing behind the reader's back. */
#include "../base/cmocka_zc.h"
#include "codec/protobuf.h"

static zc_result varint(const char *bytes, size_t len, uint64_t *ret_value)
{
    zc_reader reader = zc_reader_of(zc_slice_of(bytes, len));
    zc_result result = zc_pb_get_varint(&reader, ret_value);
    assert_int_equal(zc_reader_left(&reader) == 0, zc_ok(result));
    return result;
}

static void get_varint__other_forms__are_refused(void **state)
{
    (void)state;
    uint64_t value = 7;
    assert_fails(varint("\x80\x00", 2, &value), ZC_CODEC_PB_VARINT);
    assert_fails(varint("\xff\x80\x00", 3, &value), ZC_CODEC_PB_VARINT);
    assert_fails(varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, &value),
                 ZC_CODEC_PB_VARINT);
    assert_fails(varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, &value),
                 ZC_CODEC_PB_VARINT);
    assert_fails(varint("\xff\xff", 2, &value), ZC_BASE_TRUNCATED);
    assert_int_equal(value, 7);
    assert_ok(varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, &value));
    assert_true(value == UINT64_MAX);
    assert_ok(varint("\x00", 1, &value));
    assert_int_equal(value, 0);
}

static void put_varint__every_length__reads_back(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 64; shift++) {
        for (int around = -1; around <= 1; around++) {
            const uint64_t value = (UINT64_C(1) << shift) + (uint64_t)(int64_t)around;
            uint8_t room[16];
            uint64_t back;
            zc_writer writer = ZC_WRITER_OF_ARRAY(room);
            assert_ok(zc_pb_put_varint(&writer, value));
            assert_ok(varint((const char *)room, zc_writer_len(&writer), &back));
            assert_true(back == value);
        }
    }
}

static void get_field__bad_heads__leave_the_reader(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        int reason;
    } cases[] = {
        {"\x00\x01", 2, ZC_CODEC_PB_FIELD},                 /* number 0 */
        {"\x80\x80\x80\x80\x10\x01", 6, ZC_CODEC_PB_FIELD}, /* number 2^29 */
        {"\x0b", 1, ZC_CODEC_PB_FIELD},                     /* a group */
        {"\x0e\x01", 2, ZC_CODEC_PB_FIELD},
        {"\x0a\x02\x01", 3, ZC_BASE_TRUNCATED},
        {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, ZC_BASE_TRUNCATED},
        {"\x0d\x01\x02\x03", 4, ZC_BASE_TRUNCATED},
        {"\x8a\x00\x00", 3, ZC_CODEC_PB_VARINT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zc_pb_field field = {.number = 99};
        zc_reader reader = zc_reader_of(zc_slice_of(cases[i].bytes, cases[i].len));
        assert_fails(zc_pb_get_field(&reader, &field), cases[i].reason);
        assert_int_equal(zc_reader_offset(&reader), 0);
        assert_int_equal(field.number, 99);
    }
}

static void put__fields_of_each_kind__read_back(void **state)
{
    (void)state;
    uint8_t room[64];
    zc_pb_field field;
    zc_pb_message outer;
    zc_pb_message inner;
    zc_writer writer = ZC_WRITER_OF_ARRAY(room);
    zc_pb_begin(&writer, 1, &outer);
    assert_ok(zc_pb_put_uint(&writer, 1, 0));
    assert_ok(zc_pb_put_int(&writer, 2, -1));
    zc_pb_begin(&writer, 3, &inner);
    assert_ok(zc_pb_put_fixed32(&writer, 1, 0x01020304));
    assert_ok(zc_pb_put_sint(&writer, 2, -2));
    assert_ok(zc_pb_end(&writer, &inner));
    assert_ok(zc_pb_end(&writer, &outer));
    zc_reader reader = zc_reader_of(zc_writer_written(&writer));
    assert_ok(zc_pb_get_field(&reader, &field));
    assert_ok(zc_reader_end(&reader));
    reader = zc_reader_of(field.bytes);
    assert_ok(zc_pb_get_field(&reader, &field));
    assert_int_equal(field.number, 2);
    assert_true(field.value == UINT64_MAX);
    assert_ok(zc_pb_get_field(&reader, &field));
    assert_ok(zc_reader_end(&reader));
    reader = zc_reader_of(field.bytes);
    assert_ok(zc_pb_get_field(&reader, &field));
    assert_int_equal(field.wire, ZC_PB_FIXED32);
    assert_int_equal(field.value, 0x01020304);
    assert_ok(zc_pb_get_field(&reader, &field));
    assert_int_equal(field.value, 3);
}

static void put__no_room__writes_nothing(void **state)
{
    (void)state;
    uint8_t room[8];
    zc_pb_message message;
    for (size_t size = 0; size < 5; size++) {
        zc_writer writer = zc_writer_of(room, size);
        assert_fails(zc_pb_put_text(&writer, 1, "abc"), ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
    zc_writer writer = zc_writer_of(room, 4);
    zc_pb_begin(&writer, 1, &message);
    assert_ok(zc_write_text(&writer, "abc"));
    assert_fails(zc_pb_end(&writer, &message), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 3);
    assert_memory_equal(room, "abc", 3);
    assert_fails(zc_pb_put_uint(&writer, 0, 1), ZC_CODEC_PB_FIELD);
    assert_fails(zc_pb_put_uint(&writer, ZC_PB_MAX_FIELD + 1, 1), ZC_CODEC_PB_FIELD);
}

static void sequence__order_and_repetition__are_told(void **state)
{
    (void)state;
    zc_pb_sequence sequence = {0};
    assert_ok(zc_pb_sequence_check(&sequence, 2, false));
    assert_fails(zc_pb_sequence_check(&sequence, 2, false), ZC_CODEC_PB_TWICE);
    assert_ok(zc_pb_sequence_check(&sequence, 2, true));
    assert_fails(zc_pb_sequence_check(&sequence, 1, true), ZC_CODEC_PB_ORDER);
    assert_ok(zc_pb_sequence_check(&sequence, 3, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_varint__other_forms__are_refused),
        cmocka_unit_test(put_varint__every_length__reads_back),
        cmocka_unit_test(get_field__bad_heads__leave_the_reader),
        cmocka_unit_test(put__fields_of_each_kind__read_back),
        cmocka_unit_test(put__no_room__writes_nothing),
        cmocka_unit_test(sequence__order_and_repetition__are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
