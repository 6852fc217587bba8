/* What the parts of the index share. */
#ifndef ZC_LOG_INDEX_STATE_H
#define ZC_LOG_INDEX_STATE_H

#include <sqlite3.h>

#include "log/index.h"

struct zc_log_index {
    sqlite3 *db;
    uint64_t size;
    uint8_t head[ZC_AUDIT_HASH_SIZE]; /* leaf hash of the last entry that is in */
};

/* ZC_LOG_INDEX, in SQLite's words. */
zc_result zc_log_index_broken(const zc_log_index *index, zc_error *error);

#endif
