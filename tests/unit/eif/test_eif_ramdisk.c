#include "eif_test.h"

#include <string.h>

#include "eif/metadata.h"
#include "eif/ramdisk.h"

static zc_ramdisk_file file(const char *name, const char *text)
{
    return (zc_ramdisk_file){.name = name, .data = zc_slice_of_text(text)};
}

static void ramdisk__any_order__same_bytes(void **state)
{
    (void)state;
    const zc_ramdisk_file one[] = {file("b/c", "x"), file("a", "yy"), file("b/a", "")};
    const zc_ramdisk_file other[] = {file("b/a", ""), file("b/c", "x"), file("a", "yy")};
    zc_bytes first = {0};
    zc_bytes second = {0};
    assert_true(zc_ok(zc_ramdisk_write(one, 3, &first)));
    assert_true(zc_ok(zc_ramdisk_write(other, 3, &second)));
    assert_true(zc_slice_eq(zc_bytes_slice(&first), zc_bytes_slice(&second)));
    assert_int_equal(first.len % 4, 0);
    assert_memory_equal(first.data, "070701", 6);
    zc_bytes_clear(&first);
    zc_bytes_clear(&second);
}

static void ramdisk__names_that_leave_it__refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "/init", "../init", "a/../b", "a//b", "a/", ".", "a/."};
    zc_bytes archive = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const zc_ramdisk_file bad = file(names[i], "x");
        assert_true(zc_is(zc_ramdisk_write(&bad, 1, &archive), ZC_EIF_BAD_NAME));
    }
    const zc_ramdisk_file twice[] = {file("a", "x"), file("a", "y")};
    assert_true(zc_is(zc_ramdisk_write(twice, 2, &archive), ZC_EIF_BAD_NAME));
    const zc_ramdisk_file both[] = {file("a", "x"), file("a/b", "y")};
    assert_true(zc_is(zc_ramdisk_write(both, 2, &archive), ZC_EIF_BAD_NAME));
    assert_null(archive.data);
}

static void metadata__written__is_checked_and_ordered(void **state)
{
    (void)state;
    const zc_eif_metadata metadata = {.name = "n",
                                      .version = "1",
                                      .build_time = "2026-11-21T00:00:00Z",
                                      .tool = "zcp",
                                      .tool_version = "0",
                                      .os = "Linux",
                                      .kernel_version = "6.12"};
    zc_bytes json = {0};
    assert_true(zc_ok(zc_eif_metadata_write(&metadata, &json)));
    assert_string_equal(
        (const char *)json.data,
        "{\"ImageName\":\"n\",\"ImageVersion\":\"1\",\"BuildMetadata\":{\"BuildTime\":"
        "\"2026-11-21T00:00:00Z\",\"BuildTool\":\"zcp\",\"BuildToolVersion\":\"0\","
        "\"OperatingSystem\":\"Linux\",\"KernelVersion\":\"6.12\"},\"DockerInfo\":{},"
        "\"CustomMetadata\":{}}");
    assert_true(zc_ok(zc_eif_metadata_check(zc_bytes_slice(&json))));
    assert_true(zc_is(zc_eif_metadata_check(zc_slice_of_text("[]")), ZC_EIF_BAD_METADATA));
    assert_true(
        zc_is(zc_eif_metadata_check(zc_slice_of_text("{\"a\":1,\"a\":2}")), ZC_EIF_BAD_METADATA));
    zc_bytes_clear(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ramdisk__any_order__same_bytes),
        cmocka_unit_test(ramdisk__names_that_leave_it__refused),
        cmocka_unit_test(metadata__written__is_checked_and_ordered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
