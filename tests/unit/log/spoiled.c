#include "spoiled.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint8_t *copy_of(zc_slice bytes)
{
    uint8_t *copy = malloc(bytes.len + 1);
    assert_non_null(copy);
    if (bytes.len > 0) {
        memcpy(copy, bytes.data, bytes.len);
    }
    return copy;
}

kept_log *kept_log_make(void)
{
    static zc_made_entry made;
    kept_log *log = calloc(1, sizeof *log);
    assert_non_null(log);
    (void)snprintf(log->dir, sizeof log->dir, "/tmp/zc-log-XXXXXX");
    assert_non_null(mkdtemp(log->dir));
    (void)snprintf(log->root, sizeof log->root, "%s/platform/root.pem", log->dir);
    assert_ok(zc_made_log_open(&log->made, log->dir, SPOILED_BOOT_EVERY));
    for (size_t i = 0; i < SPOILED_ENTRIES; i++) {
        kept_entry *kept = &log->entry[i];
        assert_ok(zc_made_log_next(&log->made, &made));
        *kept = (kept_entry){.bytes = copy_of(made.bytes),
                             .len = made.bytes.len,
                             .opening = copy_of(made.opening),
                             .opening_len = made.opening.len};
        kept->scanned = (zc_scanned){.bytes = zc_slice_of(kept->bytes, kept->len),
                                     .opening = zc_slice_of(kept->opening, kept->opening_len),
                                     .index = i};
        zc_scan_one(&kept->scanned, false);
    }
    zc_writer note = ZC_WRITER_OF_ARRAY(log->note);
    assert_ok(zc_made_log_checkpoint(&log->made, &note));
    log->note_len = zc_writer_len(&note);
    return log;
}

void kept_log_free(kept_log *log)
{
    static const char *const files[] = {"root.pem", "root.key", "secret", ""};
    char path[96];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/platform/%s", log->dir, files[i]);
        (void)remove(path);
    }
    (void)rmdir(log->dir);
    for (size_t i = 0; i < SPOILED_ENTRIES; i++) {
        free(log->entry[i].bytes);
        free(log->entry[i].opening);
    }
    zc_made_log_close(&log->made);
    free(log);
}

/* What a check knows of keys: one check at a time. */
static uint64_t table[ZC_AUDIT_KEYS_SIZE(SPOILED_KEYS) / sizeof(uint64_t)];

void check_begin(zc_log_check *check, const kept_log *log, zc_slice note)
{
    zc_audit_checkpoint checkpoint;
    memset(check, 0, sizeof *check);
    check->root_pem = log->root;
    memset(table, 0, sizeof table);
    zc_audit_verifier_init(&check->verifier, table, SPOILED_KEYS);
    assert_ok(zc_audit_checkpoint_verify(note, log->made.genesis.deployment_id,
                                         log->made.genesis.log_key, &checkpoint));
    assert_ok(zc_audit_verifier_expect(&check->verifier, &checkpoint));
}

bool check_take(zc_log_check *check, zc_slice bytes, zc_slice opening)
{
    zc_scanned scanned = {.bytes = bytes, .opening = opening, .index = check->entries};
    zc_scan_one(&scanned, false);
    return zc_log_check_entry(check, &scanned);
}

void check_remember(const zc_log_check *check, check_mark *ret_mark)
{
    ret_mark->verifier = check->verifier;
    memcpy(ret_mark->keys, table, sizeof table);
    ret_mark->entries = check->entries;
    ret_mark->boots = check->boots;
    ret_mark->genesis = check->genesis;
}

void check_return(zc_log_check *check, const check_mark *mark)
{
    check->verifier = mark->verifier;
    memcpy(table, mark->keys, sizeof table);
    check->entries = mark->entries;
    check->boots = mark->boots;
    check->genesis = mark->genesis;
}
