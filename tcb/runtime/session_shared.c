/* Sessions whose bytes go through shared memory. */
#include <errno.h>
#include <string.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include "runtime/descriptor.h"
#include "runtime/sessions.h"

static zc_session_shared *free_place(zc_sessions *sessions)
{
    for (size_t i = 0; i < ZC_SESSIONS_SHARED; i++) {
        if (sessions->shared[i].session == 0) {
            return &sessions->shared[i];
        }
    }
    return NULL;
}

/* The answer, with or without a descriptor. A socket that does not take these few bytes at once
 * belongs to somebody who asked with replies unread: that is not what asking is for. */
static bool answer(zc_sessions *sessions, zc_session *session, int fd)
{
    zc_session_wake(sessions, session);
    const uint8_t plain[ZC_SHARED_ANSWER_SIZE] = {ZC_SHARED_ASK, fd >= 0 ? 1 : 0};
    uint8_t record[ZC_SHARED_ANSWER_SIZE + ZC_RECORD_OVERHEAD];
    zc_writer writer = ZC_WRITER_OF_ARRAY(record);
    return zc_ok(zc_record_seal(&session->sealer, ZC_SLICE_OF_ARRAY(plain), &writer)) &&
           zc_ok(zc_packet_send(session->fd, zc_writer_written(&writer), fd));
}

/* Takes a place with memory; NULL when there is none to be had. */
static zc_session_shared *take_place(zc_sessions *sessions, int *ret_fd)
{
    zc_session_shared *shared = free_place(sessions);
    if (shared == NULL || !zc_ok(zc_shared_make(ret_fd, &shared->memory))) {
        return NULL;
    }
    shared->end = zc_shared_end_of(shared->memory, ZC_SHARED_CORE);
    return shared;
}

void zc_session_offer_shared(zc_sessions *sessions, zc_session *session, bool may)
{
    int fd = -1;
    bool quiet = session->out == NULL && session->held == 0 && session->shared == NULL;
    zc_session_shared *shared = may && quiet && sessions->shares ? take_place(sessions, &fd) : NULL;
    if (shared != NULL) {
        shared->session = session->id;
        session->shared = shared;
        sessions->shared_count++;
    }
    /* In its order: what was promised before it goes out first, or the session ends. */
    if (session->out != NULL || !answer(sessions, session, fd)) {
        zc_session_end(sessions, session, true);
    }
    zc_fd_close(&fd);
}

void zc_session_free_shared(zc_sessions *sessions, zc_session *session)
{
    if (session->shared == NULL) {
        return;
    }
    zc_shared_unmap(session->shared->memory);
    *session->shared = (zc_session_shared){0};
    session->shared = NULL;
    sessions->shared_count--;
}

void zc_session_hear_bell(zc_sessions *sessions, zc_session *session)
{
    uint8_t bells[64];
    ssize_t got = recv(session->fd, bells, sizeof bells, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        zc_session_end(sessions, session, true);
    }
}

/* A full socket holds bells enough. */
void zc_session_ring_bell(const zc_session *session)
{
    if (zc_shared_must_ring(&session->shared->end)) {
        ssize_t rung = send(session->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)rung;
    }
}

static bool is_ready(const zc_session *session)
{
    return zc_session_may_run(session) && !session->starved &&
           (session->in == NULL || session->in_len < session->in_capacity) &&
           zc_shared_has_input(&session->shared->end);
}

bool zc_sessions_shared_ready(const zc_sessions *sessions)
{
    size_t left = sessions->shared_count;
    for (size_t i = 0; i < ZC_SESSIONS_SHARED && left > 0; i++) {
        const zc_session_shared *shared = &sessions->shared[i];
        if (shared->session == 0) {
            continue;
        }
        left--;
        if (is_ready(&sessions->table[shared->session % ZC_SESSION_PLACES])) {
            return true;
        }
    }
    return false;
}

void zc_sessions_arm_shared(zc_sessions *sessions)
{
    for (size_t i = 0; i < ZC_SESSIONS_SHARED && sessions->shared_count > 0; i++) {
        zc_session_shared *shared = &sessions->shared[i];
        if (shared->session != 0) {
            zc_shared_arm(&shared->end,
                          sessions->table[shared->session % ZC_SESSION_PLACES].out != NULL);
        }
    }
}

void zc_sessions_disarm_shared(zc_sessions *sessions)
{
    for (size_t i = 0; i < ZC_SESSIONS_SHARED && sessions->shared_count > 0; i++) {
        if (sessions->shared[i].session != 0) {
            zc_shared_disarm(&sessions->shared[i].end);
        }
    }
}
