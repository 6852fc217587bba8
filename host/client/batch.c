/* Many signatures for one record. */
#include "client/internal.h"

#include "client/outcome.h"

_Static_assert(ZCP_BATCH_MAX == ZC_RECORD_REQUESTS, "a batch is what a record holds");

zcp_result zcp_sign_batch(zcp_session *session, const zcp_sign_request *requests, size_t count,
                          zcp_outcome *ret_outcomes, zcp_error *error)
{
    zc_request wanted[ZC_RECORD_REQUESTS];
    if (count == 0 || count > ZC_RECORD_REQUESTS) {
        return zc_report(error, ZCP_USAGE, "cannot send the batch",
                         "a batch has between 1 and 64 requests", "send several batches");
    }
    for (size_t i = 0; i < count; i++) {
        wanted[i] = zc_sign_request_of(&requests[i]);
    }
    zcp_result sent = zc_client_send_all(session, wanted, count, error);
    for (size_t i = 0; i < count && sent == ZCP_OK; i++) {
        zcp_outcome *outcome = &ret_outcomes[i];
        *outcome = (zcp_outcome){0};
        zc_reply reply;
        sent = zc_client_receive(session, &reply, error);
        if (sent == ZCP_OK) {
            outcome->result =
                zc_sign_outcome(&reply, &outcome->signature, &outcome->decision, &outcome->error);
            /* It would not outlive the next answer. */
            outcome->signature.artefact = NULL;
            outcome->signature.artefact_len = 0;
        }
    }
    return sent;
}
