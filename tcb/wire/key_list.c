#include "wire/key_list.h"

#include "codec/cbor.h"
#include "crypto/kind.h"
#include "crypto/signer.h"
#include "wire/fields.h"

static const zc_field key_table[] = {
    ZC_FIELD_ROW(1, ZC_FIELD_TEXT, zc_key_info, name, 1, ZC_NAME_MAX),
    ZC_FIELD_ROW(2, ZC_FIELD_U8, zc_key_info, kind, ZC_KEY_KIND_SECP256K1, ZC_KEY_KIND_RSA),
    ZC_FIELD_ROW(3, ZC_FIELD_BYTES, zc_key_info, public_key, 1, ZC_PUBLIC_KEY_MAX),
    ZC_FIELD_ROW(4, ZC_FIELD_U8, zc_key_info, tier, ZC_TIER_HOT, ZC_TIER_COLD),
    ZC_FIELD_ROW(5, ZC_FIELD_U8, zc_key_info, origin, ZC_ORIGIN_GENERATED, ZC_ORIGIN_IMPORTED),
    ZC_FIELD_ROW(6, ZC_FIELD_U8, zc_key_info, state, ZC_KEY_ACTIVE, ZC_KEY_DISABLED),
    ZC_FIELD_ROW(7, ZC_FIELD_U8, zc_key_info, nonce_mode, ZC_NONCE_HEDGED, ZC_NONCE_DETERMINISTIC),
    ZC_FIELD_ROW(8, ZC_FIELD_U64, zc_key_info, uses, 0, UINT64_MAX),
    ZC_FIELD_ROW(9, ZC_FIELD_TEXT, zc_key_info, owner, 0, ZC_NAME_MAX),
    ZC_FIELD_ROW(10, ZC_FIELD_U64, zc_key_info, created_ms, 0, UINT64_MAX),
    ZC_FIELD_ROW(11, ZC_FIELD_BYTES, zc_key_info, birth, 0, ZC_BIRTH_CERTIFICATE_MAX),
    ZC_FIELD_ROW_IF(12, ZC_FIELD_TEXT, zc_key_info, api_key, 1, ZC_API_KEY_MAX, ZC_FIELD_OPTIONAL,
                    has_api_key),
    ZC_FIELD_ROW_IF(13, ZC_FIELD_U8, zc_key_info, venue, 1, UINT8_MAX, ZC_FIELD_OPTIONAL,
                    has_venue),
};
static const zc_fields key_fields = ZC_FIELDS(key_table);

zc_result zc_key_info_write(const zc_key_info *info, zc_writer *writer)
{
    zc_writer at = *writer;
    ZC_TRY(zc_fields_write(&key_fields, info, &at));
    *writer = at;
    return ZC_OK;
}

zc_result zc_key_info_read(zc_reader *infos, zc_key_info *ret_info)
{
    zc_reader at = *infos;
    zc_key_info info = {0};
    ZC_TRY(zc_fields_read(&key_fields, &at, &info));
    *infos = at;
    *ret_info = info;
    return ZC_OK;
}

/* Passes over `count` keys, each of which must be in order. */
static zc_result check_infos(zc_reader *reader, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        zc_key_info info;
        ZC_TRY(zc_key_info_read(reader, &info));
    }
    return ZC_OK;
}

zc_result zc_key_list_write(const zc_reply_key_list *list, zc_writer *writer)
{
    if (list->count > ZC_KEY_LIST_MAX) {
        return zc_fail(ZC_WIRE_FIELD_TOO_LONG);
    }
    zc_reader infos = zc_reader_of(list->infos);
    ZC_TRY(check_infos(&infos, list->count));
    ZC_TRY(zc_reader_end(&infos));
    ZC_TRY(zc_cbor_put_map(writer, 2));
    ZC_TRY(zc_cbor_put_uint(writer, 1));
    ZC_TRY(zc_cbor_put_array(writer, list->count));
    ZC_TRY(zc_write_slice(writer, list->infos));
    ZC_TRY(zc_cbor_put_uint(writer, 2));
    return zc_cbor_put_uint(writer, list->total);
}

zc_result zc_key_list_read(zc_reader *reader, zc_reply_key_list *ret_list)
{
    ZC_TRY(zc_field_map(reader, 2));
    ZC_TRY(zc_field_key(reader, 1));
    ZC_TRY(zc_cbor_get_array(reader, ZC_KEY_LIST_MAX, &ret_list->count));
    const uint8_t *start = reader->at;
    ZC_TRY(check_infos(reader, ret_list->count));
    ret_list->infos = zc_slice_of(start, (size_t)(reader->at - start));
    ZC_TRY(zc_field_key(reader, 2));
    return zc_cbor_get_uint(reader, &ret_list->total);
}
