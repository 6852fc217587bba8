#include "cases.h"

#include "codec/abi.h"
#include "codec/base64.h"
#include "codec/cbor.h"

static void base64__rfc_4648_texts__both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *plain;
        const char *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xef\xbe", "/+++"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buffer[16];
        zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
        assert_ok(zc_write_base64(&writer, zc_slice_of_text(cases[i].plain)));
        assert_true(zc_slice_eq_text(zc_writer_written(&writer), cases[i].text));
        uint8_t back[16];
        size_t len = 99;
        assert_ok(zc_base64_decode(zc_slice_of_text(cases[i].text), back, sizeof back, &len));
        assert_true(zc_slice_eq_text(zc_slice_of(back, len), cases[i].plain));
    }
}

static void base64_decode__anything_loose__refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Z",      "Zg",   "Zg=",  "Zh==", "Zm9=", "=",    "====",  "Z===",     "Zg==Zg==",
        "Zm8=\n", " Zg=", "Z-==", "Zm_v", "Zg=a", "Z=g=", "Zm9v=", "Zm9vZg=v",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t back[16];
        size_t len = 99;
        zc_result result = zc_base64_decode(zc_slice_of_text(cases[i]), back, sizeof back, &len);
        if (!zc_is(result, ZC_CODEC_BAD_BASE64)) {
            fail_msg("'%s': reason %#x", cases[i], result.code);
        }
        assert_int_equal(len, 99);
    }
}

static void base64__no_room__refused(void **state)
{
    (void)state;
    uint8_t buffer[3];
    zc_writer writer = ZC_WRITER_OF_ARRAY(buffer);
    size_t len;
    assert_fails(zc_write_base64(&writer, zc_slice_of_text("f")), ZC_BASE_FULL);
    assert_fails(zc_base64_decode(zc_slice_of_text("Zm9vYg=="), buffer, sizeof buffer, &len),
                 ZC_BASE_TOO_LONG);
    assert_ok(zc_base64_decode(zc_slice_of_text("Zm9v"), buffer, sizeof buffer, &len));
}

static void base64_decode__every_last_group__one_text_per_byte(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t accepted = 0;
    for (size_t i = 0; i < 64; i++) {
        for (size_t j = 0; j < 64; j++) {
            char text[5] = {alphabet[i], alphabet[j], '=', '=', 0};
            uint8_t byte;
            size_t len;
            accepted += zc_ok(zc_base64_decode(zc_slice_of_text(text), &byte, 1, &len));
        }
    }
    assert_int_equal(accepted, 256);
}

static void utf8__boundaries_of_each_range__as_rfc_3629(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        bool valid;
    } cases[] = {
        {"", true},         {"00", true},       {"7f", true},           {"80", false},
        {"c080", false},    {"c1bf", false},    {"c280", true},         {"dfbf", true},
        {"c2", false},      {"c27f", false},    {"c2c0", false},        {"e09fbf", false},
        {"e0a080", true},   {"ed9fbf", true},   {"eda080", false},      {"edbfbf", false},
        {"ee8080", true},   {"efbfbf", true},   {"e282", false},        {"f08fbfbf", false},
        {"f0908080", true}, {"f48fbfbf", true}, {"f4908080", false},    {"f5808080", false},
        {"ff", false},      {"f09f98", false},  {"41f09f988042", true}, {"f0908041", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_bytes input = from_hex(cases[i].hex);
        if (zc_utf8_valid(view(&input)) != cases[i].valid) {
            fail_msg("%s", cases[i].hex);
        }
    }
}

static void abi__words__values_or_dirty(void **state)
{
    (void)state;
    uint8_t word[ZC_ABI_WORD] = {[12] = 0xaa, [31] = 0x01};
    zc_reader reader = zc_reader_of(ZC_SLICE_OF_ARRAY(word));
    uint8_t address[20];
    uint64_t small;
    bool flag;
    assert_fails(zc_abi_get_bool(&reader, &flag), ZC_CODEC_ABI_DIRTY);
    assert_fails(zc_abi_get_u64(&reader, &small), ZC_CODEC_ABI_DIRTY);
    assert_int_equal(zc_reader_offset(&reader), 0);
    assert_ok(zc_abi_get_address(&reader, address));
    assert_int_equal(address[0], 0xaa);
    assert_ok(zc_reader_end(&reader));
    for (size_t i = 0; i < 12; i++) {
        uint8_t dirty[ZC_ABI_WORD] = {0};
        dirty[i] = 1;
        reader = zc_reader_of(ZC_SLICE_OF_ARRAY(dirty));
        assert_fails(zc_abi_get_address(&reader, address), ZC_CODEC_ABI_DIRTY);
    }
    for (unsigned value = 0; value < 256; value++) {
        uint8_t plain[ZC_ABI_WORD] = {[31] = (uint8_t)value};
        reader = zc_reader_of(ZC_SLICE_OF_ARRAY(plain));
        zc_result result = zc_abi_get_bool(&reader, &flag);
        assert_int_equal(result.code, value < 2 ? 0 : ZC_CODEC_ABI_DIRTY);
        reader = zc_reader_of(ZC_SLICE_OF_ARRAY(plain));
        zc_u256 wide;
        assert_ok(zc_abi_get_u256(&reader, &wide));
        assert_true(wide.limb[0] == value);
    }
    reader = zc_reader_of(zc_slice_of(word, ZC_ABI_WORD - 1));
    assert_fails(zc_abi_get_word(&reader, word), ZC_BASE_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64__rfc_4648_texts__both_ways),
        cmocka_unit_test(base64_decode__anything_loose__refused),
        cmocka_unit_test(base64__no_room__refused),
        cmocka_unit_test(base64_decode__every_last_group__one_text_per_byte),
        cmocka_unit_test(utf8__boundaries_of_each_range__as_rfc_3629),
        cmocka_unit_test(abi__words__values_or_dirty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
