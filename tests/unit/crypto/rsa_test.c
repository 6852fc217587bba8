#include "cmocka_zc.h"

#include <dlfcn.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/rsa.h"

static const uint8_t fresh[32] = {1, 2, 3};
static const char text[] = "timestamp=1700000000000&recvWindow=5000";

/* Flips a bit of the next private result when set. */
static bool upset;

int RSA_private_encrypt(int len, const unsigned char *from, unsigned char *to, RSA *rsa,
                        int padding)
{
    int (*real)(int, const unsigned char *, unsigned char *, RSA *, int);
    void *found = dlsym(RTLD_NEXT, "RSA_private_encrypt");
    assert_non_null(found);
    memcpy(&real, &found, sizeof found);
    int done = real(len, from, to, rsa, padding);
    to[len - 1] ^= upset ? 1 : 0;
    return done;
}

static zc_rsa_secret export(EVP_PKEY *key)
{
    zc_rsa_secret secret = {0};
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    uint8_t *der = NULL;
    int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    assert_in_range(len, 1, ZC_RSA_MAX_SECRET);
    memcpy(secret.byte, der, (size_t)len);
    secret.len = (uint16_t)len;
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    return secret;
}

/* OpenSSL's key and ours from it, made once: making keys takes long. */
typedef struct pair {
    EVP_PKEY *openssl;
    zc_rsa_secret secret;
    zc_rsa_key ours;
} pair;

static pair made[3];

static int make_keys(void **state)
{
    (void)state;
    static const unsigned bits[3] = {2048, 3072, 4096};
    for (size_t i = 0; i < 3; i++) {
        made[i].openssl = EVP_RSA_gen(bits[i]);
        assert_non_null(made[i].openssl);
        made[i].secret = export(made[i].openssl);
        assert_ok(zc_rsa_key_init(&made[i].ours, &made[i].secret));
        assert_int_equal(made[i].ours.public.len, bits[i] / 8);
        assert_int_equal(made[i].ours.public.exponent, 65537);
    }
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        EVP_PKEY_free(made[i].openssl);
        zc_rsa_key_clear(&made[i].ours);
        assert_null(made[i].ours.private_key);
    }
    return 0;
}

static void set_padding(EVP_PKEY_CTX *ctx, zc_rsa_scheme scheme)
{
    if (scheme == ZC_RSA_PSS_SHA256) {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 32), 1);
    }
}

static bool openssl_verifies(EVP_PKEY *key, zc_rsa_scheme scheme, const uint8_t *sig, size_t len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    assert_int_equal(EVP_DigestVerifyInit(ctx, &inner, EVP_sha256(), NULL, key), 1);
    set_padding(inner, scheme);
    bool verifies = EVP_DigestVerify(ctx, sig, len, (const uint8_t *)text, sizeof text - 1) == 1;
    EVP_MD_CTX_free(ctx);
    return verifies;
}

static size_t openssl_signs(EVP_PKEY *key, zc_rsa_scheme scheme, uint8_t *ret_sig)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    size_t len = ZC_RSA_MAX_SIGNATURE;
    assert_int_equal(EVP_DigestSignInit(ctx, &inner, EVP_sha256(), NULL, key), 1);
    set_padding(inner, scheme);
    assert_int_equal(EVP_DigestSign(ctx, ret_sig, &len, (const uint8_t *)text, sizeof text - 1), 1);
    EVP_MD_CTX_free(ctx);
    return len;
}

static void rsa_sign__both_schemes_and_all_sizes__openssl_agrees(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        pair *with = &made[i / 2];
        zc_rsa_scheme scheme = i % 2 == 0 ? ZC_RSA_PKCS1_SHA256 : ZC_RSA_PSS_SHA256;
        uint8_t sig[ZC_RSA_MAX_SIGNATURE], theirs[ZC_RSA_MAX_SIGNATURE];
        size_t len = 0;
        assert_ok(zc_rsa_sign(&with->ours, scheme, fresh, zc_slice_of_text(text), sig, &len));
        assert_int_equal(len, with->ours.public.len);
        assert_true(openssl_verifies(with->openssl, scheme, sig, len));
        assert_int_equal(openssl_signs(with->openssl, scheme, theirs), len);
        assert_ok(zc_rsa_verify(&with->ours.public, scheme, zc_slice_of_text(text),
                                zc_slice_of(theirs, len)));
        if (scheme == ZC_RSA_PKCS1_SHA256) {
            assert_memory_equal(sig, theirs, len);
        }
    }
}

static void rsa_verify__anything_altered__refused(void **state)
{
    (void)state;
    zc_rsa_public public = made[0].ours.public;
    const size_t len = public.len;
    for (zc_rsa_scheme scheme = ZC_RSA_PKCS1_SHA256; scheme <= ZC_RSA_PSS_SHA256; scheme++) {
        uint8_t sig[ZC_RSA_MAX_SIGNATURE];
        size_t sig_len;
        assert_ok(zc_rsa_sign(&made[0].ours, scheme, fresh, zc_slice_of_text(text), sig, &sig_len));
        for (size_t bit = 0; bit < 8 * len; bit += 13) {
            sig[bit / 8] ^= (uint8_t)(1U << (bit % 8));
            assert_fails(
                zc_rsa_verify(&public, scheme, zc_slice_of_text(text), zc_slice_of(sig, len)),
                ZC_CRYPTO_BAD_SIGNATURE);
            sig[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        }
        zc_rsa_scheme other = scheme == ZC_RSA_PSS_SHA256 ? ZC_RSA_PKCS1_SHA256 : ZC_RSA_PSS_SHA256;
        zc_slice whole = zc_slice_of(sig, len);
        assert_fails(zc_rsa_verify(&public, other, zc_slice_of_text(text), whole),
                     ZC_CRYPTO_BAD_SIGNATURE);
        assert_fails(zc_rsa_verify(&public, scheme, zc_slice_of_text("x"), whole),
                     ZC_CRYPTO_BAD_SIGNATURE);
        assert_fails(
            zc_rsa_verify(&public, scheme, zc_slice_of_text(text), zc_slice_of(sig, len - 1)),
            ZC_CRYPTO_BAD_SIGNATURE);
        /* The modulus itself is a number too large. */
        assert_fails(zc_rsa_verify(&public, scheme, zc_slice_of_text(text),
                                   zc_slice_of(public.modulus, len)),
                     ZC_CRYPTO_BAD_SIGNATURE);
        assert_fails(zc_rsa_verify(&public, (zc_rsa_scheme)3, zc_slice_of_text(text), whole),
                     ZC_CRYPTO_UNKNOWN_SCHEME);
    }
}

static void rsa_verify__key_out_of_the_limits__refused(void **state)
{
    (void)state;
    uint8_t sig[ZC_RSA_MAX_SIGNATURE] = {0};
    zc_rsa_public wrong[6];
    for (size_t i = 0; i < 6; i++) {
        wrong[i] = made[0].ours.public;
    }
    wrong[0].exponent = 3;
    wrong[1].exponent = 65538;
    wrong[2].len = 255;
    wrong[3].len = 514;
    wrong[4].modulus[0] = 0x7f;
    wrong[5].modulus[255] ^= 1;
    for (size_t i = 0; i < 6; i++) {
        assert_fails(zc_rsa_verify(&wrong[i], ZC_RSA_PKCS1_SHA256, zc_slice_of_text(text),
                                   zc_slice_of(sig, 256)),
                     ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
}

static void rsa_sign__a_fault_in_the_private_operation__nothing_leaves(void **state)
{
    (void)state;
    for (zc_rsa_scheme scheme = ZC_RSA_PKCS1_SHA256; scheme <= ZC_RSA_PSS_SHA256; scheme++) {
        uint8_t sig[ZC_RSA_MAX_SIGNATURE] = {0xab};
        size_t len = 7;
        upset = true;
        assert_fails(zc_rsa_sign(&made[0].ours, scheme, fresh, zc_slice_of_text(text), sig, &len),
                     ZC_CRYPTO_FAULT);
        upset = false;
        assert_int_equal(sig[0], 0xab);
        assert_int_equal(len, 7);
    }
    uint8_t sig[ZC_RSA_MAX_SIGNATURE];
    size_t len;
    assert_fails(
        zc_rsa_sign(&made[0].ours, (zc_rsa_scheme)0, fresh, zc_slice_of_text(text), sig, &len),
        ZC_CRYPTO_UNKNOWN_SCHEME);
}

static bool imports(const zc_rsa_secret *secret, zc_result *ret_result)
{
    zc_rsa_key key = {.public = {.len = 77}};
    *ret_result = zc_rsa_key_init(&key, secret);
    if (zc_ok(*ret_result)) {
        zc_rsa_key_clear(&key);
        return true;
    }
    assert_int_equal(key.public.len, 77);
    return false;
}

/* One bit in each stretch of the file, and each shorter file. */
static void rsa_key_init__altered_or_cut__refused(void **state)
{
    (void)state;
    zc_rsa_secret secret = made[0].secret;
    zc_result result;
    for (size_t i = 0; i < secret.len; i += i < 40 ? 1 : 11) {
        secret.byte[i] ^= (uint8_t)(1U << (i % 8));
        assert_false(imports(&secret, &result));
        secret.byte[i] ^= (uint8_t)(1U << (i % 8));
    }
    for (uint16_t len = 0; len < made[0].secret.len; len = (uint16_t)(len + 17)) {
        secret.len = len;
        assert_false(imports(&secret, &result));
        assert_int_equal(result.code, ZC_CRYPTO_BAD_PKCS8);
    }
    secret.len = (uint16_t)(made[0].secret.len + 1);
    assert_false(imports(&secret, &result));
    secret.len = UINT16_MAX;
    assert_false(imports(&secret, &result));
    secret.len = made[0].secret.len;
    assert_true(imports(&secret, &result));
}

static EVP_PKEY *generate(unsigned bits, unsigned long exponent, unsigned primes)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
    BIGNUM *e = BN_new();
    EVP_PKEY *key = NULL;
    BN_set_word(e, exponent);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits), 1);
    assert_int_equal(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, (int)primes), 1);
    assert_int_equal(EVP_PKEY_generate(ctx, &key), 1);
    BN_free(e);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static void rsa_key_init__size_exponent_or_primes_out_of_limits__refused(void **state)
{
    (void)state;
    static const struct {
        unsigned bits;
        unsigned long exponent;
        unsigned primes;
        uint32_t reason;
    } cases[] = {
        {1024, 65537, 2, ZC_CRYPTO_RSA_SIZE},
        {2040, 65537, 2, ZC_CRYPTO_RSA_SIZE},
        {2056, 65537, 2, ZC_CRYPTO_RSA_SIZE},
        {2048, 3, 2, ZC_CRYPTO_RSA_EXPONENT},
        {2048, 65539, 2, 0},
        {2048, 0x100000001, 2, ZC_CRYPTO_RSA_EXPONENT},
        {2048, 65537, 3, ZC_CRYPTO_BAD_PKCS8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EVP_PKEY *key = generate(cases[i].bits, cases[i].exponent, cases[i].primes);
        zc_rsa_secret secret = export(key);
        zc_result result;
        EVP_PKEY_free(key);
        (void)imports(&secret, &result);
        assert_int_equal(result.code, cases[i].reason);
    }
}

/* The parts of another key of the same size in place of one's own. */
static void rsa_key_init__parts_of_two_keys__refused(void **state)
{
    (void)state;
    const RSA *good = EVP_PKEY_get0_RSA(made[0].openssl);
    EVP_PKEY *other_key = EVP_RSA_gen(2048);
    const RSA *other = EVP_PKEY_get0_RSA(other_key);
    for (unsigned part = 0; part < 8; part++) {
        const RSA *from[8] = {good, good, good, good, good, good, good, good};
        from[part] = other;
        RSA *mixed = RSA_new();
        EVP_PKEY *key = EVP_PKEY_new();
        RSA_set0_key(mixed, BN_dup(RSA_get0_n(from[0])), BN_dup(RSA_get0_e(good)),
                     BN_dup(RSA_get0_d(from[2])));
        RSA_set0_factors(mixed, BN_dup(RSA_get0_p(from[3])), BN_dup(RSA_get0_q(from[4])));
        RSA_set0_crt_params(mixed, BN_dup(RSA_get0_dmp1(from[5])), BN_dup(RSA_get0_dmq1(from[6])),
                            BN_dup(RSA_get0_iqmp(from[7])));
        assert_int_equal(EVP_PKEY_assign_RSA(key, mixed), 1);
        zc_rsa_secret secret = export(key);
        zc_result result;
        EVP_PKEY_free(key);
        /* The exponent is the same in both keys: nothing changes there. */
        assert_int_equal(imports(&secret, &result), part == 1);
        assert_int_equal(result.code, part == 1 ? 0 : ZC_CRYPTO_RSA_INCONSISTENT);
    }
    EVP_PKEY_free(other_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsa_sign__both_schemes_and_all_sizes__openssl_agrees),
        cmocka_unit_test(rsa_verify__anything_altered__refused),
        cmocka_unit_test(rsa_verify__key_out_of_the_limits__refused),
        cmocka_unit_test(rsa_sign__a_fault_in_the_private_operation__nothing_leaves),
        cmocka_unit_test(rsa_key_init__altered_or_cut__refused),
        cmocka_unit_test(rsa_key_init__size_exponent_or_primes_out_of_limits__refused),
        cmocka_unit_test(rsa_key_init__parts_of_two_keys__refused),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
