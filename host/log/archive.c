#include "log/archive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/checkpoint.h"
#include "audit/entry.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "log/folder.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/reasons.h"

#define STATE_MAX ((size_t)4096)

typedef struct zc_archiver {
    const zc_archive_store *store;
    const zc_archive_options *options;
    zc_journal_reader reader;
    uint64_t size; /* of the checkpoint: what may be copied */
    zc_bytes note;
    uint64_t offset;                  /* where the copy ends, in the journal … */
    uint64_t entries;                 /* … and in entries */
    uint8_t leaf[ZC_AUDIT_HASH_SIZE]; /* of the last of them */
    zc_bytes object;
    zc_archived archived;
} zc_archiver;

/* How far a run of whole frames goes. */
typedef struct zc_run {
    uint64_t offset;
    uint64_t entries;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
} zc_run;

void zc_archive_close(zc_archive_store *store)
{
    if (store->close != NULL) {
        store->close(store->self);
    }
    *store = (zc_archive_store){0};
}

static zc_result read_checkpoint(zc_archiver *archiver, zc_error *error)
{
    static _Thread_local zc_note note;
    zc_checkpoint_lines lines;
    const char *path = archiver->options->checkpoint;
    if (!zc_file_exists(path)) {
        return zc_error_from(error, zc_fail(ZC_LOG_NO_CHECKPOINT), "cannot copy the log",
                             "start the deployment once, or wait a second");
    }
    ZC_TRY(zc_file_read(path, ZC_CHECKPOINT_FILE_MAX, &archiver->note, error));
    zc_result parsed = zc_note_parse(zc_bytes_slice(&archiver->note), &note);
    parsed = zc_ok(parsed) ? zc_checkpoint_split(note.text, &lines) : parsed;
    if (!zc_ok(parsed)) {
        return zc_error_from(error, parsed, "cannot read the checkpoint", "run `zcp audit verify`");
    }
    archiver->size = lines.size;
    return ZC_OK;
}

/* A state that can't be read, or that is another place's, is none. */
static void read_state(zc_archiver *archiver)
{
    ZC_BYTES zc_bytes text = {0};
    json_t *state = NULL;
    const char *place = NULL;
    uint64_t offset = 0;
    uint64_t entries = 0;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    const char *path = archiver->options->state;
    if (path == NULL || archiver->options->again ||
        !zc_ok(zc_file_read(path, STATE_MAX, &text, NULL)) ||
        !zc_ok(zc_json_parse(zc_bytes_slice(&text), "", &state, NULL))) {
        return;
    }
    if (zc_ok(zc_json_get_text(state, "to", &place, NULL)) &&
        strcmp(place, archiver->store->name) == 0 &&
        zc_ok(zc_json_get_u64(state, "offset", &offset, NULL)) &&
        zc_ok(zc_json_get_u64(state, "entries", &entries, NULL)) &&
        zc_ok(zc_json_get_hex(state, "leaf", leaf, sizeof leaf, NULL))) {
        archiver->offset = offset;
        archiver->entries = entries;
        memcpy(archiver->leaf, leaf, sizeof leaf);
    }
    json_decref(state);
}

static zc_result write_state(const zc_archiver *archiver, zc_error *error)
{
    if (archiver->options->state == NULL) {
        return ZC_OK;
    }
    json_t *state = json_object();
    bool made = state != NULL && zc_json_set_text(state, "to", archiver->store->name) &&
                zc_json_set_u64(state, "offset", archiver->offset) &&
                zc_json_set_u64(state, "entries", archiver->entries) &&
                zc_json_set_hex(state, "leaf", ZC_SLICE_OF_ARRAY(archiver->leaf));
    char *text = made ? json_dumps(state, JSON_INDENT(2)) : NULL;
    json_decref(state);
    if (text == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot keep where the copy ends",
                            "the machine gave no memory", "free some memory and try again");
    }
    zc_result written =
        zc_file_write(archiver->options->state, zc_slice_of_text(text), 0600, error);
    free(text);
    return written;
}

static zc_result out_of_order(const zc_run *run, zc_error *error)
{
    zc_result result = zc_error_from(error, zc_fail(ZC_AUDIT_BROKEN_CHAIN), "",
                                     "run `zcp audit verify`: what is damaged is not copied");
    zc_error_what(error, "cannot copy entry %" PRIu64, run->entries);
    return result;
}

/* The next frame of the journal, which must continue what is copied. */
static zc_result next_frame(zc_archiver *archiver, zc_run *run, bool *ret_end, zc_error *error)
{
    zc_journal_record record;
    zc_audit_entry entry;
    *ret_end = run->entries >= archiver->size;
    if (*ret_end) {
        return ZC_OK;
    }
    ZC_TRY(zc_journal_reader_next(&archiver->reader, &record, ret_end, error));
    if (*ret_end) {
        return zc_error_from(error, zc_fail(ZC_AUDIT_TAIL_MISSING), "cannot copy the log",
                             "run `zcp audit verify`");
    }
    if (!zc_ok(zc_audit_entry_read(record.entry, &entry)) || entry.sequence != run->entries ||
        memcmp(entry.previous, run->leaf, sizeof entry.previous) != 0) {
        return out_of_order(run, error);
    }
    zc_audit_leaf(record.entry, run->leaf);
    run->entries++;
    run->offset = archiver->reader.offset;
    return ZC_OK;
}

static zc_result read_at(zc_archiver *archiver, uint64_t offset, size_t len, zc_bytes *ret_bytes,
                         zc_error *error)
{
    ret_bytes->len = 0;
    if (!zc_bytes_reserve(ret_bytes, len)) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot copy the log",
                            "the machine gave no memory", "free some memory and try again");
    }
    while (ret_bytes->len < len) {
        ssize_t got = pread(archiver->reader.fd, ret_bytes->data + ret_bytes->len,
                            len - ret_bytes->len, (off_t)(offset + ret_bytes->len));
        if (got <= 0) {
            return zc_error_errno(error, got < 0 ? errno : EIO, "cannot read the journal",
                                  archiver->options->journal);
        }
        ret_bytes->len += (size_t)got;
    }
    return ZC_OK;
}

static zc_result differs(const zc_archiver *archiver, const char *name, zc_error *error)
{
    zc_result result =
        zc_error_from(error, zc_fail(ZC_LOG_COPY_DIFFERS), "",
                      "keep both as evidence: one of the two was changed, or is another log's");
    zc_error_what(error, "%s of %.150s is not what the log has", name, archiver->store->name);
    return result;
}

/* The end of the object that is stored at the copy's end: it must be the journal's bytes, and whole
 * frames. */
static zc_result compare(zc_archiver *archiver, const char *name, zc_slice stored, zc_run *run,
                         zc_error *error)
{
    bool end = false;
    if (stored.len == 0 || stored.len > ZC_ARCHIVE_OBJECT_MAX + ZC_JOURNAL_MAX_FRAME) {
        return differs(archiver, name, error);
    }
    while (!end && run->offset < archiver->offset + stored.len) {
        ZC_TRY(next_frame(archiver, run, &end, error));
    }
    if (run->offset != archiver->offset + stored.len) {
        return differs(archiver, name, error);
    }
    ZC_TRY(read_at(archiver, archiver->offset, stored.len, &archiver->object, error));
    return zc_slice_eq(zc_bytes_slice(&archiver->object), stored) ? ZC_OK
                                                                  : differs(archiver, name, error);
}

/* Writes one object, or finds it there; either way what is stored is read and compared. */
static zc_result store_object(zc_archiver *archiver, const char *name, zc_slice content,
                              zc_error *error)
{
    const zc_archive_store *store = archiver->store;
    ZC_BYTES zc_bytes stored = {0};
    ZC_TRY(store->put(store->self, name, content, error));
    archiver->archived.objects_written++;
    ZC_TRY(store->get(store->self, name, &stored, error));
    if (!zc_slice_eq(zc_bytes_slice(&stored), content)) {
        return differs(archiver, name, error);
    }
    return store->held == NULL ? ZC_OK : store->held(store->self, name, error);
}

/* As many frames as fit into an object. */
static zc_result gather(zc_archiver *archiver, zc_run *run, zc_error *error)
{
    bool end = false;
    while (!end && run->offset - archiver->offset < ZC_ARCHIVE_OBJECT_MAX) {
        zc_run before = *run;
        ZC_TRY(next_frame(archiver, run, &end, error));
        if (run->offset - archiver->offset > ZC_ARCHIVE_OBJECT_MAX &&
            before.offset > archiver->offset) {
            *run = before;
            break;
        }
    }
    return run->offset == archiver->offset
               ? ZC_OK
               : read_at(archiver, archiver->offset, (size_t)(run->offset - archiver->offset),
                         &archiver->object, error);
}

static void go_to_end_of_copy(zc_archiver *archiver, zc_run *ret_run)
{
    archiver->reader.offset = archiver->reader.buffered_at = archiver->offset;
    archiver->reader.buffer.len = 0;
    archiver->reader.index = archiver->entries;
    *ret_run = (zc_run){.offset = archiver->offset, .entries = archiver->entries};
    memcpy(ret_run->leaf, archiver->leaf, sizeof ret_run->leaf);
}

/* One object further. */
static zc_result step(zc_archiver *archiver, zc_error *error)
{
    const zc_archive_store *store = archiver->store;
    char name[ZC_ARCHIVE_NAME_SIZE];
    zc_run run;
    ZC_BYTES zc_bytes stored = {0};
    go_to_end_of_copy(archiver, &run);
    (void)snprintf(name, sizeof name, "journal/%020" PRIu64, archiver->offset);
    zc_result got = store->get(store->self, name, &stored, error);
    if (zc_ok(got)) {
        ZC_TRY(compare(archiver, name, zc_bytes_slice(&stored), &run, error));
        archiver->archived.objects_compared++;
    } else if (zc_is(got, ZC_LOG_NO_SUCH_OBJECT)) {
        ZC_TRY(gather(archiver, &run, error));
        ZC_TRY(store_object(archiver, name, zc_bytes_slice(&archiver->object), error));
    } else {
        return got;
    }
    archiver->offset = run.offset;
    archiver->entries = run.entries;
    memcpy(archiver->leaf, run.leaf, sizeof archiver->leaf);
    return write_state(archiver, error);
}

/* A checkpoint that is there already under its own hash is this one. */
static zc_result copy_checkpoint(zc_archiver *archiver, zc_error *error)
{
    const zc_archive_store *store = archiver->store;
    char name[ZC_ARCHIVE_NAME_SIZE];
    char hex[2 * 8 + 1];
    uint8_t hash[32];
    zc_slice note = zc_bytes_slice(&archiver->note);
    ZC_BYTES zc_bytes stored = {0};
    zc_sha256(note, hash);
    zc_hex_encode(zc_slice_of(hash, 8), hex);
    (void)snprintf(name, sizeof name, "checkpoint/%020" PRIu64 "-%s", archiver->size, hex);
    zc_result got = store->get(store->self, name, &stored, error);
    if (zc_is(got, ZC_LOG_NO_SUCH_OBJECT)) {
        got = store_object(archiver, name, note, error);
    } else if (zc_ok(got) && !zc_slice_eq(zc_bytes_slice(&stored), note)) {
        got = differs(archiver, name, error);
    }
    archiver->archived.checkpoint = zc_ok(got);
    return got;
}

static zc_result run(zc_archiver *archiver, zc_error *error)
{
    read_state(archiver);
    if (archiver->entries > archiver->size) {
        archiver->offset = 0; /* the state is of a longer log: the copy itself will tell */
        archiver->entries = 0;
        memset(archiver->leaf, 0, sizeof archiver->leaf);
    }
    while (archiver->entries < archiver->size) {
        ZC_TRY(step(archiver, error));
    }
    return archiver->size > 0 ? copy_checkpoint(archiver, error) : ZC_OK;
}

zc_result zc_archive_run(const zc_archive_store *store, const zc_archive_options *options,
                         zc_archived *ret_archived, zc_error *error)
{
    zc_archiver archiver = {.store = store, .options = options};
    zc_result done = read_checkpoint(&archiver, error);
    if (zc_ok(done)) {
        done = zc_journal_reader_open(options->journal, &archiver.reader, error);
        if (zc_ok(done)) {
            done = run(&archiver, error);
            zc_journal_reader_close(&archiver.reader);
        }
    }
    zc_bytes_clear(&archiver.note);
    zc_bytes_clear(&archiver.object);
    archiver.archived.entries = archiver.entries;
    archiver.archived.bytes = archiver.offset;
    *ret_archived = archiver.archived;
    return done;
}
