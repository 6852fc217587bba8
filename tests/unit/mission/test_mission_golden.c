/* The missions of the tree compile to these bytes (their hash) and mean these words. A difference
 * is either a fault or a change of the language: then golden/ changes in the same commit, and is
 * read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mission/compile.h"
#include "mission/reasons.h"
#include "mission/show.h"
#include "policy/mission.h"
#include "support/file.h"

static char credentials[] = "/tmp/zc-golden-XXXXXX";

static void write_public(const char *name, char digit)
{
    char path[ZC_PATH_SIZE];
    char text[64];
    memset(text, digit, sizeof text);
    assert_true(zc_path_join(credentials, name, path));
    assert_true(zc_ok(zc_file_write(path, zc_slice_of(text, sizeof text), 0644, NULL)));
}

static int make_credentials(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(credentials));
    write_public("admin.pub", '1');
    write_public("trader.pub", '2');
    return 0;
}

static int remove_credentials(void **state)
{
    (void)state;
    char path[ZC_PATH_SIZE];
    assert_true(zc_path_join(credentials, "admin.pub", path));
    (void)unlink(path);
    assert_true(zc_path_join(credentials, "trader.pub", path));
    (void)unlink(path);
    return rmdir(credentials);
}

static zc_bytes read_file(const char *path)
{
    zc_bytes bytes = {0};
    zc_error error = {0};
    if (!zc_ok(zc_file_read(path, ZC_MISSION_FILE_MAX, &bytes, &error))) {
        fail_msg("%s: %s", error.what, error.why);
    }
    return bytes;
}

static zc_bytes compile(const char *path, zc_report *report)
{
    zc_bytes text = read_file(path);
    zc_bytes compiled = {0};
    zc_mission_source source = {path, zc_bytes_slice(&text), credentials};
    zc_report_init(report, path);
    zc_result result = zc_mission_compile(&source, &compiled, report);
    if (!zc_ok(result)) {
        zc_report_print(stderr, report);
    }
    assert_true(zc_ok(result));
    zc_bytes_clear(&text);
    return compiled;
}

static zc_report report;

static void check_golden(const char *mission, const char *golden)
{
    zc_bytes compiled = compile(mission, &report);
    zc_bytes shown = {0};
    assert_true(zc_ok(zc_mission_show(zc_bytes_slice(&compiled), &shown, NULL)));
    zc_bytes expected = read_file(golden);
    assert_string_equal((const char *)shown.data, (const char *)expected.data);
    zc_bytes_clear(&compiled);
    zc_bytes_clear(&shown);
    zc_bytes_clear(&expected);
}

static void zc_mission_show__starter__says_this(void **state)
{
    (void)state;
    check_golden(ZC_SOURCE "/missions/starter.yaml",
                 ZC_SOURCE "/tests/unit/mission/golden/starter.txt");
    assert_int_equal(report.count, 0);
}

static void zc_mission_show__test_open__says_this_and_warns(void **state)
{
    (void)state;
    check_golden(ZC_SOURCE "/missions/test-open.yaml",
                 ZC_SOURCE "/tests/unit/mission/golden/test-open.txt");
    assert_int_equal(report.warnings, 1);
    assert_int_equal(report.errors, 0);
}

static void zc_mission_show__every_dimension__says_this(void **state)
{
    (void)state;
    check_golden(ZC_SOURCE "/tests/unit/mission/golden/desk.yaml",
                 ZC_SOURCE "/tests/unit/mission/golden/desk.txt");
}

static void zc_mission_show__every_rule_kind__says_this(void **state)
{
    (void)state;
    check_golden(ZC_SOURCE "/tests/unit/mission/golden/mandate.yaml",
                 ZC_SOURCE "/tests/unit/mission/golden/mandate.txt");
}

static void zc_mission_compile__same_file__same_bytes(void **state)
{
    (void)state;
    zc_bytes first = compile(ZC_SOURCE "/missions/starter.yaml", &report);
    zc_bytes second = compile(ZC_SOURCE "/missions/starter.yaml", &report);
    assert_true(zc_slice_eq(zc_bytes_slice(&first), zc_bytes_slice(&second)));
    zc_bytes_clear(&first);
    zc_bytes_clear(&second);
}

static void zc_mission_show_json__starter__has_hash_and_rules(void **state)
{
    (void)state;
    zc_bytes compiled = compile(ZC_SOURCE "/missions/starter.yaml", &report);
    json_t *object = NULL;
    assert_true(zc_ok(zc_mission_show_json(zc_bytes_slice(&compiled), &object, NULL)));
    assert_int_equal(strlen(json_string_value(json_object_get(object, "hash"))), 64);
    assert_int_equal(strlen(json_string_value(json_object_get(object, "pcr16"))), 96);
    assert_int_equal(json_array_size(json_object_get(object, "rules")), 7);
    assert_false(json_is_true(json_object_get(object, "open")));
    json_decref(object);
    zc_bytes_clear(&compiled);
}

/* Every bit counts: whatever is changed in the compiled form is refused or means something else. */
static void zc_mission_show__any_bit_flipped__is_refused_or_differs(void **state)
{
    (void)state;
    zc_bytes compiled = compile(ZC_SOURCE "/missions/starter.yaml", &report);
    zc_bytes honest = {0};
    assert_true(zc_ok(zc_mission_show(zc_bytes_slice(&compiled), &honest, NULL)));
    for (size_t i = 0; i < compiled.len * 8; i++) {
        compiled.data[i / 8] ^= (uint8_t)(1 << (i % 8));
        zc_bytes shown = {0};
        zc_error error = {0};
        zc_result result = zc_mission_show(zc_bytes_slice(&compiled), &shown, &error);
        if (zc_ok(result)) {
            assert_string_not_equal((const char *)shown.data, (const char *)honest.data);
        } else {
            assert_true(zc_is(result, ZC_MISSION_NOT_COMPILED));
            assert_true(error.why[0] != 0);
        }
        zc_bytes_clear(&shown);
        compiled.data[i / 8] ^= (uint8_t)(1 << (i % 8));
    }
    zc_bytes_clear(&compiled);
    zc_bytes_clear(&honest);
}

static void zc_mission_show__truncated_anywhere__is_refused(void **state)
{
    (void)state;
    zc_bytes compiled = compile(ZC_SOURCE "/missions/starter.yaml", &report);
    for (size_t len = 0; len < compiled.len; len++) {
        zc_bytes shown = {0};
        json_t *object = NULL;
        zc_slice part = zc_slice_of(compiled.data, len);
        assert_true(zc_is(zc_mission_show(part, &shown, NULL), ZC_MISSION_NOT_COMPILED));
        assert_true(zc_is(zc_mission_show_json(part, &object, NULL), ZC_MISSION_NOT_COMPILED));
    }
    zc_bytes_clear(&compiled);
}

static zc_result note_local(void *self, const char *name)
{
    char *names = self;
    strcat(names, name);
    strcat(names, " ");
    return ZC_OK;
}

static void zc_mission_each_local__starter__names_both(void **state)
{
    (void)state;
    zc_bytes text = read_file(ZC_SOURCE "/missions/starter.yaml");
    zc_mission_source source = {"starter", zc_bytes_slice(&text), NULL};
    char names[256] = "";
    zc_report_init(&report, "starter");
    assert_true(zc_ok(zc_mission_each_local(&source, note_local, names, &report)));
    assert_string_equal(names, "admin trader ");
    zc_bytes_clear(&text);
}

/* `zcp mission check` works before there are credentials; compiling does not. */
static void zc_mission_check_file__no_credentials_yet__warns(void **state)
{
    (void)state;
    zc_bytes text = read_file(ZC_SOURCE "/missions/starter.yaml");
    zc_mission_source source = {"starter", zc_bytes_slice(&text), "/nonexistent"};
    zc_report_init(&report, "starter");
    assert_true(zc_ok(zc_mission_check_file(&source, &report)));
    assert_int_equal(report.warnings, 2);
    assert_string_equal(report.finding[0].text,
                        "there is no credential /nonexistent/admin.pub yet: "
                        "`zcp up` makes it");
    zc_bytes compiled = {0};
    zc_report_init(&report, "starter");
    assert_true(zc_is(zc_mission_compile(&source, &compiled, &report), ZC_MISSION_FAULTY));
    assert_int_equal(report.errors, 2);
    source.credentials = NULL;
    zc_report_init(&report, "starter");
    assert_true(zc_is(zc_mission_compile(&source, &compiled, &report), ZC_MISSION_FAULTY));
    assert_int_equal(report.errors, 2);
    zc_bytes_clear(&text);
}

static void zc_mission_compile__file_too_large__is_refused(void **state)
{
    (void)state;
    zc_bytes text = {0};
    assert_true(zc_bytes_reserve(&text, ZC_MISSION_FILE_MAX + 1));
    memset(text.data, '#', ZC_MISSION_FILE_MAX + 1);
    zc_mission_source source = {"large", zc_slice_of(text.data, ZC_MISSION_FILE_MAX + 1), NULL};
    zc_bytes compiled = {0};
    zc_report_init(&report, "large");
    assert_true(zc_is(zc_mission_compile(&source, &compiled, &report), ZC_MISSION_NOT_YAML));
    assert_int_equal(report.errors, 1);
    zc_bytes_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_mission_show__starter__says_this),
        cmocka_unit_test(zc_mission_show__test_open__says_this_and_warns),
        cmocka_unit_test(zc_mission_show__every_dimension__says_this),
        cmocka_unit_test(zc_mission_show__every_rule_kind__says_this),
        cmocka_unit_test(zc_mission_compile__same_file__same_bytes),
        cmocka_unit_test(zc_mission_show_json__starter__has_hash_and_rules),
        cmocka_unit_test(zc_mission_show__any_bit_flipped__is_refused_or_differs),
        cmocka_unit_test(zc_mission_show__truncated_anywhere__is_refused),
        cmocka_unit_test(zc_mission_each_local__starter__names_both),
        cmocka_unit_test(zc_mission_check_file__no_credentials_yet__warns),
        cmocka_unit_test(zc_mission_compile__file_too_large__is_refused),
    };
    return cmocka_run_group_tests(tests, make_credentials, remove_credentials);
}
