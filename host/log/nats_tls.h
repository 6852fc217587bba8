/* TLS under a NATS connection: 1.2 or newer, the server's certificate under the given authorities
 * and of the host's name or address. */
#ifndef ZC_LOG_NATS_TLS_H
#define ZC_LOG_NATS_TLS_H

#include <sys/types.h>

#include "log/nats.h"

typedef struct zc_nats_tls zc_nats_tls;

/* Shakes hands over the connected socket, which stays the caller's; nothing that arrived before may
 * be used after. `*ret_why` says in words what failed. The caller closes. Errors:
 * ZC_LOG_UNREACHABLE (no handshake, or not the server that is meant), ZC_LOG_NO_CREDENTIALS (a file
 * can't be used), those of secret files, then in `error`. */
ZC_MUST_USE zc_result zc_nats_tls_open(int fd, const char *host, const zc_nats_trust *trust,
                                       zc_nats_tls **ret_tls, zc_error *error);
/* As send() and recv(): the count, 0 at the end, −1 when the connection broke or took too long. */
ssize_t zc_nats_tls_send(zc_nats_tls *tls, zc_slice bytes);
ssize_t zc_nats_tls_receive(zc_nats_tls *tls, uint8_t *ret_bytes, size_t size);
void zc_nats_tls_close(zc_nats_tls *tls); /* NULL is fine */

#endif
