/* Refusals are logged too, but nobody may fill the log with them: past a quota they become a count.
 */
#include "enclave/policy_parts.h"

#include "codec/cbor.h"
#include "policy/breaker.h"

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

zc_result zc_denial_log(zc_enclave *enclave, const zc_message *message, zc_key *key,
                        const zc_decision *decision, zc_audit_opening *opening,
                        zc_audit_entry *ret_entry, uint8_t ret_leaf[static 32], bool *ret_logged)
{
    const zc_request_sign *wanted = &message->request->sign;
    bool review = decision->outcome == ZC_OUTCOME_REVIEW;
    zc_audit_entry entry = {.kind = ZC_AUDIT_DECISION,
                            .decision = review ? ZC_AUDIT_REVIEW : ZC_AUDIT_DENY,
                            .has_digest = true};
    *ret_logged = within_quota(enclave, message->session->principal);
    if (!*ret_logged) {
        return ZC_OK;
    }
    memcpy(entry.digest, enclave->intent.digest, sizeof entry.digest);
    ZC_TRY(zc_group_principal(enclave, message->session->principal, opening));
    ZC_TRY(zc_group_rule(enclave, wanted->use, wanted->key, decision, opening));
    zc_log_name_key(enclave, key, 0, &entry);
    ZC_TRY(zc_log_append(enclave, &entry, opening, message->effects, ret_leaf));
    *ret_entry = entry;
    return ZC_OK;
}

zc_slice zc_decision_feed(const zc_enclave *enclave, const zc_decision *decision)
{
    return zc_slice_of_text(
        decision->feed == ZC_POLICY_NONE ? "" : enclave->mission.feeds[decision->feed].name);
}

zc_reply zc_denial_reply(const zc_enclave *enclave, const zc_message *message,
                         const zc_decision *decision)
{
    return (zc_reply){.id = message->request->id,
                      .op = ZC_OP_SIGN,
                      .status = decision->outcome == ZC_OUTCOME_REVIEW ? ZC_STATUS_REVIEW
                                                                       : ZC_STATUS_DENIED,
                      .denial = {.rule = zc_rule_name(enclave, decision),
                                 .reason = decision->reason,
                                 .measured = decision->measured,
                                 .limit = decision->limit,
                                 .asset = zc_decision_asset(enclave, decision),
                                 .feed = zc_decision_feed(enclave, decision)}};
}

zc_result zc_deny(zc_enclave *enclave, const zc_message *message, zc_key *key,
                  const zc_decision *decision, zc_audit_opening *opening)
{
    if (decision->outcome == ZC_OUTCOME_REVIEW) {
        return zc_hold(enclave, message, key, decision, opening);
    }
    zc_audit_entry entry = {0};
    uint8_t leaf[32];
    zc_reply reply = zc_denial_reply(enclave, message, decision);
    enclave->denial_count++;
    ZC_TRY(zc_denial_log(enclave, message, key, decision, opening, &entry, leaf,
                         &reply.denial.has_entry));
    reply.denial.entry = entry.sequence;
    ZC_TRY(zc_emit_reply(message->effects, message->session->id,
                         zc_reply_after(enclave, message->session->id), &reply));
    /* Before the next request of the same record: a burst of refusals ends at the one that is too
     * many. */
    zc_policy_note_denial(&enclave->policy, &enclave->mission, enclave->now_ms);
    return zc_breakers_watch(enclave, 0, message->effects);
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
    zc_policy_clock(&enclave->policy, enclave->now_ms);
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
