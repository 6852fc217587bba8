#include "unit.h"

#include "base/hex.h"
#include "attest/genesis.h"
#include "keys/derive.h"

/* Computed apart from this code, by Python's hmac over the root 42…42: a change here would lose
 * every deployment its identity. */
#define IDENTITY_SCALAR "e09cced9a6d0869cba5454ff8fca6a8d22ea983851138a93b2d6b6e2871f1f59"
#define LOG_SEED "40f596ce932f570c9f79893be56a7b53512b246e90e927a1363240f559e3a10d"
#define TAG_OF_ZEROCOPY "7e2172745e672bebbb65b2b1fef88a799d0074c1de0a88ee7220c8f7c56122d7"
#define COMMITMENT "1178b9913e96f4b94688af5354cc116bc3d7773cc990c833f6364f88fd8a46b8"

static void assert_hex(const uint8_t bytes[static 32], const char *hex)
{
    char text[65];
    zc_hex_encode(zc_slice_of(bytes, 32), text);
    assert_string_equal(text, hex);
}

static void derive__from_a_known_root__gives_the_known_secrets(void **state)
{
    (void)state;
    zc_secret32 root = secret_of(0x42);
    zc_signer identity = {0};
    zc_signer log_key = {0};
    zc_hmac_key tag_key;
    uint8_t bytes[32];
    assert_ok(zc_derive_identity(&root, &identity));
    assert_int_equal(identity.pubkey.curve, ZC_CURVE_P256);
    assert_hex(identity.private_key.byte, IDENTITY_SCALAR);
    assert_ok(zc_derive_log_key(&root, &log_key));
    assert_int_equal(log_key.pubkey.curve, ZC_CURVE_ED25519);
    assert_hex(log_key.private_key.byte, LOG_SEED);
    assert_ok(zc_derive_tag_key(&root, &tag_key));
    zc_hmac_sha256(&tag_key, zc_slice_of_text("zerocopy"), bytes);
    assert_hex(bytes, TAG_OF_ZEROCOPY);
    zc_genesis_commit_root(&root, bytes);
    assert_hex(bytes, COMMITMENT);
}

static void derive__from_roots_one_bit_apart__gives_unrelated_secrets(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 256; bit += 17) {
        zc_secret32 root = secret_of(0x42);
        zc_signer identity = {0};
        uint8_t commitment[32];
        char text[65];
        root.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_ok(zc_derive_identity(&root, &identity));
        zc_hex_encode(ZC_SLICE_OF_ARRAY(identity.private_key.byte), text);
        assert_string_not_equal(text, IDENTITY_SCALAR);
        zc_genesis_commit_root(&root, commitment);
        zc_hex_encode(ZC_SLICE_OF_ARRAY(commitment), text);
        assert_string_not_equal(text, COMMITMENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derive__from_a_known_root__gives_the_known_secrets),
        cmocka_unit_test(derive__from_roots_one_bit_apart__gives_unrelated_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
