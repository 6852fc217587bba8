#include <unistd.h>

#include "nsm_soft/sandbox.h"
#include "process.h"
#include "runtime/front.h"

static const char who[] = "zcp-front";

static void lock_in(const zc_front *front, zc_enclave_birth birth)
{
    int keep[ZC_FRONT_DESCRIPTORS + 1];
    size_t count = zc_front_descriptors(front, keep);
    keep[count++] = STDERR_FILENO;
    const zc_sandbox_profile profile = {.role = ZC_SANDBOX_FRONT,
                                        .name = who,
                                        .keep = keep,
                                        .keep_count = count,
                                        .parent = birth.parent,
                                        .inherited = birth.inherited};
    uint32_t isolation;
    zc_result entered = zc_sandbox_enter(&profile, &isolation);
    if (!zc_ok(entered)) {
        leave(who, "cannot lock itself in", entered);
    }
}

typedef struct front_life {
    const zc_enclave_links *links;
    zc_enclave_birth birth;
    zc_vault stack;
    zc_vault arena;
} front_life;

static void live(void *self)
{
    const front_life *life = self;
    zc_front *front;
    settle_openssl(who, &life->arena, false);
    const zc_front_config config = {.listen_fd = LISTEN_FD, .core_fd = life->links->core};
    zc_result ran = zc_front_init(take_memory(who, zc_front_size()), &config, &front);
    if (!zc_ok(ran)) {
        leave(who, "cannot start", ran);
    }
    lock_in(front, life->birth);
    ran = zc_front_run(front);
    zc_front_clear(front);
    /* When core goes, its own words are the ones to read. */
    if (zc_ok(ran) || zc_is(ran, ZC_RUNTIME_PEER_GONE)) {
        _exit(STATUS_STOPPED);
    }
    leave(who, "ended", ran);
}

noreturn void front_process(const zc_enclave_links *links, zc_enclave_birth birth)
{
    front_life life = {.links = links, .birth = birth};
    take_vault(who, &life.stack, ZC_PROCESS_STACK);
    take_vault(who, &life.arena, ZC_FRONT_ARENA);
    live_on(who, &life.stack, live, &life);
}
