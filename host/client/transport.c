/* How a session's bytes travel: through its socket, or through memory that it shares with core. */
#include "client/internal.h"

#include <errno.h>
#include <time.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BELLS 64
/* Looks between two looks at the clock. */
#define LOOKS 64

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static inline void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* A full socket holds bells enough. */
static void ring_bell(zc_transport *transport, int fd)
{
    if (zc_shared_must_ring(&transport->end)) {
        ssize_t rung = send(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)rung;
    }
}

/* Sleeps until core rings or goes, or the session's patience is over: as recv(). */
static ssize_t sleep_until_rung(zc_transport *transport, int fd, bool for_room)
{
    uint8_t bells[BELLS];
    zc_shared_arm(&transport->end, for_room);
    bool ready =
        zc_shared_has_input(&transport->end) || (for_room && zc_shared_has_room(&transport->end));
    ssize_t got = recv(fd, bells, sizeof bells, ready ? MSG_DONTWAIT : 0);
    zc_shared_disarm(&transport->end);
    if (ready && got < 0 && errno == EAGAIN) {
        return 1;
    }
    return got;
}

static bool send_shared(zc_transport *transport, int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        size_t sent;
        if (!zc_ok(zc_shared_send(&transport->end, bytes, len, &sent))) {
            errno = EPROTO;
            return false;
        }
        ring_bell(transport, fd);
        bytes += sent;
        len -= sent;
        if (len > 0) {
            ssize_t woken = sleep_until_rung(transport, fd, true);
            if (woken == 0) {
                errno = EPIPE;
            }
            if (woken == 0 || (woken < 0 && errno != EINTR)) {
                return false;
            }
        }
    }
    return true;
}

bool zc_transport_send(zc_transport *transport, int fd, const uint8_t *bytes, size_t len)
{
    if (transport->memory != NULL) {
        return send_shared(transport, fd, bytes, len);
    }
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* What is in shared memory now; −1 when core breaks its rules. */
static ssize_t take_shared(zc_transport *transport, int fd, uint8_t *ret_bytes, size_t room)
{
    size_t len;
    if (!zc_ok(zc_shared_receive(&transport->end, ret_bytes, room, &len))) {
        errno = EPROTO;
        return -1;
    }
    ring_bell(transport, fd);
    return (ssize_t)len;
}

static bool comes_soon(const zc_transport *transport)
{
    for (uint64_t until = now_us() + transport->spin_us; now_us() < until;) {
        for (size_t i = 0; i < LOOKS; i++) {
            if (zc_shared_has_input(&transport->end)) {
                return true;
            }
            breathe();
        }
    }
    return false;
}

static ssize_t receive_shared(zc_transport *transport, int fd, uint8_t *ret_bytes, size_t room)
{
    for (;;) {
        ssize_t got = take_shared(transport, fd, ret_bytes, room);
        if (got != 0 || comes_soon(transport)) {
            if (got != 0) {
                return got;
            }
            continue;
        }
        ssize_t woken = sleep_until_rung(transport, fd, false);
        if (woken == 0) { /* core has closed: what it sent before still counts */
            return take_shared(transport, fd, ret_bytes, room);
        }
        if (woken < 0 && errno != EINTR) {
            return -1;
        }
    }
}

ssize_t zc_transport_receive(zc_transport *transport, int fd, uint8_t *ret_bytes, size_t room)
{
    if (transport->memory != NULL) {
        return receive_shared(transport, fd, ret_bytes, room);
    }
    ssize_t got = -1;
    if (transport->spin_us > 0) {
        uint64_t until = now_us() + transport->spin_us;
        do {
            got = recv(fd, ret_bytes, room, MSG_DONTWAIT);
        } while (got < 0 && (errno == EAGAIN || errno == EINTR) && now_us() < until);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR)) {
            return got;
        }
    }
    do {
        got = recv(fd, ret_bytes, room, 0);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Receives exactly one record of known length and the descriptor that may come with it. */
static bool receive_answer(int fd, uint8_t *ret_record, size_t len, int *ret_passed)
{
    *ret_passed = -1;
    for (size_t got = 0; got < len;) {
        struct iovec piece = {.iov_base = ret_record + got, .iov_len = len - got};
        union {
            struct cmsghdr header;
            uint8_t byte[CMSG_SPACE(sizeof(int))];
        } control = {0};
        struct msghdr message = {.msg_iov = &piece,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = CMSG_LEN(sizeof(int))};
        ssize_t now = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
        if (now < 0 && errno == EINTR) {
            continue;
        }
        if (now <= 0) {
            return false;
        }
        const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (header != NULL && header->cmsg_type == SCM_RIGHTS && *ret_passed < 0 &&
            header->cmsg_len == CMSG_LEN(sizeof(int))) {
            memcpy(ret_passed, CMSG_DATA(header), sizeof *ret_passed);
        }
        got += (size_t)now;
    }
    return true;
}

bool zc_transport_share(zcp_session *session)
{
    const uint8_t ask = ZC_SHARED_ASK;
    uint8_t question[1 + ZC_RECORD_OVERHEAD];
    uint8_t answer[ZC_SHARED_ANSWER_SIZE + ZC_RECORD_OVERHEAD];
    zc_writer writer = ZC_WRITER_OF_ARRAY(question);
    zc_slice plain;
    int fd;
    bool answered =
        zc_ok(zc_record_seal(&session->to_core, zc_slice_of(&ask, 1), &writer)) &&
        zc_transport_send(&session->transport, session->fd, question, zc_writer_len(&writer)) &&
        receive_answer(session->fd, answer, sizeof answer, &fd);
    if (!answered) {
        return false;
    }
    bool good = zc_ok(zc_record_open(&session->to_client, answer, sizeof answer, &plain)) &&
                plain.data[0] == ZC_SHARED_ASK;
    bool granted = good && plain.data[1] == 1;
    void *memory = NULL;
    if (granted) {
        good = fd >= 0 && zc_ok(zc_shared_map(fd, &memory));
    }
    if (fd >= 0) {
        close(fd);
    }
    if (memory != NULL) {
        session->transport.memory = memory;
        session->transport.end = zc_shared_end_of(memory, ZC_SHARED_CLIENT);
    }
    return good;
}

void zc_transport_end(zc_transport *transport)
{
    zc_shared_unmap(transport->memory);
    transport->memory = NULL;
}

const char *zcp_session_transport(const zcp_session *session)
{
    return session->transport.memory != NULL ? "shared memory" : "socket";
}
