/* Base58 and bech32. */
#include "build.h"

#include "codec/base58.h"
#include "codec/bech32.h"
#include "intent/bitcoin/base58check.h"

static void base58__any_length__reads_back(void **state)
{
    (void)state;
    uint8_t bytes[ZC_BASE58_MAX];
    uint8_t text[ZC_BASE58_MAX_TEXT];
    uint8_t back[ZC_BASE58_MAX];
    for (unsigned fill = 0; fill < 3; fill++) {
        for (size_t len = 0; len <= ZC_BASE58_MAX; len++) {
            size_t found = 999;
            zc_writer writer = ZC_WRITER_OF_ARRAY(text);
            memset(bytes, fill == 0 ? 0 : fill == 1 ? 0xff : 0x5a, len);
            assert_true(zc_ok(zc_base58_write(zc_slice_of(bytes, len), &writer)));
            assert_true(
                zc_ok(zc_base58_read(zc_writer_written(&writer), back, sizeof back, &found)));
            assert_int_equal(found, len);
            assert_memory_equal(back, bytes, len);
        }
    }
}

static void base58__known_texts__as_published(void **state)
{
    (void)state;
    uint8_t text[ZC_BASE58_MAX_TEXT];
    zc_writer writer = ZC_WRITER_OF_ARRAY(text);
    assert_true(zc_ok(zc_base58_write(zc_slice_of_text("Hello World!"), &writer)));
    assert_true(zc_slice_eq_text(zc_writer_written(&writer), "2NEpo7TZRRrLZSi2U"));
}

static void base58__wrong_characters_or_room__refused(void **state)
{
    (void)state;
    uint8_t bytes[ZC_BASE58_MAX];
    char longest[ZC_BASE58_MAX_TEXT + 2];
    size_t len = 7;
    static const char *const bad[] = {"0", "O", "I", "l", " ", "2 ", "\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(zc_ok(zc_base58_read(zc_slice_of_text(bad[i]), bytes, sizeof bytes, &len)));
    }
    memset(longest, 'z', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_true(zc_is(zc_base58_read(zc_slice_of_text(longest), bytes, sizeof bytes, &len),
                      ZC_BASE_TOO_LONG));
    memset(longest, '1', ZC_BASE58_MAX_TEXT);
    longest[ZC_BASE58_MAX_TEXT] = '\0';
    assert_true(zc_is(zc_base58_read(zc_slice_of_text(longest), bytes, sizeof bytes, &len),
                      ZC_BASE_TOO_LONG));
    assert_true(zc_is(zc_base58_read(zc_slice_of_text("2NEpo7TZRRrLZSi2U"), bytes, 11, &len),
                      ZC_BASE_TOO_LONG));
    assert_int_equal(len, 7);
}

static void base58check__any_character_changed__refused(void **state)
{
    (void)state;
    char text[] = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
    uint8_t payload[ZC_BASE58CHECK_MAX];
    size_t len;
    assert_true(zc_ok(zc_base58check_read(zc_slice_of_text(text), payload, sizeof payload, &len)));
    assert_int_equal(len, 21);
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        text[i] = kept == 'z' ? 'y' : 'z';
        assert_false(
            zc_ok(zc_base58check_read(zc_slice_of_text(text), payload, sizeof payload, &len)));
        text[i] = kept;
    }
}

static void segwit__every_version_and_length__reads_back_or_refused(void **state)
{
    (void)state;
    uint8_t program[ZC_SEGWIT_MAX_PROGRAM + 2];
    uint8_t back[ZC_SEGWIT_MAX_PROGRAM];
    uint8_t text[ZC_BECH32_MAX_TEXT];
    const zc_slice hrp = zc_slice_of_text("bcrt");
    memset(program, 0xa5, sizeof program);
    for (uint8_t version = 0; version < 20; version++) {
        for (size_t len = 0; len <= sizeof program; len++) {
            uint8_t found = 99;
            size_t found_len = 0;
            zc_writer writer = ZC_WRITER_OF_ARRAY(text);
            bool is_sound =
                version <= 16 && len >= 2 && len <= 40 && (version > 0 || len == 20 || len == 32);
            zc_result result = zc_segwit_write(hrp, version, zc_slice_of(program, len), &writer);
            assert_int_equal(zc_ok(result), is_sound);
            if (is_sound) {
                assert_true(zc_ok(
                    zc_segwit_read(hrp, zc_writer_written(&writer), &found, back, &found_len)));
                assert_int_equal(found, version);
                assert_int_equal(found_len, len);
                assert_memory_equal(back, program, len);
            }
        }
    }
}

static void segwit__any_character_changed__refused(void **state)
{
    (void)state;
    char text[] = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    uint8_t program[ZC_SEGWIT_MAX_PROGRAM];
    uint8_t version;
    size_t len;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        for (int to = 1; to < 256; to++) {
            text[i] = (char)to;
            if (text[i] != kept) {
                assert_false(zc_ok(zc_segwit_read(zc_slice_of_text("bc"), zc_slice_of_text(text),
                                                  &version, program, &len)));
            }
        }
        text[i] = kept;
    }
}

static void bech32__bytes__read_back_under_their_own_hrp_and_kind_only(void **state)
{
    (void)state;
    uint8_t bytes[ZC_BECH32_MAX_BYTES];
    uint8_t text[ZC_BECH32_MAX_TEXT];
    uint8_t back[ZC_BECH32_MAX_BYTES];
    size_t len;
    const zc_slice hrp = zc_slice_of_text("cosmos");
    memset(bytes, 0xc3, sizeof bytes);
    for (size_t wanted = 0; wanted <= 45; wanted++) {
        zc_writer writer = ZC_WRITER_OF_ARRAY(text);
        assert_true(zc_ok(zc_bech32_write(hrp, ZC_BECH32, zc_slice_of(bytes, wanted), &writer)));
        zc_slice written = zc_writer_written(&writer);
        assert_true(zc_ok(zc_bech32_read(hrp, ZC_BECH32, written, back, sizeof back, &len)));
        assert_int_equal(len, wanted);
        assert_memory_equal(back, bytes, len);
        assert_false(zc_ok(zc_bech32_read(hrp, ZC_BECH32M, written, back, sizeof back, &len)));
        assert_false(zc_ok(
            zc_bech32_read(zc_slice_of_text("osmo"), ZC_BECH32, written, back, sizeof back, &len)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base58__any_length__reads_back),
        cmocka_unit_test(base58__known_texts__as_published),
        cmocka_unit_test(base58__wrong_characters_or_room__refused),
        cmocka_unit_test(base58check__any_character_changed__refused),
        cmocka_unit_test(segwit__every_version_and_length__reads_back_or_refused),
        cmocka_unit_test(segwit__any_character_changed__refused),
        cmocka_unit_test(bech32__bytes__read_back_under_their_own_hrp_and_kind_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
