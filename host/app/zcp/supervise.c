/* The supervisor: zcpd runs, and runs again when it dies. It holds D/run/up.lock with its process
 * number. */
#include "up.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/reasons.h"

#define PAUSE_FIRST_MS 20
#define PAUSE_MOST_MS 2000
#define STEADY_S 1

static int take_lock(const zc_invocation *invocation, zc_error *error)
{
    char path[ZC_PATH_SIZE];
    if (!zc_in_dir(invocation, "run/up.lock", path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    char text[32];
    int len = snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || ftruncate(fd, 0) != 0 ||
        pwrite(fd, text, (size_t)len, 0) != len) {
        zc_result set = zc_error_errno(error, errno, "cannot hold", path);
        (void)set;
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

/* Options of the log are zcpd's: they are handed on as they came. */
static void exec_zcpd(char *program, const zc_invocation *invocation)
{
    char *argv[4 + 2 * ZC_OPTIONS_MAX] = {(char[]){"zcpd"}, (char[]){"--dir"},
                                          (char *)(uintptr_t)invocation->dir};
    char log_listen[] = "--log-listen";
    char witness[] = "--witness";
    size_t count = 3;
    for (size_t i = 0; i < invocation->options; i++) {
        bool listen = strcmp(invocation->name[i], "log-listen") == 0;
        if (listen || strcmp(invocation->name[i], "witness") == 0) {
            argv[count++] = listen ? log_listen : witness;
            argv[count++] = (char *)(uintptr_t)invocation->value[i];
        }
    }
    argv[count] = NULL;
    execv(program, argv);
}

static pid_t start_zcpd(const zc_invocation *invocation, const sigset_t *before)
{
    char program[ZC_PATH_SIZE];
    pid_t self = getpid();
    pid_t child = zc_beside("zcpd", program) ? fork() : -1;
    if (child == 0) {
        sigprocmask(SIG_SETMASK, before, NULL);
        if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == self) {
            exec_zcpd(program, invocation);
        }
        _exit(127);
    }
    return child;
}

/* Whether zcpd is among the children that have ended; all of them are reaped. */
static bool reap(pid_t zcpd)
{
    bool ended = false;
    for (pid_t child = waitpid(-1, NULL, WNOHANG); child > 0; child = waitpid(-1, NULL, WNOHANG)) {
        ended = ended || child == zcpd;
    }
    return ended;
}

/* Waits until zcpd ends (true) or somebody asks to stop. */
static bool wait_for_end(pid_t zcpd, const sigset_t *wanted)
{
    for (;;) {
        int signal = sigwaitinfo(wanted, NULL);
        if (signal == SIGCHLD && reap(zcpd)) {
            return true;
        }
        if (signal == SIGTERM || signal == SIGINT) {
            return false;
        }
    }
}

static void stop_zcpd(pid_t zcpd)
{
    (void)kill(zcpd, SIGTERM);
    while (waitpid(zcpd, NULL, 0) < 0 && errno == EINTR) {
    }
}

static bool stop_wanted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/* Runs zcpd until SIGTERM or SIGINT. One that can't start is tried ever more slowly and never given
 * up: the cause may be a full disk that somebody empties. */
static void keep_running(const zc_invocation *invocation)
{
    sigset_t wanted;
    sigset_t before;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGCHLD);
    sigprocmask(SIG_BLOCK, &wanted, &before);
    long pause_ms = PAUSE_FIRST_MS;
    while (!stop_wanted()) {
        time_t began = time(NULL);
        pid_t zcpd = start_zcpd(invocation, &before);
        if (zcpd > 0 && !wait_for_end(zcpd, &wanted)) {
            stop_zcpd(zcpd);
            return;
        }
        pause_ms = time(NULL) - began >= STEADY_S ? PAUSE_FIRST_MS : pause_ms;
        struct timespec pause = {.tv_sec = pause_ms / 1000, .tv_nsec = pause_ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
        pause_ms = pause_ms * 2 < PAUSE_MOST_MS ? pause_ms * 2 : PAUSE_MOST_MS;
    }
}

int zc_supervise_here(const zc_invocation *invocation)
{
    zc_error error = {0};
    int lock = take_lock(invocation, &error);
    if (lock < 0) {
        return zc_fail_with(invocation, &error);
    }
    pid_t announcer = fork();
    if (announcer == 0) {
        close(lock);
        _exit(zc_announce(invocation));
    }
    keep_running(invocation);
    close(lock);
    return ZC_EXIT_DONE;
}

/* The background process keeps nothing of this terminal; its words go to D/run/zcpd.log. */
static bool leave_terminal(const zc_invocation *invocation)
{
    char path[ZC_PATH_SIZE];
    if (setsid() < 0 || !zc_in_dir(invocation, "run/zcpd.log", path)) {
        return false;
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    bool left = null >= 0 && log >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
                dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0;
    return left;
}

int zc_supervise_detached(const zc_invocation *invocation)
{
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        zc_error error = {0};
        bool ready = leave_terminal(invocation) && take_lock(invocation, &error) >= 0;
        if (ready) {
            keep_running(invocation);
        }
        _exit(ready ? ZC_EXIT_DONE : ZC_EXIT_FAILED);
    }
    if (child < 0) {
        zc_error error = {0};
        zc_result set = zc_error_errno(&error, errno, "cannot start in the background", NULL);
        (void)set;
        return zc_fail_with(invocation, &error);
    }
    int announced = zc_announce(invocation);
    if (announced != ZC_EXIT_DONE && !invocation->json) {
        (void)fputs("zcp: it goes on trying in the background; `zcp down` ends that.\n", stderr);
    }
    return announced;
}
