#include "log/publish.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/checkpoint.h"
#include "codec/base64.h"
#include "support/journal.h"
#include "support/reasons.h"

/* Tiles that wait for the disk together. */
#define UNSETTLED_MOST 1024

struct zc_publisher {
    pthread_t thread;
    pthread_mutex_t lock; /* guards the next three */
    pthread_cond_t changed;
    bool stopping;
    zc_bytes posted; /* empty: nothing is */

    char folder[ZC_PATH_SIZE];
    char checkpoint[ZC_PATH_SIZE];
    char cosigned[ZC_PATH_SIZE];
    char journal[ZC_PATH_SIZE];
    size_t witness_count;
    zc_witness_peer witness[ZC_WITNESSES_MAX];
    bool complained[ZC_WITNESSES_MAX];

    bool open; /* builder and reader are where the published log ends */
    zc_tile_builder builder;
    zc_journal_reader reader;
    zc_error *error; /* of the work at hand */
    size_t unsettled;
    zc_tile tile[UNSETTLED_MOST]; /* those that are not known to be on the disk */
};

static zc_result settle(zc_publisher *publisher)
{
    size_t count = publisher->unsettled;
    publisher->unsettled = 0;
    return zc_folder_settle(publisher->folder, publisher->tile, count, publisher->error);
}

static zc_result emit(void *self, const zc_tile *tile, zc_slice content)
{
    zc_publisher *publisher = self;
    ZC_TRY(zc_folder_write(publisher->folder, tile, content, false, publisher->error));
    publisher->tile[publisher->unsettled++] = *tile;
    return publisher->unsettled < UNSETTLED_MOST ? ZC_OK : settle(publisher);
}

static zc_result split_note(zc_slice bytes, uint64_t *ret_size, uint8_t ret_root[static 32])
{
    static _Thread_local zc_note note;
    zc_checkpoint_lines lines;
    size_t len = 0;
    ZC_TRY(zc_note_parse(bytes, &note));
    ZC_TRY(zc_checkpoint_split(note.text, &lines));
    ZC_TRY(zc_base64_decode(lines.root_base64, ret_root, 32, &len));
    *ret_size = lines.size;
    return len == 32 ? ZC_OK : zc_fail(ZC_AUDIT_BAD_CHECKPOINT);
}

static void close_log(zc_publisher *publisher)
{
    if (publisher->open) {
        zc_journal_reader_close(&publisher->reader);
        zc_tile_builder_clear(&publisher->builder);
        publisher->open = false;
        publisher->unsettled = 0; /* made anew, from the checkpoint that is published */
    }
}

/* Where the published log ends; nowhere, when its tiles don't lead to its checkpoint. */
static void resume(zc_publisher *publisher, bool anew)
{
    ZC_BYTES zc_bytes note = {0};
    uint64_t size = 0;
    uint8_t root[32];
    zc_tile_builder_init(&publisher->builder, true, emit, publisher);
    bool resumed =
        !anew && zc_ok(zc_file_read(publisher->checkpoint, ZC_NOTE_MAX, &note, NULL)) &&
        zc_ok(split_note(zc_bytes_slice(&note), &size, root)) &&
        zc_ok(zc_folder_resume(publisher->folder, size, root, &publisher->builder, NULL));
    if (!resumed) {
        zc_tile_builder_clear(&publisher->builder);
        zc_tile_builder_init(&publisher->builder, true, emit, publisher);
    }
}

static zc_result next_record(zc_publisher *publisher, zc_journal_record *ret_record)
{
    bool end = false;
    ZC_TRY(zc_journal_reader_next(&publisher->reader, ret_record, &end, publisher->error));
    return !end ? ZC_OK
                : zc_error_from(publisher->error, zc_fail(ZC_AUDIT_TAIL_MISSING),
                                "cannot make the log's tiles", "run `zcp audit verify`");
}

static zc_result open_log(zc_publisher *publisher, bool anew)
{
    zc_journal_record record;
    close_log(publisher);
    ZC_TRY(zc_journal_reader_open(publisher->journal, &publisher->reader, publisher->error));
    publisher->open = true;
    resume(publisher, anew);
    while (publisher->reader.index < publisher->builder.size) {
        ZC_TRY(next_record(publisher, &record));
    }
    return ZC_OK;
}

/* Brings the tiles to `size` entries, whose root must be `root`. */
static zc_result grow(zc_publisher *publisher, uint64_t size, const uint8_t root[static 32])
{
    uint8_t found[32];
    while (publisher->builder.size < size) {
        zc_journal_record record;
        uint8_t leaf[32];
        ZC_TRY(next_record(publisher, &record));
        zc_audit_leaf(record.entry, leaf);
        ZC_TRY(zc_tile_builder_add(&publisher->builder, record.entry, leaf));
    }
    ZC_TRY(zc_tile_builder_flush(&publisher->builder));
    ZC_TRY(settle(publisher));
    ZC_TILE_TREE zc_tile_tree tree = {.folder = publisher->folder, .size = size};
    ZC_TRY(zc_tile_tree_root(&tree, size, found, publisher->error));
    return publisher->builder.size == size && memcmp(found, root, sizeof found) == 0
               ? ZC_OK
               : zc_error_from(publisher->error, zc_fail(ZC_LOG_TILE_MISMATCH),
                               "cannot make the log's tiles", "run `zcp audit verify`");
}

static zc_result grow_or_rebuild(zc_publisher *publisher, uint64_t size,
                                 const uint8_t root[static 32])
{
    zc_result done = publisher->open ? ZC_OK : open_log(publisher, false);
    if (zc_ok(done)) {
        done = grow(publisher, size, root);
    }
    if (zc_is(done, ZC_LOG_TILE_MISMATCH)) {
        done = open_log(publisher, true);
        done = zc_ok(done) ? grow(publisher, size, root) : done;
    }
    return done;
}

/* A witness that is away is said once, and once more when it has come back and gone again. */
static void ask_witnesses(zc_publisher *publisher, zc_slice note, zc_bytes *lines)
{
    for (size_t i = 0; i < publisher->witness_count; i++) {
        zc_error error = {0};
        zc_result asked =
            zc_witness_ask(&publisher->witness[i], publisher->folder, note, lines, &error);
        if (!zc_ok(asked) && !publisher->complained[i]) {
            zc_error_print(stderr, "zcpd", &error);
        }
        publisher->complained[i] = !zc_ok(asked);
    }
}

static zc_result publish(zc_publisher *publisher, zc_bytes *note)
{
    uint64_t size = 0;
    uint8_t root[32];
    ZC_TRY(split_note(zc_bytes_slice(note), &size, root));
    ZC_TRY(grow_or_rebuild(publisher, size, root));
    ZC_TRY(zc_file_write(publisher->checkpoint, zc_bytes_slice(note), 0644, publisher->error));
    ZC_BYTES zc_bytes lines = {0};
    ask_witnesses(publisher, zc_bytes_slice(note), &lines);
    if (lines.len > 0 && zc_bytes_append(note, zc_bytes_slice(&lines))) {
        ZC_TRY(zc_file_write(publisher->checkpoint, zc_bytes_slice(note), 0644, publisher->error));
        ZC_TRY(zc_file_write(publisher->cosigned, zc_bytes_slice(note), 0644, publisher->error));
    }
    return ZC_OK;
}

/* Waits for a checkpoint; false when there is none and none will come. */
static bool take(zc_publisher *publisher, zc_bytes *ret_note)
{
    (void)pthread_mutex_lock(&publisher->lock);
    while (!publisher->stopping && publisher->posted.len == 0) {
        (void)pthread_cond_wait(&publisher->changed, &publisher->lock);
    }
    *ret_note = publisher->posted;
    publisher->posted = (zc_bytes){0};
    (void)pthread_mutex_unlock(&publisher->lock);
    return ret_note->len > 0;
}

/* Nobody waits for this thread as one waits for a signature: it takes its share of a processor, but
 * never takes one away from who has it only because the disk has answered. */
static void *work(void *self)
{
    zc_publisher *publisher = self;
    const struct sched_param batch = {0};
    (void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &batch);
    for (zc_bytes note = {0}; take(publisher, &note); zc_bytes_clear(&note)) {
        zc_error error = {0};
        publisher->error = &error;
        zc_result done = publish(publisher, &note);
        if (!zc_ok(done)) {
            /* The next checkpoint tries again, from what is on the disk then. */
            if (error.what[0] == '\0') {
                zc_result set = zc_error_from(&error, done, "cannot publish the log's checkpoint",
                                              "the next one is tried again");
                (void)set;
            }
            zc_error_print(stderr, "zcpd", &error);
            close_log(publisher);
        }
        publisher->error = NULL;
    }
    return NULL;
}

static bool copy_options(zc_publisher *publisher, const zc_publisher_options *options)
{
    bool fits = strlen(options->folder) < ZC_PATH_SIZE && strlen(options->journal) < ZC_PATH_SIZE &&
                zc_path_join(options->folder, "checkpoint", publisher->checkpoint) &&
                zc_path_join(options->folder, "cosigned", publisher->cosigned);
    if (!fits) {
        return false;
    }
    memcpy(publisher->folder, options->folder, strlen(options->folder) + 1);
    memcpy(publisher->journal, options->journal, strlen(options->journal) + 1);
    publisher->witness_count = options->witness_count;
    for (size_t i = 0; i < options->witness_count; i++) {
        (void)snprintf(publisher->witness[i].url, ZC_WITNESS_URL_SIZE, "%s",
                       options->witness_url[i]);
        size_t len = strlen(publisher->witness[i].url);
        if (len > 0 && publisher->witness[i].url[len - 1] == '/') {
            publisher->witness[i].url[len - 1] = '\0';
        }
    }
    return true;
}

zc_result zc_publisher_start(const zc_publisher_options *options, zc_publisher **ret_publisher,
                             zc_error *error)
{
    zc_publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher == NULL || options->witness_count > ZC_WITNESSES_MAX ||
        !copy_options(publisher, options)) {
        free(publisher);
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot publish the log",
                            "its path is too long, or it has too many witnesses",
                            "choose a shorter --dir, and at most 16 witnesses");
    }
    (void)pthread_mutex_init(&publisher->lock, NULL);
    (void)pthread_cond_init(&publisher->changed, NULL);
    if (pthread_create(&publisher->thread, NULL, work, publisher) != 0) {
        free(publisher);
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot publish the log",
                            "the machine gave no thread", "raise its limit of threads");
    }
    *ret_publisher = publisher;
    return ZC_OK;
}

void zc_publisher_post(zc_publisher *publisher, zc_slice note)
{
    (void)pthread_mutex_lock(&publisher->lock);
    publisher->posted.len = 0;
    if (!zc_bytes_append(&publisher->posted, note)) {
        publisher->posted.len = 0; /* the next checkpoint is a second away */
    }
    (void)pthread_cond_signal(&publisher->changed);
    (void)pthread_mutex_unlock(&publisher->lock);
}

void zc_publisher_stop(zc_publisher *publisher)
{
    if (publisher == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&publisher->lock);
    publisher->stopping = true;
    (void)pthread_cond_signal(&publisher->changed);
    (void)pthread_mutex_unlock(&publisher->lock);
    (void)pthread_join(publisher->thread, NULL);
    close_log(publisher);
    zc_bytes_clear(&publisher->posted);
    free(publisher);
}
