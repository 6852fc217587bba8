/* How the processes of a local enclave lock themselves in.
 *
 * Some layers are always there, or the process does not go on: the system-call filter (an
 * allow-list; anything else kills the process), no_new_privs, not dumpable, no core files, no
 * capabilities, no descriptor but the listed ones, death with the parent. Others depend on the
 * machine: namespaces (user, network, mount with an empty read-only root, pid, ipc, uts) and
 * Landlock. They are tried, and what was got is reported; status shows it.
 *
 * A sandboxed process opens nothing, connects nowhere and starts nothing. Beware of what calls the
 * kernel behind one's back: stdio (fstat), exit handlers, getaddrinfo, threads. Write messages with
 * write() and leave with zc_sandbox_exit(). */
#ifndef ZC_NSM_SOFT_SANDBOX_H
#define ZC_NSM_SOFT_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "nsm_soft/reasons.h"

typedef enum zc_sandbox_role {
    ZC_SANDBOX_FRONT = 1,  /* reads, writes, passes descriptors, accepts connections */
    ZC_SANDBOX_CORE = 2,   /* the same without accept */
    ZC_SANDBOX_PARENT = 3, /* the security module: the same as core, and waits for its children */
} zc_sandbox_role;

#define ZC_SANDBOX_KEEP_MAX 32

typedef struct zc_sandbox_profile {
    zc_sandbox_role role;
    const char *name;  /* as ps shows it: "zcp-core"; at most 15 characters */
    const int *keep;   /* for zc_sandbox_keep_only(); NULL when that was called before */
    size_t keep_count; /* ≤ ZC_SANDBOX_KEEP_MAX */
    pid_t parent; /* getppid() as it should be, or 0 inside a pid namespace or to skip the check */
    /* Called when everything but the filter is in place: threads that are started here have all of
     * it too, and enter a filter of their own (zc_sandbox_enter_thread()). NULL: none are. */
    void (*before_filter)(void *self);
    void *self;
    uint32_t inherited; /* what zc_sandbox_fork() reported; 0 after a plain fork() */
} zc_sandbox_profile;

/* Closes every descriptor but these, in any order; 0, 1 and 2 become /dev/null where they are not
 * among them. For a process that goes on to open descriptors of its own before it enters.
 * Errors: ZC_NSM_SOFT_BAD_PROFILE; ZC_NSM_SOFT_DESCRIPTORS. */
ZC_MUST_USE zc_result zc_sandbox_keep_only(const int *keep, size_t count);

/* Like fork(), but the child is, where the kernel allows it, the first process of a pid namespace
 * (and of a user namespace, where that takes one): it can't even name another process. The calling
 * process must have one thread; handlers of pthread_atfork() are not called. To such a child
 * SIGKILL is the only signal that is certain to work. Child and parent both get the bits to put
 * into `inherited`; in the child *ret_pid is 0. Errors: ZC_NSM_SOFT_NO_FORK. */
ZC_MUST_USE zc_result zc_sandbox_fork(pid_t *ret_pid, uint32_t *ret_inherited);

/* Closes the sandbox around the calling process, which has one thread and has opened everything
 * that it will ever use. There is no way back, also after a failure: the caller then leaves. Out:
 * the bits of platform/isolation.h that hold now, without those of the vault. Errors:
 * ZC_NSM_SOFT_BAD_PROFILE … ZC_NSM_SOFT_PARENT_GONE. */
ZC_MUST_USE zc_result zc_sandbox_enter(const zc_sandbox_profile *profile,
                                       uint32_t *ret_isolation_bits);

/* A thread that only computes: from here on it may sleep, be woken, give back memory and end, and
 * nothing else. Errors: ZC_NSM_SOFT_NO_SECCOMP. */
ZC_MUST_USE zc_result zc_sandbox_enter_thread(void);

/* Leaves at once and never returns: no exit handler runs, nor what a sanitizer hangs on _exit(),
 * whose calls the filter would punish. The only way out for a sandboxed process. It is not declared
 * _Noreturn because sanitizers make a system call before such a function too. */
void zc_sandbox_exit(int status);

#endif
