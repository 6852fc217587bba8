#include "base/secret.h"

#include <string.h>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Kernel 5.14; the C library of Debian 12 has the number but no wrapper. */
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

void zc_wipe(void *memory, size_t len)
{
    explicit_bzero(memory, len);
}

void zc_secret32_wipe(zc_secret32 *secret)
{
    zc_wipe(secret, sizeof *secret);
}

void zc_secret64_wipe(zc_secret64 *secret)
{
    zc_wipe(secret, sizeof *secret);
}

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Puts memfd_secret pages at `at`; false where the kernel has none to give. */
static bool map_memfd_secret(uint8_t *at, size_t len)
{
    int fd = (int)syscall(SYS_memfd_secret, 0);
    if (fd < 0) {
        return false;
    }
    bool mapped = ftruncate(fd, (off_t)len) == 0 &&
                  mmap(at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == at;
    close(fd);
    return mapped;
}

static bool map_locked(uint8_t *at, size_t len)
{
    return mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
               at &&
           mlock(at, len) == 0;
}

zc_result zc_vault_init(zc_vault *vault, size_t len)
{
    size_t page = page_size();
    if (len == 0 || len > SIZE_MAX / 4) {
        return zc_fail(ZC_BASE_NO_MEMORY);
    }
    size_t inner = (len + page - 1) / page * page;
    uint8_t *outer =
        mmap(NULL, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (outer == MAP_FAILED) {
        return zc_fail(ZC_BASE_NO_MEMORY);
    }
    uint8_t *memory = outer + page;
    zc_vault_kind kind = ZC_VAULT_MEMFD_SECRET;
    if (!map_memfd_secret(memory, inner)) {
        kind = ZC_VAULT_LOCKED;
        if (!map_locked(memory, inner)) {
            munmap(outer, inner + 2 * page);
            return zc_fail(ZC_BASE_NO_LOCKED_MEMORY);
        }
    }
    /* Advice on memfd_secret pages may be refused: they are out of core files and unreachable
     * anyway. */
    (void)madvise(memory, inner, MADV_DONTDUMP);
    (void)madvise(memory, inner, MADV_DONTFORK);
    /* Pages come from the kernel zeroed, and each is made at its first touch: a large vault costs
     * nothing yet. */
    *vault = (zc_vault){.memory = memory, .len = inner, .kind = kind};
    return ZC_OK;
}

void zc_vault_clear(zc_vault *vault)
{
    if (vault->memory == NULL) {
        return;
    }
    size_t page = page_size();
    zc_wipe(vault->memory, vault->len);
    munmap(vault->memory - page, vault->len + 2 * page);
    *vault = (zc_vault){0};
}
