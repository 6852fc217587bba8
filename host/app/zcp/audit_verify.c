/* `zcp audit verify [FOLDER|BUNDLE]`: the whole log against itself, its openings, the genesis
 * record, the attestation documents of its boots and its last checkpoint. It reads files only and
 * asks nobody.
 */
#include <stdio.h>

#include "attest/binding.h"
#include "attest/document.h"
#include "attest/genesis.h"
#include "audit/opening.h"
#include "audit/verifier.h"
#include "audit_proof.h"
#include "commands.h"
#include "log/scan.h"
#include "payload.h"
#include "policy/mission.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/reason.h"
#include "support/reasons.h"

#define DEPLOYMENT_FILE_MAX ((size_t)65536)

const zc_option zc_audit_verify_options[] = {
    {"log", "FILE", "the journal (default: the folder's)"},
    {"root", "PEM", "the root of the boots' documents (default: the folder's)"},
    {NULL, NULL, NULL},
};

typedef struct zc_log_check {
    zc_audit_verifier verifier;
    zc_genesis genesis;
    bool has_genesis;
    char root[ZC_PATH_SIZE];
    uint64_t entries;
    uint64_t boots;
    uint64_t covered; /* entries under the last checkpoint */
    char reason[256];
    bool hardware;
    bool founders_checked;
    const char *journal; /* NULL: the bundles of `tiles` are the log */
    const char *tiles;   /* NULL: there are none */
    zc_bytes note;       /* the checkpoint; empty: none */
    uint64_t cosignatures;
    zc_tile_builder builder;
    zc_progress progress;
    bool good;
} zc_log_check;

static bool fault(zc_log_check *check, zc_result result, const char *where)
{
    (void)snprintf(check->reason, sizeof check->reason, "%.100s: %.150s", where,
                   zc_reason_text(result));
    return false;
}

/* The first entry names the deployment: identity and log key, signed by the founders. */
static bool check_genesis(zc_log_check *check, const zc_audit_entry *entry)
{
    zc_genesis_record record;
    zc_result parsed = zc_genesis_record_parse(entry->detail, &record);
    if (!zc_ok(parsed)) {
        return fault(check, parsed, "the genesis entry");
    }
    check->genesis = record.genesis;
    check->has_genesis = true;
    return true;
}

/* A boot's document, at the time of its entry, must vouch for this deployment, its log key and this
 * boot. */
static bool check_boot(zc_log_check *check, const zc_audit_entry *entry)
{
    zcp_expectation expect = {.root_pem = check->root,
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
    return same || fault(check, zc_fail(ZC_ATTEST_BAD_BINDING), "the boot's document");
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
    char where[64];
    (void)snprintf(where, sizeof where, "the tiles at entry %llu",
                   (unsigned long long)scanned->index);
    return zc_ok(same) || fault(check, same, where);
}

static bool check_scanned(void *self, const zc_scanned *scanned)
{
    zc_log_check *check = self;
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
        check->good = fault(check, good, where);
        return false;
    }
    check->entries++;
    zc_progress_at(&check->progress, check->entries);
    check->good = (scanned->entry.kind == ZC_AUDIT_GENESIS ? check_genesis(check, &scanned->entry)
                   : scanned->entry.kind == ZC_AUDIT_BOOT  ? check_boot(check, &scanned->entry)
                                                           : true) &&
                  check_tile(check, scanned);
    return check->good;
}

static bool walk(zc_log_check *check, zc_error *error)
{
    zc_scan_source source = {
        .journal = check->journal, .folder = check->tiles, .size = check->covered};
    zc_tile_builder_init(&check->builder, check->journal != NULL, compare_tile, check);
    zc_progress_begin(&check->progress, "checking the log", check->covered);
    check->good = true;
    zc_result scanned = zc_scan(&source, check_scanned, check, error);
    zc_progress_end(&check->progress);
    zc_tile_builder_clear(&check->builder);
    return zc_ok(scanned) && check->good;
}

/* The folder's mission names the founders, and the genesis entry commits to that mission: so many
 * of them must have signed as it asks for. Without the mission nobody here knows who they are. */
static bool expect_founders(const zc_invocation *invocation, const zc_audit_entry *entry,
                            zc_log_check *check)
{
    static zc_mission mission;
    char file[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes compiled = {0};
    uint8_t hash[32];
    if (!zc_in_dir(invocation, "mission.cbor", file) ||
        !zc_ok(zc_file_read(file, ZC_MISSION_MAX_BYTES, &compiled, NULL)) ||
        !zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &mission))) {
        return true;
    }
    zc_mission_hash(zc_bytes_slice(&compiled), hash);
    if (memcmp(hash, check->genesis.mission_hash, sizeof hash) != 0) {
        return true; /* another mission's: print_verdict() says that the founders were not checked
                      */
    }
    uint8_t founders[ZC_MISSION_MAX_PRINCIPALS][32];
    size_t count = 0;
    for (size_t i = 0; i < mission.principal_count; i++) {
        if ((mission.principals[i].roles & ZC_ROLE_FOUNDER) != 0) {
            memcpy(founders[count++], mission.principals[i].pubkey, 32);
        }
    }
    zc_genesis verified;
    zc_result signed_by = zc_genesis_verify(entry->detail, (const uint8_t(*)[32])founders, count,
                                            mission.founders_needed, &verified);
    check->founders_checked = zc_ok(signed_by);
    return zc_ok(signed_by) || fault(check, signed_by, "the genesis entry");
}

static bool first_entry(const zc_log_check *check, zc_bytes *ret_held, zc_slice *ret_entry,
                        zc_error *error)
{
    if (check->journal == NULL) {
        return zc_ok(zc_folder_entry(check->tiles, check->covered, 0, ret_held, ret_entry, error));
    }
    zc_journal_reader reader;
    zc_journal_record record;
    bool end = true;
    if (!zc_ok(zc_journal_reader_open(check->journal, &reader, error))) {
        return false;
    }
    bool read = zc_ok(zc_journal_reader_next(&reader, &record, &end, error)) &&
                (end || zc_bytes_append(ret_held, record.entry));
    zc_journal_reader_close(&reader);
    *ret_entry = zc_bytes_slice(ret_held);
    return read;
}

/* The first entry says whose log this is; what comes later is held against it. */
static bool read_beginning(const zc_invocation *invocation, zc_log_check *check, zc_error *error)
{
    ZC_BYTES zc_bytes held = {0};
    zc_slice bytes;
    zc_audit_entry entry;
    if (!first_entry(check, &held, &bytes, error)) {
        return false;
    }
    if (!zc_ok(zc_audit_entry_read(bytes, &entry)) || entry.kind != ZC_AUDIT_GENESIS) {
        return fault(check, zc_fail(ZC_AUDIT_BAD_BEGINNING), "the log");
    }
    return check_genesis(check, &entry) && expect_founders(invocation, &entry, check);
}

/* How far the checkpoint reaches; its signature is checked once the log key is known. */
static bool read_checkpoint(zc_log_check *check, const char *file, zc_error *error)
{
    static zc_note note;
    zc_checkpoint_lines lines;
    if (!zc_file_exists(file)) {
        return check->journal != NULL || fault(check, zc_fail(ZC_LOG_NO_CHECKPOINT), file);
    }
    if (!zc_ok(zc_file_read(file, ZC_CHECKPOINT_FILE_MAX, &check->note, error))) {
        return false;
    }
    zc_result parsed = zc_note_parse(zc_bytes_slice(&check->note), &note);
    parsed = zc_ok(parsed) ? zc_checkpoint_split(note.text, &lines) : parsed;
    if (!zc_ok(parsed)) {
        return fault(check, parsed, "the checkpoint");
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
    return zc_ok(verified) || fault(check, verified, "the checkpoint");
}

/* The log must be of the deployment that this folder's clients pin; another's may be in perfect
 * order. */
static bool expect_deployment(const zc_invocation *invocation, zc_log_check *check, zc_error *error)
{
    char file[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "deployment.json", file) || !zc_file_exists(file)) {
        return true;
    }
    ZC_BYTES zc_bytes text = {0};
    json_t *object = NULL;
    uint8_t pinned[32];
    bool read = zc_ok(zc_file_read(file, DEPLOYMENT_FILE_MAX, &text, error)) &&
                zc_ok(zc_json_parse(zc_bytes_slice(&text), "cannot read deployment.json", &object,
                                    error)) &&
                zc_ok(zc_json_get_hex(object, "deployment_id", pinned, sizeof pinned, error));
    json_decref(object);
    bool same = read && memcmp(pinned, check->genesis.deployment_id, sizeof pinned) == 0;
    if (read && !same) {
        (void)snprintf(check->reason, sizeof check->reason,
                       "the genesis entry: it is another deployment's than deployment.json names");
    }
    return same;
}

static int print_verdict(const zc_invocation *invocation, const zc_log_check *check, bool valid)
{
    if (invocation->json) {
        json_t *out = json_object();
        bool printed = out != NULL && zc_json_set_bool(out, "valid", valid) &&
                       zc_json_set_u64(out, "entries", check->entries) &&
                       zc_json_set_text(out, "reason", valid ? "" : check->reason) &&
                       zc_json_set_u64(out, "boots", check->boots) &&
                       zc_json_set_u64(out, "under_checkpoint", check->covered) &&
                       zc_json_set_u64(out, "cosignatures", check->cosignatures) &&
                       zc_json_set_bool(out, "founders_checked", check->founders_checked) &&
                       zc_json_set_bool(out, "hardware", valid && check->hardware) &&
                       zc_json_print(stdout, out);
        json_decref(out);
        return !printed ? ZC_EXIT_FAILED : valid ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
    }
    if (valid) {
        (void)printf("valid: %llu entries, %llu boots; chain, tree, key counters, openings, "
                     "attestation documents%s\n",
                     (unsigned long long)check->entries, (unsigned long long)check->boots,
                     check->hardware ? "" : " (development root: not hardware)");
        (void)printf("under the last signed checkpoint: %llu entries; %llu later ones stand on the "
                     "chain alone\n",
                     (unsigned long long)check->covered,
                     (unsigned long long)(check->entries - check->covered));
        if (check->tiles != NULL) {
            (void)printf("tiles: each holds what the entries come to; the checkpoint carries %llu "
                         "lines of others than the log\n",
                         (unsigned long long)check->cosignatures);
        }
        (void)puts(check->founders_checked
                       ? "founders: as many as the mission asks for signed the genesis record"
                       : "founders: not checked, the mission that names them is not here");
        return ZC_EXIT_DONE;
    }
    zc_error error = {0};
    zc_result set =
        zc_error_set(&error, ZC_SUPPORT_IO, "the log does not hold", check->reason,
                     "keep this copy as evidence and compare it with one kept elsewhere");
    (void)set;
    error.exit_code = ZC_EXIT_NOT_VERIFIED;
    return zc_fail_with(invocation, &error);
}

/* Where the log is: the folder's own journal with its tiles, a journal that is named, or a folder
 * of tiles that is. */
static bool find_log(const zc_invocation *invocation, zc_log_check *check, char *journal,
                     char *folder, char *checkpoint)
{
    const char *log = zc_option_value(invocation, "log");
    const char *root = zc_option_value(invocation, "root");
    const char *named = invocation->arguments > 0 ? invocation->argument[0] : NULL;
    bool found = zc_in_dir(invocation, "platform/root.pem", check->root) &&
                 zc_in_dir(invocation, "log/journal", journal) &&
                 zc_in_dir(invocation, "log", folder);
    if (root != NULL) {
        (void)snprintf(check->root, sizeof check->root, "%s", root);
    }
    check->journal = log != NULL ? log : named == NULL ? journal : NULL;
    check->tiles = named != NULL ? named : folder;
    char tile[ZC_PATH_SIZE];
    found = found && zc_path_join(check->tiles, "checkpoint", checkpoint) &&
            zc_path_join(check->tiles, "tile", tile);
    if (log != NULL || (named == NULL && !zc_file_exists(tile))) {
        check->tiles = NULL;
    }
    return found;
}

static bool check_log(const zc_invocation *invocation, zc_log_check *check, const char *checkpoint,
                      zc_error *error)
{
    bool own = zc_option_value(invocation, "log") == NULL;
    bool folder = invocation->arguments > 0;
    bool valid = (!own || read_checkpoint(check, checkpoint, error)) &&
                 read_beginning(invocation, check, error) && expect_checkpoint(check) &&
                 walk(check, error);
    if (valid) {
        zc_result ended = zc_audit_verifier_end(&check->verifier);
        valid = zc_ok(ended) || fault(check, ended, "the end of the log");
    }
    return valid && (!own || folder || expect_deployment(invocation, check, error));
}

int zc_run_audit_verify(zc_invocation *invocation)
{
    static zc_log_check check;
    static char journal[ZC_PATH_SIZE]; /* `check` refers to both after this */
    static char folder[ZC_PATH_SIZE];
    char checkpoint[ZC_PATH_SIZE];
    if (invocation->arguments > 0 && zc_is_proof_bundle(invocation->argument[0])) {
        return zc_verify_proof_bundle(invocation);
    }
    if (!find_log(invocation, &check, journal, folder, checkpoint)) {
        return zc_fail_usage(invocation, "cannot read the log", "the path is too long");
    }
    zc_error error = {0};
    zc_audit_verifier_init(&check.verifier);
    bool valid = check_log(invocation, &check, checkpoint, &error);
    zc_bytes_clear(&check.note);
    if (!valid && check.reason[0] == '\0') {
        bool damage = zc_is(error.result, ZC_SUPPORT_JOURNAL_CORRUPT) ||
                      error.result.code >> 8 == ZC_MODULE_LOG;
        if (!damage) {
            return zc_fail_with(invocation, &error);
        }
        (void)snprintf(check.reason, sizeof check.reason, "%.120s: %.120s", error.what, error.why);
    }
    return print_verdict(invocation, &check, valid);
}
