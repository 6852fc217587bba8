#include <sched.h>
#include <unistd.h>

#include "confine.h"
#include "nitro/nitro.h"
#include "platform/isolation.h"
#include "process.h"
#include "runtime/core.h"

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
    bool has_cpu; /* of its own */
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
                                   .spin_us = life->has_cpu ? SPIN_US : 0};
    zc_core *core;
    zc_result made = zc_core_init(take_memory(who, zc_core_size()), &config, &core);
    if (!zc_ok(made)) {
        leave(who, "cannot start", made);
    }
    return core;
}

static uint32_t lock_in(const core_life *life)
{
    uint32_t bits = confine(ZC_CONFINE_CORE, who);
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
    settle_openssl(who, &life->vault[ARENA]);
    settle_curves(who);
    say_when(who, "libraries ready", life->place);
    zc_watched watched = {.place = life->place};
    zc_platform platform = zc_nitro_platform(&nitro, life->place->nsm, 0);
    void *memory = take_memory(who, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX));
    zc_core *core = make_core(life, &platform, &watched);
    nitro.isolation = lock_in(life);
    const zc_enclave_config config = {.platform = life->place->platform,
                                      .isolation = nitro.isolation,
                                      .signers = &life->vault[SIGNERS]};
    watched.enclave = zc_enclave_init(memory, zc_enclave_size(ZC_ENCLAVE_KEYS_MAX), &config);
    if (watched.enclave == NULL) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    watched.machine = zc_machine_of_enclave(watched.enclave);
    say_when(who, "locked in", life->place);

    int status = STATUS_FAILED;
    zc_result ran = zc_core_run(core, &status);
    zc_enclave_clear(watched.enclave);
    zc_core_clear(core);
    if (!zc_ok(ran)) {
        leave(who, "ended", ran);
    }
    _exit(status);
}

noreturn void core_process(const zc_signer_place *place)
{
    core_life life = {.place = place, .has_cpu = take_own_cpu()};
    take_vault(who, &life.vault[STACK_VAULT], STACK);
    take_vault(who, &life.vault[ARENA], ZC_CORE_ARENA);
    take_vault(who, &life.vault[SESSIONS], zc_core_vault_size());
    take_vault(who, &life.vault[SIGNERS], zc_enclave_vault_size());
    live_on(who, &life.vault[STACK_VAULT], live, &life);
}
