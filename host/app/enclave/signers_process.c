/* Threads that make core's signatures beside it. Each is locked in more tightly than core: all that
 * it may ask of the kernel is to sleep and to be woken. */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include <sys/syscall.h>
#include <unistd.h>

#include "nsm_soft/sandbox.h"
#include "process.h"

static const char who[] = "zcp-core";

static cpu_set_t allowed; /* before core took a processor of its own */
static zc_signers *signers;
static zc_vault memory;
static zc_vault stack[SIGNERS_MAX];
static size_t wanted;
static _Atomic uint32_t ready;

void signers_take(size_t count, zc_signers **ret_signers)
{
    (void)sched_getaffinity(0, sizeof allowed, &allowed);
    if (count == 0) {
        *ret_signers = NULL;
        return;
    }
    take_vault(who, &memory, sizeof(zc_signers));
    for (size_t i = 0; i < count; i++) {
        take_vault(who, &stack[i], STACK);
    }
    wanted = count;
    signers = (zc_signers *)(void *)memory.memory;
    *ret_signers = signers;
}

/* Anywhere but where core looks for work. */
static void keep_off(void)
{
    cpu_set_t own, others = allowed;
    if (sched_getaffinity(0, sizeof own, &own) == 0 && CPU_COUNT(&own) == 1) {
        for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
            if (CPU_ISSET(cpu, &own)) {
                CPU_CLR(cpu, &others);
            }
        }
        (void)sched_setaffinity(0, sizeof others, &others);
    }
}

static void *live(void *self)
{
    (void)self;
    keep_off();
    zc_result warm = zc_signers_warm_up();
    if (zc_ok(warm)) {
        warm = zc_sandbox_enter_thread();
    }
    if (!zc_ok(warm)) {
        leave(who, "cannot start a signing thread", warm);
    }
    atomic_fetch_add(&ready, 1);
    zc_signers_work(signers);
    zc_signer_leave_thread();
    /* Not by returning, which would ask for more than this thread may. */
    for (;;) {
        (void)syscall(SYS_exit, 0);
    }
    return NULL;
}

void signers_start(void *self)
{
    (void)self;
    for (uint32_t i = 0; i < wanted; i++) {
        pthread_attr_t attributes;
        pthread_t thread;
        bool started = pthread_attr_init(&attributes) == 0 &&
                       pthread_attr_setstack(&attributes, stack[i].memory, stack[i].len) == 0 &&
                       pthread_create(&thread, &attributes, live, NULL) == 0;
        if (!started) {
            leave(who, "cannot start a signing thread", zc_fail(ZC_BASE_NO_MEMORY));
        }
        /* One after another, and core after all of them: while a thread makes what OpenSSL keeps
         * for it, nobody else is there. */
        while (atomic_load(&ready) <= i) {
            (void)sched_yield();
        }
    }
}
