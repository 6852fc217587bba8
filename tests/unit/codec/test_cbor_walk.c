#include <math.h>

#include "cases.h"

#include "codec/cbor.h"

/* In the one deterministic form: accepted by both checks, and the writer gives it back. */
static const char *const canonical[] = {
    "00",
    "1903e8",
    "3903e7",
    "c249010000000000000000",
    "f90000",             /* 0.0 */
    "f98000",             /* −0.0 */
    "f97bff",             /* 65504.0, the greatest half */
    "fa477fe100",         /* 65505.0 */
    "f90001",             /* the least half */
    "fa33000000",         /* half of that */
    "fa7f7fffff",         /* the greatest single */
    "fb47efffffe0000001", /* just above */
    "fa00000001",         /* the least single */
    "fb3680000000000000", /* half of that */
    "fb3ff199999999999a", /* 1.1 */
    "f97c00",
    "f9fc00",
    "f97e00",
    "f0",
    "f820",
    "f8ff",
    "f7",
    "83010203",
    "8301820203820405",
    "a26161016162820203",
    "a56161614161626142616361436164614461656145",
    "a3"
    "0a"
    "00"
    "1864"
    "01"
    "20"
    "02", /* RFC 8949 §4.2.1: 10, 100, −1 */
    "a2"
    "40"
    "00"
    "4100"
    "00",
    "a1"
    "8100"
    "a0",
    "d818456449455446",
    "80",
    "a0",
    "8180",
};

/* Well-formed, and refused as not deterministic. */
static const struct {
    const char *hex;
    int reason;
} loose[] = {
    {"1800", ZC_CODEC_NOT_CANONICAL},
    {"fb3ff8000000000000", ZC_CODEC_NOT_CANONICAL}, /* 1.5 fits a half */
    {"fa3fc00000", ZC_CODEC_NOT_CANONICAL},
    {"fa38800000", ZC_CODEC_NOT_CANONICAL},         /* the least normal half */
    {"fa33800000", ZC_CODEC_NOT_CANONICAL},         /* the least subnormal half */
    {"fb36a0000000000000", ZC_CODEC_NOT_CANONICAL}, /* the least subnormal single */
    {"fa80000000", ZC_CODEC_NOT_CANONICAL},         /* −0.0 */
    {"fa7f800000", ZC_CODEC_NOT_CANONICAL},
    {"fb7ff0000000000000", ZC_CODEC_NOT_CANONICAL},
    {"fb7ff8000000000000", ZC_CODEC_NOT_CANONICAL},
    {"f97e01", ZC_CODEC_NOT_CANONICAL},
    {"f9fe00", ZC_CODEC_NOT_CANONICAL},
    {"9fff", ZC_CODEC_NOT_CANONICAL},
    {"bfff", ZC_CODEC_NOT_CANONICAL},
    {"5fff", ZC_CODEC_NOT_CANONICAL},
    {"7f6161ff", ZC_CODEC_NOT_CANONICAL},
    {"829f04ff01", ZC_CODEC_NOT_CANONICAL},
    {"a201000100", ZC_CODEC_KEY_ORDER},
    {"a202000100", ZC_CODEC_KEY_ORDER},
    {"a2616201616100", ZC_CODEC_KEY_ORDER},
    {"a2"
     "200018ff00",
     ZC_CODEC_KEY_ORDER}, /* 0x20 after 0x18 */
    {"81a2010001f6", ZC_CODEC_KEY_ORDER},
    {"a2"
     "810000"
     "80f6",
     ZC_CODEC_KEY_ORDER},
    {"61ff", ZC_CODEC_BAD_UTF8},
    {"0000", ZC_BASE_TRAILING},
};

static const struct {
    const char *hex;
    int reason;
} ill_formed[] = {
    {"", ZC_BASE_TRUNCATED},
    {"18", ZC_BASE_TRUNCATED},
    {"81", ZC_BASE_TRUNCATED},
    {"8201", ZC_BASE_TRUNCATED},
    {"a101", ZC_BASE_TRUNCATED},
    {"c0", ZC_BASE_TRUNCATED},
    {"41", ZC_BASE_TRUNCATED},
    {"7affffffff61", ZC_BASE_TRUNCATED},
    {"9bffffffffffffffff00", ZC_BASE_TRUNCATED},
    {"bb7fffffffffffffff0000", ZC_BASE_TRUNCATED},
    {"bb80000000000000010000", ZC_BASE_TRUNCATED},
    {"5f41", ZC_BASE_TRUNCATED},
    {"9f01", ZC_BASE_TRUNCATED},
    {"bf01ff", ZC_CODEC_ILL_FORMED}, /* a key without a value */
    {"bf010203ff", ZC_CODEC_ILL_FORMED},
    {"ff", ZC_CODEC_ILL_FORMED},
    {"81ff", ZC_CODEC_ILL_FORMED},
    {"a1ff00", ZC_CODEC_ILL_FORMED},
    {"a100ff", ZC_CODEC_ILL_FORMED},
    {"c1ff", ZC_CODEC_ILL_FORMED},
    {"1c", ZC_CODEC_ILL_FORMED},
    {"3d", ZC_CODEC_ILL_FORMED},
    {"5e", ZC_CODEC_ILL_FORMED},
    {"1f", ZC_CODEC_ILL_FORMED},
    {"3f", ZC_CODEC_ILL_FORMED},
    {"df", ZC_CODEC_ILL_FORMED},
    {"fc", ZC_CODEC_ILL_FORMED},
    {"f800", ZC_CODEC_ILL_FORMED},
    {"f81f", ZC_CODEC_ILL_FORMED},
    {"5f00ff", ZC_CODEC_ILL_FORMED},
    {"5f6100ff", ZC_CODEC_ILL_FORMED},
    {"7f4100ff", ZC_CODEC_ILL_FORMED},
    {"5f5f4100ffff", ZC_CODEC_ILL_FORMED},
    {"5f80ff", ZC_CODEC_ILL_FORMED},
    {"5fc14100ff", ZC_CODEC_ILL_FORMED},
};

static void check_canonical__deterministic_item__accepted_and_written_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof canonical / sizeof canonical[0]; i++) {
        test_bytes input = from_hex(canonical[i]);
        if (!zc_ok(zc_cbor_check_canonical(view(&input)))) {
            fail_msg("%s refused", canonical[i]);
        }
        assert_ok(zc_cbor_check_well_formed(view(&input)));
        uint8_t buffer[64];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        zc_reader reader = zc_reader_of(view(&input));
        assert_ok(zc_cbor_copy(&reader, &writer));
        assert_written(&writer, canonical[i]);
    }
}

static void check_canonical__loose_item__refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        test_bytes input = from_hex(loose[i].hex);
        zc_result result = zc_cbor_check_canonical(view(&input));
        if (!zc_is(result, loose[i].reason)) {
            fail_msg("%s: reason %#x", loose[i].hex, result.code);
        }
        bool whole = loose[i].reason != ZC_BASE_TRAILING && loose[i].reason != ZC_BASE_TRUNCATED;
        assert_int_equal(zc_ok(zc_cbor_check_well_formed(view(&input))), whole);
    }
}

static void skip__ill_formed_item__refused_and_not_consumed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ill_formed / sizeof ill_formed[0]; i++) {
        test_bytes input = from_hex(ill_formed[i].hex);
        zc_reader reader = zc_reader_of(view(&input));
        zc_result result = zc_cbor_skip(&reader);
        if (!zc_is(result, ill_formed[i].reason)) {
            fail_msg("%s: reason %#x", ill_formed[i].hex, result.code);
        }
        assert_int_equal(zc_reader_offset(&reader), 0);
    }
}

static void check_well_formed__every_prefix_of_a_document__refused(void **state)
{
    (void)state;
    test_bytes input = from_hex("bf01c24101029f835f4101ff7f6161fffb0000000000000001ff03a1f6f5ff");
    assert_ok(zc_cbor_check_well_formed(view(&input)));
    for (size_t len = 0; len < input.len; len++) {
        assert_fails(zc_cbor_check_well_formed(zc_slice_of(input.data, len)), ZC_BASE_TRUNCATED);
    }
}

static void skip__nesting_at_and_past_the_limit__taken_and_refused(void **state)
{
    (void)state;
    static const uint8_t openers[] = {0x81, 0x9f, 0xc1, 0xbf};
    for (size_t i = 0; i < sizeof openers; i++) {
        uint8_t deep[100000];
        memset(deep, openers[i], sizeof deep);
        zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(deep));
        assert_fails(zc_cbor_skip(&reader), ZC_CODEC_TOO_DEEP);
    }
    uint8_t arrays[ZC_CBOR_MAX_DEPTH + 2];
    memset(arrays, 0x81, sizeof arrays);
    arrays[ZC_CBOR_MAX_DEPTH] = 0;
    assert_ok(zc_cbor_check_canonical(zc_slice_of(arrays, ZC_CBOR_MAX_DEPTH + 1)));
    arrays[ZC_CBOR_MAX_DEPTH] = 0x81;
    arrays[ZC_CBOR_MAX_DEPTH + 1] = 0;
    assert_fails(zc_cbor_check_canonical(ZC_SLICE_OF_ARRAY(arrays)), ZC_CODEC_TOO_DEEP);
}

static void get_item__one_of_several__just_its_bytes(void **state)
{
    (void)state;
    test_bytes input = from_hex("a1018202039f00ff07");
    zc_reader reader = zc_reader_of(view(&input));
    zc_slice item;
    assert_ok(zc_cbor_get_item(&reader, &item));
    assert_int_equal(item.len, 5);
    assert_ok(zc_cbor_get_item(&reader, &item));
    assert_int_equal(item.len, 3);
    assert_int_equal(zc_reader_left(&reader), 1);
}

static void copy__no_room__writer_unmoved(void **state)
{
    (void)state;
    test_bytes input = from_hex("8301820203820405");
    for (size_t room = 0; room < input.len; room++) {
        uint8_t buffer[8];
        zc_writer writer = zc_writer_of(buffer, room);
        zc_reader reader = zc_reader_of(view(&input));
        assert_fails(zc_cbor_copy(&reader, &writer), ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
        assert_int_equal(zc_reader_offset(&reader), 0);
    }
}

/* All 65536 halves: decoded the plain way, each widened to single and double is refused unless it
 * is a NaN of other bits, and the half itself is taken. */
static void check_canonical__every_half_float_widened__refused(void **state)
{
    (void)state;
    for (uint32_t half = 0; half <= UINT16_MAX; half++) {
        uint32_t exponent = half >> 10 & 31;
        bool is_nan = exponent == 31 && (half & 0x3ff) != 0;
        uint8_t short_form[3] = {0xf9, (uint8_t)(half >> 8), (uint8_t)half};
        bool accepted = zc_ok(zc_cbor_check_canonical(ZC_SLICE_OF_ARRAY(short_form)));
        assert_int_equal(accepted, !is_nan || half == 0x7e00);
        /* Widen: value = fraction · 2^e, computed exactly by the compiler's doubles. */
        double value = (double)(half & 0x3ff) + (exponent > 0 ? 1024 : 0);
        int power = (int)(exponent > 0 ? exponent : 1) - 25;
        value = power >= 0 ? value * (double)(1u << power) : value / (double)(1u << -power);
        value = exponent == 31 ? (is_nan ? (double)NAN : (double)INFINITY) : value;
        value = half & 0x8000 ? -value : value;
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        uint8_t long_form[9] = {0xfb};
        for (unsigned i = 0; i < 8; i++) {
            long_form[1 + i] = (uint8_t)(bits >> (56 - 8 * i));
        }
        assert_fails(zc_cbor_check_canonical(ZC_SLICE_OF_ARRAY(long_form)), ZC_CODEC_NOT_CANONICAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_canonical__deterministic_item__accepted_and_written_back),
        cmocka_unit_test(check_canonical__loose_item__refused),
        cmocka_unit_test(skip__ill_formed_item__refused_and_not_consumed),
        cmocka_unit_test(check_well_formed__every_prefix_of_a_document__refused),
        cmocka_unit_test(skip__nesting_at_and_past_the_limit__taken_and_refused),
        cmocka_unit_test(get_item__one_of_several__just_its_bytes),
        cmocka_unit_test(copy__no_room__writer_unmoved),
        cmocka_unit_test(check_canonical__every_half_float_widened__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
