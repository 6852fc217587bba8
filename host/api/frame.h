/* Private to the frame: the gateway as one struct. Translators see gateway.h alone. */
#ifndef ZC_API_FRAME_H
#define ZC_API_FRAME_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/http_server.h"
#include "api/identity.h"
#include "api/metrics.h"
#include "api/run.h"
#include "api/sessions.h"

typedef struct zc_stream_server zc_stream_server;

typedef struct zc_listener {
    zc_gateway *gateway;
    const zc_translator *translator;
    zc_interface_metrics *metrics;
    void *state;
    bool started;
    zc_http_server *http;
    zc_stream_server *stream; /* instead of HTTP, or beside it */
    char address[256];
    char socket_path[112]; /* to be removed at the end */
    char ipc_path[112];    /* the stream's, where it stands beside HTTP; likewise */
} zc_listener;

struct zc_gateway {
    zc_gateway_options options;
    zc_session_pool sessions;
    zc_metrics metrics;
    pthread_rwlock_t identities_lock;
    zc_identities *identities;
    bool has_default;
    zc_identity default_identity;
    zc_tls *tls;
    zc_listener listener[ZC_GATEWAY_LISTENERS];
    size_t listeners;
    _Atomic bool draining;
    _Atomic uint64_t calls;
    uint64_t instance; /* random: begins the ids of calls */
    /* health.c */
    pthread_mutex_t health_lock;
    uint64_t health_ns;
    bool healthy;
    zcp_status status;
    size_t radius_count; /* what could still move, of the first assets */
    zcp_policy_line radius[ZC_METRIC_ASSETS];
    zcp_error health_error;
};

/* call.c */
void zc_call_begin(zc_api_call *call, zc_listener *listener, const zc_http_request *http);
/* `status` 0: a stream's. */
void zc_call_end(zc_api_call *call, zc_listener *listener, unsigned status);
zc_listener *zc_call_listener(const zc_api_call *call);

/* http_frame.c */
void zc_http_frame_handle(void *listener, const zc_http_peer *peer, const zc_http_request *request,
                          zc_http_response *response);
void zc_http_frame_refused(void *listener, unsigned status);

/* health.c. Paths that every HTTP listener answers; false: it is none of them. */
bool zc_health_handle(zc_gateway *gateway, const zc_http_peer *peer, const zc_http_request *request,
                      zc_http_response *response);
/* Whether no handler hangs: what the watchdog is told. */
bool zc_health_alive(zc_gateway *gateway);

/* stream.c. Owns the socket. */
ZC_MUST_USE zc_result zc_stream_start(zc_listener *listener, int fd, zc_stream_server **ret_server,
                                      zc_error *error);
void zc_stream_drain(zc_stream_server *server);
unsigned zc_stream_busy(const zc_stream_server *server);
void zc_stream_stop(zc_stream_server *server);

/* run.c. Requests under way on both. */
unsigned zc_listener_busy(const zc_listener *listener);

#endif
