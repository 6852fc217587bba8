/* An index over the log (SQLite): by sequence, digest, key, kind and time. It is made from the
 * journal, or from the tiles where there is no journal, and holds nothing that they don't: a lost
 * one is made again. */
#ifndef ZC_LOG_INDEX_H
#define ZC_LOG_INDEX_H

#include "log/scan.h"

typedef struct zc_log_index zc_log_index;

typedef struct zc_indexed {
    uint64_t sequence;
    uint64_t offset; /* of the frame in the journal; 0 without one */
} zc_indexed;

/* Opens or makes the database and brings it up to the log as it is now; another log's is made
 * anew. The caller closes it. Errors: ZC_LOG_INDEX, those of scans. */
ZC_MUST_USE zc_result zc_log_index_open(const char *path, const zc_scan_source *source,
                                        zc_log_index **ret_index, zc_error *error);
void zc_log_index_close(zc_log_index *index); /* NULL is fine */
uint64_t zc_log_index_size(const zc_log_index *index);

/* Errors of all: ZC_LOG_NO_SUCH_ENTRY, ZC_LOG_INDEX. */
ZC_MUST_USE zc_result zc_log_index_sequence(zc_log_index *index, uint64_t sequence,
                                            zc_indexed *ret_found);
/* The last entry that allowed this digest; the last that names it, when none allowed it. */
ZC_MUST_USE zc_result zc_log_index_digest(zc_log_index *index, const uint8_t digest[static 32],
                                          zc_indexed *ret_found);
/* The boot entry of the entry at `sequence`. */
ZC_MUST_USE zc_result zc_log_index_boot(zc_log_index *index, uint64_t sequence,
                                        zc_indexed *ret_found);

/* The first entry of this time or later; the one before it, where there is one, is what a reader
 * starts at to see for itself that nothing is left out. */
ZC_MUST_USE zc_result zc_log_index_since(zc_log_index *index, uint64_t time_ms,
                                         zc_indexed *ret_found);

/* Holds every row against the entries of `source`, which is read from its start: a journal has as
 * many as the index, a folder of tiles no more. Errors: ZC_LOG_INDEX_DIFFERS with the first place,
 * ZC_LOG_INDEX, those of scans. */
ZC_MUST_USE zc_result zc_log_index_check(zc_log_index *index, const zc_scan_source *source,
                                         zc_error *error);

#endif
