#include "sandboxed.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void be_child(zc_sandbox_role role, pid_t parent, uint32_t inherited, int link,
                     sandboxed_act *act)
{
    const int keep[] = {link, 2};
    zc_sandbox_profile profile = {.role = role,
                                  .name = "zcp-test",
                                  .keep = keep,
                                  .keep_count = 2,
                                  .parent = parent,
                                  .inherited = inherited};
    uint32_t bits;
    if (!zc_ok(zc_sandbox_enter(&profile, &bits))) {
        _exit(99);
    }
    if (write(link, &bits, sizeof bits) != (ssize_t)sizeof bits) {
        _exit(98);
    }
    act(link);
    zc_sandbox_exit(0);
}

sandboxed sandboxed_start(zc_sandbox_role role, bool own_pids, sandboxed_act *act)
{
    int link[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) != 0) {
        abort();
    }
    pid_t parent = getpid();
    pid_t pid = -1;
    uint32_t inherited = 0;
    if (!own_pids) {
        pid = fork();
    } else if (!zc_ok(zc_sandbox_fork(&pid, &inherited))) {
        abort();
    }
    if (pid == 0) {
        close(link[0]);
        be_child(role, parent, inherited, link[1], act);
    }
    close(link[1]);
    sandboxed child = {.pid = pid, .link = link[0]};
    if (pid < 0 ||
        recv(link[0], &child.bits, sizeof child.bits, MSG_WAITALL) != (ssize_t)sizeof child.bits) {
        child.bits = 0;
    }
    return child;
}

int sandboxed_end(sandboxed *child)
{
    int status = -1;
    (void)shutdown(child->link, SHUT_WR);
    if (waitpid(child->pid, &status, 0) != child->pid) {
        abort();
    }
    close(child->link);
    return status;
}

int sandboxed_run(zc_sandbox_role role, bool own_pids, sandboxed_act *act)
{
    sandboxed child = sandboxed_start(role, own_pids, act);
    int status = sandboxed_end(&child);
    return child.bits != 0 ? status : -1; /* what dies on its way in proves nothing */
}

bool died_of(int status, int signal_number)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == signal_number;
}

bool left_with(int status, int code)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}
