/* The log: appending what one signature appends, and verifying a log of such entries. */
#include <string.h>

#include "audit/chain.h"
#include "audit/opening.h"
#include "audit/tag.h"
#include "audit/verifier.h"
#include "bench.h"

#define ENTRIES 1000u
#define ENTRY_ROOM ((size_t)640)
/* As long as the groups of an ERC-20 transfer are. */
#define PRINCIPAL_SIZE 56
#define INTENT_SIZE 330
#define RULE_SIZE 72
#define START_MS UINT64_C(1790000000000)

typedef struct zc_bench_log {
    zc_audit_log chain;
    zc_audit_entry entry;
    zc_audit_opening opening;
    uint8_t bytes[ENTRY_ROOM];
    uint8_t opening_bytes[1024];
    uint64_t uses;
    uint64_t last_of_key;
} zc_bench_log;

static zc_bench_log appended;
static zc_hmac_key tag_key;
static uint8_t tag[32];
static const uint8_t deployment_id[32] = {0xd0};
static uint8_t groups[INTENT_SIZE];

static uint8_t stored[ENTRIES][ENTRY_ROOM];
static size_t stored_len[ENTRIES];
static zc_audit_verifier verifier;
static uint64_t keys[ZC_AUDIT_KEYS_SIZE(8) / sizeof(uint64_t)];

/* The fields of the next entry: genesis, boot, the birth of a key, then signatures by it. */
static void next_entry(zc_bench_log *log)
{
    static const zc_audit_kind first[3] = {ZC_AUDIT_GENESIS, ZC_AUDIT_BOOT, ZC_AUDIT_KEY_CREATED};
    uint64_t sequence = log->chain.next;
    zc_audit_entry *entry = &log->entry;
    *entry = (zc_audit_entry){.sequence = sequence,
                              .time_ms = START_MS + sequence,
                              .kind = sequence < 3 ? first[sequence] : ZC_AUDIT_DECISION,
                              .detail = zc_slice_of_text("")};
    memcpy(entry->previous, log->chain.head, sizeof entry->previous);
    memset(entry->boot_id, 0xb0, sizeof entry->boot_id);
    memset(entry->mission, 0x3a, sizeof entry->mission);
    if (sequence < 2) {
        return;
    }
    entry->has_key = true;
    memset(entry->key_id, 0x4e, sizeof entry->key_id);
    if (sequence > 2) {
        entry->decision = ZC_AUDIT_ALLOW;
        entry->has_digest = true;
        memcpy(entry->digest, &sequence, sizeof sequence);
        entry->key_uses = ++log->uses;
        entry->has_key_previous = true;
        entry->key_previous = log->last_of_key;
    }
    log->last_of_key = sequence;
}

static void next_opening(zc_bench_log *log)
{
    static const size_t size[ZC_AUDIT_GROUPS] = {PRINCIPAL_SIZE, INTENT_SIZE, RULE_SIZE};
    for (size_t i = 0; i < ZC_AUDIT_GROUPS; i++) {
        zc_audit_opened *group = &log->opening.group[i];
        group->open = log->entry.kind == ZC_AUDIT_DECISION;
        group->bytes = zc_slice_of(groups, size[i]);
        memcpy(group->salt, &log->chain.next, sizeof log->chain.next);
    }
}

/* What the enclave does with an entry whose fields are there. Returns its length, 0 for failure. */
static size_t append(zc_bench_log *log)
{
    uint8_t leaf[32];
    zc_writer writer = ZC_WRITER_OF_ARRAY(log->bytes);
    zc_writer opening = ZC_WRITER_OF_ARRAY(log->opening_bytes);
    zc_audit_commit_all(&log->opening, &log->entry);
    if (!zc_ok(zc_audit_entry_write(&log->entry, &writer)) ||
        !zc_ok(zc_audit_opening_write(&log->opening, &opening))) {
        return 0;
    }
    zc_audit_leaf(zc_writer_written(&writer), leaf);
    zc_audit_tag(&tag_key, deployment_id, log->entry.sequence, leaf, tag);
    zc_audit_log_append(&log->chain, leaf);
    return zc_writer_len(&writer);
}

static bool prepare_append(const zc_bench_task *task)
{
    (void)task;
    next_entry(&appended);
    next_opening(&appended);
    return true;
}

static bool run_append(const zc_bench_task *task)
{
    (void)task;
    return append(&appended) > 0;
}

static const char *open_append(const zc_bench_task *task)
{
    static const uint8_t secret[32] = {0x5e};
    zc_hmac_sha256_key_init(&tag_key, secret, sizeof secret);
    zc_audit_log_init(&appended.chain);
    /* Genesis, boot and a key first; then as many as the task says. */
    for (int i = 0; i < 3 + task->variant; i++) {
        if (!prepare_append(task) || !run_append(task)) {
            return "the log does not begin";
        }
    }
    return NULL;
}

static bool prepare_verify(const zc_bench_task *task)
{
    (void)task;
    memset(keys, 0, sizeof keys);
    zc_audit_verifier_init(&verifier, keys, 8);
    return true;
}

static bool run_verify(const zc_bench_task *task)
{
    (void)task;
    for (size_t i = 0; i < ENTRIES; i++) {
        zc_audit_entry entry;
        uint8_t leaf[32];
        if (!zc_ok(zc_audit_verifier_feed(&verifier, zc_slice_of(stored[i], stored_len[i]), &entry,
                                          leaf))) {
            return false;
        }
    }
    return zc_ok(zc_audit_verifier_end(&verifier));
}

static const char *open_verify(const zc_bench_task *task)
{
    static zc_bench_log made;
    zc_audit_log_init(&made.chain);
    for (size_t i = 0; i < ENTRIES; i++) {
        next_entry(&made);
        next_opening(&made);
        stored_len[i] = append(&made);
        memcpy(stored[i], made.bytes, stored_len[i]);
    }
    return prepare_verify(task) && run_verify(task) ? NULL : zc_bench_why(verifier.fault);
}

const zc_bench_task zc_audit_tasks[2] = {
    {.name = "audit.append",
     .side = ZC_SIDE_BARE,
     .open = open_append,
     .prepare = prepare_append,
     .run = run_append},
    {.name = "audit.verify",
     .side = ZC_SIDE_BARE,
     .open = open_verify,
     .prepare = prepare_verify,
     .run = run_verify,
     .per_run = ENTRIES},
};

#define BEHIND(n)                                                                                  \
    {                                                                                              \
        .name = "growth.log." #n, .side = ZC_SIDE_BARE, .open = open_append,                       \
        .prepare = prepare_append, .run = run_append, .variant = (n)                               \
    }

const zc_bench_task zc_log_length_tasks[4] = {BEHIND(1000), BEHIND(10000), BEHIND(100000),
                                              BEHIND(1000000)};
