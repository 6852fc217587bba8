/* The allow-list of system calls. Whatever is not here kills the process with SIGSYS. */
#include "layers.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>

/* Everybody's: work on descriptors that are open already, memory without execution, time, the end.
 * getpid is libcrypto's way of noticing a fork. */
static const int common_calls[] = {
    SCMP_SYS(read),          SCMP_SYS(write),           SCMP_SYS(readv),
    SCMP_SYS(writev),        SCMP_SYS(recvfrom),        SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),        SCMP_SYS(sendmsg),         SCMP_SYS(shutdown),
    SCMP_SYS(close),         SCMP_SYS(epoll_ctl),       SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),   SCMP_SYS(epoll_pwait2),    SCMP_SYS(poll),
    SCMP_SYS(ppoll),         SCMP_SYS(timerfd_settime), SCMP_SYS(getsockopt),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),  SCMP_SYS(sched_yield),     SCMP_SYS(getrandom),
    SCMP_SYS(getpid),        SCMP_SYS(futex),           SCMP_SYS(brk),
    SCMP_SYS(munmap),        SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),  SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),          SCMP_SYS(exit_group),
};

/* A thread that signs for core: none of the above is its business. Memory it may only give back. */
static const int thread_calls[] = {
    SCMP_SYS(futex),  SCMP_SYS(sched_yield), SCMP_SYS(getpid),       SCMP_SYS(brk),
    SCMP_SYS(munmap), SCMP_SYS(madvise),     SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),   SCMP_SYS(exit_group),
};

/* Front takes connections. */
static const int front_calls[] = {SCMP_SYS(accept4)};
/* Core makes the memory that it shares with clients, and seals its size (runtime/shared.h). */
static const int core_calls[] = {SCMP_SYS(memfd_create), SCMP_SYS(ftruncate)};
/* The parent notices the end of its children. */
static const int parent_calls[] = {SCMP_SYS(wait4), SCMP_SYS(waitid)};

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0) {
            return false;
        }
    }
    return true;
}

#define ALLOW(filter, calls) allow(filter, calls, sizeof(calls) / sizeof(calls)[0])

/* Memory never becomes executable, and mappings are anonymous. */
static bool allow_memory(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
}

/* Of fcntl only what tells and sets whether a descriptor blocks. */
static bool allow_fcntl(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, F_GETFL)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, F_SETFL)) == 0;
}

/* Of descriptors that core holds only its own memory can be mapped. */
static bool allow_shared_memory(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_EQ, MAP_SHARED, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, F_ADD_SEALS)) == 0;
}

static bool allow_role(scmp_filter_ctx filter, zc_sandbox_role role)
{
    switch (role) {
    case ZC_SANDBOX_FRONT:
        return ALLOW(filter, front_calls);
    case ZC_SANDBOX_CORE:
        return ALLOW(filter, core_calls) && allow_shared_memory(filter);
    case ZC_SANDBOX_PARENT:
        return ALLOW(filter, parent_calls);
    default:
        return true;
    }
}

/* Calls of a foreign ABI (32-bit, x32) kill as well. */
static bool set_up(scmp_filter_ctx filter)
{
    return seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
           seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1) == 0 &&
           seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0;
}

static bool build(scmp_filter_ctx filter, zc_sandbox_role role)
{
    return set_up(filter) && ALLOW(filter, common_calls) && allow_memory(filter) &&
           allow_fcntl(filter) && allow_role(filter, role);
}

/* After a successful load the release is itself subject to the filter: it only frees. */
static zc_result load(scmp_filter_ctx filter, bool built)
{
    bool loaded = built && seccomp_load(filter) == 0;
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return loaded ? ZC_OK : zc_fail(ZC_NSM_SOFT_NO_SECCOMP);
}

zc_result zc_layer_filter(zc_sandbox_role role)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    return load(filter, filter != NULL && build(filter, role));
}

zc_result zc_sandbox_enter_thread(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    return load(filter, filter != NULL && set_up(filter) && ALLOW(filter, thread_calls));
}
