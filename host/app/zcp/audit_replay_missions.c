/* Several missions in one log, in `zcp audit replay`: each stretch is decided under its own. Where
 * one takes another's place, what was signed before is counted by its rules, as the enclave does it
 * (tcb/enclave/change/past.h), and the quorum's signatures are checked. */
#include <string.h>

#include "audit/detail.h"
#include "audit_replay.h"
#include "enclave/change/past.h"
#include "mission_input.h"
#include "support/reasons.h"

zc_result zc_replay_load_mission(zc_replay *replay, const uint8_t hash[static 32])
{
    ZC_BYTES zc_bytes compiled = {0};
    if (!zc_find_mission(replay->invocation, hash, &compiled)) {
        return zc_fail(ZC_SUPPORT_NOT_FOUND);
    }
    ZC_TRY(zc_mission_parse(zc_bytes_slice(&compiled), &replay->own.mission));
    zc_policy_init(&replay->own.policy, &replay->own.mission);
    memcpy(replay->mission_hash, hash, sizeof replay->mission_hash);
    memset(&replay->change, 0, sizeof replay->change);
    replay->has_mission = true;
    return ZC_OK;
}

static zc_replay_side side_of(zc_replay *replay)
{
    return (zc_replay_side){.policy = &replay->own.policy,
                            .mission = &replay->own.mission,
                            .deployment_id = replay->deployment_id};
}

zc_result zc_replay_take_step(zc_replay *replay, const zc_audit_entry *entry,
                              const zc_audit_opening *opening)
{
    const zc_replay_side side = side_of(replay);
    const zc_change_side own = {.mission = &replay->own.mission,
                                .mission_hash = replay->mission_hash,
                                .deployment_id = replay->deployment_id,
                                .revoked = replay->own.policy.revoked_principals};
    zc_audit_change step;
    uint32_t principal = 0;
    ZC_TRY(zc_audit_change_read(entry->detail, &step));
    ZC_TRY(zc_replay_principal(&side, opening, &principal));
    return zc_change_take(&replay->change, &own, &step, entry->sequence, principal,
                          (int64_t)entry->time_ms);
}

/* An entry from before, under the mission that is in force now. */
static zc_result count_again(zc_replay *replay, zc_past *past, const zc_journal_record *record)
{
    const zc_replay_side side = side_of(replay);
    zc_audit_entry entry;
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_audit_entry_read(record->entry, &entry));
    if (record->opening.len > 0) {
        ZC_TRY(zc_audit_opening_read(record->opening, &opening));
        ZC_TRY(zc_audit_opening_check(&opening, &entry));
    }
    zc_audit_leaf(record->entry, leaf);
    zc_result counted;
    if (memcmp(entry.mission, replay->mission_hash, sizeof entry.mission) != 0) {
        counted = zc_past_take(past, &side, &entry, &opening, &replay->intent);
    } else if (entry.kind == ZC_AUDIT_DECISION) {
        counted = zc_replay_decide_again(replay, &entry, &opening, leaf);
    } else if (entry.kind == ZC_AUDIT_MISSION) {
        counted = zc_replay_take_step(replay, &entry, &opening);
    } else {
        counted = zc_replay_change(&side, &entry, &opening);
    }
    replay->halted = zc_audit_halts_after(&entry, replay->halted);
    return counted;
}

zc_result zc_replay_change_over(zc_replay *replay, const uint8_t hash[static 32], uint64_t before)
{
    char path[ZC_PATH_SIZE];
    zc_journal_reader reader;
    zc_past past = {0};
    bool end = false;
    bool halted = replay->halted;
    ZC_TRY(zc_replay_load_mission(replay, hash));
    if (!zc_in_dir(replay->invocation, "log/journal", path)) {
        return zc_fail(ZC_SUPPORT_IO);
    }
    ZC_TRY(zc_journal_reader_open(path, &reader, NULL));
    zc_result counted = ZC_OK;
    replay->halted = false;
    while (zc_ok(counted) && !end && reader.index < before) {
        zc_journal_record record;
        counted = zc_journal_reader_next(&reader, &record, &end, NULL);
        if (zc_ok(counted) && !end) {
            counted = count_again(replay, &past, &record);
        }
    }
    zc_journal_reader_close(&reader);
    replay->halted = halted;
    return counted;
}
