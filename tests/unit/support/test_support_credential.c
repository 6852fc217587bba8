#include "unit/support/folder.h"

#include "crypto/verify.h"
#include "support/credential.h"

static void zc_credential_create__new__signs_what_its_public_key_verifies(void **state)
{
    (void)state;
    zc_credential credential;
    zc_credential loaded;
    uint8_t public_key[32];
    uint8_t signature[64];
    zc_slice message = zc_slice_of_text("session");
    assert_true(zc_ok(zc_credential_create(folder, "trader", &credential, NULL)));
    assert_true(zc_ok(zc_credential_load(folder, "trader", &loaded, NULL)));
    assert_memory_equal(credential.public_key, loaded.public_key, 32);
    assert_true(zc_ok(zc_credential_public(folder, "trader", public_key, NULL)));
    assert_memory_equal(credential.public_key, public_key, 32);
    assert_true(zc_ok(zc_credential_sign(&loaded, message, signature)));
    assert_true(zc_ok(zc_verify_ed25519(public_key, message, signature)));
    struct stat facts;
    assert_int_equal(stat(in_folder("trader.key"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(facts.st_size, 65);
    zc_credential_clear(&credential);
    zc_credential_clear(&loaded);
}

/* RFC 8032 §7.1, test 2. */
static void zc_credential_load__known_seed__has_the_public_key_of_the_rfc(void **state)
{
    (void)state;
    static const char seed[] = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    static const char public_hex[] =
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n";
    put_file(in_folder("rfc.key"), seed, 64, 0600);
    zc_credential credential;
    assert_true(zc_ok(zc_credential_load(folder, "rfc", &credential, NULL)));
    zc_bytes text = {0};
    assert_true(zc_ok(zc_file_read(in_folder("rfc.pub"), 100, &text, NULL)));
    assert_string_equal((const char *)text.data, public_hex);
    assert_string_equal(credential.name, "rfc");
    zc_bytes_clear(&text);
    zc_credential_clear(&credential);
}

static void zc_credential_create__existing__is_kept(void **state)
{
    (void)state;
    zc_credential first;
    zc_credential second;
    assert_true(zc_ok(zc_credential_ensure(folder, "kept", &first, NULL)));
    assert_true(zc_is(zc_credential_create(folder, "kept", &second, NULL), ZC_SUPPORT_EXISTS));
    assert_true(zc_ok(zc_credential_ensure(folder, "kept", &second, NULL)));
    assert_memory_equal(first.public_key, second.public_key, 32);
    zc_credential_clear(&first);
    zc_credential_clear(&second);
}

static void check_refused(const char *content, size_t len, mode_t mode, int code)
{
    zc_credential credential = {0};
    zc_error error = {0};
    put_file(in_folder("bad.key"), content, len, mode);
    assert_int_equal(zc_credential_load(folder, "bad", &credential, &error).code, code);
    assert_true(error.why[0] != 0 && error.next[0] != 0);
    /* What was in the file is never repeated. */
    assert_null(strstr(error.why, "1111"));
    assert_int_equal(credential.name[0], 0);
}

static void zc_credential_load__bad_file__is_refused(void **state)
{
    (void)state;
    static const char good[] =
        "1111111111111111111111111111111111111111111111111111111111111111\n\n";
    check_refused(good, 65, 0640, ZC_SUPPORT_LOOSE_MODE);
    check_refused(good, 65, 0604, ZC_SUPPORT_LOOSE_MODE);
    check_refused(good, 63, 0600, ZC_SUPPORT_BAD_CREDENTIAL);
    check_refused(good, 66, 0600, ZC_SUPPORT_BAD_CREDENTIAL);
    check_refused("", 0, 0600, ZC_SUPPORT_BAD_CREDENTIAL);
    check_refused("0x111111111111111111111111111111111111111111111111111111111111111", 64, 0600,
                  ZC_SUPPORT_BAD_CREDENTIAL);
    check_refused("g111111111111111111111111111111111111111111111111111111111111111", 64, 0600,
                  ZC_SUPPORT_BAD_CREDENTIAL);
    zc_credential credential;
    assert_true(
        zc_is(zc_credential_load(folder, "absent", &credential, NULL), ZC_SUPPORT_NOT_FOUND));
}

static void zc_credential_load__name_that_leaves_the_folder__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",    ".",
        "..",  "../x",
        "a/b", "-x",
        "A",   "a b",
        "a\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        zc_credential credential;
        uint8_t key[32];
        assert_true(
            zc_is(zc_credential_load(folder, bad[i], &credential, NULL), ZC_SUPPORT_BAD_NAME));
        assert_true(
            zc_is(zc_credential_create(folder, bad[i], &credential, NULL), ZC_SUPPORT_BAD_NAME));
        assert_true(zc_is(zc_credential_public(folder, bad[i], key, NULL), ZC_SUPPORT_BAD_NAME));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_credential_create__new__signs_what_its_public_key_verifies),
        cmocka_unit_test(zc_credential_load__known_seed__has_the_public_key_of_the_rfc),
        cmocka_unit_test(zc_credential_create__existing__is_kept),
        cmocka_unit_test(zc_credential_load__bad_file__is_refused),
        cmocka_unit_test(zc_credential_load__name_that_leaves_the_folder__is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
