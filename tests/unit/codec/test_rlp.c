#include "cases.h"

#include "codec/rlp.h"

static void check__canonical_item__accepted(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "80", "00", "7f", "8180", "83646f67", "c0", "c88363617483646f67", "c7c0c1c0c3c0c1c0",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i]);
        assert_ok(zc_rlp_check(view(&input)));
    }
}

static void check__loose_or_cut_item__refused(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int reason;
    } cases[] = {
        {"", ZC_BASE_TRUNCATED},
        {"81", ZC_BASE_TRUNCATED},
        {"8100", ZC_CODEC_RLP_NOT_CANONICAL},
        {"817f", ZC_CODEC_RLP_NOT_CANONICAL},
        {"8364", ZC_BASE_TRUNCATED},
        {"b800", ZC_CODEC_RLP_NOT_CANONICAL},
        {"b801ff", ZC_CODEC_RLP_NOT_CANONICAL},
        {"b837", ZC_CODEC_RLP_NOT_CANONICAL},
        {"b838", ZC_BASE_TRUNCATED},
        {"b90038", ZC_CODEC_RLP_NOT_CANONICAL},
        {"b9", ZC_BASE_TRUNCATED},
        {"bfffffffffffffffff", ZC_BASE_TRUNCATED},
        {"bf8000000000000000", ZC_BASE_TRUNCATED},
        {"c1", ZC_BASE_TRUNCATED},
        {"f800", ZC_CODEC_RLP_NOT_CANONICAL},
        {"f837", ZC_CODEC_RLP_NOT_CANONICAL},
        {"f90038", ZC_CODEC_RLP_NOT_CANONICAL},
        {"ffffffffffffffffff", ZC_BASE_TRUNCATED},
        {"c28100", ZC_CODEC_RLP_NOT_CANONICAL},
        {"c3c28301", ZC_BASE_TRUNCATED},
        {"c2c201", ZC_BASE_TRUNCATED}, /* an inner list longer than the outer */
        {"c18180", ZC_BASE_TRUNCATED}, /* a string that leaves its list */
        {"8080", ZC_BASE_TRAILING},
        {"c000", ZC_BASE_TRAILING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i].hex);
        zc_result result = zc_rlp_check(view(&input));
        if (!zc_is(result, cases[i].reason)) {
            fail_msg("%s: reason %#x", cases[i].hex, result.code);
        }
    }
}

static void skip__nesting_at_and_past_the_limit__taken_and_refused(void **state)
{
    (void)state;
    /* Lists each holding the next, innermost empty. */
    uint8_t deep[ZC_RLP_MAX_DEPTH + 1];
    for (size_t i = 0; i < sizeof deep; i++) {
        deep[i] = (uint8_t)(0xc0 + sizeof deep - 1 - i);
    }
    assert_fails(zc_rlp_check(ZC_SLICE_OF_ARRAY(deep)), ZC_CODEC_RLP_TOO_DEEP);
    assert_ok(zc_rlp_check(zc_slice_of(deep + 1, sizeof deep - 1)));
}

static void get_number__bounds_and_leading_zeros__held(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int u64;
        int u256;
    } cases[] = {
        {"80", 0, 0},
        {"01", 0, 0},
        {"00", ZC_CODEC_RLP_LEADING_ZERO, ZC_CODEC_RLP_LEADING_ZERO},
        {"820001", ZC_CODEC_RLP_LEADING_ZERO, ZC_CODEC_RLP_LEADING_ZERO},
        {"88ffffffffffffffff", 0, 0},
        {"89010000000000000000", ZC_CODEC_RLP_WRONG_LENGTH, 0},
        {"a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         ZC_CODEC_RLP_WRONG_LENGTH, 0},
        {"a1010000000000000000000000000000000000000000000000000000000000000000",
         ZC_CODEC_RLP_WRONG_LENGTH, ZC_CODEC_RLP_WRONG_LENGTH},
        {"c0", ZC_CODEC_RLP_WRONG_KIND, ZC_CODEC_RLP_WRONG_KIND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i].hex);
        zc_reader reader = zc_reader_of(view(&input));
        uint64_t small;
        assert_int_equal(zc_rlp_get_u64(&reader, &small).code, cases[i].u64);
        assert_int_equal(zc_reader_offset(&reader), cases[i].u64 == 0 ? input.len : 0);
        reader = zc_reader_of(view(&input));
        zc_u256 wide;
        assert_int_equal(zc_rlp_get_u256(&reader, &wide).code, cases[i].u256);
        if (cases[i].u256 != 0) {
            continue;
        }
        uint8_t buffer[40];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_rlp_put_u256(&writer, &wide));
        assert_written(&writer, cases[i].hex);
    }
}

static void get__wrong_kind_or_length__refused_and_not_consumed(void **state)
{
    (void)state;
    test_bytes input = from_hex("c20102");
    zc_reader reader = zc_reader_of(view(&input));
    zc_slice bytes;
    assert_fails(zc_rlp_get_string(&reader, &bytes), ZC_CODEC_RLP_WRONG_KIND);
    zc_reader items;
    zc_rlp_kind kind;
    assert_ok(zc_rlp_peek(&reader, &kind));
    assert_int_equal(kind, ZC_RLP_LIST);
    assert_ok(zc_rlp_get_list(&reader, &items));
    assert_ok(zc_reader_end(&reader));
    assert_fails(zc_rlp_get_list(&items, &reader), ZC_CODEC_RLP_WRONG_KIND);
    uint8_t fixed[2];
    assert_fails(zc_rlp_get_fixed(&items, fixed, sizeof fixed), ZC_CODEC_RLP_WRONG_LENGTH);
    assert_ok(zc_rlp_get_fixed(&items, fixed, 1));
    assert_ok(zc_rlp_skip(&items));
    assert_ok(zc_reader_end(&items));
}

/* Lengths on both sides of every change of form, alone and in a list. */
static void put__strings_and_lists_of_many_lengths__read_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 53, 54, 55, 56, 57, 254, 255, 256, 257, 65535, 65536};
    static uint8_t content[65536];
    static uint8_t buffer[65536 + 32];
    memset(content, 0x81, sizeof content);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        zc_rlp_list outer;
        zc_rlp_list inner;
        zc_rlp_list_begin(&writer, &outer);
        assert_ok(zc_rlp_put_u64(&writer, 5));
        zc_rlp_list_begin(&writer, &inner);
        assert_ok(zc_rlp_put_string(&writer, zc_slice_of(content, lengths[i])));
        assert_ok(zc_rlp_list_end(&writer, &inner));
        assert_ok(zc_rlp_list_end(&writer, &outer));
        assert_ok(zc_rlp_check(zc_writer_written(&writer)));
        zc_reader reader = zc_reader_of(zc_writer_written(&writer));
        zc_reader items;
        zc_reader nested;
        zc_slice back;
        uint64_t five;
        assert_ok(zc_rlp_get_list(&reader, &items));
        assert_ok(zc_rlp_get_u64(&items, &five));
        assert_ok(zc_rlp_get_list(&items, &nested));
        assert_ok(zc_rlp_get_string(&nested, &back));
        assert_int_equal(back.len, lengths[i]);
        assert_ok(zc_reader_end(&nested));
    }
}

static void list_end__no_room_for_the_head__items_stay(void **state)
{
    (void)state;
    uint8_t buffer[2];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    zc_rlp_list list;
    zc_rlp_list_begin(&writer, &list);
    assert_ok(zc_rlp_put_u64(&writer, 1));
    assert_ok(zc_rlp_put_u64(&writer, 2));
    assert_fails(zc_rlp_list_end(&writer, &list), ZC_BASE_FULL);
    assert_written(&writer, "0102");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check__canonical_item__accepted),
        cmocka_unit_test(check__loose_or_cut_item__refused),
        cmocka_unit_test(skip__nesting_at_and_past_the_limit__taken_and_refused),
        cmocka_unit_test(get_number__bounds_and_leading_zeros__held),
        cmocka_unit_test(get__wrong_kind_or_length__refused_and_not_consumed),
        cmocka_unit_test(put__strings_and_lists_of_many_lengths__read_back),
        cmocka_unit_test(list_end__no_room_for_the_head__items_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
