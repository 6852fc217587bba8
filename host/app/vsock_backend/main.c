/* zcp-qemu: an enclave of the qemu platform, started by zcpd in the place of zcp-enclave.
 *
 *     zcpd ──3── this ══ vsock port 5001 ══▶ core     clients ──4── this ══ port 5000 ══▶ front
 *
 * It starts QEMU with the unchanged image, is its vsock device, and passes bytes. It is trusted
 * with nothing: what it passes is sealed for the enclave or public. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "emulator.h"
#include "vhost.h"
#include "vsock.h"

#define HOST_FD 3
#define LISTEN_FD 4
#define CLIENTS_PORT 5000
#define HOST_PORT 5001
#define GUEST_CID 16
/* A boot that has given no sign of life by then hangs; it is tried again, so many times. */
#define BOOT_MS 30000
#define BOOTS 3
#define TICK_MS 250

static zc_vsock vsock;
static zc_emulator emulator;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is waited for, with its place in the list. */
typedef struct waiting {
    struct pollfd fd[ZC_VSOCK_STREAMS + 5];
    size_t count;
    size_t vhost;
    size_t kick[2];
    size_t clients;
    size_t host;
} waiting;

#define NOT_THERE SIZE_MAX

static size_t add(waiting *list, int fd, short events)
{
    if (fd < 0) {
        return NOT_THERE;
    }
    list->fd[list->count] = (struct pollfd){.fd = fd, .events = events};
    return list->count++;
}

static bool is_ready(const waiting *list, size_t at)
{
    return at != NOT_THERE && list->fd[at].revents != 0;
}

static void list_all(waiting *list, int vhost, const zc_vsock_stream *host)
{
    list->count = 0;
    list->vhost = add(list, vhost, POLLIN);
    list->kick[0] = add(list, vsock.guest.ring[0].kick, POLLIN);
    list->kick[1] = add(list, vsock.guest.ring[1].kick, POLLIN);
    list->clients = add(list, host != NULL ? LISTEN_FD : -1, POLLIN);
    /* While the guest starts, only that zcpd goes is looked for. */
    list->host = add(list, host == NULL ? HOST_FD : -1, 0);
    list->count += zc_vsock_list(&vsock, list->fd + list->count);
}

static void empty_kick(int fd)
{
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof count);
    (void)got;
}

static void accept_client(void)
{
    int fd = accept4(LISTEN_FD, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
        (void)zc_vsock_open(&vsock, fd, CLIENTS_PORT);
    }
}

static zc_vsock_stream *begin_host(void)
{
    int fd = dup(HOST_FD);
    return fd < 0 ? NULL : zc_vsock_open(&vsock, fd, HOST_PORT);
}

typedef enum outcome { OVER, AGAIN } outcome;

static bool host_has_gone(const waiting *list)
{
    return list->host != NOT_THERE && (list->fd[list->host].revents & (POLLHUP | POLLERR)) != 0;
}

/* One life of the emulator. */
static outcome run(int vhost)
{
    zc_vsock_stream *host = NULL;
    int64_t until = now_ms() + BOOT_MS;
    waiting list;
    for (;;) {
        list_all(&list, vhost, host);
        if (poll(list.fd, list.count, TICK_MS) < 0 && errno != EINTR) {
            return OVER;
        }
        if (zc_emulator_has_ended(&emulator) || host_has_gone(&list)) {
            return host == NULL && !host_has_gone(&list) ? AGAIN : OVER;
        }
        if (is_ready(&list, list.vhost) && !zc_vhost_handle(vhost, &vsock.guest, GUEST_CID)) {
            return host == NULL ? AGAIN : OVER;
        }
        for (size_t i = 0; i < 2; i++) {
            if (is_ready(&list, list.kick[i])) {
                empty_kick(list.fd[list.kick[i]].fd);
            }
        }
        if (is_ready(&list, list.clients)) {
            accept_client();
        }
        if (host == NULL && vsock.alive && (host = begin_host()) == NULL) {
            return OVER;
        }
        zc_vsock_pump(&vsock);
        if (host != NULL && host->state == ZC_VSOCK_FREE) {
            return OVER; /* the enclave or zcpd has ended the link: that ends an enclave */
        }
        if (host == NULL && now_ms() > until) {
            return AGAIN;
        }
    }
}

static int live(void)
{
    for (int boot = 1; boot <= BOOTS; boot++) {
        int vhost = zc_emulator_start(&emulator);
        outcome ended = vhost >= 0 ? run(vhost) : AGAIN;
        zc_emulator_end(&emulator);
        zc_vsock_clear(&vsock);
        if (vhost >= 0) {
            close(vhost);
        }
        if (ended == OVER) {
            return ZC_EXIT_DONE;
        }
        (void)fprintf(stderr, "zcp-qemu: start %d of %d gave no sign of life.\n", boot, BOOTS);
    }
    return ZC_EXIT_FAILED;
}

/* DIR/platform, as zcpd says it: the folder above is meant. */
static bool read_dir(const char *text, char ret_dir[static ZC_PATH_SIZE])
{
    static const char suffix[] = "/platform";
    size_t len = strlen(text);
    if (len < sizeof suffix || len >= ZC_PATH_SIZE ||
        strcmp(text + len - (sizeof suffix - 1), suffix) != 0) {
        return false;
    }
    memcpy(ret_dir, text, len - (sizeof suffix - 1));
    ret_dir[len - (sizeof suffix - 1)] = '\0';
    return true;
}

int main(int argc, char **argv)
{
    char dir[ZC_PATH_SIZE];
    zc_error error = {0};
    if (argc != 3 || strcmp(argv[1], "--platform-dir") != 0 || !read_dir(argv[2], dir)) {
        (void)fputs("usage: zcp-qemu --platform-dir DIR/platform\n"
                    "An emulated Nitro enclave. zcpd starts it; use `zcp up --platform qemu`.\n",
                    stderr);
        return ZC_EXIT_USAGE;
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)signal(SIGPIPE, SIG_IGN);
    zc_vsock_init(&vsock, GUEST_CID);
    if (!zc_ok(zc_emulator_init(&emulator, dir, &error))) {
        zc_error_print(stderr, "zcp-qemu", &error);
        return error.exit_code;
    }
    return live();
}
