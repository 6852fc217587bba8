/* D/log/journal: the enclave's log on disk. Append-only frames, u32be length ‖ CBOR [entry bstr,
 * opening bstr, tag bstr 32].
 *
 * The rule: what zc_journal_commit() has confirmed is there after a power cut, and what it has not
 * is never taken for confirmed. So a failed write or fdatasync stops the journal for good (after a
 * failed fsync the kernel may call the lost pages clean, and a second fsync would lie): it is
 * reported once with its cause, and every later call fails with ZC_SUPPORT_JOURNAL_STOPPED until
 * the journal is opened again and read from the disk.
 *
 * A crash can leave a torn last frame. Opening cuts it off and reports it: nothing in it was ever
 * confirmed. Damage before the end is ZC_SUPPORT_JOURNAL_CORRUPT and is left for a person. */
#ifndef ZC_SUPPORT_JOURNAL_H
#define ZC_SUPPORT_JOURNAL_H

#include <sys/types.h>

#include "support/bytes.h"
#include "support/error.h"

#define ZC_JOURNAL_MAX_FRAME ((size_t)1 << 20)
#define ZC_JOURNAL_TAG_LEN 32

typedef struct zc_journal_record {
    zc_slice entry;
    zc_slice opening; /* empty where the entry has no private groups */
    uint8_t tag[ZC_JOURNAL_TAG_LEN];
} zc_journal_record;

/* The system calls that can fail; tests put their own here. */
typedef struct zc_journal_ops {
    ssize_t (*write)(int fd, const void *bytes, size_t len, off_t at);
    int (*sync)(int fd);
    int (*truncate)(int fd, off_t len);
    /* Finds room for bytes beyond the end, which stays where it is. It may fail. NULL: none. */
    int (*reserve)(int fd, off_t at, off_t len);
    /* Waits until the bytes have been written, before the sync that makes them durable. It may tell
     * of a failure that the sync then does not: it counts as the sync's. NULL: none. */
    int (*await)(int fd, off_t at, off_t len);
} zc_journal_ops;

extern const zc_journal_ops zc_journal_system; /* pwrite, fdatasync, and so on */

typedef struct zc_journal {
    int fd;
    const zc_journal_ops *ops;
    uint64_t durable; /* bytes that are confirmed */
    uint64_t room_to; /* where the room that was asked for in advance ends */
    uint64_t records; /* confirmed records */
    uint64_t waiting; /* appended since the last commit */
    zc_bytes pending;
    bool stopped;
    char path[256];
} zc_journal;

typedef struct zc_journal_recovery {
    uint64_t records;   /* whole records found */
    uint64_t bytes;     /* length of the journal that was kept */
    uint64_t cut_bytes; /* length of the torn tail that was cut off; 0: the journal ended cleanly */
} zc_journal_recovery;

/* Opens for appending, or makes it (mode 0600; its folder must exist); takes the file's lock
 * (ZC_SUPPORT_JOURNAL_BUSY), walks every frame, cuts a torn tail. `ops` is NULL for the system's.
 * The caller closes it. */
ZC_MUST_USE zc_result zc_journal_open(const char *path, const zc_journal_ops *ops,
                                      zc_journal *ret_journal, zc_journal_recovery *ret_recovery,
                                      zc_error *error);
/* Waits in memory until the next commit. */
ZC_MUST_USE zc_result zc_journal_append(zc_journal *journal, const zc_journal_record *record,
                                        zc_error *error);
/* One write and one fdatasync for everything that was appended: group commit. Nothing waiting is
 * ZC_OK at once. Errors: ZC_SUPPORT_DISK_FULL, _IO, _SYNC_FAILED, once; then _JOURNAL_STOPPED. */
ZC_MUST_USE zc_result zc_journal_commit(zc_journal *journal, zc_error *error);
/* What is not committed is dropped. */
void zc_journal_close(zc_journal *journal);

/* Reads from the start, beside a writer or without one. */
typedef struct zc_journal_reader {
    int fd;
    uint64_t offset; /* of the next frame */
    uint64_t index;  /* of the next record, from 0 */
    zc_bytes buffer;
    uint64_t buffered_at;
    char path[256];
} zc_journal_reader;

ZC_MUST_USE zc_result zc_journal_reader_open(const char *path, zc_journal_reader *ret_reader,
                                             zc_error *error);
/* The next record; its slices live until the next call. At the end, and before a tail that is torn
 * or still being written, `*ret_end` is true and the record untouched; calling again later goes on
 * from there. */
ZC_MUST_USE zc_result zc_journal_reader_next(zc_journal_reader *reader,
                                             zc_journal_record *ret_record, bool *ret_end,
                                             zc_error *error);
/* Goes on with the record `index`, whose frame is at `offset`. */
void zc_journal_reader_seek(zc_journal_reader *reader, uint64_t offset, uint64_t index);
/* Bytes beyond the last whole record at the moment. */
uint64_t zc_journal_reader_tail(const zc_journal_reader *reader);
void zc_journal_reader_close(zc_journal_reader *reader);

#endif
