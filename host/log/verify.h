/* Checks a whole log: the order of its entries, openings, tiles, its checkpoint, and the
 * attestation documents of its boots. It reads files and asks nobody; the first fault ends it, with
 * its place.
 *
 * zc_log_check_open() learns from the first entry whose log it is, and holds the checkpoint to
 * that; zc_log_check_run() then walks every entry. What only the reader of a log can know (which
 * deployment it pinned, who the founders and the witnesses are) is the caller's to compare. */
#ifndef ZC_LOG_VERIFY_H
#define ZC_LOG_VERIFY_H

#include "attest/genesis.h"
#include "audit/verifier.h"
#include "log/scan.h"

typedef struct zc_log_check {
    /* The caller's, before opening. */
    const char *journal;    /* NULL: the bundles of `tiles` are the log */
    const char *tiles;      /* a folder of tiles to be held against the entries; NULL: none */
    const char *checkpoint; /* the file of the note; NULL, or not there: none */
    const char *root_pem;   /* the root of the boots' documents */
    unsigned threads;       /* 0: as many as there are cores */
    void (*progress)(void *self, uint64_t entries); /* may be NULL */
    void *progress_self;

    /* What was found. */
    zc_genesis genesis;
    uint64_t entries;
    uint64_t boots;
    uint64_t covered;      /* entries under the checkpoint */
    uint64_t cosignatures; /* lines of others than the log on the checkpoint */
    bool hardware;
    char reason[256]; /* empty until the first fault: what, and where */

    /* Its own. */
    zc_audit_verifier verifier;
    void *keys; /* the verifier's: memory that no key has needed is never touched */
    zc_bytes note;
    zc_tile_builder builder;
    bool has_genesis;
    bool good;
} zc_log_check;

/* Returns whether the log begins as one should. When not, `reason` says why, or, where a file could
 * not be read at all, `error` does. `ret_genesis` gets the detail of the genesis entry; it lives in
 * `held`, which the caller clears. The caller clears the check. */
bool zc_log_check_open(zc_log_check *check, zc_bytes *held, zc_slice *ret_genesis, zc_error *error);
/* The same for everything else. */
bool zc_log_check_run(zc_log_check *check, zc_error *error);
void zc_log_check_clear(zc_log_check *check);

/* For what reads entries by itself: the next entry, and the end. */
bool zc_log_check_entry(zc_log_check *check, const zc_scanned *scanned);
bool zc_log_check_end(zc_log_check *check);
/* Notes the first fault; returns false. */
bool zc_log_check_fault(zc_log_check *check, zc_result result, const char *where);

#endif
