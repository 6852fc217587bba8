/* The allow-list of system calls as a program for the kernel. Whatever is not here kills. */
#include "confine.h"

#include <fcntl.h>
#include <stddef.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "nitro/nitro.h"

#if defined(__x86_64__)
#define OUR_ABI AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ABI AUDIT_ARCH_AARCH64
#else
#error "the filter knows x86-64 and arm64"
#endif

#define PROGRAM_MAX 128
/* Of x86-64's second ABI, whose numbers begin here. */
#define X32_FIRST 0x40000000u

/* Work on descriptors that are open already, memory without execution, time, the end. getpid is
 * libcrypto's way of noticing a fork. */
static const unsigned common_calls[] = {
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_sendto,
    SYS_sendmsg,
    SYS_shutdown,
    SYS_close,
    SYS_epoll_ctl,
    SYS_epoll_pwait,
    SYS_ppoll,
    SYS_getsockopt,
    SYS_clock_gettime,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_sched_yield,
    SYS_getrandom,
    SYS_getpid,
    SYS_futex,
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_exit,
    SYS_exit_group,
    SYS_restart_syscall,
#ifdef SYS_epoll_wait
    SYS_epoll_wait,
    SYS_poll,
#endif
};

/* Sleeping, being woken, giving memory back, the end. */
static const unsigned signer_calls[] = {
    SYS_futex,   SYS_sched_yield,  SYS_getpid,          SYS_brk,  SYS_munmap,
    SYS_madvise, SYS_rt_sigreturn, SYS_restart_syscall, SYS_exit, SYS_exit_group,
};

typedef struct zc_program {
    struct sock_filter step[PROGRAM_MAX];
    unsigned short count;
} zc_program;

static void add(zc_program *program, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
    if (program->count < PROGRAM_MAX) {
        program->step[program->count++] =
            (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = value};
    } else {
        program->count = PROGRAM_MAX + 1; /* seen by the caller: never a shorter filter */
    }
}

static void load(zc_program *program, size_t offset)
{
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void load_number(zc_program *program)
{
    load(program, offsetof(struct seccomp_data, nr));
}

/* The low half of an argument; its high half is not looked at, because the calls below take no
 * more. */
static void load_argument(zc_program *program, size_t at)
{
    load(program, offsetof(struct seccomp_data, args) + at * sizeof(uint64_t));
}

static void end_with(zc_program *program, uint32_t verdict)
{
    add(program, BPF_RET | BPF_K, verdict, 0, 0);
}

static void allow(zc_program *program, unsigned call)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    end_with(program, SECCOMP_RET_ALLOW);
}

/* `call` when argument `at` is `value`. */
static void allow_when_equal(zc_program *program, unsigned call, size_t at, uint32_t value)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load_argument(program, at);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    end_with(program, SECCOMP_RET_ALLOW);
    load_number(program);
}

/* Memory never becomes executable. */
static void allow_without_exec(zc_program *program, unsigned call)
{
    add(program, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load_argument(program, 2);
    add(program, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
    end_with(program, SECCOMP_RET_ALLOW);
    load_number(program);
}

static void check_abi(zc_program *program)
{
    load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, OUR_ABI, 1, 0);
    end_with(program, SECCOMP_RET_KILL_PROCESS);
    load_number(program);
    add(program, BPF_JMP | BPF_JGE | BPF_K, X32_FIRST, 0, 1);
    end_with(program, SECCOMP_RET_KILL_PROCESS);
}

static void allow_all(zc_program *program, const unsigned *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        allow(program, calls[i]);
    }
}

static void allow_process(zc_program *program, zc_confine_role role)
{
    allow_all(program, common_calls, sizeof common_calls / sizeof common_calls[0]);
    if (role == ZC_CONFINE_FRONT) {
        allow(program, SYS_accept4);
    } else {
        allow_when_equal(program, SYS_ioctl, 1, ZC_NITRO_IOCTL);
    }
    allow_when_equal(program, SYS_fcntl, 1, F_GETFL);
    allow_when_equal(program, SYS_fcntl, 1, F_SETFL);
    allow_without_exec(program, SYS_mmap);
    allow_without_exec(program, SYS_mprotect);
}

bool confine_calls(zc_confine_role role)
{
    zc_program program = {.count = 0};
    check_abi(&program);
    if (role == ZC_CONFINE_SIGNER) {
        allow_all(&program, signer_calls, sizeof signer_calls / sizeof signer_calls[0]);
    } else {
        allow_process(&program, role);
    }
    end_with(&program, SECCOMP_RET_KILL_PROCESS);
    const struct sock_fprog loaded = {.len = program.count, .filter = program.step};
    return program.count <= PROGRAM_MAX &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded, 0, 0) == 0;
}
