#include "log/scan.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/journal.h"
#include "support/reasons.h"

#define BLOCK_ENTRIES ZC_TILE_WIDTH
#define BLOCK_BYTES ((size_t)512 << 10)
#define THREADS_MAX 64U
#define BLOCKS_EACH 4U

typedef enum zc_block_state {
    ZC_BLOCK_FREE,
    ZC_BLOCK_FILLED,
    ZC_BLOCK_CHECKED,
} zc_block_state;

typedef struct zc_span {
    size_t entry_at;
    size_t entry_len;
    size_t opening_len; /* right behind the entry */
    uint64_t offset;
} zc_span;

/* Some entries on their way: filled by the reader, checked by a worker, visited in order. */
typedef struct zc_block {
    zc_block_state state;
    uint64_t first;
    size_t count;
    zc_bytes bytes;
    zc_span span[BLOCK_ENTRIES];
    zc_scanned scanned[BLOCK_ENTRIES];
} zc_block;

typedef struct zc_scanner {
    const zc_scan_source *source;
    pthread_mutex_t lock; /* guards the blocks' states and what follows up to `block` */
    pthread_cond_t filled;
    pthread_cond_t checked;
    uint64_t next_fill; /* numbers of blocks, counted up for ever */
    uint64_t next_work;
    uint64_t next_visit;
    bool stopping;
    size_t block_count;
    zc_block *block;

    zc_journal_reader reader;
    uint64_t next_entry;
    bool ended;
} zc_scanner;

void zc_scan_one(zc_scanned *scanned, bool light)
{
    zc_audit_opening opening;
    scanned->fault = zc_audit_entry_read(scanned->bytes, &scanned->entry);
    scanned->opening_fault = ZC_OK;
    if (!zc_ok(scanned->fault) || light) {
        return;
    }
    zc_audit_leaf(scanned->bytes, scanned->leaf);
    if (scanned->opening.len > 0) {
        scanned->opening_fault = zc_audit_opening_read(scanned->opening, &opening);
        if (zc_ok(scanned->opening_fault)) {
            scanned->opening_fault = zc_audit_opening_check(&opening, &scanned->entry);
        }
    }
}

static void check_block(const zc_scanner *scanner, zc_block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const zc_span *span = &block->span[i];
        zc_scanned *item = &block->scanned[i];
        const uint8_t *at = block->bytes.data + span->entry_at;
        item->bytes = zc_slice_of(at, span->entry_len);
        item->opening = zc_slice_of(at + span->entry_len, span->opening_len);
        item->index = block->first + i;
        item->offset = span->offset;
        zc_scan_one(item, scanner->source->light);
    }
}

static void *work(void *self)
{
    zc_scanner *scanner = self;
    (void)pthread_mutex_lock(&scanner->lock);
    for (;;) {
        while (!scanner->stopping && scanner->next_work == scanner->next_fill) {
            (void)pthread_cond_wait(&scanner->filled, &scanner->lock);
        }
        if (scanner->stopping) {
            break;
        }
        zc_block *block = &scanner->block[scanner->next_work++ % scanner->block_count];
        (void)pthread_mutex_unlock(&scanner->lock);
        check_block(scanner, block);
        (void)pthread_mutex_lock(&scanner->lock);
        block->state = ZC_BLOCK_CHECKED;
        (void)pthread_cond_signal(&scanner->checked);
    }
    (void)pthread_mutex_unlock(&scanner->lock);
    return NULL;
}

static zc_result no_memory(zc_error *error)
{
    return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the log",
                        "the machine gave no memory", "free some memory and try again");
}

static bool put(zc_block *block, zc_slice entry, zc_slice opening, uint64_t offset)
{
    block->span[block->count++] = (zc_span){.entry_at = block->bytes.len,
                                            .entry_len = entry.len,
                                            .opening_len = opening.len,
                                            .offset = offset};
    return zc_bytes_append(&block->bytes, entry) && zc_bytes_append(&block->bytes, opening);
}

static zc_result fill_from_journal(zc_scanner *scanner, zc_block *block, zc_error *error)
{
    while (block->count < BLOCK_ENTRIES && block->bytes.len < BLOCK_BYTES) {
        zc_journal_record record;
        uint64_t offset = scanner->reader.offset;
        uint64_t index = scanner->reader.index;
        ZC_TRY(zc_journal_reader_next(&scanner->reader, &record, &scanner->ended, error));
        if (scanner->ended) {
            break;
        }
        if (index < scanner->source->first) {
            continue;
        }
        if (block->count == 0) {
            block->first = index;
        }
        if (!put(block, record.entry, record.opening, offset)) {
            return no_memory(error);
        }
    }
    return ZC_OK;
}

static zc_result fill_from_tiles(zc_scanner *scanner, zc_block *block, zc_error *error)
{
    const zc_scan_source *source = scanner->source;
    uint64_t number = scanner->next_entry / ZC_TILE_WIDTH;
    zc_tile tile = {
        .entries = true, .number = number, .width = zc_tile_width(source->size, 0, number)};
    ZC_BYTES zc_bytes bundle = {0};
    zc_slice entries[ZC_TILE_WIDTH];
    if (scanner->next_entry >= source->size || tile.width == 0) {
        scanner->ended = true;
        return ZC_OK;
    }
    ZC_TRY(zc_folder_read(source->folder, &tile, &bundle, error));
    zc_result split = zc_bundle_split(zc_bytes_slice(&bundle), tile.width, entries);
    if (!zc_ok(split)) {
        zc_result result = zc_error_from(error, split, "", "");
        zc_error_what(error, "entries from %llu on", (unsigned long long)number * ZC_TILE_WIDTH);
        return result;
    }
    block->first = scanner->next_entry;
    for (size_t i = (size_t)(scanner->next_entry % ZC_TILE_WIDTH); i < tile.width; i++) {
        if (!put(block, entries[i], zc_slice_of(NULL, 0), 0)) {
            return no_memory(error);
        }
    }
    scanner->next_entry = number * ZC_TILE_WIDTH + tile.width;
    return ZC_OK;
}

/* Fills every free block while the log has more. */
static zc_result fill(zc_scanner *scanner, zc_error *error)
{
    while (scanner->block != NULL && !scanner->ended &&
           scanner->next_fill - scanner->next_visit < scanner->block_count) {
        zc_block *block = &scanner->block[scanner->next_fill % scanner->block_count];
        block->count = 0;
        block->bytes.len = 0;
        zc_result filled = scanner->source->journal != NULL
                               ? fill_from_journal(scanner, block, error)
                               : fill_from_tiles(scanner, block, error);
        if (block->count > 0) { /* what was read before a fault is still looked at */
            (void)pthread_mutex_lock(&scanner->lock);
            block->state = ZC_BLOCK_FILLED;
            scanner->next_fill++;
            (void)pthread_cond_signal(&scanner->filled);
            (void)pthread_mutex_unlock(&scanner->lock);
        }
        if (!zc_ok(filled)) {
            scanner->ended = true;
            return filled;
        }
    }
    return ZC_OK;
}

/* Visits the oldest block once it has been checked. */
static bool visit_block(zc_scanner *scanner, zc_scan_visit visit, void *self)
{
    if (scanner->block == NULL) {
        return false;
    }
    zc_block *block = &scanner->block[scanner->next_visit % scanner->block_count];
    (void)pthread_mutex_lock(&scanner->lock);
    while (block->state != ZC_BLOCK_CHECKED) {
        (void)pthread_cond_wait(&scanner->checked, &scanner->lock);
    }
    (void)pthread_mutex_unlock(&scanner->lock);
    bool more = true;
    for (size_t i = 0; more && i < block->count; i++) {
        more = visit(self, &block->scanned[i]);
    }
    block->state = ZC_BLOCK_FREE;
    scanner->next_visit++;
    return more;
}

static zc_result run(zc_scanner *scanner, zc_scan_visit visit, void *self, zc_error *error)
{
    zc_result failed = ZC_OK;
    bool more = true;
    while (more) {
        if (zc_ok(failed)) {
            failed = fill(scanner, error);
        }
        if (scanner->next_visit == scanner->next_fill) {
            break;
        }
        more = visit_block(scanner, visit, self);
    }
    return more ? failed : ZC_OK; /* what the visitor found comes first in the log */
}

static void stop(zc_scanner *scanner, pthread_t *threads, unsigned count)
{
    (void)pthread_mutex_lock(&scanner->lock);
    scanner->stopping = true;
    (void)pthread_cond_broadcast(&scanner->filled);
    (void)pthread_mutex_unlock(&scanner->lock);
    for (unsigned i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < scanner->block_count; i++) {
        zc_bytes_clear(&scanner->block[i].bytes);
    }
    free(scanner->block);
}

static unsigned thread_count(const zc_scan_source *source)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned wanted = source->threads > 0 ? source->threads : cores > 0 ? (unsigned)cores : 1;
    return wanted < THREADS_MAX ? wanted : THREADS_MAX;
}

zc_result zc_scan(const zc_scan_source *source, zc_scan_visit visit, void *self, zc_error *error)
{
    pthread_t threads[THREADS_MAX];
    unsigned wanted = thread_count(source);
    unsigned started = 0;
    zc_scanner scanner = {.source = source,
                          .lock = PTHREAD_MUTEX_INITIALIZER,
                          .filled = PTHREAD_COND_INITIALIZER,
                          .checked = PTHREAD_COND_INITIALIZER,
                          .block_count = (size_t)wanted * BLOCKS_EACH,
                          .next_entry = source->first};
    if (source->journal != NULL) {
        ZC_TRY(zc_journal_reader_open(source->journal, &scanner.reader, error));
        if (source->offset > 0) {
            scanner.reader.offset = scanner.reader.buffered_at = source->offset;
            scanner.reader.index = source->first - 1;
        }
    }
    scanner.block = calloc(scanner.block_count, sizeof *scanner.block);
    if (scanner.block == NULL) {
        scanner.block_count = 0;
    }
    while (scanner.block != NULL && started < wanted &&
           pthread_create(&threads[started], NULL, work, &scanner) == 0) {
        started++;
    }
    zc_result done = started > 0 ? run(&scanner, visit, self, error) : no_memory(error);
    stop(&scanner, threads, started);
    if (source->journal != NULL) {
        zc_journal_reader_close(&scanner.reader);
    }
    return done;
}
