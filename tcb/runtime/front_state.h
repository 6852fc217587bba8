/* What front is made of. Internal to the runtime. */
#ifndef ZC_RUNTIME_FRONT_STATE_H
#define ZC_RUNTIME_FRONT_STATE_H

#include "runtime/front.h"
#include "runtime/hello.h"
#include "runtime/tls.h"
#include "wire/evidence.h"
#include "wire/frontlink.h"

/* Handshakes that hold TLS memory at the same time. The others wait with their ClientHello in the
 * kernel's buffer. */
#define ZC_FRONT_TLS 48

typedef enum zc_client_state {
    ZC_CLIENT_FREE = 0,
    ZC_CLIENT_HELLO,    /* the ClientHello is not all there */
    ZC_CLIENT_TURN,     /* waits for TLS memory */
    ZC_CLIENT_SHAKE,    /* in the handshake */
    ZC_CLIENT_EVIDENCE, /* is being sent the evidence */
    ZC_CLIENT_HANDOVER, /* waits for core to take it */
} zc_client_state;

typedef struct zc_client {
    zc_client_state state;
    int fd;
    uint64_t id;       /* never used twice; its low bits are the place in the table */
    uint64_t since_ns; /* when it came */
    uint64_t turn_ns;  /* when it was given TLS memory */
    uint64_t evidence; /* the generation that it is sent */
    size_t evidence_at;
    zc_tls_session tls;
} zc_client;

/* Two generations are kept, so that a client in the middle of one is not sent half of another. */
typedef struct zc_front_evidence_copy {
    size_t len;
    uint8_t document_sha256[32];
    uint8_t frame[ZC_EVIDENCE_MAX];
} zc_front_evidence_copy;

struct zc_front {
    zc_tls tls;
    int listen_fd;
    int core_fd;
    int epoll_fd;
    uint64_t handshake_ns;
    uint64_t fair_ns;
    size_t max_clients;

    bool stopping;
    bool listening;        /* the listening socket is watched */
    bool rests;            /* the kernel had nothing to give: no accepting for a moment */
    bool handover_waiting; /* core_fd is watched for room */
    uint64_t now_ns;
    uint64_t births;
    size_t clients;
    size_t in_tls;
    uint64_t generation; /* of the newest evidence; 0: none yet */
    zc_front_evidence_copy evidence[2];
    zc_client client[ZC_FRONT_HANDSHAKES];
    uint8_t packet[ZC_FRONT_PACKET_MAX];
    uint8_t hello[ZC_HELLO_MAX];
    uint8_t wrapped[ZC_DOCUMENT_MAX]; /* a document on its way into a frame */
};

/* Takes a new connection, which becomes front's; closes it when that can't be. */
void zc_front_admit(zc_front *front, int fd);
/* Moves a client as far as it goes now. It may be gone afterwards. */
void zc_front_advance(zc_front *front, zc_client *client);
void zc_front_drop(zc_front *front, zc_client *client);
/* Drops whoever has had its time, and the oldest one that has had its fair time when a place is
 * wanted. */
void zc_front_expire(zc_front *front, bool place_wanted);
/* Whether a client that knocks now would get a place. */
bool zc_front_has_place(zc_front *front);
/* Lets those who wait for TLS memory have it, oldest first; whoever has had it for its fair time
 * makes room. */
void zc_front_next_turns(zc_front *front);

#endif
