#include "log/index_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/journal.h"
#include "support/reasons.h"

static const char schema[] =
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    "CREATE TABLE IF NOT EXISTS entry (sequence INTEGER PRIMARY KEY, offset INTEGER NOT NULL,"
    " time_ms INTEGER NOT NULL, kind INTEGER NOT NULL, decision INTEGER NOT NULL, key_id BLOB,"
    " digest BLOB);"
    "CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY, size INTEGER NOT NULL,"
    " leaf BLOB NOT NULL);";

/* Made once the entries of a first time are in: sorting ten million digests takes a fraction of
 * what putting them in one by one does. */
static const char indexes[] =
    "CREATE INDEX IF NOT EXISTS entry_digest ON entry (digest) WHERE digest IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS entry_boot ON entry (sequence) WHERE kind = 1;"
    "CREATE INDEX IF NOT EXISTS entry_key ON entry (key_id, sequence) WHERE key_id IS NOT NULL;";

static const char empty[] = "DROP INDEX IF EXISTS entry_digest; DROP INDEX IF EXISTS entry_boot;"
                            "DROP INDEX IF EXISTS entry_key; DELETE FROM entry; DELETE FROM head";

zc_result zc_log_index_broken(const zc_log_index *index, zc_error *error)
{
    zc_result result = zc_error_set(error, ZC_LOG_INDEX, "cannot use the log's index", "",
                                    "remove log/index.db: it is made again from the log");
    zc_error_why(error, "%s", index->db == NULL ? "no memory" : sqlite3_errmsg(index->db));
    return result;
}

static bool execute(zc_log_index *index, const char *sql)
{
    return sqlite3_exec(index->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void read_head(zc_log_index *index)
{
    sqlite3_stmt *query = NULL;
    index->size = 0;
    memset(index->head, 0, sizeof index->head);
    if (sqlite3_prepare_v2(index->db, "SELECT size, leaf FROM head", -1, &query, NULL) ==
            SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW && sqlite3_column_bytes(query, 1) == 32) {
        index->size = (uint64_t)sqlite3_column_int64(query, 0);
        memcpy(index->head, sqlite3_column_blob(query, 1), sizeof index->head);
    }
    (void)sqlite3_finalize(query);
}

typedef struct zc_indexing {
    zc_log_index *index;
    sqlite3_stmt *insert;
    bool foreign; /* the log does not continue what is indexed */
    bool failed;
} zc_indexing;

static bool bind(sqlite3_stmt *insert, const zc_scanned *scanned)
{
    const zc_audit_entry *entry = &scanned->entry;
    bool bound = sqlite3_reset(insert) == SQLITE_OK &&
                 sqlite3_bind_int64(insert, 1, (sqlite3_int64)entry->sequence) == SQLITE_OK &&
                 sqlite3_bind_int64(insert, 2, (sqlite3_int64)scanned->offset) == SQLITE_OK &&
                 sqlite3_bind_int64(insert, 3, (sqlite3_int64)entry->time_ms) == SQLITE_OK &&
                 sqlite3_bind_int(insert, 4, (int)entry->kind) == SQLITE_OK &&
                 sqlite3_bind_int(insert, 5, (int)entry->decision) == SQLITE_OK;
    int key = entry->has_key ? sqlite3_bind_blob(insert, 6, entry->key_id, 16, SQLITE_STATIC)
                             : sqlite3_bind_null(insert, 6);
    int digest = entry->has_digest ? sqlite3_bind_blob(insert, 7, entry->digest, 32, SQLITE_STATIC)
                                   : sqlite3_bind_null(insert, 7);
    return bound && key == SQLITE_OK && digest == SQLITE_OK;
}

static bool take(void *self, const zc_scanned *scanned)
{
    zc_indexing *indexing = self;
    zc_log_index *index = indexing->index;
    if (!zc_ok(scanned->fault) || scanned->entry.sequence != index->size ||
        memcmp(scanned->entry.previous, index->head, sizeof index->head) != 0) {
        indexing->foreign = true;
        return false;
    }
    indexing->failed =
        !bind(indexing->insert, scanned) || sqlite3_step(indexing->insert) != SQLITE_DONE;
    zc_audit_leaf(scanned->bytes, index->head);
    index->size++;
    return !indexing->failed;
}

static bool write_head(zc_log_index *index)
{
    sqlite3_stmt *put = NULL;
    bool done =
        sqlite3_prepare_v2(index->db, "INSERT OR REPLACE INTO head VALUES (1, ?, ?)", -1, &put,
                           NULL) == SQLITE_OK &&
        sqlite3_bind_int64(put, 1, (sqlite3_int64)index->size) == SQLITE_OK &&
        sqlite3_bind_blob(put, 2, index->head, sizeof index->head, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(put) == SQLITE_DONE;
    (void)sqlite3_finalize(put);
    return done;
}

/* Whether the journal ends with the last entry that is indexed, whose frame is at `offset`: then no
 * scan with its threads is needed. */
static bool is_current(const zc_log_index *index, const char *journal, uint64_t offset)
{
    zc_journal_reader reader;
    zc_journal_record record;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    bool end = true;
    if (!zc_ok(zc_journal_reader_open(journal, &reader, NULL))) {
        return false;
    }
    reader.offset = reader.buffered_at = offset;
    bool current = zc_ok(zc_journal_reader_next(&reader, &record, &end, NULL)) && !end;
    if (current) {
        zc_audit_leaf(record.entry, leaf);
        current = memcmp(leaf, index->head, sizeof leaf) == 0 &&
                  zc_ok(zc_journal_reader_next(&reader, &record, &end, NULL)) && end;
    }
    zc_journal_reader_close(&reader);
    return current;
}

/* One transaction: a crash leaves the index as it was. */
static zc_result update(zc_log_index *index, const zc_scan_source *source, bool *ret_foreign,
                        zc_error *error)
{
    zc_scan_source rest = *source;
    zc_indexing indexing = {.index = index};
    rest.first = index->size;
    rest.light = true;
    zc_indexed last;
    if (source->journal != NULL && index->size > 0 &&
        zc_ok(zc_log_index_sequence(index, index->size - 1, &last))) {
        rest.offset = last.offset;
    }
    *ret_foreign = false;
    if (rest.offset > 0 && is_current(index, source->journal, rest.offset)) {
        return ZC_OK;
    }
    bool begun = execute(index, "BEGIN") &&
                 sqlite3_prepare_v2(index->db, "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", -1,
                                    &indexing.insert, NULL) == SQLITE_OK;
    zc_result scanned =
        begun ? zc_scan(&rest, take, &indexing, error) : zc_log_index_broken(index, error);
    (void)sqlite3_finalize(indexing.insert);
    if (zc_ok(scanned) && !indexing.failed && !indexing.foreign) {
        bool kept = index->size == rest.first || (write_head(index) && execute(index, indexes));
        return kept && execute(index, "COMMIT") ? ZC_OK : zc_log_index_broken(index, error);
    }
    (void)execute(index, "ROLLBACK");
    *ret_foreign = indexing.foreign;
    return !zc_ok(scanned) ? scanned : indexing.foreign ? ZC_OK : zc_log_index_broken(index, error);
}

static zc_result open_and_update(zc_log_index *index, const char *path,
                                 const zc_scan_source *source, zc_error *error)
{
    bool foreign = false;
    if (sqlite3_open(path, &index->db) != SQLITE_OK || !execute(index, schema)) {
        return zc_log_index_broken(index, error);
    }
    read_head(index);
    zc_result updated = update(index, source, &foreign, error);
    if (index->size == 0 && !foreign) {
        ZC_TRY(updated);
    }
    if (foreign || !zc_ok(updated)) { /* another log, or one that was cut: from its start, then */
        if (!execute(index, empty)) {
            return zc_log_index_broken(index, error);
        }
        read_head(index);
        ZC_TRY(update(index, source, &foreign, error));
    }
    return foreign ? zc_error_from(error, zc_fail(ZC_AUDIT_BROKEN_CHAIN), "cannot index the log",
                                   "`zcp audit verify` finds the place")
                   : ZC_OK;
}

zc_result zc_log_index_open(const char *path, const zc_scan_source *source,
                            zc_log_index **ret_index, zc_error *error)
{
    zc_log_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot index the log",
                            "the machine gave no memory", "free some memory and try again");
    }
    zc_result opened = open_and_update(index, path, source, error);
    if (!zc_ok(opened)) {
        zc_log_index_close(index);
        return opened;
    }
    *ret_index = index;
    return ZC_OK;
}

void zc_log_index_close(zc_log_index *index)
{
    if (index != NULL) {
        (void)sqlite3_close(index->db);
        free(index);
    }
}

uint64_t zc_log_index_size(const zc_log_index *index)
{
    return index->size;
}

/* The first row of a query of (sequence, offset) with one parameter. */
static zc_result find(zc_log_index *index, const char *sql, const void *blob, uint64_t number,
                      zc_indexed *ret_found)
{
    sqlite3_stmt *query = NULL;
    zc_result found = zc_fail(ZC_LOG_INDEX);
    if (sqlite3_prepare_v2(index->db, sql, -1, &query, NULL) == SQLITE_OK &&
        (blob != NULL ? sqlite3_bind_blob(query, 1, blob, 32, SQLITE_STATIC)
                      : sqlite3_bind_int64(query, 1, (sqlite3_int64)number)) == SQLITE_OK) {
        int step = sqlite3_step(query);
        found = step == SQLITE_ROW    ? ZC_OK
                : step == SQLITE_DONE ? zc_fail(ZC_LOG_NO_SUCH_ENTRY)
                                      : found;
    }
    if (zc_ok(found)) {
        *ret_found = (zc_indexed){.sequence = (uint64_t)sqlite3_column_int64(query, 0),
                                  .offset = (uint64_t)sqlite3_column_int64(query, 1)};
    }
    (void)sqlite3_finalize(query);
    return found;
}

zc_result zc_log_index_sequence(zc_log_index *index, uint64_t sequence, zc_indexed *ret_found)
{
    return find(index, "SELECT sequence, offset FROM entry WHERE sequence = ?", NULL, sequence,
                ret_found);
}

zc_result zc_log_index_digest(zc_log_index *index, const uint8_t digest[static 32],
                              zc_indexed *ret_found)
{
    return find(index,
                "SELECT sequence, offset FROM entry WHERE digest = ?"
                " ORDER BY decision = 1 DESC, sequence DESC LIMIT 1",
                digest, 0, ret_found);
}

zc_result zc_log_index_boot(zc_log_index *index, uint64_t sequence, zc_indexed *ret_found)
{
    zc_result found = find(index,
                           "SELECT sequence, offset FROM entry WHERE kind = 1 AND sequence <= ?"
                           " ORDER BY sequence DESC LIMIT 1",
                           NULL, sequence, ret_found);
    /* The first boot stands behind the genesis that it made. */
    return zc_is(found, ZC_LOG_NO_SUCH_ENTRY)
               ? find(index,
                      "SELECT sequence, offset FROM entry WHERE kind = 1 AND sequence > ?"
                      " ORDER BY sequence LIMIT 1",
                      NULL, sequence, ret_found)
               : found;
}
