#include <string.h>
#include <time.h>

#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

#include "crypto/setup.h"
#include "process.h"
#include "runtime/arena.h"
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
    /* Much of it is room that may never be needed. */
    void *memory =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    (void)madvise(memory, len, MADV_DONTDUMP);
    return memory;
}

void take_vault(const char *who, zc_vault *ret_vault, size_t len)
{
    zc_result made = zc_vault_init(ret_vault, len);
    if (zc_is(made, ZC_BASE_NO_LOCKED_MEMORY)) {
        say(who, "cannot start: memory for secrets could not be locked",
            "raise the limit of locked memory to 8 MiB or more ('ulimit -l 8192', or "
            "LimitMEMLOCK=8M in the systemd unit)");
        _exit(STATUS_FAILED);
    }
    if (!zc_ok(made)) {
        leave(who, "cannot start", made);
    }
}

static life_of_process *next_life;
static void *next_self;

static void begin(void)
{
    next_life(next_self);
    _exit(STATUS_FAILED); /* a life leaves by itself */
}

noreturn void live_on(const char *who, const zc_vault *stack, life_of_process *life, void *self)
{
    ucontext_t context;
    if (getcontext(&context) != 0) {
        leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
    }
    context.uc_stack = (stack_t){.ss_sp = stack->memory, .ss_size = stack->len};
    context.uc_link = NULL;
    next_life = life;
    next_self = self;
    makecontext(&context, begin, 0);
    (void)setcontext(&context);
    leave(who, "cannot start", zc_fail(ZC_BASE_NO_MEMORY));
}

static zc_result install_arena(const zc_vault *memory)
{
    static zc_arena openssl;
    ZC_TRY(zc_arena_init(&openssl, memory->memory, memory->len));
    return zc_arena_install(&openssl);
}

static zc_result setup_signing(void)
{
    ZC_SECRET zc_secret32 seed;
    if (getrandom(seed.byte, sizeof seed.byte, 0) != sizeof seed.byte) {
        return zc_fail(ZC_RUNTIME_NO_ENTROPY);
    }
    return zc_crypto_setup(seed.byte);
}

void settle_openssl(const char *who, const zc_vault *arena, bool signs)
{
    zc_result settled = install_arena(arena);
    if (zc_ok(settled)) {
        settled = signs ? setup_signing() : zc_crypto_setup_channels();
    }
    if (!zc_ok(settled)) {
        leave(who, "cannot start", settled);
    }
    /* gmtime_r() reads the time zone once, from a file, and certificates need it. */
    tzset();
}
