#include "runtime/front.h"

#include <errno.h>
#include <time.h>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "attest/wrapper.h"
#include "crypto/hash.h"
#include "runtime/descriptor.h"
#include "runtime/front_state.h"

#define EVENTS 64
#define ADMIT_AT_ONCE 32
#define LOOK_AROUND_MS 100
#define HANDSHAKE_MS 5000
#define FAIR_MS 1000
#define NS_PER_MS 1000000ull

/* Names in epoll of what is not a client; clients' ids are larger. */
#define TAG_CORE 0
#define TAG_LISTEN 1

size_t zc_front_size(void)
{
    return sizeof(zc_front);
}

static uint64_t monotonic_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static zc_result make_tls(zc_front *front, const zc_platform *platform)
{
    ZC_SECRET64 zc_secret64 entropy = {{0}};
    if (platform == NULL) {
        return zc_tls_init(&front->tls, (zc_slice){0});
    }
    if (!zc_ok(zc_platform_random(platform, entropy.byte, sizeof entropy.byte))) {
        return zc_fail(ZC_RUNTIME_NO_ENTROPY);
    }
    return zc_tls_init(&front->tls, ZC_SLICE_OF_ARRAY(entropy.byte));
}

static zc_result open_epoll(zc_front *front)
{
    struct epoll_event core = {.events = EPOLLIN, .data.u64 = TAG_CORE};
    struct epoll_event listening = {.events = 0, .data.u64 = TAG_LISTEN};
    front->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (front->epoll_fd < 0 ||
        epoll_ctl(front->epoll_fd, EPOLL_CTL_ADD, front->core_fd, &core) != 0 ||
        epoll_ctl(front->epoll_fd, EPOLL_CTL_ADD, front->listen_fd, &listening) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    return zc_fd_set_nonblocking(front->listen_fd);
}

static uint64_t ns_of(uint32_t ms, uint32_t otherwise)
{
    return (uint64_t)(ms == 0 ? otherwise : ms) * NS_PER_MS;
}

zc_result zc_front_init(void *memory, const zc_front_config *config, zc_front **ret_front)
{
    zc_front *front = memory;
    front->listen_fd = config->listen_fd;
    front->core_fd = config->core_fd;
    front->epoll_fd = -1;
    front->handshake_ns = ns_of(config->handshake_ms, HANDSHAKE_MS);
    front->fair_ns = ns_of(config->fair_ms, FAIR_MS);
    bool fits = config->max_handshakes > 0 && config->max_handshakes < ZC_FRONT_HANDSHAKES;
    front->max_clients = fits ? config->max_handshakes : ZC_FRONT_HANDSHAKES;
    zc_result made = open_epoll(front);
    if (zc_ok(made)) {
        made = make_tls(front, config->platform);
    }
    if (!zc_ok(made)) {
        zc_front_clear(front);
        return made;
    }
    *ret_front = front;
    return ZC_OK;
}

static zc_result send_key(zc_front *front)
{
    uint8_t spki[ZC_SPKI_MAX];
    uint8_t packet[ZC_SPKI_MAX + 64];
    zc_writer der = ZC_WRITER_OF_ARRAY(spki);
    zc_writer writer = ZC_WRITER_OF_ARRAY(packet);
    ZC_TRY(zc_tls_write_spki(&front->tls, &der));
    zc_front_message message = {.type = ZC_FRONT_KEY, .key.spki = zc_writer_written(&der)};
    ZC_TRY(zc_front_message_write(&message, &writer));
    return zc_packet_send(front->core_fd, zc_writer_written(&writer), -1);
}

static zc_result take_evidence(zc_front *front, const zc_front_evidence *given)
{
    zc_front_evidence_copy *copy = &front->evidence[(front->generation + 1) % 2];
    zc_writer wrapper = ZC_WRITER_OF_ARRAY(front->wrapped);
    zc_writer writer = ZC_WRITER_OF_ARRAY(copy->frame);
    ZC_TRY(zc_attest_wrap(given->document, &wrapper));
    const zc_evidence evidence = {.document = zc_writer_written(&wrapper),
                                  .genesis = given->genesis};
    ZC_TRY(zc_evidence_write(&evidence, &writer));
    ZC_TRY(zc_tls_set_certificate(&front->tls, given->certificate));
    copy->len = zc_writer_len(&writer);
    zc_sha256(given->document, copy->document_sha256);
    front->generation++;
    return ZC_OK;
}

static zc_result take_packet(zc_front *front, zc_slice packet)
{
    zc_front_message message;
    if (!zc_ok(zc_front_message_read(packet, &message))) {
        return zc_fail(ZC_RUNTIME_BAD_PACKET);
    }
    if (message.type == ZC_FRONT_EVIDENCE) {
        return take_evidence(front, &message.evidence);
    }
    if (message.type == ZC_FRONT_STOP) {
        front->stopping = true;
        return ZC_OK;
    }
    zc_front_message_clear(&message);
    return zc_fail(ZC_RUNTIME_BAD_PACKET);
}

static zc_result receive_packets(zc_front *front)
{
    while (!front->stopping) {
        zc_buffer buffer = {.data = front->packet, .len = sizeof front->packet};
        size_t len;
        int fd;
        zc_result received = zc_packet_receive(front->core_fd, buffer, &len, &fd);
        if (zc_is(received, ZC_RUNTIME_WOULD_BLOCK)) {
            return ZC_OK;
        }
        ZC_TRY(received);
        zc_fd_close(&fd);
        ZC_TRY(take_packet(front, zc_slice_of(front->packet, len)));
    }
    return ZC_OK;
}

/* Core has room again: everyone who waits for it may try. */
static void retry_handovers(zc_front *front)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = TAG_CORE};
    front->handover_waiting = false;
    (void)epoll_ctl(front->epoll_fd, EPOLL_CTL_MOD, front->core_fd, &event);
    for (size_t i = 0; i < front->max_clients && !front->handover_waiting; i++) {
        if (front->client[i].state == ZC_CLIENT_HANDOVER) {
            zc_front_advance(front, &front->client[i]);
        }
    }
}

static zc_result serve_core(zc_front *front, uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        retry_handovers(front);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        return receive_packets(front);
    }
    return ZC_OK;
}

static void admit(zc_front *front)
{
    zc_front_expire(front, true);
    for (size_t i = 0; i < ADMIT_AT_ONCE && front->clients < front->max_clients; i++) {
        int fd = accept4(front->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            zc_front_admit(front, fd);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            /* Out of descriptors or memory: the queue would wake us for nothing. */
            front->rests = errno != EAGAIN;
            return;
        }
    }
}

static void serve_client(zc_front *front, uint64_t id)
{
    zc_client *client = &front->client[id % ZC_FRONT_HANDSHAKES];
    if (client->state != ZC_CLIENT_FREE && client->id == id) {
        zc_front_advance(front, client);
    }
}

/* The listening socket is watched while there is evidence to show and a place to give. */
static void settle_listening(zc_front *front)
{
    bool wanted = front->generation > 0 && !front->rests && zc_front_has_place(front);
    if (wanted == front->listening) {
        return;
    }
    struct epoll_event event = {.events = wanted ? EPOLLIN : 0, .data.u64 = TAG_LISTEN};
    if (epoll_ctl(front->epoll_fd, EPOLL_CTL_MOD, front->listen_fd, &event) == 0) {
        front->listening = wanted;
    }
}

static zc_result turn(zc_front *front)
{
    struct epoll_event event[EVENTS];
    int count =
        epoll_wait(front->epoll_fd, event, EVENTS, front->clients > 0 ? LOOK_AROUND_MS : -1);
    if (count < 0 && errno != EINTR) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    front->now_ns = monotonic_ns();
    bool knocked = false;
    front->rests = front->rests && count > 0;
    for (int i = 0; i < count; i++) {
        if (event[i].data.u64 == TAG_CORE) {
            ZC_TRY(serve_core(front, event[i].events));
        } else if (event[i].data.u64 == TAG_LISTEN) {
            knocked = true;
        } else {
            serve_client(front, event[i].data.u64);
        }
    }
    zc_front_next_turns(front);
    zc_front_expire(front, false);
    if (knocked) {
        admit(front);
    }
    settle_listening(front);
    return ZC_OK;
}

zc_result zc_front_run(zc_front *front)
{
    front->now_ns = monotonic_ns();
    ZC_TRY(send_key(front));
    while (!front->stopping) {
        ZC_TRY(turn(front));
    }
    return ZC_OK;
}

size_t zc_front_descriptors(const zc_front *front, int ret_fds[static ZC_FRONT_DESCRIPTORS])
{
    const int fds[ZC_FRONT_DESCRIPTORS] = {front->listen_fd, front->core_fd, front->epoll_fd};
    memcpy(ret_fds, fds, sizeof fds);
    return ZC_FRONT_DESCRIPTORS;
}

void zc_front_clear(zc_front *front)
{
    for (size_t i = 0; i < ZC_FRONT_HANDSHAKES; i++) {
        if (front->client[i].state != ZC_CLIENT_FREE) {
            zc_front_drop(front, &front->client[i]);
        }
    }
    zc_tls_clear(&front->tls);
    zc_fd_close(&front->listen_fd);
    zc_fd_close(&front->core_fd);
    zc_fd_close(&front->epoll_fd);
    zc_wipe(front, sizeof *front);
    front->listen_fd = front->core_fd = front->epoll_fd = -1;
}
