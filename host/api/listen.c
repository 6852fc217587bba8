#include "api/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/reasons.h"

#define BACKLOG 4096
#define FIRST_INHERITED 3

static zc_result refuse(zc_error *error, const char *address, const char *why)
{
    zc_result result = zc_error_set(error, ZC_SUPPORT_BAD_ARGUMENT, "cannot listen", why,
                                    "give --listen HOST:PORT or unix:PATH");
    zc_error_what(error, "cannot listen on %.200s", address);
    return result;
}

static bool is_unix(const char *address)
{
    return strncmp(address, "unix:", 5) == 0;
}

bool zc_listen_is_local(const char *address)
{
    return is_unix(address) || strncmp(address, "127.", 4) == 0 ||
           strncmp(address, "localhost:", 10) == 0 || strncmp(address, "[::1]:", 6) == 0;
}

static bool somebody_answers(const struct sockaddr_un *place)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = fd >= 0 && connect(fd, (const void *)place, sizeof *place) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return answers;
}

static zc_result listen_unix(const char *address, const char *dir, int *ret_fd, char *ret_path,
                             size_t capacity, zc_error *error)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    const char *path = address + 5;
    int len = path[0] == '/' ? snprintf(place.sun_path, sizeof place.sun_path, "%s", path)
                             : snprintf(place.sun_path, sizeof place.sun_path, "%s/%s", dir, path);
    if (path[0] == '\0' || len < 0 || (size_t)len >= sizeof place.sun_path ||
        (size_t)len >= capacity) {
        return refuse(error, address, "the path of a Unix socket has at most 107 characters");
    }
    struct stat old;
    if (lstat(place.sun_path, &old) == 0) {
        if (!S_ISSOCK(old.st_mode) || somebody_answers(&place)) {
            return refuse(error, address, "something else is there already");
        }
        (void)unlink(place.sun_path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    bool listens =
        fd >= 0 && bind(fd, (const void *)&place, sizeof place) == 0 && listen(fd, BACKLOG) == 0;
    int number = errno;
    (void)umask(before);
    if (!listens) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return zc_error_errno(error, number, "cannot listen on", place.sun_path);
    }
    memcpy(ret_path, place.sun_path, (size_t)len + 1);
    *ret_fd = fd;
    return ZC_OK;
}

/* "host:port" in two. */
static bool split(const char *address, char ret_host[static 256], char ret_port[static 8])
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || strlen(colon + 1) >= 8 || colon[1] == '\0') {
        return false;
    }
    const char *from = address[0] == '[' ? address + 1 : address;
    const char *to = address[0] == '[' ? colon - 1 : colon;
    if (to <= from || (size_t)(to - from) >= 256 || (address[0] == '[' && *to != ']')) {
        return false;
    }
    memcpy(ret_host, from, (size_t)(to - from));
    ret_host[to - from] = '\0';
    memcpy(ret_port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static int listen_at(const struct addrinfo *at)
{
    int yes = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    }
    if (fd >= 0 && bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int number = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = number;
    return -1;
}

zc_result zc_listen(const char *address, const char *dir, int *ret_fd, char *ret_path,
                    size_t capacity, zc_error *error)
{
    char host[256];
    char port[8];
    if (is_unix(address)) {
        return listen_unix(address, dir, ret_fd, ret_path, capacity, error);
    }
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    if (!split(address, host, port) || getaddrinfo(host, port, &hints, &found) != 0) {
        return refuse(error, address, "this is no address of this machine");
    }
    int fd = listen_at(found);
    int number = errno;
    freeaddrinfo(found);
    if (fd < 0) {
        return zc_error_errno(error, number, "cannot listen on", address);
    }
    ret_path[0] = '\0';
    *ret_fd = fd;
    return ZC_OK;
}

static unsigned long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : 0;
}

size_t zc_listen_inherited(int ret_fds[static ZC_INHERITED_MAX],
                           char ret_names[static ZC_INHERITED_MAX][32])
{
    size_t count = number_of("LISTEN_PID") == (unsigned long)getpid() ? number_of("LISTEN_FDS") : 0;
    count = count > ZC_INHERITED_MAX ? ZC_INHERITED_MAX : count;
    const char *names = getenv("LISTEN_FDNAMES");
    for (size_t i = 0; i < count; i++) {
        ret_fds[i] = FIRST_INHERITED + (int)i;
        size_t len = names != NULL ? strcspn(names, ":") : 0;
        (void)snprintf(ret_names[i], 32, "%.*s", (int)(len < 31 ? len : 31),
                       names != NULL ? names : "");
        names = names != NULL && names[len] == ':' ? names + len + 1 : NULL;
        (void)fcntl(ret_fds[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ret_fds[i], F_SETFL, O_NONBLOCK);
    }
    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
    return count;
}

void zc_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof place.sun_path || path[0] == '\0') {
        return;
    }
    memcpy(place.sun_path, path, strlen(path));
    if (place.sun_path[0] == '@') {
        place.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
        ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const void *)&place, len);
        (void)sent;
        (void)close(fd);
    }
}

uint64_t zc_notify_watchdog_us(void)
{
    unsigned long pid = number_of("WATCHDOG_PID");
    return pid == 0 || pid == (unsigned long)getpid() ? number_of("WATCHDOG_USEC") : 0;
}
