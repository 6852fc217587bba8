#include "gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE 500 /* times 10 ms */
#define ANSWER_MAX 8192

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* One that nobody listens on now; 0 when there is none. */
static unsigned free_port(void)
{
    struct sockaddr_in place = loopback(0);
    socklen_t len = sizeof place;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && bind(fd, (const void *)&place, sizeof place) == 0 &&
                 getsockname(fd, (struct sockaddr *)&place, &len) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return found ? ntohs(place.sin_port) : 0;
}

/* −1 when nobody comes to listen there. */
static int dial(unsigned port)
{
    const struct sockaddr_in place = loopback(port);
    int yes = 1;
    for (int i = 0; i < PATIENCE; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            return -1;
        }
        if (connect(fd, (const void *)&place, sizeof place) == 0) {
            (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            return fd;
        }
        (void)close(fd);
        (void)usleep(10000);
    }
    return -1;
}

static bool write_identities(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        return false;
    }
    bool written = fputs("{\"identities\": [{\"name\": \"bench\", \"credential\": \"admin\", "
                         "\"access_keys\": [{\"id\": \"" ZC_BENCH_ACCESS_KEY
                         "\", \"secret\": \"" ZC_BENCH_SECRET "\"}]}]}\n",
                         file) >= 0;
    return fclose(file) == 0 && written;
}

/* In a process that ends with this one, saying nothing: what it logs is written, and thrown away.
 */
static bool run(char *const arguments[])
{
    char program[ZC_BENCH_PATH_SIZE];
    if (!zc_bench_beside("zcp", program)) {
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (int fd = 0; fd <= 2; fd++) {
            (void)dup2(nowhere, fd);
        }
        (void)execv(program, arguments);
        _exit(127);
    }
    return pid > 0;
}

const char *zc_bench_gateway_start(zc_bench_folder folder, bool shared,
                                   zc_bench_gateway *ret_gateway)
{
    char identities[ZC_BENCH_PATH_SIZE + 32];
    char kms[32], hello[32];
    char directory[ZC_BENCH_PATH_SIZE];
    zc_bench_gateway made = {.kms_port = free_port()};
    unsigned port = free_port();
    const char *dir = zc_bench_place(folder);
    if (dir == NULL) {
        return "there is no temporary folder";
    }
    (void)snprintf(directory, sizeof directory, "%s", dir);
    (void)snprintf(identities, sizeof identities, "%s.identities", dir);
    (void)snprintf(kms, sizeof kms, "127.0.0.1:%u", made.kms_port);
    (void)snprintf(hello, sizeof hello, "127.0.0.1:%u", port);
    char *arguments[] = {"zcp",
                         "gateway",
                         "kms",
                         "web3signer",
                         "--dir",
                         directory,
                         "--listen",
                         kms,
                         "--listen",
                         hello,
                         "--identities",
                         identities,
                         shared ? "--spin-us" : NULL,
                         "1000",
                         NULL};
    if (made.kms_port == 0 || port == 0 || !write_identities(identities) || !run(arguments)) {
        return "the gateway can't be started";
    }
    made.kms_fd = dial(made.kms_port);
    made.hello_fd = dial(port);
    if (made.kms_fd < 0 || made.hello_fd < 0) {
        return "the gateway does not come up";
    }
    *ret_gateway = made;
    return NULL;
}

unsigned zc_bench_gateway_ask(int fd, const char *request, size_t len)
{
    static char answer[ANSWER_MAX];
    size_t got = 0;
    size_t wanted = 0;
    if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len) {
        return 0;
    }
    while (wanted == 0 || got < wanted) {
        ssize_t more = recv(fd, answer + got, sizeof answer - 1 - got, 0);
        if (more <= 0) {
            return 0;
        }
        got += (size_t)more;
        answer[got] = '\0';
        const char *end = strstr(answer, "\r\n\r\n");
        const char *length = strcasestr(answer, "content-length:");
        if (wanted == 0 && end != NULL && length != NULL && length < end) {
            wanted = (size_t)(end - answer) + 4 + strtoul(length + 15, NULL, 10);
        }
    }
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (unsigned)strtoul(answer + 9, NULL, 10) : 0;
}
