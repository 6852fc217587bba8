/* `zcp audit replay`: decides again what the log says was decided, here, without an enclave; and,
 * under another mission, says which decisions it would have changed.
 *
 * The log is checked as it is read. Refusals that the log only counts are not in it one by one:
 * they spent nothing, so nothing rests on them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/checkpoint.h"
#include "audit/opening.h"
#include "audit/verifier.h"
#include "base/hex.h"
#include "codec/cbor.h"
#include "audit_replay.h"
#include "intent/intent_cbor.h"
#include "mission/compile.h"
#include "policy/policy.h"
#include "policy/score.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/reason.h"
#include "support/reasons.h"

const zc_option zc_audit_replay_options[] = {
    {"mission", "FILE", "what would change under this mission (YAML, or compiled)"},
    {"save", "FILE", "write the state where the newest checkpoint ends to FILE"},
    {"from", "FILE", "go on from a state that --save wrote, instead of from genesis"},
    {NULL, NULL, NULL},
};

/* One decision as the log's private groups have it. */
typedef struct zc_replayed {
    zc_slice principal;
    uint8_t pubkey[32];
    uint8_t leaf[32]; /* of the entry */
    zc_slice key_name;
    zc_slice rule;
    zc_slice asset;
    uint64_t use;
    uint64_t reason;
    zc_u256 measured;
    zc_u256 limit;
    zc_slice scores; /* as zc_scores_write() has them, or empty */
} zc_replayed;

static zc_result read_principal(zc_slice bytes, zc_replayed *ret)
{
    zc_reader reader = zc_reader_of(bytes);
    zc_slice organisation;
    size_t fields;
    ZC_TRY(zc_cbor_get_array(&reader, 3, &fields));
    ZC_TRY(zc_cbor_get_text(&reader, &ret->principal));
    ZC_TRY(zc_cbor_get_text(&reader, &organisation));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, ret->pubkey, sizeof ret->pubkey));
    return zc_reader_end(&reader);
}

static zc_result read_rule(zc_slice bytes, zc_replayed *ret)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t fields;
    ZC_TRY(zc_cbor_get_array(&reader, 8, &fields));
    ZC_TRY(zc_cbor_get_uint_max(&reader, UINT8_MAX, &ret->use));
    ZC_TRY(zc_cbor_get_text(&reader, &ret->key_name));
    ZC_TRY(zc_cbor_get_text(&reader, &ret->rule));
    ZC_TRY(zc_cbor_get_uint_max(&reader, UINT16_MAX, &ret->reason));
    ZC_TRY(zc_cbor_get_u256(&reader, &ret->measured));
    ZC_TRY(zc_cbor_get_u256(&reader, &ret->limit));
    ZC_TRY(zc_cbor_get_text(&reader, &ret->asset));
    ret->scores = zc_slice_of(NULL, 0);
    if (fields == 8) {
        ZC_TRY(zc_cbor_get_item(&reader, &ret->scores));
    }
    return zc_reader_end(&reader);
}

static const char *rule_name(const zc_mission *mission, const zc_decision *decision)
{
    return decision->rule == ZC_POLICY_NONE ? "" : mission->rules[decision->rule].name;
}

static const char *asset_name(const zc_mission *mission, const zc_decision *decision)
{
    return decision->asset == ZC_POLICY_NONE ? "" : mission->assets[decision->asset].name;
}

/* False: the mission knows no such principal, and would not even hear the request. */
static bool decide(zc_replay *replay, zc_replay_view *side, const zc_audit_entry *entry,
                   const zc_replayed *logged, zc_decision *ret_decision, zc_result *ret_result)
{
    zc_request_context context = {.key_name = logged->key_name,
                                  .use = (uint8_t)logged->use,
                                  .now_ms = (int64_t)entry->time_ms,
                                  .halted = replay->halted};
    memcpy(context.key_id, entry->key_id, sizeof context.key_id);
    if (!zc_mission_find_principal(&side->mission, logged->pubkey, &context.principal)) {
        return false;
    }
    *ret_result =
        zc_policy_decide(&side->policy, &side->mission, &context, &replay->intent, ret_decision);
    if (zc_ok(*ret_result) && ret_decision->outcome == ZC_OUTCOME_REVIEW) {
        *ret_result = zc_replay_keep(replay, side, &context, logged->leaf);
    }
    return true;
}

static bool same(const zc_mission *mission, const zc_audit_entry *entry, const zc_replayed *logged,
                 const zc_decision *decision)
{
    return (int)decision->outcome == (int)entry->decision && decision->reason == logged->reason &&
           zc_slice_eq_text(logged->rule, rule_name(mission, decision)) &&
           zc_slice_eq_text(logged->asset, asset_name(mission, decision)) &&
           zc_u256_cmp(&decision->measured, &logged->measured) == 0 &&
           zc_u256_cmp(&decision->limit, &logged->limit) == 0;
}

/* What the risk models said, and the features that they said it of. */
static bool same_scores(const zc_replay_view *side, const zc_replayed *logged,
                        const zc_decision *decision)
{
    uint8_t bytes[ZC_SCORES_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    if (decision->scored == 0) {
        return logged->scores.len == 0;
    }
    return zc_ok(zc_scores_write(&side->policy, &side->mission, decision, &writer)) &&
           zc_slice_eq(zc_writer_written(&writer), logged->scores);
}

static const char *outcome_name(int outcome)
{
    static const char *const names[] = {"none", "allow", "deny", "review"};
    return outcome >= 1 && outcome <= 3 ? names[outcome] : names[0];
}

static bool print_change(zc_replay *replay, const zc_audit_entry *entry, const zc_replayed *logged,
                         const char *now, const char *rule, uint16_t reason)
{
    const char *why = reason != 0 ? zc_reason_code_text(reason) : "";
    replay->changed++;
    if (!replay->invocation->json) {
        return printf("%" PRIu64 "  %.*s with %.*s: %s (%.*s) would be %s%s%s%s%s\n",
                      entry->sequence, (int)logged->principal.len,
                      (const char *)logged->principal.data, (int)logged->key_name.len,
                      (const char *)logged->key_name.data, outcome_name((int)entry->decision),
                      (int)logged->rule.len, (const char *)logged->rule.data, now,
                      *rule != 0 ? " by " : "", rule, *why != 0 ? ": " : "", why) > 0;
    }
    json_t *out = json_object();
    bool made = zc_json_set_u64(out, "entry", entry->sequence) &&
                zc_json_set_u64(out, "time_ms", entry->time_ms) &&
                zc_json_set_slice_text(out, "principal", logged->principal) &&
                zc_json_set_slice_text(out, "key", logged->key_name) &&
                zc_json_set_text(out, "was", outcome_name((int)entry->decision)) &&
                zc_json_set_slice_text(out, "was_rule", logged->rule) &&
                zc_json_set_text(out, "would_be", now) && zc_json_set_text(out, "rule", rule) &&
                zc_json_set_text(out, "reason", reason != 0 ? zc_reason_code_name(reason) : "") &&
                zc_json_print(stdout, out);
    json_decref(out);
    return made;
}

static bool fault(zc_replay *replay, uint64_t sequence, const char *why)
{
    (void)snprintf(replay->fault, sizeof replay->fault, "entry %" PRIu64 ": %s", sequence, why);
    return false;
}

static bool replay_own(zc_replay *replay, const zc_audit_entry *entry, const zc_replayed *logged)
{
    zc_decision decision;
    zc_result result;
    if (!decide(replay, &replay->own, entry, logged, &decision, &result)) {
        return fault(replay, entry->sequence, "the mission has no such principal");
    }
    if (!zc_ok(result)) {
        return fault(replay, entry->sequence, zc_reason_text(result));
    }
    return (same(&replay->own.mission, entry, logged, &decision) &&
            same_scores(&replay->own, logged, &decision)) ||
           fault(replay, entry->sequence, "replaying gives another decision than the log records");
}

static bool replay_proposed(zc_replay *replay, const zc_audit_entry *entry,
                            const zc_replayed *logged)
{
    zc_decision decision;
    zc_result result;
    const zc_mission *mission = &replay->proposed.mission;
    if (!decide(replay, &replay->proposed, entry, logged, &decision, &result)) {
        return print_change(replay, entry, logged, "refused: no such principal", "", 0);
    }
    if (!zc_ok(result)) {
        return print_change(replay, entry, logged, "refused", "", result.code);
    }
    bool changes = (int)decision.outcome != (int)entry->decision;
    return !changes || print_change(replay, entry, logged, outcome_name(decision.outcome),
                                    rule_name(mission, &decision), decision.reason);
}

static zc_result read_decision(zc_replay *replay, const zc_audit_opening *opening,
                               const uint8_t leaf[static 32], zc_replayed *ret)
{
    ZC_TRY(read_principal(opening->group[ZC_AUDIT_PRINCIPAL].bytes, ret));
    ZC_TRY(read_rule(opening->group[ZC_AUDIT_RULE].bytes, ret));
    memcpy(ret->leaf, leaf, sizeof ret->leaf);
    return zc_intent_read(opening->group[ZC_AUDIT_INTENT].bytes, &replay->intent);
}

zc_result zc_replay_decide_again(zc_replay *replay, const zc_audit_entry *entry,
                                 const zc_audit_opening *opening, const uint8_t leaf[static 32])
{
    zc_replayed logged;
    zc_decision decision;
    zc_result result = ZC_OK;
    ZC_TRY(read_decision(replay, opening, leaf, &logged));
    (void)decide(replay, &replay->own, entry, &logged, &decision, &result);
    return result;
}

static bool take_decision(zc_replay *replay, const zc_audit_entry *entry, zc_slice bytes,
                          const uint8_t leaf[static 32])
{
    zc_audit_opening opening = {0};
    zc_replayed logged;
    zc_result read = zc_audit_opening_read(bytes, &opening);
    read = zc_ok(read) ? zc_audit_opening_check(&opening, entry) : read;
    for (size_t i = 0; zc_ok(read) && i < ZC_AUDIT_GROUPS; i++) {
        if (!opening.group[i].open) {
            return fault(replay, entry->sequence,
                         "a private group is closed: only the whole log can be replayed");
        }
    }
    read = zc_ok(read) ? read_decision(replay, &opening, leaf, &logged) : read;
    if (!zc_ok(read)) {
        return fault(replay, entry->sequence, zc_reason_text(read));
    }
    replay->decisions++;
    return replay_own(replay, entry, &logged) &&
           (!replay->proposes || replay_proposed(replay, entry, &logged));
}

/* Where the checkpoint ends, the state must be the one that the enclave vouched for. */
static bool check_state(zc_replay *replay)
{
    if (!replay->has_checkpoint || replay->verifier.log.next != replay->checkpoint_size) {
        return true;
    }
    uint8_t digest[32];
    zc_policy_state *state = &replay->own.policy;
    const int64_t logged_ms = state->now_ms;
    zc_policy_clock(state, replay->checkpoint_clock);
    zc_policy_digest(state, &replay->own.mission, digest);
    state->now_ms = logged_ms; /* what follows in the log has only the log's times */
    replay->state_checked = true;
    return memcmp(digest, replay->checkpoint_policy, sizeof digest) == 0 ||
           fault(replay, replay->checkpoint_size - 1,
                 "the policy's state is not the one in the checkpoint");
}

/* The checker of the log has seen that this entry may be of another mission than the one before. */
static bool follow_mission(zc_replay *replay, const zc_audit_entry *entry)
{
    bool same = memcmp(entry->mission, replay->mission_hash, sizeof entry->mission) == 0;
    if (replay->has_mission && same) {
        return true;
    }
    replay->changes += replay->has_mission;
    zc_result loaded = replay->has_mission
                           ? zc_replay_change_over(replay, entry->mission, entry->sequence)
                           : zc_replay_load_mission(replay, entry->mission);
    if (zc_is(loaded, ZC_SUPPORT_NOT_FOUND)) {
        return fault(replay, entry->sequence,
                     "its mission is not in this folder: put it into D/mission as HASH.cbor");
    }
    return zc_ok(loaded) || fault(replay, entry->sequence, zc_reason_text(loaded));
}

static bool take(zc_replay *replay, const zc_journal_record *record)
{
    zc_audit_entry entry;
    uint8_t leaf[32];
    uint64_t sequence = replay->verifier.log.next;
    zc_result fed = zc_audit_verifier_feed(&replay->verifier, record->entry, &entry, leaf);
    if (!zc_ok(fed)) {
        return fault(replay, sequence, zc_reason_text(fed));
    }
    replay->halted = replay->verifier.halted;
    if (!follow_mission(replay, &entry)) {
        return false;
    }
    if (entry.kind == ZC_AUDIT_DECISION) {
        return take_decision(replay, &entry, record->opening, leaf) && check_state(replay);
    }
    zc_result changed = zc_replay_take_change(replay, &entry, record->opening);
    return zc_ok(changed) ? check_state(replay) : fault(replay, sequence, zc_reason_text(changed));
}

/* Where the checkpoint ends, and all of it was right so far. */
static zc_result save_here(zc_replay *replay, uint64_t offset, zc_error *error)
{
    if (replay->save == NULL || !replay->has_checkpoint ||
        replay->verifier.log.next != replay->checkpoint_size) {
        return ZC_OK;
    }
    replay->saved = true;
    return zc_replay_save(replay, offset, error);
}

static int run(zc_replay *replay)
{
    char path[ZC_PATH_SIZE];
    zc_error error = {0};
    zc_journal_reader reader;
    zc_progress progress;
    if (!zc_in_dir(replay->invocation, "log/journal", path)) {
        return zc_fail_usage(replay->invocation, "cannot read the log", "the path is too long");
    }
    zc_result result = zc_journal_reader_open(path, &reader, &error);
    if (!zc_ok(result)) {
        return zc_fail_with(replay->invocation, &error);
    }
    if (replay->from > 0) {
        zc_journal_reader_seek(&reader, replay->from_offset, replay->from);
    }
    bool end = false;
    bool good = true;
    zc_progress_begin(&progress, "replaying the log", replay->checkpoint_size);
    while (good && !end && zc_ok(result)) {
        zc_journal_record record;
        result = zc_journal_reader_next(&reader, &record, &end, &error);
        good = !zc_ok(result) || end || take(replay, &record);
        if (zc_ok(result) && good && !end) {
            result = save_here(replay, reader.offset, &error);
        }
        zc_progress_at(&progress, replay->verifier.log.next);
    }
    zc_progress_end(&progress);
    zc_journal_reader_close(&reader);
    return zc_ok(result) ? ZC_EXIT_DONE : zc_fail_with(replay->invocation, &error);
}

/* The newest checkpoint's "policy <hex> <ms>". A folder without one is replayed all the same. */
static void read_checkpoint(zc_replay *replay)
{
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes note = {0};
    zc_note parsed;
    zc_checkpoint_lines lines;
    if (!zc_in_dir(replay->invocation, "log/checkpoint", path) ||
        !zc_ok(zc_file_read(path, ZC_NOTE_MAX, &note, NULL)) ||
        !zc_ok(zc_note_parse(zc_bytes_slice(&note), &parsed)) ||
        !zc_ok(zc_checkpoint_split(parsed.text, &lines))) {
        return;
    }
    replay->has_checkpoint = zc_replay_policy_line(lines.extension, replay->checkpoint_policy,
                                                   &replay->checkpoint_clock);
    replay->checkpoint_size = lines.size;
}

static int parse(const zc_invocation *invocation, zc_slice compiled, zc_replay_view *side)
{
    zc_error error = {0};
    zc_result parsed = zc_mission_parse(compiled, &side->mission);
    if (!zc_ok(parsed)) {
        zc_result set = zc_error_from(&error, parsed, "cannot use the mission",
                                      "compile it again with this version");
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    zc_policy_init(&side->policy, &side->mission);
    return ZC_EXIT_DONE;
}

static int load_proposed(zc_replay *replay, const char *file)
{
    static zc_report report;
    char credentials[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes text = {0};
    ZC_BYTES zc_bytes compiled = {0};
    zc_error error = {0};
    replay->proposes = true;
    if (!zc_ok(zc_file_read(file, ZC_MISSION_FILE_MAX, &text, &error))) {
        return zc_fail_with(replay->invocation, &error);
    }
    if (text.len > 0 && text.data[0] >= 0x80) {
        return parse(replay->invocation, zc_bytes_slice(&text), &replay->proposed);
    }
    bool joined = zc_in_dir(replay->invocation, "credentials", credentials);
    zc_mission_source source = {
        .file = file, .text = zc_bytes_slice(&text), .credentials = joined ? credentials : NULL};
    zc_report_init(&report, file);
    if (!zc_ok(zc_mission_compile(&source, &compiled, &report))) {
        zc_report_print(stderr, &report);
        return ZC_EXIT_FAILED;
    }
    return parse(replay->invocation, zc_bytes_slice(&compiled), &replay->proposed);
}

static int report(const zc_replay *replay)
{
    bool good = replay->fault[0] == '\0';
    uint64_t entries = replay->verifier.log.next;
    if (replay->invocation->json) {
        json_t *out = json_object();
        bool made = zc_json_set_bool(out, "valid", good) &&
                    zc_json_set_u64(out, "entries", entries) &&
                    zc_json_set_u64(out, "from", replay->from) &&
                    zc_json_set_u64(out, "decisions", replay->decisions) &&
                    zc_json_set_u64(out, "mission_changes", replay->changes) &&
                    zc_json_set_bool(out, "state_checked", replay->state_checked) &&
                    zc_json_set_text(out, "reason", replay->fault) &&
                    (!replay->proposes || zc_json_set_u64(out, "changed", replay->changed)) &&
                    zc_json_print(stdout, out);
        json_decref(out);
        return !made ? ZC_EXIT_FAILED : good ? ZC_EXIT_DONE : ZC_EXIT_NOT_VERIFIED;
    }
    if (!good) {
        (void)printf("The log does not replay: %s.\n", replay->fault);
        return ZC_EXIT_NOT_VERIFIED;
    }
    (void)printf("%" PRIu64 " decisions in %" PRIu64
                 " entries came out as the log records them%s.\n",
                 replay->decisions, entries,
                 replay->state_checked ? ", and the policy's state is the checkpoint's" : "");
    if (replay->changes > 0) {
        (void)printf("The mission was changed %" PRIu64
                     " times, each time by the quorum of the one before.\n",
                     replay->changes);
    }
    if (replay->proposes) {
        (void)printf("The proposed mission would change %" PRIu64 " of them.\n", replay->changed);
    }
    return ZC_EXIT_DONE;
}

/* What was asked for, and where it begins. */
static int prepare(zc_replay *replay)
{
    zc_error error = {0};
    const char *file = zc_option_value(replay->invocation, "mission");
    const char *from = zc_option_value(replay->invocation, "from");
    replay->save = zc_option_value(replay->invocation, "save");
    if (file != NULL && from != NULL) {
        return zc_fail_usage(replay->invocation, "cannot replay under another mission from there",
                             "what that mission would have made of the log before is not known");
    }
    int code = ZC_EXIT_DONE;
    if (file != NULL) {
        code = load_proposed(replay, file);
    }
    if (code == ZC_EXIT_DONE && from != NULL &&
        !zc_ok(zc_replay_go_on_from(replay, from, &error))) {
        code = zc_fail_with(replay->invocation, &error);
    }
    return code;
}

static int finish(const zc_replay *replay)
{
    if (replay->save == NULL || replay->saved || replay->fault[0] != '\0') {
        return report(replay);
    }
    zc_error error = {0};
    (void)zc_error_set(&error, ZC_AUDIT_BAD_CHECKPOINT, "cannot save the state",
                       "no checkpoint with the policy's digest ends in what was replayed",
                       "run `zcp down`, which makes one, and try again");
    return zc_fail_with(replay->invocation, &error);
}

int zc_run_audit_replay(zc_invocation *invocation)
{
    zc_replay *replay = calloc(1, sizeof *replay);
    void *keys = calloc(1, ZC_AUDIT_KEYS_SIZE(ZC_AUDIT_KEYS_MAX));
    if (replay == NULL || keys == NULL) {
        free(replay);
        free(keys);
        return ZC_EXIT_FAILED;
    }
    replay->invocation = invocation;
    replay->keys = keys;
    zc_audit_verifier_init(&replay->verifier, keys, ZC_AUDIT_KEYS_MAX);
    int code = prepare(replay);
    if (code == ZC_EXIT_DONE) {
        read_checkpoint(replay);
        code = run(replay);
    }
    code = code == ZC_EXIT_DONE ? finish(replay) : code;
    free(replay->keys);
    free(replay);
    return code;
}
