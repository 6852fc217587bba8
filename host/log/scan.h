/* Reads a whole log on all cores, in memory of fixed size.
 *
 * Everything that an entry's own bytes decide is done by workers: canonical form, leaf hash, the
 * openings against the commitments. What depends on the entries before it is left to `visit`, which
 * gets the entries one by one in order, in the thread that called. */
#ifndef ZC_LOG_SCAN_H
#define ZC_LOG_SCAN_H

#include "audit/entry.h"
#include "audit/opening.h"
#include "log/folder.h"

typedef struct zc_scanned {
    zc_slice bytes;   /* of the entry */
    zc_slice opening; /* empty where there is none */
    zc_audit_entry entry;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    zc_result fault;         /* of the entry's form; then `entry` and `leaf` mean nothing */
    zc_result opening_fault; /* of its opening */
    uint64_t index;
    uint64_t offset; /* of its frame in the journal; 0 in a folder of tiles */
} zc_scanned;

/* Reads the entry in scanned->bytes and, unless `light`, hashes it and holds its opening against
 * it: what a scan does with each. */
void zc_scan_one(zc_scanned *scanned, bool light);

/* False ends the scan. What it is given lives during the call. */
typedef bool (*zc_scan_visit)(void *self, const zc_scanned *scanned);

typedef struct zc_scan_source {
    const char *journal; /* a journal, or NULL: */
    const char *folder;  /* the bundles of a folder of tiles … */
    uint64_t size;       /* … of so many entries */
    uint64_t first;      /* entries before it are passed over */
    uint64_t offset;     /* of the frame of entry `first` − 1 in the journal; 0: from its start */
    unsigned threads;    /* 0: as many as there are cores */
    bool light;          /* for readers: no hashes, no openings against commitments */
} zc_scan_source;

/* Errors: those of the journal and of tiles; ZC_SUPPORT_NO_MEMORY. That `visit` ended it is none.
 */
ZC_MUST_USE zc_result zc_scan(const zc_scan_source *source, zc_scan_visit visit, void *self,
                              zc_error *error);

#endif
