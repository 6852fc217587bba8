#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "crypto/reasons.h"
#include "crypto/setup.h"
#include "crypto/verify.h"
#include "runtime/signers.h"

enum { WORKERS = 2, ROUNDS = 3000 };

static zc_signers signers;
static zc_signer keys[3];

static zc_sign_work work_of(uint32_t number)
{
    zc_sign_work work = {.signer = &keys[number % 2], .mode = ZC_NONCE_HEDGED, .request = number};
    memcpy(work.fresh, &number, sizeof number);
    memcpy(work.digest + 8, &number, sizeof number);
    return work;
}

/* A signature follows from key, fresh bytes and digest, whoever makes it, alone or with others. */
static void expect_own(uint32_t number, const zc_signature *signature)
{
    zc_sign_work work = work_of(number);
    zc_signature own;
    assert_true(zc_ok(zc_sign_digest(work.signer, work.mode, work.fresh, work.digest, &own)));
    assert_memory_equal(own.byte, signature->byte, sizeof own.byte);
}

static void collect(uint32_t number)
{
    zc_signature signature;
    assert_true(zc_signers_is_done(&signers, number));
    assert_true(zc_ok(zc_signers_collect(&signers, number, &signature)));
    if (number % 16 == 0) {
        expect_own(number, &signature);
    }
}

static void submit(uint32_t number)
{
    zc_sign_work work = work_of(number);
    assert_int_equal(zc_signers_next(&signers), number);
    zc_signers_submit(&signers, &work);
}

static void signers__without_workers__the_loop_makes_all(void **state)
{
    (void)state;
    memset(&signers, 0, sizeof signers);
    for (uint32_t number = 1; number <= ZC_SIGNERS_ITEMS; number++) {
        assert_true(zc_signers_has_room(&signers));
        submit(number);
    }
    assert_false(zc_signers_has_room(&signers));
    assert_true(zc_signers_busy(&signers));
    assert_false(zc_signers_is_done(&signers, 1));
    while (zc_signers_help(&signers)) {
    }
    assert_false(zc_signers_busy(&signers));
    for (uint32_t number = 1; number <= ZC_SIGNERS_ITEMS; number++) {
        collect(number);
    }
    assert_true(zc_signers_has_room(&signers));
    zc_signers_stop(&signers);
}

static void *live(void *self)
{
    (void)self;
    assert_true(zc_ok(zc_signers_warm_up()));
    zc_signers_work(&signers);
    zc_signer_leave_thread();
    return NULL;
}

static void signers__with_workers__each_is_made_once_and_collected_in_order(void **state)
{
    (void)state;
    pthread_t thread[WORKERS];
    uint32_t submitted = 0, collected = 0;
    memset(&signers, 0, sizeof signers);
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, live, NULL), 0);
    }
    while (collected < ROUNDS) {
        /* Bursts, so that workers fall asleep and are woken. */
        for (size_t i = 0; i < 60 && submitted < ROUNDS && zc_signers_has_room(&signers); i++) {
            submit(++submitted);
            zc_signers_wake(&signers);
        }
        while (collected < submitted) {
            if (zc_signers_is_done(&signers, collected + 1)) {
                collect(++collected);
            } else {
                (void)zc_signers_help(&signers);
            }
        }
    }
    assert_false(zc_signers_busy(&signers));
    zc_signers_stop(&signers);
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    }
}

static void signers__one_that_cannot_be_made__fails_alone(void **state)
{
    (void)state;
    zc_signature signature;
    memset(&signers, 0, sizeof signers);
    for (uint32_t number = 1; number <= 8; number++) {
        zc_sign_work work = work_of(number);
        work.signer = number == 3 ? &keys[2] : work.signer;
        zc_signers_submit(&signers, &work);
    }
    while (zc_signers_help(&signers)) {
    }
    for (uint32_t number = 1; number <= 8; number++) {
        zc_result made = zc_signers_collect(&signers, number, &signature);
        assert_int_equal(made.code, number == 3 ? ZC_CRYPTO_WRONG_CURVE : 0);
        if (number != 3) {
            expect_own(number, &signature);
        }
    }
}

/* What was submitted is wiped when it has been collected. */
static void collect__done__leaves_nothing_behind(void **state)
{
    (void)state;
    static const zc_sign_work nothing;
    zc_signature signature;
    memset(&signers, 0, sizeof signers);
    submit(1);
    assert_true(zc_signers_help(&signers));
    assert_true(zc_ok(zc_signers_collect(&signers, 1, &signature)));
    assert_memory_equal(signers.item[0].work.fresh, nothing.fresh, sizeof nothing.fresh);
    assert_memory_equal(signers.item[0].work.digest, nothing.digest, sizeof nothing.digest);
}

static int set_up(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {7};
    const zc_secret32 scalars[3] = {{{[31] = 5}}, {{[31] = 6}}, {{[31] = 7}}};
    bool made = zc_ok(zc_crypto_setup(seed)) &&
                zc_ok(zc_signer_init(&keys[0], ZC_CURVE_P256, &scalars[0])) &&
                zc_ok(zc_signer_init(&keys[1], ZC_CURVE_P256, &scalars[1])) &&
                zc_ok(zc_signer_init(&keys[2], ZC_CURVE_ED25519, &scalars[2]));
    return made ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signers__without_workers__the_loop_makes_all),
        cmocka_unit_test(signers__with_workers__each_is_made_once_and_collected_in_order),
        cmocka_unit_test(signers__one_that_cannot_be_made__fails_alone),
        cmocka_unit_test(collect__done__leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
