#include "client/internal.h"

#include "platform/isolation.h"

zcp_result zcp_get_status(zcp_session *session, zcp_status *ret_status, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_STATUS};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "cannot read the status", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    const zc_reply_status *state = &reply.state;
    *ret_status = (zcp_status){.phase = (zcp_phase)state->phase,
                               .log_next = state->log_next,
                               .keys = state->keys,
                               .uptime_ms = state->uptime_ms,
                               .time_ms = state->time_ms,
                               .isolation = state->isolation,
                               .memory_out_of_reach = state->vault_kind == ZC_VAULT_MEMFD_SECRET,
                               .rollback_protected = state->rollback_protected,
                               .hardware = session->evidence.hardware,
                               .signatures = state->signatures,
                               .denials = state->denials,
                               .reservations = state->reservations,
                               .max_unacked = state->max_unacked,
                               .mode = (zcp_mode)state->mode,
                               .reviews = state->reviews,
                               .revoked = state->revoked};
    zc_copy_text(ret_status->tripped, sizeof ret_status->tripped, state->tripped);
    memcpy(ret_status->deployment_id, state->deployment_id, sizeof ret_status->deployment_id);
    memcpy(ret_status->mission_hash, state->mission_hash, sizeof ret_status->mission_hash);
    memcpy(ret_status->boot_id, state->boot_id, sizeof ret_status->boot_id);
    memcpy(ret_status->log_head, state->log_head, sizeof ret_status->log_head);
    zc_copy_text(ret_status->mission, sizeof ret_status->mission, state->mission);
    zc_copy_text(ret_status->platform, sizeof ret_status->platform, state->platform);
    memcpy(ret_status->principal, session->principal, sizeof ret_status->principal);
    return ZCP_OK;
}

const char *zcp_isolation_name(size_t index, uint32_t *ret_bit, const char **ret_text)
{
    if (index >= ZC_ISOLATION_LAYERS) {
        return NULL;
    }
    const zc_isolation_layer *layer = &zc_isolation_layers[index];
    if (ret_bit != NULL) {
        *ret_bit = layer->bit;
    }
    if (ret_text != NULL) {
        *ret_text = layer->text;
    }
    return layer->name;
}

zcp_result zcp_attest(zcp_session *session, const uint8_t *nonce, size_t nonce_len,
                      uint8_t *ret_document, size_t capacity, size_t *ret_len, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_ATTEST, .attest = {.nonce = zc_slice_of(nonce, nonce_len)}};
    zc_reply reply;
    zcp_result asked =
        zc_client_ask(session, &request, true, "got no attestation document", &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    if (reply.attest.document.len > capacity) {
        return zc_report(error, ZCP_USAGE, "cannot hand over the document",
                         "the buffer is too small", "give 16 KiB");
    }
    memcpy(ret_document, reply.attest.document.data, reply.attest.document.len);
    *ret_len = reply.attest.document.len;
    return ZCP_OK;
}

static zcp_result ask_logged(zcp_session *session, zc_request *request, const char *what,
                             uint64_t *ret_entry, zcp_error *error)
{
    zc_reply reply;
    zcp_result asked = zc_client_ask(session, request, true, what, &reply, error);
    if (asked != ZCP_OK) {
        return asked;
    }
    if (reply.status == ZC_STATUS_REVIEW) {
        zcp_decision decision;
        zc_decision_of(&reply.denial, &decision);
        zc_report(error, ZCP_APPROVAL_NEEDED, "signing is still halted",
                  "not enough approvers have asked to resume",
                  "have other approvers run `zcp resume`");
        return ZCP_APPROVAL_NEEDED;
    }
    *ret_entry = reply.logged.entry;
    return ZCP_OK;
}

zcp_result zcp_halt(zcp_session *session, const char *reason, uint64_t *ret_entry, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_HALT,
                          .halt = {.reason = zc_slice_of_text(reason != NULL ? reason : "")}};
    return ask_logged(session, &request, "signing was not halted", ret_entry, error);
}

zcp_result zcp_resume(zcp_session *session, uint64_t *ret_entry, zcp_error *error)
{
    zc_request request = {.op = ZC_OP_RESUME};
    return ask_logged(session, &request, "signing was not resumed", ret_entry, error);
}
