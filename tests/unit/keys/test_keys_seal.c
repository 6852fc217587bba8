#include "unit.h"

#include "base/reader.h"
#include "codec/cbor.h"
#include "keys/seal.h"
#include "keys/seal_header.h"

typedef struct sealed_key {
    uint8_t byte[ZC_SEALED_KEY_MAX];
    size_t len;
} sealed_key;

static zc_seal_keys keys;
static const zc_seal_place home = {.deployment_id = {1}, .pcr0 = {2}, .pcr16 = {3}};
static zc_drbg drbg;

static int prepare(void **state)
{
    (void)state;
    zc_secret32 root = secret_of(0x42);
    drbg = drbg_of(5);
    return zc_ok(zc_seal_keys_init(&keys, &root)) ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    zc_seal_keys_clear(&keys);
    return 0;
}

static void seal(const zc_key *key, sealed_key *ret_sealed)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(ret_sealed->byte);
    assert_ok(zc_key_seal(&keys, &home, key, NULL, &drbg, &writer));
    ret_sealed->len = zc_writer_len(&writer);
}

/* Opens where `place` says; a signer that is left behind on failure fails the test. */
static zc_result open_at(const zc_seal_place *place, const sealed_key *sealed)
{
    zc_signer signer;
    zc_venue_secret venue = {0};
    zc_key_holder holder = {&signer, &venue};
    zc_key key;
    memset(&signer, 0x5a, sizeof signer);
    zc_result result =
        zc_key_open(&keys, place, zc_slice_of(sealed->byte, sealed->len), &holder, &key);
    if (!zc_ok(result)) {
        assert_true(zc_ct_is_zero(&signer, sizeof signer));
        assert_true(zc_ct_is_zero(&venue, sizeof venue));
    }
    zc_key_holder_clear(&holder);
    return result;
}

static void key_open__each_curve_at_home__gives_the_key_back(void **state)
{
    (void)state;
    for (unsigned curve = 1; curve <= 3; curve++) {
        zc_signer signer;
        zc_signer back_signer = {0};
        zc_key_holder holder = {&back_signer, NULL};
        zc_key back;
        sealed_key sealed;
        zc_key key = made_key("treasury.eth", (zc_curve)curve, 0x11, &signer);
        key.epoch = 77;
        key.nonce_mode = ZC_NONCE_DETERMINISTIC;
        key.origin = ZC_ORIGIN_IMPORTED;
        seal(&key, &sealed);
        assert_ok(zc_cbor_check_canonical(zc_slice_of(sealed.byte, sealed.len)));
        assert_ok(zc_key_open(&keys, &home, zc_slice_of(sealed.byte, sealed.len), &holder, &back));
        assert_memory_equal(&back_signer.private_key, &signer.private_key, 32);
        assert_true(zc_pubkey_eq(&back_signer.pubkey, &signer.pubkey));
        key.signer = NULL;
        assert_memory_equal(&back, &key, sizeof key);
    }
}

static void key_seal__twice__differs_and_shows_no_key(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key first;
    sealed_key second;
    zc_key key = made_key("k", ZC_CURVE_P256, 0x11, &signer);
    seal(&key, &first);
    seal(&key, &second);
    assert_int_equal(first.len, second.len);
    assert_memory_not_equal(first.byte, second.byte, first.len);
    assert_null(memmem(first.byte, first.len, signer.private_key.byte, 8));
}

static void key_open__in_any_other_place__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key sealed;
    zc_key key = made_key("k", ZC_CURVE_SECP256K1, 0x11, &signer);
    seal(&key, &sealed);
    for (size_t bit = 0; bit < 8 * sizeof home; bit++) {
        zc_seal_place other = home;
        ((uint8_t *)&other)[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_fails(open_at(&other, &sealed), ZC_KEYS_SEAL_BROKEN);
    }
    assert_ok(open_at(&home, &sealed));
}

static void key_open__under_another_root__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key sealed;
    zc_secret32 other_root = secret_of(0x43);
    zc_key key = made_key("k", ZC_CURVE_P256, 0x11, &signer);
    seal(&key, &sealed);
    zc_seal_keys own = keys;
    assert_ok(zc_seal_keys_init(&keys, &other_root));
    assert_fails(open_at(&home, &sealed), ZC_KEYS_SEAL_BROKEN);
    zc_seal_keys_clear(&keys);
    keys = own;
}

static void key_open__every_bit_changed_or_cut__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key sealed;
    zc_key key = made_key("treasury.eth", ZC_CURVE_ED25519, 0x11, &signer);
    seal(&key, &sealed);
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        sealed_key changed = sealed;
        changed.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(zc_ok(open_at(&home, &changed)));
    }
    for (size_t len = 0; len <= sealed.len + 1; len++) {
        sealed_key cut = sealed;
        cut.byte[sealed.len] = 0;
        cut.len = len;
        assert_int_equal(zc_ok(open_at(&home, &cut)), len == sealed.len);
    }
}

/* A host that rewrites the header to what it likes: each field is a canonical, valid value. */
static void key_open__header_rewritten__is_refused(void **state)
{
    (void)state;
    for (unsigned field = 0; field < 9; field++) {
        zc_signer signer;
        zc_signer other_signer;
        sealed_key sealed;
        sealed_key forged;
        zc_key key = made_key("one", ZC_CURVE_SECP256K1, 0x11, &signer);
        zc_key other = made_key("two", ZC_CURVE_P256, 0x22, &other_signer);
        zc_key lie = key;
        seal(&key, &sealed);
        switch (field) {
        case 0:
            memcpy(lie.name, other.name, sizeof lie.name);
            break;
        case 1:
            memcpy(lie.id, other.id, sizeof lie.id);
            break;
        case 2:
            lie.kind = other.kind;
            break;
        case 3:
            lie.tier = ZC_TIER_HOT;
            break;
        case 4:
            lie.origin = ZC_ORIGIN_IMPORTED;
            break;
        case 5:
            lie.nonce_mode = ZC_NONCE_DETERMINISTIC;
            break;
        case 6:
            lie.owner[0] = 'D';
            break;
        case 7:
            lie.created_ms++;
            break;
        default:
            lie.epoch++;
            break;
        }
        seal(&lie, &forged);
        /* The lie's header with the true key's nonce and box: the last 1 + 12 + 2 + 48 bytes. */
        memcpy(forged.byte + forged.len - 63, sealed.byte + sealed.len - 63, 63);
        assert_fails(open_at(&home, &forged), ZC_KEYS_SEAL_BROKEN);
    }
}

/* What only a broken enclave could seal: a key under another's id does not open either. */
static void key_open__sealed_under_another_id__is_refused(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key sealed;
    zc_key key = made_key("one", ZC_CURVE_SECP256K1, 0x11, &signer);
    key.id[0] ^= 1;
    seal(&key, &sealed);
    assert_fails(open_at(&home, &sealed), ZC_KEYS_SEAL_WRONG_KEY);
    key = made_key("one", ZC_CURVE_SECP256K1, 0x11, &signer);
    key.kind = ZC_KEY_KIND_P256;
    seal(&key, &sealed);
    assert_fails(open_at(&home, &sealed), ZC_KEYS_SEAL_WRONG_KEY);
}

/* A key as it was sealed before public keys stood in headers: version 1 of keys that sign alone,
 * version 2 of those of a venue. */
static void seal_as_before(const zc_key *key, uint64_t version, sealed_key *ret_sealed)
{
    uint8_t header_bytes[ZC_SEAL_HEADER_MAX], aad_bytes[ZC_SEAL_HEADER_MAX + 256], box[48];
    static const uint8_t nonce[12] = {7};
    zc_writer header = ZC_WRITER_OF_ARRAY(header_bytes);
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    zc_writer out = ZC_WRITER_OF_ARRAY(ret_sealed->byte);
    assert_ok(zc_seal_header_write(key, version, &header));
    assert_ok(zc_cbor_put_array(&aad, 9));
    assert_ok(zc_cbor_put_text(&aad, zc_slice_of_text(version == 1 ? "zcp-key-v1" : "zcp-key-v2")));
    assert_ok(zc_cbor_put_bytes(&aad, ZC_SLICE_OF_ARRAY(home.deployment_id)));
    assert_ok(zc_cbor_put_bytes(&aad, ZC_SLICE_OF_ARRAY(key->id)));
    assert_ok(zc_cbor_put_uint(&aad, key->kind));
    assert_ok(zc_cbor_put_uint(&aad, key->tier));
    assert_ok(zc_cbor_put_uint(&aad, key->epoch));
    assert_ok(zc_cbor_put_bytes(&aad, ZC_SLICE_OF_ARRAY(home.pcr0)));
    assert_ok(zc_cbor_put_bytes(&aad, ZC_SLICE_OF_ARRAY(home.pcr16)));
    assert_ok(zc_cbor_put_bytes(&aad, zc_writer_written(&header)));
    assert_ok(zc_aead_seal(&keys.aead, nonce, zc_writer_written(&aad),
                           key->signer->private_key.byte, 32, box, box + 32));
    assert_ok(zc_cbor_put_array(&out, 4));
    assert_ok(zc_cbor_put_uint(&out, version));
    assert_ok(zc_write_slice(&out, zc_writer_written(&header)));
    assert_ok(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(nonce)));
    assert_ok(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(box)));
    ret_sealed->len = zc_writer_len(&out);
}

static void key_open__of_an_earlier_version__gives_the_key_back(void **state)
{
    (void)state;
    for (unsigned curve = 1; curve <= 3; curve++) {
        for (uint64_t version = 1; version <= 2; version++) {
            zc_signer signer, back_signer = {0};
            zc_key_holder holder = {&back_signer, NULL};
            zc_key back;
            sealed_key sealed;
            zc_key key = made_key("old", (zc_curve)curve, 0x11, &signer);
            seal_as_before(&key, version, &sealed);
            assert_ok(
                zc_key_open(&keys, &home, zc_slice_of(sealed.byte, sealed.len), &holder, &back));
            assert_memory_equal(&back_signer, &signer, sizeof signer);
            assert_true(zc_key_public_eq(&back.public_part, &key.public_part));
            sealed.byte[1] = 3; /* without the public key that this version has */
            assert_false(zc_ok(open_at(&home, &sealed)));
        }
    }
}

/* Another's public key in the header is never believed, whatever else is said. */
static void key_open__public_key_of_another__is_refused(void **state)
{
    (void)state;
    zc_signer signer, other_signer;
    sealed_key sealed, forged;
    zc_key key = made_key("one", ZC_CURVE_ED25519, 0x11, &signer);
    const zc_key other = made_key("one", ZC_CURVE_ED25519, 0x22, &other_signer);
    seal(&key, &sealed);
    key.public_part = other.public_part;
    seal(&key, &forged);
    assert_fails(open_at(&home, &forged), ZC_KEYS_SEAL_WRONG_KEY); /* sealed by a broken enclave */
    assert_int_equal(forged.len, sealed.len);
    memcpy(forged.byte + forged.len - 63, sealed.byte + sealed.len - 63, 63);
    assert_fails(open_at(&home, &forged), ZC_KEYS_SEAL_BROKEN); /* rewritten by a host */
}

static void key_seal__longest_record__fits_the_announced_size(void **state)
{
    (void)state;
    zc_signer signer;
    sealed_key sealed;
    zc_key key = made_key("k", ZC_CURVE_P256, 0x11, &signer);
    memset(key.name, 'n', sizeof key.name - 1);
    memset(key.owner, 'o', sizeof key.owner - 1);
    key.created_ms = UINT64_MAX;
    key.epoch = UINT64_MAX;
    seal(&key, &sealed);
    assert_ok(open_at(&home, &sealed));
    for (size_t capacity = 0; capacity < sealed.len; capacity++) {
        zc_writer writer = zc_writer_of(sealed.byte, capacity);
        assert_fails(zc_key_seal(&keys, &home, &key, NULL, &drbg, &writer), ZC_BASE_FULL);
        assert_int_equal(zc_writer_len(&writer), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_open__each_curve_at_home__gives_the_key_back),
        cmocka_unit_test(key_seal__twice__differs_and_shows_no_key),
        cmocka_unit_test(key_open__in_any_other_place__is_refused),
        cmocka_unit_test(key_open__under_another_root__is_refused),
        cmocka_unit_test(key_open__every_bit_changed_or_cut__is_refused),
        cmocka_unit_test(key_open__header_rewritten__is_refused),
        cmocka_unit_test(key_open__sealed_under_another_id__is_refused),
        cmocka_unit_test(key_open__of_an_earlier_version__gives_the_key_back),
        cmocka_unit_test(key_open__public_key_of_another__is_refused),
        cmocka_unit_test(key_seal__longest_record__fits_the_announced_size),
    };
    return cmocka_run_group_tests(tests, prepare, finish);
}
