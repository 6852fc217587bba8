#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/x509.h>

#include "attest/measure.h"
#include "deployment.h"

static void assert_mode(const deployment *here, const char *name, mode_t mode)
{
    struct stat about;
    assert_int_equal(stat(deployment_path(here, name), &about), 0);
    assert_int_equal(about.st_mode & 07777, mode);
}

static void install__new_folder__secrets_are_private(void **state)
{
    const deployment *here = *state;
    assert_mode(here, "", 0700);
    assert_mode(here, "root.pem", 0644);
    assert_mode(here, "root.key", 0600);
    assert_mode(here, "secret", 0600);
}

static void install__root__named_as_not_hardware(void **state)
{
    const deployment *here = *state;
    uint8_t der[ZC_NSM_SOFT_ROOT_DER_MAX];
    size_t len;
    assert_true(zc_ok(zc_nsm_soft_read_root(deployment_path(here, "root.pem"), der, &len)));
    const uint8_t *at = der;
    X509 *root = d2i_X509(NULL, &at, (long)len);
    assert_non_null(root);
    X509_NAME_ENTRY *entry = X509_NAME_get_entry(X509_get_subject_name(root), 0);
    uint8_t *name;
    int name_len = ASN1_STRING_to_UTF8(&name, X509_NAME_ENTRY_get_data(entry));
    assert_int_equal(name_len, strlen(ZC_NSM_SOFT_ROOT_NAME));
    assert_memory_equal(name, ZC_NSM_SOFT_ROOT_NAME, (size_t)name_len);
    OPENSSL_free(name);
    X509_free(root);
}

static void install__twice__refused_and_unchanged(void **state)
{
    const deployment *here = *state;
    uint8_t before[ZC_NSM_SOFT_ROOT_DER_MAX];
    uint8_t after[ZC_NSM_SOFT_ROOT_DER_MAX];
    size_t before_len;
    size_t after_len;
    const char *pem = deployment_path(here, "root.pem");
    assert_true(zc_ok(zc_nsm_soft_read_root(pem, before, &before_len)));
    assert_true(zc_is(zc_nsm_soft_install(here->dir), ZC_NSM_SOFT_ALREADY_INSTALLED));
    assert_true(zc_ok(zc_nsm_soft_read_root(pem, after, &after_len)));
    assert_int_equal(before_len, after_len);
    assert_memory_equal(before, after, before_len);
}

static void install__no_folder__says_so(void **state)
{
    (void)state;
    assert_true(zc_is(zc_nsm_soft_install("/tmp/zc-no-such-folder"), ZC_NSM_SOFT_NO_DIRECTORY));
}

static void install__folder_not_writable__leaves_nothing(void **state)
{
    (void)state;
    char dir[] = "/tmp/zc-nsm-XXXXXX";
    assert_non_null(mkdtemp(dir));
    if (geteuid() == 0) {
        rmdir(dir);
        skip();
    }
    assert_int_equal(chmod(dir, 0500), 0);
    assert_true(zc_is(zc_nsm_soft_install(dir), ZC_NSM_SOFT_NOT_PERMITTED));
    assert_int_equal(chmod(dir, 0700), 0);
    assert_int_equal(rmdir(dir), 0); /* it is empty */
}

static void install__done__no_passing_folder_left(void **state)
{
    const deployment *here = *state;
    DIR *dir = opendir(here->dir);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        assert_true(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                    strcmp(entry->d_name, "platform") == 0);
    }
    closedir(dir);
}

static zc_result try_new(const char *dir)
{
    zc_nsm_soft *nsm = NULL;
    zc_result result = zc_nsm_soft_new(dir, &nsm);
    zc_nsm_soft_free(nsm);
    return result;
}

static void new__not_installed__says_so(void **state)
{
    (void)state;
    char dir[] = "/tmp/zc-nsm-XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_true(zc_is(try_new(dir), ZC_NSM_SOFT_NOT_INSTALLED));
    rmdir(dir);
    assert_true(zc_is(try_new(dir), ZC_NSM_SOFT_NOT_INSTALLED));
}

static void new__secret_open_to_others__refused(void **state)
{
    const deployment *here = *state;
    assert_true(zc_ok(try_new(here->dir)));
    static const char *const files[] = {"secret", "root.key"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(chmod(deployment_path(here, files[i]), 0640), 0);
        assert_true(zc_is(try_new(here->dir), ZC_NSM_SOFT_TOO_OPEN));
        assert_int_equal(chmod(deployment_path(here, files[i]), 0600), 0);
    }
    assert_true(zc_ok(try_new(here->dir)));
}

static void new__secret_of_wrong_length__refused(void **state)
{
    const deployment *here = *state;
    for (off_t len = 0; len < 40; len += 31) {
        assert_int_equal(truncate(deployment_path(here, "secret"), len), 0);
        assert_true(zc_is(try_new(here->dir), ZC_NSM_SOFT_DAMAGED));
    }
    assert_int_equal(truncate(deployment_path(here, "secret"), 33), 0);
    assert_true(zc_is(try_new(here->dir), ZC_NSM_SOFT_DAMAGED));
}

static void new__key_of_another_root__refused(void **state)
{
    const deployment *here = *state;
    void *other_state;
    assert_int_equal(deployment_setup(&other_state), 0);
    const deployment *other = other_state;
    char from[128];
    strcpy(from, deployment_path(other, "root.key"));
    assert_int_equal(rename(from, deployment_path(here, "root.key")), 0);
    assert_true(zc_is(try_new(here->dir), ZC_NSM_SOFT_DAMAGED));
    assert_int_equal(deployment_teardown(&other_state), 0);
}

static void read_root__not_a_certificate__refused(void **state)
{
    const deployment *here = *state;
    uint8_t der[ZC_NSM_SOFT_ROOT_DER_MAX];
    size_t len;
    assert_true(zc_is(zc_nsm_soft_read_root(deployment_path(here, "secret"), der, &len),
                      ZC_NSM_SOFT_DAMAGED));
    assert_true(zc_is(zc_nsm_soft_read_root(deployment_path(here, "none"), der, &len),
                      ZC_NSM_SOFT_NOT_INSTALLED));
}

static void measure_file__running_program__is_its_bytes(void **state)
{
    (void)state;
    uint8_t measured[48];
    uint8_t expected[48];
    static uint8_t bytes[1 << 24];
    int fd = open("/proc/self/exe", O_RDONLY);
    ssize_t len = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_in_range(len, 1, sizeof bytes - 1);
    zc_measure_pcr(zc_slice_of(bytes, (size_t)len), expected);
    assert_true(zc_ok(zc_nsm_soft_measure_file("/proc/self/exe", measured)));
    assert_memory_equal(measured, expected, 48);
    assert_true(zc_is(zc_nsm_soft_measure_file("/tmp", measured), ZC_NSM_SOFT_NO_MEASUREMENT));
    assert_true(zc_is(zc_nsm_soft_measure_file("/none", measured), ZC_NSM_SOFT_NO_MEASUREMENT));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, deployment_setup, deployment_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(install__new_folder__secrets_are_private),
        WITH(install__root__named_as_not_hardware),
        WITH(install__twice__refused_and_unchanged),
        cmocka_unit_test(install__no_folder__says_so),
        cmocka_unit_test(install__folder_not_writable__leaves_nothing),
        WITH(install__done__no_passing_folder_left),
        cmocka_unit_test(new__not_installed__says_so),
        WITH(new__secret_open_to_others__refused),
        WITH(new__secret_of_wrong_length__refused),
        WITH(new__key_of_another_root__refused),
        WITH(read_root__not_a_certificate__refused),
        cmocka_unit_test(measure_file__running_program__is_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
