/* Counts what the signing path takes from the heap: through OpenSSL's hooks, and through the C
 * library's entry points, which are this program's own here. */
#include "cmocka_zc.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/mac.h"
#include "crypto/rsa.h"
#include "crypto/schnorr.h"
#include "crypto/setup.h"
#include "crypto/signer.h"

#if defined(__SANITIZE_ADDRESS__)
#define OWN_MALLOC 0 /* the sanitizer already stands in that place */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_MALLOC 0
#endif
#endif
#ifndef OWN_MALLOC
#define OWN_MALLOC 1
#endif

static size_t taken;
static long held; /* OpenSSL's blocks that were not given back */

#if OWN_MALLOC
/* glibc's names for what it does behind these entry points. */
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *memory, size_t len);

void *malloc(size_t len)
{
    taken++;
    return __libc_malloc(len);
}

void *calloc(size_t count, size_t len)
{
    taken++;
    return __libc_calloc(count, len);
}

void *realloc(void *memory, size_t len)
{
    taken++;
    return __libc_realloc(memory, len);
}
#endif

static void *openssl_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    taken++;
    void *made = malloc(len);
    held += made != NULL;
    return made;
}

static void *openssl_realloc(void *memory, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    taken++;
    held += memory == NULL;
    return realloc(memory, len);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    held -= memory != NULL;
    free(memory);
}

static void sign_both_modes(const zc_signer *signer, uint8_t number)
{
    uint8_t digest[32] = {number}, fresh[32] = {1, number};
    zc_signature signature;
    if (signer->pubkey.curve == ZC_CURVE_ED25519) {
        zc_slice message = ZC_SLICE_OF_ARRAY(digest);
        assert_ok(zc_sign_ed25519(signer, ZC_NONCE_HEDGED, fresh, message, &signature));
        assert_ok(zc_sign_ed25519(signer, ZC_NONCE_DETERMINISTIC, fresh, message, &signature));
        return;
    }
    assert_ok(zc_sign_digest(signer, ZC_NONCE_HEDGED, fresh, digest, &signature));
    assert_ok(zc_sign_digest(signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &signature));
}

/* The first signature of a thread makes what the others then use. */
static void zc_sign_digest__hot_path__allocates_nothing(void **state)
{
    (void)state;
    static const zc_secret32 key = {{1, 2, 3}};
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_ED25519; curve++) {
        zc_signer signer;
        assert_ok(zc_signer_init(&signer, curve, &key));
        sign_both_modes(&signer, 0);
        const size_t before = taken;
        for (unsigned i = 1; i <= 200; i++) {
            sign_both_modes(&signer, (uint8_t)i);
        }
        assert_int_equal(taken, before);
    }
}

static void batches_tags_and_schnorr__hot_path__allocate_nothing(void **state)
{
    (void)state;
    static const zc_secret32 key = {{1, 2, 3}};
    static const zc_mac_secret secret = {.len = 64, .byte = {1}};
    static const uint8_t bytes[ZC_SIGN_MAX_BATCH][32] = {{1}};
    zc_signer p256, secp256k1;
    zc_sign_job jobs[ZC_SIGN_MAX_BATCH];
    zc_signature made[ZC_SIGN_MAX_BATCH];
    zc_mac_key mac;
    uint8_t tag[ZC_MAC_MAX_TAG];
    size_t len, before = 0;
    assert_ok(zc_signer_init(&p256, ZC_CURVE_P256, &key));
    assert_ok(zc_signer_init(&secp256k1, ZC_CURVE_SECP256K1, &key));
    for (size_t i = 0; i < ZC_SIGN_MAX_BATCH; i++) {
        jobs[i] = (zc_sign_job){&p256, ZC_NONCE_HEDGED, bytes[i], bytes[i]};
    }
    for (unsigned turn = 0; turn < 20; turn++) {
        assert_ok(zc_sign_digest_batch(jobs, ZC_SIGN_MAX_BATCH, made));
        assert_ok(zc_mac_key_init(&mac, ZC_KEY_KIND_HMAC_SHA512, &secret));
        assert_ok(zc_mac_sign(&mac, ZC_SLICE_OF_ARRAY(bytes[0]), tag, &len));
        assert_ok(zc_schnorr_sign(&secp256k1, bytes[0], ZC_SLICE_OF_ARRAY(bytes[0]),
                                  ZC_SCHNORR_TAPROOT, NULL, made));
        before = turn == 0 ? taken : before;
    }
    assert_int_equal(taken, before);
}

static zc_rsa_secret rsa_secret(void)
{
    zc_rsa_secret secret = {0};
    EVP_PKEY *key = EVP_RSA_gen(2048);
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    uint8_t *der = NULL;
    secret.len = (uint16_t)i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    memcpy(secret.byte, der, secret.len);
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return secret;
}

/* RSA is the exception: OpenSSL takes memory for each signature, the same each time, and gives it
 * back. Blinding is renewed every 32 signatures, so the count goes by 32. */
static void rsa_sign__hot_path__takes_no_more_each_time_and_keeps_nothing(void **state)
{
    (void)state;
    enum { TURN = 32, MOST_EACH = 200 };
    zc_rsa_secret secret = rsa_secret();
    zc_rsa_key key;
    assert_ok(zc_rsa_key_init(&key, &secret));
    size_t counts[3];
    long held_after[3];
    for (size_t turn = 0; turn < 3; turn++) {
        const size_t before = taken;
        for (unsigned i = 0; i < TURN; i++) {
            uint8_t sig[ZC_RSA_MAX_SIGNATURE], fresh[32] = {(uint8_t)i};
            size_t len;
            assert_ok(zc_rsa_sign(&key, i % 2 == 0 ? ZC_RSA_PKCS1_SHA256 : ZC_RSA_PSS_SHA256, fresh,
                                  ZC_SLICE_OF_ARRAY(fresh), sig, &len));
        }
        counts[turn] = taken - before;
        held_after[turn] = held;
    }
    assert_in_range(counts[1], 1, MOST_EACH * TURN);
    assert_in_range(counts[2], 1, counts[1] + counts[1] / 10);
    assert_true(held_after[2] <= held_after[1]);
    zc_rsa_key_clear(&key);
}

/* That there was something to count: OpenSSL's objects at least were made. */
static void counters__after_setup__have_counted(void **state)
{
    (void)state;
    assert_true(taken > 0);
    const size_t before = taken;
    void *volatile plain = malloc(8); /* volatile: a compiler may leave out what nobody uses */
    void *volatile openssl = OPENSSL_malloc(8);
    free(plain);
    OPENSSL_free(openssl);
    assert_true(taken - before >= (OWN_MALLOC ? 3 : 1));
}

int main(void)
{
    static const uint8_t seed[32] = {1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zc_sign_digest__hot_path__allocates_nothing),
        cmocka_unit_test(batches_tags_and_schnorr__hot_path__allocate_nothing),
        cmocka_unit_test(rsa_sign__hot_path__takes_no_more_each_time_and_keeps_nothing),
        cmocka_unit_test(counters__after_setup__have_counted),
    };
    /* Possible only before OpenSSL's first allocation. */
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1 ||
        !zc_ok(zc_crypto_setup(seed))) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
