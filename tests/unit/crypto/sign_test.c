#include "cmocka_zc.h"

#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include "crypto/hash.h"
#include "crypto/p256.h"
#include "crypto/rfc6979.h"
#include "crypto/setup.h"
#include "crypto/signer.h"
#include "crypto/verify.h"

enum { RANDOM_KEYS = 2000 };

static const char p256_n[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
static const char p256_n_less_1[] =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
static const char secp256k1_n[] =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
static const char secp256k1_n_less_1[] =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";

static const uint8_t fresh[32] = {0x42};

/* The same numbers at each run: a failure can be repeated. */
static zc_drbg drbg_of(uint8_t seed)
{
    uint8_t bytes[32] = {seed};
    zc_drbg drbg;
    zc_drbg_init(&drbg, bytes);
    return drbg;
}

static zc_signer signer_of(zc_curve curve, const char *private_key)
{
    zc_secret32 key;
    zc_signer signer;
    FROM_HEX(key.byte, private_key);
    assert_ok(zc_signer_init(&signer, curve, &key));
    return signer;
}

/* What OpenSSL alone says of a P-256 signature. */
static bool openssl_verifies(const zc_pubkey *pubkey, const uint8_t digest[32],
                             const uint8_t sig[64])
{
    EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    ECDSA_SIG *parsed = ECDSA_SIG_new();
    assert_int_equal(EC_KEY_oct2key(key, pubkey->byte, 65, NULL), 1);
    ECDSA_SIG_set0(parsed, BN_bin2bn(sig, 32, NULL), BN_bin2bn(sig + 32, 32, NULL));
    bool verifies = ECDSA_do_verify(digest, 32, parsed, key) == 1;
    ECDSA_SIG_free(parsed);
    EC_KEY_free(key);
    return verifies;
}

/* RFC 6979 A.2.5: key, k, r and s for "sample" and "test" with SHA-256. */
static void sign_digest__rfc_6979_a_2_5__published_signature(void **state)
{
    (void)state;
    static const struct {
        const char *text, *k, *sig;
    } cases[] = {
        {"sample", "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60",
         "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
         "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
        {"test", "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0",
         "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
         "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
    };
    zc_signer signer = signer_of(
        ZC_CURVE_P256, "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    assert_hex(signer.pubkey.byte, 65,
               "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
               "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    for (size_t i = 0; i < 2; i++) {
        uint8_t digest[32];
        zc_secret32 k;
        zc_signature signature;
        zc_sha256(zc_slice_of_text(cases[i].text), digest);
        zc_rfc6979_nonce(&zc_p256_order, &signer.private_key, digest, zc_slice_of(NULL, 0), 0, &k);
        assert_hex(k.byte, 32, cases[i].k);
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &signature));
        assert_hex(signature.byte, 64, cases[i].sig);
        assert_int_equal(signature.recovery, 0);
    }
}

/* The well-known signature of private key 1 over SHA-256("Satoshi Nakamoto"). */
static void sign_digest__secp256k1_satoshi__published_signature(void **state)
{
    (void)state;
    zc_signer signer = signer_of(
        ZC_CURVE_SECP256K1, "0000000000000000000000000000000000000000000000000000000000000001");
    uint8_t digest[32];
    zc_signature signature;
    zc_sha256(zc_slice_of_text("Satoshi Nakamoto"), digest);
    assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &signature));
    assert_hex(signature.byte, 64,
               "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
               "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
}

static void sign_message__rfc_8032_test_2__published_signature(void **state)
{
    (void)state;
    static const uint8_t message[] = {0x72};
    zc_signer signer = signer_of(
        ZC_CURVE_ED25519, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    zc_signature signature;
    assert_hex(signer.pubkey.byte, 32,
               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    assert_ok(zc_sign_message_ed25519(&signer, ZC_SLICE_OF_ARRAY(message), &signature));
    assert_hex(signature.byte, 64,
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

static void sign_digest__random_p256_keys__openssl_verifies(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(1);
    for (int i = 0; i < RANDOM_KEYS; i++) {
        zc_signer signer;
        zc_signature signature;
        uint8_t digest[32], own_fresh[32];
        assert_ok(zc_signer_generate(&signer, ZC_CURVE_P256, &drbg));
        zc_drbg_bytes(&drbg, digest, sizeof digest);
        zc_drbg_bytes(&drbg, own_fresh, sizeof own_fresh);
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, own_fresh, digest, &signature));
        assert_true(openssl_verifies(&signer.pubkey, digest, signature.byte));
        assert_ok(zc_verify_digest(&signer.pubkey, digest, signature.byte));
        zc_signature_make_low_s(ZC_CURVE_P256, &signature);
        assert_true(zc_signature_is_low_s(ZC_CURVE_P256, signature.byte));
        assert_ok(zc_verify_digest(&signer.pubkey, digest, signature.byte));
        digest[i % 32] ^= 1;
        assert_fails(zc_verify_digest(&signer.pubkey, digest, signature.byte),
                     ZC_CRYPTO_BAD_SIGNATURE);
    }
}

static void sign_digest__random_secp256k1_keys__verify_recover_and_low_s(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(2);
    for (int i = 0; i < RANDOM_KEYS; i++) {
        zc_signer signer;
        zc_signature signature;
        zc_pubkey recovered;
        uint8_t digest[32];
        assert_ok(zc_signer_generate(&signer, ZC_CURVE_SECP256K1, &drbg));
        zc_drbg_bytes(&drbg, digest, sizeof digest);
        assert_ok(zc_sign_digest(&signer, i % 2 == 0 ? ZC_NONCE_HEDGED : ZC_NONCE_DETERMINISTIC,
                                 digest, digest, &signature));
        assert_true(zc_signature_is_low_s(ZC_CURVE_SECP256K1, signature.byte));
        assert_ok(zc_verify_digest(&signer.pubkey, digest, signature.byte));
        assert_ok(zc_recover_secp256k1(digest, &signature, &recovered));
        assert_true(zc_pubkey_eq(&recovered, &signer.pubkey));
        signature.recovery ^= 1;
        assert_ok(zc_recover_secp256k1(digest, &signature, &recovered));
        assert_false(zc_pubkey_eq(&recovered, &signer.pubkey));
    }
}

/* Every order of edge key and edge nonce, by both ways of computing. */
static void p256_sign__edge_nonces_and_keys__both_ways_agree(void **state)
{
    (void)state;
    static const char *const scalars[] = {
        "0000000000000000000000000000000000000000000000000000000000000001",
        "0000000000000000000000000000000000000000000000000000000000000002",
        "00000000000000000000000000000000000000000000000000000000deadbeef",
        "0000000000000000ffffffffffffffffffffffffffffffffffffffffffffffff",
        "8000000000000000000000000000000000000000000000000000000000000000",
        "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8", /* (n − 1) / 2 */
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
        p256_n_less_1,
    };
    enum { COUNT = sizeof scalars / sizeof scalars[0] };
    static const uint8_t digests[3][32] = {{0}, {1, 2, 3}, {[0 ... 31] = 0xff}};
    for (size_t i = 0; i < COUNT * COUNT * 3; i++) {
        uint8_t fast[64], plain[64];
        zc_secret32 nonce;
        const uint8_t *digest = digests[i % 3];
        zc_signer signer = signer_of(ZC_CURVE_P256, scalars[i / 3 % COUNT]);
        FROM_HEX(nonce.byte, scalars[i / 3 / COUNT]);
        zc_result quick = zc_p256_sign(&signer.private_key, &nonce, digest, fast);
        zc_result slow = zc_p256_sign_plain(&signer.private_key, &nonce, digest, plain);
        assert_int_equal(zc_ok(quick), zc_ok(slow));
        if (zc_ok(quick)) {
            assert_memory_equal(fast, plain, 64);
            assert_ok(zc_verify_digest(&signer.pubkey, digest, fast));
        }
    }
}

static void p256_sign__random__both_ways_agree(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(3);
    for (int i = 0; i < 500; i++) {
        zc_signer key, nonce;
        uint8_t digest[32], fast[64], plain[64];
        assert_ok(zc_signer_generate(&key, ZC_CURVE_P256, &drbg));
        assert_ok(zc_signer_generate(&nonce, ZC_CURVE_P256, &drbg));
        zc_drbg_bytes(&drbg, digest, sizeof digest);
        assert_ok(zc_p256_sign(&key.private_key, &nonce.private_key, digest, fast));
        assert_ok(zc_p256_sign_plain(&key.private_key, &nonce.private_key, digest, plain));
        assert_memory_equal(fast, plain, 64);
    }
}

/* z = −r·d makes s zero: with d = 1 and k = 1, z = n − r. */
static void p256_sign__nonce_that_makes_s_zero__is_refused(void **state)
{
    (void)state;
    static const zc_secret32 one = {{[31] = 1}};
    static const uint8_t zero[32];
    uint8_t sig[64], digest[32];
    zc_scalar r;
    assert_ok(zc_p256_sign(&one, &one, zero, sig));
    zc_scalar_from_be(sig, &r);
    zc_scalar_negate(&zc_p256_order, &r, &r);
    zc_scalar_to_be(&r, digest);
    assert_fails(zc_p256_sign(&one, &one, digest, sig), ZC_CRYPTO_UNUSABLE_NONCE);
}

static void sign_digest__hedged__fresh_bytes_change_the_nonce(void **state)
{
    (void)state;
    static const uint8_t digest[32] = {1}, other[32] = {2};
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_drbg drbg = drbg_of(4);
        zc_signer signer;
        zc_signature a, b, again, fixed;
        assert_ok(zc_signer_generate(&signer, curve, &drbg));
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, fresh, digest, &a));
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, fresh, digest, &again));
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, other, digest, &b));
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &fixed));
        assert_memory_equal(a.byte, again.byte, 64);
        assert_memory_not_equal(a.byte, b.byte, 32);
        assert_memory_not_equal(a.byte, fixed.byte, 32);
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, other, digest, &b));
        assert_memory_equal(b.byte, fixed.byte, 64);
    }
}

static void signer_init__zero_or_not_below_the_order__refused(void **state)
{
    (void)state;
    static const zc_curve curves[] = {ZC_CURVE_P256, ZC_CURVE_SECP256K1};
    static const char *const orders[] = {p256_n, secp256k1_n};
    static const char *const largest[] = {p256_n_less_1, secp256k1_n_less_1};
    for (size_t i = 0; i < 2; i++) {
        zc_signer signer = {.pubkey = {.len = 99}};
        zc_secret32 key = {{0}};
        assert_fails(zc_signer_init(&signer, curves[i], &key), ZC_CRYPTO_BAD_PRIVATE_KEY);
        FROM_HEX(key.byte, orders[i]);
        assert_fails(zc_signer_init(&signer, curves[i], &key), ZC_CRYPTO_BAD_PRIVATE_KEY);
        memset(key.byte, 0xff, 32);
        assert_fails(zc_signer_init(&signer, curves[i], &key), ZC_CRYPTO_BAD_PRIVATE_KEY);
        assert_int_equal(signer.pubkey.len, 99);
        FROM_HEX(key.byte, largest[i]);
        assert_ok(zc_signer_init(&signer, curves[i], &key));
    }
    zc_signer signer;
    zc_secret32 any = {{[0 ... 31] = 0xff}};
    assert_ok(zc_signer_init(&signer, ZC_CURVE_ED25519, &any));
    assert_fails(zc_signer_init(&signer, (zc_curve)0, &any), ZC_CRYPTO_WRONG_CURVE);
    assert_fails(zc_signer_init(&signer, (zc_curve)4, &any), ZC_CRYPTO_WRONG_CURVE);
}

static void sign__wrong_curve__refused(void **state)
{
    (void)state;
    static const uint8_t digest[32] = {1};
    zc_drbg drbg = drbg_of(6);
    zc_signer ed25519, p256;
    zc_signature signature;
    assert_ok(zc_signer_generate(&ed25519, ZC_CURVE_ED25519, &drbg));
    assert_ok(zc_signer_generate(&p256, ZC_CURVE_P256, &drbg));
    assert_fails(zc_sign_digest(&ed25519, ZC_NONCE_HEDGED, fresh, digest, &signature),
                 ZC_CRYPTO_WRONG_CURVE);
    assert_fails(zc_sign_message_ed25519(&p256, ZC_SLICE_OF_ARRAY(digest), &signature),
                 ZC_CRYPTO_WRONG_CURVE);
}

static void setup__twice__signatures_stay_the_same(void **state)
{
    (void)state;
    static const uint8_t digest[32] = {1}, seed[2][32] = {{1}, {2}};
    zc_drbg drbg = drbg_of(7);
    zc_signer signer;
    zc_signature before, after;
    assert_ok(zc_signer_generate(&signer, ZC_CURVE_SECP256K1, &drbg));
    assert_ok(zc_crypto_setup(seed[0]));
    assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, fresh, digest, &before));
    assert_ok(zc_crypto_setup(seed[1]));
    assert_ok(zc_sign_digest(&signer, ZC_NONCE_HEDGED, fresh, digest, &after));
    assert_memory_equal(before.byte, after.byte, 64);
}

static void signer_clear__leaves__zeros(void **state)
{
    (void)state;
    static const zc_signer zero;
    zc_drbg drbg = drbg_of(8);
    zc_signer signer;
    assert_ok(zc_signer_generate(&signer, ZC_CURVE_ED25519, &drbg));
    zc_signer_clear(&signer);
    assert_memory_equal(&signer, &zero, sizeof signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_digest__rfc_6979_a_2_5__published_signature),
        cmocka_unit_test(sign_digest__secp256k1_satoshi__published_signature),
        cmocka_unit_test(sign_message__rfc_8032_test_2__published_signature),
        cmocka_unit_test(sign_digest__random_p256_keys__openssl_verifies),
        cmocka_unit_test(sign_digest__random_secp256k1_keys__verify_recover_and_low_s),
        cmocka_unit_test(p256_sign__edge_nonces_and_keys__both_ways_agree),
        cmocka_unit_test(p256_sign__random__both_ways_agree),
        cmocka_unit_test(p256_sign__nonce_that_makes_s_zero__is_refused),
        cmocka_unit_test(sign_digest__hedged__fresh_bytes_change_the_nonce),
        cmocka_unit_test(signer_init__zero_or_not_below_the_order__refused),
        cmocka_unit_test(sign__wrong_curve__refused),
        cmocka_unit_test(setup__twice__signatures_stay_the_same),
        cmocka_unit_test(signer_clear__leaves__zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
