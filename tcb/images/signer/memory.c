#include <sys/resource.h>

#include "process.h"
#include "runtime/core.h"

#define LOCKED_MEMORY ((rlim_t)64 << 20)
/* A session each, and those that core has beside them. */
#define DESCRIPTORS (ZC_CORE_SESSIONS + 256)

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
    void *memory = zc_process_memory(len);
    if (memory == NULL) {
        leave(who, "no memory", zc_fail(ZC_BASE_NO_MEMORY));
    }
    return memory;
}

void take_vault(const char *who, zc_vault *ret_vault, size_t len)
{
    zc_result made = zc_vault_init(ret_vault, len);
    if (!zc_ok(made)) {
        leave(who, "no memory for secrets", made);
    }
}

noreturn void live_on(const char *who, const zc_vault *stack, zc_process_life *life, void *self)
{
    zc_process_live_on(stack, life, self);
    leave(who, "no stack", zc_fail(ZC_BASE_NO_MEMORY));
}

void settle_openssl(const char *who, const zc_vault *arena, bool signs)
{
    zc_result settled = zc_process_settle_openssl(arena, signs);
    if (!zc_ok(settled)) {
        leave(who, "the libraries do not start", settled);
    }
}
