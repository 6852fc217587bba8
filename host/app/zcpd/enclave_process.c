#include "daemon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST_LINK_FD 3
#define LISTEN_FD 4
#define LINK_BYTES (1 << 20)

/* In the child: descriptors 3 and 4 are what zcp-enclave expects, everything else is closed. */
static void exec_enclave(const zc_daemon *daemon, int link_fd, pid_t parent)
{
    char platform[ZC_PATH_SIZE];
    /* High copies first, so that neither is overwritten by the other's place. */
    int link_copy = fcntl(link_fd, F_DUPFD, 64);
    int listen_copy = fcntl(daemon->listen_fd, F_DUPFD, 64);
    bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
                 zc_path_join(daemon->dir, "platform", platform) && link_copy >= 0 &&
                 listen_copy >= 0 && dup2(link_copy, HOST_LINK_FD) == HOST_LINK_FD &&
                 dup2(listen_copy, LISTEN_FD) == LISTEN_FD;
    if (ready) {
        (void)close_range(LISTEN_FD + 1, ~0U, 0);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execl(daemon->enclave_program, "zcp-enclave", "--platform-dir", platform, (char *)NULL);
    }
    static const char text[] = "zcpd: cannot start zcp-enclave: the program does not run\n";
    ssize_t told = write(STDERR_FILENO, text, sizeof text - 1);
    (void)told;
    _exit(127);
}

zc_result zc_enclave_start(zc_daemon *daemon, zc_error *error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return zc_error_errno(error, errno, "cannot make the link to the enclave", NULL);
    }
    /* As many entries as core gathers, in one call; a kernel that gives less is not asked twice. */
    (void)setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &(int){LINK_BYTES}, sizeof(int));
    pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) {
        exec_enclave(daemon, pair[1], self);
    }
    close(pair[1]);
    if (child < 0) {
        close(pair[0]);
        return zc_error_errno(error, errno, "cannot start the enclave", NULL);
    }
    daemon->enclave = child;
    daemon->link = (zc_stream){.fd = pair[0]};
    daemon->append_ordinal = 0;
    daemon->acked_ordinal = 0;
    daemon->served = false;
    daemon->stopped = false;
    return ZC_OK;
}

void zc_enclave_end(zc_daemon *daemon)
{
    zc_stream_close(&daemon->link);
    if (daemon->enclave > 0) {
        kill(daemon->enclave, SIGKILL);
        while (waitpid(daemon->enclave, NULL, 0) < 0 && errno == EINTR) {
        }
        daemon->enclave = 0;
    }
}

bool zc_enclave_reap(zc_daemon *daemon)
{
    bool ended = false;
    int status;
    for (pid_t child = waitpid(-1, &status, WNOHANG); child > 0;
         child = waitpid(-1, &status, WNOHANG)) {
        if (child == daemon->enclave) {
            daemon->enclave = 0;
            ended = true;
        }
    }
    return ended;
}

/* The parent of a process and its short name, from /proc/PID/stat. */
static bool read_stat(const char *pid, char ret_name[static 32], pid_t *ret_parent)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    int parent;
    bool read = fscanf(file, "%*d (%31[^)]) %*c %d", ret_name, &parent) == 2;
    (void)fclose(file);
    *ret_parent = (pid_t)parent;
    return read;
}

/* Whether the process of this number is a child of the enclave's, by this name. */
static bool is_child(const zc_daemon *daemon, const char *pid, const char *name)
{
    char its_name[32];
    pid_t parent;
    return pid[0] >= '1' && pid[0] <= '9' && read_stat(pid, its_name, &parent) &&
           parent == daemon->enclave && strcmp(its_name, name) == 0;
}

/* Where the kernel keeps no list of children: every process of the machine is looked at. */
static pid_t search_all(const zc_daemon *daemon, const char *name)
{
    DIR *folder = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *item = folder != NULL ? readdir(folder) : NULL; item != NULL && found == 0;
         item = readdir(folder)) {
        found = is_child(daemon, item->d_name, name) ? (pid_t)strtol(item->d_name, NULL, 10) : 0;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return found;
}

pid_t zc_enclave_child(const zc_daemon *daemon, const char *name)
{
    char path[64];
    char pid[21];
    pid_t found = 0;
    if (daemon->enclave <= 0) {
        return 0;
    }
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)daemon->enclave,
                   (int)daemon->enclave);
    FILE *children = fopen(path, "re");
    if (children == NULL) {
        return search_all(daemon, name);
    }
    while (found == 0 && fscanf(children, "%20s", pid) == 1) {
        found = is_child(daemon, pid, name) ? (pid_t)strtol(pid, NULL, 10) : 0;
    }
    (void)fclose(children);
    return found;
}
