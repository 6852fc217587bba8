/* Random keys and digests, ours against the libraries: each signature is verified by code that is
 * not ours, and each deterministic one is the library's to the last bit.
 *
 * ZCP_COMPARE is how many keys; a million take some minutes a curve. */
#include "cmocka_zc.h"

#include <stdio.h>

#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <secp256k1_recovery.h>
#include <sodium.h>

#include "crypto/p256.h"
#include "crypto/rfc6979.h"
#include "crypto/setup.h"
#include "crypto/signer.h"

enum { USUAL = 1500 };

static unsigned long count = USUAL;

typedef struct drawn {
    zc_signer signer;
    uint8_t digest[32], fresh[32];
} drawn;

static void draw(zc_curve curve, zc_drbg *drbg, drawn *ret_drawn)
{
    assert_ok(zc_signer_generate(&ret_drawn->signer, curve, drbg));
    zc_drbg_bytes(drbg, ret_drawn->digest, 32);
    zc_drbg_bytes(drbg, ret_drawn->fresh, 32);
}

static zc_drbg drbg_of(uint8_t seed)
{
    const uint8_t bytes[32] = {seed};
    zc_drbg drbg;
    zc_drbg_init(&drbg, bytes);
    return drbg;
}

static void assert_openssl_verifies(const drawn *of, const uint8_t sig[64])
{
    EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    ECDSA_SIG *parsed = ECDSA_SIG_new();
    assert_int_equal(EC_KEY_oct2key(key, of->signer.pubkey.byte, 65, NULL), 1);
    ECDSA_SIG_set0(parsed, BN_bin2bn(sig, 32, NULL), BN_bin2bn(sig + 32, 32, NULL));
    assert_int_equal(ECDSA_do_verify(of->digest, 32, parsed, key), 1);
    ECDSA_SIG_free(parsed);
    EC_KEY_free(key);
}

/* OpenSSL's arithmetic with the nonce of RFC 6979. */
static void assert_openssl_gives(const drawn *of, zc_slice extra, const uint8_t sig[64])
{
    zc_secret32 nonce;
    uint8_t expected[64];
    zc_rfc6979_nonce(&zc_p256_order, &of->signer.private_key, of->digest, extra, 0, &nonce);
    assert_ok(zc_p256_sign_plain(&of->signer.private_key, &nonce, of->digest, expected));
    assert_memory_equal(sig, expected, 64);
}

static void p256__random_keys__openssl_verifies_and_gives_the_same(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(41);
    for (unsigned long i = 0; i < count; i++) {
        drawn now;
        zc_signature hedged, fixed;
        draw(ZC_CURVE_P256, &drbg, &now);
        assert_ok(zc_sign_digest(&now.signer, ZC_NONCE_HEDGED, now.fresh, now.digest, &hedged));
        assert_openssl_verifies(&now, hedged.byte);
        assert_openssl_gives(&now, ZC_SLICE_OF_ARRAY(now.fresh), hedged.byte);
        if (i % 16 == 0) {
            assert_ok(
                zc_sign_digest(&now.signer, ZC_NONCE_DETERMINISTIC, now.fresh, now.digest, &fixed));
            assert_openssl_gives(&now, zc_slice_of(NULL, 0), fixed.byte);
        }
    }
}

/* The library's own nonce function; NULL or 32 bytes of extra data. */
static void assert_library_gives(const secp256k1_context *ctx, const drawn *of,
                                 const uint8_t *extra, const zc_signature *signature)
{
    secp256k1_ecdsa_recoverable_signature made;
    uint8_t expected[64];
    int recovery;
    assert_int_equal(secp256k1_ecdsa_sign_recoverable(ctx, &made, of->digest,
                                                      of->signer.private_key.byte, NULL, extra),
                     1);
    secp256k1_ecdsa_recoverable_signature_serialize_compact(ctx, expected, &recovery, &made);
    assert_memory_equal(signature->byte, expected, 64);
    assert_int_equal(signature->recovery, recovery);
}

static void secp256k1__random_keys__the_library_gives_the_same(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(42);
    secp256k1_context *ctx = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    for (unsigned long i = 0; i < count; i++) {
        drawn now;
        zc_signature hedged, fixed;
        draw(ZC_CURVE_SECP256K1, &drbg, &now);
        assert_ok(zc_sign_digest(&now.signer, ZC_NONCE_HEDGED, now.fresh, now.digest, &hedged));
        assert_library_gives(ctx, &now, now.fresh, &hedged);
        if (i % 16 == 0) {
            assert_ok(
                zc_sign_digest(&now.signer, ZC_NONCE_DETERMINISTIC, now.fresh, now.digest, &fixed));
            assert_library_gives(ctx, &now, NULL, &fixed);
        }
    }
    secp256k1_context_destroy(ctx);
}

static void ed25519__random_keys__libsodium_verifies_and_gives_the_same(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(43);
    for (unsigned long i = 0; i < count; i++) {
        drawn now;
        zc_signature hedged, fixed;
        uint8_t expected[64], pub[32], key[64];
        draw(ZC_CURVE_ED25519, &drbg, &now);
        zc_slice message = zc_slice_of(now.digest, i % 33);
        assert_ok(zc_sign_ed25519(&now.signer, ZC_NONCE_HEDGED, now.fresh, message, &hedged));
        assert_int_equal(crypto_sign_verify_detached(hedged.byte, message.data, message.len,
                                                     now.signer.pubkey.byte),
                         0);
        if (i % 16 == 0) {
            assert_ok(
                zc_sign_ed25519(&now.signer, ZC_NONCE_DETERMINISTIC, now.fresh, message, &fixed));
            crypto_sign_seed_keypair(pub, key, now.signer.private_key.byte);
            crypto_sign_detached(expected, NULL, message.data, message.len, key);
            assert_memory_equal(fixed.byte, expected, 64);
            assert_memory_not_equal(fixed.byte, hedged.byte, 32);
        }
    }
}

/* Fresh bytes and message both change R, and nothing else does. */
static void ed25519_hedged__same_or_other_fresh_bytes__same_or_other_nonce(void **state)
{
    (void)state;
    zc_drbg drbg = drbg_of(44);
    drawn now;
    zc_signature a, b;
    draw(ZC_CURVE_ED25519, &drbg, &now);
    zc_slice message = ZC_SLICE_OF_ARRAY(now.digest);
    assert_ok(zc_sign_ed25519(&now.signer, ZC_NONCE_HEDGED, now.fresh, message, &a));
    assert_ok(zc_sign_ed25519(&now.signer, ZC_NONCE_HEDGED, now.fresh, message, &b));
    assert_memory_equal(a.byte, b.byte, 64);
    now.fresh[31] ^= 1;
    assert_ok(zc_sign_ed25519(&now.signer, ZC_NONCE_HEDGED, now.fresh, message, &b));
    assert_memory_not_equal(a.byte, b.byte, 32);
    now.fresh[31] ^= 1;
    now.digest[0] ^= 1;
    assert_ok(zc_sign_ed25519(&now.signer, ZC_NONCE_HEDGED, now.fresh, message, &b));
    assert_memory_not_equal(a.byte, b.byte, 32);
}

int main(void)
{
    static const uint8_t seed[32] = {1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p256__random_keys__openssl_verifies_and_gives_the_same),
        cmocka_unit_test(secp256k1__random_keys__the_library_gives_the_same),
        cmocka_unit_test(ed25519__random_keys__libsodium_verifies_and_gives_the_same),
        cmocka_unit_test(ed25519_hedged__same_or_other_fresh_bytes__same_or_other_nonce),
    };
    const char *wanted = getenv("ZCP_COMPARE");
    if (wanted != NULL && strtoul(wanted, NULL, 10) > 0) {
        count = strtoul(wanted, NULL, 10);
        printf("%lu keys a curve\n", count);
    }
    return zc_ok(zc_crypto_setup(seed)) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
