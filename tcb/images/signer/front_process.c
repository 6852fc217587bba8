#include <unistd.h>

#include "confine.h"
#include "process.h"
#include "runtime/front.h"

static const char who[] = "zcp-front";

typedef struct front_life {
    const zc_signer_place *place;
    zc_vault stack;
    zc_vault arena;
} front_life;

static void live(void *self)
{
    const front_life *life = self;
    zc_front *front;
    settle_openssl(who, &life->arena, false);
    const zc_front_config config = {.listen_fd = life->place->clients,
                                    .core_fd = life->place->core};
    zc_result ran = zc_front_init(take_memory(who, zc_front_size()), &config, &front);
    if (!zc_ok(ran)) {
        leave(who, "cannot start", ran);
    }
    if (confine(ZC_CONFINE_FRONT, who, NULL) == 0) {
        say(who, "cannot lock itself in", "the kernel refused a layer");
        _exit(STATUS_FAILED);
    }
    ran = zc_front_run(front);
    zc_front_clear(front);
    if (zc_ok(ran)) {
        _exit(STATUS_STOPPED);
    }
    leave(who, "ended", ran);
}

noreturn void front_process(const zc_signer_place *place)
{
    front_life life = {.place = place};
    take_vault(who, &life.stack, ZC_PROCESS_STACK);
    take_vault(who, &life.arena, ZC_FRONT_ARENA);
    live_on(who, &life.stack, live, &life);
}
