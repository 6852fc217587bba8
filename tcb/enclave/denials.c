/* Refusals are logged too, but nobody may fill the log with them: past a quota they become a count.
 */
#include "enclave/parts.h"

#include "codec/cbor.h"

#define MINUTE_MS 60000

/* Whether this refusal still gets an entry of its own. A count of the minute before is flushed by
 * the tick. */
static bool within_quota(zc_enclave *enclave, uint32_t principal)
{
    zc_denial_count *count = &enclave->denials[principal];
    int64_t minute = enclave->now_ms / MINUTE_MS;
    if (count->minute != minute) {
        count->minute = minute;
        count->logged = 0;
    }
    if (count->logged >= enclave->mission.denial_quota) {
        count->coalesced_minute = count->coalesced == 0 ? minute : count->coalesced_minute;
        count->coalesced++;
        return false;
    }
    count->logged++;
    return true;
}

static zc_result log_denial(zc_enclave *enclave, const zc_message *message, zc_key *key,
                            const zc_decision *decision, zc_audit_opening *opening, zc_reply *reply)
{
    const zc_request_sign *wanted = &message->request->sign;
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_DECISION, .decision = ZC_AUDIT_DENY, .has_digest = true};
    memcpy(entry.digest, enclave->intent.digest, sizeof entry.digest);
    uint8_t leaf[32];
    ZC_TRY(zc_group_principal(enclave, message->session->principal, opening));
    ZC_TRY(zc_group_rule(enclave, wanted->use, wanted->key, decision, opening));
    zc_log_name_key(enclave, key, 0, &entry);
    ZC_TRY(zc_log_append(enclave, &entry, opening, message->effects, leaf));
    reply->denial.has_entry = true;
    reply->denial.entry = entry.sequence;
    return ZC_OK;
}

zc_result zc_deny(zc_enclave *enclave, const zc_message *message, zc_key *key,
                  const zc_decision *decision, zc_audit_opening *opening)
{
    enclave->denial_count++;
    zc_reply reply = {.id = message->request->id,
                      .op = ZC_OP_SIGN,
                      .status = decision->outcome == ZC_OUTCOME_REVIEW ? ZC_STATUS_REVIEW
                                                                       : ZC_STATUS_DENIED,
                      .denial = {.rule = zc_rule_name(enclave, decision),
                                 .reason = decision->reason,
                                 .measured = decision->measured,
                                 .limit = decision->limit,
                                 .asset = zc_decision_asset(enclave, decision)}};
    if (within_quota(enclave, message->session->principal)) {
        ZC_TRY(log_denial(enclave, message, key, decision, opening, &reply));
    }
    return zc_emit_reply(message->effects, message->session->id, zc_log_reply_after(enclave),
                         &reply);
}

/* Detail of a DENIALS entry: how many refusals it stands for. */
static zc_result log_count(zc_enclave *enclave, uint32_t principal, uint64_t count,
                           zc_effects *effects)
{
    uint8_t detail[16];
    zc_writer writer = ZC_WRITER_OF_ARRAY(detail);
    ZC_TRY(zc_cbor_put_uint(&writer, count));
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_DENIALS, .decision = ZC_AUDIT_DENY, .detail = zc_writer_written(&writer)};
    zc_audit_opening opening = {0};
    uint8_t leaf[32];
    ZC_TRY(zc_group_principal(enclave, principal, &opening));
    return zc_log_append(enclave, &entry, &opening, effects, leaf);
}

zc_result zc_denials_flush_all(zc_enclave *enclave, zc_effects *effects)
{
    for (uint32_t i = 0; i < enclave->mission.principal_count; i++) {
        zc_denial_count *count = &enclave->denials[i];
        if (count->coalesced > 0) {
            ZC_TRY(log_count(enclave, i, count->coalesced, effects));
            count->coalesced = 0;
        }
    }
    return ZC_OK;
}

zc_result zc_denials_flush(zc_enclave *enclave, zc_effects *effects)
{
    int64_t minute = enclave->now_ms / MINUTE_MS;
    for (uint32_t i = 0; i < enclave->mission.principal_count; i++) {
        zc_denial_count *count = &enclave->denials[i];
        /* By the minute in which the counting began: refusals that go on must not put it off.
         * Room is left for the other things that a tick does. */
        if (count->coalesced == 0 || count->coalesced_minute == minute ||
            effects->count > ZC_EFFECTS_MAX / 2) {
            continue;
        }
        ZC_TRY(log_count(enclave, i, count->coalesced, effects));
        count->coalesced = 0;
    }
    return ZC_OK;
}
