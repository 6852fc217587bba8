/* What a signature costs beside its arithmetic: no memory of ours, no system call. */
#include "check.h"

#include <linux/seccomp.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/setup.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* Allocations of our own code: the linker sends them here. */
static size_t ours;
/* OpenSSL's. */
static size_t taken, given_back;

void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *memory, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *memory, size_t len);

void *__wrap_malloc(size_t len)
{
    ours++;
    return __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len)
{
    ours++;
    return __real_calloc(count, len);
}

void *__wrap_realloc(void *memory, size_t len)
{
    ours++;
    return __real_realloc(memory, len);
}

static void *openssl_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    taken++;
    return __real_malloc(len);
}

static void *openssl_realloc(void *memory, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    taken += memory == NULL;
    return __real_realloc(memory, len);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    given_back += memory != NULL;
    free(memory);
}

/* A record that asks for a signature, made before the counting begins. */
typedef struct asked {
    uint8_t bytes[512];
    size_t len;
} asked;

static asked ask_for(const char *key, zc_use use, zc_family family, zc_slice payload)
{
    asked question;
    zc_request request = {.id = 1,
                          .op = ZC_OP_SIGN,
                          .sign = {.key = zc_slice_of_text(key),
                                   .use = (uint8_t)use,
                                   .family = (uint8_t)family,
                                   .payload = payload}};
    zc_writer writer = ZC_WRITER_OF_ARRAY(question.bytes);
    assert_ok(zc_request_write(&request, &writer));
    question.len = zc_writer_len(&writer);
    return question;
}

static void put(driver *drv, uint64_t session, const asked *question)
{
    zc_event event = {.kind = ZC_EVENT_RECORD,
                      .session = session,
                      .bytes = zc_slice_of(question->bytes, question->len),
                      .now_ms = drv->now_ms};
    zc_effects_empty(drv->effects);
    zc_enclave_step(drv->enclave, &event, drv->effects);
}

static bool is_signed(const driver *drv)
{
    zc_reply reply;
    return drv->effects->count == 2 && drv->effects->item[0].kind == ZC_EFFECT_HOST &&
           drv->effects->item[1].kind == ZC_EFFECT_REPLY &&
           zc_ok(zc_reply_read(drv->effects->item[1].bytes, ZC_OP_SIGN, &reply)) &&
           reply.status == ZC_STATUS_OK;
}

enum { CURVES = 3, KINDS = 5 };

typedef struct stand {
    driver *drv;
    uint64_t session;
    asked kind[KINDS];
} stand;

static stand make_bench(void)
{
    static const char *const names[] = {"k1", "p256", "ed"};
    stand bench = {.drv = driver_new_serving()};
    uint64_t alice = driver_connect(bench.drv, ALICE);
    for (size_t i = 0; i < CURVES; i++) {
        driver_create(bench.drv, alice, names[i], (zc_curve)(ZC_CURVE_SECP256K1 + i));
        bench.kind[i] =
            ask_for(names[i], ZC_USE_MESSAGE, ZC_FAMILY_NONE, zc_slice_of_text("hello"));
    }
    bench.kind[3] = ask_for("k1", ZC_USE_TX, ZC_FAMILY_EVM, driver_transfer(1, 1));
    uint8_t digest[32] = {3};
    bench.kind[4] = ask_for("p256", ZC_USE_DIGEST, ZC_FAMILY_NONE, ZC_SLICE_OF_ARRAY(digest));
    bench.session = driver_connect(bench.drv, BOT);
    for (size_t i = 0; i < KINDS; i++) {
        put(bench.drv, bench.session, &bench.kind[i]); /* whatever is made at first use */
        assert_true(is_signed(bench.drv));
    }
    return bench;
}

static void sign__warm__takes_no_memory_of_ours(void **state)
{
    (void)state;
    stand bench = make_bench();
    assert_true(ours > 0 && taken > 0); /* both are really counted */
    for (size_t i = 0; i < KINDS; i++) {
        size_t before = ours, taken_before = taken, given_before = given_back;
        for (int turn = 0; turn < 100; turn++) {
            put(bench.drv, bench.session, &bench.kind[i]);
        }
        assert_int_equal(ours, before);
        assert_true(is_signed(bench.drv));
        /* What OpenSSL takes it gives back, and it is a few pieces: its arena can't run out. */
        assert_int_equal(taken - taken_before, given_back - given_before);
        assert_true(taken - taken_before <= 100 * 64);
        print_message("kind %zu: %zu allocations of OpenSSL a signature\n", i,
                      (taken - taken_before) / 100);
    }
    driver_free(bench.drv);
}

#ifndef SANITIZED
/* In seccomp's strict mode any call but read, write and exit ends the process. */
static int sign_under_strict_seccomp(const stand *bench)
{
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
            syscall(SYS_exit, 77);
        }
        bool all = true;
        for (int turn = 0; turn < 50; turn++) {
            for (size_t i = 0; i < KINDS; i++) {
                put(bench->drv, bench->session, &bench->kind[i]);
                all = all && is_signed(bench->drv);
            }
        }
        syscall(SYS_exit, all ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}
#endif

static void sign__warm__makes_no_system_call(void **state)
{
    (void)state;
#ifdef SANITIZED
    skip(); /* the sanitizer makes calls of its own */
#else
    stand bench = make_bench();
    int status = sign_under_strict_seccomp(&bench);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        skip(); /* a kernel without seccomp */
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    driver_free(bench.drv);
#endif
}

int main(void)
{
    static const uint8_t seed[32] = {1};
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1 ||
        !zc_ok(zc_crypto_setup(seed))) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__warm__takes_no_memory_of_ours),
        cmocka_unit_test(sign__warm__makes_no_system_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
