#include <errno.h>
#include <string.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/setup.h"
#include "nsm_soft/nsm.h"
#include "nsm_soft/sandbox.h"
#include "process.h"

static const char who[] = "zcp-enclave";

/* Says how a child ended, if there is something to say, and returns what that makes of our own exit
 * status. */
static int judge(const char *child, int status)
{
    if (WIFSIGNALED(status)) {
        bool filtered = WTERMSIG(status) == SIGSYS;
        const char *name = sigdescr_np(WTERMSIG(status));
        say(who, child,
            filtered ? "it was killed by its system-call filter"
                     : (name == NULL ? "it was killed by a signal" : name));
        return 128 + WTERMSIG(status);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
}

static int wait_for(pid_t pid, int options, int *ret_status)
{
    pid_t ended;
    do {
        ended = waitpid(pid, ret_status, options);
    } while (ended < 0 && errno == EINTR);
    return ended == pid;
}

/* Core goes when front has gone, so it is core that is waited for; front, if it lives, dies with
 * this process. */
static int reap(pid_t front, pid_t core)
{
    int status;
    int verdict = STATUS_FAILED;
    if (wait_for(core, 0, &status)) {
        verdict = judge("zcp-core has ended", status);
    }
    if (wait_for(front, WNOHANG, &status)) {
        int front_verdict = judge("zcp-front has ended", status);
        verdict = verdict == STATUS_STOPPED ? front_verdict : verdict;
    }
    return verdict;
}

noreturn void parent_process(const zc_enclave_links *links, const char *dir, pid_t front,
                             pid_t core)
{
    zc_nsm_soft *nsm;
    zc_result made = zc_crypto_setup_channels(); /* without the machine's openssl.cnf */
    if (zc_ok(made)) {
        made = zc_nsm_soft_new(dir, &nsm);
    }
    if (!zc_ok(made)) {
        leave(who, "cannot start the security module", made);
    }
    const int keep[] = {links->serve, STDERR_FILENO};
    const zc_sandbox_profile profile = {.role = ZC_SANDBOX_PARENT,
                                        .name = who,
                                        .keep = keep,
                                        .keep_count = sizeof keep / sizeof keep[0]};
    uint32_t isolation;
    zc_result entered = zc_sandbox_enter(&profile, &isolation);
    if (!zc_ok(entered)) {
        leave(who, "cannot lock itself in", entered);
    }
    zc_result served = zc_nsm_soft_serve(nsm, links->serve);
    if (!zc_ok(served)) {
        leave(who, "the security module ended", served);
    }
    _exit(reap(front, core));
}
