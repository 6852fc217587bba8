#include "runtime/process.h"

#include <time.h>

#include <sys/mman.h>
#include <sys/random.h>
#include <ucontext.h>
#include <unistd.h>

#include "crypto/setup.h"
#include "runtime/arena.h"
#include "runtime/reasons.h"

void *zc_process_memory(size_t len)
{
    void *memory =
        mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return NULL;
    }
    (void)madvise(memory, len, MADV_DONTDUMP);
    return memory;
}

static zc_process_life *next_life;
static void *next_self;

static void begin(void)
{
    next_life(next_self);
    _exit(1); /* a life leaves by itself */
}

void zc_process_live_on(const zc_vault *stack, zc_process_life *life, void *self)
{
    ucontext_t context;
    if (getcontext(&context) != 0) {
        return;
    }
    context.uc_stack = (stack_t){.ss_sp = stack->memory, .ss_size = stack->len};
    context.uc_link = NULL;
    next_life = life;
    next_self = self;
    makecontext(&context, begin, 0);
    (void)setcontext(&context);
}

static zc_result setup_signing(void)
{
    ZC_SECRET zc_secret32 seed;
    if (getrandom(seed.byte, sizeof seed.byte, 0) != sizeof seed.byte) {
        return zc_fail(ZC_RUNTIME_NO_ENTROPY);
    }
    return zc_crypto_setup(seed.byte);
}

zc_result zc_process_settle_openssl(const zc_vault *arena, bool signs)
{
    static zc_arena openssl;
    ZC_TRY(zc_arena_init(&openssl, arena->memory, arena->len));
    ZC_TRY(zc_arena_install(&openssl));
    ZC_TRY(signs ? setup_signing() : zc_crypto_setup_channels());
    /* gmtime_r() looks for a time zone's file once, and certificates need it. */
    tzset();
    return ZC_OK;
}
