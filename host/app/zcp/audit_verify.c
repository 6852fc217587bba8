/* `zcp audit verify [FOLDER|PROOF]`: the whole log against itself, its openings, the genesis
 * record, the attestation documents of its boots, its last checkpoint and who cosigned it. It reads
 * files only and asks nobody. */
#include <stdio.h>

#include "audit_cosigners.h"
#include "audit_proof.h"
#include "mission_input.h"
#include "commands.h"
#include "log/verify.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/reasons.h"

#define DEPLOYMENT_FILE_MAX ((size_t)65536)

const zc_option zc_audit_verify_options[] = {
    {"log", "FILE", "the journal (default: the folder's)"},
    {"root", "PEM", "the root of the boots' documents (default: the folder's)"},
    ZC_WITNESS_OPTION,
    {NULL, NULL, NULL},
};

typedef struct zc_verification {
    zc_log_check check;
    char root[ZC_PATH_SIZE];
    char journal[ZC_PATH_SIZE];
    char folder[ZC_PATH_SIZE];
    char checkpoint[ZC_PATH_SIZE];
    bool founders_checked;
    bool witnesses_known;
    zc_cosigners witnesses;
    size_t witnesses_wanted; /* as many as the mission asks for */
    zc_cosigned cosigned;
    zc_progress progress;
} zc_verification;

static void advance(void *self, uint64_t entries)
{
    zc_progress_at(self, entries);
}

/* The mission with this hash, in force here or kept, when the folder has it. */
static const zc_mission *mission_of(const zc_invocation *invocation, const uint8_t hash[static 32])
{
    static zc_mission mission;
    ZC_BYTES zc_bytes compiled = {0};
    return zc_find_mission(invocation, hash, &compiled) &&
                   zc_ok(zc_mission_parse(zc_bytes_slice(&compiled), &mission))
               ? &mission
               : NULL;
}

/* The folder's mission names the founders, and the genesis entry commits to that mission: so many
 * of them must have signed as it asks for. Without the mission nobody here knows who they are. */
static bool expect_founders(const zc_invocation *invocation, zc_slice genesis,
                            zc_verification *verification)
{
    zc_log_check *check = &verification->check;
    const zc_mission *mission = mission_of(invocation, check->genesis.mission_hash);
    if (mission == NULL) {
        return true; /* print_verdict() says that the founders were not checked */
    }
    uint8_t founders[ZC_MISSION_MAX_PRINCIPALS][32];
    size_t count = 0;
    for (size_t i = 0; i < mission->principal_count; i++) {
        if ((mission->principals[i].roles & ZC_ROLE_FOUNDER) != 0) {
            memcpy(founders[count++], mission->principals[i].pubkey, 32);
        }
    }
    zc_genesis verified;
    zc_result signed_by = zc_genesis_verify(genesis, (const uint8_t(*)[32])founders, count,
                                            mission->founders_needed, &verified);
    verification->founders_checked = zc_ok(signed_by);
    return zc_ok(signed_by) || zc_log_check_fault(check, signed_by, "the genesis entry");
}

/* Those that the reader names must all have cosigned. Of the mission's, who did is told, and a
 * cosignature that is wrong is a fault; a checkpoint of this second may not have reached them yet.
 */
static bool expect_witnesses(const zc_invocation *invocation, zc_verification *verification)
{
    zc_log_check *check = &verification->check;
    zc_cosigners *witnesses = &verification->witnesses;
    const zc_mission *mission = witnesses->count > 0 || check->note.len == 0
                                    ? NULL
                                    : mission_of(invocation, check->verifier.mission);
    if (mission != NULL) {
        *witnesses = zc_cosigners_of(mission);
        verification->witnesses_wanted = witnesses->needed;
        witnesses->needed = 0;
    } else if (check->note.len == 0) {
        return witnesses->needed == 0 ||
               zc_log_check_fault(check, zc_fail(ZC_LOG_NO_COSIGNATURE), "the checkpoint");
    }
    verification->witnesses_known = witnesses->count > 0;
    zc_result found =
        zc_cosigners_check(witnesses, zc_bytes_slice(&check->note), &verification->cosigned);
    return zc_ok(found) || zc_log_check_fault(check, found, "the checkpoint");
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

static int print_json(const zc_verification *verification, bool valid)
{
    const zc_log_check *check = &verification->check;
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_bool(out, "valid", valid) &&
                   zc_json_set_u64(out, "entries", check->entries) &&
                   zc_json_set_text(out, "reason", valid ? "" : check->reason) &&
                   zc_json_set_u64(out, "boots", check->boots) &&
                   zc_json_set_u64(out, "under_checkpoint", check->covered) &&
                   zc_json_set_u64(out, "cosignatures", check->cosignatures) &&
                   zc_json_set_u64(out, "witnesses", valid ? verification->cosigned.found : 0) &&
                   zc_json_set_bool(out, "founders_checked", verification->founders_checked) &&
                   zc_json_set_bool(out, "hardware", valid && check->hardware) &&
                   zc_json_print(stdout, out);
    json_decref(out);
    return !printed ? ZC_EXIT_FAILED : valid ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
}

static void print_witnesses(const zc_verification *verification)
{
    const zc_cosigned *cosigned = &verification->cosigned;
    if (verification->witnesses_known) {
        (void)printf("witnesses: %zu of %zu cosigned the checkpoint", cosigned->found,
                     verification->witnesses.count);
        if (verification->witnesses_wanted > 0) {
            (void)printf("; the mission asks for %zu", verification->witnesses_wanted);
        }
        (void)puts("");
    } else if (cosigned->lines > 0) {
        (void)printf("witnesses: %zu lines of others on the checkpoint; nobody here knows whose: "
                     "name them with --witness\n",
                     cosigned->lines);
    } else {
        (void)puts("witnesses: none; a copy that was cut or put back looks as good as this one");
    }
}

static int print_verdict(const zc_invocation *invocation, const zc_verification *verification,
                         bool valid)
{
    const zc_log_check *check = &verification->check;
    if (invocation->json) {
        return print_json(verification, valid);
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
            (void)puts("tiles: each holds what the entries come to");
        }
        print_witnesses(verification);
        (void)puts(verification->founders_checked
                       ? "founders: as many as the mission asks for signed the genesis record"
                       : "founders: not checked, the mission that names them is not here");
        return ZC_EXIT_DONE;
    }
    zc_error error = {0};
    (void)zc_ok(zc_error_set(&error, ZC_SUPPORT_IO, "the log does not hold", check->reason,
                             "keep this copy as evidence and compare it with one kept elsewhere"));
    error.exit_code = ZC_EXIT_NOT_VERIFIED;
    return zc_fail_with(invocation, &error);
}

/* Where the log is: the folder's own journal with its tiles, a journal that is named, or a folder
 * of tiles that is. */
static bool find_log(const zc_invocation *invocation, zc_verification *verification)
{
    zc_log_check *check = &verification->check;
    const char *log = zc_option_value(invocation, "log");
    const char *root = zc_option_value(invocation, "root");
    const char *named = invocation->arguments > 0 ? invocation->argument[0] : NULL;
    char tile[ZC_PATH_SIZE];
    bool found = zc_in_dir(invocation, "platform/root.pem", verification->root) &&
                 zc_in_dir(invocation, "log/journal", verification->journal) &&
                 zc_in_dir(invocation, "log", verification->folder);
    check->root_pem = root != NULL ? root : verification->root;
    check->journal = log != NULL ? log : named == NULL ? verification->journal : NULL;
    check->tiles = named != NULL ? named : verification->folder;
    found = found && zc_path_join(check->tiles, "checkpoint", verification->checkpoint) &&
            zc_path_join(check->tiles, "tile", tile);
    check->checkpoint = log == NULL ? verification->checkpoint : NULL;
    if (log != NULL || (named == NULL && found && !zc_file_exists(tile))) {
        check->tiles = NULL;
    }
    return found;
}

static bool check_log(const zc_invocation *invocation, zc_verification *verification,
                      zc_error *error)
{
    zc_log_check *check = &verification->check;
    bool own = zc_option_value(invocation, "log") == NULL && invocation->arguments == 0;
    zc_slice genesis = {0};
    ZC_BYTES zc_bytes held = {0};
    if (!zc_log_check_open(check, &held, &genesis, error) ||
        !expect_founders(invocation, genesis, verification)) {
        return false;
    }
    zc_progress_begin(&verification->progress, "checking the log", check->covered);
    check->progress = advance;
    check->progress_self = &verification->progress;
    bool valid = zc_log_check_run(check, error);
    zc_progress_end(&verification->progress);
    return valid && expect_witnesses(invocation, verification) &&
           (!own || expect_deployment(invocation, check, error));
}

int zc_run_audit_verify(zc_invocation *invocation)
{
    static zc_verification verification;
    if (invocation->arguments > 0 && zc_is_proof_bundle(invocation->argument[0])) {
        return zc_verify_proof_bundle(invocation);
    }
    if (!find_log(invocation, &verification)) {
        return zc_fail_usage(invocation, "cannot read the log", "the path is too long");
    }
    if (!zc_cosigners_named(invocation, &verification.witnesses)) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "--witness wants a witness's key, name+id+base64");
    }
    zc_error error = {0};
    zc_log_check *check = &verification.check;
    bool valid = check_log(invocation, &verification, &error);
    zc_log_check_clear(check);
    if (!valid && check->reason[0] == '\0') {
        bool damage = zc_is(error.result, ZC_SUPPORT_JOURNAL_CORRUPT) ||
                      error.result.code >> 8 == ZC_MODULE_LOG;
        if (!damage) {
            return zc_fail_with(invocation, &error);
        }
        (void)snprintf(check->reason, sizeof check->reason, "%.120s: %.120s", error.what,
                       error.why);
    }
    return print_verdict(invocation, &verification, valid);
}
