#include "log/verify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "attest/reasons.h"
#include "support/journal.h"
#include "support/reason.h"
#include "zcp.h"

bool zc_log_check_fault(zc_log_check *check, zc_result result, const char *where)
{
    (void)snprintf(check->reason, sizeof check->reason, "%.100s: %.150s", where,
                   zc_reason_text(result));
    return false;
}

/* The first entry names the deployment: identity and log key. */
static bool take_genesis(zc_log_check *check, const zc_audit_entry *entry)
{
    zc_genesis_record record;
    zc_result parsed = zc_genesis_record_parse(entry->detail, &record);
    if (!zc_ok(parsed)) {
        return zc_log_check_fault(check, parsed, "the genesis entry");
    }
    check->genesis = record.genesis;
    check->has_genesis = true;
    return true;
}

/* A boot's document, at the time of its entry, must vouch for this deployment, its log key and this
 * boot. */
static bool check_boot(zc_log_check *check, const zc_audit_entry *entry)
{
    zcp_expectation expect = {.root_pem = check->root_pem,
                              .at_seconds = (int64_t)(entry->time_ms / 1000)};
    zcp_evidence evidence;
    zcp_error error;
    if (zcp_verify_document(entry->detail.data, entry->detail.len, &expect, &evidence, &error) !=
        ZCP_OK) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "entry %llu, the boot's document: %.160s",
                       (unsigned long long)entry->sequence, error.why);
        return false;
    }
    bool same = evidence.ours && check->has_genesis &&
                memcmp(evidence.deployment_id, check->genesis.deployment_id, 32) == 0 &&
                memcmp(evidence.log_key, check->genesis.log_key, 32) == 0 &&
                memcmp(evidence.mission_hash, entry->mission, 32) == 0 &&
                memcmp(evidence.boot_id, entry->boot_id, 16) == 0;
    check->boots++;
    check->hardware = evidence.hardware;
    return same || zc_log_check_fault(check, zc_fail(ZC_ATTEST_BAD_BINDING), "the boot's document");
}

/* Tiles are compared with what the entries come to, as they come. */
static zc_result compare_tile(void *self, const zc_tile *tile, zc_slice content)
{
    zc_log_check *check = self;
    ZC_BYTES zc_bytes found = {0};
    ZC_TRY(zc_folder_read(check->tiles, tile, &found, NULL));
    return zc_slice_eq(zc_bytes_slice(&found), content) ? ZC_OK : zc_fail(ZC_LOG_TILE_MISMATCH);
}

static bool check_tile(zc_log_check *check, const zc_scanned *scanned)
{
    if (check->tiles == NULL || scanned->index >= check->covered) {
        return true;
    }
    zc_result same = zc_tile_builder_add(&check->builder, scanned->bytes, scanned->leaf);
    if (zc_ok(same) && check->builder.size == check->covered) {
        same = zc_tile_builder_flush(&check->builder);
    }
    if (zc_ok(same)) {
        return true;
    }
    char where[64];
    (void)snprintf(where, sizeof where, "the tiles at entry %llu",
                   (unsigned long long)scanned->index);
    return zc_log_check_fault(check, same, where);
}

bool zc_log_check_entry(zc_log_check *check, const zc_scanned *scanned)
{
    zc_result good = scanned->fault;
    if (zc_ok(good)) {
        good = zc_audit_verifier_take(&check->verifier, &scanned->entry, scanned->leaf);
    }
    if (zc_ok(good)) {
        good = scanned->opening_fault;
    }
    if (!zc_ok(good)) {
        char where[64];
        (void)snprintf(where, sizeof where, "entry %llu", (unsigned long long)check->entries);
        return zc_log_check_fault(check, good, where);
    }
    check->entries++;
    return (scanned->entry.kind == ZC_AUDIT_GENESIS ? take_genesis(check, &scanned->entry)
            : scanned->entry.kind == ZC_AUDIT_BOOT  ? check_boot(check, &scanned->entry)
                                                    : true) &&
           check_tile(check, scanned);
}

static bool visit(void *self, const zc_scanned *scanned)
{
    zc_log_check *check = self;
    check->good = zc_log_check_entry(check, scanned);
    if (check->progress != NULL) {
        check->progress(check->progress_self, check->entries);
    }
    return check->good;
}

bool zc_log_check_end(zc_log_check *check)
{
    zc_result ended = zc_audit_verifier_end(&check->verifier);
    return zc_ok(ended) || zc_log_check_fault(check, ended, "the end of the log");
}

bool zc_log_check_run(zc_log_check *check, zc_error *error)
{
    zc_scan_source source = {.journal = check->journal,
                             .folder = check->tiles,
                             .size = check->covered,
                             .threads = check->threads};
    check->good = true;
    zc_result scanned = zc_scan(&source, visit, check, error);
    return zc_ok(scanned) && check->good && zc_log_check_end(check);
}

static bool first_entry(const zc_log_check *check, zc_bytes *held, zc_slice *ret_entry,
                        zc_error *error)
{
    if (check->journal == NULL) {
        return zc_ok(zc_folder_entry(check->tiles, check->covered, 0, held, ret_entry, error));
    }
    zc_journal_reader reader;
    zc_journal_record record;
    bool end = true;
    if (!zc_ok(zc_journal_reader_open(check->journal, &reader, error))) {
        return false;
    }
    bool read = zc_ok(zc_journal_reader_next(&reader, &record, &end, error)) &&
                (end || zc_bytes_append(held, record.entry));
    zc_journal_reader_close(&reader);
    *ret_entry = zc_bytes_slice(held);
    return read;
}

/* How far the checkpoint reaches; its signature is checked once the log key is known. */
static bool read_checkpoint(zc_log_check *check, zc_error *error)
{
    static _Thread_local zc_note note;
    zc_checkpoint_lines lines;
    if (check->checkpoint == NULL || !zc_file_exists(check->checkpoint)) {
        return check->journal != NULL ||
               zc_log_check_fault(check, zc_fail(ZC_LOG_NO_CHECKPOINT), check->tiles);
    }
    if (!zc_ok(zc_file_read(check->checkpoint, ZC_CHECKPOINT_FILE_MAX, &check->note, error))) {
        return false;
    }
    zc_result parsed = zc_note_parse(zc_bytes_slice(&check->note), &note);
    parsed = zc_ok(parsed) ? zc_checkpoint_split(note.text, &lines) : parsed;
    if (!zc_ok(parsed)) {
        return zc_log_check_fault(check, parsed, "the checkpoint");
    }
    check->covered = lines.size;
    check->cosignatures = note.count - 1;
    return true;
}

/* Takes the last checkpoint as what the log must come to. */
static bool expect_checkpoint(zc_log_check *check)
{
    zc_audit_checkpoint checkpoint;
    if (check->note.len == 0) {
        return true;
    }
    zc_result verified =
        zc_audit_checkpoint_verify(zc_bytes_slice(&check->note), check->genesis.deployment_id,
                                   check->genesis.log_key, &checkpoint);
    if (zc_ok(verified)) {
        verified = zc_audit_verifier_expect(&check->verifier, &checkpoint);
    }
    return zc_ok(verified) || zc_log_check_fault(check, verified, "the checkpoint");
}

static bool begin(zc_log_check *check, zc_error *error)
{
    free(check->keys);
    check->keys = calloc(1, ZC_AUDIT_KEYS_SIZE(ZC_AUDIT_KEYS_MAX));
    if (check->keys == NULL) {
        (void)zc_ok(zc_error_errno(error, ENOMEM, "cannot check the log", NULL));
        return false;
    }
    zc_audit_verifier_init(&check->verifier, check->keys, ZC_AUDIT_KEYS_MAX);
    return true;
}

bool zc_log_check_open(zc_log_check *check, zc_bytes *held, zc_slice *ret_genesis, zc_error *error)
{
    zc_slice bytes;
    zc_audit_entry entry;
    if (!begin(check, error) || !read_checkpoint(check, error) ||
        !first_entry(check, held, &bytes, error)) {
        return false;
    }
    zc_tile_builder_init(&check->builder, check->journal != NULL, compare_tile, check);
    if (!zc_ok(zc_audit_entry_read(bytes, &entry)) || entry.kind != ZC_AUDIT_GENESIS) {
        return zc_log_check_fault(check, zc_fail(ZC_AUDIT_BAD_BEGINNING), "the log");
    }
    *ret_genesis = entry.detail;
    return take_genesis(check, &entry) && expect_checkpoint(check);
}

void zc_log_check_clear(zc_log_check *check)
{
    zc_tile_builder_clear(&check->builder);
    zc_bytes_clear(&check->note);
    free(check->keys);
    check->keys = NULL;
}
