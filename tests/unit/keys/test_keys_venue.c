/* Secrets of trading venues: material, places, seals. */
#include "unit.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hash.h"
#include "keys/birth.h"
#include "keys/derive.h"
#include "keys/keyring.h"
#include "keys/seal.h"

static const zc_seal_place home = {.deployment_id = {1}, .pcr0 = {2}, .pcr16 = {3}};
static zc_seal_keys keys;
static zc_drbg drbg;
static zc_keyring ring;
static zc_signer signers[8];
static zc_venue_secret venues[4];
static uint64_t memory[ZC_KEYRING_SIZE(8) / sizeof(uint64_t)];
static zc_rsa_secret rsa_secret;
static uint8_t rsa_spki_sha256[32];

static int prepare(void **state)
{
    (void)state;
    zc_secret32 root = secret_of(0x42);
    drbg = drbg_of(5);
    EVP_PKEY *made = EVP_RSA_gen(2048);
    PKCS8_PRIV_KEY_INFO *info = made == NULL ? NULL : EVP_PKEY2PKCS8(made);
    uint8_t *der = NULL;
    uint8_t *spki = NULL;
    int len = info == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    int spki_len = made == NULL ? 0 : i2d_PUBKEY(made, &spki);
    if (len <= 0 || len > ZC_RSA_MAX_SECRET || spki_len <= 0) {
        return -1;
    }
    memcpy(rsa_secret.byte, der, (size_t)len);
    rsa_secret.len = (uint16_t)len;
    zc_sha256(zc_slice_of(spki, (size_t)spki_len), rsa_spki_sha256);
    OPENSSL_free(der);
    OPENSSL_free(spki);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(made);
    return zc_ok(zc_seal_keys_init(&keys, &root)) ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    zc_seal_keys_clear(&keys);
    return 0;
}

static int empty_ring(void **state)
{
    (void)state;
    const zc_keyring_room room = {.signers = signers,
                                  .residents = 8,
                                  .venues = venues,
                                  .venue_count = 4,
                                  .memory = memory,
                                  .keys = 8};
    if (ring.capacity != 0) {
        zc_keyring_clear(&ring);
    }
    memset(memory, 0, sizeof memory);
    zc_keyring_init(&ring, &room);
    return zc_ok(zc_keyring_prepare(&ring, &drbg)) ? 0 : -1;
}

static zc_key_material material_of(zc_key_kind kind, const char *secret, const char *passphrase)
{
    zc_key_material material = {.kind = kind};
    if (zc_key_kind_is_mac(kind)) {
        material.secret.mac.len = (uint16_t)strlen(secret);
        memcpy(material.secret.mac.byte, secret, strlen(secret));
    } else if (kind == ZC_KEY_KIND_RSA) {
        material.secret.rsa = rsa_secret;
    } else {
        memset(material.secret.scalar.byte, secret[0], 32);
    }
    material.passphrase.len = (uint8_t)strlen(passphrase);
    memcpy(material.passphrase.byte, passphrase, strlen(passphrase));
    return material;
}

static const zc_key_kind all_kinds[] = {
    ZC_KEY_KIND_SECP256K1,   ZC_KEY_KIND_P256,        ZC_KEY_KIND_ED25519, ZC_KEY_KIND_HMAC_SHA256,
    ZC_KEY_KIND_HMAC_SHA384, ZC_KEY_KIND_HMAC_SHA512, ZC_KEY_KIND_RSA};
#define KINDS (sizeof all_kinds / sizeof all_kinds[0])

static void material__each_kind__round_trips_and_takes_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * KINDS; i++) {
        static zc_key_material_bytes bytes, changed;
        const zc_key_material made =
            material_of(all_kinds[i / 2], "api secret", i % 2 == 0 ? "" : "pass phrase!");
        zc_key_material back = {0};
        assert_ok(zc_key_material_write(&made, &bytes));
        assert_ok(zc_cbor_check_canonical(zc_slice_of(bytes.byte, bytes.len)));
        assert_ok(zc_key_material_read(made.kind, &bytes, &back));
        assert_memory_equal(&made, &back, sizeof back);
        for (size_t len = 0; len < bytes.len; len++) {
            changed = bytes;
            changed.len = len;
            if (zc_key_kind_has_curve(made.kind) && len == 32) {
                continue; /* any 32 bytes are a private key */
            }
            assert_fails(zc_key_material_read(made.kind, &changed, &back), ZC_KEYS_BAD_MATERIAL);
        }
        changed = bytes;
        changed.byte[0] = 0xa0; /* a map that says it holds nothing */
        assert_fails(zc_key_material_read(made.kind, &changed, &back), ZC_KEYS_BAD_MATERIAL);
        changed = bytes;
        changed.byte[changed.len++] = 0;
        assert_fails(zc_key_material_read(made.kind, &changed, &back), ZC_KEYS_BAD_MATERIAL);
    }
}

static void material__thirty_two_bytes__are_a_curves_key_alone(void **state)
{
    (void)state;
    zc_key_material_bytes bytes = {.len = 32};
    zc_key_material back;
    memset(bytes.byte, 0x46, 32);
    assert_ok(zc_key_material_read(ZC_KEY_KIND_P256, &bytes, &back));
    assert_memory_equal(back.secret.scalar.byte, bytes.byte, 32);
    assert_int_equal(back.passphrase.len, 0);
    assert_fails(zc_key_material_read(ZC_KEY_KIND_HMAC_SHA256, &bytes, &back),
                 ZC_KEYS_BAD_MATERIAL);
    assert_fails(zc_key_material_read((zc_key_kind)0, &bytes, &back), ZC_KEYS_BAD_MATERIAL);
    assert_fails(zc_key_material_read((zc_key_kind)8, &bytes, &back), ZC_KEYS_BAD_MATERIAL);
}

/* It goes into a header: a line break would begin another. */
static void material__passphrase_of_odd_characters__refused(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        zc_key_material made = material_of(ZC_KEY_KIND_HMAC_SHA256, "s", "abc");
        zc_key_material_bytes bytes;
        zc_key_material back;
        made.passphrase.byte[1] = (uint8_t)c;
        assert_ok(zc_key_material_write(&made, &bytes));
        assert_int_equal(zc_key_material_read(made.kind, &bytes, &back).code,
                         c >= 0x20 && c <= 0x7e ? 0 : ZC_KEYS_BAD_PASSPHRASE);
    }
}

static void material__lengths_past_the_limit__refused(void **state)
{
    (void)state;
    static zc_key_material_bytes bytes;
    zc_key_material made = material_of(ZC_KEY_KIND_HMAC_SHA512, "s", "");
    zc_key_material back;
    made.secret.mac.len = ZC_MAC_MAX_SECRET;
    assert_ok(zc_key_material_write(&made, &bytes));
    assert_ok(zc_key_material_read(made.kind, &bytes, &back));
    made.secret.mac.len++;
    assert_fails(zc_key_material_write(&made, &bytes), ZC_KEYS_BAD_MATERIAL);
    made.secret.mac.len = 0;
    assert_fails(zc_key_material_write(&made, &bytes), ZC_KEYS_BAD_MATERIAL);
    /* Made by somebody else: an RSA key's length under another kind. */
    const zc_key_material rsa = material_of(ZC_KEY_KIND_RSA, "", "");
    assert_ok(zc_key_material_write(&rsa, &bytes));
    for (size_t i = 0; i < KINDS - 1; i++) {
        assert_fails(zc_key_material_read(all_kinds[i], &bytes, &back), ZC_KEYS_BAD_MATERIAL);
    }
}

static zc_result add(const char *name, const zc_key_material *material, const char *api_key,
                     zc_key **ret_key)
{
    zc_key_holder holder;
    zc_key record = described(name);
    assert_ok(zc_key_bind(&record, zc_slice_of_text(api_key), 0));
    ZC_TRY(zc_keyring_spare(&ring, &holder));
    ZC_TRY(zc_key_holder_take(material, &holder));
    return zc_keyring_add(&ring, &record, ret_key);
}

static void add__one_secret_under_three_schemes__is_one_key(void **state)
{
    (void)state;
    zc_key *key;
    zc_key_material material = material_of(ZC_KEY_KIND_HMAC_SHA256, "secret", "");
    assert_ok(add("one", &material, "api", &key));
    for (size_t i = 0; i < 3; i++) {
        material = material_of(all_kinds[3 + i], "secret", i == 0 ? "other passphrase" : "");
        assert_fails(add("two", &material, "other", &key), ZC_KEYS_DUPLICATE_KEY);
        assert_true(zc_ct_is_zero(&venues[1], sizeof venues[1]));
    }
    material = material_of(ZC_KEY_KIND_HMAC_SHA256, "secret2", "");
    assert_ok(add("two", &material, "api", &key));
    const zc_key_public public_part = key->public_part;
    assert_int_equal(zc_keyring_by_public(&ring, &public_part), key->number);
    assert_null(key->signer);
    assert_true(zc_key_is_of_venue(key));
}

static void add__more_venue_keys_than_places__refused_and_others_go_on(void **state)
{
    (void)state;
    zc_key *key;
    char name[8] = "k0";
    char secret[8] = "s0";
    for (int i = 0; i < 4; i++) {
        name[1] = secret[1] = (char)('0' + i);
        const zc_key_material material = material_of(ZC_KEY_KIND_HMAC_SHA256, secret, "");
        assert_ok(add(name, &material, "", &key));
    }
    const zc_key_material one_more = material_of(ZC_KEY_KIND_HMAC_SHA256, "more", "");
    assert_fails(add("more", &one_more, "", &key), ZC_KEYS_VENUE_FULL);
    const zc_key_material with_passphrase = material_of(ZC_KEY_KIND_ED25519, "x", "pass");
    assert_fails(add("more", &with_passphrase, "", &key), ZC_KEYS_VENUE_FULL);
    const zc_key_material plain = material_of(ZC_KEY_KIND_ED25519, "x", "");
    assert_ok(add("plain", &plain, "", &key));
    assert_false(zc_key_is_of_venue(key));
}

static void rsa__public_part__is_what_openssl_gives(void **state)
{
    (void)state;
    zc_key *key;
    const zc_key_material material = material_of(ZC_KEY_KIND_RSA, "", "");
    assert_ok(add("rsa", &material, "api", &key));
    const zc_key_public public_part = key->public_part;
    assert_int_equal(public_part.kind, ZC_KEY_KIND_RSA);
    assert_int_equal(public_part.len, 32);
    assert_memory_equal(public_part.byte, rsa_spki_sha256, 32);
    assert_fails(add("again", &material, "", &key), ZC_KEYS_DUPLICATE_KEY);
    zc_keyring_clear(&ring);
    assert_true(zc_ct_is_zero(venues, sizeof venues));
}

static void bind__names_that_are_none__refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a b", "a\n", "\x7f", "\xc3\xa9", "a\x01"};
    zc_key key = described("k");
    char longest[258];
    memset(longest, 'a', sizeof longest);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(zc_key_bind(&key, zc_slice_of_text(bad[i]), 0), ZC_KEYS_BAD_API_KEY);
    }
    assert_ok(zc_key_bind(&key, zc_slice_of((uint8_t *)longest, 256), ZC_VENUE_OKX));
    assert_int_equal(strlen(key.api_key), 256);
    assert_fails(zc_key_bind(&key, zc_slice_of((uint8_t *)longest, 257), 0), ZC_KEYS_BAD_API_KEY);
    assert_fails(zc_key_bind(&key, zc_slice_of_text(""), 200), ZC_KEYS_BAD_RECORD);
    assert_fails(zc_key_bind(&key, zc_slice_of_text(""), 256 + ZC_VENUE_OKX), ZC_KEYS_BAD_RECORD);
}

typedef struct sealed_key {
    uint8_t byte[ZC_SEALED_KEY_MAX];
    size_t len;
} sealed_key;

static void seal(const zc_key *key, const zc_key_material *material, sealed_key *ret_sealed)
{
    zc_writer writer = ZC_WRITER_OF_ARRAY(ret_sealed->byte);
    assert_ok(zc_key_seal(&keys, &home, key, material, &drbg, &writer));
    ret_sealed->len = zc_writer_len(&writer);
}

static zc_result open_sealed(const sealed_key *sealed, zc_key_holder *holder, zc_key *ret_key)
{
    return zc_key_open(&keys, &home, zc_slice_of(sealed->byte, sealed->len), holder, ret_key);
}

static void seal__each_venue_key__comes_back_with_all_it_had(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        static sealed_key sealed;
        zc_signer signer = {0};
        zc_venue_secret venue = {0};
        zc_key_holder holder = {&signer, &venue};
        zc_key back, *key;
        empty_ring(NULL);
        const zc_key_material material = material_of(all_kinds[i], "api secret", "pass phrase");
        assert_ok(add("k", &material, "my-api-key", &key));
        key->venue = ZC_VENUE_OKX;
        seal(key, &material, &sealed);
        assert_ok(zc_cbor_check_canonical(zc_slice_of(sealed.byte, sealed.len)));
        assert_null(memmem(sealed.byte, sealed.len, "pass phrase", 11));
        assert_null(memmem(sealed.byte, sealed.len, "api secret", 10));
        assert_ok(open_sealed(&sealed, &holder, &back));
        assert_string_equal(back.api_key, "my-api-key");
        assert_int_equal(back.venue, ZC_VENUE_OKX);
        assert_int_equal(back.kind, all_kinds[i]);
        const zc_key_public was = key->public_part;
        const zc_key_public is = zc_key_holder_public(&holder);
        assert_true(zc_key_public_eq(&was, &is));
        assert_memory_equal(&venue.passphrase, &material.passphrase, sizeof venue.passphrase);
        if (zc_key_kind_is_mac(all_kinds[i])) {
            assert_memory_equal(&venue.key.mac, &venues[0].key.mac, sizeof venue.key.mac);
        }
        zc_key_holder_clear(&holder);
    }
}

static void seal__every_bit_changed_or_cut__is_refused(void **state)
{
    (void)state;
    static sealed_key sealed, changed;
    zc_key *key, back;
    zc_signer signer = {0};
    zc_venue_secret venue = {0};
    zc_key_holder holder = {&signer, &venue};
    const zc_key_material material = material_of(ZC_KEY_KIND_HMAC_SHA256, "api secret", "pass");
    assert_ok(add("k", &material, "my-api-key", &key));
    seal(key, &material, &sealed);
    for (size_t bit = 0; bit < 8 * sealed.len; bit++) {
        changed = sealed;
        changed.byte[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(zc_ok(open_sealed(&changed, &holder, &back)));
        assert_true(zc_ct_is_zero(&venue, sizeof venue));
    }
    for (size_t len = 0; len < sealed.len; len++) {
        changed = sealed;
        changed.len = len;
        assert_false(zc_ok(open_sealed(&changed, &holder, &back)));
    }
}

/* A host that gives a key another name at the venue, or frees it of its venue. */
static void seal__binding_rewritten__is_refused(void **state)
{
    (void)state;
    for (int field = 0; field < 4; field++) {
        static sealed_key sealed, forged;
        zc_key *key, back;
        zc_signer signer = {0};
        zc_venue_secret venue = {0};
        zc_key_holder holder = {&signer, &venue};
        empty_ring(NULL);
        const zc_key_material material = material_of(ZC_KEY_KIND_HMAC_SHA256, "api secret", "");
        assert_ok(add("k", &material, "my-api-key", &key));
        key->venue = ZC_VENUE_OKX;
        zc_key lie = *key;
        seal(key, &material, &sealed);
        lie.api_key[0] = field == 0 ? 'M' : field == 1 ? '\0' : 'm';
        lie.venue = field == 2 ? ZC_VENUE_BYBIT : field == 3 ? 0 : ZC_VENUE_OKX;
        seal(&lie, &material, &forged);
        const size_t box = 1 + 12 + 2 + material.secret.mac.len + 3 + 16;
        memcpy(forged.byte + forged.len - box, sealed.byte + sealed.len - box, box);
        assert_fails(open_sealed(&forged, &holder, &back), ZC_KEYS_SEAL_BROKEN);
    }
}

static void seal__longest_of_everything__fits_the_announced_size(void **state)
{
    (void)state;
    static sealed_key sealed;
    zc_key *key, back;
    zc_signer signer = {0};
    zc_venue_secret venue = {0};
    zc_key_holder holder = {&signer, &venue};
    zc_key_material material = material_of(ZC_KEY_KIND_RSA, "", "");
    memset(material.passphrase.byte, 'p', material.passphrase.len = ZC_COMPOSE_MAX_PASSPHRASE);
    assert_ok(add("k", &material, "", &key));
    memset(key->name, 'n', sizeof key->name - 1);
    memset(key->owner, 'o', sizeof key->owner - 1);
    memset(key->api_key, 'a', sizeof key->api_key - 1);
    key->venue = ZC_VENUE_OKX;
    key->created_ms = key->epoch = UINT64_MAX;
    seal(key, &material, &sealed);
    assert_ok(open_sealed(&sealed, &holder, &back));
    assert_true(sealed.len + ZC_RSA_MAX_SECRET - material.secret.rsa.len <= ZC_SEALED_KEY_MAX);
    zc_key_holder_clear(&holder);
}

static void birth__venue_keys__tell_kind_and_identity(void **state)
{
    (void)state;
    static const uint8_t deployment[32] = {0xd1};
    zc_signer identity;
    zc_secret32 root = secret_of(0x42);
    assert_ok(zc_derive_identity(&root, &identity));
    for (size_t i = 3; i < KINDS; i++) {
        uint8_t bytes[ZC_BIRTH_MAX];
        zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
        zc_birth birth;
        zc_key *key;
        empty_ring(NULL);
        const zc_key_material material = material_of(all_kinds[i], "api secret", "");
        assert_ok(add("k", &material, "", &key));
        assert_ok(zc_birth_write(&identity, deployment, key, &writer));
        assert_ok(
            zc_birth_verify(zc_writer_written(&writer), &identity.pubkey, deployment, &birth));
        const zc_key_public public_part = key->public_part;
        assert_true(zc_key_public_eq(&birth.public_part, &public_part));
        assert_memory_equal(birth.key_id, key->id, sizeof birth.key_id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(material__each_kind__round_trips_and_takes_nothing_else),
        cmocka_unit_test(material__thirty_two_bytes__are_a_curves_key_alone),
        cmocka_unit_test(material__passphrase_of_odd_characters__refused),
        cmocka_unit_test(material__lengths_past_the_limit__refused),
        cmocka_unit_test_setup(add__one_secret_under_three_schemes__is_one_key, empty_ring),
        cmocka_unit_test_setup(add__more_venue_keys_than_places__refused_and_others_go_on,
                               empty_ring),
        cmocka_unit_test_setup(rsa__public_part__is_what_openssl_gives, empty_ring),
        cmocka_unit_test(bind__names_that_are_none__refused),
        cmocka_unit_test_setup(seal__each_venue_key__comes_back_with_all_it_had, empty_ring),
        cmocka_unit_test_setup(seal__every_bit_changed_or_cut__is_refused, empty_ring),
        cmocka_unit_test(seal__binding_rewritten__is_refused),
        cmocka_unit_test_setup(seal__longest_of_everything__fits_the_announced_size, empty_ring),
        cmocka_unit_test(birth__venue_keys__tell_kind_and_identity),
    };
    return cmocka_run_group_tests(tests, prepare, finish);
}
