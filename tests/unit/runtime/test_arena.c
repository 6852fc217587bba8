#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "runtime/arena.h"

#define REGION 65536

static _Alignas(16) unsigned char region[REGION];

static void fresh(zc_arena *arena)
{
    memset(region, 0, sizeof region);
    assert_true(zc_ok(zc_arena_init(arena, region, sizeof region)));
}

static void init__too_small_or_crooked__is_refused(void **state)
{
    (void)state;
    zc_arena arena;
    assert_true(zc_is(zc_arena_init(&arena, region, 4095), ZC_RUNTIME_ARENA_TOO_SMALL));
    assert_true(zc_is(zc_arena_init(&arena, region + 8, 8192), ZC_RUNTIME_ARENA_TOO_SMALL));
    assert_true(zc_is(zc_arena_init(&arena, NULL, 8192), ZC_RUNTIME_ARENA_TOO_SMALL));
}

static void alloc__every_length__is_aligned_zeroed_and_long_enough(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char large[1 << 22];
    for (size_t len = 1; len <= 4200; len++) {
        zc_arena arena;
        memset(large, 0, 32768);
        assert_true(zc_ok(zc_arena_init(&arena, large, sizeof large)));
        unsigned char *first = zc_arena_alloc(&arena, len);
        unsigned char *second = zc_arena_alloc(&arena, len);
        assert_non_null(first);
        assert_int_equal((uintptr_t)first % 16, 0);
        /* At most a quarter more than asked for, the header and the rounding apart. */
        assert_true(arena.in_use <= 2 * (len + 16 + (len + 16) / 4 + 16));
        assert_true(second >= first + len);
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(first[i], 0);
        }
        memset(first, 0xff, len);
        assert_int_equal(second[0], 0);
        zc_arena_free(&arena, first);
        zc_arena_free(&arena, second);
        assert_int_equal(arena.in_use, 0);
    }
}

static void alloc__nothing_or_too_much__is_null(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    assert_null(zc_arena_alloc(&arena, 0));
    assert_int_equal(arena.refused, 0);
    assert_null(zc_arena_alloc(&arena, ZC_ARENA_MAX_BLOCK));
    assert_null(zc_arena_alloc(&arena, SIZE_MAX));
    assert_null(zc_arena_alloc(&arena, SIZE_MAX - 8));
    assert_null(zc_arena_alloc(&arena, REGION));
    assert_int_equal(arena.refused, 4);
}

static void alloc__until_used_up__fails_and_serves_again_after_free(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    void *blocks[REGION / 16];
    size_t count = 0;
    while ((blocks[count] = zc_arena_alloc(&arena, 100)) != NULL) {
        count++;
    }
    assert_int_equal(count, REGION / 128); /* 100 and 16 of header, in blocks of 128 */
    assert_int_equal(arena.peak, arena.in_use);
    assert_true(arena.carved <= arena.len);
    for (size_t i = 0; i < count; i++) {
        zc_arena_free(&arena, blocks[i]);
    }
    assert_int_equal(arena.in_use, 0);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(zc_arena_alloc(&arena, 100));
    }
    assert_null(zc_arena_alloc(&arena, 100));
}

static void alloc__used_up_in_its_own_size__takes_a_larger_block(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    void *large = zc_arena_alloc(&arena, 30000);
    while (zc_arena_alloc(&arena, 16) != NULL) {
    }
    zc_arena_free(&arena, large);
    assert_ptr_equal(zc_arena_alloc(&arena, 16), large);
    assert_null(zc_arena_alloc(&arena, 16));
}

static void free__secret__is_wiped(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    unsigned char *secret = zc_arena_alloc(&arena, 1000);
    memset(secret, 0xa5, 1000);
    zc_arena_free(&arena, secret);
    for (size_t i = 0; i < REGION; i++) {
        assert_int_not_equal(region[i], 0xa5);
    }
    assert_ptr_equal(zc_arena_alloc(&arena, 1000), secret);
}

static void resize__longer__moves_content_and_wipes_the_old(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    unsigned char *block = zc_arena_resize(&arena, NULL, 40);
    memset(block, 0xa5, 40);
    assert_ptr_equal(zc_arena_resize(&arena, block, 30), block);
    unsigned char *longer = zc_arena_resize(&arena, block, 4000);
    assert_ptr_not_equal(longer, block);
    for (size_t i = 0; i < 40; i++) {
        assert_int_equal(longer[i], 0xa5);
        assert_int_equal(block[i], 0);
    }
    assert_null(zc_arena_resize(&arena, longer, REGION));
    assert_int_equal(longer[39], 0xa5);
    assert_null(zc_arena_resize(&arena, longer, 0));
    assert_int_equal(arena.in_use, 0);
}

static void free__at_random__keeps_every_block_to_itself(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    enum { COUNT = 64 };
    struct {
        unsigned char *at;
        size_t len;
    } block[COUNT] = {{0}};
    srand(1);
    for (int round = 0; round < 200000; round++) {
        size_t i = (size_t)rand() % COUNT;
        if (block[i].at == NULL) {
            block[i].len = 1 + (size_t)rand() % 900;
            block[i].at = zc_arena_alloc(&arena, block[i].len);
            if (block[i].at != NULL) {
                memset(block[i].at, (int)i + 1, block[i].len);
            }
            continue;
        }
        for (size_t k = 0; k < block[i].len; k++) {
            assert_int_equal(block[i].at[k], i + 1);
        }
        zc_arena_free(&arena, block[i].at);
        block[i].at = NULL;
    }
    for (size_t i = 0; i < COUNT; i++) {
        zc_arena_free(&arena, block[i].at);
    }
    assert_int_equal(arena.in_use, 0);
    assert_true(arena.carved <= REGION && arena.peak <= arena.carved);
}

static int ends_by_signal(void (*act)(zc_arena *arena))
{
    pid_t child = fork();
    if (child == 0) {
        zc_arena arena;
        (void)signal(SIGILL, SIG_DFL); /* cmocka would catch it */
        memset(region, 0, sizeof region);
        if (!zc_ok(zc_arena_init(&arena, region, sizeof region))) {
            _exit(1);
        }
        act(&arena);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void free_twice(zc_arena *arena)
{
    void *block = zc_arena_alloc(arena, 10);
    zc_arena_free(arena, block);
    zc_arena_free(arena, block);
}

static void free_foreign(zc_arena *arena)
{
    static _Alignas(16) unsigned char foreign[64];
    (void)zc_arena_alloc(arena, 10);
    zc_arena_free(arena, foreign + 16);
}

static void free_inside(zc_arena *arena)
{
    unsigned char *block = zc_arena_alloc(arena, 100);
    zc_arena_free(arena, block + 32);
}

static void free__what_was_not_handed_out__stops_the_process(void **state)
{
    (void)state;
    assert_true(ends_by_signal(free_twice));
    assert_true(ends_by_signal(free_foreign));
    assert_true(ends_by_signal(free_inside));
}

/* In a child, since the arena is OpenSSL's for good. Returns the step that failed. */
static int use_openssl(void)
{
    static _Alignas(16) unsigned char memory[1 << 20];
    static zc_arena arena;
    if (!zc_ok(zc_arena_init(&arena, memory, sizeof memory)) || !zc_ok(zc_arena_install(&arena)) ||
        arena.in_use != 0) {
        return 1;
    }
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (key == NULL || arena.in_use == 0) {
        return 2;
    }
    size_t before = arena.in_use;
    EVP_PKEY_free(key);
    if (arena.in_use >= before || arena.peak < before) {
        return 3;
    }
    while (zc_arena_alloc(&arena, 16) != NULL) {
    }
    /* Nothing left: OpenSSL fails, and does not help itself elsewhere. */
    return EVP_EC_gen("P-256") == NULL ? 0 : 4;
}

static void install__openssl__lives_in_the_region_alone(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        _exit(use_openssl());
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void install__after_openssl_has_memory__is_refused(void **state)
{
    (void)state;
    zc_arena arena;
    fresh(&arena);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    assert_non_null(key);
    assert_true(zc_is(zc_arena_install(&arena), ZC_RUNTIME_ARENA_LATE));
    EVP_PKEY_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init__too_small_or_crooked__is_refused),
        cmocka_unit_test(alloc__every_length__is_aligned_zeroed_and_long_enough),
        cmocka_unit_test(alloc__nothing_or_too_much__is_null),
        cmocka_unit_test(alloc__until_used_up__fails_and_serves_again_after_free),
        cmocka_unit_test(alloc__used_up_in_its_own_size__takes_a_larger_block),
        cmocka_unit_test(free__secret__is_wiped),
        cmocka_unit_test(resize__longer__moves_content_and_wipes_the_old),
        cmocka_unit_test(free__at_random__keeps_every_block_to_itself),
        cmocka_unit_test(free__what_was_not_handed_out__stops_the_process),
        cmocka_unit_test(install__openssl__lives_in_the_region_alone),
        cmocka_unit_test(install__after_openssl_has_memory__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
