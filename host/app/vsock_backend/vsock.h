/* Streams between a guest's vsock and this machine's sockets (virtio 1.2, §5.10).
 *
 * Connections from the host go to ports of the guest. Of the guest's own, one is answered: the sign
 * of life at port 9000. Everything else is reset: an enclave has nobody to talk to but its host. */
#ifndef ZC_VSOCK_VSOCK_H
#define ZC_VSOCK_VSOCK_H

#include <poll.h>

#include "guest.h"

#define ZC_VSOCK_STREAMS 256
/* What the guest may send before it was taken over here. */
#define ZC_VSOCK_WINDOW 65536

typedef enum zc_vsock_state {
    ZC_VSOCK_FREE = 0,
    ZC_VSOCK_ASKED, /* the guest has not said yes yet */
    ZC_VSOCK_OPEN,
} zc_vsock_state;

typedef struct zc_vsock_stream {
    zc_vsock_state state;
    int fd; /* this machine's side; −1 for the sign of life */
    uint32_t host_port;
    uint32_t guest_port;
    uint32_t guest_window; /* what the guest holds for us, and how much of it it has taken */
    uint32_t guest_taken;
    uint32_t sent;
    uint32_t taken;    /* of what the guest sent */
    bool owes_request; /* packets that wait for a buffer of the guest's */
    bool owes_response;
    bool owes_credit;
    bool owes_reset;
    bool owes_shutdown;
    bool host_ended;  /* nothing more comes from this machine */
    bool guest_ended; /* nothing more comes from the guest */
    size_t pending_at;
    size_t pending; /* bytes from the guest that the socket has not taken */
    uint8_t from_guest[ZC_VSOCK_WINDOW];
} zc_vsock_stream;

typedef struct zc_vsock {
    zc_guest guest;
    uint64_t guest_cid;
    uint32_t next_port;
    bool alive;     /* the sign of life has come */
    bool has_reset; /* a packet that belongs to no stream is answered: one at a time */
    uint8_t reset[44];
    zc_vsock_stream stream[ZC_VSOCK_STREAMS];
} zc_vsock;

void zc_vsock_init(zc_vsock *vsock, uint64_t guest_cid);
/* Closes everything; the guest may be another one afterwards. */
void zc_vsock_clear(zc_vsock *vsock);

/* Asks the guest for a stream to `port`, for `fd`, which becomes the stream's. NULL, with `fd`
 * closed, when all places are taken. */
zc_vsock_stream *zc_vsock_open(zc_vsock *vsock, int fd, uint32_t port);

/* What the guest has sent, and what is there for it. To be called after every wait. */
void zc_vsock_pump(zc_vsock *vsock);
/* The sockets to wait for; at most ZC_VSOCK_STREAMS. */
size_t zc_vsock_list(zc_vsock *vsock, struct pollfd *ret_fds);

#endif
