#include "support/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/writer.h"
#include "codec/cbor.h"
#include "support/file.h"
#include "support/reasons.h"

/* A commit of so many bytes is one of many: room for more of them is asked for at once. Found for
 * each by itself it lies in many places, and each waits for the list of them too. */
#define LARGE ((size_t)1 << 16)
#define RESERVE ((uint64_t)1 << 23)
/* Length, array head, two byte-string heads and the tag with its head. */
#define FRAME_OVERHEAD (4 + 1 + 9 + 9 + 2 + ZC_JOURNAL_TAG_LEN)

static ssize_t system_write(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite(fd, bytes, len, at);
}

static int system_sync(int fd)
{
    return fdatasync(fd);
}

static int system_truncate(int fd, off_t len)
{
    return ftruncate(fd, len);
}

static int system_reserve(int fd, off_t at, off_t len)
{
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, at, len);
}

/* A kernel that can't begin leaves it to the sync. */
static int system_await(int fd, off_t at, off_t len)
{
    return sync_file_range(fd, at, len, SYNC_FILE_RANGE_WRITE) != 0
               ? 0
               : sync_file_range(fd, at + len - 1, 1, SYNC_FILE_RANGE_WAIT_BEFORE);
}

const zc_journal_ops zc_journal_system = {system_write, system_sync, system_truncate,
                                          system_reserve, system_await};

static zc_result walk(const char *path, zc_journal_recovery *ret_recovery, zc_error *error)
{
    zc_journal_reader reader;
    ZC_TRY(zc_journal_reader_open(path, &reader, error));
    zc_result result = ZC_OK;
    bool end = false;
    while (zc_ok(result) && !end) {
        zc_journal_record record;
        result = zc_journal_reader_next(&reader, &record, &end, error);
    }
    if (zc_ok(result)) {
        *ret_recovery = (zc_journal_recovery){.records = reader.index,
                                              .bytes = reader.offset,
                                              .cut_bytes = zc_journal_reader_tail(&reader)};
    }
    zc_journal_reader_close(&reader);
    return result;
}

static zc_result sync_failed(zc_journal *journal, int number, zc_error *error)
{
    (void)zc_error_errno(error, number, "the disk did not confirm the journal", journal->path);
    zc_error_next(
        error, "check the disk and the kernel's log; the journal is read again at the next start");
    if (error != NULL) {
        error->result = zc_fail(ZC_SUPPORT_SYNC_FAILED);
    }
    return zc_fail(ZC_SUPPORT_SYNC_FAILED);
}

/* The cut itself must be durable, or a later append could land behind the torn bytes. */
static zc_result cut_tail(zc_journal *journal, const zc_journal_recovery *recovery, zc_error *error)
{
    if (recovery->cut_bytes == 0) {
        return ZC_OK;
    }
    if (journal->ops->truncate(journal->fd, (off_t)recovery->bytes) != 0) {
        return zc_error_errno(error, errno, "cannot cut the torn end off the journal",
                              journal->path);
    }
    if (journal->ops->sync(journal->fd) != 0) {
        return sync_failed(journal, errno, error);
    }
    return ZC_OK;
}

static zc_result lock_and_walk(zc_journal *journal, zc_journal_recovery *ret_recovery,
                               zc_error *error)
{
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return zc_error_errno(error, errno, "cannot lock the journal", journal->path);
        }
        zc_result result =
            zc_error_set(error, ZC_SUPPORT_JOURNAL_BUSY, "", "another process holds it",
                         "stop the zcpd that runs in this folder, or use another --dir");
        zc_error_what(error, "cannot write the journal %s", journal->path);
        return result;
    }
    zc_journal_recovery recovery = {0};
    ZC_TRY(walk(journal->path, &recovery, error));
    ZC_TRY(cut_tail(journal, &recovery, error));
    journal->durable = recovery.bytes;
    journal->records = recovery.records;
    *ret_recovery = recovery;
    return ZC_OK;
}

zc_result zc_journal_open(const char *path, const zc_journal_ops *ops, zc_journal *ret_journal,
                          zc_journal_recovery *ret_recovery, zc_error *error)
{
    zc_journal journal = {.ops = ops == NULL ? &zc_journal_system : ops};
    int needed = snprintf(journal.path, sizeof journal.path, "%s", path);
    if (needed < 0 || (size_t)needed >= sizeof journal.path) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot open the journal", path);
    }
    if (!zc_file_exists(path)) {
        /* Made by rename and with its folder synced: an acknowledged entry can't lose its file. */
        zc_result made = zc_file_create(path, zc_slice_of(NULL, 0), 0600, error);
        if (!zc_ok(made) && !zc_is(made, ZC_SUPPORT_EXISTS)) {
            return made;
        }
    }
    journal.fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (journal.fd < 0) {
        return zc_error_errno(error, errno, "cannot open the journal", path);
    }
    zc_result result = lock_and_walk(&journal, ret_recovery, error);
    if (!zc_ok(result)) {
        (void)close(journal.fd);
        return result;
    }
    *ret_journal = journal;
    return ZC_OK;
}

static zc_result stopped(const zc_journal *journal, zc_error *error)
{
    zc_result result =
        zc_error_set(error, ZC_SUPPORT_JOURNAL_STOPPED, "", "an earlier write failed",
                     "repair what the earlier error names, then start again");
    zc_error_what(error, "the journal %s takes no more entries", journal->path);
    return result;
}

static zc_result write_frame(zc_writer *writer, const zc_journal_record *record)
{
    uint8_t *head = NULL;
    ZC_TRY(zc_write_reserve(writer, 4, &head));
    size_t before = zc_writer_len(writer);
    ZC_TRY(zc_cbor_put_array(writer, 3));
    ZC_TRY(zc_cbor_put_bytes(writer, record->entry));
    ZC_TRY(zc_cbor_put_bytes(writer, record->opening));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(record->tag)));
    zc_writer length = zc_writer_of(head, 4);
    return zc_write_u32(&length, (uint32_t)(zc_writer_len(writer) - before));
}

zc_result zc_journal_append(zc_journal *journal, const zc_journal_record *record, zc_error *error)
{
    if (journal->stopped) {
        return stopped(journal, error);
    }
    size_t limit = ZC_JOURNAL_MAX_FRAME - FRAME_OVERHEAD;
    if (record->entry.len > limit || record->opening.len > limit - record->entry.len) {
        return zc_error_set(error, ZC_SUPPORT_TOO_LARGE, "cannot append to the journal",
                            "the entry is larger than a frame may be", "");
    }
    size_t room = record->entry.len + record->opening.len + FRAME_OVERHEAD;
    if (!zc_bytes_reserve(&journal->pending, room)) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot append to the journal",
                            "the machine gave no memory", "free some memory and try again");
    }
    zc_writer writer = zc_writer_of(journal->pending.data + journal->pending.len, room);
    ZC_TRY(write_frame(&writer, record));
    journal->pending.len += zc_writer_len(&writer);
    journal->waiting++;
    return ZC_OK;
}

/* Stops for good. Whatever part of the batch reached the file is taken away again if the disk still
 * allows it; if not, the next start cuts it. */
static zc_result stop(zc_journal *journal, zc_result result)
{
    journal->stopped = true;
    (void)journal->ops->truncate(journal->fd, (off_t)journal->durable);
    zc_bytes_clear(&journal->pending);
    journal->waiting = 0;
    return result;
}

/* A disk that is full, or that can't, says so when the bytes are written. */
static void reserve(zc_journal *journal)
{
    uint64_t end = journal->durable + journal->pending.len;
    if (journal->ops->reserve == NULL || journal->pending.len < LARGE || end <= journal->room_to) {
        return;
    }
    (void)journal->ops->reserve(journal->fd, (off_t)journal->durable,
                                (off_t)(journal->pending.len + RESERVE));
    journal->room_to = end + RESERVE;
}

static zc_result write_pending(zc_journal *journal, zc_error *error)
{
    size_t done = 0;
    reserve(journal);
    while (done < journal->pending.len) {
        ssize_t put =
            journal->ops->write(journal->fd, journal->pending.data + done,
                                journal->pending.len - done, (off_t)(journal->durable + done));
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return zc_error_errno(error, put == 0 ? ENOSPC : errno, "cannot write the journal",
                                  journal->path);
        }
        done += (size_t)put;
    }
    return ZC_OK;
}

/* A sync waits for one piece of the bytes after another and sleeps for each. The last is waited for
 * first, before which the others are done: that is one sleep for all. */
static int sync_pending(const zc_journal *journal)
{
    if (journal->ops->await != NULL && journal->pending.len >= LARGE &&
        journal->ops->await(journal->fd, (off_t)journal->durable, (off_t)journal->pending.len) !=
            0) {
        return -1;
    }
    return journal->ops->sync(journal->fd);
}

zc_result zc_journal_commit(zc_journal *journal, zc_error *error)
{
    if (journal->stopped) {
        return stopped(journal, error);
    }
    if (journal->pending.len == 0) {
        return ZC_OK;
    }
    zc_result written = write_pending(journal, error);
    if (!zc_ok(written)) {
        return stop(journal, written);
    }
    if (sync_pending(journal) != 0) {
        return stop(journal, sync_failed(journal, errno, error));
    }
    journal->durable += journal->pending.len;
    journal->records += journal->waiting;
    journal->pending.len = 0;
    journal->waiting = 0;
    return ZC_OK;
}

void zc_journal_close(zc_journal *journal)
{
    (void)close(journal->fd);
    zc_bytes_clear(&journal->pending);
    journal->fd = -1;
    journal->stopped = true;
}
