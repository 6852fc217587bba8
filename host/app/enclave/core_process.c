#include <sched.h>
#include <stdlib.h>

#include <unistd.h>

#include "nsm_soft/local.h"
#include "nsm_soft/sandbox.h"
#include "platform/isolation.h"
#include "process.h"
#include "runtime/core.h"

static const char who[] = "zcp-core";

/* Outlives everything in the process, as the platform asks. */
static zc_local local;

static uint32_t lock_in(const zc_core *core, zc_enclave_birth birth)
{
    int keep[ZC_CORE_DESCRIPTORS + 2];
    size_t count = zc_core_descriptors(core, keep);
    keep[count++] = local.nsm_fd;
    keep[count++] = STDERR_FILENO;
    const zc_sandbox_profile profile = {.role = ZC_SANDBOX_CORE,
                                        .name = who,
                                        .keep = keep,
                                        .keep_count = count,
                                        .parent = birth.parent,
                                        .inherited = birth.inherited,
                                        .before_filter = signers_start};
    uint32_t isolation;
    zc_result entered = zc_sandbox_enter(&profile, &isolation);
    if (!zc_ok(entered)) {
        leave(who, "cannot lock itself in", entered);
    }
    return isolation;
}

/* The weakest of the vaults counts. */
static uint32_t isolation_of_vaults(const zc_vault *vault, size_t count)
{
    uint32_t bits = zc_isolation_of_vault(vault[0].kind);
    for (size_t i = 1; i < count; i++) {
        bits &= zc_isolation_of_vault(vault[i].kind);
    }
    return bits;
}

/* Settings of the processor that core runs on: deploy/tuning and `zcp doctor` speak of them. */
#define SPIN_VARIABLE "ZCP_CORE_SPIN_US"
#define CPU_VARIABLE "ZCP_CORE_CPU"
#define SIGNERS_VARIABLE "ZCP_CORE_SIGNERS"
#define SPIN_MAX_US 1000000

/* The number in an environment variable, or −1. */
static long number_of(const char *variable, long max)
{
    const char *text = getenv(variable);
    char *end = NULL;
    long number = text == NULL ? -1 : strtol(text, &end, 10);
    return end == NULL || end == text || *end != '\0' || number > max ? -1 : number;
}

/* A processor of core's own; where it can't be had, core runs wherever it may. */
static void take_processor(void)
{
    long cpu = number_of(CPU_VARIABLE, CPU_SETSIZE - 1);
    cpu_set_t own;
    CPU_ZERO(&own);
    if (cpu >= 0) {
        CPU_SET((size_t)cpu, &own);
        (void)sched_setaffinity(0, sizeof own, &own);
    }
}

static zc_core *make_core(const zc_enclave_links *links, const zc_platform *platform,
                          const zc_vault *sessions, zc_enclave *enclave, zc_signers *signers)
{
    long spin = number_of(SPIN_VARIABLE, SPIN_MAX_US);
    const zc_core_config config = {.machine = zc_machine_of_enclave(enclave),
                                   .platform = platform,
                                   .host_fd = HOST_FD,
                                   .front_fd = links->front,
                                   .has_lifeline = true,
                                   .lifeline_fd = links->nsm,
                                   .vault = sessions,
                                   .signers = signers,
                                   .max_sessions = sessions_at_most(),
                                   .spin_us = spin < 0 ? 0 : (uint32_t)spin,
                                   .shared = true};
    zc_core *core;
    zc_result made = zc_core_init(take_memory(who, zc_core_size()), &config, &core);
    if (!zc_ok(made)) {
        leave(who, "cannot start", made);
    }
    return core;
}

static zc_enclave *make_enclave(void *memory, const zc_vault *keys, uint32_t isolation,
                                bool leaves_signing)
{
    const zc_enclave_config config = {.platform = "local",
                                      .isolation = isolation,
                                      .leaves_signing = leaves_signing,
                                      .signers = keys};
    zc_enclave *enclave = zc_enclave_init(memory, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX), &config);
    if (enclave == NULL) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    return enclave;
}

enum { STACK_VAULT, ARENA, SESSIONS, SIGNERS, VAULTS };

typedef struct core_life {
    const zc_enclave_links *links;
    zc_enclave_birth birth;
    zc_vault vault[VAULTS];
} core_life;

static void live(void *self)
{
    const core_life *life = self;
    const zc_vault *vault = life->vault;
    long threads = number_of(SIGNERS_VARIABLE, ZC_SIGNER_THREADS_MAX);
    zc_signers *signers;
    signers_take(threads < 0 ? 0 : (size_t)threads, &signers);
    take_processor();
    settle_openssl(who, &vault[ARENA], true);
    zc_platform platform = zc_local_platform(&local, life->links->nsm, 0);
    void *memory = take_memory(who, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX));
    zc_core *core = make_core(life->links, &platform, &vault[SESSIONS], memory, signers);
    local.isolation = lock_in(core, life->birth) | isolation_of_vaults(vault, VAULTS);
    zc_enclave *enclave = make_enclave(memory, &vault[SIGNERS], local.isolation, signers != NULL);

    int status = STATUS_FAILED;
    zc_result ran = zc_core_run(core, &status);
    if (signers != NULL) {
        zc_signers_stop(signers);
    }
    zc_enclave_clear(enclave);
    zc_core_clear(core);
    /* A host that stops closes the link: that is how an enclave ends every day. */
    if (zc_is(ran, ZC_RUNTIME_PEER_GONE)) {
        _exit(STATUS_STOPPED);
    }
    if (!zc_ok(ran)) {
        leave(who, "ended", ran);
    }
    _exit(status);
}

noreturn void core_process(const zc_enclave_links *links, zc_enclave_birth birth)
{
    core_life life = {.links = links, .birth = birth};
    take_vault(who, &life.vault[STACK_VAULT], ZC_PROCESS_STACK);
    take_vault(who, &life.vault[ARENA], ZC_CORE_ARENA);
    take_vault(who, &life.vault[SESSIONS], zc_core_vault_size());
    take_vault(who, &life.vault[SIGNERS], zc_enclave_vault_size());
    live_on(who, &life.vault[STACK_VAULT], live, &life);
}
