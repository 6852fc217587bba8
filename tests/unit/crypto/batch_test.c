#include "cmocka_zc.h"

#include "crypto/setup.h"
#include "crypto/signer.h"
#include "crypto/verify.h"

enum { MAX = ZC_SIGN_MAX_BATCH };

static zc_signer signers[MAX];
static uint8_t fresh[MAX][32], digests[MAX][32];
static zc_sign_job jobs[MAX];

/* Curves come by turns of `pattern`, modes by turns of five. */
static void fill(const zc_curve *pattern, size_t len, uint8_t seed)
{
    const uint8_t bytes[32] = {seed};
    zc_drbg drbg;
    zc_drbg_init(&drbg, bytes);
    for (size_t i = 0; i < MAX; i++) {
        assert_ok(zc_signer_generate(&signers[i], pattern[i % len], &drbg));
        zc_drbg_bytes(&drbg, fresh[i], 32);
        zc_drbg_bytes(&drbg, digests[i], 32);
        jobs[i] = (zc_sign_job){&signers[i], i % 5 == 4 ? ZC_NONCE_DETERMINISTIC : ZC_NONCE_HEDGED,
                                fresh[i], digests[i]};
    }
}

static void assert_same_as_alone(size_t count)
{
    zc_signature together[MAX], alone;
    assert_ok(zc_sign_digest_batch(jobs, count, together));
    for (size_t i = 0; i < count; i++) {
        assert_ok(
            zc_sign_digest(jobs[i].signer, jobs[i].mode, jobs[i].fresh, jobs[i].digest, &alone));
        assert_memory_equal(together[i].byte, alone.byte, 64);
        assert_int_equal(together[i].recovery, alone.recovery);
        assert_ok(zc_verify_digest(&jobs[i].signer->pubkey, jobs[i].digest, together[i].byte));
    }
}

static void sign_batch__each_size__same_as_one_by_one(void **state)
{
    (void)state;
    static const zc_curve p256[] = {ZC_CURVE_P256};
    fill(p256, 1, 1);
    for (size_t count = 1; count <= MAX; count++) {
        assert_same_as_alone(count);
    }
}

static void sign_batch__curves_mixed__same_as_one_by_one(void **state)
{
    (void)state;
    static const zc_curve mixed[] = {ZC_CURVE_SECP256K1, ZC_CURVE_P256, ZC_CURVE_P256};
    static const zc_curve secp256k1[] = {ZC_CURVE_SECP256K1};
    fill(mixed, 3, 2);
    assert_same_as_alone(MAX);
    fill(secp256k1, 1, 3);
    assert_same_as_alone(7);
}

/* The same key and the same digest, as when an agent repeats itself. */
static void sign_batch__one_key_many_times__every_signature_is_its_own(void **state)
{
    (void)state;
    static const zc_curve p256[] = {ZC_CURVE_P256};
    zc_signature made[MAX];
    fill(p256, 1, 4);
    for (size_t i = 0; i < MAX; i++) {
        jobs[i] = (zc_sign_job){&signers[0], ZC_NONCE_HEDGED, fresh[i], digests[0]};
    }
    assert_ok(zc_sign_digest_batch(jobs, MAX, made));
    for (size_t i = 0; i < MAX; i++) {
        assert_ok(zc_verify_digest(&signers[0].pubkey, digests[0], made[i].byte));
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(made[i].byte, made[j].byte, 32);
        }
    }
}

static void sign_batch__none_or_too_many_or_wrong_curve__nothing_is_written(void **state)
{
    (void)state;
    static const zc_curve curves[] = {ZC_CURVE_P256, ZC_CURVE_P256, ZC_CURVE_P256,
                                      ZC_CURVE_ED25519};
    zc_signature made[MAX] = {{.byte = {0xab}}};
    fill(curves, 4, 5);
    assert_fails(zc_sign_digest_batch(jobs, 0, made), ZC_CRYPTO_BATCH_SIZE);
    assert_fails(zc_sign_digest_batch(jobs, MAX + 1, made), ZC_CRYPTO_BATCH_SIZE);
    assert_fails(zc_sign_digest_batch(jobs, 4, made), ZC_CRYPTO_WRONG_CURVE);
    assert_int_equal(made[0].byte[0], 0xab);
    assert_ok(zc_sign_digest_batch(jobs, 3, made));
}

/* Job 4 is deterministic. */
static void sign_batch__a_deterministic_key_changed_in_memory__nothing_is_written(void **state)
{
    (void)state;
    static const zc_curve p256[] = {ZC_CURVE_P256};
    zc_signature made[MAX] = {{.byte = {0xab}}};
    fill(p256, 1, 6);
    signers[4].private_key.byte[31] ^= 1;
    assert_fails(zc_sign_digest_batch(jobs, 8, made), ZC_CRYPTO_FAULT);
    assert_int_equal(made[0].byte[0], 0xab);
}

int main(void)
{
    static const uint8_t seed[32] = {1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_batch__each_size__same_as_one_by_one),
        cmocka_unit_test(sign_batch__curves_mixed__same_as_one_by_one),
        cmocka_unit_test(sign_batch__one_key_many_times__every_signature_is_its_own),
        cmocka_unit_test(sign_batch__none_or_too_many_or_wrong_curve__nothing_is_written),
        cmocka_unit_test(sign_batch__a_deterministic_key_changed_in_memory__nothing_is_written),
    };
    return zc_ok(zc_crypto_setup(seed)) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
