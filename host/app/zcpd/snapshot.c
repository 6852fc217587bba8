/* D/snapshot: the newest sealed snapshot of the enclave's state, and where in the journal it ends.
 *
 *   [1, sequence, leaf hash of the last entry that it covers, offset of that entry's frame,
 *    offset of the next, [* piece]]
 *
 * canonical CBOR. The file saves time and nothing else: one that is lost, torn, or not of this
 * journal is left aside with a word about it, and the whole log is read. */
#include "daemon.h"

#include <stdio.h>
#include <stdlib.h>

#include "audit/entry.h"
#include "codec/cbor.h"
#include "keys/seal_snapshot.h"
#include "support/reason.h"

#define ITEMS 6
#define VERSION 1
#define HEAD_MAX 96
/* Of the file: all pieces of the longest snapshot. */
#define FILE_MAX ((ZC_SNAPSHOT_PIECE_MAX + ZC_SNAPSHOT_PIECE_OVERHEAD) * ZC_SNAPSHOT_PIECES_MAX)

/* What the file says of itself. */
typedef struct snapshot_file {
    uint64_t sequence;
    uint8_t leaf[32];
    uint64_t last_at;
    uint64_t end_at;
    zc_reader pieces;
    size_t count;
} snapshot_file;

static bool path_of(const zc_daemon *daemon, char ret_path[static ZC_PATH_SIZE])
{
    return zc_path_join(daemon->dir, "snapshot", ret_path);
}

static void leave_aside(const char *why)
{
    (void)fprintf(stderr, "zcpd: the snapshot is of no use: %s; the whole log is read instead\n",
                  why);
}

/* Keeping. */

static zc_result write_head(const zc_incoming_snapshot *incoming, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, ITEMS));
    ZC_TRY(zc_cbor_put_uint(writer, VERSION));
    ZC_TRY(zc_cbor_put_uint(writer, incoming->head.sequence));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(incoming->head.leaf)));
    ZC_TRY(zc_cbor_put_uint(writer, incoming->last_at));
    ZC_TRY(zc_cbor_put_uint(writer, incoming->end_at));
    return zc_cbor_put_array(writer, incoming->head.count);
}

static bool append_piece(zc_bytes *file, zc_slice piece)
{
    if (!zc_bytes_reserve(file, piece.len + 16)) {
        return false;
    }
    zc_writer writer = zc_writer_of(file->data + file->len, piece.len + 16);
    bool put = zc_ok(zc_cbor_put_bytes(&writer, piece));
    file->len += zc_writer_len(&writer);
    return put;
}

/* The first piece comes right behind the last entry that the snapshot covers, and both are on the
 * disk by now. */
static bool begin(zc_daemon *daemon, const zc_snapshot_head *head)
{
    zc_incoming_snapshot *incoming = &daemon->snapshot;
    uint8_t bytes[HEAD_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_bytes_clear(&incoming->file);
    incoming->open = daemon->journal.records == head->sequence && daemon->last_entry_at != 0;
    incoming->head = *head;
    incoming->last_at = daemon->last_entry_at - 1;
    incoming->end_at = daemon->journal.durable;
    return incoming->open && zc_ok(write_head(incoming, &writer)) &&
           zc_bytes_append(&incoming->file, zc_writer_written(&writer));
}

static bool continues(const zc_incoming_snapshot *incoming, const zc_snapshot_head *head)
{
    return incoming->open && head->index == incoming->head.index + 1 &&
           memcmp(head->id, incoming->head.id, sizeof head->id) == 0;
}

void zc_snapshot_keep(zc_daemon *daemon, zc_slice piece)
{
    zc_incoming_snapshot *incoming = &daemon->snapshot;
    zc_snapshot_head head;
    char path[ZC_PATH_SIZE];
    zc_error error = {0};
    bool kept = zc_ok(zc_snapshot_peek(piece, &head)) && path_of(daemon, path);
    kept = kept && (head.index == 0 ? begin(daemon, &head) : continues(incoming, &head)) &&
           append_piece(&incoming->file, piece);
    if (!kept) {
        zc_bytes_clear(&incoming->file);
        incoming->open = false;
        return;
    }
    incoming->head.index = head.index;
    if (head.index + 1 < head.count) {
        return;
    }
    if (!zc_ok(zc_file_write(path, zc_bytes_slice(&incoming->file), 0600, &error))) {
        zc_error_print(stderr, "zcpd", &error);
    }
    zc_bytes_clear(&incoming->file);
    incoming->open = false;
}

/* Giving back. */

static zc_result read_head(zc_slice bytes, snapshot_file *ret_file)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t items;
    uint64_t version;
    ZC_TRY(zc_cbor_get_array(&reader, ITEMS, &items));
    ZC_TRY(zc_cbor_get_uint_max(&reader, VERSION, &version));
    ZC_TRY(zc_cbor_get_uint(&reader, &ret_file->sequence));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, ret_file->leaf, sizeof ret_file->leaf));
    ZC_TRY(zc_cbor_get_uint(&reader, &ret_file->last_at));
    ZC_TRY(zc_cbor_get_uint(&reader, &ret_file->end_at));
    ZC_TRY(zc_cbor_get_array(&reader, ZC_SNAPSHOT_PIECES_MAX, &ret_file->count));
    ret_file->pieces = reader;
    return ZC_OK;
}

/* Whether the journal's entry where the snapshot says it ends is the one that it ends with. Then
 * the loader stands behind it. */
static const char *find_end(zc_daemon *daemon, const snapshot_file *file)
{
    zc_journal_record record;
    bool end = true;
    uint8_t leaf[32];
    if (file->sequence == 0 || file->sequence > daemon->journal.records ||
        file->end_at > daemon->journal.durable) {
        return "it covers more than the log has: the end of the log is lost";
    }
    zc_journal_reader_seek(&daemon->loader, file->last_at, file->sequence - 1);
    zc_error unused = {0};
    if (!zc_ok(zc_journal_reader_next(&daemon->loader, &record, &end, &unused)) || end) {
        return "the log has no entry where it ends";
    }
    zc_audit_leaf(record.entry, leaf);
    return memcmp(leaf, file->leaf, sizeof leaf) == 0 && daemon->loader.offset == file->end_at
               ? NULL
               : "it was made of another log";
}

static zc_result send_pieces(zc_daemon *daemon, snapshot_file *file, zc_error *error)
{
    for (size_t i = 0; i < file->count; i++) {
        zc_host_message message = {.type = ZC_HOST_SNAPSHOT};
        ZC_TRY(zc_cbor_get_bytes(&file->pieces, &message.snapshot.piece));
        ZC_TRY(zc_link_send(daemon, &message, error));
    }
    return zc_reader_end(&file->pieces);
}

/* Every piece is there, so that what was begun can be finished. */
static bool is_whole(const snapshot_file *file)
{
    zc_reader reader = file->pieces;
    for (size_t i = 0; i < file->count; i++) {
        zc_slice piece;
        if (!zc_ok(zc_cbor_get_bytes(&reader, &piece)) || piece.len > ZC_STORE_DATA_MAX) {
            return false;
        }
    }
    return file->count > 0 && zc_reader_left(&reader) == 0;
}

zc_result zc_snapshot_offer(zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes bytes = {0};
    snapshot_file file;
    daemon->snapshot_offered = false;
    daemon->loaded_from = 0;
    if (!path_of(daemon, path) || !zc_file_exists(path)) {
        return ZC_OK;
    }
    const char *why = NULL;
    if (!zc_ok(zc_file_read(path, FILE_MAX, &bytes, NULL)) ||
        !zc_ok(read_head(zc_bytes_slice(&bytes), &file)) || !is_whole(&file)) {
        why = "the file is not whole";
    } else {
        why = find_end(daemon, &file);
    }
    if (why != NULL) {
        leave_aside(why);
        zc_journal_reader_seek(&daemon->loader, 0, 0);
        return ZC_OK;
    }
    ZC_TRY(send_pieces(daemon, &file, error));
    daemon->snapshot_offered = true;
    return ZC_OK;
}

void zc_snapshot_answered(zc_daemon *daemon, const zc_host_snapshot_taken *taken)
{
    daemon->loaded_from = taken->sequence;
    if (taken->code != 0) {
        leave_aside(zc_reason_code_text(taken->code));
        zc_journal_reader_seek(&daemon->loader, 0, 0);
    }
    daemon->snapshot_offered = false;
}
