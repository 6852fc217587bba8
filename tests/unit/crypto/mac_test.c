#include "cmocka_zc.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/mac.h"
#include "crypto/random.h"

static zc_mac_secret secret_of(const uint8_t *bytes, size_t len)
{
    zc_mac_secret secret = {.len = (uint16_t)len};
    memcpy(secret.byte, bytes, len);
    return secret;
}

/* RFC 4231, test cases 1 and 6 (a key of 131 bytes). */
static void mac_sign__rfc_4231__published_tags(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        uint8_t key, key_len;
        const char *tag[3];
    } cases[] = {
        {"Hi There",
         0x0b,
         20,
         {"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
          "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
          "faea9ea9076ede7f4af152e8b2fa9cb6",
          "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
          "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"}},
        {"Test Using Larger Than Block-Size Key - Hash Key First",
         0xaa,
         131,
         {"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
          "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
          "0c2ef6ab4030fe8296248df163f44952",
          "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
          "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"}},
    };
    for (size_t i = 0; i < 6; i++) {
        zc_mac_secret secret = {.len = cases[i / 3].key_len};
        zc_mac_key key;
        uint8_t tag[ZC_MAC_MAX_TAG];
        size_t len = 0;
        memset(secret.byte, cases[i / 3].key, secret.len);
        assert_ok(zc_mac_key_init(&key, (zc_key_kind)(ZC_KEY_KIND_HMAC_SHA256 + i % 3), &secret));
        assert_ok(zc_mac_sign(&key, zc_slice_of_text(cases[i / 3].message), tag, &len));
        assert_int_equal(len, zc_mac_tag_len(key.kind));
        assert_hex(tag, len, cases[i / 3].tag[i % 3]);
    }
}

/* Every length of the secret, and messages around the blocks' ends. */
static void mac_sign__every_length__same_as_openssl(void **state)
{
    (void)state;
    const EVP_MD *hashes[] = {EVP_sha256(), EVP_sha384(), EVP_sha512()};
    static const uint8_t seed[32] = {2};
    uint8_t bytes[ZC_MAC_MAX_SECRET], message[600];
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (size_t len = 1; len <= ZC_MAC_MAX_SECRET; len++) {
        for (size_t i = 0; i < 3; i++) {
            uint8_t tag[ZC_MAC_MAX_TAG], expected[64];
            unsigned expected_len = 0;
            size_t tag_len = 0;
            size_t message_len = (len * 7 + i) % sizeof message;
            zc_drbg_bytes(&drbg, bytes, len);
            zc_drbg_bytes(&drbg, message, message_len);
            zc_mac_secret secret = secret_of(bytes, len);
            zc_mac_key key;
            assert_ok(zc_mac_key_init(&key, (zc_key_kind)(ZC_KEY_KIND_HMAC_SHA256 + i), &secret));
            for (int again = 0; again < 2; again++) {
                assert_ok(zc_mac_sign(&key, zc_slice_of(message, message_len), tag, &tag_len));
                assert_non_null(HMAC(hashes[i], bytes, (int)len, message, message_len, expected,
                                     &expected_len));
                assert_int_equal(tag_len, expected_len);
                assert_memory_equal(tag, expected, tag_len);
            }
        }
    }
}

static void mac_key_init__bad_length_or_kind__refused(void **state)
{
    (void)state;
    zc_mac_key key = {.kind = ZC_KEY_KIND_HMAC_SHA384}, none = {0};
    zc_mac_secret secret = {.len = 0};
    uint8_t tag[ZC_MAC_MAX_TAG];
    size_t len = 99;
    assert_fails(zc_mac_key_init(&key, ZC_KEY_KIND_HMAC_SHA256, &secret),
                 ZC_CRYPTO_BAD_SECRET_LENGTH);
    assert_fails(zc_mac_identity(&secret, tag), ZC_CRYPTO_BAD_SECRET_LENGTH);
    secret.len = ZC_MAC_MAX_SECRET + 1;
    assert_fails(zc_mac_key_init(&key, ZC_KEY_KIND_HMAC_SHA256, &secret),
                 ZC_CRYPTO_BAD_SECRET_LENGTH);
    assert_fails(zc_mac_identity(&secret, tag), ZC_CRYPTO_BAD_SECRET_LENGTH);
    secret.len = ZC_MAC_MAX_SECRET;
    assert_fails(zc_mac_key_init(&key, ZC_KEY_KIND_ED25519, &secret), ZC_CRYPTO_UNKNOWN_SCHEME);
    assert_fails(zc_mac_key_init(&key, ZC_KEY_KIND_RSA, &secret), ZC_CRYPTO_UNKNOWN_SCHEME);
    assert_int_equal(key.kind, ZC_KEY_KIND_HMAC_SHA384);
    assert_fails(zc_mac_sign(&none, ZC_SLICE_OF_ARRAY(tag), tag, &len), ZC_CRYPTO_UNKNOWN_SCHEME);
    assert_int_equal(len, 99);
}

static void mac_identity__another_secret__another_identity(void **state)
{
    (void)state;
    uint8_t a[32], b[32], tag[ZC_MAC_MAX_TAG];
    size_t len;
    zc_mac_secret secret = {.len = 64, .byte = {1, 2, 3}};
    zc_mac_key key;
    assert_ok(zc_mac_identity(&secret, a));
    assert_ok(zc_mac_identity(&secret, b));
    assert_memory_equal(a, b, 32);
    /* Not what a message could make the key sign. */
    assert_ok(zc_mac_key_init(&key, ZC_KEY_KIND_HMAC_SHA512, &secret));
    assert_ok(zc_mac_sign(&key, zc_slice_of_text("zerocopy: which API secret"), tag, &len));
    assert_memory_not_equal(a, tag, 32);
    secret.byte[63] ^= 1;
    assert_ok(zc_mac_identity(&secret, b));
    assert_memory_not_equal(a, b, 32);
}

static void mac_clear__leaves__zeros(void **state)
{
    (void)state;
    static const zc_mac_key zero;
    static const zc_mac_secret no_secret;
    zc_mac_secret secret = {.len = 9, .byte = "topsecret"};
    zc_mac_key key;
    assert_ok(zc_mac_key_init(&key, ZC_KEY_KIND_HMAC_SHA256, &secret));
    zc_mac_key_clear(&key);
    zc_mac_secret_wipe(&secret);
    assert_memory_equal(&key, &zero, sizeof key);
    assert_memory_equal(&secret, &no_secret, sizeof secret);
}

static void key_kind__numbers__those_of_the_curves_and_no_others(void **state)
{
    (void)state;
    static const char *const names[] = {"secp256k1",   "p256",        "ed25519", "hmac-sha256",
                                        "hmac-sha384", "hmac-sha512", "rsa"};
    assert_false(zc_key_kind_is_known(0));
    assert_false(zc_key_kind_is_known(8));
    for (unsigned i = 1; i <= 7; i++) {
        zc_key_kind kind = (zc_key_kind)i;
        assert_true(zc_key_kind_is_known(i));
        assert_string_equal(zc_key_kind_name(kind), names[i - 1]);
        assert_int_equal(zc_key_kind_has_curve(kind), i <= 3);
        assert_int_equal(zc_key_kind_is_mac(kind), i >= 4 && i <= 6);
        assert_int_equal(zc_mac_tag_len(kind) > 0, zc_key_kind_is_mac(kind));
    }
    assert_null(zc_key_kind_name((zc_key_kind)8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mac_sign__rfc_4231__published_tags),
        cmocka_unit_test(mac_sign__every_length__same_as_openssl),
        cmocka_unit_test(mac_key_init__bad_length_or_kind__refused),
        cmocka_unit_test(mac_identity__another_secret__another_identity),
        cmocka_unit_test(mac_clear__leaves__zeros),
        cmocka_unit_test(key_kind__numbers__those_of_the_curves_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
