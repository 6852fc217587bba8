/* `zcp audit replay --save FILE` and `--from FILE`: the state where a checkpoint ends.
 *
 *   ["zcp-replay-v2", mission hash, checkpoint's note, offset in the journal of the entry after it,
 *    checker's state, policy's state, the mission's change that is under way]
 *
 * canonical CBOR (audit/verifier_state.h, policy/snapshot.h). The file proves itself: the log key
 * of the folder's genesis signed the root that the checker's tree must have, and the digest that
 * the policy's state must have. What neither covers (the counters of keys) is held against the
 * next entries, and a forged one shows there. */
#include "audit_replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "attest/genesis.h"
#include "audit/verifier_state.h"
#include "base/hex.h"
#include "codec/cbor.h"
#include "policy/snapshot.h"
#include "support/file.h"
#include "support/reason.h"

#define LABEL "zcp-replay-v2"
#define ITEMS 7
#define FILE_MAX (ZC_POLICY_SNAPSHOT_MAX + ZC_AUDIT_VERIFIER_STATE_MAX(ZC_AUDIT_KEYS_MAX) + 65536)

bool zc_replay_policy_line(zc_slice extension, uint8_t ret_digest[static 32], int64_t *ret_ms)
{
    char text[128];
    char hex[65];
    if (extension.len >= sizeof text) {
        return false;
    }
    memcpy(text, extension.data, extension.len);
    text[extension.len] = '\0';
    return sscanf(text, "policy %64[0-9a-f] %" SCNd64, hex, ret_ms) == 2 &&
           zc_ok(zc_hex_decode(zc_slice_of_text(hex), ret_digest, 32));
}

static zc_result write_state(const zc_replay *replay, zc_slice note, uint64_t offset,
                             zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, ITEMS));
    ZC_TRY(zc_cbor_put_text(writer, zc_slice_of_text(LABEL)));
    ZC_TRY(zc_cbor_put_bytes(writer, ZC_SLICE_OF_ARRAY(replay->mission_hash)));
    ZC_TRY(zc_cbor_put_bytes(writer, note));
    ZC_TRY(zc_cbor_put_uint(writer, offset));
    ZC_TRY(zc_audit_verifier_write(&replay->verifier, writer));
    ZC_TRY(zc_policy_snapshot_write(&replay->own.policy, &replay->own.mission, writer));
    return zc_change_write(&replay->change, writer);
}

zc_result zc_replay_save(const zc_replay *replay, uint64_t offset, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes note = {0};
    ZC_BYTES zc_bytes room = {0};
    if (!zc_in_dir(replay->invocation, "log/checkpoint", path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot read the checkpoint", NULL);
    }
    ZC_TRY(zc_file_read(path, ZC_NOTE_MAX, &note, error));
    if (!zc_bytes_reserve(&room, FILE_MAX)) {
        return zc_error_errno(error, ENOMEM, "cannot write the state down", replay->save);
    }
    zc_writer writer = zc_writer_of(room.data, FILE_MAX);
    zc_result written = write_state(replay, zc_bytes_slice(&note), offset, &writer);
    if (!zc_ok(written)) {
        return zc_error_from(error, written, "cannot write the state down", "try another file");
    }
    return zc_file_write(replay->save, zc_writer_written(&writer), 0600, error);
}

/* Who signs this log: the genesis that it begins with says so. */
static zc_result read_genesis(const char *journal, zc_genesis_record *ret_record, zc_error *error)
{
    zc_journal_reader reader;
    zc_journal_record record;
    zc_audit_entry entry;
    bool end = true;
    ZC_TRY(zc_journal_reader_open(journal, &reader, error));
    zc_result result = zc_journal_reader_next(&reader, &record, &end, error);
    result = zc_ok(result) && end ? zc_fail(ZC_AUDIT_BAD_BEGINNING) : result;
    result = zc_ok(result) ? zc_audit_entry_read(record.entry, &entry) : result;
    result = zc_ok(result) ? zc_genesis_record_parse(entry.detail, ret_record) : result;
    zc_journal_reader_close(&reader);
    return result;
}

/* The note's signature, and that the two states are those that it covers. */
static zc_result check(const zc_replay *replay, const zc_genesis_record *genesis, zc_slice note)
{
    zc_audit_checkpoint checkpoint;
    uint8_t root[32];
    uint8_t digest[32];
    uint8_t signed_digest[32];
    int64_t clock_ms;
    ZC_TRY(zc_audit_checkpoint_verify(note, genesis->genesis.deployment_id,
                                      genesis->genesis.log_key, &checkpoint));
    zc_audit_log_root(&replay->verifier.log, root);
    zc_policy_digest(&replay->own.policy, &replay->own.mission, digest);
    bool covered = zc_replay_policy_line(checkpoint.extension, signed_digest, &clock_ms) &&
                   replay->verifier.log.next == checkpoint.size &&
                   memcmp(root, checkpoint.root, sizeof root) == 0 &&
                   memcmp(digest, signed_digest, sizeof digest) == 0;
    return covered ? ZC_OK : zc_fail(ZC_AUDIT_ROOT_MISMATCH);
}

static zc_result take(zc_replay *replay, zc_slice bytes, const zc_genesis_record *genesis)
{
    zc_reader reader = zc_reader_of(bytes);
    size_t items;
    zc_slice label;
    zc_slice note;
    uint8_t mission[32];
    ZC_TRY(zc_cbor_get_array(&reader, ITEMS, &items));
    ZC_TRY(zc_cbor_get_text(&reader, &label));
    ZC_TRY(zc_cbor_get_fixed_bytes(&reader, mission, sizeof mission));
    if (items != ITEMS || !zc_slice_eq_text(label, LABEL)) {
        return zc_fail(ZC_AUDIT_BAD_SHAPE);
    }
    if (!zc_ok(zc_replay_load_mission(replay, mission))) {
        return zc_fail(ZC_AUDIT_MISSION_CHANGED);
    }
    ZC_TRY(zc_cbor_get_bytes(&reader, &note));
    ZC_TRY(zc_cbor_get_uint(&reader, &replay->from_offset));
    ZC_TRY(zc_audit_verifier_read(&replay->verifier, &reader));
    ZC_TRY(zc_policy_snapshot_read(&replay->own.policy, &replay->own.mission, &reader));
    ZC_TRY(zc_change_read(&reader, &replay->change));
    ZC_TRY(zc_reader_end(&reader));
    memcpy(replay->deployment_id, genesis->genesis.deployment_id, sizeof replay->deployment_id);
    return check(replay, genesis, note);
}

zc_result zc_replay_go_on_from(zc_replay *replay, const char *file, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    zc_genesis_record genesis;
    ZC_BYTES zc_bytes bytes = {0};
    if (!zc_in_dir(replay->invocation, "log/journal", path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot read the log", NULL);
    }
    ZC_TRY(zc_file_read(file, FILE_MAX, &bytes, error));
    zc_result taken = read_genesis(path, &genesis, error);
    taken = zc_ok(taken) ? take(replay, zc_bytes_slice(&bytes), &genesis) : taken;
    if (!zc_ok(taken)) {
        zc_result set =
            zc_error_from(error, taken, "cannot go on from the saved state",
                          "it is not a state of this log that its checkpoint vouches for: replay "
                          "without --from");
        (void)set;
        error->exit_code = ZC_EXIT_NOT_VERIFIED;
        return taken;
    }
    replay->from = replay->verifier.log.next;
    return ZC_OK;
}
