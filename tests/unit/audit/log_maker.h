/* Makes entries as an enclave would, for tests to tamper with. */
#ifndef ZC_TEST_AUDIT_LOG_MAKER_H
#define ZC_TEST_AUDIT_LOG_MAKER_H

#include "audit/chain.h"
#include "audit/opening.h"

#define MAKER_KEYS 3
#define MAKER_ENTRY_MAX 768

typedef struct made_entry {
    uint8_t byte[MAKER_ENTRY_MAX];
    size_t len;
    uint8_t leaf[ZC_AUDIT_HASH_SIZE];
} made_entry;

typedef struct log_maker {
    zc_audit_log log;
    uint64_t time_ms;
    uint8_t boot;
    uint64_t uses[MAKER_KEYS];
    uint64_t last[MAKER_KEYS];
} log_maker;

void maker_init(log_maker *maker);
/* An entry that continues the log, of the given kind, about `key` (−1: none). The counters and the
 * chain are settled; the caller may change anything before maker_seal(). */
zc_audit_entry maker_next(log_maker *maker, zc_audit_kind kind, zc_audit_decision decision,
                          int key);
/* Writes the entry and moves the log on. */
void maker_seal(log_maker *maker, const zc_audit_entry *entry, made_entry *ret_made);
/* Both. */
void maker_add(log_maker *maker, zc_audit_kind kind, zc_audit_decision decision, int key,
               made_entry *ret_made);
/* A log of `count` entries, at least 8: genesis, boots, keys, decisions of every kind, a halt and
 * its resume. */
void maker_fill(log_maker *maker, made_entry *ret_made, size_t count);

static inline zc_slice made_slice(const made_entry *made)
{
    return zc_slice_of(made->byte, made->len);
}

#endif
