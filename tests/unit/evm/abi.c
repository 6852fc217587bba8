#include "calldata.h"

#include "codec/abi.h"

static zc_result walk_all(zc_slice types, zc_slice data, size_t *ret_leaves, size_t *ret_left)
{
    zc_abi_walk walk;
    zc_abi_leaf leaf;
    bool more = true;
    *ret_leaves = 0;
    ZC_TRY(zc_abi_walk_begin(&walk, types, data));
    for (;;) {
        ZC_TRY(zc_abi_walk_next(&walk, &leaf, &more));
        if (!more) {
            break;
        }
        (*ret_leaves)++;
    }
    *ret_left = zc_abi_walk_left(&walk);
    return ZC_OK;
}

static int code_of(zc_slice types, zc_slice data)
{
    size_t leaves;
    size_t left;
    return walk_all(types, data, &leaves, &left).code;
}

/* (uint256[], (address, bytes)[], string): each dynamic kind once. */
static const uint8_t types[] = {ZC_ABI_ARRAY,   ZC_ABI_UINT256, ZC_ABI_ARRAY, ZC_ABI_TUPLE, 2,
                                ZC_ABI_ADDRESS, ZC_ABI_BYTES,   ZC_ABI_STRING};

static calldata nested_sample(void)
{
    calldata out = {.len = 0};
    put_number(&out, 96);
    put_number(&out, 96 + 96);
    put_number(&out, 96 + 96 + 96 + 2 * 128);
    put_number(&out, 2);
    put_number(&out, 1);
    put_number(&out, 2);
    put_number(&out, 2);
    put_number(&out, 64);
    put_number(&out, 64 + 128);
    for (size_t i = 0; i < 2; i++) {
        put_address(&out, &friend);
        put_number(&out, 64);
        put_bytes(&out, zc_slice_of("abc", 3));
    }
    put_bytes(&out, zc_slice_of("text", 4));
    return out;
}

static void walk__nested_arrays_and_tuples__every_leaf_once(void **state)
{
    (void)state;
    const calldata data = nested_sample();
    size_t leaves;
    size_t left;
    must(walk_all(ZC_SLICE_OF_ARRAY(types), slice_of(&data), &leaves, &left));
    assert_int_equal(leaves, 2 + 2 * 2 + 1);
    assert_int_equal(left, 0);
}

/* Whatever bit changes, it changes a value, or the data is refused: no byte is unaccounted for. */
static void walk__every_bit_flip__refused_or_another_value(void **state)
{
    (void)state;
    calldata data = nested_sample();
    size_t free_bits = 0;
    for (size_t bit = 0; bit < data.len * 8; bit++) {
        data.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        free_bits += code_of(ZC_SLICE_OF_ARRAY(types), slice_of(&data)) == 0 ? 1 : 0;
        data.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    /* The numbers (32 bytes each), the addresses (20) and the contents; of the lengths, those that
     * the same word of padding would fit: 3 and 4 cut or filled by zeros only where zeros are. */
    assert_true(free_bits >= 8 * (64 + 40 + 6 + 4));
    assert_true(free_bits < 8 * (64 + 40 + 6 + 4) + 32);
}

static void walk__every_truncation__refused(void **state)
{
    (void)state;
    calldata data = nested_sample();
    const size_t len = data.len;
    for (data.len = 0; data.len < len; data.len++) {
        assert_int_equal(code_of(ZC_SLICE_OF_ARRAY(types), slice_of(&data)), ZC_BASE_TRUNCATED);
    }
    data.len = len + 5;
    size_t leaves;
    size_t left;
    must(walk_all(ZC_SLICE_OF_ARRAY(types), slice_of(&data), &leaves, &left));
    assert_int_equal(left, 5);
}

/* Two offsets to one place, a gap, a step back: encodings that hide or share bytes. */
static void walk__offsets_elsewhere__refused(void **state)
{
    (void)state;
    static const uint8_t two[] = {ZC_ABI_BYTES, ZC_ABI_BYTES};
    static const uint64_t offsets[][2] = {{64, 64}, {64, 160}, {96, 64},        {0, 64},
                                          {64, 0},  {65, 128}, {64, UINT32_MAX}};
    for (size_t i = 0; i <= sizeof(offsets) / sizeof(offsets[0]); i++) {
        calldata data = {.len = 0};
        const bool good = i == sizeof(offsets) / sizeof(offsets[0]);
        put_number(&data, good ? 64 : offsets[i][0]);
        put_number(&data, good ? 128 : offsets[i][1]);
        put_bytes(&data, zc_slice_of("abc", 3));
        put_bytes(&data, zc_slice_of("def", 3));
        assert_int_equal(code_of(ZC_SLICE_OF_ARRAY(two), slice_of(&data)),
                         good ? 0 : ZC_CODEC_ABI_OFFSET);
    }
}

static void walk__words__clean_or_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t type;
        const char *word;
        bool good;
    } cases[] = {
        {ZC_ABI_UINT + 1, "00000000000000000000000000000000000000000000000000000000000000ff", true},
        {ZC_ABI_UINT + 1, "0000000000000000000000000000000000000000000000000000000000000100",
         false},
        {ZC_ABI_INT + 1, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80", true},
        {ZC_ABI_INT + 1, "000000000000000000000000000000000000000000000000000000000000007f", true},
        {ZC_ABI_INT + 1, "0000000000000000000000000000000000000000000000000000000000000080", false},
        {ZC_ABI_INT + 1, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
        {ZC_ABI_INT + 32, "8000000000000000000000000000000000000000000000000000000000000000", true},
        {ZC_ABI_FIXED + 4, "0102030400000000000000000000000000000000000000000000000000000000",
         true},
        {ZC_ABI_FIXED + 4, "0102030401000000000000000000000000000000000000000000000000000000",
         false},
        {ZC_ABI_BOOL, "0000000000000000000000000000000000000000000000000000000000000001", true},
        {ZC_ABI_BOOL, "0000000000000000000000000000000000000000000000000000000000000002", false},
        {ZC_ABI_ADDRESS, "0000000000000000000000010000000000000000000000000000000000000000", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        calldata data = {.len = 0};
        put_hex(&data, cases[i].word);
        assert_int_equal(code_of(zc_slice_of(&cases[i].type, 1), slice_of(&data)),
                         cases[i].good ? 0 : ZC_CODEC_ABI_DIRTY);
    }
}

static void walk__fixed_arrays__in_line(void **state)
{
    (void)state;
    /* (uint8,address)[3] is static: six words in the head. */
    static const uint8_t fixed[] = {ZC_ABI_ARRAY_OF, 3, ZC_ABI_TUPLE, 2, ZC_ABI_UINT + 1,
                                    ZC_ABI_ADDRESS};
    calldata data = {.len = 0};
    for (size_t i = 0; i < 3; i++) {
        put_number(&data, i);
        put_address(&data, &friend);
    }
    size_t leaves;
    size_t left;
    must(walk_all(ZC_SLICE_OF_ARRAY(fixed), slice_of(&data), &leaves, &left));
    assert_int_equal(leaves, 6);
    assert_int_equal(left, 0);
}

static void walk__huge_counts__refused_before_the_loop(void **state)
{
    (void)state;
    static const uint8_t array[] = {ZC_ABI_ARRAY, ZC_ABI_UINT256};
    const uint64_t counts[] = {1, ZC_ABI_MAX_ELEMENTS, ZC_ABI_MAX_ELEMENTS + 1, UINT32_MAX,
                               UINT64_MAX};
    for (size_t i = 0; i < 5; i++) {
        calldata data = {.len = 0};
        put_number(&data, 32);
        put_number(&data, counts[i]);
        assert_int_equal(code_of(ZC_SLICE_OF_ARRAY(array), slice_of(&data)),
                         i == 2 || i == 3 ? ZC_CODEC_TOO_MANY : ZC_BASE_TRUNCATED);
    }
}

static void shape_types__bad_programs__refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t len;
        uint8_t code[12];
    } bad[] = {
        {1, {0x00}},
        {1, {0x65}},
        {1, {0x73}},
        {1, {ZC_ABI_ARRAY}},
        {1, {ZC_ABI_TUPLE}},
        {2, {ZC_ABI_TUPLE, 0}},
        {2, {ZC_ABI_TUPLE, 1}},
        {3, {ZC_ABI_TUPLE, 2, ZC_ABI_BOOL}},
        {2, {ZC_ABI_ARRAY_OF, 1}},
        {3, {ZC_ABI_ARRAY_OF, 0, ZC_ABI_BOOL}},
        {7, {ZC_ABI_ARRAY_OF, 255, ZC_ABI_ARRAY_OF, 255, ZC_ABI_ARRAY_OF, 255, ZC_ABI_BOOL}},
        {10, {0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, ZC_ABI_BOOL}},
    };
    zc_abi_shape shape[ZC_ABI_MAX_TYPES];
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(zc_abi_shape_types(zc_slice_of(bad[i].code, bad[i].len), shape).code,
                         ZC_CODEC_ABI_TYPES);
    }
    must(zc_abi_shape_types(zc_slice_of(NULL, 0), shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk__nested_arrays_and_tuples__every_leaf_once),
        cmocka_unit_test(walk__every_bit_flip__refused_or_another_value),
        cmocka_unit_test(walk__every_truncation__refused),
        cmocka_unit_test(walk__offsets_elsewhere__refused),
        cmocka_unit_test(walk__words__clean_or_refused),
        cmocka_unit_test(walk__fixed_arrays__in_line),
        cmocka_unit_test(walk__huge_counts__refused_before_the_loop),
        cmocka_unit_test(shape_types__bad_programs__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
