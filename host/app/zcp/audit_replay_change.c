/* Entries that are no decisions, in `zcp audit replay`: what they do to the policy's state, as the
 * enclave itself does it (tcb/enclave/replay.h). */
#include "attest/genesis.h"
#include "audit/detail.h"
#include "audit_replay.h"
#include "enclave/replay.h"
#include "policy/breaker.h"

static zc_replay_side side_of(zc_replay *replay, zc_replay_view *view)
{
    return (zc_replay_side){
        .policy = &view->policy, .mission = &view->mission, .deployment_id = replay->deployment_id};
}

zc_result zc_replay_keep(zc_replay *replay, zc_replay_view *view, const zc_request_context *context,
                         const uint8_t leaf[static 32])
{
    const zc_replay_side side = side_of(replay, view);
    return zc_replay_hold(&side, context, &replay->intent, leaf);
}

/* Breakers have numbers in the log: under another mission the one of the same name trips. */
static void trip_by_name(zc_replay *replay, const zc_audit_entry *entry)
{
    zc_audit_trip trip;
    const zc_mission *own = &replay->own.mission;
    const zc_mission *other = &replay->proposed.mission;
    if (!zc_ok(zc_audit_trip_read(entry->detail, &trip)) || trip.breaker >= own->breaker_count) {
        return;
    }
    for (uint16_t i = 0; i < other->breaker_count; i++) {
        if (strcmp(own->breakers[trip.breaker].name, other->breakers[i].name) == 0) {
            zc_result tripped = zc_policy_trip(&replay->proposed.policy, other, i);
            (void)tripped; /* it is in range */
        }
    }
}

static void change_proposed(zc_replay *replay, const zc_audit_entry *entry,
                            const zc_audit_opening *opening)
{
    if (entry->kind == ZC_AUDIT_TRIP) {
        trip_by_name(replay, entry);
        return;
    }
    const zc_replay_side side = side_of(replay, &replay->proposed);
    zc_result changed = zc_replay_change(&side, entry, opening);
    (void)changed; /* it does not know the principal, feed or rule, or holds no such request */
}

static zc_result learn_deployment(zc_replay *replay, const zc_audit_entry *entry)
{
    zc_genesis_record record;
    ZC_TRY(zc_genesis_record_parse(entry->detail, &record));
    memcpy(replay->deployment_id, record.genesis.deployment_id, sizeof replay->deployment_id);
    return ZC_OK;
}

zc_result zc_replay_take_change(zc_replay *replay, const zc_audit_entry *entry, zc_slice opening)
{
    zc_audit_opening opened = {0};
    if (entry->kind == ZC_AUDIT_GENESIS) {
        ZC_TRY(learn_deployment(replay, entry));
    }
    if (opening.len > 0) {
        ZC_TRY(zc_audit_opening_read(opening, &opened));
        ZC_TRY(zc_audit_opening_check(&opened, entry));
    }
    if (entry->kind == ZC_AUDIT_MISSION) {
        return zc_replay_take_step(replay, entry, &opened);
    }
    const zc_replay_side side = side_of(replay, &replay->own);
    ZC_TRY(zc_replay_change(&side, entry, &opened));
    if (replay->proposes) {
        change_proposed(replay, entry, &opened);
    }
    return ZC_OK;
}
