#include "keys/sealed_box.h"

#include "base/ct.h"
#include "codec/cbor.h"

zc_result zc_seal_enter_version(zc_reader *in, size_t items, uint64_t newest, uint64_t *ret_version)
{
    size_t count;
    uint64_t version;
    ZC_TRY(zc_cbor_get_array(in, items, &count));
    if (count != items) {
        return zc_fail(ZC_KEYS_SEAL_VERSION);
    }
    ZC_TRY(zc_cbor_get_uint(in, &version));
    if (version < ZC_SEAL_VERSION || version > newest) {
        return zc_fail(ZC_KEYS_SEAL_VERSION);
    }
    *ret_version = version;
    return ZC_OK;
}

zc_result zc_sealed_box_put(zc_aead *aead, zc_slice aad, const zc_secret32 *secret, zc_drbg *drbg,
                            zc_writer *out)
{
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    uint8_t box[ZC_SEAL_BOX_SIZE];
    zc_drbg_bytes(drbg, nonce, sizeof nonce);
    ZC_TRY(zc_aead_seal(aead, nonce, aad, secret->byte, sizeof secret->byte, box,
                        box + sizeof secret->byte));
    /* What leaves the enclave: a nonce that only has to be new, and ciphertext. */
    zc_ct_public(nonce, sizeof nonce);
    zc_ct_public(box, sizeof box);
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(nonce)));
    return zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(box));
}

zc_result zc_sealed_box_get(zc_reader *in, zc_sealed_box *ret_box)
{
    ZC_TRY(zc_cbor_get_fixed_bytes(in, ret_box->nonce, sizeof ret_box->nonce));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, ret_box->box, sizeof ret_box->box));
    return zc_reader_end(in);
}

zc_result zc_sealed_box_open(zc_aead *aead, zc_slice aad, const zc_sealed_box *box,
                             zc_secret32 *ret_secret)
{
    zc_result opened = zc_aead_open(aead, box->nonce, aad, box->box, sizeof ret_secret->byte,
                                    box->box + sizeof ret_secret->byte, ret_secret->byte);
    return zc_is(opened, ZC_CRYPTO_BAD_TAG) ? zc_fail(ZC_KEYS_SEAL_BROKEN) : opened;
}
