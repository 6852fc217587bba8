/* OpenSSL's memory: one fixed region of the caller's, normally a vault.
 *
 * Blocks come in sizes that grow by at most a quarter, are carved from the region once and then
 * live on a list of their size. There is no way out of the region: when it is used up, allocation
 * fails and OpenSSL reports it. Every block is zero when it is handed out and wiped when it comes
 * back, so no key outlives the object that held it.
 *
 * For one thread only; the installed arena's hooks take turns. */
#ifndef ZC_RUNTIME_ARENA_H
#define ZC_RUNTIME_ARENA_H

#include <stddef.h>

#include "runtime/reasons.h"

#define ZC_ARENA_CLASSES 60
/* The longest block that can be had, its header included. */
#define ZC_ARENA_MAX_BLOCK ((size_t)1 << 20)

typedef struct zc_arena_block zc_arena_block;

typedef struct zc_arena {
    unsigned char *memory;
    size_t len;
    size_t carved;  /* bytes ever taken from the region: the high-water mark that a test bounds */
    size_t in_use;  /* bytes in blocks that are handed out, headers included */
    size_t peak;    /* the most that in_use has been */
    size_t refused; /* allocations that failed */
    zc_arena_block *idle[ZC_ARENA_CLASSES];
} zc_arena;

/* `memory` is zeroed, outlives the arena and is aligned to 16 bytes. Errors:
 * ZC_RUNTIME_ARENA_TOO_SMALL. */
ZC_MUST_USE zc_result zc_arena_init(zc_arena *arena, void *memory, size_t len);

/* Zeroed memory aligned to 16 bytes; NULL for no bytes, too many bytes, or when the region is used
 * up. */
void *zc_arena_alloc(zc_arena *arena, size_t len);
/* As realloc: NULL leaves the old block as it was. What a block held before is wiped. */
void *zc_arena_resize(zc_arena *arena, void *block, size_t len);
/* Wipes and takes back; NULL is let pass. A pointer that the arena did not hand out, or one handed
 * back twice, stops the process: memory is no longer what it seems. */
void zc_arena_free(zc_arena *arena, void *block);

/* Makes the arena OpenSSL's only source of memory in this process, for good: it must outlive every
 * use of OpenSSL. Errors: ZC_RUNTIME_ARENA_LATE when OpenSSL has memory already. */
ZC_MUST_USE zc_result zc_arena_install(zc_arena *arena);

#endif
