#include "cmocka_zc.h"

#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/keccak_rounds.h"

static void sha2__fips_180_example__published_hash(void **state)
{
    (void)state;
    uint8_t hash[64];
    zc_sha256(zc_slice_of_text("abc"), hash);
    assert_hex(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    zc_sha384(zc_slice_of_text("abc"), hash);
    assert_hex(hash, 48,
               "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
               "8086072ba1e7cc2358baeca134c825a7");
    zc_sha512(zc_slice_of_text("abc"), hash);
    assert_hex(hash, 64,
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    zc_sha256(zc_slice_of(NULL, 0), hash);
    assert_hex(hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void sha2_ctx__every_split__same_as_at_once(void **state)
{
    (void)state;
    uint8_t data[300], whole256[32], whole384[48], pieces[48];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7);
    }
    zc_sha256(ZC_SLICE_OF_ARRAY(data), whole256);
    zc_sha384(ZC_SLICE_OF_ARRAY(data), whole384);
    for (size_t cut = 0; cut <= sizeof data; cut++) {
        zc_sha256_ctx ctx256;
        zc_sha384_ctx ctx384;
        zc_sha256_init(&ctx256);
        zc_sha256_update(&ctx256, zc_slice_of(data, cut));
        zc_sha256_update(&ctx256, zc_slice_of(data + cut, sizeof data - cut));
        zc_sha256_final(&ctx256, pieces);
        assert_memory_equal(pieces, whole256, 32);
        zc_sha384_init(&ctx384);
        zc_sha384_update(&ctx384, zc_slice_of(data, cut));
        zc_sha384_update(&ctx384, zc_slice_of(data + cut, sizeof data - cut));
        zc_sha384_final(&ctx384, pieces);
        assert_memory_equal(pieces, whole384, 48);
    }
}

static void sha256_public__every_length_and_split__same_as_at_once(void **state)
{
    (void)state;
    static uint8_t data[1200];
    uint8_t whole[32], parts_hash[32];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 11 + i / 256);
    }
    for (size_t len = 0; len <= sizeof data; len++) {
        zc_sha256(zc_slice_of(data, len), whole);
        size_t cuts[] = {0, len / 3, len};
        for (size_t i = 0; i < 3; i++) {
            const zc_slice parts[] = {zc_slice_of(data, cuts[i]), zc_slice_of(NULL, 0),
                                      zc_slice_of(data + cuts[i], len - cuts[i])};
            zc_sha256_public(parts, 3, parts_hash);
            assert_memory_equal(parts_hash, whole, 32);
        }
    }
}

static void keccak256__known_inputs__published_hash(void **state)
{
    (void)state;
    uint8_t hash[32];
    zc_keccak256(zc_slice_of(NULL, 0), hash);
    assert_hex(hash, 32, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    zc_keccak256(zc_slice_of_text("abc"), hash);
    assert_hex(hash, 32, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    zc_keccak256(zc_slice_of_text("transfer(address,uint256)"), hash);
    assert_hex(hash, 4, "a9059cbb");
}

/* The last block is where sponges go wrong: one byte less than full, full, one more. */
static void keccak256__lengths_around_the_rate__all_differ(void **state)
{
    (void)state;
    static const uint8_t zeros[410];
    uint8_t hash[411][32];
    for (size_t len = 0; len <= 410; len++) {
        zc_keccak256(zc_slice_of(zeros, len), hash[len]);
        for (size_t other = 0; other < len; other++) {
            assert_memory_not_equal(hash[other], hash[len], 32);
        }
    }
}

/* 601 messages hashed into one value, which a Python Keccak that agrees with hashlib's SHA3-256 but
 * for the padding byte also finds. */
static void keccak256__every_length_up_to_600__same_as_an_independent_one(void **state)
{
    (void)state;
    uint8_t message[600], link[64] = {0};
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (uint8_t)(7 * i + 1);
    }
    for (size_t len = 0; len <= sizeof message; len++) {
        zc_keccak256(zc_slice_of(message, len), link + 32);
        zc_keccak256(ZC_SLICE_OF_ARRAY(link), link);
    }
    assert_hex(link, 32, "5597de2fe3942e221d669a26d2f1a25d6198197b67b3b56832349fe00125bf9d");
}

/* Blocks of zeros change nothing before each permutation: the published states after one and two of
 * them (XKCP's KeccakF-1600-IntermediateValues), however the processor comes by them. */
static void expect_published_states(zc_keccak_absorber *absorb)
{
    static const uint8_t zeros[2 * ZC_KECCAK_RATE];
    uint64_t lane[ZC_KECCAK_LANES] = {0};
    absorb(lane, zeros, 1);
    assert_true(lane[0] == UINT64_C(0xf1258f7940e1dde7));
    assert_true(lane[24] == UINT64_C(0xeaf1ff7b5ceca249));
    absorb(lane, zeros, 1);
    assert_true(lane[0] == UINT64_C(0x2d5c954df96ecb3c));
    assert_true(lane[24] == UINT64_C(0x20d06cd26a8fbf5c));
    memset(lane, 0, sizeof lane);
    absorb(lane, zeros, 2);
    assert_true(lane[0] == UINT64_C(0x2d5c954df96ecb3c));
    absorb(lane, zeros, 0);
    assert_true(lane[24] == UINT64_C(0x20d06cd26a8fbf5c));
}

static void expect_same_as_plain(zc_keccak_absorber *absorb)
{
    uint64_t lane[ZC_KECCAK_LANES] = {0};
    uint64_t plain[ZC_KECCAK_LANES] = {0};
    uint8_t blocks[8 * ZC_KECCAK_RATE];
    for (size_t i = 0; i < sizeof blocks; i++) {
        blocks[i] = (uint8_t)(i * i + 3 * i + 1);
    }
    for (size_t i = 0; i < 400; i++) {
        absorb(lane, blocks, i % 9);
        zc_keccak_absorb_plain(plain, blocks, i % 9);
        assert_memory_equal(lane, plain, sizeof lane);
        blocks[i] ^= (uint8_t)plain[0];
    }
}

static void keccak_f1600__every_way_that_this_processor_has__same_published_states(void **state)
{
    (void)state;
    expect_published_states(zc_keccak_absorb_plain);
    expect_published_states(zc_keccak_fastest());
    expect_same_as_plain(zc_keccak_fastest());
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
        expect_published_states(zc_keccak_absorb_bmi);
        expect_same_as_plain(zc_keccak_absorb_bmi);
    }
#endif
}

static void hmac__rfc_4231_case_2_and_6__published_tag(void **state)
{
    (void)state;
    uint8_t tag[64], key[131];
    const uint8_t *jefe = (const uint8_t *)"Jefe";
    zc_slice text = zc_slice_of_text("what do ya want for nothing?");
    zc_hmac_sha256_once(jefe, 4, text, tag);
    assert_hex(tag, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    zc_hmac_sha512_once(jefe, 4, text, tag);
    assert_hex(tag, 64,
               "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
               "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    memset(key, 0xaa, sizeof key);
    zc_hmac_sha256_once(key, sizeof key,
                        zc_slice_of_text("Test Using Larger Than Block-Size Key - Hash Key First"),
                        tag);
    assert_hex(tag, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hmac__two_parts_and_reuse__same_as_one(void **state)
{
    (void)state;
    uint8_t one[32], two[32];
    zc_hmac_key key;
    zc_hmac_sha256_key_init(&key, (const uint8_t *)"key", 3);
    for (int again = 0; again < 2; again++) {
        zc_hmac_sha256(&key, zc_slice_of_text("part and part"), one);
        zc_hmac_sha256_2(&key, zc_slice_of_text("part and"), zc_slice_of_text(" part"), two);
        assert_memory_equal(one, two, 32);
    }
    zc_hmac_sha256_key_clear(&key);
    static const zc_hmac_key cleared;
    assert_memory_equal(&key, &cleared, sizeof key);
}

static void hkdf__rfc_5869_case_1_and_3__published_key(void **state)
{
    (void)state;
    uint8_t ikm[22], salt[13], info[10], key[42];
    memset(ikm, 0x0b, sizeof ikm);
    FROM_HEX(salt, "000102030405060708090a0b0c");
    FROM_HEX(info, "f0f1f2f3f4f5f6f7f8f9");
    assert_ok(zc_hkdf_sha256(ZC_SLICE_OF_ARRAY(ikm), ZC_SLICE_OF_ARRAY(salt),
                             ZC_SLICE_OF_ARRAY(info), key, sizeof key));
    assert_hex(key, 42,
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
               "34007208d5b887185865");
    zc_slice none = zc_slice_of(NULL, 0);
    assert_ok(zc_hkdf_sha256(ZC_SLICE_OF_ARRAY(ikm), none, none, key, sizeof key));
    assert_hex(key, 42,
               "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
               "9d201395faa4b61a96c8");
}

static void hkdf__too_much_output__refused(void **state)
{
    (void)state;
    static uint8_t key[255 * 64 + 1];
    zc_slice none = zc_slice_of(NULL, 0);
    zc_secret32 secret = {{1}};
    assert_ok(zc_hkdf_sha256(none, none, none, key, 255 * 32));
    assert_fails(zc_hkdf_sha256(none, none, none, key, 255 * 32 + 1), ZC_CRYPTO_TOO_LONG);
    assert_ok(zc_hkdf_sha512(none, none, none, key, 255 * 64));
    assert_fails(zc_hkdf_sha512(none, none, none, key, sizeof key), ZC_CRYPTO_TOO_LONG);
    assert_fails(zc_hkdf_sha256_secret(&secret, none, zc_slice_of(key, 1025), key, 32),
                 ZC_CRYPTO_TOO_LONG);
}

static void hkdf__shorter_output__is_a_prefix(void **state)
{
    (void)state;
    uint8_t longest[200], shorter[200];
    zc_secret32 secret = {{7}};
    zc_slice info = zc_slice_of_text("info");
    assert_ok(zc_hkdf_sha256_secret(&secret, info, info, longest, sizeof longest));
    for (size_t len = 0; len < sizeof shorter; len++) {
        memset(shorter, 0xee, sizeof shorter);
        assert_ok(zc_hkdf_sha256_secret(&secret, info, info, shorter, len));
        assert_memory_equal(shorter, longest, len);
        assert_int_equal(shorter[len], 0xee);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha2__fips_180_example__published_hash),
        cmocka_unit_test(sha2_ctx__every_split__same_as_at_once),
        cmocka_unit_test(sha256_public__every_length_and_split__same_as_at_once),
        cmocka_unit_test(keccak256__known_inputs__published_hash),
        cmocka_unit_test(keccak256__lengths_around_the_rate__all_differ),
        cmocka_unit_test(keccak256__every_length_up_to_600__same_as_an_independent_one),
        cmocka_unit_test(keccak_f1600__every_way_that_this_processor_has__same_published_states),
        cmocka_unit_test(hmac__rfc_4231_case_2_and_6__published_tag),
        cmocka_unit_test(hmac__two_parts_and_reuse__same_as_one),
        cmocka_unit_test(hkdf__rfc_5869_case_1_and_3__published_key),
        cmocka_unit_test(hkdf__too_much_output__refused),
        cmocka_unit_test(hkdf__shorter_output__is_a_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
