#include "keys/seal.h"

#include <string.h>

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

static zc_result key_aad(const zc_seal_place *place, const zc_key *key, zc_slice header,
                         zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, 9));
    ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text("zcp-key-v1")));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(key->id)));
    ZC_TRY(zc_cbor_put_uint(out, key->curve));
    ZC_TRY(zc_cbor_put_uint(out, key->tier));
    ZC_TRY(zc_cbor_put_uint(out, key->epoch));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr0)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr16)));
    return zc_cbor_put_bytes(out, header);
}

zc_result zc_key_seal(zc_seal_keys *keys, const zc_seal_place *place, const zc_key *key,
                      zc_drbg *drbg, zc_writer *writer)
{
    uint8_t header_bytes[ZC_SEAL_HEADER_MAX];
    uint8_t aad_bytes[AAD_MAX];
    zc_writer header = ZC_WRITER_OF_ARRAY(header_bytes);
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_TRY(zc_seal_header_write(key, &header));
    ZC_TRY(key_aad(place, key, zc_writer_written(&header), &aad));
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, 4));
    ZC_TRY(zc_cbor_put_uint(&out, ZC_SEAL_VERSION));
    ZC_TRY(zc_write_slice(&out, zc_writer_written(&header)));
    ZC_TRY(zc_sealed_box_put(&keys->aead, zc_writer_written(&aad), &key->signer->private_key, drbg,
                             &out));
    *writer = out;
    return ZC_OK;
}

/* Makes the signer of an opened key and holds it against the id that the seal vouches for. */
static zc_result make_signer(const zc_key *key, const zc_secret32 *private_key, zc_signer *signer)
{
    uint8_t id[ZC_KEY_ID_SIZE];
    ZC_TRY(zc_signer_init(signer, key->curve, private_key));
    zc_key_id(&signer->pubkey, id);
    if (memcmp(id, key->id, sizeof id) != 0) {
        zc_signer_clear(signer);
        return zc_fail(ZC_KEYS_SEAL_WRONG_KEY);
    }
    return ZC_OK;
}

static zc_result open_key(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                          zc_signer *signer, zc_key *ret_key)
{
    zc_reader in = zc_reader_of(sealed);
    zc_slice header;
    zc_key key;
    zc_sealed_box box;
    uint8_t aad_bytes[AAD_MAX];
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_SECRET zc_secret32 private_key = {0};
    ZC_TRY(zc_seal_enter_version(&in, 4));
    ZC_TRY(zc_cbor_get_item(&in, &header));
    ZC_TRY(zc_sealed_box_get(&in, &box));
    ZC_TRY(zc_seal_header_read(header, &key));
    ZC_TRY(key_aad(place, &key, header, &aad));
    ZC_TRY(zc_sealed_box_open(&keys->aead, zc_writer_written(&aad), &box, &private_key));
    ZC_TRY(make_signer(&key, &private_key, signer));
    *ret_key = key;
    return ZC_OK;
}

zc_result zc_key_open(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                      zc_signer *signer, zc_key *ret_key)
{
    zc_result opened = open_key(keys, place, sealed, signer, ret_key);
    if (!zc_ok(opened)) {
        zc_signer_clear(signer);
    }
    return opened;
}
