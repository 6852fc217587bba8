#include "runtime/sessions.h"

#include <errno.h>
#include <string.h>

#include <sys/socket.h>

#include "base/reasons.h"

bool zc_session_may_run(const zc_session *session)
{
    return session->state == ZC_SESSION_OPEN && session->out == NULL &&
           session->held < ZC_SESSION_HELD;
}

/* Moves what is there to the front of the buffer. */
static void compact(zc_session *session)
{
    if (session->in_at == 0) {
        return;
    }
    size_t left = session->in_len - session->in_at;
    memmove(session->in, session->in + session->in_at, left);
    zc_wipe(session->in + left, session->in_len - left);
    session->in_at = 0;
    session->in_len = left;
}

/* Nothing is in it any more that is not wiped. */
static void give_back(zc_sessions *sessions, zc_session *session)
{
    if (session->in_capacity > ZC_SESSION_IN) {
        zc_buffers_give(&sessions->in_buffers, session->in, session->in_len);
        session->in = NULL;
        session->in_capacity = 0;
    } else if (session->in != NULL) {
        zc_session_give_short(sessions, session);
    }
    session->in_at = 0;
    session->in_len = 0;
}

/* Bytes that are there now, perhaps none. False when the connection is gone. */
static bool receive_some(zc_session *session, size_t room, size_t *ret_got)
{
    uint8_t *to = session->in + session->in_len;
    if (session->shared != NULL) {
        bool received = zc_ok(zc_shared_receive(&session->shared->end, to, room, ret_got));
        zc_session_ring_bell(session);
        return received;
    }
    ssize_t got = recv(session->fd, to, room, MSG_DONTWAIT);
    *ret_got = got > 0 ? (size_t)got : 0;
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

void zc_session_receive(zc_sessions *sessions, zc_session *session, uint64_t now_ms)
{
    if (session->in == NULL) {
        zc_session_take_short(sessions, session);
    }
    compact(session);
    size_t room = session->in_capacity - session->in_len;
    if (room == 0) {
        return;
    }
    size_t got;
    if (!receive_some(session, room, &got)) {
        zc_session_end(sessions, session, true);
        return;
    }
    if (got > 0) {
        session->in_len += got;
        session->partial = false;
        if (session->read_deadline == 0) {
            session->read_deadline = now_ms + sessions->limits.record_ms;
        }
        zc_session_watch(sessions, session);
    } else if (session->in_len == 0) {
        give_back(sessions, session);
    }
}

/* Makes the buffer long enough for a record of `total` bytes, or ends the session, or leaves it
 * starved. */
static void make_room(zc_sessions *sessions, zc_session *session, size_t total)
{
    compact(session);
    if (total <= session->in_capacity) {
        return;
    }
    if (!session->spoke) {
        zc_session_end(sessions, session, true);
        return;
    }
    uint8_t *longer = zc_buffers_take(&sessions->in_buffers);
    if (longer == NULL) {
        session->starved = true;
        zc_session_watch(sessions, session);
        return;
    }
    memcpy(longer, session->in, session->in_len);
    zc_wipe(session->in, session->in_len);
    zc_session_give_short(sessions, session);
    session->in = longer;
    session->in_capacity = ZC_BUFFER_SIZE;
}

bool zc_session_next(zc_sessions *sessions, zc_session *session, zc_slice *ret_plain,
                     size_t *ret_total)
{
    if (session->in == NULL) {
        return false;
    }
    uint8_t *record = session->in + session->in_at;
    size_t there = session->in_len - session->in_at;
    size_t total;
    zc_result peeked = zc_record_peek_len(zc_slice_of(record, there), &total);
    if (zc_is(peeked, ZC_BASE_TRUNCATED)) {
        session->partial = true;
        compact(session);
        return false;
    }
    if (!zc_ok(peeked)) {
        zc_session_end(sessions, session, true);
        return false;
    }
    if (there < total) {
        session->partial = true;
        make_room(sessions, session, total);
        return false;
    }
    zc_session_wake(sessions, session);
    if (!zc_ok(zc_record_open(&session->opener, record, total, ret_plain))) {
        zc_session_end(sessions, session, true);
        return false;
    }
    session->spoke = true;
    *ret_total = total;
    return true;
}

void zc_session_consume(zc_sessions *sessions, zc_session *session, size_t total, uint64_t now_ms)
{
    zc_wipe(session->in + session->in_at, total);
    session->in_at += total;
    if (session->in_at < session->in_len) {
        session->read_deadline = now_ms + sessions->limits.record_ms;
        zc_session_watch(sessions, session);
        return;
    }
    session->read_deadline = 0;
    give_back(sessions, session);
}

/* Bytes that the client took now; −1 when the connection is gone. */
static ssize_t send_some(zc_session *session, const uint8_t *bytes, size_t len)
{
    size_t sent = 0;
    if (session->shared != NULL) {
        bool good = zc_ok(zc_shared_send(&session->shared->end, bytes, len, &sent));
        zc_session_ring_bell(session);
        return good ? (ssize_t)sent : -1;
    }
    while (sent < len) {
        ssize_t now = send(session->fd, bytes + sent, len - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now < 0) {
            return errno == EAGAIN ? (ssize_t)sent : -1;
        }
        sent += (size_t)now;
    }
    return (ssize_t)sent;
}

/* Appends to the output buffer, taking one first if need be. */
static bool queue(zc_sessions *sessions, zc_session *session, const uint8_t *bytes, size_t len)
{
    if (session->out == NULL) {
        session->out = zc_buffers_take(&sessions->out_buffers);
        if (session->out == NULL) {
            return false;
        }
        session->out_at = 0;
        session->out_len = 0;
    }
    if (len > ZC_BUFFER_SIZE - (session->out_len - session->out_at)) {
        return false;
    }
    if (len > ZC_BUFFER_SIZE - session->out_len) {
        session->out_len -= session->out_at;
        memmove(session->out, session->out + session->out_at, session->out_len);
        session->out_at = 0;
    }
    memcpy(session->out + session->out_len, bytes, len);
    session->out_len += len;
    return true;
}

void zc_session_send(zc_sessions *sessions, zc_session *session, zc_slice record, uint64_t now_ms)
{
    ssize_t sent = 0;
    if (session->out == NULL) {
        sent = send_some(session, record.data, record.len);
        if (sent == (ssize_t)record.len) {
            return;
        }
        session->drain_deadline = now_ms + sessions->limits.drain_ms;
        zc_session_watch(sessions, session);
    }
    if (sent < 0 ||
        !queue(sessions, session, record.data + (size_t)sent, record.len - (size_t)sent)) {
        zc_session_end(sessions, session, true);
    }
}

/* Time in which the session was not listened to does not count against it. */
static void restart_record_clock(zc_sessions *sessions, zc_session *session, uint64_t now_ms)
{
    if (session->read_deadline != 0 && session->spoke) {
        session->read_deadline = now_ms + sessions->limits.record_ms;
        zc_session_watch(sessions, session);
    }
}

void zc_session_flush(zc_sessions *sessions, zc_session *session, uint64_t now_ms)
{
    if (session->out == NULL) {
        return;
    }
    ssize_t sent =
        send_some(session, session->out + session->out_at, session->out_len - session->out_at);
    if (sent < 0) {
        zc_session_end(sessions, session, true);
        return;
    }
    session->out_at += (size_t)sent;
    if (session->out_at == session->out_len) {
        zc_buffers_give(&sessions->out_buffers, session->out, session->out_len);
        session->out = NULL;
        session->drain_deadline = 0;
        restart_record_clock(sessions, session, now_ms);
    }
}

void zc_session_released(zc_sessions *sessions, zc_session *session, uint64_t now_ms)
{
    if (session->held >= ZC_SESSION_HELD) {
        restart_record_clock(sessions, session, now_ms);
    }
    session->held--;
}
