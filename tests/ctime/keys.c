/* Custody in constant time: roots, wrapping keys and private keys are poisoned, and valgrind
 * reports a branch or an address that depends on them. What comes out is declared public here only
 * where it is compared. */
#include <stdio.h>
#include <string.h>

#include "base/ct.h"
#include "keys/birth.h"
#include "attest/genesis.h"
#include "keys/derive.h"
#include "keys/keyring.h"
#include "keys/seal.h"

static const zc_seal_place place = {.deployment_id = {1}, .pcr0 = {2}, .pcr16 = {3}};
static const uint8_t seed[32] = {4};

static int failures;

static void expect(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s: failed\n", what);
        failures++;
    }
}

static zc_secret32 poisoned(uint8_t fill)
{
    zc_secret32 secret;
    memset(secret.byte, fill, sizeof secret.byte);
    zc_ct_secret(&secret, sizeof secret);
    return secret;
}

static zc_signer poisoned_signer_of(zc_curve curve, uint8_t fill)
{
    zc_secret32 private_key = poisoned(fill);
    zc_signer signer = {0};
    expect(zc_ok(zc_signer_init(&signer, curve, &private_key)), "signer");
    return signer;
}

static zc_signer poisoned_signer(zc_curve curve)
{
    return poisoned_signer_of(curve, 0x11);
}

static zc_key key_of(zc_signer *signer)
{
    zc_key key;
    expect(zc_ok(zc_key_describe(zc_slice_of_text("k"), zc_slice_of_text("o"), ZC_TIER_HOT,
                                 ZC_ORIGIN_GENERATED, ZC_NONCE_HEDGED, 1, &key)),
           "describe");
    const zc_key_public public_part = zc_key_public_of(&signer->pubkey);
    zc_key_id(&public_part, key.id);
    key.kind = public_part.kind;
    key.public_part = public_part;
    key.signer = signer;
    return key;
}

static void derivation(void)
{
    zc_secret32 root = poisoned(0x42);
    zc_signer identity = {0};
    zc_signer log_key = {0};
    zc_hmac_key tag_key;
    uint8_t commitment[32];
    expect(zc_ok(zc_derive_identity(&root, &identity)), "identity");
    expect(zc_ok(zc_derive_log_key(&root, &log_key)), "log key");
    expect(zc_ok(zc_derive_tag_key(&root, &tag_key)), "tag key");
    zc_genesis_commit_root(&root, commitment);
    expect(!zc_ct_is_zero(commitment, sizeof commitment), "commitment");
    zc_hmac_sha256_key_clear(&tag_key);
    zc_signer_clear(&identity);
    zc_signer_clear(&log_key);
}

static void root_sealing(void)
{
    zc_secret32 root = poisoned(0x42);
    zc_secret32 wrap = poisoned(0x43);
    zc_secret32 back = {{0}};
    zc_drbg drbg;
    uint8_t sealed[ZC_SEALED_ROOT_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    zc_drbg_init(&drbg, seed);
    zc_ct_secret(&drbg, sizeof drbg);
    expect(zc_ok(zc_root_seal(&wrap, &place, &root, &drbg, &writer)), "seal root");
    expect(zc_ok(zc_root_open(&wrap, &place, zc_writer_written(&writer), &back)), "open root");
    expect(zc_ct_eq(&root, &back, sizeof root), "root is back");
    sealed[zc_writer_len(&writer) - 1] ^= 1;
    expect(
        zc_is(zc_root_open(&wrap, &place, zc_writer_written(&writer), &back), ZC_KEYS_SEAL_BROKEN),
        "broken root");
}

static void key_sealing(zc_curve curve)
{
    zc_secret32 root = poisoned(0x42);
    zc_signer signer = poisoned_signer(curve);
    zc_signer back = {0};
    zc_key_holder holder = {&back, NULL};
    zc_key key = key_of(&signer);
    zc_key opened;
    zc_seal_keys keys;
    zc_drbg drbg;
    uint8_t sealed[ZC_SEALED_KEY_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    zc_drbg_init(&drbg, seed);
    zc_ct_secret(&drbg, sizeof drbg);
    expect(zc_ok(zc_seal_keys_init(&keys, &root)), "sealing keys");
    expect(zc_ok(zc_key_seal(&keys, &place, &key, NULL, &drbg, &writer)), "seal key");
    expect(zc_ok(zc_key_open(&keys, &place, zc_writer_written(&writer), &holder, &opened)),
           "open key");
    expect(zc_ct_eq(&signer.private_key, &back.private_key, sizeof back.private_key),
           "key is back");
    sealed[zc_writer_len(&writer) - 1] ^= 1;
    expect(zc_is(zc_key_open(&keys, &place, zc_writer_written(&writer), &holder, &opened),
                 ZC_KEYS_SEAL_BROKEN),
           "broken key");
    zc_seal_keys_clear(&keys);
    zc_signer_clear(&signer);
}

/* A venue's secret on its way in, set up, sealed and back: only its lengths are public. */
static void venue(zc_key_kind kind)
{
    static zc_key_material material, again;
    static zc_key_material_bytes bytes;
    zc_secret32 root = poisoned(0x42);
    zc_signer signer = {0};
    zc_venue_secret secret = {0};
    zc_key_holder holder = {&signer, &secret};
    zc_seal_keys keys;
    zc_drbg drbg;
    zc_key key, opened;
    uint8_t sealed[ZC_SEALED_KEY_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(sealed);
    material = (zc_key_material){.kind = kind};
    if (zc_key_kind_is_mac(kind)) {
        material.secret.mac.len = 100;
        memset(material.secret.mac.byte, 0x31, 100);
        zc_ct_secret(material.secret.mac.byte, 100);
    } else {
        material.secret.scalar = poisoned(0x31);
    }
    material.passphrase.len = 20;
    memset(material.passphrase.byte, 'p', 20);
    zc_ct_secret(material.passphrase.byte, 20);
    expect(zc_ok(zc_key_material_write(&material, &bytes)), "material");
    zc_ct_secret(bytes.byte, bytes.len); /* as it comes out of a box */
    expect(zc_ok(zc_key_material_read(kind, &bytes, &again)), "material is back");
    expect(zc_ok(zc_key_holder_take(&again, &holder)), "holder");
    expect(zc_ok(zc_key_describe(zc_slice_of_text("v"), zc_slice_of_text("o"), ZC_TIER_HOT,
                                 ZC_ORIGIN_IMPORTED, ZC_NONCE_HEDGED, 1, &key)),
           "describe");
    const zc_key_public public_part = zc_key_holder_public(&holder);
    zc_key_id(&public_part, key.id);
    key.kind = kind;
    key.public_part = public_part;
    key.signer = zc_key_kind_has_curve(kind) ? &signer : NULL;
    key.venue_secret = &secret;
    zc_drbg_init(&drbg, seed);
    zc_ct_secret(&drbg, sizeof drbg);
    expect(zc_ok(zc_seal_keys_init(&keys, &root)), "sealing keys");
    expect(zc_ok(zc_key_seal(&keys, &place, &key, &again, &drbg, &writer)), "seal venue key");
    zc_key_holder_clear(&holder);
    expect(zc_ok(zc_key_open(&keys, &place, zc_writer_written(&writer), &holder, &opened)),
           "open venue key");
    expect(zc_ct_eq(secret.passphrase.byte, material.passphrase.byte, 20), "passphrase is back");
    zc_seal_keys_clear(&keys);
    zc_key_holder_clear(&holder);
}

static void birth(zc_curve curve)
{
    zc_signer identity = poisoned_signer(ZC_CURVE_P256);
    zc_signer signer = poisoned_signer(curve);
    zc_key key = key_of(&signer);
    zc_birth read;
    uint8_t bytes[ZC_BIRTH_MAX];
    zc_writer writer = ZC_WRITER_OF_ARRAY(bytes);
    expect(zc_ok(zc_birth_write(&identity, place.deployment_id, &key, &writer)), "birth");
    expect(zc_ok(zc_birth_verify(zc_writer_written(&writer), &identity.pubkey, place.deployment_id,
                                 &read)),
           "birth verifies");
    zc_signer_clear(&identity);
    zc_signer_clear(&signer);
}

/* Two places and three keys: each one's private key is sealed on its way in, and the first is
 * opened again after it made room. */
static void keyring(zc_curve curve)
{
    static zc_keyring ring;
    static zc_signer signers[2];
    static uint64_t memory[ZC_KEYRING_SIZE(8) / sizeof(uint64_t)];
    const zc_keyring_room room = {.signers = signers, .residents = 2, .memory = memory, .keys = 8};
    zc_signer first = {0};
    zc_drbg drbg;
    zc_key *added;
    zc_drbg_init(&drbg, seed);
    zc_ct_secret(&drbg, sizeof drbg);
    memset(memory, 0, sizeof memory);
    zc_keyring_init(&ring, &room);
    expect(zc_ok(zc_keyring_prepare(&ring, &drbg)), "ring");
    for (int i = 0; i < 4; i++) {
        zc_signer signer = i == 3 ? first : poisoned_signer_of(curve, (uint8_t)(i + 1));
        zc_key record = key_of(&signer);
        zc_key_holder holder;
        expect(zc_ok(zc_keyring_spare(&ring, &holder)), "spare");
        memcpy(holder.signer, &signer, sizeof signer);
        first = i == 0 ? signer : first;
        record.name[0] = (char)('a' + i);
        zc_result result = zc_keyring_add(&ring, &record, &added);
        expect(i < 3 ? zc_ok(result) : zc_is(result, ZC_KEYS_DUPLICATE_KEY), "keyring");
    }
    expect(zc_ok(zc_keyring_open(&ring, 0, &added)), "opened again");
    expect(zc_ct_eq(&added->signer->private_key, &first.private_key, 32), "the same key");
    zc_keyring_clear(&ring);
    zc_signer_clear(&first);
}

int main(void)
{
    derivation();
    root_sealing();
    for (int curve = ZC_CURVE_SECP256K1; curve <= ZC_CURVE_ED25519; curve++) {
        key_sealing((zc_curve)curve);
        birth((zc_curve)curve);
        keyring((zc_curve)curve);
    }
    venue(ZC_KEY_KIND_HMAC_SHA256);
    venue(ZC_KEY_KIND_HMAC_SHA512);
    venue(ZC_KEY_KIND_P256);
    return failures == 0 ? 0 : 1;
}
