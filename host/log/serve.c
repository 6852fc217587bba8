#include "log/serve.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "log/folder.h"
#include "support/library.h"
#include "support/reasons.h"

#define LIBRARY "libmicrohttpd.so.12"
#define CONNECTIONS 64U
#define IDLE_SECONDS 15U

static struct {
    __typeof__(MHD_start_daemon) *start;
    __typeof__(MHD_stop_daemon) *stop;
    __typeof__(MHD_get_daemon_info) *info;
    __typeof__(MHD_create_response_from_buffer) *response_of;
    __typeof__(MHD_add_response_header) *add_header;
    __typeof__(MHD_queue_response) *queue;
    __typeof__(MHD_destroy_response) *destroy;
} http;

/* Servers are started by one thread, before any of theirs. */
static bool load(void)
{
    const zc_library_function functions[] = {
        {"MHD_start_daemon", &http.start},
        {"MHD_stop_daemon", &http.stop},
        {"MHD_get_daemon_info", &http.info},
        {"MHD_create_response_from_buffer", &http.response_of},
        {"MHD_add_response_header", &http.add_header},
        {"MHD_queue_response", &http.queue},
        {"MHD_destroy_response", &http.destroy},
    };
    return zc_library_load(LIBRARY, functions, sizeof functions / sizeof functions[0]);
}

struct zc_log_server {
    struct MHD_Daemon *daemon;
    char folder[ZC_PATH_SIZE];
};

unsigned zc_socket_address(const char *text, struct sockaddr_storage *ret_address)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    unsigned long port = colon == NULL ? 65536 : strtoul(colon + 1, &end, 10);
    size_t len = colon == NULL ? sizeof host : (size_t)(colon - text);
    if (port > 65535 || colon[1] == '\0' || *end != '\0' || len >= sizeof host) {
        return 0;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    memset(ret_address, 0, sizeof *ret_address);
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(ret_address, &v4, sizeof v4);
        return sizeof v4;
    }
    if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) == 1) {
            memcpy(ret_address, &v6, sizeof v6);
            return sizeof v6;
        }
    }
    return 0;
}

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status, zc_slice body,
                             const char *type, const char *cache)
{
    /* MHD copies the body; an empty one may be NULL. */
    struct MHD_Response *response =
        http.response_of(body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)http.add_header(response, "Content-Type", type);
    (void)http.add_header(response, "Cache-Control", cache);
    (void)http.add_header(response, "X-Content-Type-Options", "nosniff");
    (void)http.add_header(response, "Access-Control-Allow-Origin", "*");
    enum MHD_Result queued = http.queue(connection, status, response);
    http.destroy(response);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return reply(connection, status, zc_slice_of_text(text), "text/plain", "no-store");
}

static enum MHD_Result send_checkpoint(struct MHD_Connection *connection, const char *folder)
{
    char path[ZC_PATH_SIZE];
    ZC_BYTES zc_bytes note = {0};
    if (!zc_path_join(folder, "checkpoint", path) ||
        !zc_ok(zc_file_read(path, ZC_CHECKPOINT_FILE_MAX, &note, NULL))) {
        return refuse(connection, MHD_HTTP_NOT_FOUND, "no checkpoint yet\n");
    }
    return reply(connection, MHD_HTTP_OK, zc_bytes_slice(&note), "text/plain; charset=utf-8",
                 "no-cache");
}

static enum MHD_Result send_tile(struct MHD_Connection *connection, const char *folder,
                                 const char *name)
{
    zc_tile tile;
    ZC_BYTES zc_bytes content = {0};
    if (!zc_ok(zc_tile_parse(name, &tile)) ||
        !zc_ok(zc_folder_read(folder, &tile, &content, NULL))) {
        return refuse(connection, MHD_HTTP_NOT_FOUND, "no such tile\n");
    }
    return reply(connection, MHD_HTTP_OK, zc_bytes_slice(&content), "application/octet-stream",
                 "public, max-age=31536000, immutable");
}

static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_len, void **state)
{
    const zc_log_server *server = self;
    (void)version;
    (void)upload;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        *upload_len = 0;
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
    }
    return strcmp(url, "/checkpoint") == 0 ? send_checkpoint(connection, server->folder)
           : url[0] == '/'                 ? send_tile(connection, server->folder, url + 1)
                                           : refuse(connection, MHD_HTTP_NOT_FOUND, "nothing\n");
}

zc_result zc_log_serve(const char *folder, const char *address, zc_log_server **ret_server,
                       zc_error *error)
{
    struct sockaddr_storage socket_address;
    if (zc_socket_address(address, &socket_address) == 0 || strlen(folder) >= ZC_PATH_SIZE) {
        return zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot serve the log",
                            "the address is not a number and a port",
                            "name one such as 127.0.0.1:8480");
    }
    if (!load()) {
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot serve the log",
                            "this machine's " LIBRARY " is missing or too old",
                            "install libmicrohttpd 0.9.75 or later, or start without --log-listen");
    }
    zc_log_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return zc_error_set(error, ZC_SUPPORT_NO_MEMORY, "cannot serve the log",
                            "the machine gave no memory", "free some memory and try again");
    }
    memcpy(server->folder, folder, strlen(folder) + 1);
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO |
                     (socket_address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0U);
    server->daemon = http.start(flags, 0, NULL, NULL, answer, server, MHD_OPTION_SOCK_ADDR,
                                &socket_address, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
                                MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
    if (server->daemon == NULL) {
        free(server);
        zc_result result = zc_error_set(error, ZC_SUPPORT_IO, "", "the address can't be had",
                                        "choose another with --log-listen");
        zc_error_what(error, "cannot serve the log at %.100s", address);
        return result;
    }
    *ret_server = server;
    return ZC_OK;
}

unsigned zc_log_server_port(const zc_log_server *server)
{
    const union MHD_DaemonInfo *info = http.info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

void zc_log_server_stop(zc_log_server *server)
{
    if (server != NULL) {
        http.stop(server->daemon);
        free(server);
    }
}
