/* Secrets: types of their own, wiped on every way out, kept in pages that nothing else can reach.
 *
 * A secret is never a slice. Declare one with ZC_SECRET and it is wiped when it leaves its scope:
 *
 *     ZC_SECRET zc_secret32 scalar;
 */
#ifndef ZC_BASE_SECRET_H
#define ZC_BASE_SECRET_H

#include <stddef.h>

#include "base/reasons.h"

typedef struct zc_secret32 {
    uint8_t byte[32];
} zc_secret32;

typedef struct zc_secret64 {
    uint8_t byte[64];
} zc_secret64;

/* Overwrites memory with zeros in a way that the compiler may not drop. */
void zc_wipe(void *memory, size_t len);
void zc_secret32_wipe(zc_secret32 *secret);
void zc_secret64_wipe(zc_secret64 *secret);

#define ZC_SECRET __attribute__((cleanup(zc_secret32_wipe)))
#define ZC_SECRET64 __attribute__((cleanup(zc_secret64_wipe)))

/* How the pages of a vault are kept from everyone else, best first. */
typedef enum zc_vault_kind {
    ZC_VAULT_MEMFD_SECRET =
        1, /* gone from the kernel's own map: not even root reads it through /proc or ptrace */
    ZC_VAULT_LOCKED = 2, /* locked against swap and left out of core files */
} zc_vault_kind;

/* A run of pages for secrets with an inaccessible guard page on each side. Never inherited by fork.
 */
typedef struct zc_vault {
    uint8_t *memory; /* zeroed; whole pages */
    size_t len;
    zc_vault_kind kind;
} zc_vault;

/* Maps at least `len` bytes. Falls back from memfd_secret to locked pages where the kernel lacks
 * it. Errors: ZC_BASE_NO_MEMORY; ZC_BASE_NO_LOCKED_MEMORY when RLIMIT_MEMLOCK is too small: a vault
 * is never unlocked. The caller clears it. */
ZC_MUST_USE zc_result zc_vault_init(zc_vault *vault, size_t len);
/* Wipes and unmaps. */
void zc_vault_clear(zc_vault *vault);

#endif
