/* The one straight road: bytes → intent → decision → log entry → signature. */
#include "enclave/policy_parts.h"
#include "enclave/signing.h"

static zc_result record_and_sign(zc_enclave *enclave, const zc_message *message, zc_key *key,
                                 const zc_payload *payload, const zc_decision *decision,
                                 zc_audit_opening *opening)
{
    const zc_request_sign *wanted = &message->request->sign;
    zc_audit_entry entry = {
        .kind = ZC_AUDIT_DECISION, .decision = ZC_AUDIT_ALLOW, .has_digest = true};
    entry.detail = zc_halt_note(enclave);
    memcpy(entry.digest, enclave->intent.digest, sizeof entry.digest);
    ZC_TRY(zc_group_principal(enclave, message->session->principal, opening));
    ZC_TRY(zc_group_rule(enclave, wanted->use, wanted->key, decision, opening));
    zc_log_name_key(enclave, key, 1, &entry);

    zc_reply reply = {.id = message->request->id, .op = ZC_OP_SIGN, .status = ZC_STATUS_OK};
    ZC_TRY(zc_log_append(enclave, &entry, opening, message->effects, reply.sign.leaf));
    uint64_t after = zc_decision_recorded(enclave, message, key, decision, entry.sequence);
    bool later = zc_batch_takes(&enclave->batch, key, payload);
    if (later) {
        reply.sign.signature = zc_batch_placeholder();
    } else {
        ZC_TRY(zc_signing_make(enclave, key, payload, &reply.sign));
    }
    enclave->signatures++;
    reply.sign.entry = entry.sequence;
    reply.sign.rule = zc_rule_name(enclave, decision);
    reply.sign.measured = decision->measured;
    reply.sign.limit = decision->limit;
    memcpy(reply.sign.digest, enclave->intent.digest, sizeof reply.sign.digest);
    reply.sign.max_unacked = enclave->mission.max_unacked;
    reply.sign.feed = zc_decision_feed(enclave, decision);
    ZC_TRY(zc_emit_reply(message->effects, message->session->id, after, &reply));
    if (later) {
        zc_batch_add(&enclave->batch, key, &enclave->secrets->drbg, enclave->intent.digest,
                     reply.id, message->effects);
    }
    return ZC_OK;
}

/* Decodes, and encodes what was read for the log: what the log could not hold is refused here,
 * before anything is spent. */
static zc_result read(zc_enclave *enclave, const zc_key *key, const zc_payload *payload,
                      zc_audit_opening *opening, size_t *ret_offset)
{
    ZC_TRY(zc_signing_read(enclave, key, payload, ret_offset));
    return zc_ok(zc_group_intent(enclave, &enclave->intent, opening))
               ? ZC_OK
               : zc_fail(ZC_ENCLAVE_INTENT_TOO_LONG);
}

static zc_result decide(zc_enclave *enclave, const zc_message *message, const zc_key *key,
                        zc_decision *ret_decision)
{
    zc_request_context context = zc_context_of(enclave, message, key);
    return zc_policy_decide(&enclave->policy, &enclave->mission, &context, &enclave->intent,
                            ret_decision);
}

zc_result zc_on_sign(zc_enclave *enclave, const zc_message *message)
{
    const zc_request_sign *wanted = &message->request->sign;
    zc_key *key;
    ZC_TRY(zc_key_find(enclave, wanted->key, &key));
    if (zc_log_track(enclave, key)->disabled) {
        return zc_fail(ZC_ENCLAVE_KEY_DISABLED);
    }
    const zc_payload payload = zc_payload_of(wanted, key);
    zc_audit_opening opening = {0};
    size_t offset = SIZE_MAX;
    zc_result result = read(enclave, key, &payload, &opening, &offset);
    if (!zc_ok(result)) {
        return zc_emit_failure(enclave, message->effects, message->session->id,
                               message->request->id, result, offset == SIZE_MAX ? NULL : &offset);
    }
    ZC_TRY(zc_log_may_sign(enclave, &enclave->intent));
    zc_decision decision;
    ZC_TRY(decide(enclave, message, key, &decision));
    return decision.outcome == ZC_OUTCOME_ALLOW
               ? record_and_sign(enclave, message, key, &payload, &decision, &opening)
               : zc_deny(enclave, message, key, &decision, &opening);
}
