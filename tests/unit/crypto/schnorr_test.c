#include "cmocka_zc.h"

#include "bip340_vectors.h"
#include "crypto/schnorr.h"
#include "crypto/setup.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static zc_signer signer_of(const char *private_key)
{
    zc_secret32 key;
    zc_signer signer;
    FROM_HEX(key.byte, private_key);
    assert_ok(zc_signer_init(&signer, ZC_CURVE_SECP256K1, &key));
    return signer;
}

static zc_slice message_of(const char *text, uint8_t room[static 256])
{
    size_t len = strlen(text) / 2;
    assert_true(len <= 256);
    assert_ok(zc_hex_decode(zc_slice_of_text(text), room, len));
    return zc_slice_of(room, len);
}

/* NULL where the vector has no root. */
static const uint8_t *root_of(const char *text, uint8_t room[static 32])
{
    if (text[0] == '\0') {
        return NULL;
    }
    assert_ok(zc_hex_decode(zc_slice_of_text(text), room, 32));
    return room;
}

static void schnorr_verify__bip_340_vectors__as_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bip340); i++) {
        uint8_t x[32], sig[64], room[256];
        FROM_HEX(x, bip340[i].x);
        FROM_HEX(sig, bip340[i].sig);
        zc_slice message = message_of(bip340[i].message, room);
        assert_int_equal(zc_ok(zc_schnorr_verify(x, message, sig)), bip340[i].valid);
    }
}

static void schnorr_sign__bip_340_vectors__published_signatures(void **state)
{
    (void)state;
    unsigned signed_ones = 0;
    for (size_t i = 0; i < COUNT_OF(bip340); i++) {
        if (bip340[i].private_key[0] == '\0') {
            continue;
        }
        uint8_t aux[32], x[32], room[256];
        zc_signature signature;
        zc_signer signer = signer_of(bip340[i].private_key);
        FROM_HEX(aux, bip340[i].aux);
        assert_ok(zc_schnorr_pubkey(&signer.pubkey, x));
        assert_hex(x, 32, bip340[i].x);
        assert_ok(zc_schnorr_sign(&signer, aux, message_of(bip340[i].message, room),
                                  ZC_SCHNORR_PLAIN, NULL, &signature));
        assert_hex(signature.byte, 64, bip340[i].sig);
        assert_int_equal(signature.recovery, 0);
        signed_ones++;
    }
    assert_true(signed_ones >= 5);
}

static void schnorr_sign__bip_341_key_path__published_signatures(void **state)
{
    (void)state;
    static const uint8_t aux[32];
    for (size_t i = 0; i < COUNT_OF(bip341); i++) {
        uint8_t root[32], digest[32], output[32], parity;
        zc_signature signature;
        zc_signer signer = signer_of(bip341[i].private_key);
        const uint8_t *merkle_root = root_of(bip341[i].merkle_root, root);
        FROM_HEX(digest, bip341[i].digest);
        assert_ok(zc_schnorr_sign(&signer, aux, ZC_SLICE_OF_ARRAY(digest), ZC_SCHNORR_TAPROOT,
                                  merkle_root, &signature));
        assert_hex(signature.byte, 64, bip341[i].sig);
        assert_ok(zc_taproot_output_key(&signer.pubkey, merkle_root, output, &parity));
        assert_ok(zc_schnorr_verify(output, ZC_SLICE_OF_ARRAY(digest), signature.byte));
    }
}

static void taproot_output_key__bip_341_vectors__published_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(outputs); i++) {
        uint8_t compressed[33] = {0x02}, root[32], output[32], other[32], parity, other_parity;
        zc_pubkey internal;
        assert_ok(zc_hex_decode(zc_slice_of_text(outputs[i].internal), compressed + 1, 32));
        assert_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(compressed), &internal));
        const uint8_t *merkle_root = root_of(outputs[i].merkle_root, root);
        assert_ok(zc_taproot_output_key(&internal, merkle_root, output, &parity));
        assert_hex(output, 32, outputs[i].output);
        assert_true(parity <= 1);
        /* The internal key is its x-coordinate: the other y leads to the same place. */
        compressed[0] = 0x03;
        assert_ok(zc_pubkey_parse(ZC_CURVE_SECP256K1, ZC_SLICE_OF_ARRAY(compressed), &internal));
        assert_ok(zc_taproot_output_key(&internal, merkle_root, other, &other_parity));
        assert_memory_equal(output, other, 32);
        assert_int_equal(parity, other_parity);
    }
}

static void schnorr_sign__random_keys__verify_under_the_output_key_alone(void **state)
{
    (void)state;
    static const uint8_t seed[32] = {21};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (unsigned i = 0; i < 300; i++) {
        uint8_t bytes[96], x[32], output[32], parity;
        zc_signer signer;
        zc_signature signature;
        const uint8_t *root = i % 2 == 0 ? bytes + 64 : NULL;
        zc_drbg_bytes(&drbg, bytes, sizeof bytes);
        assert_ok(zc_signer_generate(&signer, ZC_CURVE_SECP256K1, &drbg));
        zc_slice message = zc_slice_of(bytes, 32);
        assert_ok(
            zc_schnorr_sign(&signer, bytes + 32, message, ZC_SCHNORR_TAPROOT, root, &signature));
        assert_ok(zc_schnorr_pubkey(&signer.pubkey, x));
        assert_ok(zc_taproot_output_key(&signer.pubkey, root, output, &parity));
        assert_ok(zc_schnorr_verify(output, message, signature.byte));
        assert_fails(zc_schnorr_verify(x, message, signature.byte), ZC_CRYPTO_BAD_SIGNATURE);
        bytes[i % 32] ^= 1;
        assert_fails(zc_schnorr_verify(output, message, signature.byte), ZC_CRYPTO_BAD_SIGNATURE);
    }
}

/* A merkle root of zeros is not the same as none. */
static void taproot_output_key__root_of_zeros__another_key_than_without(void **state)
{
    (void)state;
    static const uint8_t zeros[32];
    uint8_t with[32], without[32], parity;
    zc_signer signer = signer_of(bip341[0].private_key);
    assert_ok(zc_taproot_output_key(&signer.pubkey, zeros, with, &parity));
    assert_ok(zc_taproot_output_key(&signer.pubkey, NULL, without, &parity));
    assert_memory_not_equal(with, without, 32);
}

static void schnorr_sign__one_bit_of_the_stored_key_altered__nothing_leaves(void **state)
{
    (void)state;
    static const uint8_t aux[32], digest[32] = {1};
    zc_signer signer = signer_of(bip341[0].private_key);
    for (size_t i = 0; i < 256; i += 7) {
        for (zc_schnorr_tweak tweak = ZC_SCHNORR_PLAIN; tweak <= ZC_SCHNORR_TAPROOT; tweak++) {
            zc_signature signature = {.byte = {0xab}};
            signer.private_key.byte[i / 8] ^= (uint8_t)(1U << (i % 8));
            assert_fails(
                zc_schnorr_sign(&signer, aux, ZC_SLICE_OF_ARRAY(digest), tweak, NULL, &signature),
                ZC_CRYPTO_FAULT);
            assert_int_equal(signature.byte[0], 0xab);
            signer.private_key.byte[i / 8] ^= (uint8_t)(1U << (i % 8));
        }
    }
}

static void schnorr__wrong_curve_or_no_point__refused(void **state)
{
    (void)state;
    static const uint8_t aux[32], seed[32] = {3}, no_x[32] = {[0 ... 31] = 0xff};
    uint8_t x[32], parity, sig[64] = {0};
    zc_drbg drbg;
    zc_drbg_init(&drbg, seed);
    for (zc_curve curve = ZC_CURVE_P256; curve <= ZC_CURVE_ED25519; curve++) {
        zc_signer signer;
        zc_signature signature;
        assert_ok(zc_signer_generate(&signer, curve, &drbg));
        assert_fails(zc_schnorr_sign(&signer, aux, ZC_SLICE_OF_ARRAY(aux), ZC_SCHNORR_PLAIN, NULL,
                                     &signature),
                     ZC_CRYPTO_WRONG_CURVE);
        assert_fails(zc_schnorr_pubkey(&signer.pubkey, x), ZC_CRYPTO_WRONG_CURVE);
        assert_fails(zc_taproot_output_key(&signer.pubkey, NULL, x, &parity),
                     ZC_CRYPTO_WRONG_CURVE);
    }
    assert_fails(zc_schnorr_verify(no_x, ZC_SLICE_OF_ARRAY(aux), sig), ZC_CRYPTO_BAD_PUBLIC_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schnorr_verify__bip_340_vectors__as_they_say),
        cmocka_unit_test(schnorr_sign__bip_340_vectors__published_signatures),
        cmocka_unit_test(schnorr_sign__bip_341_key_path__published_signatures),
        cmocka_unit_test(taproot_output_key__bip_341_vectors__published_keys),
        cmocka_unit_test(schnorr_sign__random_keys__verify_under_the_output_key_alone),
        cmocka_unit_test(taproot_output_key__root_of_zeros__another_key_than_without),
        cmocka_unit_test(schnorr_sign__one_bit_of_the_stored_key_altered__nothing_leaves),
        cmocka_unit_test(schnorr__wrong_curve_or_no_point__refused),
    };
    static const uint8_t seed[32] = {5};
    return zc_ok(zc_crypto_setup(seed)) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
