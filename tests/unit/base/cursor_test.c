#include "cmocka_zc.h"

#include "base/reader.h"
#include "base/writer.h"

static const uint8_t count_up[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void read__numbers__big_endian_and_consumed(void **state)
{
    (void)state;
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(count_up));
    uint8_t a;
    uint16_t b;
    uint32_t c;
    uint64_t d;
    assert_ok(zc_peek_u8(&reader, &a));
    assert_int_equal(zc_reader_offset(&reader), 0);
    assert_ok(zc_read_u8(&reader, &a));
    assert_ok(zc_read_u16(&reader, &b));
    assert_ok(zc_read_u32(&reader, &c));
    assert_ok(zc_read_u64(&reader, &d));
    assert_int_equal(a, 1);
    assert_int_equal(b, 0x0203);
    assert_int_equal(c, 0x04050607);
    assert_true(d == 0x08090a0b0c0d0e0f);
    assert_int_equal(zc_reader_offset(&reader), 15);
    assert_int_equal(zc_reader_left(&reader), 1);
    assert_fails(zc_reader_end(&reader), ZC_BASE_TRAILING);
    assert_ok(zc_skip(&reader, 1));
    assert_ok(zc_reader_end(&reader));
}

/* Every read from every remainder: it works exactly when there are enough bytes, and otherwise
 * changes nothing. */
static void read__every_remainder__all_or_nothing(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 9; len++) {
        zc_reader start = zc_reader_of(zc_slice_of(count_up, len));
        zc_reader reader = start;
        uint8_t a = 77, copy[10] = {77};
        uint16_t b = 77;
        uint32_t c = 77;
        uint64_t d = 77;
        zc_slice view = {.len = 77};
#define CHECK(expr, need, untouched)                                                               \
    do {                                                                                           \
        reader = start;                                                                            \
        zc_result result = (expr);                                                                 \
        assert_int_equal(zc_ok(result), len >= (need));                                            \
        if (!zc_ok(result)) {                                                                      \
            assert_fails(result, ZC_BASE_TRUNCATED);                                               \
            assert_true(untouched);                                                                \
        }                                                                                          \
        assert_int_equal(zc_reader_offset(&reader), zc_ok(result) ? (need) : 0);                   \
    } while (0)
        CHECK(zc_read_u8(&reader, &a), 1, a == 77);
        CHECK(zc_read_u16(&reader, &b), 2, b == 77);
        CHECK(zc_read_u32(&reader, &c), 4, c == 77);
        CHECK(zc_read_u64(&reader, &d), 8, d == 77);
        for (size_t need = 0; need <= sizeof copy; need++) {
            view = (zc_slice){.len = 77};
            copy[0] = 77;
            CHECK(zc_read_slice(&reader, need, &view), need, view.len == 77);
            CHECK(zc_read_copy(&reader, copy, need), need, copy[0] == 77);
            CHECK(zc_skip(&reader, need), need, true);
        }
#undef CHECK
        reader = start;
        assert_int_equal(zc_ok(zc_peek_u8(&reader, &a)), len > 0);
    }
}

/* A length from the wire near the end of the address space must not wrap. */
static void read__enormous_length__truncated(void **state)
{
    (void)state;
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(count_up));
    static const size_t lengths[] = {17, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, SIZE_MAX / 2 + 1};
    assert_ok(zc_skip(&reader, 3));
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        zc_slice view;
        assert_fails(zc_read_slice(&reader, lengths[i], &view), ZC_BASE_TRUNCATED);
        assert_fails(zc_skip(&reader, lengths[i]), ZC_BASE_TRUNCATED);
        assert_int_equal(zc_reader_offset(&reader), 3);
    }
}

static void reader_of__empty_and_null__at_the_end(void **state)
{
    (void)state;
    zc_reader reader = zc_reader_of(zc_slice_of(NULL, 0));
    zc_slice view;
    assert_ok(zc_reader_end(&reader));
    assert_ok(zc_read_slice(&reader, 0, &view));
    assert_int_equal(zc_reader_rest(&reader).len, 0);
}

static void write__numbers__big_endian(void **state)
{
    (void)state;
    uint8_t out[16];
    uint8_t *hole;
    zc_writer writer = ZC_WRITER_OF_ARRAY(out);
    assert_ok(zc_write_u8(&writer, 1));
    assert_ok(zc_write_u16(&writer, 0x0203));
    assert_ok(zc_write_u32(&writer, 0x04050607));
    assert_ok(zc_write_u64(&writer, 0x08090a0b0c0d0e0f));
    assert_ok(zc_write_reserve(&writer, 1, &hole));
    *hole = 16;
    assert_int_equal(zc_writer_left(&writer), 0);
    assert_true(zc_slice_eq(zc_writer_written(&writer), ZC_SLICE_OF_ARRAY(count_up)));
}

static void write__every_room__all_or_nothing(void **state)
{
    (void)state;
    for (size_t room = 0; room <= 9; room++) {
        uint8_t out[10];
        uint8_t *hole = NULL;
        zc_writer writer;
#define CHECK(expr, need)                                                                          \
    do {                                                                                           \
        memset(out, 0xee, sizeof out);                                                             \
        writer = zc_writer_of(out, room);                                                          \
        zc_result result = (expr);                                                                 \
        assert_int_equal(result.code, room >= (need) ? 0 : ZC_BASE_FULL);                          \
        assert_int_equal(zc_writer_len(&writer), room >= (need) ? (need) : 0);                     \
        for (size_t i = zc_writer_len(&writer); i < sizeof out; i++) {                             \
            assert_int_equal(out[i], 0xee);                                                        \
        }                                                                                          \
    } while (0)
        CHECK(zc_write_u8(&writer, 5), 1);
        CHECK(zc_write_u16(&writer, 5), 2);
        CHECK(zc_write_u32(&writer, 5), 4);
        CHECK(zc_write_u64(&writer, 5), 8);
        CHECK(zc_write_text(&writer, "seven.."), 7);
        CHECK(zc_write_reserve(&writer, 6, &hole), 6);
        for (size_t need = 0; need <= 10; need++) {
            CHECK(zc_write_slice(&writer, zc_slice_of(count_up, need)), need);
        }
#undef CHECK
        writer = zc_writer_of(out, room);
        assert_fails(zc_write_reserve(&writer, SIZE_MAX, &hole), ZC_BASE_FULL);
        assert_ok(zc_write_slice(&writer, zc_slice_of(NULL, 0)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__numbers__big_endian_and_consumed),
        cmocka_unit_test(read__every_remainder__all_or_nothing),
        cmocka_unit_test(read__enormous_length__truncated),
        cmocka_unit_test(reader_of__empty_and_null__at_the_end),
        cmocka_unit_test(write__numbers__big_endian),
        cmocka_unit_test(write__every_room__all_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
