#include "keys/seal.h"

#include <string.h>

#include "base/ct.h"
#include "base/reader.h"
#include "codec/cbor.h"
#include "crypto/hkdf.h"
#include "keys/seal_header.h"
#include "keys/sealed_box.h"

/* The header, and less than 256 bytes of place and numbers. */
#define AAD_MAX (ZC_SEAL_HEADER_MAX + 256)

zc_result zc_seal_keys_init(zc_seal_keys *keys, const zc_secret32 *root)
{
    ZC_SECRET zc_secret32 key;
    ZC_TRY(zc_hkdf_sha256_secret(root, zc_slice_of(NULL, 0), zc_slice_of_text("zcp key seal v1"),
                                 key.byte, sizeof key.byte));
    return zc_aead_init(&keys->aead, &key);
}

void zc_seal_keys_clear(zc_seal_keys *keys)
{
    zc_aead_clear(&keys->aead);
}

/* Of HMAC and RSA keys, and once of every key of a trading venue. Keys on curves are sealed in
 * version 3 (ZC_SEAL_VERSION_PUBLIC), and once were in version 1. */
#define VENUE_VERSION 2

static const char *const labels[] = {"zcp-key-v1", "zcp-key-v2", "zcp-key-v3"};

static zc_result key_aad(uint64_t version, const zc_seal_place *place, const zc_key *key,
                         zc_slice header, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, 9));
    ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text(labels[version - 1])));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(key->id)));
    ZC_TRY(zc_cbor_put_uint(out, key->kind));
    ZC_TRY(zc_cbor_put_uint(out, key->tier));
    ZC_TRY(zc_cbor_put_uint(out, key->epoch));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr0)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr16)));
    return zc_cbor_put_bytes(out, header);
}

/* As long as the material, which is encrypted where it lies. */
static zc_result put_material(zc_seal_keys *keys, zc_slice aad, const zc_key_material *material,
                              zc_drbg *drbg, zc_writer *out)
{
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    uint8_t box[ZC_KEY_MATERIAL_MAX + ZC_SEAL_TAG_SIZE];
    ZC_KEY_MATERIAL_BYTES zc_key_material_bytes plain;
    ZC_TRY(zc_key_material_write(material, &plain));
    zc_drbg_bytes(drbg, nonce, sizeof nonce);
    ZC_TRY(zc_aead_seal(&keys->aead, nonce, aad, plain.byte, plain.len, box, box + plain.len));
    zc_ct_public(nonce, sizeof nonce);
    zc_ct_public(box, plain.len + ZC_SEAL_TAG_SIZE);
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(nonce)));
    return zc_cbor_put_bytes(out, zc_slice_of(box, plain.len + ZC_SEAL_TAG_SIZE));
}

zc_result zc_key_seal(zc_seal_keys *keys, const zc_seal_place *place, const zc_key *key,
                      const zc_key_material *material, zc_drbg *drbg, zc_writer *writer)
{
    uint8_t header_bytes[ZC_SEAL_HEADER_MAX];
    uint8_t aad_bytes[AAD_MAX];
    zc_writer header = ZC_WRITER_OF_ARRAY(header_bytes);
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_KEY_MATERIAL zc_key_material own = {.kind = key->kind};
    const bool curve = zc_key_kind_has_curve(key->kind);
    if (material == NULL) {
        if (key->signer == NULL || key->venue_secret != NULL) {
            return zc_fail(ZC_KEYS_BAD_MATERIAL);
        }
        own.secret.scalar = key->signer->private_key;
        material = &own;
    }
    const uint64_t version = curve ? ZC_SEAL_VERSION_PUBLIC : VENUE_VERSION;
    const bool alone = curve && material->passphrase.len == 0; /* the private key's 32 bytes */
    ZC_TRY(zc_seal_header_write(key, version, &header));
    ZC_TRY(key_aad(version, place, key, zc_writer_written(&header), &aad));
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, 4));
    ZC_TRY(zc_cbor_put_uint(&out, version));
    ZC_TRY(zc_write_slice(&out, zc_writer_written(&header)));
    ZC_TRY(alone ? zc_sealed_box_put(&keys->aead, zc_writer_written(&aad), &material->secret.scalar,
                                     drbg, &out)
                 : put_material(keys, zc_writer_written(&aad), material, drbg, &out));
    *writer = out;
    return ZC_OK;
}

/* A sealed key, taken apart. */
typedef struct sealed_parts {
    uint64_t version;
    zc_slice header;
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    zc_slice box; /* ciphertext ‖ tag */
} sealed_parts;

static zc_result take_apart(zc_slice sealed, sealed_parts *ret_parts)
{
    zc_reader in = zc_reader_of(sealed);
    sealed_parts parts;
    ZC_TRY(zc_seal_enter_version(&in, 4, ZC_SEAL_VERSION_PUBLIC, &parts.version));
    ZC_TRY(zc_cbor_get_item(&in, &parts.header));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, parts.nonce, sizeof parts.nonce));
    ZC_TRY(zc_cbor_get_bytes(&in, &parts.box));
    ZC_TRY(zc_reader_end(&in));
    const size_t most = ZC_KEY_MATERIAL_MAX + ZC_SEAL_TAG_SIZE;
    const bool fits = parts.version != ZC_SEAL_VERSION
                          ? parts.box.len > ZC_SEAL_TAG_SIZE && parts.box.len <= most
                          : parts.box.len == ZC_SEAL_BOX_SIZE;
    if (!fits) {
        return zc_fail(ZC_KEYS_SEAL_BROKEN);
    }
    *ret_parts = parts;
    return ZC_OK;
}

/* Sets up an opened key and holds it against the id that the seal vouches for. */
static zc_result take_key(const zc_key *key, const zc_key_material *material, zc_key_holder *holder)
{
    uint8_t id[ZC_KEY_ID_SIZE];
    ZC_TRY(key->public_part.len != 0 ? zc_key_holder_restore(material, &key->public_part, holder)
                                     : zc_key_holder_take(material, holder));
    const zc_key_public public_part = zc_key_holder_public(holder);
    zc_key_id(&public_part, id);
    return public_part.kind == key->kind && memcmp(id, key->id, sizeof id) == 0
               ? ZC_OK
               : zc_fail(ZC_KEYS_SEAL_WRONG_KEY);
}

static zc_result open_key(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                          zc_key_holder *holder, zc_key *ret_key)
{
    sealed_parts parts;
    zc_key key;
    uint8_t aad_bytes[AAD_MAX];
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_KEY_MATERIAL_BYTES zc_key_material_bytes plain = {0};
    ZC_KEY_MATERIAL zc_key_material material = {0};
    ZC_TRY(take_apart(sealed, &parts));
    ZC_TRY(zc_seal_header_read(parts.header, parts.version, &key));
    ZC_TRY(key_aad(parts.version, place, &key, parts.header, &aad));
    plain.len = parts.box.len - ZC_SEAL_TAG_SIZE;
    zc_result opened =
        zc_aead_open(&keys->aead, parts.nonce, zc_writer_written(&aad), parts.box.data, plain.len,
                     parts.box.data + plain.len, plain.byte);
    if (!zc_ok(opened)) {
        return zc_is(opened, ZC_CRYPTO_BAD_TAG) ? zc_fail(ZC_KEYS_SEAL_BROKEN) : opened;
    }
    ZC_TRY(zc_key_material_read(key.kind, &plain, &material));
    ZC_TRY(take_key(&key, &material, holder));
    key.public_part = zc_key_holder_public(holder);
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_key_open(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                      zc_key_holder *holder, zc_key *ret_key)
{
    zc_result opened = open_key(keys, place, sealed, holder, ret_key);
    if (!zc_ok(opened)) {
        zc_key_holder_clear(holder);
    }
    return opened;
}
