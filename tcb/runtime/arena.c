#include "runtime/arena.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/secret.h"

#define ALIGNMENT ((size_t)16)
#define SMALL_CLASSES 8 /* 16, 32 … 128 */
#define SMALL_MAX (SMALL_CLASSES * ALIGNMENT)
#define SMALL_MAX_BIT 7

#define MARK_USED 0x7a63757365640000u
#define MARK_IDLE 0x7a6369646c650000u
#define MARK_CLASS 0xffffu

/* In front of every block. An idle block keeps the link of its list in its first bytes. */
struct zc_arena_block {
    uint64_t mark; /* used or idle, and the class */
    zc_arena_block *next;
};

_Static_assert(sizeof(struct zc_arena_block) == ALIGNMENT, "a block's data stays aligned");
_Static_assert(sizeof(unsigned long long) == sizeof(uint64_t), "clzll counts in 64 bits");

static unsigned highest_bit(size_t value)
{
    return 63u - (unsigned)__builtin_clzll((unsigned long long)value);
}

/* The smallest class whose blocks hold `len` bytes. Above the small ones there are four to each
 * power of two. */
static unsigned class_of(size_t len)
{
    if (len <= SMALL_MAX) {
        return (unsigned)((len + ALIGNMENT - 1) / ALIGNMENT) - 1;
    }
    unsigned bit = highest_bit(len - 1);
    size_t quarter = ((len - 1) >> (bit - 2)) & 3;
    return SMALL_CLASSES + (bit - SMALL_MAX_BIT) * 4 + (unsigned)quarter;
}

static size_t class_len(unsigned class)
{
    if (class < SMALL_CLASSES) {
        return (size_t)(class + 1) * ALIGNMENT;
    }
    unsigned bit = SMALL_MAX_BIT + (class - SMALL_CLASSES) / 4;
    unsigned quarter = (class - SMALL_CLASSES) % 4;
    return ((size_t)1 << bit) + (((size_t)quarter + 1) << (bit - 2));
}

zc_result zc_arena_init(zc_arena *arena, void *memory, size_t len)
{
    if (memory == NULL || len < 4096 || (uintptr_t)memory % ALIGNMENT != 0) {
        return zc_fail(ZC_RUNTIME_ARENA_TOO_SMALL);
    }
    *arena = (zc_arena){.memory = memory, .len = len};
    return ZC_OK;
}

/* An idle block of the class, or of a larger one: a block too big is better than none. */
static zc_arena_block *take_idle(zc_arena *arena, unsigned class, unsigned last)
{
    for (unsigned at = class; at <= last && at < ZC_ARENA_CLASSES; at++) {
        zc_arena_block *block = arena->idle[at];
        if (block != NULL) {
            arena->idle[at] = block->next;
            return block;
        }
    }
    return NULL;
}

static zc_arena_block *carve(zc_arena *arena, unsigned class)
{
    size_t len = class_len(class);
    if (arena->len - arena->carved < len) {
        return NULL;
    }
    zc_arena_block *block = (zc_arena_block *)(void *)(arena->memory + arena->carved);
    arena->carved += len;
    block->mark = MARK_IDLE | class;
    return block;
}

void *zc_arena_alloc(zc_arena *arena, size_t len)
{
    if (len == 0 || len > ZC_ARENA_MAX_BLOCK - sizeof(zc_arena_block)) {
        arena->refused += len != 0;
        return NULL;
    }
    unsigned class = class_of(len + sizeof(zc_arena_block));
    zc_arena_block *block = take_idle(arena, class, class);
    if (block == NULL) {
        block = carve(arena, class);
    }
    if (block == NULL) {
        block = take_idle(arena, class + 1, ZC_ARENA_CLASSES - 1);
    }
    if (block == NULL) {
        arena->refused++;
        return NULL;
    }
    block->mark = MARK_USED | (block->mark & MARK_CLASS);
    block->next = NULL;
    arena->in_use += class_len((unsigned)(block->mark & MARK_CLASS));
    if (arena->in_use > arena->peak) {
        arena->peak = arena->in_use;
    }
    return block + 1;
}

/* The header of a block that is handed out; anything else stops the process. */
static zc_arena_block *header_of(const zc_arena *arena, void *data)
{
    uintptr_t at = (uintptr_t)data;
    uintptr_t start = (uintptr_t)arena->memory;
    if (at < start + sizeof(zc_arena_block) || at >= start + arena->carved || at % ALIGNMENT != 0) {
        __builtin_trap();
    }
    zc_arena_block *block = (zc_arena_block *)data - 1;
    if ((block->mark & ~(uint64_t)MARK_CLASS) != MARK_USED ||
        (block->mark & MARK_CLASS) >= ZC_ARENA_CLASSES) {
        __builtin_trap();
    }
    return block;
}

static size_t room_of(const zc_arena_block *block)
{
    return class_len((unsigned)(block->mark & MARK_CLASS)) - sizeof *block;
}

void zc_arena_free(zc_arena *arena, void *data)
{
    if (data == NULL) {
        return;
    }
    zc_arena_block *block = header_of(arena, data);
    unsigned class = (unsigned)(block->mark & MARK_CLASS);
    zc_wipe(data, room_of(block));
    block->mark = MARK_IDLE | class;
    block->next = arena->idle[class];
    arena->idle[class] = block;
    arena->in_use -= class_len(class);
}

void *zc_arena_resize(zc_arena *arena, void *data, size_t len)
{
    if (data == NULL) {
        return zc_arena_alloc(arena, len);
    }
    if (len == 0) {
        zc_arena_free(arena, data);
        return NULL;
    }
    size_t room = room_of(header_of(arena, data));
    if (len <= room) {
        return data;
    }
    void *larger = zc_arena_alloc(arena, len);
    if (larger != NULL) {
        memcpy(larger, data, room);
        zc_arena_free(arena, data);
    }
    return larger;
}

/* OpenSSL's hooks carry no context. Threads that sign allocate nothing once they are warm
 * (tests/unit/enclave/test_enclave_hotpath.c), so they never meet here in practice. */
static zc_arena *installed;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void enter(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
    }
}

static void leave(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

static void *hook_alloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    enter();
    void *block = zc_arena_alloc(installed, len);
    leave();
    return block;
}

static void *hook_resize(void *data, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    enter();
    void *block = zc_arena_resize(installed, data, len);
    leave();
    return block;
}

static void hook_free(void *data, const char *file, int line)
{
    (void)file;
    (void)line;
    enter();
    zc_arena_free(installed, data);
    leave();
}

zc_result zc_arena_install(zc_arena *arena)
{
    zc_arena *before = installed;
    installed = arena;
    if (CRYPTO_set_mem_functions(hook_alloc, hook_resize, hook_free) != 1) {
        installed = before;
        return zc_fail(ZC_RUNTIME_ARENA_LATE);
    }
    return ZC_OK;
}
