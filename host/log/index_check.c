/* The index held against the log, row by row, and what is found by time. */
#include <inttypes.h>
#include <sqlite3.h>

#include "log/index_state.h"
#include "support/reasons.h"

typedef struct zc_checking {
    sqlite3_stmt *rows; /* in the order of the log */
    uint64_t count;
    bool has_offsets;
    bool differs;
} zc_checking;

static bool same_number(sqlite3_stmt *rows, int column, uint64_t wanted)
{
    return sqlite3_column_type(rows, column) == SQLITE_INTEGER &&
           (uint64_t)sqlite3_column_int64(rows, column) == wanted;
}

static bool same_bytes(sqlite3_stmt *rows, int column, bool has, const uint8_t *bytes, int len)
{
    if (!has) {
        return sqlite3_column_type(rows, column) == SQLITE_NULL;
    }
    return sqlite3_column_type(rows, column) == SQLITE_BLOB &&
           sqlite3_column_bytes(rows, column) == len &&
           memcmp(sqlite3_column_blob(rows, column), bytes, (size_t)len) == 0;
}

static bool take(void *self, const zc_scanned *scanned)
{
    zc_checking *checking = self;
    const zc_audit_entry *entry = &scanned->entry;
    sqlite3_stmt *rows = checking->rows;
    bool same = zc_ok(scanned->fault) && sqlite3_step(rows) == SQLITE_ROW &&
                same_number(rows, 0, entry->sequence) && entry->sequence == checking->count &&
                (!checking->has_offsets || same_number(rows, 1, scanned->offset)) &&
                same_number(rows, 2, entry->time_ms) && same_number(rows, 3, entry->kind) &&
                same_number(rows, 4, entry->decision) &&
                same_bytes(rows, 5, entry->has_key, entry->key_id, 16) &&
                same_bytes(rows, 6, entry->has_digest, entry->digest, 32);
    checking->differs = !same;
    checking->count += same ? 1 : 0;
    return same;
}

/* What SQLite's own trees say of the table, where digests are looked up. */
static bool is_sound(zc_log_index *index)
{
    sqlite3_stmt *query = NULL;
    bool sound =
        sqlite3_prepare_v2(index->db, "PRAGMA integrity_check(1)", -1, &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW && sqlite3_column_text(query, 0) != NULL &&
        strcmp((const char *)sqlite3_column_text(query, 0), "ok") == 0;
    (void)sqlite3_finalize(query);
    return sound;
}

zc_result zc_log_index_check(zc_log_index *index, const zc_scan_source *source, zc_error *error)
{
    zc_scan_source whole = *source;
    zc_checking checking = {.has_offsets = source->journal != NULL};
    whole.first = whole.offset = 0;
    whole.light = true;
    bool ready = sqlite3_prepare_v2(index->db,
                                    "SELECT sequence, offset, time_ms, kind, decision, key_id,"
                                    " digest FROM entry ORDER BY sequence",
                                    -1, &checking.rows, NULL) == SQLITE_OK;
    zc_result scanned =
        ready ? zc_scan(&whole, take, &checking, error) : zc_log_index_broken(index, error);
    bool more = ready && zc_ok(scanned) && source->journal != NULL && !checking.differs &&
                sqlite3_step(checking.rows) != SQLITE_DONE;
    (void)sqlite3_finalize(checking.rows);
    ZC_TRY(scanned);
    if (!checking.differs && !more && is_sound(index)) {
        return ZC_OK;
    }
    zc_result found = zc_error_from(error, zc_fail(ZC_LOG_INDEX_DIFFERS), "",
                                    "`zcp audit index --rebuild` makes it anew; `zcp audit verify` "
                                    "checks the log");
    zc_error_what(error, "the index does not hold at entry %" PRIu64, checking.count);
    error->exit_code = ZC_EXIT_NOT_VERIFIED;
    return found;
}

static bool time_of(sqlite3_stmt *query, uint64_t sequence, zc_indexed *ret_found, uint64_t *ret_ms)
{
    bool found = sqlite3_reset(query) == SQLITE_OK &&
                 sqlite3_bind_int64(query, 1, (sqlite3_int64)sequence) == SQLITE_OK &&
                 sqlite3_step(query) == SQLITE_ROW;
    if (found) {
        *ret_found =
            (zc_indexed){.sequence = sequence, .offset = (uint64_t)sqlite3_column_int64(query, 0)};
        *ret_ms = (uint64_t)sqlite3_column_int64(query, 1);
    }
    return found;
}

/* Time never runs backwards in a log, so this needs no index of its own. */
zc_result zc_log_index_since(zc_log_index *index, uint64_t time_ms, zc_indexed *ret_found)
{
    sqlite3_stmt *query = NULL;
    uint64_t low = 0, high = index->size;
    zc_result found = zc_fail(ZC_LOG_NO_SUCH_ENTRY);
    bool good =
        sqlite3_prepare_v2(index->db, "SELECT offset, time_ms FROM entry WHERE sequence = ?", -1,
                           &query, NULL) == SQLITE_OK;
    while (good && low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint64_t at_ms = 0;
        zc_indexed row;
        good = time_of(query, middle, &row, &at_ms);
        if (good && at_ms >= time_ms) {
            *ret_found = row;
            found = ZC_OK;
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (void)sqlite3_finalize(query);
    return good ? found : zc_fail(ZC_LOG_INDEX);
}
