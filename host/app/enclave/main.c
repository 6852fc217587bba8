/* zcp-enclave: what runs inside a Nitro Enclave, as three locked-in processes of one machine.
 *
 *     zcpd ──3── core ──link── front ──4── clients
 *                  └──link── this process: the security module
 *
 * Children are forked before anything secret exists here. If one of the three dies, all die, and
 * zcpd starts them anew. */
#include <sys/socket.h>
#include <unistd.h>

#include "nsm_soft/nsm.h"
#include "nsm_soft/sandbox.h"
#include "options.h"
#include "process.h"
#include "runtime/descriptor.h"

static const char who[] = "zcp-enclave";

static zc_result make_links(zc_enclave_links *ret_links)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        return zc_fail(ZC_RUNTIME_NO_DESCRIPTOR);
    }
    ret_links->front = pair[0];
    ret_links->core = pair[1];
    ZC_TRY(zc_nsm_soft_link(pair));
    ret_links->serve = pair[0];
    ret_links->nsm = pair[1];
    return ZC_OK;
}

/* In a child: gives up what belongs to the others. The sandbox closes everything else. */
static void keep_front(zc_enclave_links *links)
{
    int host = HOST_FD;
    zc_fd_close(&host);
    zc_fd_close(&links->front);
    zc_fd_close(&links->nsm);
    zc_fd_close(&links->serve);
}

static void keep_core(zc_enclave_links *links)
{
    int listening = LISTEN_FD;
    zc_fd_close(&listening);
    zc_fd_close(&links->core);
    zc_fd_close(&links->serve);
}

static void keep_parent(zc_enclave_links *links)
{
    int host = HOST_FD, listening = LISTEN_FD;
    zc_fd_close(&host);
    zc_fd_close(&listening);
    zc_fd_close(&links->front);
    zc_fd_close(&links->core);
    zc_fd_close(&links->nsm);
}

static pid_t bear(const char *name, zc_enclave_birth *ret_birth)
{
    pid_t pid;
    ret_birth->parent = getpid();
    zc_result forked = zc_sandbox_fork(&pid, &ret_birth->inherited);
    if (!zc_ok(forked)) {
        leave(who, name, forked);
    }
    return pid;
}

int main(int argc, char **argv)
{
    zc_enclave_options options;
    zc_enclave_links links;
    zc_enclave_birth birth;
    int status;
    if (!options_read(argc, argv, &options, &status)) {
        return status;
    }
    raise_limits();
    zc_result linked = make_links(&links);
    if (!zc_ok(linked)) {
        leave(who, "cannot start", linked);
    }
    pid_t front = bear("cannot start zcp-front", &birth);
    if (front == 0) {
        keep_front(&links);
        front_process(&links, birth);
    }
    pid_t core = bear("cannot start zcp-core", &birth);
    if (core == 0) {
        keep_core(&links);
        core_process(&links, birth);
    }
    keep_parent(&links);
    parent_process(&links, options.dir, front, core);
}
