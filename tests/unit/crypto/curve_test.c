#include "cmocka_zc.h"

#include "crypto/signer.h"
#include "crypto/verify.h"

static zc_signer signer_on(zc_curve curve)
{
    static const uint8_t seed[32] = {11};
    zc_drbg drbg;
    zc_signer signer;
    zc_drbg_init(&drbg, seed);
    assert_ok(zc_signer_generate(&signer, curve, &drbg));
    return signer;
}

static void pubkey_parse__what_compress_gave__same_key(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_signer signer = signer_on(curve);
        zc_pubkey parsed;
        uint8_t compressed[33];
        assert_ok(zc_pubkey_compress(&signer.pubkey, compressed));
        assert_ok(zc_pubkey_parse(curve, ZC_SLICE_OF_ARRAY(compressed), &parsed));
        assert_true(zc_pubkey_eq(&parsed, &signer.pubkey));
        /* The other square root is another key. */
        compressed[0] ^= 1;
        assert_ok(zc_pubkey_parse(curve, ZC_SLICE_OF_ARRAY(compressed), &parsed));
        assert_false(zc_pubkey_eq(&parsed, &signer.pubkey));
        assert_ok(zc_pubkey_parse(curve, zc_pubkey_slice(&signer.pubkey), &parsed));
        assert_true(zc_pubkey_eq(&parsed, &signer.pubkey));
    }
}

static void pubkey_parse__not_a_point__refused(void **state)
{
    (void)state;
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_pubkey good = signer_on(curve).pubkey, bad = good, untouched = {.len = 3};
        bad.byte[64] ^= 1;
        assert_fails(zc_pubkey_parse(curve, zc_pubkey_slice(&bad), &untouched),
                     ZC_CRYPTO_BAD_PUBLIC_KEY);
        /* SEC 1's hybrid form, right parity bit or wrong. */
        for (uint8_t first = 0; first < 8; first++) {
            bad = good;
            bad.byte[0] = first;
            assert_int_equal(zc_ok(zc_pubkey_parse(curve, zc_pubkey_slice(&bad), &bad)),
                             first == 4);
        }
        for (size_t len = 0; len < 65; len++) {
            assert_fails(zc_pubkey_parse(curve, zc_slice_of(good.byte, len), &untouched),
                         ZC_CRYPTO_BAD_PUBLIC_KEY);
        }
        static const uint8_t infinity[1] = {0};
        assert_fails(zc_pubkey_parse(curve, ZC_SLICE_OF_ARRAY(infinity), &untouched),
                     ZC_CRYPTO_BAD_PUBLIC_KEY);
        assert_int_equal(untouched.len, 3);
    }
}

static void pubkey_parse__key_of_the_other_curve__refused(void **state)
{
    (void)state;
    zc_pubkey key = signer_on(ZC_CURVE_P256).pubkey;
    assert_fails(zc_pubkey_parse(ZC_CURVE_SECP256K1, zc_pubkey_slice(&key), &key),
                 ZC_CRYPTO_BAD_PUBLIC_KEY);
    assert_fails(zc_pubkey_parse((zc_curve)9, zc_pubkey_slice(&key), &key), ZC_CRYPTO_WRONG_CURVE);
    assert_fails(zc_pubkey_parse(ZC_CURVE_ED25519, zc_pubkey_slice(&key), &key),
                 ZC_CRYPTO_BAD_PUBLIC_KEY);
}

/* The eight points of small order, and one non-canonical encoding. */
static void pubkey_parse__ed25519_small_order_or_not_canonical__refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    zc_pubkey good = signer_on(ZC_CURVE_ED25519).pubkey, parsed;
    assert_ok(zc_pubkey_parse(ZC_CURVE_ED25519, zc_pubkey_slice(&good), &parsed));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint8_t bytes[32];
        FROM_HEX(bytes, bad[i]);
        assert_fails(zc_pubkey_parse(ZC_CURVE_ED25519, ZC_SLICE_OF_ARRAY(bytes), &parsed),
                     ZC_CRYPTO_BAD_PUBLIC_KEY);
    }
    assert_fails(zc_pubkey_compress(&good, (uint8_t[33]){0}), ZC_CRYPTO_WRONG_CURVE);
}

static void curve_name__each__has_one(void **state)
{
    (void)state;
    assert_string_equal(zc_curve_name(ZC_CURVE_SECP256K1), "secp256k1");
    assert_string_equal(zc_curve_name(ZC_CURVE_P256), "p256");
    assert_string_equal(zc_curve_name(ZC_CURVE_ED25519), "ed25519");
    assert_null(zc_curve_name((zc_curve)0));
    assert_false(zc_curve_is_known(0));
    assert_false(zc_curve_is_known(4));
    assert_false(zc_curve_is_known(UINT64_MAX));
}

/* r or s of zero, of the order, of all ones: each combination. */
static void verify_digest__scalars_out_of_range__refused(void **state)
{
    (void)state;
    static const char *const orders[] = {
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"};
    static const uint8_t digest[32] = {1}, fresh[32];
    for (zc_curve curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_P256; curve++) {
        zc_signer signer = signer_on(curve);
        zc_signature good;
        uint8_t bad[3][32];
        assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &good));
        memset(bad[0], 0, 32);
        FROM_HEX(bad[1], orders[curve - 1]);
        memset(bad[2], 0xff, 32);
        for (size_t half = 0; half < 2; half++) {
            for (size_t i = 0; i < 3; i++) {
                zc_signature changed = good;
                memcpy(changed.byte + 32 * half, bad[i], 32);
                assert_fails(zc_verify_digest(&signer.pubkey, digest, changed.byte),
                             ZC_CRYPTO_BAD_SIGNATURE);
            }
        }
        for (size_t bit = 0; bit < 512; bit++) {
            zc_signature changed = good;
            changed.byte[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_fails(zc_verify_digest(&signer.pubkey, digest, changed.byte),
                         ZC_CRYPTO_BAD_SIGNATURE);
        }
    }
}

static void verify_ed25519__s_plus_order_or_any_bit__refused(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    zc_signer signer = signer_on(ZC_CURVE_ED25519);
    zc_signature signature;
    zc_slice message = zc_slice_of_text("message");
    assert_ok(zc_sign_message_ed25519(&signer, message, &signature));
    assert_ok(zc_verify_ed25519(signer.pubkey.byte, message, signature.byte));
    for (size_t bit = 0; bit < 512; bit++) {
        zc_signature changed = signature;
        changed.byte[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_fails(zc_verify_ed25519(signer.pubkey.byte, message, changed.byte),
                     ZC_CRYPTO_BAD_SIGNATURE);
    }
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += signature.byte[32 + i] + (unsigned)order[i];
        signature.byte[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_fails(zc_verify_ed25519(signer.pubkey.byte, message, signature.byte),
                 ZC_CRYPTO_BAD_SIGNATURE);
    /* The key of order 1 "verifies" any message under lax rules. */
    static const uint8_t identity[32] = {1};
    memset(signature.byte, 0, 64);
    signature.byte[0] = 1;
    assert_fails(zc_verify_ed25519(identity, message, signature.byte), ZC_CRYPTO_BAD_SIGNATURE);
}

static void make_low_s__high_s__other_half_and_recovery(void **state)
{
    (void)state;
    static const uint8_t digest[32] = {9}, fresh[32];
    zc_signer signer = signer_on(ZC_CURVE_SECP256K1);
    zc_signature low, high;
    zc_pubkey recovered;
    assert_ok(zc_sign_digest(&signer, ZC_NONCE_DETERMINISTIC, fresh, digest, &low));
    high = low;
    zc_signature_make_low_s(ZC_CURVE_SECP256K1, &high);
    assert_memory_equal(&high, &low, sizeof low);
    /* s = (n + 1) / 2 is the first high one, (n − 1) / 2 the last low one. */
    FROM_HEX(high.byte, "00000000000000000000000000000000000000000000000000000000000000aa"
                        "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
    assert_true(zc_signature_is_low_s(ZC_CURVE_SECP256K1, high.byte));
    high.byte[63]++;
    high.recovery = 0;
    assert_false(zc_signature_is_low_s(ZC_CURVE_SECP256K1, high.byte));
    zc_signature_make_low_s(ZC_CURVE_SECP256K1, &high);
    assert_int_equal(high.byte[63], 0xa0);
    assert_int_equal(high.recovery, 1);
    low.recovery = 4;
    assert_fails(zc_recover_secp256k1(digest, &low, &recovered), ZC_CRYPTO_BAD_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pubkey_parse__what_compress_gave__same_key),
        cmocka_unit_test(pubkey_parse__not_a_point__refused),
        cmocka_unit_test(pubkey_parse__key_of_the_other_curve__refused),
        cmocka_unit_test(pubkey_parse__ed25519_small_order_or_not_canonical__refused),
        cmocka_unit_test(curve_name__each__has_one),
        cmocka_unit_test(verify_digest__scalars_out_of_range__refused),
        cmocka_unit_test(verify_ed25519__s_plus_order_or_any_bit__refused),
        cmocka_unit_test(make_low_s__high_s__other_half_and_recovery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
