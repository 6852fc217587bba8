#include <errno.h>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "runtime/descriptor.h"
#include "runtime/front_state.h"

_Static_assert((ZC_FRONT_HANDSHAKES & (ZC_FRONT_HANDSHAKES - 1)) == 0,
               "an id's low bits are a place");

static zc_client *free_place(zc_front *front)
{
    for (size_t i = 0; i < front->max_clients; i++) {
        if (front->client[i].state == ZC_CLIENT_FREE) {
            return &front->client[i];
        }
    }
    return NULL;
}

void zc_front_admit(zc_front *front, int fd)
{
    zc_client *client = free_place(front);
    if (client == NULL) {
        zc_fd_close(&fd);
        return;
    }
    size_t place = (size_t)(client - front->client);
    uint64_t id = ++front->births * ZC_FRONT_HANDSHAKES + place;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.u64 = id};
    if (epoll_ctl(front->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        zc_fd_close(&fd);
        return;
    }
    *client = (zc_client){
        .state = ZC_CLIENT_HELLO, .fd = fd, .id = id, .since_ns = front->now_ns, .tls.fd = -1};
    front->clients++;
    zc_front_advance(front, client);
}

static void leave_tls(zc_front *front, zc_client *client)
{
    if (client->state >= ZC_CLIENT_SHAKE) {
        zc_tls_end(&client->tls);
        front->in_tls--;
    }
}

void zc_front_drop(zc_front *front, zc_client *client)
{
    leave_tls(front, client);
    /* Core may hold the same connection by now: closing alone would leave it in our epoll. */
    (void)epoll_ctl(front->epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
    zc_fd_close(&client->fd);
    *client = (zc_client){.fd = -1, .tls.fd = -1};
    front->clients--;
}

/* Looks at what has come without taking it. */
static zc_hello look(zc_front *front, const zc_client *client)
{
    ssize_t there = recv(client->fd, front->hello, sizeof front->hello, MSG_PEEK | MSG_DONTWAIT);
    if (there < 0) {
        return errno == EAGAIN || errno == EINTR ? ZC_HELLO_MORE : ZC_HELLO_WRONG;
    }
    if (there == 0) {
        return ZC_HELLO_WRONG; /* closed */
    }
    return zc_hello_look(zc_slice_of(front->hello, (size_t)there));
}

static zc_tls_progress begin_turn(zc_front *front, zc_client *client)
{
    if (front->in_tls >= ZC_FRONT_TLS ||
        !zc_ok(zc_tls_begin(&front->tls, client->fd, &client->tls))) {
        return ZC_TLS_WAIT;
    }
    front->in_tls++;
    client->turn_ns = front->now_ns;
    client->state = ZC_CLIENT_SHAKE;
    return ZC_TLS_DONE;
}

static zc_tls_progress say_hello(zc_front *front, zc_client *client)
{
    switch (look(front, client)) {
    case ZC_HELLO_MORE:
        return ZC_TLS_WAIT;
    case ZC_HELLO_WHOLE:
        client->state = ZC_CLIENT_TURN;
        return ZC_TLS_DONE;
    case ZC_HELLO_WRONG:
        break;
    }
    return ZC_TLS_FAILED;
}

static zc_tls_progress shake(zc_front *front, zc_client *client)
{
    zc_tls_progress progress = zc_tls_shake(&client->tls);
    if (progress == ZC_TLS_DONE) {
        client->state = ZC_CLIENT_EVIDENCE;
        client->evidence = front->generation;
        client->evidence_at = 0;
    }
    return progress;
}

static zc_tls_progress send_evidence(zc_front *front, zc_client *client)
{
    const zc_front_evidence_copy *evidence = &front->evidence[client->evidence % 2];
    if (front->generation - client->evidence > 1) {
        return ZC_TLS_FAILED; /* too slow: what it was being sent is no longer kept */
    }
    zc_tls_progress progress = zc_tls_write(
        &client->tls, zc_slice_of(evidence->frame, evidence->len), &client->evidence_at);
    if (progress == ZC_TLS_DONE) {
        client->state = ZC_CLIENT_HANDOVER;
    }
    return progress;
}

static zc_result write_session(zc_front *front, const zc_client *client, zc_writer *writer)
{
    zc_front_message message = {.type = ZC_FRONT_SESSION};
    memcpy(message.session.document_sha256, front->evidence[client->evidence % 2].document_sha256,
           sizeof message.session.document_sha256);
    zc_result written = zc_tls_export(&client->tls, &message.session.secrets);
    if (zc_ok(written)) {
        written = zc_front_message_write(&message, writer);
    }
    zc_front_message_clear(&message);
    return written;
}

static void wait_for_core(zc_front *front)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u64 = 0};
    front->handover_waiting =
        epoll_ctl(front->epoll_fd, EPOLL_CTL_MOD, front->core_fd, &event) == 0;
}

/* Passes connection and keys to core. */
static zc_tls_progress hand_over(zc_front *front, zc_client *client)
{
    if (front->generation - client->evidence > 1) {
        return ZC_TLS_FAILED;
    }
    uint8_t packet[256];
    zc_writer writer = ZC_WRITER_OF_ARRAY(packet);
    zc_result sent = write_session(front, client, &writer);
    if (zc_ok(sent)) {
        sent = zc_packet_send(front->core_fd, zc_writer_written(&writer), client->fd);
    }
    zc_wipe(packet, sizeof packet);
    if (zc_is(sent, ZC_RUNTIME_WOULD_BLOCK)) {
        wait_for_core(front);
        return ZC_TLS_WAIT;
    }
    /* Handed over or not, front is done with it. */
    return ZC_TLS_FAILED;
}

void zc_front_advance(zc_front *front, zc_client *client)
{
    zc_tls_progress progress = ZC_TLS_DONE;
    while (progress == ZC_TLS_DONE) {
        switch (client->state) {
        case ZC_CLIENT_HELLO:
            progress = say_hello(front, client);
            break;
        case ZC_CLIENT_TURN:
            progress = begin_turn(front, client);
            break;
        case ZC_CLIENT_SHAKE:
            progress = shake(front, client);
            break;
        case ZC_CLIENT_EVIDENCE:
            progress = send_evidence(front, client);
            break;
        case ZC_CLIENT_HANDOVER:
            progress = hand_over(front, client);
            break;
        case ZC_CLIENT_FREE:
            return;
        }
    }
    if (progress == ZC_TLS_FAILED) {
        zc_front_drop(front, client);
    }
}

static zc_client *oldest(zc_front *front, zc_client_state first, zc_client_state last)
{
    zc_client *found = NULL;
    for (size_t i = 0; i < front->max_clients; i++) {
        zc_client *client = &front->client[i];
        if (client->state >= first && client->state <= last &&
            (found == NULL || client->id < found->id)) {
            found = client;
        }
    }
    return found;
}

static bool is_older(const zc_front *front, const zc_client *client, uint64_t ns)
{
    return client != NULL && front->now_ns - client->since_ns >= ns;
}

bool zc_front_has_place(zc_front *front)
{
    return front->clients < front->max_clients ||
           is_older(front, oldest(front, ZC_CLIENT_HELLO, ZC_CLIENT_HANDOVER), front->fair_ns);
}

void zc_front_expire(zc_front *front, bool place_wanted)
{
    zc_client *client = oldest(front, ZC_CLIENT_HELLO, ZC_CLIENT_HANDOVER);
    while (is_older(front, client, front->handshake_ns)) {
        zc_front_drop(front, client);
        client = oldest(front, ZC_CLIENT_HELLO, ZC_CLIENT_HANDOVER);
    }
    if (place_wanted && front->clients == front->max_clients &&
        is_older(front, client, front->fair_ns)) {
        zc_front_drop(front, client);
    }
}

/* Drops the handshake that has had TLS memory the longest, if it has had its fair time. */
static bool take_turn_back(zc_front *front)
{
    zc_client *found = NULL;
    for (size_t i = 0; i < front->max_clients; i++) {
        zc_client *client = &front->client[i];
        if (client->state >= ZC_CLIENT_SHAKE &&
            (found == NULL || client->turn_ns < found->turn_ns)) {
            found = client;
        }
    }
    if (found == NULL || front->now_ns - found->turn_ns < front->fair_ns) {
        return false;
    }
    zc_front_drop(front, found);
    return true;
}

void zc_front_next_turns(zc_front *front)
{
    zc_client *client;
    while ((client = oldest(front, ZC_CLIENT_TURN, ZC_CLIENT_TURN)) != NULL) {
        if (front->in_tls < ZC_FRONT_TLS) {
            zc_front_advance(front, client);
        }
        if (client->state == ZC_CLIENT_TURN && !take_turn_back(front)) {
            return; /* a handshake that ends will make room */
        }
    }
}
