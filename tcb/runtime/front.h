/* Front: TLS 1.3 handshakes, and nothing else.
 *
 * Front makes its own TLS key and tells core the public half. Core answers with a certificate from
 * the deployment identity, an attestation document that vouches for both, and the genesis record;
 * until then connections wait in the listening socket's queue. A client that completes the
 * handshake is sent that evidence inside TLS; then front exports the session's keying material,
 * passes it and the connection to core, wipes its own copy and forgets the client. No close_notify
 * is sent: the connection goes on under other keys.
 *
 * A connection costs no TLS memory before its whole ClientHello is there, and what a client may
 * send before the handshake ends is bounded in bytes and in time. When all places are taken and a
 * new client knocks, the oldest handshake makes room once it has had its fair time.
 *
 * TLS 1.3 only, one cipher suite, no tickets, no early data, no resumption, no client certificate
 * (clients prove themselves to core). Single-threaded; never blocks on a client. */
#ifndef ZC_RUNTIME_FRONT_H
#define ZC_RUNTIME_FRONT_H

#include "platform/platform.h"
#include "runtime/reasons.h"

#define ZC_FRONT_HANDSHAKES 256
/* What OpenSSL needs in front, most of it for handshakes under way; a test holds it to this. */
#define ZC_FRONT_ARENA ((size_t)4 << 20)

typedef struct zc_front_config {
    const zc_platform *platform; /* mixes its randomness into OpenSSL's; may be NULL */
    int listen_fd;               /* a listening stream socket; front's own from here on */
    int core_fd;                 /* the packet socket to core; likewise */
    /* 0 means the default beside each. */
    uint32_t handshake_ms;   /* from accept to handover: 5,000 */
    uint32_t fair_ms;        /* before a handshake may make room for another: 1,000 */
    uint32_t max_handshakes; /* at most and by default ZC_FRONT_HANDSHAKES */
} zc_front_config;

typedef struct zc_front zc_front;

/* Zeroed memory of this size and alignment 64. */
size_t zc_front_size(void);

/* Makes front in the caller's memory: TLS settings, key, epoll descriptor. To be called before the
 * process is locked in and after its arena is installed. Errors: ZC_RUNTIME_TLS_SETUP,
 * ZC_RUNTIME_TLS_KEY, ZC_RUNTIME_NO_DESCRIPTOR, ZC_RUNTIME_NO_ENTROPY. The descriptors in `config`
 * are front's also on failure. */
ZC_MUST_USE zc_result zc_front_init(void *memory, const zc_front_config *config,
                                    zc_front **ret_front);

/* Runs until core says to stop (success) or goes away. Errors: ZC_RUNTIME_PEER_GONE,
 * ZC_RUNTIME_BAD_PACKET, ZC_RUNTIME_TLS_CERTIFICATE. */
ZC_MUST_USE zc_result zc_front_run(zc_front *front);

/* What a sandbox must leave open. Returns how many there are. */
#define ZC_FRONT_DESCRIPTORS 3
size_t zc_front_descriptors(const zc_front *front, int ret_fds[static ZC_FRONT_DESCRIPTORS]);

/* Closes every descriptor and wipes the TLS key. */
void zc_front_clear(zc_front *front);

#endif
