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
#include "runtime/reasons.h"

#define LOCKED_MEMORY ((rlim_t)64 << 20)
#define DESCRIPTORS 2048

void raise_limits(void)
{
    const struct rlimit locked = {.rlim_cur = LOCKED_MEMORY, .rlim_max = LOCKED_MEMORY};
    const struct rlimit descriptors = {.rlim_cur = DESCRIPTORS, .rlim_max = DESCRIPTORS};
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_MEMLOCK, &locked);
    (void)setrlimit(RLIMIT_NOFILE, &descriptors);
    (void)setrlimit(RLIMIT_CORE, &none);
}

void *take_memory(const char *who, size_t len)
{
    /* Much of it is room that may never be needed. */
    void *memory =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        leave(who, "no memory", zc_fail(ZC_BASE_NO_MEMORY));
    }
    (void)madvise(memory, len, MADV_DONTDUMP);
    return memory;
}

void take_vault(const char *who, zc_vault *ret_vault, size_t len)
{
    zc_result made = zc_vault_init(ret_vault, len);
    if (!zc_ok(made)) {
        leave(who, "no memory for secrets", made);
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
    if (getcontext(&context) == 0) {
        context.uc_stack = (stack_t){.ss_sp = stack->memory, .ss_size = stack->len};
        context.uc_link = NULL;
        next_life = life;
        next_self = self;
        makecontext(&context, begin, 0);
        (void)setcontext(&context);
    }
    leave(who, "no stack", zc_fail(ZC_BASE_NO_MEMORY));
}

void settle_openssl(const char *who, const zc_vault *arena)
{
    static zc_arena openssl;
    zc_result settled = zc_arena_init(&openssl, arena->memory, arena->len);
    if (zc_ok(settled)) {
        settled = zc_arena_install(&openssl);
    }
    if (!zc_ok(settled)) {
        leave(who, "OpenSSL does not start", settled);
    }
    /* gmtime_r() looks for a time zone's file once, and certificates need it. */
    tzset();
}

void settle_curves(const char *who)
{
    ZC_SECRET zc_secret32 seed;
    zc_result settled = getrandom(seed.byte, sizeof seed.byte, 0) == sizeof seed.byte
                            ? zc_crypto_setup(seed.byte)
                            : zc_fail(ZC_RUNTIME_NO_ENTROPY);
    if (!zc_ok(settled)) {
        zc_secret32_wipe(&seed);
        leave(who, "the curves do not start", settled);
    }
}
