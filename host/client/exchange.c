/* Requests and answers over the session's records, and coming back after a lost connection. */
#include "client/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <unistd.h>

#include "support/reason.h"

#define RETRY_PAUSE_MS 20

zcp_result zc_client_failed(const zc_reply *reply, const char *what, zcp_error *error)
{
    zc_report_code(error, ZCP_FAILED, reply->failed.code, what,
                   "see `zcp status` and the mission; `zcp tx decode` shows what a payload means");
    if (error != NULL && reply->failed.has_offset) {
        error->has_offset = true;
        error->offset = reply->failed.offset;
    }
    return ZCP_FAILED;
}

static zcp_result send_record(zcp_session *session, zc_slice plain, zcp_error *error)
{
    zc_writer record = ZC_WRITER_OF_ARRAY(session->record);
    zc_result sealed = zc_record_seal(&session->to_core, plain, &record);
    if (!zc_ok(sealed)) {
        return zc_report_code(error, ZCP_FAILED, sealed.code, "cannot seal the request",
                              "open a new session");
    }
    if (!zc_transport_send(&session->transport, session->fd, session->record,
                           zc_writer_len(&record))) {
        zcp_result lost = zc_report_lost(error, strerror(errno));
        zc_client_disconnect(session);
        return lost;
    }
    return ZCP_OK;
}

zcp_result zc_client_send_all(zcp_session *session, zc_request *requests, size_t count,
                              zcp_error *error)
{
    if (session->fd < 0) {
        return zc_report_lost(error, "the connection was lost before");
    }
    if (session->next_id - session->answered + count > ZC_CLIENT_PIPELINE) {
        return zc_report(error, ZCP_USAGE, "cannot send another request",
                         "as many as the pipeline holds are under way", "receive answers first");
    }
    zc_writer plain = ZC_WRITER_OF_ARRAY(session->request);
    for (size_t i = 0; i < count; i++) {
        requests[i].id = session->next_id + 1 + i;
        zc_result written = zc_request_write(&requests[i], &plain);
        if (!zc_ok(written)) {
            return zc_report_code(error, ZCP_USAGE, written.code, "cannot send the request",
                                  "check the lengths of names and payload");
        }
    }
    for (size_t i = 0; i < count; i++) {
        session->next_id++;
        session->pending[session->next_id % ZC_CLIENT_PIPELINE] = requests[i].op;
    }
    return send_record(session, zc_writer_written(&plain), error);
}

zcp_result zc_client_send(zcp_session *session, zc_request *request, zcp_error *error)
{
    return zc_client_send_all(session, request, 1, error);
}

/* Reads until one whole record stands at answer_used. */
static zcp_result fill(zcp_session *session, size_t *ret_total, zcp_error *error)
{
    for (;;) {
        zc_slice have = zc_slice_of(session->answer + session->answer_used,
                                    session->answer_len - session->answer_used);
        zc_result peeked = zc_record_peek_len(have, ret_total);
        if (zc_ok(peeked) && have.len >= *ret_total) {
            return ZCP_OK;
        }
        if (!zc_ok(peeked) && !zc_is(peeked, ZC_BASE_TRUNCATED)) {
            zcp_result bad = zc_report_code(error, ZCP_NOT_VERIFIED, peeked.code,
                                            "refused an answer", "open a new session");
            zc_client_disconnect(session);
            return bad;
        }
        if (session->answer_used > 0) {
            memmove(session->answer, have.data, have.len);
            session->answer_used = 0;
            session->answer_len = have.len;
        }
        ssize_t got = zc_transport_receive(&session->transport, session->fd,
                                           session->answer + session->answer_len,
                                           sizeof session->answer - session->answer_len);
        if (got <= 0) {
            zcp_result lost = zc_report_lost(error, got == 0 ? "the enclave closed the connection"
                                                    : errno == EAGAIN ? "it did not answer in time"
                                                                      : strerror(errno));
            zc_client_disconnect(session);
            return lost;
        }
        session->answer_len += (size_t)got;
    }
}

zcp_result zc_client_receive(zcp_session *session, zc_reply *ret_reply, zcp_error *error)
{
    if (session->fd < 0) {
        return zc_report_lost(error, "the connection was lost before");
    }
    size_t total;
    zcp_result filled = fill(session, &total, error);
    if (filled != ZCP_OK) {
        return filled;
    }
    zc_slice plain;
    uint64_t id;
    zc_result opened =
        zc_record_open(&session->to_client, session->answer + session->answer_used, total, &plain);
    session->answer_used += total;
    bool good = zc_ok(opened) && zc_ok(zc_reply_peek_id(plain, &id)) && id > session->answered &&
                id <= session->next_id &&
                zc_ok(zc_reply_read(plain, session->pending[id % ZC_CLIENT_PIPELINE], ret_reply));
    if (!good) {
        zc_client_disconnect(session);
        return zc_report(error, ZCP_NOT_VERIFIED, "refused an answer",
                         "it was altered on the way or is not an answer to any request",
                         "open a new session; if it happens again, somebody stands in between");
    }
    session->answered = id;
    return ZCP_OK;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

zcp_result zc_client_ask(zcp_session *session, zc_request *request, bool repeatable,
                         const char *what, zc_reply *ret_reply, zcp_error *error)
{
    int64_t until = now_ms() + session->place.timeout_ms;
    bool reconnect = session->place.reconnect;
    for (;;) {
        bool sent = false;
        zcp_result asked =
            session->fd < 0 && reconnect ? zc_client_connect(session, error) : ZCP_OK;
        if (asked == ZCP_OK) {
            sent = true;
            asked = zc_client_send(session, request, error);
            asked = asked == ZCP_OK ? zc_client_receive(session, ret_reply, error) : asked;
        }
        if (asked == ZCP_OK) {
            return ret_reply->status == ZC_STATUS_FAILED ? zc_client_failed(ret_reply, what, error)
                                                         : ZCP_OK;
        }
        bool again =
            asked == ZCP_UNREACHABLE && reconnect && (repeatable || !sent) && now_ms() < until;
        if (!again) {
            return asked;
        }
        pause_ms(RETRY_PAUSE_MS);
    }
}

/* The first connection may come while the enclave starts: it gets the same patience as a lost one.
 */
zcp_result zcp_open(const zcp_options *options, zcp_session **ret_session, zcp_error *error)
{
    zcp_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return zc_report(error, ZCP_FAILED, "cannot open a session", "there is no memory",
                         "free some");
    }
    session->fd = -1;
    zcp_result opened = zc_place_resolve(options, &session->place, error);
    if (opened == ZCP_OK) {
        opened = zc_place_credential(options, &session->place, &session->credential, error);
    }
    if (opened == ZCP_OK) {
        opened = zc_client_connect(session, error);
    }
    if (opened != ZCP_OK) {
        zcp_close(session);
        return opened;
    }
    *ret_session = session;
    return ZCP_OK;
}

void zcp_close(zcp_session *session)
{
    if (session == NULL) {
        return;
    }
    zc_client_disconnect(session);
    zc_credential_clear(&session->credential);
    zc_wipe(session, sizeof *session);
    free(session);
}

const zcp_evidence *zcp_session_evidence(const zcp_session *session)
{
    return &session->evidence;
}
