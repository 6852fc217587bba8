/* The open connections of a server, and the clock that ends the slow ones.
 *
 * libmicrohttpd's own timeout begins anew with every byte, so a client that drips keeps its place
 * for hours. Here a connection has one deadline: for its next request while it is idle, for the
 * whole of the request from its first line on, and for taking the answer. */
#ifndef ZC_API_HTTP_CONNECTIONS_H
#define ZC_API_HTTP_CONNECTIONS_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/http_server.h"

typedef struct zc_http_connection {
    struct zc_http_connection *next;
    struct zc_http_connection *previous;
    int fd;
    zc_http_peer peer;
    bool peer_known;
    _Atomic bool in_request;
    _Atomic bool in_handler;
    _Atomic uint64_t since_ns; /* of the state that it is in */
} zc_http_connection;

typedef struct zc_http_connections {
    pthread_mutex_t lock;
    pthread_t reaper;
    bool running;
    _Atomic bool ending;
    _Atomic bool draining;
    _Atomic unsigned count;
    _Atomic unsigned busy;
    zc_http_limits limits;
    zc_http_connection oldest; /* the ring's anchor: oldest.next came first */
} zc_http_connections;

bool zc_http_connections_start(zc_http_connections *all, const zc_http_limits *limits);
void zc_http_connections_stop(zc_http_connections *all);

/* NULL when the machine gives no memory. */
zc_http_connection *zc_http_connection_add(zc_http_connections *all, int fd);
/* Before the descriptor is closed: afterwards its number is somebody else's. */
void zc_http_connection_remove(zc_http_connections *all, zc_http_connection *connection);

void zc_http_request_begins(zc_http_connections *all, zc_http_connection *connection);
void zc_http_request_ends(zc_http_connections *all, zc_http_connection *connection);
void zc_http_handler_begins(zc_http_connection *connection);
void zc_http_handler_ends(zc_http_connection *connection);
/* How long the handler that runs longest has been running. */
unsigned zc_http_longest_handler_seconds(zc_http_connections *all);

uint64_t zc_api_now_ns(void);

#endif
