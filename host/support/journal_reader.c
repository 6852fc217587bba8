#include "support/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "support/reasons.h"

#define READ_STEP ((size_t)256 << 10)
#define HEAD_LEN 4
#define RECORD_HEAD 0x83 /* CBOR: an array of three */

zc_result zc_journal_reader_open(const char *path, zc_journal_reader *ret_reader, zc_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot open the journal", path);
    }
    *ret_reader = (zc_journal_reader){.fd = fd};
    (void)snprintf(ret_reader->path, sizeof ret_reader->path, "%s", path);
    return ZC_OK;
}

void zc_journal_reader_close(zc_journal_reader *reader)
{
    (void)close(reader->fd);
    zc_bytes_clear(&reader->buffer);
    reader->fd = -1;
}

/* Makes the `len` bytes from `reader->offset` on available in the buffer, or as many as the file
 * has. */
static zc_result fill(zc_journal_reader *reader, size_t len, zc_slice *ret_bytes, zc_error *error)
{
    uint64_t skip = reader->offset - reader->buffered_at;
    if (skip > reader->buffer.len) {
        skip = reader->buffer.len;
    }
    while (reader->buffer.len - skip < len) {
        if (skip > 0) {
            memmove(reader->buffer.data, reader->buffer.data + skip, reader->buffer.len - skip);
            reader->buffer.len -= skip;
            reader->buffered_at += skip;
            skip = 0;
        }
        size_t step = len > READ_STEP ? len : READ_STEP;
        if (!zc_bytes_reserve(&reader->buffer, step)) {
            return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the journal",
                                "the machine gave no memory", "free some memory and try again");
        }
        ssize_t got = pread(reader->fd, reader->buffer.data + reader->buffer.len, step,
                            (off_t)(reader->buffered_at + reader->buffer.len));
        if (got < 0 && errno != EINTR) {
            return zc_error_errno(error, errno, "cannot read the journal", reader->path);
        }
        if (got == 0) {
            break;
        }
        reader->buffer.len += got > 0 ? (size_t)got : 0;
    }
    size_t have = reader->buffer.len - skip;
    *ret_bytes = zc_slice_of(reader->buffer.data == NULL ? NULL : reader->buffer.data + skip,
                             have < len ? have : len);
    return ZC_OK;
}

/* What was read beyond the last whole record is forgotten: a writer may yet take it back. */
static zc_result at_end(zc_journal_reader *reader, bool *ret_end)
{
    reader->buffer.len = 0;
    reader->buffered_at = reader->offset;
    *ret_end = true;
    return ZC_OK;
}

static zc_result parse(zc_reader *body, zc_journal_record *ret_record)
{
    uint8_t head;
    ZC_TRY(zc_peek_u8(body, &head));
    if (head != RECORD_HEAD) {
        return zc_fail(ZC_SUPPORT_JOURNAL_CORRUPT);
    }
    ZC_TRY(zc_skip(body, 1));
    ZC_TRY(zc_cbor_get_bytes(body, &ret_record->entry));
    ZC_TRY(zc_cbor_get_bytes(body, &ret_record->opening));
    ZC_TRY(zc_cbor_get_fixed_bytes(body, ret_record->tag, sizeof ret_record->tag));
    return ZC_OK;
}

/* Whether all bytes of the file from `at` on, one at least, are zero: they never reached the disk.
 * File systems show such a hole when a length was saved and the data was not. */
static zc_result only_zeros_from(const zc_journal_reader *reader, uint64_t at, bool *ret_zeros,
                                 zc_error *error)
{
    uint8_t step[4096];
    bool some = false;
    for (;;) {
        ssize_t got = pread(reader->fd, step, sizeof step, (off_t)at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return zc_error_errno(error, errno, "cannot read the journal", reader->path);
        }
        for (ssize_t i = 0; i < got; i++) {
            if (step[i] != 0) {
                *ret_zeros = false;
                return ZC_OK;
            }
        }
        if (got == 0) {
            *ret_zeros = some;
            return ZC_OK;
        }
        some = true;
        at += (uint64_t)got;
    }
}

static zc_result damaged(const zc_journal_reader *reader, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_JOURNAL_CORRUPT, "", "", "");
    zc_error_what(error, "the journal %s is damaged", reader->path);
    zc_error_why(error, "record %" PRIu64 " at byte %" PRIu64 " is not a log record", reader->index,
                 reader->offset);
    zc_error_next(error, "keep a copy of it, and restore the journal from a backup");
    return result;
}

/* The next frame is bad `bad` bytes after its start: the torn end of the file, or damage that a
 * person must see. The hole may begin behind the first byte of a head, whose length then reads as
 * zero. */
static zc_result judge(zc_journal_reader *reader, size_t bad, bool *ret_end, zc_error *error)
{
    bool zeros = false;
    bool zeros_behind = false;
    ZC_TRY(only_zeros_from(reader, reader->offset + bad, &zeros, error));
    ZC_TRY(only_zeros_from(reader, reader->offset + bad + 1, &zeros_behind, error));
    return zeros || zeros_behind ? at_end(reader, ret_end) : damaged(reader, error);
}

/* `body` is what the file has of the frame's `len` bytes. */
static zc_result next_frame(zc_journal_reader *reader, size_t len, zc_slice body,
                            zc_journal_record *ret_record, bool *ret_end, zc_error *error)
{
    bool whole = body.len == len;
    zc_reader at = zc_reader_of(body);
    zc_journal_record record;
    zc_result parsed = parse(&at, &record);
    if (!zc_ok(parsed)) {
        /* What is there begins a record, and the file ends before it does: torn. */
        return !whole && zc_is(parsed, ZC_BASE_TRUNCATED)
                   ? at_end(reader, ret_end)
                   : judge(reader, HEAD_LEN + zc_reader_offset(&at), ret_end, error);
    }
    /* A record that is complete and yet not as long as its frame says was altered, not torn. */
    if (!whole || !zc_ok(zc_reader_end(&at))) {
        return damaged(reader, error);
    }
    reader->offset += HEAD_LEN + len;
    reader->index++;
    *ret_record = record;
    *ret_end = false;
    return ZC_OK;
}

zc_result zc_journal_reader_next(zc_journal_reader *reader, zc_journal_record *ret_record,
                                 bool *ret_end, zc_error *error)
{
    zc_slice bytes = {0};
    ZC_TRY(fill(reader, HEAD_LEN, &bytes, error));
    zc_reader head = zc_reader_of(bytes);
    uint32_t len;
    if (!zc_ok(zc_read_u32(&head, &len))) {
        return at_end(reader, ret_end);
    }
    if (len == 0 || len > ZC_JOURNAL_MAX_FRAME) {
        return judge(reader, 0, ret_end, error);
    }
    ZC_TRY(fill(reader, HEAD_LEN + (size_t)len, &bytes, error));
    zc_slice body = zc_slice_of(bytes.data + HEAD_LEN, bytes.len - HEAD_LEN);
    return next_frame(reader, len, body, ret_record, ret_end, error);
}

/* What was read ahead belongs to another place. */
void zc_journal_reader_seek(zc_journal_reader *reader, uint64_t offset, uint64_t index)
{
    reader->offset = offset;
    reader->index = index;
    reader->buffer.len = 0;
    reader->buffered_at = offset;
}

uint64_t zc_journal_reader_tail(const zc_journal_reader *reader)
{
    struct stat facts;
    if (fstat(reader->fd, &facts) != 0 || (uint64_t)facts.st_size < reader->offset) {
        return 0;
    }
    return (uint64_t)facts.st_size - reader->offset;
}
