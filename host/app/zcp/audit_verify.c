/* `zcp audit verify`: the whole log against itself, its openings, the genesis record, the
 * attestation documents of its boots and its last checkpoint. It reads files only and asks nobody.
 */
#include <stdio.h>

#include "attest/binding.h"
#include "attest/document.h"
#include "attest/genesis.h"
#include "audit/opening.h"
#include "audit/verifier.h"
#include "commands.h"
#include "payload.h"
#include "policy/mission.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/reason.h"
#include "support/reasons.h"

#define CHECKPOINT_FILE_MAX ((size_t)65536)
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
} zc_log_check;

static bool fault(zc_log_check *check, zc_result result, const char *where)
{
    (void)snprintf(check->reason, sizeof check->reason, "%s: %s", where, zc_reason_text(result));
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

static bool check_record(zc_log_check *check, const zc_journal_record *record)
{
    zc_audit_entry entry;
    uint8_t leaf[32];
    char where[64];
    (void)snprintf(where, sizeof where, "entry %llu", (unsigned long long)check->entries);
    zc_result fed = zc_audit_verifier_feed(&check->verifier, record->entry, &entry, leaf);
    if (!zc_ok(fed)) {
        return fault(check, fed, where);
    }
    zc_audit_opening opening;
    zc_result opened =
        record->opening.len > 0 ? zc_audit_opening_read(record->opening, &opening) : ZC_OK;
    if (zc_ok(opened) && record->opening.len > 0) {
        opened = zc_audit_opening_check(&opening, &entry);
    }
    if (!zc_ok(opened)) {
        return fault(check, opened, where);
    }
    check->entries++;
    return entry.kind == ZC_AUDIT_GENESIS ? check_genesis(check, &entry)
           : entry.kind == ZC_AUDIT_BOOT  ? check_boot(check, &entry)
                                          : true;
}

/* The first pass finds the log key; only then does a checkpoint mean anything. */
static bool walk(const char *path, zc_log_check *check, zc_error *error)
{
    zc_journal_reader reader;
    if (!zc_ok(zc_journal_reader_open(path, &reader, error))) {
        return false;
    }
    zc_progress progress;
    zc_progress_begin(&progress, "checking the log", 0);
    bool good = true;
    bool end = false;
    while (good && !end) {
        zc_journal_record record;
        good = zc_ok(zc_journal_reader_next(&reader, &record, &end, error));
        good = good && (end || check_record(check, &record));
        zc_progress_at(&progress, check->entries);
    }
    zc_progress_end(&progress);
    zc_journal_reader_close(&reader);
    return good;
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

/* The first entry says whose log this is; what comes later is held against it. */
static bool read_beginning(const zc_invocation *invocation, const char *path, zc_log_check *check,
                           zc_error *error)
{
    zc_journal_reader reader;
    if (!zc_ok(zc_journal_reader_open(path, &reader, error))) {
        return false;
    }
    zc_journal_record record;
    zc_audit_entry entry;
    bool end = true;
    bool read = zc_ok(zc_journal_reader_next(&reader, &record, &end, error));
    bool genesis = read && !end && zc_ok(zc_audit_entry_read(record.entry, &entry)) &&
                   entry.kind == ZC_AUDIT_GENESIS;
    bool good =
        genesis && check_genesis(check, &entry) && expect_founders(invocation, &entry, check);
    zc_journal_reader_close(&reader);
    return good || (read && !genesis && fault(check, zc_fail(ZC_AUDIT_BAD_BEGINNING), "the log"));
}

/* Takes the last checkpoint as what the log must come to. */
static bool expect_checkpoint(const zc_invocation *invocation, zc_log_check *check, zc_error *error)
{
    char file[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "log/checkpoint", file) || !zc_file_exists(file)) {
        return true;
    }
    ZC_BYTES zc_bytes note = {0};
    if (!zc_ok(zc_file_read(file, CHECKPOINT_FILE_MAX, &note, error))) {
        return false;
    }
    zc_audit_checkpoint checkpoint;
    zc_result verified = zc_audit_checkpoint_verify(
        zc_bytes_slice(&note), check->genesis.deployment_id, check->genesis.log_key, &checkpoint);
    if (zc_ok(verified)) {
        verified = zc_audit_verifier_expect(&check->verifier, &checkpoint);
        check->covered = checkpoint.size;
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

int zc_run_audit_verify(zc_invocation *invocation)
{
    static zc_log_check check;
    const char *named = zc_option_value(invocation, "log");
    const char *root = zc_option_value(invocation, "root");
    char path[ZC_PATH_SIZE];
    if ((named == NULL && !zc_in_dir(invocation, "log/journal", path)) ||
        !zc_in_dir(invocation, "platform/root.pem", check.root)) {
        return zc_fail_usage(invocation, "cannot read the log", "the path is too long");
    }
    if (root != NULL) {
        (void)snprintf(check.root, sizeof check.root, "%s", root);
    }
    const char *file = named != NULL ? named : path;
    zc_error error = {0};
    zc_audit_verifier_init(&check.verifier);
    bool valid = read_beginning(invocation, file, &check, &error) &&
                 (named != NULL || expect_checkpoint(invocation, &check, &error)) &&
                 walk(file, &check, &error);
    if (valid) {
        zc_result ended = zc_audit_verifier_end(&check.verifier);
        valid = zc_ok(ended) || fault(&check, ended, "the end of the log");
    }
    valid = valid && (named != NULL || expect_deployment(invocation, &check, &error));
    if (!valid && check.reason[0] == '\0') {
        if (zc_is(error.result, ZC_SUPPORT_JOURNAL_CORRUPT)) {
            (void)snprintf(check.reason, sizeof check.reason, "%.120s: %.120s", error.what,
                           error.why);
        } else {
            return zc_fail_with(invocation, &error);
        }
    }
    return print_verdict(invocation, &check, valid);
}
