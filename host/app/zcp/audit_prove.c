/* `zcp audit prove SEQ|DIGEST|FILE`: one file that proves one entry, and `zcp audit redact`, which
 * closes a group of a copy for ever. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_place.h"
#include "base/hex.h"
#include "codec/cbor.h"
#include "commands.h"
#include "crypto/hash.h"
#include "log/bundle.h"
#include "payload.h"
#include "policy/mission.h"
#include "support/journal.h"
#include "support/json.h"
#include "support/reasons.h"

const zc_option zc_audit_prove_options[] = {
    {"o", "FILE", "where the proof goes (default: proof-SEQ.zcp)"},
    {"disclose", "GROUPS",
     "what the reader may see: principal,intent,rule,mission (default: nothing)"},
    {NULL, NULL, NULL},
};

const zc_option zc_audit_redact_options[] = {
    {"group", "GROUP", "principal, intent or rule"},
    {"log", "FILE", "a copy of a journal"},
    {"o", "FILE", "where the copy without the group goes"},
    {NULL, NULL, NULL},
};

/* More than the heads of arrays and strings, and the proof's name, come to. */
#define HEADS ((size_t)128)

static const char *const group_names[ZC_AUDIT_GROUPS] = {"principal", "intent", "rule"};

typedef struct zc_prover {
    zc_audit_place place;
    zc_log_index *log_index;
    zc_bytes held[3]; /* the bundles that the three entries are in */
    zc_bytes opening;
    zc_bytes root_pem;
    zc_bytes mission;
} zc_prover;

static void clear(zc_prover *prover)
{
    zc_log_index_close(prover->log_index);
    zc_audit_place_clear(&prover->place);
    for (size_t i = 0; i < 3; i++) {
        zc_bytes_clear(&prover->held[i]);
    }
    zc_bytes_clear(&prover->opening);
    zc_bytes_clear(&prover->root_pem);
    zc_bytes_clear(&prover->mission);
}

/* What may be seen: the groups, and behind them the mission. */
enum { DISCLOSE_MISSION = ZC_AUDIT_GROUPS, DISCLOSED };

static bool groups_of(const char *list, bool ret_group[static DISCLOSED])
{
    static const char *const names[DISCLOSED] = {"principal", "intent", "rule", "mission"};
    char text[64];
    if (list == NULL) {
        return true;
    }
    if (strlen(list) >= sizeof text) {
        return false;
    }
    memcpy(text, list, strlen(list) + 1);
    for (char *word = strtok(text, ","); word != NULL; word = strtok(NULL, ",")) {
        bool known = false;
        for (size_t i = 0; i < DISCLOSED; i++) {
            if (strcmp(word, names[i]) == 0) {
                ret_group[i] = known = true;
            }
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

static zc_result open_prover(const zc_invocation *invocation, zc_prover *prover, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_TRY(zc_audit_place_of(invocation, &prover->place, error));
    ZC_TRY(zc_audit_place_checkpoint(&prover->place, error));
    /* A development platform's root goes along; AWS's everybody has. */
    if (zc_in_dir(invocation, "platform/root.pem", path) && zc_file_exists(path)) {
        ZC_TRY(zc_file_read(path, ZC_PROOF_ROOT_MAX, &prover->root_pem, error));
    }
    zc_scan_source source = zc_audit_place_source(&prover->place);
    return zc_log_index_open(prover->place.index, &source, &prover->log_index, error);
}

/* A number, 32 bytes of hex, or the file of an unsigned EVM transaction as `sign tx` took it. */
static zc_result find_entry(const zc_invocation *invocation, zc_prover *prover,
                            zc_indexed *ret_found, zc_error *error)
{
    const char *text = invocation->argument[0];
    const char *hex = strncmp(text, "0x", 2) == 0 ? text + 2 : text;
    uint8_t digest[32];
    zc_result found;
    if (strlen(hex) == 64 && zc_ok(zc_hex_decode(zc_slice_of_text(hex), digest, sizeof digest))) {
        found = zc_log_index_digest(prover->log_index, digest, ret_found);
    } else if (text[strspn(text, "0123456789")] == '\0' && strlen(text) < 20) {
        found = zc_log_index_sequence(prover->log_index, strtoull(text, NULL, 10), ret_found);
    } else {
        ZC_BYTES zc_bytes payload = {0};
        if (zc_payload_read(invocation, 0, true, &payload) != ZC_EXIT_DONE) {
            return zc_fail(ZC_SUPPORT_NOT_FOUND); /* said already */
        }
        zc_keccak256(zc_bytes_slice(&payload), digest);
        found = zc_log_index_digest(prover->log_index, digest, ret_found);
    }
    return zc_ok(found) ? ZC_OK
                        : zc_error_from(error, found, "cannot prove the entry",
                                        "`zcp audit tail` shows what is in the log");
}

static zc_result prove_one(zc_prover *prover, uint64_t sequence, size_t held,
                           zc_proven_entry *entry, zc_error *error)
{
    ZC_TILE_TREE zc_tile_tree tree = {.folder = prover->place.folder, .size = prover->place.size};
    ZC_TRY(zc_folder_entry(prover->place.folder, prover->place.size, sequence, &prover->held[held],
                           &entry->bytes, error));
    return zc_tile_tree_inclusion(&tree, sequence, entry->proof, &entry->count, error);
}

/* The opening with the groups that may be seen, out of the journal. */
static zc_result disclose(zc_prover *prover, const zc_indexed *found, const bool *group,
                          zc_error *error)
{
    zc_journal_reader reader;
    zc_journal_record record;
    zc_audit_opening opening = {0};
    bool end = true;
    if (!group[0] && !group[1] && !group[2]) {
        return ZC_OK;
    }
    ZC_TRY(zc_journal_reader_open(prover->place.journal, &reader, error));
    reader.offset = reader.buffered_at = found->offset;
    zc_result read = zc_journal_reader_next(&reader, &record, &end, error);
    if (zc_ok(read) && !end && record.opening.len > 0) {
        read = zc_audit_opening_read(record.opening, &opening);
    }
    for (size_t i = 0; zc_ok(read) && i < ZC_AUDIT_GROUPS; i++) {
        if (group[i] && !opening.group[i].open) {
            read = zc_error_from(error, zc_fail(ZC_LOG_CLOSED_GROUP), "cannot disclose",
                                 "leave it out of --disclose");
        }
        opening.group[i].open = opening.group[i].open && group[i];
    }
    if (zc_ok(read) && !zc_bytes_reserve(&prover->opening, (size_t)(ZC_AUDIT_OPENING_MAX))) {
        read = zc_fail(ZC_SUPPORT_NO_MEMORY);
    }
    if (zc_ok(read)) {
        zc_writer out = zc_writer_of(prover->opening.data, (size_t)(ZC_AUDIT_OPENING_MAX));
        read = zc_audit_opening_write(&opening, &out);
        prover->opening.len = zc_writer_len(&out);
    }
    zc_journal_reader_close(&reader);
    return read;
}

/* The folder's mission, with the limits and the witnesses in it; zc_proof_check() holds it against
 * the entry. */
static zc_result take_mission(const zc_invocation *invocation, zc_prover *prover, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    return zc_in_dir(invocation, "mission.cbor", path)
               ? zc_file_read(path, ZC_MISSION_MAX_BYTES, &prover->mission, error)
               : zc_fail(ZC_SUPPORT_BAD_ARGUMENT);
}

/* An entry with its proof, each hash behind two bytes of CBOR. */
static size_t room_of(const zc_proven_entry *proven)
{
    return proven->bytes.len + 34 * proven->count + HEADS;
}

static zc_result make(zc_prover *prover, const zc_indexed *found, const bool *group,
                      zc_bytes *ret_file, zc_error *error)
{
    static zc_proof_bundle bundle;
    zc_indexed boot;
    zc_result booted = zc_log_index_boot(prover->log_index, found->sequence, &boot);
    if (!zc_ok(booted)) {
        return zc_error_from(error, booted, "cannot find the entry's boot", "");
    }
    ZC_TRY(prove_one(prover, found->sequence, 0, &bundle.entry, error));
    ZC_TRY(prove_one(prover, boot.sequence, 1, &bundle.boot, error));
    ZC_TRY(prove_one(prover, 0, 2, &bundle.genesis, error));
    ZC_TRY(disclose(prover, found, group, error));
    bundle.opening = zc_bytes_slice(&prover->opening);
    bundle.checkpoint = zc_bytes_slice(&prover->place.note);
    bundle.root_pem = zc_bytes_slice(&prover->root_pem);
    bundle.mission = zc_bytes_slice(&prover->mission);
    static zc_proof_facts facts;
    zc_result holds = zc_proof_check(&bundle, &facts);
    if (!zc_ok(holds)) {
        return zc_error_from(error, holds, "the proof would not hold",
                             zc_is(holds, ZC_LOG_MISSION_MISMATCH)
                                 ? "leave the mission out of --disclose: the entry is of another"
                                 : "run `zcp audit verify`");
    }
    /* Its memory is wiped page by page at the end: no more of it than is needed. */
    size_t room = room_of(&bundle.entry) + room_of(&bundle.boot) + room_of(&bundle.genesis) +
                  HEADS + prover->opening.len + prover->place.note.len + prover->root_pem.len +
                  prover->mission.len;
    if (!zc_bytes_reserve(ret_file, room)) {
        return zc_fail(ZC_SUPPORT_NO_MEMORY);
    }
    zc_writer out = zc_writer_of(ret_file->data, room);
    zc_result written = zc_proof_write(&bundle, &out);
    ret_file->len = zc_writer_len(&out);
    return zc_ok(written) ? ZC_OK : zc_error_from(error, written, "cannot write the proof", "");
}

static int say(const zc_invocation *invocation, const char *path, uint64_t sequence, size_t len)
{
    if (!invocation->json) {
        (void)printf("Wrote the proof of entry %llu to %s (%zu bytes). `zcp audit verify %s` "
                     "checks it, anywhere.\n",
                     (unsigned long long)sequence, path, len, path);
        return ZC_EXIT_DONE;
    }
    json_t *out = json_object();
    bool printed = out != NULL && zc_json_set_u64(out, "sequence", sequence) &&
                   zc_json_set_text(out, "file", path) && zc_json_print(stdout, out);
    json_decref(out);
    return printed ? ZC_EXIT_DONE : ZC_EXIT_FAILED;
}

int zc_run_audit_prove(zc_invocation *invocation)
{
    static zc_prover prover;
    bool group[DISCLOSED] = {false};
    char name[64];
    zc_error error = {0};
    zc_indexed found = {0};
    ZC_BYTES zc_bytes file = {0};
    if (!groups_of(zc_option_value(invocation, "disclose"), group)) {
        return zc_fail_usage(
            invocation, "cannot read the command line",
            "--disclose wants principal, intent, rule and mission, with commas between");
    }
    zc_result made = open_prover(invocation, &prover, &error);
    made = zc_ok(made) ? find_entry(invocation, &prover, &found, &error) : made;
    if (zc_ok(made) && group[DISCLOSE_MISSION]) {
        made = take_mission(invocation, &prover, &error);
    }
    made = zc_ok(made) ? make(&prover, &found, group, &file, &error) : made;
    const char *path = zc_option_value(invocation, "o");
    if (path == NULL) {
        (void)snprintf(name, sizeof name, "proof-%llu.zcp", (unsigned long long)found.sequence);
        path = name;
    }
    if (zc_ok(made)) {
        made = zc_file_write(path, zc_bytes_slice(&file), 0644, &error);
    }
    clear(&prover);
    if (!zc_ok(made) && error.what[0] == '\0') {
        made = zc_error_from(&error, made, "cannot prove the entry", "run `zcp audit verify`");
    }
    return zc_ok(made) ? say(invocation, path, found.sequence, file.len)
                       : zc_fail_with(invocation, &error);
}

/* The frame again, with one group closed. */
static zc_result redact_frame(const zc_journal_record *record, size_t group, zc_writer *out)
{
    static uint8_t opening_bytes[ZC_AUDIT_OPENING_MAX];
    zc_audit_opening opening = {0};
    zc_writer shorter = ZC_WRITER_OF_ARRAY(opening_bytes);
    zc_slice left = record->opening;
    if (group < ZC_AUDIT_GROUPS && record->opening.len > 0) {
        ZC_TRY(zc_audit_opening_read(record->opening, &opening));
        opening.group[group] = (zc_audit_opened){0};
        ZC_TRY(zc_audit_opening_write(&opening, &shorter));
        left = zc_writer_written(&shorter);
    }
    uint8_t *head;
    ZC_TRY(zc_write_reserve(out, 4, &head));
    size_t before = zc_writer_len(out);
    ZC_TRY(zc_cbor_put_array(out, 3));
    ZC_TRY(zc_cbor_put_bytes(out, record->entry));
    ZC_TRY(zc_cbor_put_bytes(out, left));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(record->tag)));
    zc_writer length = zc_writer_of(head, 4);
    return zc_write_u32(&length, (uint32_t)(zc_writer_len(out) - before));
}

static zc_result redact(zc_journal_reader *reader, FILE *out, uint64_t sequence, size_t group,
                        zc_error *error)
{
    static uint8_t frame[ZC_JOURNAL_MAX_FRAME + 64];
    for (;;) {
        zc_journal_record record;
        bool end = false;
        uint64_t at = reader->index;
        ZC_TRY(zc_journal_reader_next(reader, &record, &end, error));
        if (end) {
            return reader->index > sequence
                       ? ZC_OK
                       : zc_error_from(error, zc_fail(ZC_LOG_NO_SUCH_ENTRY), "cannot redact", "");
        }
        zc_writer writer = ZC_WRITER_OF_ARRAY(frame);
        zc_result made = redact_frame(&record, at == sequence ? group : ZC_AUDIT_GROUPS, &writer);
        if (!zc_ok(made)) {
            return zc_error_from(error, made, "cannot redact the entry", "run `zcp audit verify`");
        }
        if (fwrite(frame, 1, zc_writer_len(&writer), out) != zc_writer_len(&writer)) {
            return zc_error_set(error, ZC_SUPPORT_DISK_FULL, "cannot write the copy",
                                "the file system takes no more", "make room");
        }
    }
}

int zc_run_audit_redact(zc_invocation *invocation)
{
    const char *log = zc_option_value(invocation, "log");
    const char *path = zc_option_value(invocation, "o");
    const char *name = zc_option_value(invocation, "group");
    size_t group = 0;
    char *end;
    uint64_t sequence = strtoull(invocation->argument[0], &end, 10);
    while (name != NULL && group < ZC_AUDIT_GROUPS && strcmp(name, group_names[group]) != 0) {
        group++;
    }
    if (log == NULL || path == NULL || name == NULL || group == ZC_AUDIT_GROUPS || *end != '\0' ||
        strcmp(log, path) == 0) {
        return zc_fail_usage(invocation, "cannot read the command line",
                             "a sequence, --log COPY, --group and -o for another file are wanted");
    }
    zc_error error = {0};
    zc_journal_reader reader;
    if (!zc_ok(zc_journal_reader_open(log, &reader, &error))) {
        return zc_fail_with(invocation, &error);
    }
    FILE *out = fopen(path, "wxe");
    zc_result done = out == NULL ? zc_error_errno(&error, errno, "cannot write", path)
                                 : redact(&reader, out, sequence, group, &error);
    if (out != NULL && fclose(out) != 0 && zc_ok(done)) {
        done = zc_error_errno(&error, errno, "cannot write", path);
    }
    zc_journal_reader_close(&reader);
    return zc_ok(done) ? ZC_EXIT_DONE : zc_fail_with(invocation, &error);
}
