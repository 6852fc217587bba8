#include "unit/support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "support/journal.h"

/* The disk of a test: counts calls and fails the chosen one. */
typedef struct test_disk {
    int writes;
    int syncs;
    int truncates;
    int fail_write; /* this write fails; 0: none */
    int fail_sync;
    int error;
    size_t short_write; /* at most so many bytes a write; 0: all */
    bool fail_truncate;
    int reserves;
    int awaits;
    bool fail_reserve;
    bool fail_await;
} test_disk;

static test_disk disk;

static ssize_t disk_write(int fd, const void *bytes, size_t len, off_t at)
{
    if (++disk.writes == disk.fail_write) {
        errno = disk.error;
        return -1;
    }
    size_t some = disk.short_write != 0 && disk.short_write < len ? disk.short_write : len;
    return pwrite(fd, bytes, some, at);
}

static int disk_sync(int fd)
{
    if (++disk.syncs == disk.fail_sync) {
        errno = disk.error;
        return -1;
    }
    return fdatasync(fd);
}

static int disk_truncate(int fd, off_t len)
{
    disk.truncates++;
    if (disk.fail_truncate) {
        errno = EIO;
        return -1;
    }
    return ftruncate(fd, len);
}

static int disk_reserve(int fd, off_t at, off_t len)
{
    disk.reserves++;
    return disk.fail_reserve ? -1 : zc_journal_system.reserve(fd, at, len);
}

static int disk_await(int fd, off_t at, off_t len)
{
    disk.awaits++;
    if (disk.fail_await) {
        errno = EIO;
        return -1;
    }
    return zc_journal_system.await(fd, at, len);
}

static const zc_journal_ops disk_ops = {disk_write, disk_sync, disk_truncate, disk_reserve,
                                        disk_await};

static zc_journal journal;
static zc_journal_recovery recovery;

static zc_result open_journal(const char *path)
{
    return zc_journal_open(path, &disk_ops, &journal, &recovery, NULL);
}

/* Record number `i`: an entry of 40 + i bytes, an opening of i bytes. */
static zc_journal_record record_of(size_t i)
{
    static uint8_t bytes[4096];
    zc_journal_record record = {0};
    assert_true(40 + 2 * i <= sizeof bytes);
    memset(bytes, (int)(i % 251) + 1, sizeof bytes);
    record.entry = zc_slice_of(bytes, 40 + i);
    record.opening = zc_slice_of(bytes, i);
    memset(record.tag, (int)(i % 256), sizeof record.tag);
    return record;
}

static void append(size_t i)
{
    zc_journal_record record = record_of(i);
    assert_true(zc_ok(zc_journal_append(&journal, &record, NULL)));
}

static void commit(void)
{
    assert_true(zc_ok(zc_journal_commit(&journal, NULL)));
}

/* A journal of `count` records, closed. */
static const char *made_of(size_t count)
{
    const char *path = in_folder("journal");
    (void)unlink(path);
    memset(&disk, 0, sizeof disk);
    assert_true(zc_ok(open_journal(path)));
    for (size_t i = 0; i < count; i++) {
        append(i);
    }
    commit();
    zc_journal_close(&journal);
    return path;
}

/* Reads the journal and checks that it holds records 0 … count − 1. */
static void check_holds(const char *path, size_t count)
{
    zc_journal_reader reader;
    assert_true(zc_ok(zc_journal_reader_open(path, &reader, NULL)));
    for (size_t i = 0;; i++) {
        zc_journal_record got;
        bool end;
        assert_true(zc_ok(zc_journal_reader_next(&reader, &got, &end, NULL)));
        if (end) {
            assert_int_equal(i, count);
            break;
        }
        zc_journal_record expected = record_of(i);
        assert_true(zc_slice_eq(got.entry, expected.entry));
        assert_true(zc_slice_eq(got.opening, expected.opening));
        assert_memory_equal(got.tag, expected.tag, sizeof got.tag);
    }
    zc_journal_reader_close(&reader);
}

static void zc_journal_commit__many_appends__one_write_and_one_sync(void **state)
{
    (void)state;
    const char *path = in_folder("journal");
    memset(&disk, 0, sizeof disk);
    assert_true(zc_ok(open_journal(path)));
    for (size_t i = 0; i < 64; i++) {
        append(i);
    }
    assert_int_equal(disk.writes, 0);
    commit();
    assert_int_equal(disk.writes, 1);
    assert_int_equal(disk.syncs, 1);
    assert_int_equal(journal.records, 64);
    assert_int_equal(journal.durable, file_len(path));
    commit();
    assert_int_equal(disk.syncs, 1);
    zc_journal_close(&journal);
    check_holds(path, 64);
}

static void zc_journal_open__again__goes_on_where_it_ended(void **state)
{
    (void)state;
    const char *path = made_of(3);
    assert_true(zc_ok(open_journal(path)));
    assert_int_equal(recovery.records, 3);
    assert_int_equal(recovery.cut_bytes, 0);
    append(3);
    commit();
    zc_journal_close(&journal);
    check_holds(path, 4);
}

static void zc_journal_close__without_commit__drops_what_waits(void **state)
{
    (void)state;
    const char *path = made_of(2);
    assert_true(zc_ok(open_journal(path)));
    append(2);
    zc_journal_close(&journal);
    check_holds(path, 2);
}

static void zc_journal_open__second_writer__is_busy(void **state)
{
    (void)state;
    const char *path = made_of(1);
    assert_true(zc_ok(open_journal(path)));
    zc_journal other;
    zc_journal_recovery found;
    zc_error error = {0};
    assert_true(
        zc_is(zc_journal_open(path, NULL, &other, &found, &error), ZC_SUPPORT_JOURNAL_BUSY));
    assert_string_equal(error.why, "another process holds it");
    zc_journal_close(&journal);
}

/* Wherever a crash cuts the last frame, exactly that frame goes and the others stay. */
static void zc_journal_open__cut_anywhere_in_last_frame__is_cut_off(void **state)
{
    (void)state;
    off_t two = file_len(made_of(2));
    off_t three = file_len(made_of(3));
    for (off_t len = two; len < three; len++) {
        const char *path = made_of(3);
        assert_int_equal(truncate(path, len), 0);
        assert_true(zc_ok(open_journal(path)));
        assert_int_equal(recovery.records, 2);
        assert_int_equal(recovery.cut_bytes, len - two);
        assert_int_equal(file_len(path), two);
        append(2);
        commit();
        zc_journal_close(&journal);
        check_holds(path, 3);
    }
}

/* A length that was saved without its data reads as zeros. */
static void zc_journal_open__zeros_at_the_end__are_cut_off(void **state)
{
    (void)state;
    off_t two = file_len(made_of(2));
    off_t three = file_len(made_of(3));
    /* From the tag on, a frame of zeros is well formed: the enclave's tag check finds that one. */
    for (off_t len = two; len < three - 33; len++) {
        for (off_t end = three; end <= three + 5000; end += 2500) {
            const char *path = made_of(3);
            assert_int_equal(truncate(path, len), 0);
            assert_int_equal(truncate(path, end), 0);
            assert_true(zc_ok(open_journal(path)));
            assert_int_equal(recovery.records, 2);
            assert_int_equal(file_len(path), two);
            zc_journal_close(&journal);
        }
    }
}

/* Every structural byte of an earlier frame, changed in every bit: an error, never a cut. */
static void zc_journal_open__damage_in_the_middle__is_an_error(void **state)
{
    (void)state;
    const char *path = made_of(40);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static uint8_t whole[1 << 16];
    size_t len = fread(whole, 1, sizeof whole, file);
    assert_int_equal(fclose(file), 0);
    size_t frame = 4 + 1 + 2 + 40 + 1 + 34;
    size_t structure[] = {0, 1, 2, 3, 4, 5, 6, 47, 48, 49};
    assert_int_equal(whole[3], frame - 4);
    for (size_t i = 0; i < sizeof structure / sizeof *structure * 8; i++) {
        size_t at = structure[i / 8];
        whole[at] ^= (uint8_t)(1 << (i % 8));
        put_file(path, whole, len, 0600);
        zc_error error = {0};
        zc_result result = zc_journal_open(path, &disk_ops, &journal, &recovery, &error);
        if (!zc_is(result, ZC_SUPPORT_JOURNAL_CORRUPT)) {
            fail_msg("byte %zu bit %zu: code %x", at, i % 8, result.code);
        }
        assert_non_null(strstr(error.why, "record 0 at byte 0"));
        assert_int_equal(file_len(path), len);
        whole[at] ^= (uint8_t)(1 << (i % 8));
    }
}

static void zc_journal_open__length_of_last_frame_raised__is_an_error(void **state)
{
    (void)state;
    const char *path = made_of(1);
    int fd = open(path, O_RDWR);
    uint8_t low = 200;
    assert_int_equal(pwrite(fd, &low, 1, 3), 1);
    assert_int_equal(close(fd), 0);
    assert_true(zc_is(open_journal(path), ZC_SUPPORT_JOURNAL_CORRUPT));
}

static void zc_journal_open__noise__is_an_error(void **state)
{
    (void)state;
    const char *path = in_folder("noise");
    static const char text[] = "this was never a journal, and nobody may cut it to nothing";
    put_file(path, text, sizeof text, 0600);
    assert_true(zc_is(open_journal(path), ZC_SUPPORT_JOURNAL_CORRUPT));
    assert_int_equal(file_len(path), sizeof text);
}

static void check_stopped(const char *path, int code, const char *why, size_t confirmed)
{
    zc_error error = {0};
    assert_true(zc_is(zc_journal_commit(&journal, &error), code));
    assert_string_equal(error.why, why);
    int writes = disk.writes;
    int syncs = disk.syncs;
    zc_journal_record record = record_of(1);
    assert_true(zc_is(zc_journal_append(&journal, &record, NULL), ZC_SUPPORT_JOURNAL_STOPPED));
    assert_true(zc_is(zc_journal_commit(&journal, NULL), ZC_SUPPORT_JOURNAL_STOPPED));
    assert_int_equal(disk.writes, writes);
    assert_int_equal(disk.syncs, syncs);
    zc_journal_close(&journal);
    memset(&disk, 0, sizeof disk);
    assert_true(zc_ok(open_journal(path)));
    assert_int_equal(recovery.records, confirmed);
    zc_journal_close(&journal);
}

static void zc_journal_commit__disk_full__stops_once_and_for_all(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    append(5);
    disk = (test_disk){.fail_write = 1, .error = ENOSPC};
    check_stopped(path, ZC_SUPPORT_DISK_FULL, "the disk is full", 5);
}

/* Half of the batch is written when the disk fills up: nothing of it stays. */
static void zc_journal_commit__disk_full_halfway__leaves_nothing_of_the_batch(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    append(5);
    append(6);
    disk = (test_disk){.fail_write = 3, .error = ENOSPC, .short_write = 60};
    check_stopped(path, ZC_SUPPORT_DISK_FULL, "the disk is full", 5);
}

/* The same, and the file can't be shortened either: whole frames of the batch that was never
 * confirmed may be found at the next start. That is allowed: they are in order and complete. */
static void
zc_journal_commit__disk_full_and_no_truncate__next_start_cuts_the_torn_frame(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    append(5);
    append(6);
    disk = (test_disk){.fail_write = 4, .error = ENOSPC, .short_write = 60, .fail_truncate = true};
    check_stopped(path, ZC_SUPPORT_DISK_FULL, "the disk is full", 6);
}

static void zc_journal_commit__sync_fails__is_never_tried_again(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    append(5);
    disk = (test_disk){.fail_sync = 1, .error = EIO};
    check_stopped(path, ZC_SUPPORT_SYNC_FAILED, "the disk reports an input/output error", 5);
}

/* More than the journal takes for one entry: room is found for it and for others like it. */
static void append_large(void)
{
    for (int i = 0; i < 20; i++) {
        append(2000);
    }
}

static void zc_journal_commit__large_ones__keep_the_file_as_long_as_it_is(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    disk = (test_disk){0};
    append_large();
    assert_true(zc_ok(zc_journal_commit(&journal, NULL)));
    append_large();
    assert_true(zc_ok(zc_journal_commit(&journal, NULL)));
    append(6);
    assert_true(zc_ok(zc_journal_commit(&journal, NULL)));
    assert_int_equal(disk.reserves, 1);
    assert_int_equal(disk.awaits, 2);
    assert_int_equal(disk.syncs, 3);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_size, journal.durable);
    zc_journal_close(&journal);
    assert_true(zc_ok(open_journal(path)));
    assert_int_equal(recovery.records, 46);
    assert_int_equal(recovery.cut_bytes, 0);
    zc_journal_close(&journal);
}

static void zc_journal_commit__no_room_in_advance__is_no_failure(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    disk = (test_disk){.fail_reserve = true};
    append_large();
    assert_true(zc_ok(zc_journal_commit(&journal, NULL)));
    assert_int_equal(journal.records, 25);
    zc_journal_close(&journal);
}

/* What the kernel tells the one who waits it may not tell the sync. */
static void zc_journal_commit__waiting_fails__is_never_tried_again(void **state)
{
    (void)state;
    const char *path = made_of(5);
    assert_true(zc_ok(open_journal(path)));
    disk = (test_disk){.fail_await = true};
    append_large();
    check_stopped(path, ZC_SUPPORT_SYNC_FAILED, "the disk reports an input/output error", 5);
    assert_int_equal(disk.syncs, 0);
}

static void zc_journal_commit__short_writes__are_completed(void **state)
{
    (void)state;
    const char *path = made_of(1);
    assert_true(zc_ok(open_journal(path)));
    disk = (test_disk){.short_write = 7, .fail_write = 3, .error = EINTR};
    append(1);
    append(2);
    commit();
    zc_journal_close(&journal);
    check_holds(path, 3);
}

/* The kernel's own limit, not a stand-in. */
static void zc_journal_commit__file_size_limit__is_disk_full(void **state)
{
    (void)state;
    const char *path = made_of(1);
    assert_true(zc_ok(zc_journal_open(path, NULL, &journal, &recovery, NULL)));
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit tight = {.rlim_cur = (rlim_t)file_len(path) + 10, .rlim_max = before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    append(1);
    zc_error error = {0};
    zc_result result = zc_journal_commit(&journal, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(zc_is(result, ZC_SUPPORT_DISK_FULL));
    zc_journal_close(&journal);
    check_holds(path, 1);
}

static void zc_journal_append__larger_than_a_frame__is_refused(void **state)
{
    (void)state;
    const char *path = made_of(1);
    assert_true(zc_ok(open_journal(path)));
    zc_bytes large = {0};
    assert_true(zc_bytes_reserve(&large, ZC_JOURNAL_MAX_FRAME));
    memset(large.data, 1, ZC_JOURNAL_MAX_FRAME);
    zc_journal_record record = {.entry = zc_slice_of(large.data, ZC_JOURNAL_MAX_FRAME)};
    assert_true(zc_is(zc_journal_append(&journal, &record, NULL), ZC_SUPPORT_TOO_LARGE));
    record.entry.len = ZC_JOURNAL_MAX_FRAME - 100;
    assert_true(zc_ok(zc_journal_append(&journal, &record, NULL)));
    commit();
    zc_journal_close(&journal);
    assert_true(zc_ok(open_journal(path)));
    assert_int_equal(recovery.records, 2);
    zc_journal_close(&journal);
    zc_bytes_clear(&large);
}

/* `zcp audit tail` reads while zcpd writes. */
static void zc_journal_reader__beside_a_writer__sees_whole_records_only(void **state)
{
    (void)state;
    const char *path = made_of(2);
    zc_journal_reader reader;
    assert_true(zc_ok(zc_journal_reader_open(path, &reader, NULL)));
    zc_journal_record got;
    bool end = false;
    for (size_t i = 0; i < 2; i++) {
        assert_true(zc_ok(zc_journal_reader_next(&reader, &got, &end, NULL)));
        assert_false(end);
    }
    assert_true(zc_ok(open_journal(path)));
    append(2);
    disk = (test_disk){.fail_write = 2, .error = ENOSPC, .short_write = 50, .fail_truncate = true};
    assert_false(zc_ok(zc_journal_commit(&journal, NULL)));
    assert_true(zc_ok(zc_journal_reader_next(&reader, &got, &end, NULL)));
    assert_true(end);
    assert_int_equal(zc_journal_reader_tail(&reader), 50);
    zc_journal_close(&journal);
    memset(&disk, 0, sizeof disk);
    assert_true(zc_ok(open_journal(path)));
    append(3);
    commit();
    assert_true(zc_ok(zc_journal_reader_next(&reader, &got, &end, NULL)));
    assert_false(end);
    assert_true(zc_slice_eq(got.entry, record_of(3).entry));
    assert_int_equal(reader.index, 3);
    zc_journal_reader_close(&reader);
    zc_journal_close(&journal);
}

static void zc_journal_open__no_folder__says_so(void **state)
{
    (void)state;
    zc_error error = {0};
    assert_true(
        zc_is(zc_journal_open(in_folder("absent/journal"), NULL, &journal, &recovery, &error),
              ZC_SUPPORT_NOT_FOUND));
}

static void zc_journal_open__symbolic_link__is_refused(void **state)
{
    (void)state;
    const char *path = made_of(1);
    assert_int_equal(symlink(path, in_folder("link")), 0);
    assert_false(zc_ok(zc_journal_open(in_folder("link"), NULL, &journal, &recovery, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_journal_commit__many_appends__one_write_and_one_sync),
        cmocka_unit_test(zc_journal_open__again__goes_on_where_it_ended),
        cmocka_unit_test(zc_journal_close__without_commit__drops_what_waits),
        cmocka_unit_test(zc_journal_open__second_writer__is_busy),
        cmocka_unit_test(zc_journal_open__cut_anywhere_in_last_frame__is_cut_off),
        cmocka_unit_test(zc_journal_open__zeros_at_the_end__are_cut_off),
        cmocka_unit_test(zc_journal_open__damage_in_the_middle__is_an_error),
        cmocka_unit_test(zc_journal_open__length_of_last_frame_raised__is_an_error),
        cmocka_unit_test(zc_journal_open__noise__is_an_error),
        cmocka_unit_test(zc_journal_commit__disk_full__stops_once_and_for_all),
        cmocka_unit_test(zc_journal_commit__disk_full_halfway__leaves_nothing_of_the_batch),
        cmocka_unit_test(
            zc_journal_commit__disk_full_and_no_truncate__next_start_cuts_the_torn_frame),
        cmocka_unit_test(zc_journal_commit__sync_fails__is_never_tried_again),
        cmocka_unit_test(zc_journal_commit__large_ones__keep_the_file_as_long_as_it_is),
        cmocka_unit_test(zc_journal_commit__no_room_in_advance__is_no_failure),
        cmocka_unit_test(zc_journal_commit__waiting_fails__is_never_tried_again),
        cmocka_unit_test(zc_journal_commit__short_writes__are_completed),
        cmocka_unit_test(zc_journal_commit__file_size_limit__is_disk_full),
        cmocka_unit_test(zc_journal_append__larger_than_a_frame__is_refused),
        cmocka_unit_test(zc_journal_reader__beside_a_writer__sees_whole_records_only),
        cmocka_unit_test(zc_journal_open__no_folder__says_so),
        cmocka_unit_test(zc_journal_open__symbolic_link__is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
