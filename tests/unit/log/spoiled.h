/* A made log in memory, and a check of it that can be put back to where it was before an entry. */
#ifndef ZC_TEST_LOG_SPOILED_H
#define ZC_TEST_LOG_SPOILED_H

#include "../../../bench/made_log.h"
#include "log/verify.h"
#include "unit.h"

#define SPOILED_ENTRIES 1000
/* More than its keys: a changed entry may begin another. */
#define SPOILED_KEYS 32
#define SPOILED_BOOT_EVERY 400

typedef struct kept_entry {
    uint8_t *bytes;
    size_t len;
    uint8_t *opening;
    size_t opening_len;
    zc_scanned scanned; /* of the entry as it was made */
} kept_entry;

typedef struct kept_log {
    char dir[32];
    char root[64];
    zc_made_log made; /* its keys, to sign with */
    kept_entry entry[SPOILED_ENTRIES];
    uint8_t note[ZC_AUDIT_CHECKPOINT_MAX];
    size_t note_len;
} kept_log;

/* Fails the test that calls when the log can't be made. */
kept_log *kept_log_make(void);
void kept_log_free(kept_log *log);

/* A check that expects the checkpoint in `note`. */
void check_begin(zc_log_check *check, const kept_log *log, zc_slice note);
/* Whether the entry of these bytes is taken without fault. */
bool check_take(zc_log_check *check, zc_slice bytes, zc_slice opening);

/* All of a check that entry `scanned` may change, so that it can be undone. */
typedef struct check_mark {
    zc_audit_verifier verifier;
    uint8_t keys[ZC_AUDIT_KEYS_SIZE(SPOILED_KEYS)];
    uint64_t entries;
    uint64_t boots;
    zc_genesis genesis;
} check_mark;
void check_remember(const zc_log_check *check, check_mark *ret_mark);
void check_return(zc_log_check *check, const check_mark *mark);

#endif
