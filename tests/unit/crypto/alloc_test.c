/* Counts what the signing path takes from the heap: through OpenSSL's hooks, and through the C
 * library's entry points, which are this program's own here. */
#include "cmocka_zc.h"

#include <openssl/crypto.h>

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
    return malloc(len);
}

static void *openssl_realloc(void *memory, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    taken++;
    return realloc(memory, len);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static void sign_both_modes(const zc_signer *signer, uint8_t number)
{
    uint8_t digest[32] = {number}, fresh[32] = {1, number};
    zc_signature signature;
    if (signer->pubkey.curve == ZC_CURVE_ED25519) {
        assert_ok(zc_sign_message_ed25519(signer, ZC_SLICE_OF_ARRAY(digest), &signature));
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
        cmocka_unit_test(counters__after_setup__have_counted),
    };
    /* Possible only before OpenSSL's first allocation. */
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1 ||
        !zc_ok(zc_crypto_setup(seed))) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
