/* Status, attestation, the clock's tick, and the kill switch. */
#include "enclave/policy_parts.h"
#include "enclave/snapshot_parts.h"

#include "codec/cbor.h"
#include "policy/breaker.h"

static zc_result every_tick(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    if (enclave->stopping) {
        return zc_log_advance_stop(enclave, effects); /* nothing comes after the last checkpoint */
    }
    int64_t step = zc_clock_step(enclave, event);
    ZC_TRY(zc_log_clock(enclave, event, effects));
    ZC_TRY(zc_breakers_watch(enclave, step, effects));
    ZC_TRY(zc_denials_flush(enclave, effects));
    ZC_TRY(zc_counts_flush(enclave, false, effects));
    ZC_TRY(zc_log_checkpoint(enclave, effects));
    ZC_TRY(zc_snapshot_tick(enclave, effects));
    return zc_evidence_refresh(enclave, effects);
}

zc_result zc_on_tick(zc_enclave *enclave, const zc_message *message)
{
    bool served = enclave->phase == ZC_PHASE_SERVING || enclave->phase == ZC_PHASE_HALTED;
    if (enclave->boot_document_len > 0) {
        return zc_log_checkpoint(enclave, message->effects);
    }
    return served ? every_tick(enclave, message->event, message->effects) : ZC_OK;
}

static zc_slice tripped(const zc_enclave *enclave)
{
    uint16_t at = enclave->policy.tripped;
    return zc_slice_of_text(at == ZC_POLICY_NONE ? "" : enclave->mission.breakers[at].name);
}

zc_result zc_on_status(zc_enclave *enclave, const zc_message *message)
{
    zc_reply reply = {.id = message->request->id, .op = ZC_OP_STATUS, .status = ZC_STATUS_OK};
    reply.state = (zc_reply_status){.phase = (uint8_t)enclave->phase,
                                    .mission = zc_slice_of_text(enclave->mission.name),
                                    .log_next = enclave->log.next,
                                    .keys = enclave->keyring.count,
                                    .uptime_ms = (uint64_t)(enclave->now_ms - enclave->started_ms),
                                    .isolation = enclave->config.isolation,
                                    .vault_kind = (uint8_t)enclave->config.signers->kind,
                                    .platform = zc_slice_of_text(enclave->config.platform),
                                    .rollback_protected =
                                        zc_witness_wanted(enclave) && !zc_witness_behind(enclave),
                                    .time_ms = (uint64_t)enclave->now_ms,
                                    .signatures = enclave->signatures,
                                    .denials = enclave->denial_count,
                                    .max_unacked = enclave->mission.max_unacked,
                                    .reservations = zc_policy_pending(&enclave->policy),
                                    .mode = (uint8_t)enclave->policy.mode,
                                    .tripped = tripped(enclave),
                                    .reviews = zc_review_count(enclave),
                                    .revoked = zc_revoked_count(enclave)};
    memcpy(reply.state.deployment_id, enclave->genesis.deployment_id, 32);
    memcpy(reply.state.mission_hash, enclave->mission_hash, 32);
    memcpy(reply.state.boot_id, enclave->boot_id, 16);
    memcpy(reply.state.log_head, enclave->log.head, 32);
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}

zc_result zc_on_attest(zc_enclave *enclave, const zc_message *message)
{
    if (message->request->attest.nonce.len == 0 && enclave->document_len > 0) {
        zc_reply reply = {
            .id = message->request->id,
            .op = ZC_OP_ATTEST,
            .status = ZC_STATUS_OK,
            .attest = {.document = zc_slice_of(enclave->document, enclave->document_len)}};
        return zc_emit_reply(message->effects, message->session->id, 0, &reply);
    }
    zc_wait wait = {.purpose = ZC_WAIT_ATTEST,
                    .session = message->session->id,
                    .request = message->request->id};
    return zc_ask_document(enclave, message->effects, &wait, message->request->attest.nonce,
                           zc_slice_of(NULL, 0));
}

static zc_result reply_logged(zc_enclave *enclave, const zc_message *message, uint64_t entry)
{
    zc_reply reply = {.id = message->request->id,
                      .op = message->request->op,
                      .status = ZC_STATUS_OK,
                      .logged = {.entry = entry}};
    return zc_emit_reply(message->effects, message->session->id, enclave->ordinal, &reply);
}

zc_result zc_control_log(zc_enclave *enclave, const zc_message *message, zc_audit_entry *entry,
                         zc_audit_opening *opening)
{
    uint8_t leaf[32];
    ZC_TRY(zc_group_principal(enclave, message->session->principal, opening));
    ZC_TRY(zc_log_append(enclave, entry, opening, message->effects, leaf));
    zc_log_raise_floor(enclave);
    return reply_logged(enclave, message, entry->sequence);
}

/* Halting an enclave that is halted already is logged again: each pull of the switch stands on
 * record. */
zc_result zc_on_halt(zc_enclave *enclave, const zc_message *message)
{
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_APPROVER));
    enclave->phase = ZC_PHASE_HALTED;
    enclave->halted_in_log = true;
    enclave->resume_votes = 0;
    zc_audit_entry entry = {.kind = ZC_AUDIT_HALT, .detail = message->request->halt.reason};
    zc_audit_opening opening = {0};
    return zc_control_log(enclave, message, &entry, &opening);
}

zc_result zc_voters_write(const zc_enclave *enclave, uint64_t voters, zc_writer *writer)
{
    ZC_TRY(zc_cbor_put_array(writer, (size_t)__builtin_popcountll(voters)));
    for (size_t i = 0; i < enclave->mission.principal_count; i++) {
        if ((voters >> i & 1) != 0) {
            ZC_TRY(zc_cbor_put_bytes(writer,
                                     ZC_SLICE_OF_ARRAY(enclave->mission.principals[i].pubkey)));
        }
    }
    return ZC_OK;
}

uint32_t zc_voters_count(const zc_enclave *enclave, uint64_t voters)
{
    return (uint32_t)__builtin_popcountll(voters & ~enclave->policy.revoked_principals);
}

zc_result zc_reply_votes(const zc_enclave *enclave, const zc_message *message, uint32_t votes)
{
    zc_reply reply = {.id = message->request->id,
                      .op = message->request->op,
                      .status = ZC_STATUS_REVIEW,
                      .denial = {.rule = zc_slice_of_text("quorum.resume"),
                                 .measured = zc_u256_of(votes),
                                 .limit = zc_u256_of(enclave->mission.resume_needed),
                                 .asset = zc_slice_of_text("")}};
    return zc_emit_reply(message->effects, message->session->id, 0, &reply);
}

/* Each approver asks in a session of their own; the one who completes the quorum resumes. What a
 * breaker tripped to is set back, too. Detail of the entry: the public keys of those who asked. */
zc_result zc_on_resume(zc_enclave *enclave, const zc_message *message)
{
    ZC_TRY(zc_require_role(enclave, message->session, ZC_ROLE_APPROVER));
    if (enclave->phase != ZC_PHASE_HALTED && enclave->policy.mode == ZC_MODE_NORMAL) {
        return zc_fail(ZC_ENCLAVE_NOT_HALTED);
    }
    enclave->resume_votes |= UINT64_C(1) << message->session->principal;
    uint32_t votes = zc_voters_count(enclave, enclave->resume_votes);
    if (votes < enclave->mission.resume_needed) {
        return zc_reply_votes(enclave, message, votes);
    }
    uint8_t detail[16 + ZC_MISSION_MAX_PRINCIPALS * 34];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(zc_voters_write(enclave, enclave->resume_votes & ~enclave->policy.revoked_principals,
                           &writer));
    enclave->phase = ZC_PHASE_SERVING;
    enclave->halted_in_log = false;
    enclave->resume_votes = 0;
    zc_policy_reset(&enclave->policy, &enclave->mission);
    zc_audit_entry entry = {.kind = ZC_AUDIT_RESUME, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    return zc_control_log(enclave, message, &entry, &opening);
}
