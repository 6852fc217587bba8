/* What members ask for: to begin a change of the mission, to sign it, to withdraw it, and to put
 * the next mission in force. */
#include "enclave/change/change_parts.h"

#include "attest/measure.h"
#include "base/hex.h"

zc_change_side zc_change_side_of(const zc_enclave *enclave)
{
    return (zc_change_side){.mission = &enclave->mission,
                            .mission_hash = enclave->mission_hash,
                            .deployment_id = enclave->genesis.deployment_id,
                            .revoked = enclave->policy.revoked_principals};
}

bool zc_activation_done(const zc_enclave *enclave)
{
    return enclave->changes.activation.logged;
}

static void describe_change(const zc_enclave *enclave, const zc_change_side *side,
                            zc_reply_mission *ret_mission)
{
    const zc_change *change = &enclave->changes.pending;
    uint64_t signers = zc_change_signers(change, side, enclave->now_ms);
    ret_mission->begun = true;
    ret_mission->began = change->entry;
    ret_mission->earliest_ms = (uint64_t)change->earliest_ms;
    ret_mission->expires_ms = (uint64_t)change->expires_ms;
    ret_mission->have = (uint32_t)__builtin_popcountll(signers);
    ret_mission->organisations = zc_mission_organisations(&enclave->mission, signers);
    memcpy(ret_mission->next, change->to, sizeof ret_mission->next);
}

static zc_reply reply_of(const zc_enclave *enclave, uint64_t request, uint32_t principal,
                         uint64_t entry)
{
    const zc_change_side side = zc_change_side_of(enclave);
    const zc_mission *mission = &enclave->mission;
    zc_reply reply = {.id = request, .op = ZC_OP_MISSION, .status = ZC_STATUS_OK};
    reply.mission = (zc_reply_mission){.entry = entry,
                                       .changeable = mission->has_change,
                                       .needed = mission->change.needed,
                                       .organisations_needed = mission->change.organisations,
                                       .member = zc_change_member(&side, principal),
                                       .time_ms = (uint64_t)enclave->now_ms};
    memcpy(reply.mission.mission, enclave->mission_hash, sizeof reply.mission.mission);
    memcpy(reply.mission.born, enclave->genesis.mission_hash, sizeof reply.mission.born);
    if (zc_change_lives(&enclave->changes.pending, enclave->now_ms)) {
        describe_change(enclave, &side, &reply.mission);
    }
    return reply;
}

static zc_result log_step(zc_enclave *enclave, const zc_audit_change *step,
                          const uint8_t to[static 32], uint32_t principal, zc_effects *effects,
                          uint64_t *ret_sequence)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(enclave->list_bytes);
    ZC_TRY(zc_audit_change_write(step, &writer));
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_MISSION, .has_digest = true, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    memcpy(entry.digest, to, sizeof entry.digest);
    ZC_TRY(zc_group_principal(enclave, principal, &opening));
    ZC_TRY(zc_log_append(enclave, &entry, &opening, effects, leaf));
    zc_log_raise_floor(enclave);
    *ret_sequence = entry.sequence;
    return ZC_OK;
}

static zc_audit_change step_of(const zc_enclave *enclave, const zc_request_mission *wanted)
{
    const zc_change_side side = zc_change_side_of(enclave);
    zc_audit_change step = {.begun = wanted->begun, .expires_ms = wanted->expires_ms};
    if (wanted->step == ZC_MISSION_BEGIN) {
        return zc_change_begin(&side, wanted->mission, enclave->now_ms);
    }
    if (wanted->step == ZC_MISSION_SIGN) {
        step.step = ZC_AUDIT_CHANGE_SIGN;
        memcpy(step.signature, wanted->signature, sizeof step.signature);
        return step;
    }
    return (zc_audit_change){.step = ZC_AUDIT_CHANGE_WITHDRAW,
                             .begun = enclave->changes.pending.entry};
}

/* Of another mission than the one that is under way nobody means this change. */
static bool is_meant(const zc_enclave *enclave, const zc_request_mission *wanted)
{
    return wanted->step == ZC_MISSION_BEGIN ||
           memcmp(wanted->mission, enclave->changes.pending.to, sizeof wanted->mission) == 0;
}

static zc_result take(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_mission *wanted = &message->request->mission;
    const zc_change_side side = zc_change_side_of(enclave);
    uint32_t principal = message->session->principal;
    const zc_audit_change step = step_of(enclave, wanted);
    uint8_t to[32];
    uint64_t entry = 0;
    memcpy(to, wanted->mission, sizeof to);
    ZC_TRY(zc_change_take(&enclave->changes.pending, &side, &step, enclave->log.next, principal,
                          enclave->now_ms));
    ZC_TRY(log_step(enclave, &step, to, principal, message->effects, &entry));
    const zc_reply reply = reply_of(enclave, message->request->id, principal, entry);
    return zc_emit_reply(message->effects, message->session->id, enclave->ordinal, &reply);
}

/* The root must be sealed first, and for that the platform is asked. */
static zc_result begin_activation(zc_enclave *enclave, const zc_message *message)
{
    const zc_change_side side = zc_change_side_of(enclave);
    uint32_t principal = message->session->principal;
    if (!enclave->mission.has_change) {
        return zc_fail(ZC_ENCLAVE_MISSION_FIXED);
    }
    if (!zc_change_member(&side, principal)) {
        return zc_fail(ZC_ENCLAVE_NOT_PERMITTED);
    }
    ZC_TRY(zc_change_ready(&enclave->changes.pending, &side, enclave->now_ms));
    enclave->changes.activation = (zc_activation){.asked = true,
                                                  .principal = principal,
                                                  .session = message->session->id,
                                                  .request = message->request->id};
    uint8_t pcr16[48];
    zc_measure_mission(enclave->changes.pending.to, pcr16);
    return zc_emit_plain(message->effects, ZC_EFFECT_WRAP_KEY, 0, ZC_SLICE_OF_ARRAY(pcr16));
}

zc_result zc_on_mission(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_mission *wanted = &message->request->mission;
    if (wanted->step == ZC_MISSION_SHOW) {
        const zc_reply reply =
            reply_of(enclave, message->request->id, message->session->principal, 0);
        return zc_emit_reply(message->effects, message->session->id, 0, &reply);
    }
    if (enclave->stopping) {
        return zc_fail(ZC_ENCLAVE_STOPPING);
    }
    if (enclave->changes.activation.asked) {
        return zc_fail(ZC_ENCLAVE_CHANGE_UNDER_WAY);
    }
    if (!is_meant(enclave, wanted)) {
        return zc_fail(enclave->mission.has_change ? ZC_ENCLAVE_NO_CHANGE
                                                   : ZC_ENCLAVE_MISSION_FIXED);
    }
    return wanted->step == ZC_MISSION_ACTIVATE ? begin_activation(enclave, message)
                                               : take(enclave, message);
}

/* Under the name of the next mission: the root of this one stays where it is until the host has
 * changed over, so that one of the two always opens. */
static zc_result seal_root(zc_enclave *enclave, const zc_secret32 *wrap_key, zc_effects *effects)
{
    const uint8_t *to = enclave->changes.pending.to;
    uint8_t sealed[ZC_SEALED_ROOT_MAX];
    char name[2 * ZC_ROOT_NAME_BYTES + 1];
    zc_seal_place place;
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    zc_mission_place_of(enclave, &place);
    zc_measure_mission(to, place.pcr16);
    zc_hex_encode(zc_slice_of(to, ZC_ROOT_NAME_BYTES), name);
    ZC_TRY(
        zc_root_seal(wrap_key, &place, &enclave->secrets->root, &enclave->secrets->drbg, &writer));
    return zc_emit_store(enclave, effects, ZC_STORE_ROOT, zc_slice_of_text(name),
                         zc_writer_written(&writer));
}

static zc_result give_up(zc_enclave *enclave, zc_result why, zc_effects *effects)
{
    const zc_activation activation = enclave->changes.activation;
    enclave->changes.activation = (zc_activation){0};
    return zc_sessions_find(enclave, activation.session) == NULL
               ? ZC_OK
               : zc_emit_failure(enclave, effects, activation.session, activation.request, why,
                                 NULL);
}

zc_result zc_on_activation_key(zc_enclave *enclave, const zc_message *message)
{
    const zc_change_side side = zc_change_side_of(enclave);
    zc_slice key = message->event->bytes;
    if (!enclave->changes.activation.asked || enclave->changes.activation.sealed) {
        return zc_fail(ZC_ENCLAVE_WRONG_PHASE);
    }
    zc_result ready = zc_change_ready(&enclave->changes.pending, &side, enclave->now_ms);
    ready = enclave->stopping ? zc_fail(ZC_ENCLAVE_STOPPING) : ready;
    ready = zc_ok(ready) && key.len != 32 ? zc_fail(ZC_ENCLAVE_WRAP_KEY_FAILED) : ready;
    if (!zc_ok(ready)) {
        return give_up(enclave, ready, message->effects);
    }
    ZC_SECRET zc_secret32 wrap_key;
    memcpy(wrap_key.byte, key.data, sizeof wrap_key.byte);
    ZC_TRY(seal_root(enclave, &wrap_key, message->effects));
    enclave->changes.activation.sealed = true;
    return zc_on_stop(enclave, message);
}

zc_result zc_activation_log(zc_enclave *enclave, zc_effects *effects)
{
    zc_activation *activation = &enclave->changes.activation;
    const zc_change_side side = zc_change_side_of(enclave);
    zc_change_room room;
    zc_audit_change step;
    uint64_t entry = 0;
    if (!activation->sealed || activation->logged) {
        return ZC_OK;
    }
    zc_result ready = zc_change_ready(&enclave->changes.pending, &side, enclave->now_ms);
    if (!zc_ok(ready)) {
        return give_up(enclave, ready, effects); /* a signature has expired just now */
    }
    zc_change_activate(&enclave->changes.pending, &side, enclave->now_ms, &room, &step);
    ZC_TRY(zc_change_take(&enclave->changes.pending, &side, &step, enclave->log.next,
                          activation->principal, enclave->now_ms));
    ZC_TRY(log_step(enclave, &step, step.to, activation->principal, effects, &entry));
    activation->logged = true;
    if (zc_sessions_find(enclave, activation->session) == NULL) {
        return ZC_OK;
    }
    zc_reply reply = reply_of(enclave, activation->request, activation->principal, entry);
    memcpy(reply.mission.next, step.to, sizeof reply.mission.next);
    return zc_emit_reply(effects, activation->session, enclave->ordinal, &reply);
}
