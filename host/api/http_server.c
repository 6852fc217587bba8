#include "api/http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/http_connections.h"
#include "support/reasons.h"

#define BODY_STEP 4096

struct zc_http_server {
    struct MHD_Daemon *daemon;
    zc_http_options options;
    zc_http_connections connections;
};

/* One request on its way. */
typedef struct exchange {
    zc_http_server *server;
    zc_http_connection *connection;
    char *target;
    char *path;
    const char *query;
    bool target_ok;
    bool begun;
    unsigned refused; /* a status; 0: not refused */
    zc_http_request request;
    zc_bytes body;
} exchange;

const zc_http_limits zc_http_default_limits = {
    .connections = 8192,
    .threads = 8,
    .request_seconds = 10,
    .idle_seconds = 60,
    .header_bytes = (size_t)16 << 10,
    .body_bytes = (size_t)256 << 10,
};

static zc_http_connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static void exchange_free(exchange *one)
{
    if (one != NULL) {
        zc_bytes_clear(&one->body);
        free(one->target);
        free(one->path);
        free(one);
    }
}

/* The request line has been read. */
static void *on_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    zc_http_server *server = context;
    zc_http_connection *tracked = connection_of(connection);
    exchange *one = tracked != NULL ? calloc(1, sizeof *one) : NULL;
    if (one == NULL) {
        return NULL;
    }
    one->server = server;
    one->connection = tracked;
    one->target = strdup(uri);
    one->path = malloc(strlen(uri) + 1);
    one->target_ok = one->target != NULL && one->path != NULL &&
                     zc_http_target_split(one->target, one->path, &one->query);
    zc_http_request_begins(&server->connections, tracked);
    return one;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    zc_http_server *server = context;
    exchange *one = *state;
    if (one != NULL) {
        zc_http_request_ends(&server->connections, one->connection);
        exchange_free(one);
        *state = NULL;
    }
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        return (ntohl(in->sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const void *)address;
        return IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
    }
    return address->sa_family == AF_UNIX;
}

static void learn_address(zc_http_connection *connection)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    if (getpeername(connection->fd, (struct sockaddr *)&address, &len) != 0) {
        return;
    }
    connection->peer.is_local = is_loopback((const struct sockaddr *)&address);
    struct ucred other;
    socklen_t size = sizeof other;
    if (address.ss_family == AF_UNIX) {
        if (getsockopt(connection->fd, SOL_SOCKET, SO_PEERCRED, &other, &size) == 0) {
            connection->peer.has_uid = true;
            connection->peer.uid = other.uid;
        }
    } else {
        int yes = 1;
        (void)setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    zc_http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        zc_http_connection *one =
            info != NULL ? zc_http_connection_add(&server->connections, info->connect_fd) : NULL;
        if (one != NULL) {
            learn_address(one);
        }
        *socket_context = one;
    } else if (*socket_context != NULL) {
        zc_http_connection_remove(&server->connections, *socket_context);
        *socket_context = NULL;
    }
}

/* What the handshake proved, once a connection. */
static void learn_certificate(const zc_http_server *server, zc_http_connection *one,
                              struct MHD_Connection *connection)
{
    if (one->peer_known || server->options.tls == NULL) {
        return;
    }
    one->peer_known = true;
    const union MHD_ConnectionInfo *info =
        zc_tls_client_ca(server->options.tls) == NULL
            ? NULL
            : MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info != NULL) {
        one->peer.has_certificate = zc_tls_client(info->tls_session, one->peer.certificate);
    }
}

static enum MHD_Result keep_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    exchange *one = context;
    if (one->request.header_count == ZC_HTTP_HEADERS_MAX) {
        one->refused = 431;
        return MHD_NO;
    }
    one->request.headers[one->request.header_count++] =
        (zc_http_header){.name = name, .value = value != NULL ? value : ""};
    return MHD_YES;
}

static enum MHD_Result queue(exchange *one, struct MHD_Connection *connection,
                             zc_http_response *response, bool last)
{
    /* The body goes to the library, which frees it when it has been sent. */
    struct MHD_Response *out = MHD_create_response_from_buffer(
        response->body.len, response->body.data,
        response->body.data != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (out == NULL) {
        zc_http_response_clear(response);
        return MHD_NO;
    }
    response->body = (zc_bytes){0};
    (void)MHD_add_response_header(out, "content-type",
                                  response->content_type != NULL ? response->content_type
                                                                 : "application/octet-stream");
    (void)MHD_add_response_header(out, "cache-control", "no-store");
    (void)MHD_add_response_header(out, "x-content-type-options", "nosniff");
    for (size_t i = 0; i < response->header_count; i++) {
        (void)MHD_add_response_header(out, response->headers[i].name, response->headers[i].value);
    }
    if (last || atomic_load(&one->server->connections.draining)) {
        (void)MHD_add_response_header(out, "connection", "close");
    }
    enum MHD_Result queued =
        MHD_queue_response(connection, response->status != 0 ? response->status : 500, out);
    MHD_destroy_response(out);
    return queued;
}

static enum MHD_Result refuse(exchange *one, struct MHD_Connection *connection, unsigned status)
{
    const char *text = status == 413   ? "the body is too large\n"
                       : status == 431 ? "there are too many headers\n"
                       : status == 404 ? "there is no such place\n"
                                       : "the request cannot be read\n";
    zc_http_response response = {0};
    zc_http_reply_text(&response, status, text);
    if (one->server->options.refused != NULL) {
        one->server->options.refused(one->server->options.context, status);
    }
    return queue(one, connection, &response, true);
}

static enum MHD_Result begin(exchange *one, struct MHD_Connection *connection, const char *method)
{
    one->begun = true;
    one->request.method = method;
    one->request.target = one->target;
    one->request.path = one->path;
    one->request.query = one->query;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_header, one);
    const char *length = zc_http_header_value(&one->request, "content-length");
    if (!one->target_ok) {
        one->refused = 400;
    } else if (length != NULL &&
               strtoull(length, NULL, 10) > one->server->options.limits.body_bytes) {
        one->refused = 413;
    }
    return one->refused != 0 ? refuse(one, connection, one->refused) : MHD_YES;
}

static enum MHD_Result take_body(exchange *one, const char *data, size_t *len)
{
    size_t room = one->server->options.limits.body_bytes - one->body.len;
    if (one->refused == 0 && *len > room) {
        one->refused = 413;
        zc_bytes_clear(&one->body);
    }
    if (one->refused == 0 && !zc_bytes_append(&one->body, zc_slice_of(data, *len))) {
        one->refused = 503;
    }
    *len = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_len, void **state)
{
    (void)url;
    (void)version;
    zc_http_server *server = context;
    exchange *one = *state;
    if (one == NULL) {
        return MHD_NO;
    }
    if (!one->begun) {
        return begin(one, connection, method);
    }
    if (*data_len > 0) {
        return take_body(one, data, data_len);
    }
    if (one->refused != 0) {
        return refuse(one, connection, one->refused);
    }
    one->request.body = zc_bytes_slice(&one->body);
    zc_http_response response = {0};
    zc_http_handler_begins(one->connection);
    learn_certificate(server, one->connection, connection);
    server->options.handle(server->options.context, &one->connection->peer, &one->request,
                           &response);
    zc_http_handler_ends(one->connection);
    return queue(one, connection, &response, false);
}

/* Targets are decoded by us, once: zc_http_target_split(). */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start_daemon(zc_http_server *server)
{
    const zc_http_limits *limits = &server->options.limits;
    struct MHD_OptionItem list[20];
    size_t n = 0;
    list[n++] = (struct MHD_OptionItem){MHD_OPTION_LISTEN_SOCKET, server->options.fd, NULL};
    list[n++] =
        (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)limits->threads, NULL};
    list[n++] =
        (struct MHD_OptionItem){MHD_OPTION_CONNECTION_LIMIT, (intptr_t)limits->connections, NULL};
    list[n++] = (struct MHD_OptionItem){MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                        (intptr_t)limits->header_bytes, NULL};
    list[n++] = (struct MHD_OptionItem){MHD_OPTION_CONNECTION_TIMEOUT,
                                        (intptr_t)limits->idle_seconds * 2, NULL};
    list[n++] = (struct MHD_OptionItem){MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL};
    if (server->options.tls != NULL) {
        list[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, zc_tls_callback()};
        /* A name without const is what the library's list takes; it only reads it. */
        static char priorities[] =
            "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";
        list[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, priorities};
        const char *trust = zc_tls_client_ca(server->options.tls);
        if (trust != NULL) {
            void *pointer = NULL;
            memcpy(&pointer, &trust, sizeof pointer);
            list[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, pointer};
        }
    }
    list[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
                     (server->options.tls != NULL ? MHD_USE_TLS : 0U);
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_ARRAY, list,
                            MHD_OPTION_URI_LOG_CALLBACK, on_line, server,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                            MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, server, MHD_OPTION_END);
}

zc_result zc_http_server_start(const zc_http_options *options, zc_http_server **ret_server,
                               zc_error *error)
{
    zc_http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        (void)close(options->fd);
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve HTTP",
                            "the machine gave no memory", "free some memory and try again");
    }
    server->options = *options;
    bool tracked = zc_http_connections_start(&server->connections, &options->limits);
    server->daemon = tracked ? start_daemon(server) : NULL;
    if (server->daemon == NULL) {
        zc_http_connections_stop(&server->connections);
        (void)close(options->fd);
        free(server);
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot serve HTTP",
                            "the server did not start with this socket and certificate",
                            "see whether the certificate fits and descriptors are left");
    }
    *ret_server = server;
    return ZC_OK;
}

void zc_http_server_drain(zc_http_server *server)
{
    atomic_store(&server->connections.draining, true);
    int fd = MHD_quiesce_daemon(server->daemon);
    if (fd >= 0) {
        (void)close(fd);
    }
}

unsigned zc_http_server_busy(const zc_http_server *server)
{
    return atomic_load(&server->connections.busy);
}

unsigned zc_http_server_connections(const zc_http_server *server)
{
    return atomic_load(&server->connections.count);
}

unsigned zc_http_server_longest_seconds(zc_http_server *server)
{
    return zc_http_longest_handler_seconds(&server->connections);
}

void zc_http_server_stop(zc_http_server *server)
{
    MHD_stop_daemon(server->daemon);
    zc_http_connections_stop(&server->connections);
    free(server);
}
