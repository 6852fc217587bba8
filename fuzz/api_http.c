/* Any bytes on a connection to the HTTP server: what reaches a handler keeps the promises of
 * http.h, what goes back is HTTP or nothing, and the next connection is served. */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/http_server.h"
#include "fuzz.h"

#define BODY_MAX ((size_t)4096)
/* A server that has said nothing for so long waits for the rest of a request. */
#define QUIET_MS 2

static bool is_printable(const char *text)
{
    while ((unsigned char)*text >= 0x20 && *text != 0x7f) {
        text++;
    }
    return *text == '\0';
}

static void handle(void *context, const zc_http_peer *peer, const zc_http_request *request,
                   zc_http_response *response)
{
    (void)context;
    FUZZ_CHECK(peer->is_local && peer->has_uid && peer->uid == geteuid() && !peer->has_certificate);
    FUZZ_CHECK(request->path[0] == '/' && strstr(request->path, "//") == NULL);
    FUZZ_CHECK(strstr(request->path, "/../") == NULL && is_printable(request->path));
    FUZZ_CHECK(request->target[0] == '/' && strchr(request->target, '?') == NULL);
    FUZZ_CHECK(request->query != NULL && request->body.len <= BODY_MAX);
    FUZZ_CHECK(request->header_count <= ZC_HTTP_HEADERS_MAX);
    for (size_t i = 0; i < request->header_count; i++) {
        const zc_http_header *one = &request->headers[i];
        FUZZ_CHECK(one->name != NULL && one->value != NULL && strchr(one->name, '\n') == NULL);
        FUZZ_CHECK(strchr(one->value, '\n') == NULL);
    }
    zc_http_reply_text(response, 200, "ok");
}

static struct sockaddr_un place = {.sun_family = AF_UNIX};
static socklen_t place_len;

static void start(void)
{
    zc_http_server *server = NULL;
    zc_error error;
    int name = snprintf(place.sun_path + 1, sizeof place.sun_path - 1, "zc-fuzz-http-%d", getpid());
    place_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)name);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    FUZZ_CHECK(fd >= 0 && bind(fd, (const void *)&place, place_len) == 0 && listen(fd, 16) == 0);
    zc_http_options options = {.fd = fd, .limits = zc_http_default_limits, .handle = handle};
    options.limits.threads = 1;
    options.limits.body_bytes = BODY_MAX;
    FUZZ_CHECK(zc_ok(zc_http_server_start(&options, &server, &error)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    static char answer[65536];
    if (!started) {
        started = true;
        start();
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FUZZ_CHECK(fd >= 0 && connect(fd, (const void *)&place, place_len) == 0);
    /* The server may have had enough of it before its end. */
    ssize_t sent = size > 0 ? send(fd, data, size, MSG_NOSIGNAL) : 0;
    (void)sent;
    size_t len = 0;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (len < sizeof answer && poll(&wait, 1, QUIET_MS) > 0) {
        ssize_t got = recv(fd, answer + len, sizeof answer - len, 0);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    (void)close(fd);
    FUZZ_CHECK(len == 0 || (len >= 9 && memcmp(answer, "HTTP/1.", 7) == 0));
    return 0;
}
