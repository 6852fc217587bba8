#include "support/store.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>
#include <errno.h>

#include <sqlite3.h>

#include "support/reasons.h"

/* In the database's user_version. A change of the tables raises it. */
#define SCHEMA_VERSION 1

enum { PUT, GET, COUNT, EACH, STATEMENTS };

static const char *const statement_text[STATEMENTS] = {
    /* The row keeps its number, so that a key that changes keeps its place in the walk. */
    [PUT] = ("INSERT INTO blobs(kind, name, data) VALUES(?1, ?2, ?3) "
             "ON CONFLICT(kind, name) DO UPDATE SET data = excluded.data"),
    [GET] = "SELECT data FROM blobs WHERE kind = ?1 AND name = ?2",
    [COUNT] = "SELECT count(*) FROM blobs WHERE kind = ?1",
    [EACH] = ("SELECT name, data, number FROM blobs WHERE +kind = ?1 AND number > ?2 "
              "ORDER BY number LIMIT ?3"),
};

static const char schema[] = "CREATE TABLE blobs("
                             "number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, "
                             "name BLOB NOT NULL, data BLOB NOT NULL, UNIQUE(kind, name));"
                             "PRAGMA user_version = 1;";

struct zc_store {
    sqlite3 *database;
    sqlite3_stmt *statement[STATEMENTS];
    char path[256];
};

static zc_result failed(const zc_store *store, const char *what, zc_error *error)
{
    int number = store->database == NULL ? SQLITE_NOMEM : sqlite3_errcode(store->database);
    bool full = number == SQLITE_FULL;
    zc_result result = zc_error_set(error, full ? ZC_SUPPORT_DISK_FULL : ZC_SUPPORT_STORE, "", "",
                                    full ? "free some space and start again"
                                         : "check the disk and the file's owner; restore the "
                                           "folder from a backup if it is damaged");
    zc_error_what(error, "%s in the store %s", what, store->path);
    zc_error_why(error, "%s",
                 store->database == NULL ? "the machine gave no memory"
                                         : sqlite3_errmsg(store->database));
    return result;
}

static zc_result run(zc_store *store, const char *sql, const char *what, zc_error *error)
{
    if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return failed(store, what, error);
    }
    return ZC_OK;
}

static zc_result pragma_number(zc_store *store, const char *sql, int *ret_number, zc_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        *ret_number = sqlite3_column_int(statement, 0);
    }
    zc_result result = ok ? ZC_OK : failed(store, "cannot read", error);
    (void)sqlite3_finalize(statement);
    return result;
}

/* quick_check answers one row "ok", or rows that say what is damaged. */
static zc_result check_integrity(zc_store *store, zc_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(store->database, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
                  SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    zc_result result = ZC_OK;
    if (!ok) {
        result = failed(store, "cannot read", error);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        result = zc_error_set(error, ZC_SUPPORT_STORE, "", "",
                              "restore the deployment's folder from a backup");
        zc_error_what(error, "the store %s is damaged", store->path);
        zc_error_why(error, "%s", (const char *)sqlite3_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    return result;
}

static zc_result prepare_schema(zc_store *store, zc_error *error)
{
    int version = 0;
    ZC_TRY(pragma_number(store, "PRAGMA user_version", &version, error));
    if (version == 0) {
        ZC_TRY(run(store, "BEGIN IMMEDIATE", "cannot begin", error));
        ZC_TRY(run(store, schema, "cannot make the tables", error));
        return run(store, "COMMIT", "cannot make the tables", error);
    }
    if (version != SCHEMA_VERSION) {
        zc_result result = zc_error_set(error, ZC_SUPPORT_STORE_VERSION, "", "",
                                        "use the version of zcpd that wrote it");
        zc_error_what(error, "cannot use the store %s", store->path);
        zc_error_why(error, "its tables have version %d, and this zcpd knows version %d", version,
                     SCHEMA_VERSION);
        return result;
    }
    return ZC_OK;
}

static zc_result set_up(zc_store *store, zc_error *error)
{
    (void)sqlite3_busy_timeout(store->database, 5000);
    ZC_TRY(run(store,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
               "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF",
               "cannot set up", error));
    ZC_TRY(check_integrity(store, error));
    ZC_TRY(prepare_schema(store, error));
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(store->database, statement_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statement[i], NULL) != SQLITE_OK) {
            return failed(store, "cannot prepare a query", error);
        }
    }
    return ZC_OK;
}

/* SQLite makes files with mode 0644; what is made first with 0600 stays so, and -wal and -shm
 * follow it. */
static zc_result make_private(const char *path, zc_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return zc_error_errno(error, errno, "cannot open the store", path);
    }
    (void)close(fd);
    return ZC_OK;
}

zc_result zc_store_open(const char *path, zc_store **ret_store, zc_error *error)
{
    ZC_TRY(make_private(path, error));
    zc_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot open the store",
                            "the machine gave no memory", "free some memory and try again");
    }
    (void)snprintf(store->path, sizeof store->path, "%s", path);
    zc_result result;
    if (sqlite3_open_v2(path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX,
                        NULL) != SQLITE_OK) {
        result = failed(store, "cannot open", error);
    } else {
        result = set_up(store, error);
    }
    if (!zc_ok(result)) {
        zc_store_close(store);
        return result;
    }
    *ret_store = store;
    return ZC_OK;
}

void zc_store_close(zc_store *store)
{
    if (store == NULL) {
        return;
    }
    for (int i = 0; i < STATEMENTS; i++) {
        (void)sqlite3_finalize(store->statement[i]);
    }
    (void)sqlite3_close(store->database);
    free(store);
}

/* Bytes stay the caller's until the statement is reset. An empty slice is an empty blob, not NULL.
 */
static bool bind_slice(sqlite3_stmt *statement, int at, zc_slice bytes)
{
    return sqlite3_bind_blob64(statement, at, bytes.len == 0 ? (const void *)"" : bytes.data,
                               bytes.len, SQLITE_STATIC) == SQLITE_OK;
}

static void finish(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

zc_result zc_store_put(zc_store *store, int kind, zc_slice name, zc_slice data, zc_error *error)
{
    sqlite3_stmt *put = store->statement[PUT];
    bool ok = sqlite3_bind_int(put, 1, kind) == SQLITE_OK && bind_slice(put, 2, name) &&
              bind_slice(put, 3, data) && sqlite3_step(put) == SQLITE_DONE;
    zc_result result = ok ? ZC_OK : failed(store, "cannot write", error);
    finish(put);
    return result;
}

zc_result zc_store_get(zc_store *store, int kind, zc_slice name, zc_bytes *ret_data,
                       zc_error *error)
{
    sqlite3_stmt *get = store->statement[GET];
    zc_bytes data = {0};
    zc_result result = ZC_OK;
    int step = sqlite3_bind_int(get, 1, kind) == SQLITE_OK && bind_slice(get, 2, name)
                   ? sqlite3_step(get)
                   : SQLITE_ERROR;
    if (step == SQLITE_ROW) {
        const void *blob = sqlite3_column_blob(get, 0);
        if (!zc_bytes_append(&data, zc_slice_of(blob, (size_t)sqlite3_column_bytes(get, 0)))) {
            result = zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot read the store",
                                  "the machine gave no memory", "free some memory and try again");
        }
    } else if (step == SQLITE_DONE) {
        result = zc_error_set(error, ZC_SUPPORT_STORE_MISSING, "",
                              "it holds nothing of this kind and name", "");
        zc_error_what(error, "cannot read from the store %s", store->path);
    } else {
        result = failed(store, "cannot read", error);
    }
    finish(get);
    if (zc_ok(result)) {
        *ret_data = data;
    }
    return result;
}

zc_result zc_store_count(zc_store *store, int kind, size_t *ret_count, zc_error *error)
{
    sqlite3_stmt *count = store->statement[COUNT];
    bool ok = sqlite3_bind_int(count, 1, kind) == SQLITE_OK && sqlite3_step(count) == SQLITE_ROW;
    if (ok) {
        *ret_count = (size_t)sqlite3_column_int64(count, 0);
    }
    zc_result result = ok ? ZC_OK : failed(store, "cannot read", error);
    finish(count);
    return result;
}

static zc_slice column_slice(sqlite3_stmt *statement, int column)
{
    const void *blob = sqlite3_column_blob(statement, column);
    return zc_slice_of(blob, (size_t)sqlite3_column_bytes(statement, column));
}

zc_result zc_store_each(zc_store *store, int kind, uint64_t after, size_t max, zc_store_visit each,
                        void *self, uint64_t *ret_last, zc_error *error)
{
    sqlite3_stmt *walk = store->statement[EACH];
    bool bound = sqlite3_bind_int(walk, 1, kind) == SQLITE_OK &&
                 sqlite3_bind_int64(walk, 2, (sqlite3_int64)after) == SQLITE_OK &&
                 sqlite3_bind_int64(walk, 3, (sqlite3_int64)max) == SQLITE_OK;
    int step = bound ? sqlite3_step(walk) : SQLITE_ERROR;
    uint64_t last = after;
    zc_result result = ZC_OK;
    while (step == SQLITE_ROW && zc_ok(result)) {
        result = each(self, column_slice(walk, 0), column_slice(walk, 1));
        last = (uint64_t)sqlite3_column_int64(walk, 2);
        step = zc_ok(result) ? sqlite3_step(walk) : SQLITE_DONE;
    }
    if (zc_ok(result) && step != SQLITE_DONE) {
        result = failed(store, "cannot read", error);
    }
    finish(walk);
    if (zc_ok(result)) {
        *ret_last = last;
    }
    return result;
}
