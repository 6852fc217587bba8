#include "unit/support/folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/store.h"

static zc_store *open_store(const char *name)
{
    zc_store *store = NULL;
    zc_error error = {0};
    if (!zc_ok(zc_store_open(in_folder(name), &store, &error))) {
        fail_msg("%s: %s", error.what, error.why);
    }
    return store;
}

static void put(zc_store *store, int kind, const char *name, const char *data)
{
    assert_true(
        zc_ok(zc_store_put(store, kind, zc_slice_of_text(name), zc_slice_of_text(data), NULL)));
}

static void check(zc_store *store, int kind, const char *name, const char *expected)
{
    zc_bytes data = {0};
    zc_result result = zc_store_get(store, kind, zc_slice_of_text(name), &data, NULL);
    if (expected == NULL) {
        assert_true(zc_is(result, ZC_SUPPORT_STORE_MISSING));
        return;
    }
    assert_true(zc_ok(result));
    assert_string_equal((const char *)data.data, expected);
    zc_bytes_clear(&data);
}

static void zc_store_put__again__replaces_and_survives(void **state)
{
    (void)state;
    zc_store *store = open_store("a.db");
    put(store, ZC_STORE_KEY, "hot", "one");
    put(store, ZC_STORE_KEY, "hot", "two");
    put(store, ZC_STORE_ROOT, "hot", "root");
    put(store, ZC_STORE_GENESIS, "", "");
    zc_store_close(store);
    store = open_store("a.db");
    check(store, ZC_STORE_KEY, "hot", "two");
    check(store, ZC_STORE_ROOT, "hot", "root");
    check(store, ZC_STORE_GENESIS, "", "");
    check(store, ZC_STORE_KEY, "ho", NULL);
    check(store, ZC_STORE_DOCUMENT, "hot", NULL);
    size_t count;
    assert_true(zc_ok(zc_store_count(store, ZC_STORE_KEY, &count, NULL)));
    assert_int_equal(count, 1);
    zc_store_close(store);
}

static zc_result note(void *self, zc_slice name, zc_slice data)
{
    char *text = self;
    strncat(text, (const char *)name.data, name.len);
    strncat(text, "=", 2);
    strncat(text, (const char *)data.data, data.len);
    strncat(text, " ", 2);
    return zc_slice_eq_text(name, "stop") ? zc_fail(ZC_SUPPORT_IO) : ZC_OK;
}

static void zc_store_each__replaced_rows__keep_their_order(void **state)
{
    (void)state;
    zc_store *store = open_store("b.db");
    char text[256] = "";
    uint64_t last = 0;
    put(store, ZC_STORE_KEY, "z", "1");
    put(store, ZC_STORE_KEY, "a", "2");
    put(store, ZC_STORE_KEY, "m", "3");
    put(store, ZC_STORE_KEY, "z", "4");
    put(store, ZC_STORE_ROOT, "x", "9");
    assert_true(zc_ok(zc_store_each(store, ZC_STORE_KEY, 0, 100, note, text, &last, NULL)));
    assert_string_equal(text, "z=4 a=2 m=3 ");
    text[0] = 0;
    assert_true(zc_ok(zc_store_each(store, ZC_STORE_KEY, 0, 2, note, text, &last, NULL)));
    assert_string_equal(text, "z=4 a=2 ");
    assert_true(zc_ok(zc_store_each(store, ZC_STORE_KEY, last, 2, note, text, &last, NULL)));
    assert_string_equal(text, "z=4 a=2 m=3 ");
    const uint64_t end = last;
    assert_true(zc_ok(zc_store_each(store, ZC_STORE_KEY, end, 2, note, text, &last, NULL)));
    assert_int_equal(last, end);
    put(store, ZC_STORE_DOCUMENT, "stop", "1");
    put(store, ZC_STORE_DOCUMENT, "never", "2");
    text[0] = 0;
    assert_true(zc_is(zc_store_each(store, ZC_STORE_DOCUMENT, 0, 100, note, text, &last, NULL),
                      ZC_SUPPORT_IO));
    assert_string_equal(text, "stop=1 ");
    zc_store_close(store);
}

static void zc_store_open__files__are_private(void **state)
{
    (void)state;
    zc_store *store = open_store("c.db");
    put(store, ZC_STORE_KEY, "k", "v");
    static const char *const names[] = {"c.db", "c.db-wal", "c.db-shm"};
    for (size_t i = 0; i < 3; i++) {
        struct stat facts;
        assert_int_equal(stat(in_folder(names[i]), &facts), 0);
        assert_int_equal(facts.st_mode & 0077, 0);
    }
    zc_store_close(store);
}

static void check_open_fails(const char *name, int code)
{
    zc_store *store = NULL;
    zc_error error = {0};
    assert_int_equal(zc_store_open(in_folder(name), &store, &error).code, code);
    assert_null(store);
    assert_true(error.what[0] != 0 && error.why[0] != 0);
}

static void zc_store_open__not_a_database__is_refused(void **state)
{
    (void)state;
    char noise[4096];
    memset(noise, 'x', sizeof noise);
    put_file(in_folder("noise.db"), noise, sizeof noise, 0600);
    check_open_fails("noise.db", ZC_SUPPORT_STORE);
    check_open_fails("absent/x.db", ZC_SUPPORT_NOT_FOUND);
}

static void zc_store_open__later_schema__is_refused(void **state)
{
    (void)state;
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(in_folder("later.db"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA user_version = 2", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    check_open_fails("later.db", ZC_SUPPORT_STORE_VERSION);
}

/* Damage inside a page that the header does not show. */
static void zc_store_open__damaged_page__is_refused(void **state)
{
    (void)state;
    zc_store *store = open_store("damaged.db");
    for (int i = 0; i < 200; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "key%d", i);
        put(store, ZC_STORE_KEY, name, "a sealed key of some length, so that the table has pages");
    }
    zc_store_close(store);
    int fd = open(in_folder("damaged.db"), O_WRONLY);
    uint8_t junk[512];
    memset(junk, 0xee, sizeof junk);
    for (off_t at = 4096; at < file_len(in_folder("damaged.db")); at += 4096) {
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    }
    assert_int_equal(close(fd), 0);
    check_open_fails("damaged.db", ZC_SUPPORT_STORE);
}

/* A writer that is killed between two puts loses neither. */
static void zc_store_put__process_killed__keeps_what_was_confirmed(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        zc_store *store = NULL;
        if (zc_ok(zc_store_open(in_folder("killed.db"), &store, NULL)) &&
            zc_ok(zc_store_put(store, ZC_STORE_ROOT, zc_slice_of_text(""), zc_slice_of_text("root"),
                               NULL))) {
            (void)raise(SIGKILL);
        }
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    zc_store *store = open_store("killed.db");
    check(store, ZC_STORE_ROOT, "", "root");
    zc_store_close(store);
}

static void zc_store_put__no_space__fails_and_goes_on(void **state)
{
    (void)state;
    zc_store *store = open_store("full.db");
    put(store, ZC_STORE_KEY, "a", "1");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = {.rlim_cur = 30000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    zc_bytes large = {0};
    assert_true(zc_bytes_reserve(&large, 100000));
    memset(large.data, 1, 100000);
    zc_error error = {0};
    zc_result result = zc_store_put(store, ZC_STORE_KEY, zc_slice_of_text("b"),
                                    zc_slice_of(large.data, 100000), &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(zc_ok(result));
    assert_true(error.why[0] != 0);
    check(store, ZC_STORE_KEY, "a", "1");
    check(store, ZC_STORE_KEY, "b", NULL);
    put(store, ZC_STORE_KEY, "c", "3");
    zc_bytes_clear(&large);
    zc_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_store_put__again__replaces_and_survives),
        cmocka_unit_test(zc_store_each__replaced_rows__keep_their_order),
        cmocka_unit_test(zc_store_open__files__are_private),
        cmocka_unit_test(zc_store_open__not_a_database__is_refused),
        cmocka_unit_test(zc_store_open__later_schema__is_refused),
        cmocka_unit_test(zc_store_open__damaged_page__is_refused),
        cmocka_unit_test(zc_store_put__process_killed__keeps_what_was_confirmed),
        cmocka_unit_test(zc_store_put__no_space__fails_and_goes_on),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
