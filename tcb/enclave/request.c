/* Sessions and their requests: who speaks, and what for. */
#include "enclave/parts.h"

#include "crypto/verify.h"
#include "wire/session.h"

#define OPEN_SIZE 64

zc_result zc_on_session_open(zc_enclave *enclave, const zc_message *message)
{
    const zc_event *event = message->event;
    zc_session *session;
    if (event->bytes.len != OPEN_SIZE ||
        !zc_ok(zc_sessions_open(enclave, event->session, &session))) {
        return zc_emit_plain(message->effects, ZC_EFFECT_CLOSE, event->session,
                             zc_slice_of(NULL, 0));
    }
    memcpy(session->binding, event->bytes.data, sizeof session->binding);
    memcpy(session->document_sha256, event->bytes.data + 32, sizeof session->document_sha256);
    return ZC_OK;
}

zc_result zc_on_session_closed(zc_enclave *enclave, const zc_message *message)
{
    zc_sessions_close(enclave, message->event->session);
    return ZC_OK;
}

/* Front says which document it showed; only what core itself handed out counts. */
static bool document_is_ours(const zc_enclave *enclave, const uint8_t sha256[static 32])
{
    for (size_t i = 0; i < enclave->document_count; i++) {
        if (memcmp(enclave->document_sha256[i], sha256, 32) == 0) {
            return true;
        }
    }
    return false;
}

static zc_result authenticate(const zc_enclave *enclave, const zc_session *session,
                              const zc_request_auth *auth, uint32_t *ret_principal)
{
    if (session->authenticated || !document_is_ours(enclave, session->document_sha256)) {
        return zc_fail(ZC_ENCLAVE_BAD_AUTHENTICATION);
    }
    uint8_t tbs[ZC_SESSION_AUTH_TBS_SIZE];
    zc_writer writer = ZC_WRITER_OF_ARRAY(tbs);
    ZC_TRY(zc_session_auth_tbs(session->binding, session->document_sha256,
                               enclave->genesis.deployment_id, &writer));
    if (!zc_ok(zc_verify_ed25519(auth->public_key, zc_writer_written(&writer), auth->signature))) {
        return zc_fail(ZC_ENCLAVE_BAD_AUTHENTICATION);
    }
    if (!zc_mission_find_principal(&enclave->mission, auth->public_key, ret_principal)) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_PRINCIPAL);
    }
    return ZC_OK;
}

/* One attempt a session: whoever fails it is told why, and the connection ends. */
zc_result zc_on_auth(zc_enclave *enclave, const zc_message *message)
{
    zc_session *session = message->session;
    uint32_t principal;
    zc_result known = authenticate(enclave, session, &message->request->auth, &principal);
    if (!zc_ok(known)) {
        uint64_t id = session->id;
        zc_count_error(enclave, known);
        ZC_TRY(zc_emit_failure(enclave, message->effects, id, message->request->id, known, NULL));
        zc_sessions_close(enclave, id);
        return zc_emit_plain(message->effects, ZC_EFFECT_CLOSE, id, zc_slice_of(NULL, 0));
    }
    session->authenticated = true;
    session->principal = principal;
    zc_count_session_begun(enclave, session);
    zc_reply reply = {
        .id = message->request->id,
        .op = ZC_OP_AUTH,
        .status = ZC_STATUS_OK,
        .auth = {.principal = zc_slice_of_text(enclave->mission.principals[principal].name),
                 .phase = (uint8_t)enclave->phase}};
    memcpy(reply.auth.deployment_id, enclave->genesis.deployment_id,
           sizeof reply.auth.deployment_id);
    return zc_emit_reply(message->effects, session->id, 0, &reply);
}

zc_result zc_require_role(const zc_enclave *enclave, const zc_session *session, uint32_t roles)
{
    bool revoked = (enclave->policy.revoked_principals >> session->principal & 1) != 0;
    return !revoked && (enclave->mission.principals[session->principal].roles & roles) != 0
               ? ZC_OK
               : zc_fail(ZC_ENCLAVE_NOT_PERMITTED);
}

static zc_result dispatch(zc_enclave *enclave, zc_session *session, const zc_event *event,
                          const zc_request *request, zc_effects *effects)
{
    zc_handler *handler = zc_table_request(enclave, request->op);
    if (handler == NULL) {
        return zc_fail(ZC_ENCLAVE_UNKNOWN_OPERATION);
    }
    if (!session->authenticated && request->op != ZC_OP_AUTH) {
        return zc_fail(ZC_ENCLAVE_NOT_AUTHENTICATED);
    }
    return handler(
        enclave,
        &(zc_message){.event = event, .request = request, .session = session, .effects = effects});
}

static void answer_failure(zc_enclave *enclave, const zc_event *event, uint64_t id, zc_result why,
                           zc_effects *effects)
{
    zc_result told = zc_emit_failure(enclave, effects, event->session, id, why, NULL);
    (void)told; /* no room left for a reply: the client sees its request unanswered */
}

/* Takes the next request; false when nothing after it can be read. */
static bool take_next(zc_enclave *enclave, const zc_event *event, zc_reader *reader,
                      zc_effects *effects)
{
    zc_session *session = zc_sessions_find(enclave, event->session);
    if (session == NULL) {
        return false;
    }
    zc_slice rest = zc_slice_of(reader->at, zc_reader_left(reader));
    zc_request request;
    zc_result taken = zc_request_read_next(reader, &request);
    bool readable = zc_ok(taken);
    if (readable) {
        enclave->batch.open = enclave->batch.open || zc_reader_left(reader) > 0;
        /* Before anything is done: once a handler acts, it can't fail for want of room. */
        taken = zc_effects_have_room(effects);
    } else {
        request.id = 0;
        zc_result named = zc_request_peek_id(rest, &request.id);
        (void)named; /* an unreadable id is answered as 0 */
    }
    if (zc_ok(taken)) {
        taken = dispatch(enclave, session, event, &request, effects);
    }
    if (!zc_ok(taken)) {
        answer_failure(enclave, event, request.id, taken, effects);
    }
    return readable;
}

void zc_request_take(zc_enclave *enclave, const zc_event *event, zc_effects *effects)
{
    zc_reader reader = zc_reader_of(event->bytes);
    bool more = true;
    enclave->batch.open = false;
    for (size_t i = 0; i < ZC_RECORD_REQUESTS && more; i++) {
        more = take_next(enclave, event, &reader, effects) && zc_reader_left(&reader) > 0;
    }
    if (more) { /* more than a record may hold: nothing of it is carried out */
        answer_failure(enclave, event, 0, zc_fail(ZC_WIRE_FIELD_RANGE), effects);
    }
    zc_batch_sign(&enclave->batch, effects);
}
