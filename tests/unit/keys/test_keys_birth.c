#include "unit.h"

#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "keys/birth.h"
#include "keys/derive.h"

static const uint8_t deployment[32] = {0xd1};
static const uint8_t other_deployment[32] = {0xd2};
static zc_signer identity;

static int make_identity(void **state)
{
    (void)state;
    zc_secret32 root = secret_of(0x42);
    return zc_ok(zc_derive_identity(&root, &identity)) ? 0 : -1;
}

static size_t write_birth(const zc_key *key, uint8_t ret_bytes[static ZC_BIRTH_MAX])
{
    zc_writer writer = zc_writer_of(ret_bytes, ZC_BIRTH_MAX);
    assert_ok(zc_birth_write(&identity, deployment, key, &writer));
    return zc_writer_len(&writer);
}

static void birth_verify__each_curve__tells_where_the_key_comes_from(void **state)
{
    (void)state;
    for (unsigned curve = 1; curve <= 3; curve++) {
        zc_signer signer;
        uint8_t bytes[ZC_BIRTH_MAX];
        uint8_t again[ZC_BIRTH_MAX];
        zc_birth birth;
        zc_key key = made_key("k", (zc_curve)curve, 0x21, &signer);
        key.created_ms = UINT64_MAX;
        key.origin = ZC_ORIGIN_IMPORTED;
        size_t len = write_birth(&key, bytes);
        assert_int_equal(write_birth(&key, again), len);
        assert_memory_equal(bytes, again, len);
        assert_ok(zc_birth_verify(zc_slice_of(bytes, len), &identity.pubkey, deployment, &birth));
        const zc_key_public public_part = zc_key_public_of(&signer.pubkey);
        assert_true(zc_key_public_eq(&birth.public_part, &public_part));
        assert_memory_equal(birth.key_id, key.id, sizeof birth.key_id);
        assert_int_equal(birth.origin, ZC_ORIGIN_IMPORTED);
        assert_int_equal(birth.tier, ZC_TIER_WARM);
        assert_true(birth.created_ms == UINT64_MAX);
    }
}

static void birth_verify__every_bit_changed_or_cut__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    uint8_t bytes[ZC_BIRTH_MAX];
    zc_birth birth;
    zc_key key = made_key("k", ZC_CURVE_P256, 0x21, &signer);
    size_t len = write_birth(&key, bytes);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(
            zc_ok(zc_birth_verify(zc_slice_of(bytes, len), &identity.pubkey, deployment, &birth)));
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(
            zc_ok(zc_birth_verify(zc_slice_of(bytes, cut), &identity.pubkey, deployment, &birth)));
    }
}

static void birth_verify__another_deployment_or_identity__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    uint8_t bytes[ZC_BIRTH_MAX];
    zc_birth birth;
    zc_key key = made_key("k", ZC_CURVE_P256, 0x21, &signer);
    zc_slice certificate = zc_slice_of(bytes, write_birth(&key, bytes));
    assert_fails(zc_birth_verify(certificate, &identity.pubkey, other_deployment, &birth),
                 ZC_KEYS_BIRTH_WRONG_DEPLOYMENT);
    assert_fails(zc_birth_verify(certificate, &signer.pubkey, deployment, &birth),
                 ZC_KEYS_BIRTH_NOT_SIGNED);
}

static void birth_verify__id_of_another_key__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    uint8_t bytes[ZC_BIRTH_MAX];
    zc_birth birth;
    zc_key key = made_key("k", ZC_CURVE_P256, 0x21, &signer);
    key.id[3] ^= 1;
    zc_slice certificate = zc_slice_of(bytes, write_birth(&key, bytes));
    assert_fails(zc_birth_verify(certificate, &identity.pubkey, deployment, &birth),
                 ZC_KEYS_BIRTH_WRONG_KEY);
}

/* Something else that the identity signed is not a birth certificate. */
static void birth_verify__other_signed_statement__is_refused(void **state)
{
    (void)state;
    static const uint8_t fresh[32];
    uint8_t statement[] = "\x82\x6ezcp-genesis-v1\x01";
    zc_slice text = zc_slice_of(statement, sizeof statement - 1);
    uint8_t digest[32];
    uint8_t bytes[ZC_BIRTH_MAX];
    zc_signature signature;
    zc_birth birth;
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    zc_sha256(text, digest);
    assert_ok(zc_sign_digest(&identity, ZC_NONCE_DETERMINISTIC, fresh, digest, &signature));
    assert_ok(zc_cbor_put_array(&writer, 2));
    assert_ok(zc_cbor_put_bytes(&writer, text));
    assert_ok(zc_cbor_put_bytes(&writer, ZC_SLICE_OF_ARRAY(signature.byte)));
    assert_fails(zc_birth_verify(zc_writer_written(&writer), &identity.pubkey, deployment, &birth),
                 ZC_KEYS_BAD_BIRTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(birth_verify__each_curve__tells_where_the_key_comes_from),
        cmocka_unit_test(birth_verify__every_bit_changed_or_cut__is_refused),
        cmocka_unit_test(birth_verify__another_deployment_or_identity__is_refused),
        cmocka_unit_test(birth_verify__id_of_another_key__is_refused),
        cmocka_unit_test(birth_verify__other_signed_statement__is_refused),
    };
    return cmocka_run_group_tests(tests, make_identity, NULL);
}
