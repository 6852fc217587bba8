#include "runtime/signer_threads.h"

#include <pthread.h>
#include <sched.h>

#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/process.h"

static cpu_set_t allowed; /* before core took a processor of its own */
static zc_signers *signers;
static zc_vault memory;
static zc_vault stack[ZC_SIGNER_THREADS_MAX];
static size_t wanted;
static const zc_signer_guard *guard;
static _Atomic uint32_t ready;

zc_result zc_signer_threads_take(size_t count, zc_signers **ret_signers)
{
    (void)sched_getaffinity(0, sizeof allowed, &allowed);
    if (count == 0) {
        *ret_signers = NULL;
        return ZC_OK;
    }
    wanted = count < ZC_SIGNER_THREADS_MAX ? count : ZC_SIGNER_THREADS_MAX;
    ZC_TRY(zc_vault_init(&memory, sizeof(zc_signers)));
    for (size_t i = 0; i < wanted; i++) {
        ZC_TRY(zc_vault_init(&stack[i], ZC_PROCESS_STACK));
    }
    signers = (zc_signers *)(void *)memory.memory;
    *ret_signers = signers;
    return ZC_OK;
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
        warm = guard->lock_in();
    }
    if (!zc_ok(warm)) {
        guard->fail(warm);
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

static bool start_on(const zc_vault *own)
{
    pthread_attr_t attributes;
    pthread_t thread;
    return pthread_attr_init(&attributes) == 0 &&
           pthread_attr_setstack(&attributes, own->memory, own->len) == 0 &&
           pthread_create(&thread, &attributes, live, NULL) == 0;
}

void zc_signer_threads_start(const zc_signer_guard *given)
{
    guard = given;
    for (uint32_t i = 0; i < wanted; i++) {
        if (!start_on(&stack[i])) {
            guard->fail(zc_fail(ZC_BASE_NO_MEMORY));
        }
        /* One after another, and core after all of them: while a thread makes what OpenSSL keeps
         * for it, nobody else is there. */
        while (atomic_load(&ready) <= i) {
            (void)sched_yield();
        }
    }
}
