/* An HTTP/1.1 server over libmicrohttpd, bounded in every direction: connections, header bytes,
 * body bytes, time for a request, idle time. It knows nothing of signing. */
#ifndef ZC_API_HTTP_SERVER_H
#define ZC_API_HTTP_SERVER_H

#include "api/http.h"
#include "api/tls.h"
#include "support/error.h"

typedef struct zc_http_server zc_http_server;

/* What is known of the other end of a connection. */
typedef struct zc_http_peer {
    bool is_local; /* Unix socket or loopback */
    bool has_uid;  /* Unix socket */
    uint32_t uid;
    bool has_certificate;    /* shown, and issued by the listener's client CA */
    uint8_t certificate[32]; /* SHA-256 of its DER */
} zc_http_peer;

typedef struct zc_http_limits {
    unsigned connections; /* in all; at 7/8 of it idle ones are closed, the oldest first */
    unsigned threads;
    unsigned request_seconds; /* from the request line to its last byte */
    unsigned idle_seconds;    /* without a request */
    size_t header_bytes;      /* of a request line and its headers together */
    size_t body_bytes;
} zc_http_limits;

extern const zc_http_limits zc_http_default_limits;

typedef struct zc_http_options {
    int fd;      /* a listening socket; the server owns it */
    zc_tls *tls; /* NULL: plain */
    zc_http_limits limits;
    void *context;
    void (*handle)(void *context, const zc_http_peer *peer, const zc_http_request *request,
                   zc_http_response *response);
    /* May be NULL. A request that was refused before it reached `handle`: 400, 408, 413, 431 … */
    void (*refused)(void *context, unsigned status);
} zc_http_options;

ZC_MUST_USE zc_result zc_http_server_start(const zc_http_options *options,
                                           zc_http_server **ret_server, zc_error *error);
/* No new connections from now on; those that are open are closed after their current request. */
void zc_http_server_drain(zc_http_server *server);
/* Requests under way, and open connections. */
unsigned zc_http_server_busy(const zc_http_server *server);
unsigned zc_http_server_connections(const zc_http_server *server);
/* How long the handler that runs longest has been running. */
unsigned zc_http_server_longest_seconds(zc_http_server *server);
void zc_http_server_stop(zc_http_server *server);

#endif
