#include "cases.h"

#include "codec/cbor.h"

/* Each getter, tried on an input: fails with the reason and leaves the reader where it was. */
typedef enum getter { UINT, INT, BYTES, TEXT, FIXED, ARRAY, MAP, TAG, BOOL, NIL, U256, KEY } getter;

static zc_result run(getter which, zc_reader *reader)
{
    uint64_t number;
    int64_t integer;
    zc_slice slice;
    uint8_t fixed[4];
    size_t count;
    bool flag;
    zc_u256 amount;
    switch (which) {
    case UINT:
        return zc_cbor_get_uint(reader, &number);
    case INT:
        return zc_cbor_get_int(reader, &integer);
    case BYTES:
        return zc_cbor_get_bytes(reader, &slice);
    case TEXT:
        return zc_cbor_get_text(reader, &slice);
    case FIXED:
        return zc_cbor_get_fixed_bytes(reader, fixed, sizeof fixed);
    case ARRAY:
        return zc_cbor_get_array(reader, 4, &count);
    case MAP:
        return zc_cbor_get_map(reader, 4, &count);
    case TAG:
        return zc_cbor_get_tag(reader, &number);
    case BOOL:
        return zc_cbor_get_bool(reader, &flag);
    case NIL:
        return zc_cbor_get_null(reader);
    case U256:
        return zc_cbor_get_u256(reader, &amount);
    default:
        return zc_cbor_get_key_uint(reader, 5);
    }
}

static void get__wrong_or_loose_item__refused_and_not_consumed(void **state)
{
    (void)state;
    static const struct {
        getter get;
        const char *hex;
        int reason;
    } cases[] = {
        {UINT, "", ZC_BASE_TRUNCATED},
        {UINT, "18", ZC_BASE_TRUNCATED},
        {UINT, "1b00000000000000", ZC_BASE_TRUNCATED},
        {UINT, "20", ZC_CODEC_WRONG_TYPE},
        {UINT, "1c", ZC_CODEC_ILL_FORMED},
        {UINT, "1f", ZC_CODEC_ILL_FORMED},
        {UINT, "ff", ZC_CODEC_ILL_FORMED},
        {UINT, "1817", ZC_CODEC_NOT_CANONICAL},
        {UINT, "1900ff", ZC_CODEC_NOT_CANONICAL},
        {UINT, "1a0000ffff", ZC_CODEC_NOT_CANONICAL},
        {UINT, "1b00000000ffffffff", ZC_CODEC_NOT_CANONICAL},
        {INT, "3817", ZC_CODEC_NOT_CANONICAL},
        {INT, "1b8000000000000000", ZC_CODEC_RANGE},
        {INT, "3b8000000000000000", ZC_CODEC_RANGE},
        {INT, "40", ZC_CODEC_WRONG_TYPE},
        {BYTES, "420a", ZC_BASE_TRUNCATED},
        {BYTES, "5bffffffffffffffff00", ZC_BASE_TRUNCATED},
        {BYTES, "5f4100ff", ZC_CODEC_NOT_CANONICAL},
        {BYTES, "580100", ZC_CODEC_NOT_CANONICAL},
        {BYTES, "6161", ZC_CODEC_WRONG_TYPE},
        {TEXT, "4161", ZC_CODEC_WRONG_TYPE},
        {TEXT, "61ff", ZC_CODEC_BAD_UTF8},
        {TEXT, "7f6161ff", ZC_CODEC_NOT_CANONICAL},
        {FIXED, "43010203", ZC_CODEC_WRONG_LENGTH},
        {FIXED, "450102030405", ZC_CODEC_WRONG_LENGTH},
        {ARRAY, "850000000000", ZC_CODEC_TOO_MANY},
        {ARRAY, "9bffffffffffffffff", ZC_CODEC_TOO_MANY},
        {ARRAY, "8300", ZC_BASE_TRUNCATED},
        {ARRAY, "9f00ff", ZC_CODEC_NOT_CANONICAL},
        {ARRAY, "a0", ZC_CODEC_WRONG_TYPE},
        {MAP, "a20000", ZC_BASE_TRUNCATED},
        {MAP, "bf0000ff", ZC_CODEC_NOT_CANONICAL},
        {MAP, "a50000010002000300040005", ZC_CODEC_TOO_MANY},
        {MAP, "80", ZC_CODEC_WRONG_TYPE},
        {TAG, "d800", ZC_CODEC_NOT_CANONICAL},
        {BOOL, "f6", ZC_CODEC_WRONG_TYPE},
        {BOOL, "01", ZC_CODEC_WRONG_TYPE},
        {BOOL, "f815", ZC_CODEC_ILL_FORMED},
        {NIL, "f7", ZC_CODEC_WRONG_TYPE},
        {U256, "4100", ZC_CODEC_NOT_CANONICAL},
        {U256, "420001", ZC_CODEC_NOT_CANONICAL},
        {U256,
         "5821"
         "01"
         "0000000000000000000000000000000000000000000000000000000000000000",
         ZC_CODEC_RANGE},
        {U256, "01", ZC_CODEC_WRONG_TYPE},
        {KEY, "04", ZC_CODEC_WRONG_KEY},
        {KEY, "6105", ZC_CODEC_WRONG_KEY},
        {KEY, "24", ZC_CODEC_WRONG_KEY},
        {KEY, "1805", ZC_CODEC_NOT_CANONICAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i].hex);
        zc_reader reader = zc_reader_of(view(&input));
        zc_result result = run(cases[i].get, &reader);
        if (!zc_is(result, cases[i].reason)) {
            fail_msg("%s: reason %#x", cases[i].hex, result.code);
        }
        assert_int_equal(zc_reader_offset(&reader), 0);
    }
}

static void get__right_item__value_and_end(void **state)
{
    (void)state;
    test_bytes input = from_hex("1903e8"
                                "3903e7"
                                "420102"
                                "62c3bc"
                                "4401020304"
                                "8101"
                                "a10102"
                                "c101"
                                "f5"
                                "f4"
                                "f6"
                                "420100"
                                "05");
    zc_reader reader = zc_reader_of(view(&input));
    uint64_t number;
    int64_t integer;
    zc_slice slice;
    uint8_t fixed[4];
    size_t count;
    bool flag;
    zc_u256 amount;
    assert_ok(zc_cbor_get_uint(&reader, &number));
    assert_int_equal(number, 1000);
    assert_ok(zc_cbor_get_int(&reader, &integer));
    assert_int_equal(integer, -1000);
    assert_ok(zc_cbor_get_bytes(&reader, &slice));
    assert_int_equal(slice.len, 2);
    assert_ok(zc_cbor_get_text(&reader, &slice));
    assert_true(zc_slice_eq_text(slice, "ü"));
    assert_ok(zc_cbor_get_fixed_bytes(&reader, fixed, sizeof fixed));
    assert_int_equal(fixed[3], 4);
    assert_ok(zc_cbor_get_array(&reader, 1, &count));
    assert_int_equal(count, 1);
    assert_ok(zc_cbor_get_uint_max(&reader, 1, &number));
    assert_ok(zc_cbor_get_map(&reader, 1, &count));
    assert_ok(zc_cbor_get_key_uint(&reader, 1));
    assert_fails(zc_cbor_get_uint_max(&reader, 1, &number), ZC_CODEC_RANGE);
    assert_ok(zc_cbor_get_uint_max(&reader, 2, &number));
    assert_ok(zc_cbor_get_tag(&reader, &number));
    assert_ok(zc_cbor_get_uint(&reader, &number));
    assert_ok(zc_cbor_get_bool(&reader, &flag));
    assert_true(flag);
    assert_ok(zc_cbor_take_null(&reader, &flag));
    assert_false(flag);
    assert_ok(zc_cbor_get_bool(&reader, &flag));
    assert_false(flag);
    assert_ok(zc_cbor_take_null(&reader, &flag));
    assert_true(flag);
    assert_ok(zc_cbor_get_u256(&reader, &amount));
    assert_true(amount.limb[0] == 256);
    assert_ok(zc_cbor_get_key_uint(&reader, 5));
    assert_ok(zc_reader_end(&reader));
}

static void container_next__definite_and_indefinite_maps__same_pairs(void **state)
{
    (void)state;
    static const char *const cases[] = {"a2016161026162", "bf016161026162ff", "b802016161026162"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i]);
        zc_reader reader = zc_reader_of(view(&input));
        zc_cbor_container map;
        assert_ok(zc_cbor_enter_map_any(&reader, &map));
        size_t pairs = 0;
        bool more;
        assert_ok(zc_cbor_container_next(&reader, &map, &more));
        while (more) {
            uint64_t key;
            zc_slice value;
            assert_ok(zc_cbor_get_uint(&reader, &key));
            assert_ok(zc_cbor_get_text(&reader, &value));
            assert_int_equal(key, ++pairs);
            assert_ok(zc_cbor_container_next(&reader, &map, &more));
        }
        assert_int_equal(pairs, 2);
        assert_ok(zc_reader_end(&reader));
        assert_ok(zc_cbor_container_next(&reader, &map, &more));
        assert_false(more);
    }
}

static void container_next__break_is_missing__truncated(void **state)
{
    (void)state;
    test_bytes input = from_hex("bf0102");
    zc_reader reader = zc_reader_of(view(&input));
    zc_cbor_container map;
    bool more = false;
    assert_ok(zc_cbor_enter_map_any(&reader, &map));
    assert_ok(zc_cbor_container_next(&reader, &map, &more));
    assert_true(more);
    assert_ok(zc_skip(&reader, 2));
    assert_fails(zc_cbor_container_next(&reader, &map, &more), ZC_BASE_TRUNCATED);
}

static void enter_any__more_items_than_bytes__truncated(void **state)
{
    (void)state;
    static const char *const cases[] = {"bbffffffffffffffff0000", "a20000"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i]);
        zc_reader reader = zc_reader_of(view(&input));
        zc_cbor_container map;
        assert_fails(zc_cbor_enter_map_any(&reader, &map), ZC_BASE_TRUNCATED);
        assert_fails(zc_cbor_enter_array_any(&reader, &map), ZC_CODEC_WRONG_TYPE);
        assert_int_equal(zc_reader_offset(&reader), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(get__wrong_or_loose_item__refused_and_not_consumed),
        cmocka_unit_test(get__right_item__value_and_end),
        cmocka_unit_test(container_next__definite_and_indefinite_maps__same_pairs),
        cmocka_unit_test(container_next__break_is_missing__truncated),
        cmocka_unit_test(enter_any__more_items_than_bytes__truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
