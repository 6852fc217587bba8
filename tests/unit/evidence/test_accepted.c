/* Published measurements: what a signed list accepts, and every way in which it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "audit/note.h"
#include "crypto/signer.h"
#include "evidence/accepted.h"

#define TEN "01010101010101010101"
#define A TEN TEN TEN TEN "01010101010101"
#define PCR_OF_ONES A "01"
#define JANUARY INT64_C(1767225600) /* 2026-01-01 */
#define YEAR INT64_C(31536000)

static zc_signer release;
static char label[96];
static zc_measurement found[2];

static int start(void **state)
{
    (void)state;
    zc_secret32 seed = {.byte = {7}};
    assert_true(zc_ok(zc_signer_init(&release, ZC_CURVE_ED25519, &seed)));
    strcpy(found[0].name, "PCR0");
    strcpy(found[1].name, "PCR2");
    for (size_t i = 0; i < 2; i++) {
        found[i].len = 48;
        memset(found[i].value, 1, 48);
    }
    return 0;
}

/* A list with these lines behind its first, signed by `name`. */
static zc_slice list_of(const char *lines, const char *name)
{
    static uint8_t note[ZC_NOTE_MAX];
    static char text[ZC_NOTE_MAX / 2];
    (void)snprintf(text, sizeof text, "%s\n%s", ZC_ACCEPTED_NAME, lines);
    zc_writer out = ZC_WRITER_OF_ARRAY(note);
    assert_true(zc_ok(zc_write_text(&out, text)));
    assert_true(zc_ok(zc_write_text(&out, "\n")));
    assert_true(
        zc_ok(zc_note_sign(zc_slice_of_text(text), zc_slice_of_text(name), &release, &out)));
    return zc_writer_written(&out);
}

static zc_result check(zc_slice note, int64_t at)
{
    uint8_t key[32];
    memcpy(key, release.pubkey.byte, sizeof key);
    return zc_accepted_check(note, key, ZC_EVIDENCE_NITRO, found, 2, at, label);
}

#define GOOD "nitro 2026-01-01T00:00:00Z 2026-12-31T23:59:59Z signer-1.4.0 PCR0=" PCR_OF_ONES "\n"

static void accepted_check__line_fits__label_and_dates(void **state)
{
    (void)state;
    zc_slice note = list_of(GOOD, ZC_ACCEPTED_NAME);
    assert_true(zc_ok(check(note, JANUARY)));
    assert_string_equal(label, "signer-1.4.0");
    assert_true(zc_ok(check(note, JANUARY + YEAR - 1)));
    assert_true(zc_is(check(note, JANUARY - 1), ZC_EVIDENCE_NOT_ACCEPTED_NOW));
    assert_true(zc_is(check(note, JANUARY + YEAR), ZC_EVIDENCE_NOT_ACCEPTED_NOW));
}

static void accepted_check__other_code_kind_or_register__not_accepted(void **state)
{
    (void)state;
    found[0].value[47] = 2;
    assert_true(zc_is(check(list_of(GOOD, ZC_ACCEPTED_NAME), JANUARY), ZC_EVIDENCE_NOT_ACCEPTED));
    found[0].value[47] = 1;
    assert_true(zc_is(check(list_of("snp 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x "
                                    "MEASUREMENT=" PCR_OF_ONES "\n",
                                    ZC_ACCEPTED_NAME),
                            JANUARY),
                      ZC_EVIDENCE_NOT_ACCEPTED));
    /* All registers of a line count. */
    const char *two =
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR0=" PCR_OF_ONES " PCR2=" A "02\n";
    assert_true(zc_is(check(list_of(two, ZC_ACCEPTED_NAME), JANUARY), ZC_EVIDENCE_NOT_ACCEPTED));
}

static void accepted_check__empty_list__accepts_nothing(void **state)
{
    (void)state;
    assert_true(zc_is(check(list_of("", ZC_ACCEPTED_NAME), JANUARY), ZC_EVIDENCE_NOT_ACCEPTED));
    assert_true(zc_is(check(zc_slice_of(NULL, 0), JANUARY), ZC_EVIDENCE_BAD_ACCEPTED));
}

static void accepted_check__unsigned_or_altered__refused(void **state)
{
    (void)state;
    zc_slice note = list_of(GOOD, "zerocopy/others");
    assert_true(zc_is(check(note, JANUARY), ZC_EVIDENCE_ACCEPTED_NOT_SIGNED));
    static uint8_t altered[ZC_NOTE_MAX];
    note = list_of(GOOD, ZC_ACCEPTED_NAME);
    memcpy(altered, note.data, note.len);
    altered[40] ^= 1;
    assert_true(
        zc_is(check(zc_slice_of(altered, note.len), JANUARY), ZC_EVIDENCE_ACCEPTED_NOT_SIGNED));
    uint8_t other[32] = {1};
    assert_true(zc_is(zc_accepted_check(note, other, ZC_EVIDENCE_NITRO, found, 2, JANUARY, label),
                      ZC_EVIDENCE_ACCEPTED_NOT_SIGNED));
    for (size_t len = 0; len < note.len; len++) {
        assert_false(zc_ok(check(zc_slice_of(note.data, len), JANUARY)));
    }
}

/* One line that can't be read spoils the list: nobody guesses what it meant. */
static void accepted_check__malformed_line__whole_list_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR1=" PCR_OF_ONES "\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z  PCR0=" PCR_OF_ONES "\n",
        "nitro 2027-01-01T00:00:00Z 2026-01-01T00:00:00Z x PCR0=" PCR_OF_ONES "\n",
        "nitro 2026-02-30T00:00:00Z 2027-01-01T00:00:00Z x PCR0=" PCR_OF_ONES "\n",
        "nitro 2026-01-01 2027-01-01T00:00:00Z x PCR0=" PCR_OF_ONES "\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR0=00\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR0=0g\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR0\n",
        "nitro 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x =" PCR_OF_ONES "\n",
        "moon 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z x PCR0=" PCR_OF_ONES "\n",
        "# a remark\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char lines[1024];
        (void)snprintf(lines, sizeof lines, "%s%s", GOOD, bad[i]);
        zc_result checked = check(list_of(lines, ZC_ACCEPTED_NAME), JANUARY);
        if (!zc_is(checked, ZC_EVIDENCE_BAD_ACCEPTED)) {
            fail_msg("line %zu: %04x", i, checked.code);
        }
    }
}

static void evidence_time__dates_that_exist__only(void **state)
{
    (void)state;
    int64_t seconds;
    assert_true(zc_evidence_time(zc_slice_of_text("2024-02-29T23:59:59Z"), &seconds));
    assert_int_equal(seconds, 1709251199);
    assert_false(zc_evidence_time(zc_slice_of_text("2023-02-29T00:00:00Z"), &seconds));
    assert_false(zc_evidence_time(zc_slice_of_text("2023-13-01T00:00:00Z"), &seconds));
    assert_false(zc_evidence_time(zc_slice_of_text("2023-01-01T24:00:00Z"), &seconds));
    assert_false(zc_evidence_time(zc_slice_of_text("2023-01-01T00:00:00z"), &seconds));
    assert_false(zc_evidence_time(zc_slice_of_text("2023-01-01T00:00:00+00:00"), &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_check__line_fits__label_and_dates),
        cmocka_unit_test(accepted_check__other_code_kind_or_register__not_accepted),
        cmocka_unit_test(accepted_check__empty_list__accepts_nothing),
        cmocka_unit_test(accepted_check__unsigned_or_altered__refused),
        cmocka_unit_test(accepted_check__malformed_line__whole_list_refused),
        cmocka_unit_test(evidence_time__dates_that_exist__only),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
