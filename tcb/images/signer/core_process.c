#include <sched.h>
#include <unistd.h>

#include "confine.h"
#include "nitro/nitro.h"
#include "platform/isolation.h"
#include "process.h"
#include "runtime/core.h"
#include "runtime/reasons.h"
#include "runtime/signer_threads.h"

static const char who[] = "zcp-core";

/* The measured command line keeps this processor free of everything else and of ticks. */
#define OWN_CPU 1
#define SPIN_US 200

/* Outlives everything in the process, as the platform asks. */
static zc_nitro nitro;

/* The enclave's step, watched for the moment from which requests are answered. */
typedef struct zc_watched {
    const zc_signer_place *place;
    zc_machine machine;
    zc_enclave *enclave;
    bool has_served;
} zc_watched;

static void watched_step(void *state, const zc_event *event, zc_effects *effects)
{
    zc_watched *watched = state;
    watched->machine.step(watched->machine.state, event, effects);
    if (!watched->has_served && zc_enclave_phase(watched->enclave) == ZC_PHASE_SERVING) {
        watched->has_served = true;
        say_when(who, "serving", watched->place);
    }
}

static bool watched_knows(void *state, uint64_t session)
{
    const zc_watched *watched = state;
    return watched->machine.knows(watched->machine.state, session);
}

static uint64_t watched_acked(const void *state)
{
    const zc_watched *watched = state;
    return watched->machine.acked(watched->machine.state);
}

enum { STACK_VAULT, ARENA, SESSIONS, SIGNERS, VAULTS };

typedef struct core_life {
    const zc_signer_place *place;
    zc_signers *signers; /* NULL: the loop signs alone */
    bool has_cpu;        /* of its own */
    zc_vault vault[VAULTS];
} core_life;

/* The weakest of the vaults counts. */
static uint32_t isolation_of_vaults(const zc_vault *vault)
{
    uint32_t bits = zc_isolation_of_vault(vault[0].kind);
    for (size_t i = 1; i < VAULTS; i++) {
        bits &= zc_isolation_of_vault(vault[i].kind);
    }
    return bits;
}

/* How many processors there are: whoever asks for all gets those that exist, the one that is kept
 * free of everything too. */
static size_t count_processors(void)
{
    cpu_set_t all;
    CPU_ZERO(&all);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        CPU_SET(cpu, &all);
    }
    bool known =
        sched_setaffinity(0, sizeof all, &all) == 0 && sched_getaffinity(0, sizeof all, &all) == 0;
    return known ? (size_t)CPU_COUNT(&all) : 1;
}

/* One for each processor beside core's, and no more than the measured command line says. */
static zc_signers *take_signers(size_t at_most, size_t processors)
{
    size_t others = processors - 1;
    zc_signers *signers;
    zc_result taken = zc_signer_threads_take(others < at_most ? others : at_most, &signers);
    if (!zc_ok(taken)) {
        leave(who, "no memory for secrets", taken);
    }
    return signers;
}

/* An enclave of one processor shares it, and must not look without sleeping. */
static bool take_own_cpu(void)
{
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(OWN_CPU, &own);
    return sched_setaffinity(0, sizeof own, &own) == 0;
}

static zc_core *make_core(const core_life *life, const zc_platform *platform, zc_watched *watched)
{
    const zc_core_config config = {.machine = {.state = watched,
                                               .step = watched_step,
                                               .acked = watched_acked,
                                               .knows = watched_knows},
                                   .platform = platform,
                                   .host_fd = life->place->host,
                                   .front_fd = life->place->front,
                                   .vault = &life->vault[SESSIONS],
                                   .signers = life->signers,
                                   .spin_us = life->has_cpu ? SPIN_US : 0};
    zc_core *core;
    zc_result made = zc_core_init(take_memory(who, zc_core_size()), &config, &core);
    if (!zc_ok(made)) {
        leave(who, "cannot start", made);
    }
    return core;
}

static zc_result lock_thread_in(void)
{
    return confine_calls(ZC_CONFINE_SIGNER) ? ZC_OK : zc_fail(ZC_RUNTIME_WARM_UP);
}

static void fail_thread(zc_result why)
{
    leave(who, "cannot start a signing thread", why);
}

static void start_signers(void)
{
    static const zc_signer_guard guard = {.lock_in = lock_thread_in, .fail = fail_thread};
    zc_signer_threads_start(&guard);
}

static uint32_t lock_in(const core_life *life)
{
    uint32_t bits = confine(ZC_CONFINE_CORE, who, start_signers);
    if (bits == 0) {
        say(who, "cannot lock itself in", "the kernel refused a layer");
        _exit(STATUS_FAILED);
    }
    bits |= isolation_of_vaults(life->vault);
    /* A virtual machine of its own; on hardware only where the module's documents are signed. */
    return life->place->platform[0] == 'n' ? bits | ZC_ISOLATION_HARDWARE : bits;
}

static void live(void *self)
{
    const core_life *life = self;
    say_when(who, "memory locked", life->place);
    settle_openssl(who, &life->vault[ARENA], true);
    say_when(who, "libraries ready", life->place);
    zc_watched watched = {.place = life->place};
    zc_platform platform = zc_nitro_platform(&nitro, life->place->nsm, 0);
    void *memory = take_memory(who, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX));
    zc_core *core = make_core(life, &platform, &watched);
    nitro.isolation = lock_in(life);
    const zc_enclave_config config = {.platform = life->place->platform,
                                      .isolation = nitro.isolation,
                                      .leaves_signing = life->signers != NULL,
                                      .signers = &life->vault[SIGNERS]};
    watched.enclave = zc_enclave_init(memory, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX), &config);
    if (watched.enclave == NULL) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    watched.machine = zc_machine_of_enclave(watched.enclave);
    say_when(who, life->signers != NULL ? "locked in, with signing threads," : "locked in",
             life->place);

    int status = STATUS_FAILED;
    zc_result ran = zc_core_run(core, &status);
    if (life->signers != NULL) {
        zc_signers_stop(life->signers);
    }
    zc_enclave_clear(watched.enclave);
    zc_core_clear(core);
    if (!zc_ok(ran)) {
        leave(who, "ended", ran);
    }
    _exit(status);
}

noreturn void core_process(const zc_signer_place *place)
{
    size_t processors = count_processors();
    core_life life = {.place = place, .signers = take_signers(place->signers, processors)};
    life.has_cpu = processors > 1 && take_own_cpu();
    take_vault(who, &life.vault[STACK_VAULT], ZC_PROCESS_STACK);
    take_vault(who, &life.vault[ARENA], ZC_CORE_ARENA);
    take_vault(who, &life.vault[SESSIONS], zc_core_vault_size());
    take_vault(who, &life.vault[SIGNERS], zc_enclave_vault_size());
    live_on(who, &life.vault[STACK_VAULT], live, &life);
}
