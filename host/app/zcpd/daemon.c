#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "enclave/reasons.h"

#define PAUSE_FIRST_MS 20
#define PAUSE_MOST_MS 5000
#define POLL_MS 100

int64_t zc_daemon_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static zc_result open_lock(zc_daemon *daemon, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(daemon->dir, "run", path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", daemon->dir);
    }
    ZC_TRY(zc_file_make_folder(path, 0750, error));
    if (!zc_path_join(daemon->dir, "run/lock", path)) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", daemon->dir);
    }
    daemon->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (daemon->lock_fd < 0) {
        return zc_error_errno(error, errno, "cannot open", path);
    }
    if (flock(daemon->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        return zc_error_set(error, ZC_SUPPORT_EXISTS, "cannot start here",
                            "another zcpd already runs in this folder",
                            "use that one, stop it with `zcp down`, or choose another --dir");
    }
    return ZC_OK;
}

static zc_result listen_at(const zc_daemon *daemon, const char *name, mode_t mode, int *ret_fd,
                           zc_error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[ZC_PATH_SIZE];
    if (!zc_path_join(daemon->dir, name, path) || strlen(path) >= sizeof address.sun_path) {
        return zc_error_set(error, ZC_SUPPORT_IO, "cannot listen",
                            "the path of the socket is longer than 107 characters",
                            "choose a shorter --dir");
    }
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* The lock says that nobody else listens: a socket file that is there was left behind. */
    (void)unlink(path);
    bool listening = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
                     chmod(path, mode) == 0 && listen(fd, SOMAXCONN) == 0;
    if (!listening) {
        int number = errno;
        if (fd >= 0) {
            close(fd);
        }
        return zc_error_errno(error, number, "cannot listen at", path);
    }
    *ret_fd = fd;
    return ZC_OK;
}

static zc_result open_signals(zc_daemon *daemon, zc_error *error)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGCHLD);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    daemon->stop_fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    return daemon->stop_fd >= 0 ? ZC_OK
                                : zc_error_errno(error, errno, "cannot wait for signals", NULL);
}

zc_result zc_daemon_open(zc_daemon *daemon, const char *dir, zc_error *error)
{
    daemon->lock_fd = daemon->listen_fd = daemon->control_fd = daemon->stop_fd = -1;
    daemon->link.fd = -1;
    for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
        daemon->control[i].fd = -1;
    }
    if (strlen(dir) >= sizeof daemon->dir) {
        return zc_error_errno(error, ENAMETOOLONG, "cannot use the folder", dir);
    }
    memcpy(daemon->dir, dir, strlen(dir) + 1);
    daemon->state = ZC_DAEMON_STARTING;
    ZC_TRY(open_lock(daemon, error));
    /* The store is opened by start(): what is wrong with it is then told to whoever asks here. */
    ZC_TRY(open_signals(daemon, error));
    ZC_TRY(listen_at(daemon, "run/enclave.sock", 0660, &daemon->listen_fd, error));
    return listen_at(daemon, "run/zcpd.sock", 0600, &daemon->control_fd, error);
}

void zc_daemon_close(zc_daemon *daemon)
{
    zc_enclave_end(daemon);
    zc_keep_close(daemon);
    zc_log_server_stop(daemon->log_server);
    for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
        zc_stream_close(&daemon->control[i]);
    }
    int fds[] = {daemon->listen_fd, daemon->control_fd, daemon->stop_fd, daemon->lock_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
}

void zc_daemon_fail(zc_daemon *daemon, const zc_error *why)
{
    if (why != NULL && why->what[0] != '\0') {
        daemon->last_error = *why;
        zc_error_print(stderr, "zcpd", why);
    }
    zc_enclave_end(daemon);
    zc_keep_close(daemon);
    if (daemon->state == ZC_DAEMON_STOPPING) {
        return;
    }
    daemon->state = ZC_DAEMON_FAILED;
    daemon->restarts++;
    unsigned doublings = daemon->failures < 8 ? daemon->failures : 8;
    int64_t pause = (int64_t)PAUSE_FIRST_MS << doublings;
    daemon->failures++;
    daemon->start_at_ms = zc_daemon_now_ms() + (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
}

/* A fresh start reads everything from the disk again: what was only in memory counts for nothing.
 * The enclave's processes get ready meanwhile; they ask for nothing before the loop looks at them.
 */
static void start(zc_daemon *daemon)
{
    zc_error error = {0};
    zc_result started = zc_enclave_start(daemon, &error);
    if (zc_ok(started) && daemon->store == NULL) {
        started = zc_keep_open(daemon, &error);
    }
    if (zc_ok(started)) {
        daemon->state = ZC_DAEMON_STARTING;
    } else {
        zc_daemon_fail(daemon, &error);
    }
}

static void take_signals(zc_daemon *daemon)
{
    struct signalfd_siginfo info;
    while (read(daemon->stop_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo != SIGCHLD) {
            daemon->state = ZC_DAEMON_STOPPING;
        }
    }
    /* What it still said before it ended is read first: the link's end comes after it. */
    (void)zc_enclave_reap(daemon);
}

/* The enclave has ended its mission for another, or says that this was done before: the next start
 * is under that one. */
static void change_over(zc_daemon *daemon, const zc_error *why)
{
    zc_error error = {0};
    bool changed = false;
    zc_enclave_end(daemon);
    zc_keep_close(daemon);
    zc_result followed = zc_mission_follow(daemon, &changed, &error);
    if (!zc_ok(followed) || (why != NULL && !changed)) {
        zc_daemon_fail(daemon, zc_ok(followed) ? why : &error);
        return;
    }
    if (changed) {
        (void)fputs("zcpd: the mission was changed; the enclave starts under the next one\n",
                    stderr);
    }
    daemon->state = ZC_DAEMON_STARTING;
    daemon->restarts++;
    daemon->start_at_ms = zc_daemon_now_ms();
}

static void serve_link(zc_daemon *daemon, short events)
{
    zc_error error = {0};
    bool alive = (events & (POLLIN | POLLHUP | POLLERR)) == 0 || zc_stream_read(&daemon->link);
    zc_result handled = zc_link_handle(daemon, &error);
    if (zc_ok(handled)) {
        handled = zc_witnesses_poll(daemon, &error);
    }
    if (zc_ok(handled)) {
        handled = zc_load_more(daemon, &error);
    }
    bool over = zc_ok(handled) ? daemon->stopped : zc_is(handled, ZC_ENCLAVE_MISSION_SUPERSEDED);
    if (over && daemon->state != ZC_DAEMON_STOPPING) {
        change_over(daemon, zc_ok(handled) ? NULL : &error);
        return;
    }
    if (!zc_ok(handled)) {
        zc_daemon_fail(daemon, &error);
        return;
    }
    if (alive && daemon->link.out.len > 0) {
        alive = zc_stream_write(&daemon->link);
    }
    if (!alive) {
        (void)zc_error_set(
            &error, ZC_SUPPORT_IO, "the enclave ended", "its process is gone",
            "it is started again; if it does not come back, see the line before this");
        zc_daemon_fail(daemon, &error);
    }
}

static size_t list_descriptors(const zc_daemon *daemon, struct pollfd *ret_fds)
{
    size_t count = 0;
    ret_fds[count++] = (struct pollfd){.fd = daemon->stop_fd, .events = POLLIN};
    ret_fds[count++] = (struct pollfd){.fd = daemon->control_fd, .events = POLLIN};
    short link = (short)(POLLIN | (daemon->link.out.len > 0 ? POLLOUT : 0));
    ret_fds[count++] = (struct pollfd){.fd = daemon->link.fd, .events = link};
    for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
        short events = (short)(POLLIN | (daemon->control[i].out.len > 0 ? POLLOUT : 0));
        ret_fds[count++] = (struct pollfd){.fd = daemon->control[i].fd, .events = events};
    }
    return count;
}

zc_result zc_daemon_run(zc_daemon *daemon, zc_error *error)
{
    struct pollfd fds[3 + ZC_CONTROL_CLIENTS];
    while (daemon->state != ZC_DAEMON_STOPPING || zc_daemon_says_farewell(daemon)) {
        if (daemon->state != ZC_DAEMON_STOPPING && daemon->link.fd < 0 &&
            zc_daemon_now_ms() >= daemon->start_at_ms) {
            start(daemon);
        }
        size_t count = list_descriptors(daemon, fds);
        int wait = daemon->link.fd < 0 ? PAUSE_FIRST_MS : POLL_MS;
        if (poll(fds, count, wait) < 0 && errno != EINTR) {
            return zc_error_errno(error, errno, "cannot wait", NULL);
        }
        if (fds[0].revents != 0) {
            take_signals(daemon);
        }
        if (fds[1].revents != 0) {
            zc_control_accept(daemon);
        }
        for (size_t i = 0; i < ZC_CONTROL_CLIENTS; i++) {
            if (daemon->control[i].fd >= 0 && fds[3 + i].fd >= 0 && fds[3 + i].revents != 0) {
                zc_control_handle(daemon, &daemon->control[i]);
            }
        }
        if (daemon->link.fd >= 0) {
            serve_link(daemon, fds[2].revents);
        }
        zc_control_look_again(daemon);
    }
    return ZC_OK;
}
