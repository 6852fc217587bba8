#include <string.h>

#include <sys/epoll.h>

#include "runtime/core_state.h"
#include "runtime/descriptor.h"

/* Packets of front's that are taken in one go. */
#define TURN 16

void zc_core_take_frames(zc_core *core)
{
    bool any = false;
    while (zc_link_has_room(&core->host) && !zc_core_is_over(core)) {
        zc_slice frame;
        zc_result next = zc_link_next(&core->host, &frame);
        if (!zc_ok(next)) {
            zc_core_break(core, next);
            return;
        }
        if (frame.len == 0) {
            break;
        }
        any = true;
        zc_core_dispatch(core, ZC_EVENT_HOST, 0, frame);
    }
    if (any) {
        zc_core_release(core);
    }
}

void zc_core_serve_host(zc_core *core, uint32_t events)
{
    zc_result served = ZC_OK;
    core->host_full = core->host_full && (events & EPOLLOUT) == 0;
    if ((events & EPOLLIN) != 0) {
        served = zc_link_receive(&core->host);
    } else if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
        served = zc_fail(ZC_RUNTIME_PEER_GONE);
    }
    if (!zc_ok(served)) {
        zc_core_break(core, served);
    }
}

static void open_session(zc_core *core, const zc_front_session *opening, int fd)
{
    zc_session *session;
    zc_sessions_make_place(&core->sessions);
    zc_core_reap(core);
    if (!zc_ok(zc_session_begin(&core->sessions, fd, &opening->secrets, zc_core_session_ms(core),
                                &session))) {
        return; /* the client sees its connection closed, and may try again */
    }
    uint8_t bytes[sizeof opening->secrets.binding + sizeof opening->document_sha256];
    memcpy(bytes, opening->secrets.binding, sizeof opening->secrets.binding);
    memcpy(bytes + sizeof opening->secrets.binding, opening->document_sha256,
           sizeof opening->document_sha256);
    zc_core_dispatch(core, ZC_EVENT_SESSION_OPEN, session->id, ZC_SLICE_OF_ARRAY(bytes));
}

/* Acts on one packet; the descriptor that came with it is this function's. */
static zc_result take_packet(zc_core *core, zc_slice packet, int fd)
{
    zc_front_message message;
    zc_result read = zc_front_message_read(packet, &message);
    if (zc_ok(read) && message.type == ZC_FRONT_SESSION && fd >= 0) {
        open_session(core, &message.session, fd);
        zc_front_message_clear(&message);
        return ZC_OK;
    }
    bool key = zc_ok(read) && message.type == ZC_FRONT_KEY && fd < 0;
    if (key) {
        zc_core_dispatch(core, ZC_EVENT_FRONT_KEY, 0, message.key.spki);
    }
    if (zc_ok(read)) {
        zc_front_message_clear(&message);
    }
    zc_fd_close(&fd);
    return key ? ZC_OK : zc_fail(ZC_RUNTIME_BAD_PACKET);
}

static zc_result receive_packets(zc_core *core)
{
    for (size_t i = 0; i < TURN && zc_core_has_room(core) && !zc_core_is_over(core); i++) {
        zc_buffer buffer = {.data = core->from_front, .len = ZC_CORE_PACKET};
        size_t len;
        int fd;
        zc_result received = zc_packet_receive(core->front_fd, buffer, &len, &fd);
        if (zc_is(received, ZC_RUNTIME_WOULD_BLOCK)) {
            return ZC_OK;
        }
        if (zc_is(received, ZC_RUNTIME_NO_DESCRIPTOR)) {
            zc_wipe(buffer.data, ZC_CORE_PACKET);
            continue; /* the client sees its connection closed */
        }
        ZC_TRY(received);
        zc_result taken = take_packet(core, zc_slice_of(buffer.data, len), fd);
        zc_wipe(buffer.data, len);
        ZC_TRY(taken);
        zc_core_reap(core);
    }
    return ZC_OK;
}

static zc_result send_waiting(zc_core *core)
{
    if (core->to_front_len == 0) {
        return ZC_OK;
    }
    zc_result sent =
        zc_packet_send(core->front_fd, zc_slice_of(core->to_front, core->to_front_len), -1);
    if (zc_is(sent, ZC_RUNTIME_WOULD_BLOCK)) {
        return ZC_OK;
    }
    core->to_front_len = 0;
    return sent;
}

void zc_core_to_front(zc_core *core, zc_slice packet)
{
    if (packet.len == 0 || packet.len > sizeof core->to_front) {
        zc_core_break(core, zc_fail(ZC_RUNTIME_BAD_PACKET));
        return;
    }
    core->shown = true;
    memcpy(core->to_front, packet.data, packet.len);
    core->to_front_len = packet.len;
    zc_result sent = send_waiting(core);
    if (!zc_ok(sent)) {
        zc_core_break(core, sent);
    }
}

void zc_core_serve_front(zc_core *core, uint32_t events)
{
    zc_result served = ZC_OK;
    if ((events & EPOLLOUT) != 0) {
        served = send_waiting(core);
    }
    if (zc_ok(served) && (events & EPOLLIN) != 0) {
        served = receive_packets(core);
    } else if ((events & (EPOLLHUP | EPOLLERR)) != 0) {
        served = zc_fail(ZC_RUNTIME_PEER_GONE);
    }
    if (!zc_ok(served)) {
        zc_core_break(core, served);
    }
}

static void watch(zc_core *core, int fd, uint64_t tag, uint32_t wanted, uint32_t *interest)
{
    if (wanted == *interest) {
        return;
    }
    struct epoll_event event = {.events = wanted, .data.u64 = tag};
    if (epoll_ctl(core->all_epoll, EPOLL_CTL_MOD, fd, &event) != 0 ||
        epoll_ctl(core->links_epoll, EPOLL_CTL_MOD, fd, &event) != 0) {
        zc_core_break(core, zc_fail(ZC_RUNTIME_NO_DESCRIPTOR));
        return;
    }
    *interest = wanted;
}

/* How many more may be on their way when a lot leaves. A reply that has to wait is no harm. */
static uint64_t left_over(const zc_host_lag *lag)
{
    uint64_t left = lag->most / 8 > ZC_CORE_GATHER_LEFT ? lag->most / 8 : ZC_CORE_GATHER_LEFT;
    return left < lag->most / 2 && !lag->trips ? left : lag->most / 2;
}

/* Whether so much is gathered of what may be on its way that the host has to have it before the
 * rest is used up. While it is still busy with what it got before, more would only lie there: the
 * next lot leaves when it has answered. */
static bool is_lot(const zc_core *core)
{
    if (core->machine.lag == NULL) {
        return true;
    }
    zc_host_lag lag = core->machine.lag(core->machine.state);
    return lag.now <= core->host_frames && core->host_frames >= lag.most - left_over(&lag);
}

/* Whether a reply waits for something that is gathered. One that waits for what has left before has
 * nothing of it when a small lot comes after. */
static bool is_waited_for(const zc_core *core)
{
    if (core->held.count == 0 || core->machine.lag == NULL) {
        return core->held.count > 0;
    }
    zc_host_lag lag = core->machine.lag(core->machine.state);
    return core->held_ordinal + core->host_frames > lag.handed;
}

/* A client that waits for its entry to be stored, or anything that is no client's, does not wait
 * for company. */
static bool may_gather(const zc_core *core)
{
    return !core->host_at_once && !is_waited_for(core) && !zc_core_is_over(core) &&
           core->now_ns < core->host_due_ns &&
           zc_ring_len(&core->host.out) < ZC_CORE_GATHER_BYTES && !is_lot(core);
}

/* What the host does not take now leaves as soon as epoll says that it takes more: to try again
 * with every request would cost each a system call. */
static zc_result flush_host(zc_core *core)
{
    if (core->host_full) {
        return ZC_OK;
    }
    zc_result flushed = zc_link_flush(&core->host);
    core->host_full = !zc_link_is_flushed(&core->host);
    core->host_at_once = core->host_full;
    core->host_due_ns = 0;
    core->host_frames = 0;
    return flushed;
}

void zc_core_settle_links(zc_core *core)
{
    zc_result flushed = may_gather(core) ? ZC_OK : flush_host(core);
    if (!zc_ok(flushed)) {
        zc_core_break(core, flushed);
        return;
    }
    uint32_t out = core->host_full ? EPOLLOUT : 0;
    uint32_t in = zc_link_has_room(&core->host) ? EPOLLIN : 0;
    watch(core, core->host_fd, ZC_CORE_TAG_HOST, in | out, &core->host_interest);
    out = core->to_front_len == 0 ? 0 : EPOLLOUT;
    in = zc_core_has_room(core) ? EPOLLIN : 0;
    watch(core, core->front_fd, ZC_CORE_TAG_FRONT, in | out, &core->front_interest);
}
