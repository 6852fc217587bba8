#include "client/outcome.h"

#include "intent/decode.h"
#include "support/reason.h"

static void amount_of(const zc_u256 *value, char ret_text[static 80])
{
    zc_u256_to_decimal(value, ret_text);
}

void zc_decision_of(const zc_denial *denial, zcp_decision *ret_decision)
{
    *ret_decision = (zcp_decision){.has_entry = denial->has_entry, .entry = denial->entry};
    zc_copy_text(ret_decision->rule, sizeof ret_decision->rule, denial->rule);
    zc_copy_text(ret_decision->asset, sizeof ret_decision->asset, denial->asset);
    zc_copy_text(ret_decision->feed, sizeof ret_decision->feed, denial->feed);
    if (denial->reason != 0) {
        zc_copy_text(ret_decision->reason, sizeof ret_decision->reason,
                     zc_slice_of_text(zc_reason_code_name(denial->reason)));
        zc_copy_text(ret_decision->why, sizeof ret_decision->why,
                     zc_slice_of_text(zc_reason_code_text(denial->reason)));
    }
    amount_of(&denial->measured, ret_decision->measured);
    amount_of(&denial->limit, ret_decision->limit);
}

static zcp_result refused(const zc_reply *reply, zcp_decision *ret_decision, zcp_error *error)
{
    zcp_decision decision;
    zc_decision_of(&reply->denial, &decision);
    bool review = reply->status == ZC_STATUS_REVIEW;
    zcp_result result = review ? ZCP_APPROVAL_NEEDED : ZCP_DENIED;
    zc_report(error, result, review ? "approval is needed" : "policy refused", decision.why,
              review ? "have the approvers that the mission names run `zcp approve`, then ask again"
                     : "`zcp mission show` tells what is allowed; the refusal is in the log");
    if (error != NULL) {
        memcpy(error->reason, decision.reason, sizeof error->reason);
    }
    if (ret_decision != NULL) {
        *ret_decision = decision;
    }
    return result;
}

static zcp_result signature_of(const zc_reply *reply, zcp_signature *ret_signature,
                               zcp_error *error)
{
    const zc_reply_sign *sign = &reply->sign;
    bool plain = sign->signature.len == sizeof ret_signature->signature;
    if (!plain && !sign->has_artefact) {
        return zc_report(error, ZCP_FAILED, "cannot use the answer",
                         "the signature has an unknown length",
                         "use the library of the enclave's version");
    }
    *ret_signature = (zcp_signature){
        .recovery = sign->recovery, .max_unacked = sign->max_unacked, .entry = sign->entry};
    if (sign->has_artefact) {
        ret_signature->artefact = sign->artefact.data;
        ret_signature->artefact_len = sign->artefact.len;
    }
    ret_signature->raw = sign->signature.data;
    ret_signature->raw_len = sign->signature.len;
    memcpy(ret_signature->digest, sign->digest, sizeof ret_signature->digest);
    if (plain) {
        memcpy(ret_signature->signature, sign->signature.data, sizeof ret_signature->signature);
    }
    memcpy(ret_signature->leaf, sign->leaf, sizeof ret_signature->leaf);
    ret_signature->decision.has_entry = true;
    ret_signature->decision.entry = sign->entry;
    zc_copy_text(ret_signature->decision.rule, sizeof ret_signature->decision.rule, sign->rule);
    zc_copy_text(ret_signature->decision.feed, sizeof ret_signature->decision.feed, sign->feed);
    amount_of(&sign->measured, ret_signature->decision.measured);
    amount_of(&sign->limit, ret_signature->decision.limit);
    return ZCP_OK;
}

zcp_result zc_sign_outcome(const zc_reply *reply, zcp_signature *ret_signature,
                           zcp_decision *ret_decision, zcp_error *error)
{
    return reply->status == ZC_STATUS_OK ? signature_of(reply, ret_signature, error)
                                         : refused(reply, ret_decision, error);
}

zc_request zc_sign_request_of(const zcp_sign_request *request)
{
    return (zc_request){.op = ZC_OP_SIGN,
                        .sign = {.key = zc_slice_of_text(request->key),
                                 .use = (uint8_t)request->use,
                                 .family = (uint8_t)request->chain,
                                 .has_chain_id = request->chain_id != 0,
                                 .chain_id = request->chain_id,
                                 .has_form = request->form != 0,
                                 .form = request->form,
                                 .payload = zc_slice_of(request->payload, request->payload_len)}};
}

zcp_result zcp_sign(zcp_session *session, const zcp_sign_request *request,
                    zcp_signature *ret_signature, zcp_decision *ret_decision, zcp_error *error)
{
    zc_request wanted = zc_sign_request_of(request);
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, &wanted, true, "nothing was signed", &reply, error);
    return asked == ZCP_OK ? zc_sign_outcome(&reply, ret_signature, ret_decision, error) : asked;
}

zcp_result zcp_sign_send(zcp_session *session, const zcp_sign_request *request, zcp_error *error)
{
    zc_request wanted = zc_sign_request_of(request);
    return zc_client_send(session, &wanted, error);
}

zcp_result zcp_sign_receive(zcp_session *session, zcp_signature *ret_signature,
                            zcp_decision *ret_decision, zcp_error *error)
{
    zc_reply reply;
    zcp_result received = zc_client_receive(session, &reply, error);
    if (received != ZCP_OK) {
        return received;
    }
    if (reply.status == ZC_STATUS_FAILED) {
        return zc_client_failed(&reply, "nothing was signed", error);
    }
    return zc_sign_outcome(&reply, ret_signature, ret_decision, error);
}

uint64_t zcp_chain_id(const char *name)
{
    uint64_t chain = 0;
    return zc_chain_of_name(zc_slice_of_text(name), &chain) ? chain : 0;
}

zcp_result zcp_evm_signed(const uint8_t *unsigned_tx, size_t len, const zcp_signature *signature,
                          uint8_t *ret_signed, size_t capacity, size_t *ret_len, zcp_error *error)
{
    zc_signature inner = {.recovery = signature->recovery};
    memcpy(inner.byte, signature->signature, sizeof inner.byte);
    zc_writer writer = zc_writer_of(ret_signed, capacity);
    zc_result written = zc_evm_write_signed(zc_slice_of(unsigned_tx, len), &inner, &writer);
    if (!zc_ok(written)) {
        return zc_report_code(error, ZCP_FAILED, written.code,
                              "cannot put the signature into the transaction",
                              "pass the payload that was signed");
    }
    *ret_len = zc_writer_len(&writer);
    return ZCP_OK;
}
