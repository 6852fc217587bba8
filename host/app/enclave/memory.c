#include <sys/resource.h>
#include <unistd.h>

#include "process.h"
#include "runtime/core.h"

/* Enough for what the processes lock, and for every session. */
#define LOCKED_MEMORY ((rlim_t)64 << 20)
/* A session each, and those that core has beside them. */
#define DESCRIPTORS_BESIDE 256
#define DESCRIPTORS (ZC_CORE_SESSIONS + DESCRIPTORS_BESIDE)

/* The hard limit too, where we may; else the soft one as far as it goes. */
static void raise_limit(int which, rlim_t wanted)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)which, &limit) != 0 || limit.rlim_cur >= wanted) {
        return;
    }
    struct rlimit more = {.rlim_cur = wanted,
                          .rlim_max = limit.rlim_max > wanted ? limit.rlim_max : wanted};
    if (setrlimit((__rlimit_resource_t)which, &more) != 0) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit((__rlimit_resource_t)which, &limit);
    }
}

void raise_limits(void)
{
    raise_limit(RLIMIT_MEMLOCK, LOCKED_MEMORY);
    raise_limit(RLIMIT_NOFILE, DESCRIPTORS);
}

size_t sessions_at_most(void)
{
    struct rlimit limit;
    bool known =
        getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > (rlim_t)2 * DESCRIPTORS_BESIDE;
    return known && limit.rlim_cur < DESCRIPTORS ? (size_t)limit.rlim_cur - DESCRIPTORS_BESIDE
                                                 : ZC_CORE_SESSIONS;
}

void *take_memory(const char *who, size_t len)
{
    void *memory = zc_process_memory(len);
    if (memory == NULL) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    return memory;
}

noreturn void leave_without_vault(const char *who, zc_result why)
{
    if (zc_is(why, ZC_BASE_NO_LOCKED_MEMORY)) {
        say(who, "cannot start: memory for secrets could not be locked",
            "raise the limit of locked memory to 8 MiB or more ('ulimit -l 8192', or "
            "LimitMEMLOCK=8M in the systemd unit)");
        _exit(STATUS_FAILED);
    }
    leave(who, "cannot start", why);
}

void take_vault(const char *who, zc_vault *ret_vault, size_t len)
{
    zc_result made = zc_vault_init(ret_vault, len);
    if (!zc_ok(made)) {
        leave_without_vault(who, made);
    }
}

noreturn void live_on(const char *who, const zc_vault *stack, zc_process_life *life, void *self)
{
    zc_process_live_on(stack, life, self);
    leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
}

void settle_openssl(const char *who, const zc_vault *arena, bool signs)
{
    zc_result settled = zc_process_settle_openssl(arena, signs);
    if (!zc_ok(settled)) {
        leave(who, "cannot start", settled);
    }
}
