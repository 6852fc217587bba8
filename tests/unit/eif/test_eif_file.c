#include "eif_test.h"

#include <string.h>

#include "base/hex.h"

static void crc32__check_value__is_the_published_one(void **state)
{
    (void)state;
    zc_slice text = zc_slice_of_text("123456789");
    assert_int_equal(zc_crc32(0, text), 0xcbf43926);
    uint32_t crc = zc_crc32(0, zc_slice_of(text.data, 4));
    assert_int_equal(zc_crc32(crc, zc_slice_of(text.data + 4, 5)), 0xcbf43926);
}

static void build__parts__come_back(void **state)
{
    (void)state;
    zc_bytes file = small_image();
    zc_eif eif;
    assert_true(zc_ok(zc_eif_parse(zc_bytes_slice(&file), &eif)));
    static const zc_eif_type order[] = {ZC_EIF_KERNEL,  ZC_EIF_CMDLINE, ZC_EIF_METADATA,
                                        ZC_EIF_RAMDISK, ZC_EIF_RAMDISK, ZC_EIF_RAMDISK};
    assert_int_equal(eif.count, 6);
    for (size_t i = 0; i < eif.count; i++) {
        assert_int_equal(eif.section[i].type, order[i]);
    }
    assert_true(zc_slice_eq_text(eif.kernel, "a kernel"));
    assert_true(zc_slice_eq_text(eif.cmdline, "reboot=k panic=1"));
    assert_int_equal(eif.ramdisks, 3);
    assert_true(zc_slice_eq_text(eif.ramdisk[1], "signer"));
    assert_int_equal(eif.memory, 512 << 20);
    assert_false(eif.arm64);
    assert_true(eif.has_metadata);
    assert_false(eif.has_signature);
    zc_bytes_clear(&file);
}

static void build__same_parts__same_bytes(void **state)
{
    (void)state;
    zc_bytes one = small_image();
    zc_bytes other = small_image();
    assert_true(zc_slice_eq(zc_bytes_slice(&one), zc_bytes_slice(&other)));
    zc_bytes_clear(&one);
    zc_bytes_clear(&other);
}

static void build__wrong_parts__refused(void **state)
{
    (void)state;
    zc_bytes file = {0};
    zc_slice many[40];
    zc_eif_parts parts = small_parts();
    parts.kernel.len = 0;
    assert_true(zc_is(zc_eif_build(&parts, &file), ZC_EIF_NO_KERNEL));
    parts = small_parts();
    parts.ramdisks = 0;
    assert_true(zc_is(zc_eif_build(&parts, &file), ZC_EIF_NO_RAMDISK));
    parts = small_parts();
    parts.cmdline = zc_slice_of("a\0b", 3);
    assert_true(zc_is(zc_eif_build(&parts, &file), ZC_EIF_BAD_CMDLINE));
    parts.cmdline.len = 0;
    assert_true(zc_is(zc_eif_build(&parts, &file), ZC_EIF_BAD_CMDLINE));
    parts = small_parts();
    for (size_t i = 0; i < 40; i++) {
        many[i] = zc_slice_of_text("r");
    }
    parts.ramdisk = many;
    parts.ramdisks = 29;
    assert_true(zc_ok(zc_eif_build(&parts, &file)));
    zc_bytes_clear(&file);
    parts.ramdisks = 30;
    assert_true(zc_is(zc_eif_build(&parts, &file), ZC_EIF_TOO_MANY_SECTIONS));
    assert_null(file.data);
}

/* The CRC alone catches content; the parser must catch what has a CRC of its own. */
static void parse__any_bit_changed__refused(void **state)
{
    (void)state;
    zc_bytes file = small_image();
    zc_eif eif;
    for (size_t at = 0; at < file.len; at++) {
        for (int bit = 0; bit < 8; bit++) {
            file.data[at] ^= (uint8_t)(1 << bit);
            assert_false(zc_ok(zc_eif_parse(zc_bytes_slice(&file), &eif)));
            file.data[at] ^= (uint8_t)(1 << bit);
        }
    }
    zc_bytes_clear(&file);
}

static void parse__any_length__refused_but_the_whole(void **state)
{
    (void)state;
    zc_bytes file = small_image();
    zc_eif eif;
    for (size_t len = 0; len < file.len; len++) {
        assert_false(zc_ok(zc_eif_parse(zc_slice_of(file.data, len), &eif)));
    }
    assert_true(zc_bytes_append(&file, zc_slice_of_text("x")));
    assert_true(zc_is(zc_eif_parse(zc_bytes_slice(&file), &eif), ZC_EIF_TRAILING));
    zc_bytes_clear(&file);
}

static void repair_crc(zc_bytes *file)
{
    uint32_t crc = zc_crc32(0, zc_slice_of(file->data, 544));
    crc = zc_crc32(crc, zc_slice_of(file->data + 548, file->len - 548));
    for (int i = 0; i < 4; i++) {
        file->data[544 + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}

static int reason_of(zc_bytes *file)
{
    zc_eif eif;
    repair_crc(file);
    return zc_eif_parse(zc_bytes_slice(file), &eif).code;
}

/* An attacker mends the CRC. */
static void parse__mended_crc__still_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        int reason;
    } cases[] = {
        {5, 3, ZC_EIF_VERSION_UNKNOWN}, {7, 2, ZC_EIF_HEADER_REST},
        {25, 1, ZC_EIF_HEADER_REST},    {27, 33, ZC_EIF_TOO_MANY_SECTIONS},
        {27, 5, ZC_EIF_HEADER_REST},    {35, 1, ZC_EIF_SECTION_PLACE},
        {291, 9, ZC_EIF_SECTION_SIZE},  {543, 1, ZC_EIF_HEADER_REST},
        {549, 9, ZC_EIF_SECTION_TYPE},  {549, 0, ZC_EIF_SECTION_TYPE},
        {551, 1, ZC_EIF_SECTION_TYPE},  {549, ZC_EIF_RAMDISK, ZC_EIF_NO_KERNEL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zc_bytes file = small_image();
        file.data[cases[i].at] = cases[i].value;
        assert_int_equal(reason_of(&file), cases[i].reason);
        zc_bytes_clear(&file);
    }
}

static void parse__second_kernel_or_metadata__refused(void **state)
{
    (void)state;
    zc_bytes file = small_image();
    size_t ramdisk = 548 + 12 + 8 + 12 + 16 + 12 + 17; /* its head begins here */
    file.data[ramdisk + 1] = ZC_EIF_KERNEL;
    assert_int_equal(reason_of(&file), ZC_EIF_NO_KERNEL);
    file.data[ramdisk + 1] = ZC_EIF_CMDLINE;
    assert_int_equal(reason_of(&file), ZC_EIF_NO_CMDLINE);
    file.data[ramdisk + 1] = ZC_EIF_METADATA;
    assert_int_equal(reason_of(&file), ZC_EIF_TWICE);
    zc_bytes_clear(&file);
}

static void measure__known_parts__known_values(void **state)
{
    (void)state;
    /* hashlib: sha384(bytes(48) + sha384(…).digest()) */
    static const char *const wanted[3] = {"8deacf95a4a065f2c5ed733aa9753a701e0ad1e7dd527791"
                                          "eafbff6b0c71e002d2e3693f53ec1c50c9d0051635359371",
                                          "e999099893e027cfd9b592810e52b63fff1f18d7fefd699a"
                                          "3dbec2d5abb604cc6daf58f169fe5b05bc90df401079171f",
                                          "f4284dc2d792f1db19ace1b6b91088797dca7ede1a40afa2"
                                          "aca7f587b84f93f32c96a857e9a1f3c1ef558f6209711aba"};
    zc_bytes file = small_image();
    zc_eif eif;
    zc_eif_pcrs pcrs;
    char hex[97];
    assert_true(zc_ok(zc_eif_parse(zc_bytes_slice(&file), &eif)));
    zc_eif_measure(&eif, &pcrs);
    const uint8_t *got[3] = {pcrs.pcr0, pcrs.pcr1, pcrs.pcr2};
    for (size_t i = 0; i < 3; i++) {
        zc_hex_encode(zc_slice_of(got[i], 48), hex);
        assert_string_equal(hex, wanted[i]);
    }
    uint8_t role[48];
    zc_eif_measure_text(zc_slice_of_text("arn"), role);
    zc_hex_encode(ZC_SLICE_OF_ARRAY(role), hex);
    assert_string_equal(hex, "65bab3eefa333d4ccb6e591533befb17d4d13ab5881c6b9c"
                             "56f8e1ca3f6cf9454f883974c5336c601001619550135167");
    zc_bytes_clear(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32__check_value__is_the_published_one),
        cmocka_unit_test(build__parts__come_back),
        cmocka_unit_test(build__same_parts__same_bytes),
        cmocka_unit_test(build__wrong_parts__refused),
        cmocka_unit_test(parse__any_bit_changed__refused),
        cmocka_unit_test(parse__any_length__refused_but_the_whole),
        cmocka_unit_test(parse__mended_crc__still_refused),
        cmocka_unit_test(parse__second_kernel_or_metadata__refused),
        cmocka_unit_test(measure__known_parts__known_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
