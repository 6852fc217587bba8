/* What a process in the sandbox tries, and that it is the last thing it does. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform/isolation.h"
#include "sandboxed.h"

static void try_open(int link)
{
    (void)link;
    (void)open("/", O_RDONLY);
}

static void try_old_open(int link)
{
    (void)link;
#ifdef SYS_open
    (void)syscall(SYS_open, "/", O_RDONLY);
#else
    (void)open("/", O_RDONLY);
#endif
}

static void try_openat2(int link)
{
    (void)link;
    uint64_t how[3] = {0};
    (void)syscall(437, AT_FDCWD, "/", how, sizeof how);
}

static void try_socket(int link)
{
    (void)link;
    (void)socket(AF_INET, SOCK_STREAM, 0);
}

static void try_connect(int link)
{
    struct sockaddr address = {.sa_family = AF_UNIX};
    (void)connect(link, &address, sizeof address);
}

static void try_bind(int link)
{
    struct sockaddr address = {.sa_family = AF_UNIX};
    (void)bind(link, &address, sizeof address);
}

static void try_accept(int link)
{
    (void)accept4(link, NULL, NULL, SOCK_NONBLOCK);
}

static void try_execve(int link)
{
    (void)link;
    char *const none[] = {NULL};
    (void)execve("/bin/true", none, none);
}

static void try_execveat(int link)
{
    char *const none[] = {NULL};
    (void)syscall(SYS_execveat, link, "", none, none, AT_EMPTY_PATH);
}

static void try_ptrace(int link)
{
    (void)link;
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void try_read_other_memory(int link)
{
    (void)link;
    char byte;
    struct iovec mine = {&byte, 1};
    (void)process_vm_readv(getpid(), &mine, 1, &mine, 1, 0);
}

static void try_fork(int link)
{
    (void)link;
    if (fork() == 0) {
        _exit(0);
    }
}

static void try_kill(int link)
{
    (void)link;
    (void)kill(getpid(), 0);
}

static void try_unshare(int link)
{
    (void)link;
    (void)syscall(SYS_unshare, 0);
}

static void try_setuid(int link)
{
    (void)link;
    (void)syscall(SYS_setuid, getuid());
}

static void try_prctl(int link)
{
    (void)link;
    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void try_io_uring(int link)
{
    (void)link;
    uint8_t params[128] = {0};
    (void)syscall(425, 8, params);
}

static void try_ioctl(int link)
{
    int pending;
    (void)syscall(SYS_ioctl, link, 0x541B, &pending);
}

static void try_dup(int link)
{
    (void)fcntl(link, F_DUPFD, 0);
}

static void *page(int protection, int flags, int fd)
{
    return mmap(NULL, 4096, protection, flags, fd, 0);
}

static void try_mprotect_exec(int link)
{
    (void)link;
    void *memory = page(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    (void)mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

static void try_mmap_exec(int link)
{
    (void)link;
    (void)page(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void try_mmap_file(int link)
{
    (void)page(PROT_READ, MAP_PRIVATE, link);
}

static void try_pkey_mprotect_exec(int link)
{
    (void)link;
    (void)syscall(SYS_pkey_mprotect, 0, 4096, PROT_EXEC, -1);
}

static void try_wait(int link)
{
    (void)link;
    (void)waitpid(-1, NULL, WNOHANG);
}

static void try_foreign_abi(int link)
{
    (void)link;
#if defined(__x86_64__)
    /* getpid as x32 has it: the same number with bit 30 set. */
    (void)syscall(0x40000000 | SYS_getpid);
#else
    (void)open("/", O_RDONLY);
#endif
}

static void assert_dies(zc_sandbox_role role, sandboxed_act *act)
{
    assert_true(died_of(sandboxed_run(role, false, act), SIGSYS));
    assert_true(died_of(sandboxed_run(role, true, act), SIGSYS));
}

static void sandbox_enter__forbidden_call__dies(void **state)
{
    (void)state;
    static sandboxed_act *const acts[] = {
        try_open,      try_old_open, try_openat2,       try_socket,
        try_connect,   try_bind,     try_execve,        try_execveat,
        try_ptrace,    try_fork,     try_kill,          try_read_other_memory,
        try_unshare,   try_setuid,   try_prctl,         try_io_uring,
        try_ioctl,     try_dup,      try_mprotect_exec, try_mmap_exec,
        try_mmap_file, try_wait,     try_foreign_abi,   try_pkey_mprotect_exec,
    };
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        assert_dies(ZC_SANDBOX_CORE, acts[i]);
        assert_dies(ZC_SANDBOX_FRONT, acts[i]);
    }
}

static void sandbox_enter__accept_in_core__dies(void **state)
{
    (void)state;
    assert_dies(ZC_SANDBOX_CORE, try_accept);
    assert_dies(ZC_SANDBOX_PARENT, try_accept);
    assert_true(left_with(sandboxed_run(ZC_SANDBOX_FRONT, true, try_accept), 0));
}

static void sandbox_enter__wait_in_parent__goes_on(void **state)
{
    (void)state;
    assert_true(left_with(sandboxed_run(ZC_SANDBOX_PARENT, true, try_wait), 0));
}

static void use_memory(void)
{
    size_t len = (size_t)8 << 20;
    char *memory = malloc(len);
    if (memory == NULL) {
        zc_sandbox_exit(1);
    }
    memset(memory, 1, len);
    memory = realloc(memory, 2 * len);
    if (memory == NULL) {
        zc_sandbox_exit(2);
    }
    free(memory);
    void *one = page(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (one == MAP_FAILED || mprotect(one, 4096, PROT_NONE) != 0) {
        zc_sandbox_exit(3);
    }
}

/* What core and front live on. */
static void work(int link)
{
    use_memory();
    struct timespec now;
    uint8_t random[32];
    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || clock_gettime(CLOCK_MONOTONIC_RAW, &now) != 0 ||
        getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        zc_sandbox_exit(4);
    }
    int flags = fcntl(link, F_GETFL);
    if (flags < 0 || fcntl(link, F_SETFL, flags) != 0) {
        zc_sandbox_exit(5);
    }
    struct pollfd ready = {.fd = link, .events = POLLIN};
    char byte;
    if (poll(&ready, 1, -1) != 1 || read(link, &byte, 1) != 1 ||
        send(link, &byte, 1, MSG_NOSIGNAL) != 1) {
        zc_sandbox_exit(6);
    }
}

static void sandbox_enter__ordinary_work__goes_on(void **state)
{
    (void)state;
    static const zc_sandbox_role roles[] = {ZC_SANDBOX_FRONT, ZC_SANDBOX_CORE, ZC_SANDBOX_PARENT};
    for (size_t i = 0; i < 6; i++) {
        sandboxed child = sandboxed_start(roles[i % 3], i >= 3, work);
        char byte = 'x';
        assert_int_equal(write(child.link, &byte, 1), 1);
        byte = 0;
        assert_int_equal(recv(child.link, &byte, 1, MSG_WAITALL), 1);
        assert_int_equal(byte, 'x');
        assert_true(left_with(sandboxed_end(&child), 0));
    }
}

static void sandbox_enter__impossible_profile__refused(void **state)
{
    (void)state;
    uint32_t bits = 7;
    zc_sandbox_profile no_role = {0};
    assert_true(zc_is(zc_sandbox_enter(&no_role, &bits), ZC_NSM_SOFT_BAD_PROFILE));
    int closed = 1000;
    assert_true(zc_is(zc_sandbox_keep_only(&closed, 1), ZC_NSM_SOFT_BAD_PROFILE));
    assert_true(
        zc_is(zc_sandbox_keep_only(&closed, ZC_SANDBOX_KEEP_MAX + 1), ZC_NSM_SOFT_BAD_PROFILE));
    assert_int_equal(bits, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sandbox_enter__forbidden_call__dies),
        cmocka_unit_test(sandbox_enter__accept_in_core__dies),
        cmocka_unit_test(sandbox_enter__wait_in_parent__goes_on),
        cmocka_unit_test(sandbox_enter__ordinary_work__goes_on),
        cmocka_unit_test(sandbox_enter__impossible_profile__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
