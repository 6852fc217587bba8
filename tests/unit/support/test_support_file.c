#include "unit/support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static void check_read(const char *path, size_t limit, int code, const char *why)
{
    zc_bytes bytes = {0};
    zc_error error = {0};
    zc_result result = zc_file_read(path, limit, &bytes, &error);
    assert_int_equal(result.code, code);
    assert_int_equal(error.result.code, code);
    assert_string_equal(error.why, why);
    assert_true(error.next[0] != 0);
    assert_null(bytes.data);
}

static void zc_file_read__exactly_the_limit__is_read(void **state)
{
    (void)state;
    const char *path = in_folder("limit");
    put_file(path, "0123456789", 10, 0644);
    zc_bytes bytes = {0};
    assert_true(zc_ok(zc_file_read(path, 10, &bytes, NULL)));
    assert_int_equal(bytes.len, 10);
    assert_string_equal((const char *)bytes.data, "0123456789");
    zc_bytes_clear(&bytes);
    check_read(path, 9, ZC_SUPPORT_TOO_LARGE, "it is larger than 9 bytes");
}

static void zc_file_read__empty_and_large__are_read(void **state)
{
    (void)state;
    zc_bytes bytes = {0};
    put_file(in_folder("empty"), "", 0, 0644);
    assert_true(zc_ok(zc_file_read(in_folder("empty"), 0, &bytes, NULL)));
    assert_int_equal(bytes.len, 0);
    zc_bytes_clear(&bytes);
    size_t len = 300000;
    uint8_t *data = malloc(len);
    assert_non_null(data);
    memset(data, 7, len);
    put_file(in_folder("large"), data, len, 0644);
    assert_true(zc_ok(zc_file_read(in_folder("large"), len, &bytes, NULL)));
    assert_int_equal(bytes.len, len);
    assert_memory_equal(bytes.data, data, len);
    zc_bytes_clear(&bytes);
    free(data);
}

static void zc_file_read__what_is_no_file__says_why(void **state)
{
    (void)state;
    check_read(in_folder("absent"), 10, ZC_SUPPORT_NOT_FOUND, "there is no such file");
    check_read(folder, 10, ZC_SUPPORT_IO, "it is a folder");
    put_file(in_folder("plain"), "x", 1, 0644);
    check_read(in_folder("plain/x"), 10, ZC_SUPPORT_NOT_FOUND,
               "a part of the path is not a folder");
}

static void check_secret(const char *path, int code, const char *why)
{
    zc_bytes bytes = {0};
    zc_error error = {0};
    assert_int_equal(zc_file_read_secret(path, 100, &bytes, &error).code, code);
    if (code != 0) {
        assert_string_equal(error.why, why);
    }
    zc_bytes_clear(&bytes);
}

static void zc_file_read_secret__any_bit_for_others__is_refused(void **state)
{
    (void)state;
    const char *path = in_folder("secret");
    put_file(path, "s", 1, 0600);
    check_secret(path, 0, "");
    assert_int_equal(chmod(path, 0400), 0);
    check_secret(path, 0, "");
    for (unsigned bit = 0; bit < 6; bit++) {
        char why[100];
        mode_t mode = 0600 | (1u << bit);
        (void)snprintf(why, sizeof why, "its mode is %04o, so others than its owner may reach it",
                       mode);
        assert_int_equal(chmod(path, mode), 0);
        check_secret(path, ZC_SUPPORT_LOOSE_MODE, why);
    }
}

static void zc_file_read_secret__link_or_pipe__is_refused(void **state)
{
    (void)state;
    put_file(in_folder("target"), "s", 1, 0600);
    assert_int_equal(symlink(in_folder("target"), in_folder("alias")), 0);
    check_secret(in_folder("alias"), ZC_SUPPORT_NO_PERMISSION,
                 "it is a symbolic link, and a secret is never read through one");
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    check_secret(in_folder("pipe"), ZC_SUPPORT_LOOSE_MODE, "it is not a regular file");
    check_secret("-", ZC_SUPPORT_NOT_FOUND, "there is no such file");
}

static void zc_file_write__over_an_old_file__replaces_all_of_it(void **state)
{
    (void)state;
    const char *path = in_folder("replaced");
    put_file(path, "an older and longer content", 27, 0644);
    assert_true(zc_ok(zc_file_write(path, zc_slice_of("new", 3), 0600, NULL)));
    zc_bytes bytes = {0};
    assert_true(zc_ok(zc_file_read_secret(path, 100, &bytes, NULL)));
    assert_string_equal((const char *)bytes.data, "new");
    zc_bytes_clear(&bytes);
}

/* Also under a umask that would take bits away, and one that would not. */
static void zc_file_write__any_umask__gives_the_mode(void **state)
{
    (void)state;
    mode_t before = umask(0);
    assert_true(zc_ok(zc_file_write(in_folder("m1"), zc_slice_of("x", 1), 0600, NULL)));
    (void)umask(0777);
    assert_true(zc_ok(zc_file_write(in_folder("m2"), zc_slice_of("x", 1), 0644, NULL)));
    (void)umask(before);
    struct stat facts;
    assert_int_equal(stat(in_folder("m1"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(stat(in_folder("m2"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0644);
}

static void zc_file_create__existing__is_never_overwritten(void **state)
{
    (void)state;
    const char *path = in_folder("once");
    zc_error error = {0};
    assert_true(zc_ok(zc_file_create(path, zc_slice_of("first", 5), 0600, NULL)));
    assert_true(
        zc_is(zc_file_create(path, zc_slice_of("second", 6), 0600, &error), ZC_SUPPORT_EXISTS));
    assert_string_equal(error.why, "there is already a file of this name");
    assert_int_equal(file_len(path), 5);
}

/* The old content stays when the new does not fit, and no temporary file is left. */
static void zc_file_write__disk_full__leaves_the_old_file(void **state)
{
    (void)state;
    const char *path = in_folder("kept");
    assert_true(zc_ok(zc_file_write(path, zc_slice_of("old", 3), 0600, NULL)));
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = {.rlim_cur = 10, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    zc_error error = {0};
    zc_result result = zc_file_write(path, zc_slice_of("longer than ten", 15), 0600, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(zc_is(result, ZC_SUPPORT_DISK_FULL));
    assert_int_equal(file_len(path), 3);
    char command[128];
    (void)snprintf(command, sizeof command, "test -z \"$(ls %s | grep 'kept[.]')\"", folder);
    assert_int_equal(system(command), 0);
}

static void zc_file_write_all__full_device__is_disk_full(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) {
        skip();
    }
    zc_error error = {0};
    assert_true(zc_is(zc_file_write_all(fd, zc_slice_of("x", 1), "/dev/full", &error),
                      ZC_SUPPORT_DISK_FULL));
    assert_string_equal(error.what, "cannot write /dev/full");
    assert_string_equal(error.next, "free some space and try again");
    assert_int_equal(close(fd), 0);
}

static void zc_file_make_folder__parents_and_again__is_there(void **state)
{
    (void)state;
    assert_true(zc_ok(zc_file_make_folder(in_folder("a/b/c"), 0700, NULL)));
    assert_true(zc_ok(zc_file_make_folder(in_folder("a/b/c/"), 0700, NULL)));
    put_file(in_folder("a/file"), "x", 1, 0600);
    zc_error error = {0};
    assert_false(zc_ok(zc_file_make_folder(in_folder("a/file"), 0700, &error)));
    assert_string_equal(error.why, "there is already a file of this name");
    assert_false(zc_ok(zc_file_make_folder(in_folder("a/file/b"), 0700, &error)));
    assert_false(zc_ok(zc_file_make_folder("", 0700, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_file_read__exactly_the_limit__is_read),
        cmocka_unit_test(zc_file_read__empty_and_large__are_read),
        cmocka_unit_test(zc_file_read__what_is_no_file__says_why),
        cmocka_unit_test(zc_file_read_secret__any_bit_for_others__is_refused),
        cmocka_unit_test(zc_file_read_secret__link_or_pipe__is_refused),
        cmocka_unit_test(zc_file_write__over_an_old_file__replaces_all_of_it),
        cmocka_unit_test(zc_file_write__any_umask__gives_the_mode),
        cmocka_unit_test(zc_file_create__existing__is_never_overwritten),
        cmocka_unit_test(zc_file_write__disk_full__leaves_the_old_file),
        cmocka_unit_test(zc_file_write_all__full_device__is_disk_full),
        cmocka_unit_test(zc_file_make_folder__parents_and_again__is_there),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
