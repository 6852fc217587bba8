#include "vsock.h"

#include <errno.h>
#include <string.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define RX 0
#define TX 1
#define HOST_CID 3 /* as the parent of a Nitro enclave has */
#define HEARTBEAT_PORT 9000
#define FIRST_PORT 0x40000000u
#define STREAM 1
#define PACKET_MAX 65536
#define SHUT_RECEIVING 1u
#define SHUT_SENDING 2u

enum { REQUEST = 1, RESPONSE, RESET, SHUTDOWN, DATA, CREDIT_UPDATE, CREDIT_REQUEST };

/* virtio_vsock_hdr, little-endian as this machine. */
typedef struct vsock_head {
    uint64_t from_cid;
    uint64_t to_cid;
    uint32_t from_port;
    uint32_t to_port;
    uint32_t len;
    uint16_t type;
    uint16_t op;
    uint32_t flags;
    uint32_t window;
    uint32_t taken;
} __attribute__((packed)) vsock_head;

_Static_assert(sizeof(vsock_head) == 44, "virtio_vsock_hdr");

void zc_vsock_init(zc_vsock *vsock, uint64_t guest_cid)
{
    zc_guest_init(&vsock->guest);
    vsock->guest_cid = guest_cid;
    vsock->next_port = FIRST_PORT;
    vsock->alive = vsock->has_reset = false;
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        vsock->stream[i].state = ZC_VSOCK_FREE;
        vsock->stream[i].fd = -1;
    }
}

static void free_stream(zc_vsock_stream *stream)
{
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    stream->fd = -1;
    stream->state = ZC_VSOCK_FREE;
}

void zc_vsock_clear(zc_vsock *vsock)
{
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        free_stream(&vsock->stream[i]);
    }
    zc_guest_clear(&vsock->guest);
    zc_vsock_init(vsock, vsock->guest_cid);
}

static zc_vsock_stream *take_place(zc_vsock *vsock)
{
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        zc_vsock_stream *stream = &vsock->stream[i];
        if (stream->state == ZC_VSOCK_FREE) {
            memset(stream, 0, offsetof(zc_vsock_stream, from_guest));
            stream->fd = -1;
            return stream;
        }
    }
    return NULL;
}

zc_vsock_stream *zc_vsock_open(zc_vsock *vsock, int fd, uint32_t port)
{
    zc_vsock_stream *stream = take_place(vsock);
    if (stream == NULL || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) {
        close(fd);
        return NULL;
    }
    stream->state = ZC_VSOCK_ASKED;
    stream->fd = fd;
    stream->host_port = vsock->next_port++;
    stream->guest_port = port;
    stream->owes_request = true;
    return stream;
}

static zc_vsock_stream *find(zc_vsock *vsock, const vsock_head *head)
{
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        zc_vsock_stream *stream = &vsock->stream[i];
        if (stream->state != ZC_VSOCK_FREE && stream->host_port == head->to_port &&
            stream->guest_port == head->from_port) {
            return stream;
        }
    }
    return NULL;
}

/* From the guest. */

/* A ring of the window's size: what the guest may send fits, or it has broken its promise. */
static bool keep(zc_vsock_stream *stream, const uint8_t *bytes, size_t len)
{
    if (len > ZC_VSOCK_WINDOW - stream->pending) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        stream->from_guest[(stream->pending_at + stream->pending + i) % ZC_VSOCK_WINDOW] = bytes[i];
    }
    stream->pending += len;
    return true;
}

static void echo_life(zc_vsock *vsock, zc_vsock_stream *stream)
{
    stream->taken += (uint32_t)stream->pending;
    vsock->alive = vsock->alive || stream->pending > 0;
}

static void take_data(zc_vsock *vsock, zc_vsock_stream *stream, const uint8_t *bytes, size_t len)
{
    if (stream->state != ZC_VSOCK_OPEN || !keep(stream, bytes, len)) {
        stream->owes_reset = true;
        return;
    }
    if (stream->fd < 0) {
        echo_life(vsock, stream);
    }
}

static void begin_life(zc_vsock *vsock, const vsock_head *head)
{
    zc_vsock_stream *stream = take_place(vsock);
    if (stream == NULL) {
        return;
    }
    stream->state = ZC_VSOCK_OPEN;
    stream->host_port = HEARTBEAT_PORT;
    stream->guest_port = head->from_port;
    stream->guest_window = head->window;
    stream->owes_response = true;
}

/* Nobody is there. Answers to answers would go on for ever. */
static void refuse(zc_vsock *vsock, const vsock_head *head)
{
    if (head->op == RESET || vsock->has_reset) {
        return;
    }
    const vsock_head reset = {.from_cid = head->to_cid,
                              .to_cid = vsock->guest_cid,
                              .from_port = head->to_port,
                              .to_port = head->from_port,
                              .type = STREAM,
                              .op = RESET};
    memcpy(vsock->reset, &reset, sizeof reset);
    vsock->has_reset = true;
}

static void end_direction(zc_vsock_stream *stream, uint32_t flags)
{
    stream->guest_ended = stream->guest_ended || (flags & SHUT_SENDING) != 0;
    stream->host_ended = stream->host_ended || (flags & SHUT_RECEIVING) != 0;
    if (stream->guest_ended && stream->host_ended) {
        stream->owes_reset = true; /* the guest waits for it before it forgets the stream */
    }
}

static void take_packet(zc_vsock *vsock, const vsock_head *head, const uint8_t *bytes)
{
    zc_vsock_stream *stream = find(vsock, head);
    if (stream == NULL) {
        bool life = head->op == REQUEST && head->to_port == HEARTBEAT_PORT &&
                    head->to_cid == HOST_CID && head->type == STREAM;
        if (life) {
            begin_life(vsock, head);
        } else {
            refuse(vsock, head);
        }
        return;
    }
    stream->guest_window = head->window;
    stream->guest_taken = head->taken;
    switch (head->op) {
    case RESPONSE:
        stream->state = stream->state == ZC_VSOCK_ASKED ? ZC_VSOCK_OPEN : stream->state;
        break;
    case DATA:
        take_data(vsock, stream, bytes, head->len);
        break;
    case CREDIT_UPDATE:
        break;
    case CREDIT_REQUEST:
        stream->owes_credit = true;
        break;
    case SHUTDOWN:
        end_direction(stream, head->flags);
        break;
    case RESET:
        free_stream(stream);
        break;
    default:
        stream->owes_reset = true;
    }
}

static void take_packets(zc_vsock *vsock)
{
    static uint8_t packet[sizeof(vsock_head) + PACKET_MAX];
    zc_guest_chain chain;
    while (!vsock->has_reset && zc_guest_peek(&vsock->guest, TX, &chain)) {
        vsock_head head;
        size_t len = zc_chain_read(&chain, packet, sizeof packet);
        zc_guest_give(&vsock->guest, TX, &chain, 0);
        if (len < sizeof head) {
            continue;
        }
        memcpy(&head, packet, sizeof head);
        if (head.len <= len - sizeof head) {
            take_packet(vsock, &head, packet + sizeof head);
        }
    }
}

/* To the guest. */

static vsock_head head_of(const zc_vsock *vsock, const zc_vsock_stream *stream, uint16_t op)
{
    return (vsock_head){.from_cid = HOST_CID,
                        .to_cid = vsock->guest_cid,
                        .from_port = stream->host_port,
                        .to_port = stream->guest_port,
                        .type = STREAM,
                        .op = op,
                        .window = ZC_VSOCK_WINDOW,
                        .taken = stream->taken};
}

static bool send_control(zc_vsock *vsock, const zc_vsock_stream *stream, uint16_t op,
                         uint32_t flags)
{
    zc_guest_chain chain;
    vsock_head head = head_of(vsock, stream, op);
    head.flags = flags;
    if (!zc_guest_peek(&vsock->guest, RX, &chain)) {
        return false;
    }
    size_t written = zc_chain_write(&chain, (const uint8_t *)&head, sizeof head);
    zc_guest_give(&vsock->guest, RX, &chain, (uint32_t)written);
    return true;
}

static void pay(zc_vsock *vsock, zc_vsock_stream *stream, bool *owed, uint16_t op, uint32_t flags)
{
    if (*owed && send_control(vsock, stream, op, flags)) {
        *owed = false;
    }
}

static void pay_debts(zc_vsock *vsock, zc_vsock_stream *stream)
{
    pay(vsock, stream, &stream->owes_request, REQUEST, 0);
    pay(vsock, stream, &stream->owes_response, RESPONSE, 0);
    pay(vsock, stream, &stream->owes_credit, CREDIT_UPDATE, 0);
    if (stream->state == ZC_VSOCK_OPEN) {
        pay(vsock, stream, &stream->owes_shutdown, SHUTDOWN, SHUT_SENDING | SHUT_RECEIVING);
    }
    if (stream->owes_reset && stream->pending == 0) {
        pay(vsock, stream, &stream->owes_reset, RESET, 0);
        if (!stream->owes_reset) {
            free_stream(stream);
        }
    }
}

static void pay_reset(zc_vsock *vsock)
{
    zc_guest_chain chain;
    if (vsock->has_reset && zc_guest_peek(&vsock->guest, RX, &chain)) {
        size_t written = zc_chain_write(&chain, vsock->reset, sizeof vsock->reset);
        zc_guest_give(&vsock->guest, RX, &chain, (uint32_t)written);
        vsock->has_reset = false;
    }
}

/* One packet of at most `len` bytes from the socket (or the sign of life) into the guest. */
static bool send_data(zc_vsock *vsock, zc_vsock_stream *stream)
{
    static uint8_t packet[sizeof(vsock_head) + PACKET_MAX];
    zc_guest_chain chain;
    uint32_t credit = stream->guest_window - (stream->sent - stream->guest_taken);
    if (credit == 0 || credit > stream->guest_window || !zc_guest_peek(&vsock->guest, RX, &chain) ||
        zc_chain_room(&chain) <= sizeof(vsock_head)) {
        return false;
    }
    size_t most = zc_chain_room(&chain) - sizeof(vsock_head);
    most = most < credit ? most : credit;
    most = most < PACKET_MAX ? most : PACKET_MAX;
    ssize_t got = recv(stream->fd, packet + sizeof(vsock_head), most, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got <= 0) {
        stream->host_ended = true;
        stream->owes_shutdown = true;
        return false;
    }
    vsock_head head = head_of(vsock, stream, DATA);
    head.len = (uint32_t)got;
    memcpy(packet, &head, sizeof head);
    size_t written = zc_chain_write(&chain, packet, sizeof head + (size_t)got);
    zc_guest_give(&vsock->guest, RX, &chain, (uint32_t)written);
    stream->sent += (uint32_t)got;
    return true;
}

/* The sign of life comes back as it came. */
static void send_echo(zc_vsock *vsock, zc_vsock_stream *stream)
{
    uint8_t packet[sizeof(vsock_head) + 1];
    zc_guest_chain chain;
    if (stream->pending == 0 || stream->owes_response ||
        !zc_guest_peek(&vsock->guest, RX, &chain)) {
        return;
    }
    vsock_head head = head_of(vsock, stream, DATA);
    head.len = 1;
    memcpy(packet, &head, sizeof head);
    packet[sizeof head] = stream->from_guest[0];
    size_t written = zc_chain_write(&chain, packet, sizeof packet);
    zc_guest_give(&vsock->guest, RX, &chain, (uint32_t)written);
    stream->pending = 0;
}

/* Into this machine's socket. */
static void drain(zc_vsock_stream *stream)
{
    while (stream->pending > 0) {
        size_t run = ZC_VSOCK_WINDOW - stream->pending_at;
        run = run < stream->pending ? run : stream->pending;
        ssize_t sent = send(stream->fd, stream->from_guest + stream->pending_at, run,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) {
            if (sent < 0 && errno != EAGAIN && errno != EINTR) {
                stream->pending = 0; /* nobody reads it any more */
                stream->owes_reset = true;
            }
            return;
        }
        stream->pending_at = (stream->pending_at + (size_t)sent) % ZC_VSOCK_WINDOW;
        stream->pending -= (size_t)sent;
        stream->taken += (uint32_t)sent;
        stream->owes_credit = true;
    }
    if (stream->guest_ended && !stream->host_ended) {
        (void)shutdown(stream->fd, SHUT_WR);
    }
}

static void pump_stream(zc_vsock *vsock, zc_vsock_stream *stream)
{
    if (stream->state == ZC_VSOCK_OPEN && stream->fd >= 0) {
        drain(stream);
        while (!stream->host_ended && !stream->owes_reset && send_data(vsock, stream)) {
        }
    } else if (stream->state == ZC_VSOCK_OPEN) {
        send_echo(vsock, stream);
    }
    pay_debts(vsock, stream);
}

void zc_vsock_pump(zc_vsock *vsock)
{
    take_packets(vsock);
    pay_reset(vsock);
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        if (vsock->stream[i].state != ZC_VSOCK_FREE) {
            pump_stream(vsock, &vsock->stream[i]);
        }
    }
}

size_t zc_vsock_list(zc_vsock *vsock, struct pollfd *ret_fds)
{
    size_t count = 0;
    zc_guest_chain chain;
    /* Without a buffer of the guest's nothing is read; its kick comes when there is one. */
    bool has_buffer = zc_guest_peek(&vsock->guest, RX, &chain);
    for (size_t i = 0; i < ZC_VSOCK_STREAMS; i++) {
        const zc_vsock_stream *stream = &vsock->stream[i];
        if (stream->state != ZC_VSOCK_OPEN || stream->fd < 0) {
            continue;
        }
        uint32_t credit = stream->guest_window - (stream->sent - stream->guest_taken);
        bool reads =
            has_buffer && !stream->host_ended && credit > 0 && credit <= stream->guest_window;
        short events = (short)((reads ? POLLIN : 0) | (stream->pending > 0 ? POLLOUT : 0));
        if (events != 0) {
            ret_fds[count++] = (struct pollfd){.fd = stream->fd, .events = events};
        }
    }
    return count;
}
