#include "enclave/parts.h"

#include "attest/nsm.h"

zc_result zc_wait_push(zc_enclave *enclave, const zc_wait *wait)
{
    if (enclave->wait_count == ZC_ENCLAVE_WAITS_MAX) {
        return zc_fail(ZC_ENCLAVE_BUSY);
    }
    size_t place = (enclave->wait_first + enclave->wait_count) % ZC_ENCLAVE_WAITS_MAX;
    enclave->wait[place] = *wait;
    enclave->wait_count++;
    return ZC_OK;
}

zc_result zc_ask_document(zc_enclave *enclave, zc_effects *effects, const zc_wait *wait,
                          zc_slice nonce, zc_slice public_key)
{
    uint8_t user_data[ZC_ATTEST_BINDING_SIZE];
    zc_writer binding = ZC_WRITER_OF_ARRAY(user_data);
    ZC_TRY(zc_attest_binding_write(&enclave->binding, &binding));
    uint8_t request[ZC_NSM_REQUEST_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(request);
    ZC_TRY(zc_nsm_request_attestation(
        &writer, zc_nsm_field_of(zc_writer_written(&binding)),
        (zc_nsm_field){.present = nonce.len > 0, .bytes = nonce},
        (zc_nsm_field){.present = public_key.len > 0, .bytes = public_key}));
    ZC_TRY(zc_wait_push(enclave, wait));
    return zc_emit_plain(effects, ZC_EFFECT_NSM, 0, zc_writer_written(&writer));
}

/* A document that one client asked for. What goes wrong with it is that client's alone. */
static zc_result answer_client(zc_enclave *enclave, const zc_wait *wait, zc_slice answer,
                               zc_effects *effects)
{
    zc_slice document;
    zc_result taken = zc_nsm_response_document(answer, &document);
    if (!zc_ok(taken)) {
        return zc_emit_failure(enclave, effects, wait->session, wait->request, taken, NULL);
    }
    zc_reply reply = {.id = wait->request, .status = ZC_STATUS_OK};
    if (wait->purpose == ZC_WAIT_ATTEST) {
        reply.op = ZC_OP_ATTEST;
        reply.attest.document = document;
    } else {
        reply.op = ZC_OP_KEY_IMPORT_BEGIN;
        reply.import_begin.document = document;
        memcpy(reply.import_begin.import_key, wait->import_key,
               sizeof reply.import_begin.import_key);
    }
    return zc_emit_reply(effects, wait->session, 0, &reply);
}

static zc_result renew(zc_enclave *enclave, zc_slice answer, zc_effects *effects)
{
    zc_slice document;
    zc_result taken = zc_nsm_response_document(answer, &document);
    if (enclave->stopping) {
        return ZC_OK; /* nobody is shown it any more */
    }
    if (zc_ok(taken)) {
        return zc_evidence_renew(enclave, document, effects);
    }
    /* The old document is still good for hours: the next turn tries again. */
    zc_count_error(enclave, taken);
    return ZC_OK;
}

zc_result zc_on_nsm(zc_enclave *enclave, const zc_message *message)
{
    if (enclave->wait_count == 0) {
        return zc_fail(ZC_ENCLAVE_NSM_FAILED);
    }
    zc_wait wait = enclave->wait[enclave->wait_first];
    enclave->wait_first = (enclave->wait_first + 1) % ZC_ENCLAVE_WAITS_MAX;
    enclave->wait_count--;

    zc_slice answer = message->event->bytes;
    zc_slice document;
    switch (wait.purpose) {
    case ZC_WAIT_PCR0:
        return zc_boot_pcr0(enclave, answer, message->effects);
    case ZC_WAIT_EXTEND:
        return zc_boot_extended(enclave, answer, message->effects);
    case ZC_WAIT_LOCK:
        return zc_boot_locked(enclave, answer, message->effects);
    case ZC_WAIT_BOOT_DOCUMENT:
        ZC_TRY(zc_nsm_response_document(answer, &document));
        return zc_evidence_boot(enclave, document, message->effects);
    case ZC_WAIT_REFRESH:
        enclave->refresh_asked = false;
        return renew(enclave, answer, message->effects);
    case ZC_WAIT_ATTEST:
    case ZC_WAIT_IMPORT:
        break;
    }
    return answer_client(enclave, &wait, answer, message->effects);
}
