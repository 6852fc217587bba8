/* A log as a deployment would leave it, made without an enclave: with a platform's root, an
 * identity and a log key of its own, boots whose documents verify, keys, decisions, halts and
 * resumes. For measurements and for tests that need a log in perfect order to spoil. */
#ifndef ZC_BENCH_MADE_LOG_H
#define ZC_BENCH_MADE_LOG_H

#include "attest/genesis.h"
#include "audit/chain.h"
#include "audit/checkpoint.h"
#include "audit/opening.h"
#include "nsm_soft/nsm.h"

#define ZC_MADE_KEYS 3
/* Length and array's head, two strings with their heads, and the tag with its head. */
#define ZC_MADE_FRAME_MAX (ZC_AUDIT_ENTRY_MAX + ZC_AUDIT_OPENING_MAX + 64)

/* Who decides what the log records. Fills the entry's decision and digest, and the opening's
 * groups, whose bytes live until the next call. */
typedef struct zc_made_decider {
    void *self;
    uint8_t mission_hash[32];
    uint64_t entry_ms; /* from entry to entry */
    zc_result (*decide)(void *self, zc_audit_entry *entry, zc_audit_opening *opening);
    /* The state's digest, as a checkpoint's extension has it; lives until the next call. */
    zc_slice (*state)(void *self);
} zc_made_decider;

typedef struct zc_made_log {
    zc_nsm_soft *nsm;
    zc_signer identity;
    zc_signer log_key;
    zc_signer founder;
    zc_genesis genesis;
    uint8_t record[ZC_GENESIS_RECORD_MAX];
    size_t record_len;
    uint64_t boot_every;            /* entries from boot to boot; 0: there is one boot */
    const zc_made_decider *decider; /* NULL: what stands in the log was never decided */
    zc_audit_log chain;
    uint64_t begin_ms;
    uint8_t boot_id[ZC_AUDIT_BOOT_ID_SIZE];
    uint8_t document[ZC_AUDIT_DETAIL_MAX];
    uint64_t uses[ZC_MADE_KEYS];
    uint64_t last[ZC_MADE_KEYS];
} zc_made_log;

/* One entry; the slices live until the next. */
typedef struct zc_made_entry {
    zc_slice bytes;
    zc_slice opening; /* empty where there is none */
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
    uint8_t frame[ZC_MADE_FRAME_MAX]; /* as it stands in a journal, with a tag of zeros */
    size_t frame_len;
} zc_made_entry;

/* Makes `dir`/platform; `dir` exists. The caller closes.
 * Errors: those of nsm_soft and of the crypto module. */
ZC_MUST_USE zc_result zc_made_log_open(zc_made_log *log, const char *dir, uint64_t boot_every);
/* Before the first entry: somebody decides, under a mission of his that names the log's founder.
 * Borrowed. Errors: those of the crypto module. */
ZC_MUST_USE zc_result zc_made_log_decide_by(zc_made_log *log, const zc_made_decider *decider);
void zc_made_log_close(zc_made_log *log);

/* Errors: those of writing entries, and of documents at a boot. */
ZC_MUST_USE zc_result zc_made_log_next(zc_made_log *log, zc_made_entry *ret_entry);
/* The checkpoint over all entries so far. Errors: ZC_BASE_FULL, those of signing. */
ZC_MUST_USE zc_result zc_made_log_checkpoint(const zc_made_log *log, zc_writer *writer);

#endif
