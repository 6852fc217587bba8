#include "unit/support/folder.h"

#include <errno.h>

#include "base/reasons.h"
#include "codec/reasons.h"
#include "crypto/reasons.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/reason.h"

typedef void (*print_function)(FILE *out, const zc_error *error);

static void print_text(FILE *out, const zc_error *error)
{
    zc_error_print(out, "zcp", error);
}

static void check_print(print_function print, const zc_error *error, const char *expected)
{
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    assert_non_null(out);
    print(out, error);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(printed, expected);
    free(printed);
}

static void zc_error_print__three_parts__are_one_line(void **state)
{
    (void)state;
    zc_error error;
    zc_result result =
        zc_error_set(&error, ZC_SUPPORT_IO, "cannot read x", "it is a folder", "name a file");
    assert_true(zc_is(result, ZC_SUPPORT_IO));
    assert_int_equal(error.exit_code, ZC_EXIT_FAILED);
    check_print(print_text, &error, "zcp: cannot read x: it is a folder. Name a file.\n");
    check_print(
        zc_error_print_json, &error,
        "{\"error\":{\"what\":\"cannot read x\",\"why\":\"it is a folder\",\"next\":\"name a "
        "file\",\"reason\":\"SUPPORT_IO\",\"exit\":1}}\n");
    zc_error_next(&error, "%s", "");
    check_print(print_text, &error, "zcp: cannot read x: it is a folder.\n");
    zc_error_why(&error, "%s", "");
    check_print(print_text, &error, "zcp: cannot read x.\n");
    assert_true(zc_is(zc_error_exit(&error, ZC_EXIT_UNREACHABLE), ZC_SUPPORT_IO));
    assert_int_equal(error.exit_code, 5);
}

/* A file name that would clear the screen, and bytes that are not UTF-8. */
static void zc_error_print__hostile_parts__are_harmless(void **state)
{
    (void)state;
    zc_error error;
    (void)zc_error_set(&error, ZC_SUPPORT_IO, "cannot read \033[2J\nx", "\xff", "");
    check_print(print_text, &error, "zcp: cannot read ?[2J?x: \xff.\n");
    check_print(zc_error_print_json, &error,
                "{\"error\":{\"what\":\"cannot read "
                "\\u001B[2J\\nx\",\"why\":\"\xef\xbf\xbd\",\"next\":\"\","
                "\"reason\":\"SUPPORT_IO\",\"exit\":1}}\n");
}

static void zc_error_set__longer_than_a_part__is_cut_between_characters(void **state)
{
    (void)state;
    char text[600];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) {
            memcpy(text + i, "\xe2\x82\xac", 4); /* € */
        }
        zc_error error;
        (void)zc_error_set(&error, ZC_SUPPORT_IO, text, "", "");
        size_t len = strlen(error.what);
        assert_true(len < sizeof error.what && len > sizeof error.what - 8);
        assert_string_equal(error.what + len - 3, "…");
        assert_int_equal((len - 3 - shift) % 3, 0);
    }
}

static void zc_error_errno__known_numbers__have_reason_and_advice(void **state)
{
    (void)state;
    zc_error error;
    assert_true(zc_is(zc_error_errno(&error, ENOSPC, "cannot write", "f"), ZC_SUPPORT_DISK_FULL));
    check_print(print_text, &error,
                "zcp: cannot write f: the disk is full. Free some space and try again.\n");
    assert_true(
        zc_is(zc_error_errno(&error, EACCES, "cannot open", "f"), ZC_SUPPORT_NO_PERMISSION));
    assert_true(zc_is(zc_error_errno(&error, EBADMSG, "cannot open", NULL), ZC_SUPPORT_IO));
    check_print(print_text, &error, "zcp: cannot open: Bad message.\n");
    assert_true(zc_is(zc_error_errno(NULL, ENOENT, "cannot open", "f"), ZC_SUPPORT_NOT_FOUND));
}

static void zc_reason_text__every_module__is_known(void **state)
{
    (void)state;
    assert_string_equal(zc_reason_name(zc_fail(ZC_BASE_TRUNCATED)), "BASE_TRUNCATED");
    assert_string_equal(zc_reason_text(zc_fail(ZC_BASE_FULL)), "the output buffer is full");
    assert_string_equal(zc_reason_name(ZC_OK), "OK");
    assert_string_equal(zc_reason_name(zc_fail(0x7f03)), "UNKNOWN_7F03");
    assert_string_equal(zc_reason_text(zc_fail(0x7f03)),
                        "reason 3 of module 127, which this version does not know");
    /* Each of the measured modules has a first reason. */
    for (unsigned module = ZC_MODULE_BASE; module <= ZC_MODULE_RUNTIME; module++) {
        if (module == ZC_MODULE_COMPOSE || module == ZC_MODULE_MPC) {
            continue;
        }
        const char *name = zc_reason_code_name((uint16_t)ZC_REASON_CODE(module, 1));
        if (strncmp(name, "UNKNOWN", 7) == 0) {
            fail_msg("module %u has no words", module);
        }
    }
}

static void zc_reason_register__twice__adds_once(void **state)
{
    (void)state;
    static const zc_reason reasons[] = {{0x7e01, "CLIENT_LOST", "the connection is lost"}};
    for (size_t i = 0; i < 2 * ZC_REASON_LISTS; i++) {
        zc_reason_register(reasons, 1);
    }
    assert_string_equal(zc_reason_code_name(0x7e01), "CLIENT_LOST");
    static const zc_reason more[] = {{0x7e02, "CLIENT_LATE", "too late"}};
    zc_reason_register(more, 1);
    assert_string_equal(zc_reason_code_text(0x7e02), "too late");
}

static void check_progress(bool terminal, bool *ret_silent)
{
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    assert_non_null(out);
    zc_progress progress;
    zc_progress_begin_on(&progress, out, terminal, "checking", 200);
    zc_progress_at(&progress, 1);
    progress.start_ms -= 1000;
    progress.drawn_ms -= 1000;
    zc_progress_at(&progress, 100);
    zc_progress_at(&progress, 101);
    zc_progress_end(&progress);
    assert_int_equal(fclose(out), 0);
    *ret_silent = len == 0;
    if (len > 0) {
        assert_string_equal(printed, "\r\033[Kchecking [##########          ]  50%\r\033[K");
    }
    free(printed);
}

static void zc_progress__terminal_or_pipe__draws_or_is_silent(void **state)
{
    (void)state;
    bool silent;
    check_progress(true, &silent);
    assert_false(silent);
    check_progress(false, &silent);
    assert_true(silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_error_print__three_parts__are_one_line),
        cmocka_unit_test(zc_error_print__hostile_parts__are_harmless),
        cmocka_unit_test(zc_error_set__longer_than_a_part__is_cut_between_characters),
        cmocka_unit_test(zc_error_errno__known_numbers__have_reason_and_advice),
        cmocka_unit_test(zc_reason_text__every_module__is_known),
        cmocka_unit_test(zc_reason_register__twice__adds_once),
        cmocka_unit_test(zc_progress__terminal_or_pipe__draws_or_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
