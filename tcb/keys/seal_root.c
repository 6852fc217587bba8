#include "keys/seal.h"

#include "base/reader.h"
#include "codec/cbor.h"
#include "keys/sealed_box.h"

#define AAD_MAX 256

/* A cipher for one use, cleared on every way out. */
#define ONE_USE __attribute__((cleanup(zc_aead_clear)))

static zc_result root_aad(const zc_seal_place *place, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, 4));
    ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text("zcp-sealed-root-v1")));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr0)));
    return zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr16));
}

zc_result zc_root_seal(const zc_secret32 *wrap_key, const zc_seal_place *place,
                       const zc_secret32 *root, zc_drbg *drbg, zc_writer *writer)
{
    uint8_t aad_bytes[AAD_MAX];
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ONE_USE zc_aead aead = {0};
    ZC_TRY(root_aad(place, &aad));
    ZC_TRY(zc_aead_init(&aead, wrap_key));
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, 3));
    ZC_TRY(zc_cbor_put_uint(&out, ZC_SEAL_VERSION));
    ZC_TRY(zc_sealed_box_put(&aead, zc_writer_written(&aad), root, drbg, &out));
    *writer = out;
    return ZC_OK;
}

zc_result zc_root_open(const zc_secret32 *wrap_key, const zc_seal_place *place, zc_slice sealed,
                       zc_secret32 *ret_root)
{
    zc_reader in = zc_reader_of(sealed);
    zc_sealed_box box;
    uint8_t aad_bytes[AAD_MAX];
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ONE_USE zc_aead aead = {0};
    ZC_SECRET zc_secret32 root = {0};
    uint64_t version;
    ZC_TRY(zc_seal_enter_version(&in, 3, ZC_SEAL_VERSION, &version));
    ZC_TRY(zc_sealed_box_get(&in, &box));
    ZC_TRY(root_aad(place, &aad));
    ZC_TRY(zc_aead_init(&aead, wrap_key));
    ZC_TRY(zc_sealed_box_open(&aead, zc_writer_written(&aad), &box, &root));
    *ret_root = root;
    return ZC_OK;
}
