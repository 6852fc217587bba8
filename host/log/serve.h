/* A folder of tiles over HTTP, as C2SP tlog-tiles asks: GET /checkpoint and /tile/… and nothing
 * else. Read only; what is served is public by design: entries hold commitments, not what they
 * commit to. */
#ifndef ZC_LOG_SERVE_H
#define ZC_LOG_SERVE_H

#include "support/error.h"

typedef struct zc_log_server zc_log_server;

/* Listens at "127.0.0.1:PORT" or "[::1]:PORT"; port 0 lets the system choose. A thread of its own
 * answers. Errors: ZC_SUPPORT_BAD_ARGUMENT, _IO. */
ZC_MUST_USE zc_result zc_log_serve(const char *folder, const char *address,
                                   zc_log_server **ret_server, zc_error *error);
unsigned zc_log_server_port(const zc_log_server *server);
/* NULL is fine. */
void zc_log_server_stop(zc_log_server *server);

/* "host:port" of numbers into a socket address; its length is 0 when it is none. Shared with the
 * witness. */
struct sockaddr_storage;
unsigned zc_socket_address(const char *text, struct sockaddr_storage *ret_address);

#endif
