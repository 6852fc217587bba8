/* Times in files of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mission/test_request.h"

static void test_time__valid__milliseconds(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } times[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
        {"2026-01-05T12:00:00Z", INT64_C(1767614400000)},
        {"2026-01-05T13:00:00+01:00", INT64_C(1767614400000)},
        {"2026-01-05T12:00:00.250Z", INT64_C(1767614400250)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t ms = -1;
        assert_true(zc_test_time(zc_slice_of_text(times[i].text), &ms));
        assert_true(ms == times[i].ms);
    }
}

static void test_time__anything_else__refused_and_untouched(void **state)
{
    static const char *const times[] = {
        "",
        "noon",
        "2026-01-05",
        "2026-01-05T12:00:00",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-01-05T24:00:00Z",
        "2026-01-05T12:60:00Z",
        "2026-01-05T12:00:00.Z",
        "2026-01-05T12:00:00+1:00",
        "2026-01-05T12:00:00Zz",
        "1970-01-01T00:00:00+01:00",
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t ms = 7;
        assert_false(zc_test_time(zc_slice_of_text(times[i]), &ms));
        assert_true(ms == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time__valid__milliseconds),
        cmocka_unit_test(test_time__anything_else__refused_and_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
