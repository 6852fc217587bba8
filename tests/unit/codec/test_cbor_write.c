#include "cases.h"

#include "codec/cbor.h"

static void put_uint__at_each_width_boundary__shortest_head(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *hex;
    } cases[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {65535, "19ffff"},
        {65536, "1a00010000"},
        {UINT32_MAX, "1affffffff"},
        {(uint64_t)UINT32_MAX + 1, "1b0000000100000000"},
        {UINT64_MAX, "1bffffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buffer[16];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_cbor_put_uint(&writer, cases[i].value));
        assert_written(&writer, cases[i].hex);
    }
}

static void put_int__both_signs_and_extremes__same_number_back(void **state)
{
    (void)state;
    static const int64_t cases[] = {0,    1,     -1,        23,        -24,       24,
                                    -25,  -256,  -257,      INT32_MIN, INT64_MAX, INT64_MIN,
                                    1000, -1000, INT32_MAX, -65536,    -65537};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buffer[16];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_cbor_put_int(&writer, cases[i]));
        zc_reader reader = zc_reader_of(zc_writer_written(&writer));
        int64_t back = 7;
        assert_ok(zc_cbor_get_int(&reader, &back));
        assert_true(back == cases[i]);
        assert_ok(zc_reader_end(&reader));
    }
}

static void put__every_kind__known_bytes(void **state)
{
    (void)state;
    uint8_t buffer[128];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    zc_u256 big = zc_u256_of(0x1234);
    assert_ok(zc_cbor_put_map(&writer, 2));
    assert_ok(zc_cbor_put_uint(&writer, 1));
    assert_ok(zc_cbor_put_array(&writer, 7));
    assert_ok(zc_cbor_put_bytes(&writer, zc_slice_of("\x01\x02", 2)));
    assert_ok(zc_cbor_put_text(&writer, zc_slice_of_text("IETF")));
    assert_ok(zc_cbor_put_bool(&writer, true));
    assert_ok(zc_cbor_put_bool(&writer, false));
    assert_ok(zc_cbor_put_null(&writer));
    assert_ok(zc_cbor_put_u256(&writer, &big));
    assert_ok(zc_cbor_put_u256(&writer, &ZC_U256_ZERO));
    assert_ok(zc_cbor_put_uint(&writer, 2));
    assert_ok(zc_cbor_put_tag(&writer, 1));
    assert_ok(zc_cbor_put_nint(&writer, UINT64_MAX));
    assert_written(&writer, "a201874201026449455446f5f4f642123440"
                            "02c13bffffffffffffffff");
    assert_ok(zc_cbor_check_canonical(zc_writer_written(&writer)));
}

static void put_bytes__one_byte_short_of_room__nothing_written(void **state)
{
    (void)state;
    uint8_t buffer[4];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    assert_fails(zc_cbor_put_bytes(&writer, ZC_SLICE_OF_ARRAY(buffer)), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
    assert_fails(zc_cbor_put_uint(&writer, 65536), ZC_BASE_FULL);
    assert_int_equal(zc_writer_len(&writer), 0);
    assert_ok(zc_cbor_put_uint(&writer, 65535));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_uint__at_each_width_boundary__shortest_head),
        cmocka_unit_test(put_int__both_signs_and_extremes__same_number_back),
        cmocka_unit_test(put__every_kind__known_bytes),
        cmocka_unit_test(put_bytes__one_byte_short_of_room__nothing_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
