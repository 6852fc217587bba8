#include "cmocka_zc.h"

#include "crypto/aead.h"
#include "crypto/box.h"
#include "crypto/random.h"

static const uint8_t nonce[12] = {1, 2, 3};
static const zc_secret32 key = {{9, 8, 7}};

/* NIST's GCM test case 16 (AES-256, with additional data). */
static void aead_seal__nist_case_16__published_ciphertext(void **state)
{
    (void)state;
    zc_secret32 own;
    uint8_t iv[12], aad[20], plain[60], tag[16];
    zc_aead aead;
    FROM_HEX(own.byte, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    FROM_HEX(iv, "cafebabefacedbaddecaf888");
    FROM_HEX(aad, "feedfacedeadbeeffeedfacedeadbeefabaddad2");
    FROM_HEX(plain, "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    assert_ok(zc_aead_init(&aead, &own));
    assert_ok(zc_aead_seal(&aead, iv, ZC_SLICE_OF_ARRAY(aad), plain, sizeof plain, plain, tag));
    assert_hex(plain, 60,
               "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
               "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662");
    assert_hex(tag, 16, "76fc6ece0f4e1768cddf8853bb2d551b");
    zc_aead_clear(&aead);
}

static void aead_open__every_length__gives_back_what_was_sealed(void **state)
{
    (void)state;
    uint8_t plain[80], text[80], tag[16];
    zc_aead aead;
    assert_ok(zc_aead_init(&aead, &key));
    for (size_t len = 0; len <= sizeof plain; len++) {
        memset(plain, (int)len, sizeof plain);
        zc_slice aad = zc_slice_of(plain, 80 - len);
        assert_ok(zc_aead_seal(&aead, nonce, aad, plain, len, text, tag));
        assert_ok(zc_aead_open(&aead, nonce, aad, text, len, tag, text));
        assert_memory_equal(text, plain, len);
    }
    zc_aead_clear(&aead);
    zc_aead_clear(&aead);
}

static void aead_open__any_bit_flipped__refused_and_zeroed(void **state)
{
    (void)state;
    static const uint8_t zeros[40];
    uint8_t message[12 + 5 + 40 + 16] = {0}; /* nonce, additional data, ciphertext, tag */
    uint8_t plain[40];
    zc_aead aead;
    memset(plain, 0x55, sizeof plain);
    assert_ok(zc_aead_init(&aead, &key));
    assert_ok(zc_aead_seal(&aead, message, zc_slice_of(message + 12, 5), plain, 40, message + 17,
                           message + 57));
    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(plain, 0x55, sizeof plain);
        assert_fails(zc_aead_open(&aead, message, zc_slice_of(message + 12, 5), message + 17, 40,
                                  message + 57, plain),
                     ZC_CRYPTO_BAD_TAG);
        assert_memory_equal(plain, zeros, sizeof plain);
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    /* The context survives failures. */
    assert_ok(zc_aead_open(&aead, message, zc_slice_of(message + 12, 5), message + 17, 40,
                           message + 57, plain));
    zc_aead_clear(&aead);
}

static void drbg__same_seed__same_bytes_and_no_repetition(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {5};
    static uint8_t one[2000], two[2000];
    zc_drbg a, b;
    zc_drbg_init(&a, seed);
    zc_drbg_init(&b, seed);
    zc_drbg_bytes(&a, one, sizeof one);
    zc_drbg_bytes(&b, two, sizeof two);
    assert_memory_equal(one, two, sizeof one);
    for (size_t i = 0; i + 32 <= sizeof one; i += 32) {
        for (size_t j = i + 32; j + 32 <= sizeof one; j += 32) {
            assert_memory_not_equal(one + i, one + j, 32);
        }
    }
    zc_drbg_bytes(&a, two, sizeof two);
    assert_memory_not_equal(one, two, 32);
    zc_drbg_clear(&a);
    zc_drbg_clear(&b);
}

static void drbg_bytes__state_afterwards__is_not_the_output_or_the_old_state(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {6};
    uint8_t out[64];
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    zc_drbg_bytes(&drbg, out, sizeof out);
    assert_memory_not_equal(drbg.state.byte, seed, 32);
    assert_memory_not_equal(drbg.state.byte, out, 32);
    assert_memory_not_equal(drbg.state.byte, out + 32, 32);
}

static void drbg_reseed__other_entropy_or_state__other_bytes(void **state)
{
    (void)state;
    static const uint8_t seed[2][32] = {{1}, {2}};
    uint8_t out[4][32];
    for (size_t i = 0; i < 4; i++) {
        zc_drbg drbg;
        zc_drbg_init(&drbg, seed[i / 2]);
        zc_drbg_reseed(&drbg, zc_slice_of(seed[i % 2], 32));
        zc_drbg_bytes(&drbg, out[i], 32);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(out[j], out[i], 32);
        }
    }
}

/* RFC 7748 §6.1 */
static void x25519__rfc_7748__published_shared_secret(void **state)
{
    (void)state;
    zc_secret32 bob, shared;
    uint8_t alice_public[32], bob_public[32];
    FROM_HEX(bob.byte, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    FROM_HEX(alice_public, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    zc_x25519_public(&bob, bob_public);
    assert_hex(bob_public, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_ok(zc_x25519(&bob, alice_public, &shared));
    assert_hex(shared.byte, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

static void x25519__small_order_peer__refused(void **state)
{
    (void)state;
    static const uint8_t zero[32], one[32] = {1};
    zc_secret32 shared = {{3}};
    assert_fails(zc_x25519(&key, zero, &shared), ZC_CRYPTO_BAD_PUBLIC_KEY);
    assert_fails(zc_x25519(&key, one, &shared), ZC_CRYPTO_BAD_PUBLIC_KEY);
    assert_int_equal(shared.byte[0], 3);
}

static void box_open__any_bit_flipped_or_length_changed__refused(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {4}, plain[32] = "thirty-two bytes of private key";
    uint8_t public[32], sealed[32 + ZC_BOX_OVERHEAD], opened[32];
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    zc_x25519_public(&key, public);
    assert_ok(zc_box_seal(public, &drbg, plain, sizeof plain, sealed));
    assert_ok(zc_box_open(&key, ZC_SLICE_OF_ARRAY(sealed), opened, sizeof opened));
    assert_memory_equal(opened, plain, sizeof plain);
    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        /* X25519 ignores the highest bit of the ephemeral key; the salt does not. */
        assert_fails(zc_box_open(&key, ZC_SLICE_OF_ARRAY(sealed), opened, sizeof opened),
                     ZC_CRYPTO_BAD_TAG);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t len = 0; len < sizeof sealed; len++) {
        assert_fails(zc_box_open(&key, zc_slice_of(sealed, len), opened, sizeof opened),
                     ZC_CRYPTO_BAD_SEALED_BOX);
    }
    memset(sealed, 0, 32);
    assert_fails(zc_box_open(&key, ZC_SLICE_OF_ARRAY(sealed), opened, sizeof opened),
                 ZC_CRYPTO_BAD_PUBLIC_KEY);
}

static void box_seal__small_order_recipient_or_too_long__refused(void **state)
{
    (void)state;
    static const uint8_t zero[32];
    static uint8_t sealed[ZC_BOX_MAX_PLAIN + 1 + ZC_BOX_OVERHEAD], plain[ZC_BOX_MAX_PLAIN + 1];
    uint8_t public[32];
    zc_drbg drbg;
    zc_drbg_init(&drbg, zero);
    zc_x25519_public(&key, public);
    assert_fails(zc_box_seal(zero, &drbg, plain, 1, sealed), ZC_CRYPTO_BAD_PUBLIC_KEY);
    assert_fails(zc_box_seal(public, &drbg, plain, sizeof plain, sealed), ZC_CRYPTO_BAD_SEALED_BOX);
    assert_ok(zc_box_seal(public, &drbg, plain, ZC_BOX_MAX_PLAIN, sealed));
    assert_fails(zc_box_open(&key, zc_slice_of(sealed, sizeof sealed), plain, sizeof plain),
                 ZC_CRYPTO_BAD_SEALED_BOX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aead_seal__nist_case_16__published_ciphertext),
        cmocka_unit_test(aead_open__every_length__gives_back_what_was_sealed),
        cmocka_unit_test(aead_open__any_bit_flipped__refused_and_zeroed),
        cmocka_unit_test(drbg__same_seed__same_bytes_and_no_repetition),
        cmocka_unit_test(drbg_bytes__state_afterwards__is_not_the_output_or_the_old_state),
        cmocka_unit_test(drbg_reseed__other_entropy_or_state__other_bytes),
        cmocka_unit_test(x25519__rfc_7748__published_shared_secret),
        cmocka_unit_test(x25519__small_order_peer__refused),
        cmocka_unit_test(box_open__any_bit_flipped_or_length_changed__refused),
        cmocka_unit_test(box_seal__small_order_recipient_or_too_long__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
