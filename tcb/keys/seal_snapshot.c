#include "keys/seal_snapshot.h"

#include "base/ct.h"
#include "codec/cbor.h"
#include "keys/sealed_box.h"

#define ITEMS 9
#define AAD_ITEMS 9
#define AAD_MAX 320

typedef struct snapshot_parts {
    zc_snapshot_head head;
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    uint8_t tag[ZC_SEAL_TAG_SIZE];
    zc_slice cipher;
} snapshot_parts;

static zc_result put_head(const zc_snapshot_head *head, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(head->id)));
    ZC_TRY(zc_cbor_put_uint(out, head->sequence));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(head->leaf)));
    ZC_TRY(zc_cbor_put_uint(out, head->index));
    return zc_cbor_put_uint(out, head->count);
}

static zc_result put_aad(const zc_seal_place *place, const zc_snapshot_head *head, zc_writer *out)
{
    ZC_TRY(zc_cbor_put_array(out, AAD_ITEMS));
    ZC_TRY(zc_cbor_put_text(out, zc_slice_of_text("zcp-snapshot-v1")));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->deployment_id)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr0)));
    ZC_TRY(zc_cbor_put_bytes(out, ZC_SLICE_OF_ARRAY(place->pcr16)));
    return put_head(head, out);
}

zc_result zc_snapshot_seal(zc_seal_keys *keys, const zc_seal_place *place,
                           const zc_snapshot_head *head, zc_slice plain, zc_drbg *drbg,
                           zc_writer *writer)
{
    uint8_t nonce[ZC_SEAL_NONCE_SIZE];
    uint8_t tag[ZC_SEAL_TAG_SIZE];
    uint8_t aad_bytes[AAD_MAX];
    if (plain.len > ZC_SNAPSHOT_PIECE_MAX) {
        return zc_fail(ZC_BASE_TOO_LONG);
    }
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_TRY(put_aad(place, head, &aad));
    zc_drbg_bytes(drbg, nonce, sizeof nonce);
    zc_writer out = *writer;
    ZC_TRY(zc_cbor_put_array(&out, ITEMS));
    ZC_TRY(zc_cbor_put_uint(&out, ZC_SEAL_VERSION));
    ZC_TRY(put_head(head, &out));
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(nonce)));
    ZC_TRY(zc_cbor_put_bytes(&out, plain));
    uint8_t *text = out.at - plain.len; /* encrypted where it lies */
    ZC_TRY(zc_aead_seal(&keys->aead, nonce, zc_writer_written(&aad), text, plain.len, text, tag));
    zc_ct_public(nonce, sizeof nonce);
    zc_ct_public(text, plain.len);
    zc_ct_public(tag, sizeof tag);
    ZC_TRY(zc_cbor_put_bytes(&out, ZC_SLICE_OF_ARRAY(tag)));
    *writer = out;
    return ZC_OK;
}

static zc_result get_head(zc_reader *in, zc_snapshot_head *ret_head)
{
    uint64_t index;
    uint64_t count;
    ZC_TRY(zc_cbor_get_fixed_bytes(in, ret_head->id, sizeof ret_head->id));
    ZC_TRY(zc_cbor_get_uint(in, &ret_head->sequence));
    ZC_TRY(zc_cbor_get_fixed_bytes(in, ret_head->leaf, sizeof ret_head->leaf));
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_SNAPSHOT_PIECES_MAX, &index));
    ZC_TRY(zc_cbor_get_uint_max(in, ZC_SNAPSHOT_PIECES_MAX, &count));
    ret_head->index = (uint32_t)index;
    ret_head->count = (uint32_t)count;
    return index < count ? ZC_OK : zc_fail(ZC_KEYS_SEAL_BROKEN);
}

static zc_result take_apart(zc_slice sealed, snapshot_parts *ret_parts)
{
    zc_reader in = zc_reader_of(sealed);
    uint64_t version;
    ZC_TRY(zc_seal_enter_version(&in, ITEMS, ZC_SEAL_VERSION, &version));
    ZC_TRY(get_head(&in, &ret_parts->head));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, ret_parts->nonce, sizeof ret_parts->nonce));
    ZC_TRY(zc_cbor_get_bytes(&in, &ret_parts->cipher));
    ZC_TRY(zc_cbor_get_fixed_bytes(&in, ret_parts->tag, sizeof ret_parts->tag));
    ZC_TRY(zc_reader_end(&in));
    return ret_parts->cipher.len <= ZC_SNAPSHOT_PIECE_MAX ? ZC_OK : zc_fail(ZC_KEYS_SEAL_BROKEN);
}

zc_result zc_snapshot_peek(zc_slice sealed, zc_snapshot_head *ret_head)
{
    snapshot_parts parts;
    ZC_TRY(take_apart(sealed, &parts));
    *ret_head = parts.head;
    return ZC_OK;
}

zc_result zc_snapshot_open(zc_seal_keys *keys, const zc_seal_place *place, zc_slice sealed,
                           zc_snapshot_head *ret_head, zc_writer *writer)
{
    snapshot_parts parts;
    uint8_t aad_bytes[AAD_MAX];
    uint8_t *plain = NULL;
    ZC_TRY(take_apart(sealed, &parts));
    zc_writer aad = ZC_WRITER_OF_ARRAY(aad_bytes);
    ZC_TRY(put_aad(place, &parts.head, &aad));
    zc_writer out = *writer;
    ZC_TRY(zc_write_reserve(&out, parts.cipher.len, &plain));
    if (!zc_ok(zc_aead_open(&keys->aead, parts.nonce, zc_writer_written(&aad), parts.cipher.data,
                            parts.cipher.len, parts.tag, plain))) {
        return zc_fail(ZC_KEYS_SEAL_BROKEN);
    }
    *ret_head = parts.head;
    *writer = out;
    return ZC_OK;
}
